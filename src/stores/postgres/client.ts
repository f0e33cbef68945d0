/**
 * A client that runs statements: `pg`'s Pool, PGlite, or anything with the same method. It must not be a
 * single connection inside a transaction of the host, because each statement here is its own transaction.
 *
 * @category Storage
 */
export interface PostgresClient {
  /**
   * Runs one statement. The statement refers to its values as `$1`, `$2`, …, and all values are strings. Rows
   * are objects keyed by column.
   */
  query(text: string, values: string[]): Promise<{ readonly rows: readonly unknown[] }>
}

/**
 * A client that runs statements with `unsafe`, as postgres.js and Bun.SQL do, and returns the rows directly.
 * The values are still sent separately from the statement.
 *
 * @category Storage
 */
export interface UnsafeSqlClient {
  /** Runs one statement and returns its rows. */
  unsafe(text: string, values: string[]): PromiseLike<readonly unknown[]>
}

/** Whether a client, which may be a value of any type, has a function. Bun.SQL and postgres.js are functions themselves. */
const hasFunction = <Client extends object, Name extends string>(
  client: Client | null | undefined,
  name: Name,
): client is Extract<Client, Readonly<Record<Name, unknown>>> =>
  client !== null &&
  (typeof client === 'object' || typeof client === 'function') &&
  typeof Reflect.get(client, name) === 'function'

/**
 * Wraps either kind of client in one interface.
 *
 * @throws TypeError for a value with neither `query` nor `unsafe`.
 */
export const clientOf = (client: PostgresClient | UnsafeSqlClient): PostgresClient => {
  if (hasFunction(client, 'unsafe'))
    return { query: async (text, values) => ({ rows: [...(await client.unsafe(text, values))] }) }
  if (hasFunction(client, 'query')) return client
  throw new TypeError('the PostgreSQL client must have query(text, values), or unsafe(text, values)')
}

/** An SQL statement with its values. */
export interface Statement {
  readonly text: string
  readonly values: string[]
}

/**
 * Checks that a text can be stored unchanged. PostgreSQL texts cannot contain NUL, and drivers send a text
 * that is not well-formed with U+FFFD in it, which is a different text.
 *
 * @throws RangeError for such a text.
 */
export const storable = (text: string): string => {
  if (!text.isWellFormed() || text.includes('\0'))
    throw new RangeError('PostgreSQL cannot store a text that contains NUL or is not well-formed Unicode')
  return text
}

/** Formats texts as an array literal. */
const arrayText = (texts: readonly (string | undefined)[]) =>
  `{${texts.map((text) => (text === undefined ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`

/** One column of rows that are passed to a statement. JSON is passed as its text. */
export interface Column {
  readonly name: string
  readonly type: 'text' | 'bigint' | 'json'
  readonly values: readonly (string | undefined)[]
}

/**
 * Collects the values of a statement while it is built. All values are sent as text and cast in the
 * statement, and all columns are read as text, so that nothing depends on a driver's type inference or parser
 * settings. The text of the statement does not depend on the values, so that it can be prepared.
 */
export const parameters = () => {
  const values: string[] = []
  const add = (value: string, type: string) =>
    type === 'text' ? `$${values.push(value)}::text` : `$${values.push(value)}::text::${type}`
  return {
    values,
    /** Adds a value and returns its placeholder. */
    put: (value: string | number, type: Column['type'] = 'text'): string =>
      add(storable(String(value)), type),
    /** Adds texts and returns the placeholder of their array. */
    putAll: (texts: readonly string[]): string => add(arrayText(texts.map(storable)), 'text[]'),
    /**
     * Adds rows by column and returns a table `given` of them. Each column takes one parameter, for any
     * number of rows.
     */
    putRows: (columns: readonly [Column, ...Column[]]): string => {
      const names = columns.map(({ name }) => name).join(', ')
      // Most commits write a single row, which needs no arrays.
      const one = ({ type, values: [value] }: Column) =>
        value === undefined ? `NULL::${type}` : add(storable(value), type)
      const many = ({ type, values: all }: Column) =>
        add(arrayText(all.map((value) => value && storable(value))), `${type}[]`)
      return columns[0].values.length === 1
        ? `(VALUES (${columns.map(one).join(', ')})) AS given (${names})`
        : `unnest(${columns.map(many).join(', ')}) AS given (${names})`
    },
  }
}

/** Collects the values of a statement. */
export type Parameters = ReturnType<typeof parameters>
/** Adds a value and returns its placeholder. */
export type Put = Parameters['put']

const sqlStateForm = /^[0-9A-Z]{5}$/

/**
 * The properties in which drivers put an SQLSTATE: `code` (pg, PGlite, postgres.js), `errno` (Bun.SQL),
 * `sqlState`.
 */
const candidates = (error: object) => ['code', 'errno', 'sqlState'].map((name) => Reflect.get(error, name))

/** The SQLSTATE of an error that a driver threw, or of its cause if a wrapper around the driver added one. */
export const sqlState = (error: unknown, depth = 3): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined
  const own = candidates(error).find((value) => typeof value === 'string' && sqlStateForm.test(value))
  if (own !== undefined || depth === 0) return own
  return 'cause' in error ? sqlState(error.cause, depth - 1) : undefined
}

/** Serialization failure and deadlock: the statement itself is not at fault and can be repeated. */
const undone = new Set(['40001', '40P01'])
const maxAttempts = 5

/**
 * Runs a statement, and repeats it if the server undid it in favour of another one. `Row` has the columns that the
 * statement selects.
 */
export const run = async <Row = unknown>(
  client: PostgresClient,
  { text, values }: Statement,
): Promise<readonly Row[]> => {
  for (let tries = 1; ; tries++)
    try {
      // The statements select their columns by name and as text, so that every driver gives these rows.
      return (await client.query(text, values)).rows as readonly Row[]
    } catch (error) {
      if (tries === maxAttempts || !undone.has(sqlState(error) ?? '')) throw error
    }
}
