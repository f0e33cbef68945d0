/** The table names of one schema, as used in statements. */
export interface Tables {
  /** The schema's name, quoted. */
  readonly schema: string
  readonly record: string
  readonly trail: string
  readonly notice: string
  readonly migration: string
}

/**
 * Builds the table names for a schema.
 *
 * @throws RangeError if the name is not a plain identifier: 1–63 small letters, digits and `_`, not starting
 * with a digit, and not one of PostgreSQL's own (`pg_…`). It becomes part of statements, where no parameter
 * can be used.
 */
export const tablesOf = (schema = 'ccass_2fa'): Tables => {
  if (typeof schema !== 'string' || !/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw new RangeError('schema must be 1–63 small letters, digits and _, not starting with a digit or pg_')
  const table = (name: string) => `"${schema}".${name}`
  return {
    schema: `"${schema}"`,
    record: table('record'),
    trail: table('trail'),
    notice: table('notice'),
    migration: table('migration'),
  }
}
