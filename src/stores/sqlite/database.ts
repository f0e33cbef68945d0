/** A prepared statement, as the drivers have it. */
export interface SqliteStatement {
  /** Carries it out; `changes` is how many rows it wrote. */
  run(...values: (string | number)[]): { readonly changes: number | bigint }
  /** The first row, an object by column; `undefined` or `null` where there is none. */
  get(...values: (string | number)[]): unknown
  /** Every row. */
  all(...values: (string | number)[]): unknown[]
}

/** An open database, as the drivers have it: synchronous. */
export interface SqliteDatabase {
  /** Carries out one statement or several, without values. */
  exec(sql: string): unknown
  /** Prepares one statement. */
  prepare(sql: string): SqliteStatement
}

/** Undoes a transaction. SQLite itself has undone it already after some errors (a full disk): no reason to hide those. */
const rollBack = (db: SqliteDatabase) => {
  try {
    db.exec('ROLLBACK')
  } catch {}
}

/** Runs a piece of work wholly or not at all. `IMMEDIATE` takes the write lock before anything is read. */
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
