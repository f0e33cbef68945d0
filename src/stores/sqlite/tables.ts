/** The table names of one storage, as used in statements. */
export interface SqliteTables {
  readonly schema: string
  readonly record: string
  readonly trail: string
  readonly notice: string
  /** Always empty. An insert into it fails, which undoes the whole batch. */
  readonly conflict: string
}

/** Where the tables are. */
export interface SqliteStorageOptions {
  /**
   * The prefix of every table name: 1–32 letters, digits and `_`, not starting with a digit or `sqlite_`.
   * Default: `ccass_2fa_`. The tables and the `user_version` of the host are never touched.
   */
  readonly tablePrefix?: string
}

/**
 * Builds the table names for a prefix.
 *
 * @throws RangeError for an invalid prefix: it becomes part of statements, where no parameter can be used.
 */
export const sqliteTables = (tablePrefix = 'ccass_2fa_'): SqliteTables => {
  if (typeof tablePrefix !== 'string' || !/^(?!sqlite_)[a-z_][a-z0-9_]{0,31}$/i.test(tablePrefix))
    throw new RangeError(
      'tablePrefix must be 1–32 letters, digits and _, not starting with a digit or sqlite_',
    )
  const table = (name: string) => `${tablePrefix}${name}`
  return {
    schema: table('schema'),
    record: table('record'),
    trail: table('trail'),
    notice: table('notice'),
    conflict: table('conflict'),
  }
}
