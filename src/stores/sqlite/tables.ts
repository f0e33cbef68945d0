/** The tables of one storage, as statements name them. */
export interface SqliteTables {
  readonly schema: string
  readonly record: string
  readonly trail: string
  readonly notice: string
  /** Always empty: an insert into it fails, and so undoes the batch that it is part of. */
  readonly conflict: string
}

/** Where the tables are. */
export interface SqliteStorageOptions {
  /**
   * What the name of every table begins with: 1–32 letters, digits and `_`, no digit first, not `sqlite_`.
   * Default: `ccass_2fa_`. The tables of the host, and its `user_version`, are never touched.
   */
  readonly tablePrefix?: string
}

/**
 * The tables of a prefix.
 *
 * @throws RangeError for a prefix that is not plain: it stands in statements, where no value can.
 */
export const sqliteTables = (tablePrefix = 'ccass_2fa_'): SqliteTables => {
  if (typeof tablePrefix !== 'string' || !/^(?!sqlite_)[a-z_][a-z0-9_]{0,31}$/i.test(tablePrefix))
    throw new RangeError('tablePrefix must be 1–32 letters, digits and _, no digit first, not sqlite_')
  const table = (name: string) => `${tablePrefix}${name}`
  return {
    schema: table('schema'),
    record: table('record'),
    trail: table('trail'),
    notice: table('notice'),
    conflict: table('conflict'),
  }
}
