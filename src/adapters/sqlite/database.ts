/** A prepared statement, as the drivers have it. */
export interface SqliteStatement {
  /** Carries it out; `changes` is how many rows it wrote. */
  run(...values: (string | number)[]): { readonly changes: number | bigint }
  /** The first row, an object by column; `undefined` where there is none. */
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

/** Runs a piece of work wholly or not at all. `IMMEDIATE` takes the write lock before anything is read. */
export const transaction = <T>(db: SqliteDatabase, work: () => T, mode = 'IMMEDIATE'): T => {
  db.exec(`BEGIN ${mode}`)
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}
