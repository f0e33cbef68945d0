import type { PostgresClient } from '../../src/stores/postgres.ts'

/** A client that counts and keeps its statements. */
export const countingClient = (inner: PostgresClient) => {
  const statements: string[] = []
  const client: PostgresClient = {
    query: (text, values) => {
      statements.push(text)
      return inner.query(text, values)
    },
  }
  return { ...client, statements }
}

/** Runs work inside a transaction on one connection. */
export type InTransaction = <T>(work: (client: PostgresClient) => Promise<T>) => Promise<T>

/**
 * A client that records, for each statement, the partitions that it had locked at its end: everything that is
 * planned, read or written is locked first.
 */
export const watchingPartitions = (inTransaction: InTransaction, schema: string) => {
  const touched: string[][] = []
  const client: PostgresClient = {
    query: (text, values) =>
      inTransaction(async (connection) => {
        const answer = await connection.query(text, values)
        const { rows } = await connection.query(
          `SELECT DISTINCT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
           WHERE pid = pg_backend_pid() AND relkind = 'r' AND relispartition
             AND relnamespace = '${schema}'::regnamespace ORDER BY relname`,
          [],
        )
        touched.push((rows as { relname: string }[]).map(({ relname }) => relname))
        return answer
      }),
  }
  return { ...client, touched }
}
