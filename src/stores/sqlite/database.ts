/** A prepared statement, with the interface that the drivers share. */
export interface SqliteStatement {
  /** Runs the statement. `changes` is the number of rows that it wrote. */
  run(...values: (string | number)[]): { readonly changes: number | bigint }
  /** Returns the first row as an object keyed by column, or `undefined` or `null` if there is none. */
  get(...values: (string | number)[]): unknown
  /** Returns all rows. */
  all(...values: (string | number)[]): unknown[]
}

/** An open database, with the synchronous interface that the drivers share. */
export interface SqliteDatabase {
  /** Runs one or several statements without values. */
  exec(sql: string): unknown
  /** Prepares one statement. */
  prepare(sql: string): SqliteStatement
}

/** A prepared statement, with the type of its rows. */
export interface TypedStatement<Row> extends SqliteStatement {
  get(...values: (string | number)[]): Row | null | undefined
  all(...values: (string | number)[]): Row[]
}

/** Prepares a statement that selects the columns of `Row`, or that gives no rows. */
export const prepare = <Row = never>(db: SqliteDatabase, sql: string): TypedStatement<Row> =>
  // A driver gives a row as an object by column, and a migration has tested that it does.
  db.prepare(sql) as TypedStatement<Row>

/**
 * Rolls back. After some errors, such as a full disk, SQLite has already done so. A failed rollback must not
 * hide those.
 */
const rollBack = (db: SqliteDatabase) => {
  try {
    db.exec('ROLLBACK')
  } catch {}
}

/**
 * Runs `work` in a transaction, completely or not at all. `IMMEDIATE` takes the write lock before anything is
 * read.
 */
export const transaction = <T>(db: SqliteDatabase, work: () => T, mode = 'IMMEDIATE'): T => {
  db.exec(`BEGIN ${mode}`)
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    rollBack(db)
    throw error
  }
}
