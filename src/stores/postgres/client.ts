/**
 * What runs statements: `pg`'s Pool, PGlite, and anything else that fits. It must not be one connection inside a
 * transaction of the host's: each statement here is a transaction of its own.
 *
 * @category Storage
 */
export interface PostgresClient {
  /**
   * Carries out one statement, whose values it refers to as `$1`, `$2`, …; all of them are texts. Rows are
   * objects by column.
   */
  query(text: string, values: string[]): Promise<{ readonly rows: readonly unknown[] }>
}

/**
 * What runs statements as postgres.js and Bun.SQL do: by `unsafe`, which answers the rows themselves. The values
 * are sent apart from the statement there too.
 *
 * @category Storage
 */
export interface UnsafeSqlClient {
  /** Carries out one statement; the rows themselves are the answer. */
  unsafe(text: string, values: string[]): PromiseLike<readonly unknown[]>
}

/**
 * One form of both kinds of client.
 *
 * @throws TypeError for what has neither `query` nor `unsafe`.
 */
export const clientOf = (client: PostgresClient | UnsafeSqlClient): PostgresClient => {
  const given = client as Partial<PostgresClient & UnsafeSqlClient> | null | undefined
  // Bun.SQL and postgres.js are functions themselves.
  if (typeof given?.unsafe === 'function')
    return {
      query: async (text, values) => ({
        rows: [...(await (client as UnsafeSqlClient).unsafe(text, values))],
      }),
    }
  if (typeof given?.query !== 'function')
    throw new TypeError('the PostgreSQL client must have query(text, values), or unsafe(text, values)')
  return client as PostgresClient
}

/** One statement with its values. */
export interface Statement {
  readonly text: string
  readonly values: string[]
}

/**
 * A text that can be stored as it is: PostgreSQL has no NUL in texts, and what is not well-formed a driver sends as
 * U+FFFD, another text.
 *
 * @throws RangeError for any other text.
 */
export const storable = (text: string): string => {
  if (!text.isWellFormed() || text.includes('\0'))
    throw new RangeError('a text that is not well-formed Unicode, or holds NUL, can not be stored')
  return text
}

/** Texts as a literal of an array. */
const arrayText = (texts: readonly (string | undefined)[]) =>
  `{${texts.map((text) => (text === undefined ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`

/** A column of rows that are passed to a statement; JSON is passed as its text. */
export interface Column {
  readonly name: string
  readonly type: 'text' | 'bigint' | 'json'
  readonly values: readonly (string | undefined)[]
}

/**
 * The values of a statement that is being written. All are sent as text and cast by the statement, and all
 * columns are read as text: so nothing depends on how a driver guesses types or was told to parse them. The text of
 * the statement does not depend on the values, so that it can be prepared.
 */
export const parameters = () => {
  const values: string[] = []
  const add = (value: string, type: string) =>
    type === 'text' ? `$${values.push(value)}::text` : `$${values.push(value)}::text::${type}`
  return {
    values,
    /** Takes a value up, and answers what stands for it in the statement. */
    put: (value: string | number, type: Column['type'] = 'text'): string =>
      add(storable(String(value)), type),
    /** Takes up texts, and answers what stands for their array. */
    putAll: (texts: readonly string[]): string => add(arrayText(texts.map(storable)), 'text[]'),
    /** Takes up rows by column, and answers a table `given` of them: one parameter a column, however many rows. */
    putRows: (columns: readonly [Column, ...Column[]]): string => {
      const names = columns.map(({ name }) => name).join(', ')
      // One row, as most commits write: its values need not be read out of arrays.
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

/** What takes up the values of a statement. */
export type Parameters = ReturnType<typeof parameters>
/** Takes up a value, and answers what stands for it. */
export type Put = Parameters['put']

const sqlStateForm = /^[0-9A-Z]{5}$/

/** The texts in which drivers put an SQLSTATE: `code` (pg, PGlite, postgres.js), `errno` (Bun.SQL), `sqlState`. */
const candidates = (error: object) => ['code', 'errno', 'sqlState'].map((name) => Reflect.get(error, name))

/** The SQLSTATE of what a driver threw, or of the cause that a wrapper around the driver keeps. */
export const sqlState = (error: unknown, depth = 3): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined
  const own = candidates(error).find((value) => typeof value === 'string' && sqlStateForm.test(value))
  if (own !== undefined || depth === 0) return own
  return sqlState((error as { readonly cause?: unknown }).cause, depth - 1)
}

/** Serialization failure and deadlock: the statement was undone, for no fault of its own. */
const undone = new Set(['40001', '40P01'])
const mostTries = 5

/** Carries out a statement, and again if it was undone to let another pass. */
export const run = async (
  client: PostgresClient,
  { text, values }: Statement,
): Promise<readonly unknown[]> => {
  for (let tries = 1; ; tries++)
    try {
      return (await client.query(text, values)).rows
    } catch (error) {
      if (tries === mostTries || !undone.has(sqlState(error) ?? '')) throw error
    }
}
