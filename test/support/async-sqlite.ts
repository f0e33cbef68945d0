import type { Client } from '@libsql/client'
import type { D1Client, D1Statement } from 'ccass-2fa/sqlite-async'

/**
 * Cloudflare D1's shape over a client of `@libsql/client`, for tests in Node: prepared statements that are bound,
 * `results` instead of rows, rows as plain objects, errors with D1's prefix, a batch as one transaction. D1 itself is
 * in the trials that `docs/storage.md` lists.
 */
export const d1Over = (client: Client): D1Client => {
  const resultOf = ({ rows, columns }: Awaited<ReturnType<Client['execute']>>) => ({
    success: true,
    results: rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]]))),
  })
  const asD1 = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      const message = `D1_ERROR: ${(error as Error).message.replace(/^\w+: (SQLite error: )?/, '')}: SQLITE_ERROR`
      throw Object.assign(new Error(message), { cause: new Error(message) })
    }
  }
  const sent = new WeakMap<D1Statement, { sql: string; args: (string | number)[] }>()
  const statementOf = (sql: string, args: (string | number)[]): D1Statement => {
    const statement: D1Statement = {
      bind: (...values) => statementOf(sql, values),
      all: async () => resultOf(await asD1(client.execute({ sql, args }))),
    }
    sent.set(statement, { sql, args })
    return statement
  }
  return {
    prepare: (sql) => statementOf(sql, []),
    batch: async (statements) => {
      const plain = statements.map((each) => sent.get(each) ?? { sql: '', args: [] })
      return (await asD1(client.batch(plain, 'write'))).map(resultOf)
    },
  }
}
