import type { Result } from 'neverthrow'
import {
  type CsvChunk,
  type CsvSource,
  type ListingCsvRow,
  readListingCsv,
  type UnreadableListing,
} from '../../src/adapters/listing-csv.ts'
import { suppliedListing } from '../migration/model/supplied-listing.ts'

/** The first line of a listing, without its break. */
export const headerLine = suppliedListing.slice(0, suppliedListing.indexOf('\n'))

/** A line of an account without findings. */
export const accountLine = (userId: string, name = 'CHAN'): string =>
  `${userId.slice(0, 6)} EXAMPLE,${userId},${name},TAI MAN,${userId.toLowerCase()}@example.example,ENABLED,,,Cash,C3T,0101101200012AB2,31-Dec-30 23:59:59,`

/** The same line with each cell in quotes. */
export const quotedLine = (userId: string, name = 'CHAN'): string =>
  accountLine(userId, name)
    .split(',')
    .map((cell) => `"${cell}"`)
    .join(',')

/** The User IDs of a number of accounts: `B0123411`, `B0123412` …; at most 1,000. */
export const someIds = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `B${10_000 + Math.floor(i / 10)}5${i % 10}`)

/** A row in a test's notation: its line, and the User ID or the problem. */
export const told = ({ line, read }: ListingCsvRow): string =>
  read.match(
    ({ userId }) => `${line} ${userId}`,
    ({ userId, problems }) =>
      `${line} ${userId}! ${problems.map(({ code, column }) => (column ? `${code} ${column}` : code)).join(', ')}`,
  )

/** Reads a whole file, or returns the refusal. */
export const readAll = async (source: CsvSource): Promise<readonly ListingCsvRow[]> => {
  const rows: ListingCsvRow[] = []
  for await (const row of (await readListingCsv(source))._unsafeUnwrap().rows) rows.push(row)
  return rows
}

/** The rows of a file as {@link told}. */
export const rowsOf = async (source: CsvSource): Promise<readonly string[]> =>
  (await readAll(source)).map(told)

/** The rows of a file, or its refusal, as one text. */
export const outcomeOf = async (source: CsvSource): Promise<string> => {
  const listing: Result<{ rows: AsyncIterable<ListingCsvRow> }, UnreadableListing> =
    await readListingCsv(source)
  if (listing.isErr()) return `${listing.error.code} ${listing.error.problem} ${listing.error.missing.join()}`
  const rows: string[] = []
  for await (const { line, read } of listing.value.rows)
    rows.push(
      `${line} ${read.match(
        (account) => JSON.stringify(account),
        (refused) => JSON.stringify(refused),
      )}`,
    )
  return rows.join('\n')
}

/** Builds a file from a header and lines. */
export const fileOf = (...lines: readonly string[]): string => [headerLine, ...lines, ''].join('\n')

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Text as UTF-16, without byte order mark. */
export const utf16 = (text: string, order: 'LE' | 'BE'): Uint8Array => {
  const bytes = new Uint8Array(2 * text.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), order === 'LE')
  return bytes
}

export const bytesOf = (...parts: readonly (string | Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...utf8(part)] : [...part])))

/** Splits a value at given positions. */
export const cutAt = <T extends CsvChunk>(whole: T, places: readonly number[]): readonly T[] => {
  const cuts = [0, ...[...places].sort((a, b) => a - b), whole.length]
  return cuts.slice(1).map((end, i) => whole.slice(cuts[i], end) as T)
}
