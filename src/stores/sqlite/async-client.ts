/**
 * An SQL statement with its values.
 *
 * @category Storage
 */
export interface AsyncStatement {
  readonly sql: string
  readonly args: (string | number)[]
}

/**
 * A client of `@libsql/client`, over a file, HTTP or a web socket.
 *
 * @category Storage
 */
export interface LibsqlClient {
  /** Runs one statement. */
  execute(statement: AsyncStatement): Promise<{ readonly rows: readonly unknown[] }>
  /** Runs all statements in one transaction, or none of them. */
  batch(
    statements: AsyncStatement[],
    mode: 'write',
  ): Promise<readonly { readonly rows: readonly unknown[] }[]>
}

/**
 * A statement of Cloudflare D1 with its values.
 *
 * @category Storage
 */
export interface D1Statement {
  /** Returns the statement with these values. */
  bind(...values: (string | number)[]): D1Statement
  /** Runs the statement. The rows are in `results`. */
  all(): Promise<{ readonly results: readonly unknown[] }>
}

/**
 * A database of Cloudflare D1, as a Worker receives it in its bindings.
 *
 * @category Storage
 */
export interface D1Client {
  /** Prepares a statement that has no values yet. */
  prepare(sql: string): D1Statement
  /** Runs all statements in one transaction, or none of them. */
  batch(statements: D1Statement[]): Promise<readonly { readonly results: readonly unknown[] }[]>
}

/** A common interface for both kinds of client. */
export interface AsyncSqlite {
  /** Runs one statement and returns its rows. */
  all(statement: AsyncStatement): Promise<readonly unknown[]>
  /** Runs all statements, or none of them. */
  batch(statements: readonly AsyncStatement[]): Promise<unknown>
}

const ofD1 = (db: D1Client): AsyncSqlite => {
  const bound = ({ sql, args }: AsyncStatement) => {
    const statement = db.prepare(sql)
    return args.length === 0 ? statement : statement.bind(...args)
  }
  return {
    all: async (statement) => (await bound(statement).all()).results,
    batch: (statements) => db.batch(statements.map(bound)),
  }
}

const ofLibsql = (client: LibsqlClient): AsyncSqlite => ({
  all: async (statement) => (await client.execute(statement)).rows,
  batch: (statements) => client.batch([...statements], 'write'),
})

/**
 * Wraps either kind of client in the common interface.
 *
 * @throws TypeError for any other value.
 */
export const asyncSqliteOf = (client: LibsqlClient | D1Client): AsyncSqlite => {
  // Asked of a value of any type, as a caller without types may give one.
  const has = (name: string) =>
    typeof client === 'object' && client !== null && typeof Reflect.get(client, name) === 'function'
  if (has('batch') && 'execute' in client && has('execute')) return ofLibsql(client)
  if (has('batch') && 'prepare' in client && has('prepare')) return ofD1(client)
  throw new TypeError('the SQLite client must be a client of @libsql/client or a D1 database')
}
