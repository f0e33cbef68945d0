/** The tables, as statements name them. */
export interface Tables {
  /** The schema's name, quoted. */
  readonly schema: string
  readonly record: string
  readonly trail: string
  readonly notice: string
  readonly migration: string
}

/**
 * The tables of a schema.
 *
 * @throws RangeError if the name is not a plain identifier: small letters, digits and `_`, 1–63 of them, no
 * digit first, and not PostgreSQL's own (`pg_…`). It stands in statements, where no value can.
 */
export const tablesOf = (schema = 'ccass_2fa'): Tables => {
  if (typeof schema !== 'string' || !/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw new RangeError('the schema must be named by 1–63 small letters, digits and _')
  const table = (name: string) => `"${schema}".${name}`
  return {
    schema: `"${schema}"`,
    record: table('record'),
    trail: table('trail'),
    notice: table('notice'),
    migration: table('migration'),
  }
}
