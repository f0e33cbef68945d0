/**
 * Reads a User Profile Listing from a CSV file, line by line, in any encoding it comes in: by `csv-parse`, on Node
 * (an optional peer: install it beside this package).
 *
 * @module ccass-2fa/listing-csv
 */
import { err, ok, type Result } from 'neverthrow'
import type { SeochOrder } from '../identity/user-id.ts'
import {
  type DatesOfListing,
  dateOrderOfRow,
  type ListedAccount,
  readListingCells,
  type UnreadableLine,
} from '../migration/model/listing.ts'
import type { ListingHeader } from '../migration/model/listing-header.ts'
import { toUtf8 } from './listing-csv/encoding.ts'
import { type FoundHeader, headerSearch, type NoHeader } from './listing-csv/header-search.ts'
import { lineSplitter } from './listing-csv/lines.ts'
import type { CsvRecord, Separator } from './listing-csv/records.ts'
import { bytesOf, type CsvChunk, type CsvSource, type CsvStream } from './listing-csv/source.ts'

export type { CsvChunk, CsvSource, CsvStream, Separator }

/**
 * One row of a listing.
 *
 * @category Migration
 */
export interface ListingCsvRow {
  /** The line on which it begins, from 1 on, as an editor shows it. */
  readonly line: number
  /** The account, or every problem of the row. */
  readonly read: Result<ListedAccount, UnreadableLine>
}

/**
 * A listing whose header has been read.
 *
 * @category Migration
 */
export interface ListingCsv {
  readonly header: ListingHeader
  /** The line on which the header begins. Rows above it, such as a title or Excel's `sep=;`, are not read. */
  readonly headerLine: number
  /** What separates the cells: a comma, a semicolon, a tab or a vertical bar. */
  readonly separator: Separator
  /**
   * Its rows, once, in order. Each next piece of the source is asked for when the rows of the last are
   * through. Anyone who stops early releases the source by that, a `break` out of `for await` included; anyone who
   * reads no row at all calls `rows.return()`. It rejects with the source's own error, and with no other.
   */
  readonly rows: Required<Pick<AsyncIterator<ListingCsvRow, void, void>, 'next' | 'return'>> &
    AsyncIterable<ListingCsvRow>
}

/**
 * Why a file is no User Profile Listing.
 *
 * `problem` is `columns`: none of the first 20 rows has all columns of a listing; `missing`, `repeated`, `line` and
 * `separator` tell of the row that comes closest. `empty`: there is no row; `workbook`: it is a spreadsheet's own
 * file, to be saved as CSV first; `wrong-encoding`: the first row is neither UTF-8 nor UTF-16; `too-long`,
 * `broken-line`: the first line can't be read.
 *
 * @category Migration
 */
export type UnreadableListing = NoHeader

/** Where a file was opened, the header and the rows found in it. */
interface OpenListing extends FoundHeader {
  /** The rows below the header that are not known yet, piece by piece. */
  readonly more: AsyncGenerator<readonly CsvRecord[], void, void>
  /** Releases the source: a generator that has not begun returns without a word to what it stands on. */
  readonly release: () => Promise<void>
}

/** Searches the header of a file. A file without one is released. */
const openListing = async (source: CsvSource): Promise<Result<OpenListing, UnreadableListing>> => {
  const [utf8, lines, search] = [toUtf8(), lineSplitter(), headerSearch()]
  const pieces = bytesOf(source)
  const release = async () => {
    await pieces.return()
  }
  for (;;) {
    const { value: bytes, done } = await pieces.next()
    if (bytes) search.begin(bytes)
    const ends = done ? [...lines.push(utf8.end()), ...lines.end()] : lines.push(utf8.push(bytes))
    for (const [i, line] of ends.entries()) {
      const found = search.push(line)
      if (found === undefined) continue
      const rest = ends.slice(i + 1)
      return ok({
        ...found,
        release,
        more: rowsBelow(found, rest, done ? undefined : { pieces, utf8, lines }),
      })
    }
    const last = done ? search.end() : undefined
    if (last !== undefined) return ok({ ...last, release, more: rowsBelow(last, [], undefined) })
    if (!done && !search.isOver()) continue
    await release()
    return err(search.refusal())
  }
}

/** What is left of a file below its header. */
interface Rest {
  readonly pieces: AsyncGenerator<Uint8Array, void>
  readonly utf8: ReturnType<typeof toUtf8>
  readonly lines: ReturnType<typeof lineSplitter>
}

/** The rows of a file below its header, piece by piece. */
async function* rowsBelow(
  { reader, rows }: FoundHeader,
  known: Parameters<FoundHeader['reader']['push']>[0],
  rest: Rest | undefined,
): AsyncGenerator<readonly CsvRecord[], void, void> {
  yield [...rows, ...reader.push(known)]
  if (rest !== undefined) {
    for await (const bytes of rest.pieces) {
      const found = reader.push(rest.lines.push(rest.utf8.push(bytes)))
      if (found.length > 0) yield found
    }
    yield [...reader.push(rest.lines.push(rest.utf8.end())), ...reader.push(rest.lines.end())]
  }
  yield reader.end()
}

const unreadable = (code: UnreadableLine['problems'][number]['code']): UnreadableLine => ({
  userId: '',
  problems: [{ code, rule: 'API-01' }],
})

/** What became of a row. Of one that can't be read and has several lines, each is told: none is lost unseen. */
function* rowsOf(
  { line, lines, cells, fault }: CsvRecord,
  header: ListingHeader,
  order: SeochOrder,
  dates: DatesOfListing,
): Generator<ListingCsvRow, void> {
  const read = fault === undefined ? readListingCells(header, cells, order, dates) : err(unreadable(fault))
  yield { line, read }
  if (read.isErr())
    for (let next = 1; next < lines; next++) yield { line: line + next, read: err(unreadable('broken-line')) }
}

/** What the dates of a row make of what was known of the order of day and month. */
const datesAfter = (
  dates: DatesOfListing,
  header: ListingHeader,
  { cells, fault }: CsvRecord,
): DatesOfListing => {
  if (fault !== undefined || dates === 'in-doubt') return dates
  const order = dateOrderOfRow(header, cells)
  if (order === 'month-first') return 'in-doubt'
  return order === 'either' ? 'read-day-first' : dates
}

/** Whether a date of a whole file reads with the month first alone. */
const hasMonthFirst = async ({ header, more, release }: OpenListing): Promise<boolean> => {
  try {
    for await (const records of more)
      if (records.some((record) => datesAfter('day-first', header, record) === 'in-doubt')) return true
    return false
  } finally {
    await release()
  }
}

/** Whether a source can be read twice: it is in the memory, or it is opened by a function. */
const isRepeatable = (source: CsvSource | (() => CsvSource)): boolean =>
  typeof source === 'string' ||
  source instanceof Uint8Array ||
  Array.isArray(source) ||
  typeof source === 'function'

/**
 * Reads a User Profile Listing from a CSV file. Any bytes lead to rows, to refused rows, or to a refusal; the
 * memory taken does not grow with the file, nor with any line of it.
 *
 * - **Separators**: commas, semicolons, tabs or vertical bars, told by the header. It may stand below a title or
 *   Excel's `sep=` line, among the first 20 rows.
 * - **Encodings**: UTF-8, and UTF-16 of either order, with or without byte order mark. A line whose bytes are
 *   neither, as those of a Big5 export are, is refused as `wrong-encoding`; nothing is replaced by `�`.
 * - **Lines** end with LF, CRLF or CR. One of more than 32,768 bytes is refused as `too-long`, and not held.
 * - **Quotes** as of RFC 4180. A line whose quotes stand or end wrongly is refused as `broken-line`, and
 *   reading goes on with the next line. A cell may hold line breaks if its quote ends within 32,768
 *   characters and its row has the header's number of cells; of the columns of a listing none may, so such a
 *   row is refused, and each further line of it is reported as `broken-line`: no line is read as an account
 *   that stands within a cell of another.
 * - **Spreadsheets** (MIG-24): a row may end early, or have empty cells beyond the header; `="…"` and apostrophes
 *   before User IDs, dates and the like are taken off; dates are read in the ways spreadsheets write them. The
 *   account then has a warning. Serial numbers that became `1.01101E+23`, and errors such as `#NAME?`, are refused
 *   with their column.
 * - **Day and month**: as DMS prints them, the day first. Where a date of the file reads with the month first alone,
 *   as `12/31/22` does, that one is `no-such-date`, and every date that reads in both orders is `ambiguous-date`. A
 *   source in the memory, or one that a function opens, is read twice for that. A stream is read once: dates above
 *   the first such date were read with the day first then, and it is refused as `date-order-in-doubt`.
 * - Rows with nothing in them are left out.
 *
 * @param source - the file, or a function that opens it; see {@link CsvSource}. It is read no faster than the rows
 * are taken.
 * @param options - `seochOrder`: the policy's, how SEOCH's administrators' IDs are written (ID-06).
 * @returns the header and the rows; or `not-a-listing`, with what is missing, and the source released.
 * @throws the source's own error rejects the promise, or that of the row at which it comes; and a source that
 * gives neither bytes nor text does so with a `TypeError`.
 * @example
 * ```ts
 * const listing = await readListingCsv(() => createReadStream('listing.csv'))
 * if (listing.isErr()) throw new Error(`${listing.error.problem}: ${listing.error.missing.join()}`)
 * for await (const { line, read } of listing.value.rows) plan.add(line, read)
 * ```
 * @rule MIG-16
 * @rule MIG-24
 * @category Migration
 */
export const readListingCsv = async (
  source: CsvSource | (() => CsvSource),
  { seochOrder = 'as-example' }: { readonly seochOrder?: SeochOrder } = {},
): Promise<Result<ListingCsv, UnreadableListing>> => {
  const open = () => openListing(typeof source === 'function' ? source() : source)
  let dates: DatesOfListing = 'day-first'
  if (isRepeatable(source)) {
    const first = await open()
    if (first.isErr()) return err(first.error)
    if (await hasMonthFirst(first.value)) dates = 'in-doubt'
  }
  const opened = await open()
  if (opened.isErr()) return err(opened.error)
  const { header, separator, line, more, release } = opened.value
  async function* read(): AsyncGenerator<ListingCsvRow, void, void> {
    try {
      for await (const records of more)
        for (const record of records) {
          yield* rowsOf(record, header, seochOrder, dates)
          if (!isRepeatable(source)) dates = datesAfter(dates, header, record)
        }
    } finally {
      await release()
    }
  }
  const rows = read()
  return ok({
    header,
    headerLine: line,
    separator,
    rows: {
      next: () => rows.next(),
      return: async () => {
        await release()
        return rows.return()
      },
      [Symbol.asyncIterator]() {
        return this
      },
    },
  })
}
