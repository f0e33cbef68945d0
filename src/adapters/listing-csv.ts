/**
 * Reads a User Profile Listing from a CSV file, line by line, in UTF-8 or UTF-16. Based on `csv-parse`, for
 * Node (an optional peer dependency: install it alongside this package).
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
  /** The line on which the row begins, from 1, as an editor shows it. */
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
  /** The line on which the header begins. Rows above it, such as a title or Excel's `sep=;`, are ignored. */
  readonly headerLine: number
  /** The separator of cells: a comma, a semicolon, a tab or a vertical bar. */
  readonly separator: Separator
  /**
   * The rows in order, to be read once. The next piece of the source is requested only when all rows of the
   * previous one were taken. Stopping early, for example with `break` in `for await`, releases the source. If
   * you read no row at all, call `rows.return()`. It rejects only with the source's own error.
   */
  readonly rows: Required<Pick<AsyncIterator<ListingCsvRow, void, void>, 'next' | 'return'>> &
    AsyncIterable<ListingCsvRow>
}

/**
 * Why a file is not a User Profile Listing.
 *
 * `problem` is one of:
 * - `columns`: none of the first 20 rows has all columns of a listing. `missing`, `repeated`, `line` and
 *   `separator` describe the row that comes closest.
 * - `empty`: the file has no row.
 * - `workbook`: the file is a spreadsheet in its native format. Save it as CSV first.
 * - `wrong-encoding`: the first row is neither UTF-8 nor UTF-16.
 * - `too-long`, `broken-line`: the first line cannot be read.
 *
 * @category Migration
 */
export type UnreadableListing = NoHeader

/** An opened file, with its header and the rows found so far. */
interface OpenListing extends FoundHeader {
  /** The remaining rows below the header, piece by piece. */
  readonly more: AsyncGenerator<readonly CsvRecord[], void, void>
  /**
   * Releases the source. Needed because a generator that has not started does not release its source when it
   * returns.
   */
  readonly release: () => Promise<void>
}

/** Searches for the header of a file. Releases a file that has none. */
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

/** The rest of a file below its header. */
interface Rest {
  readonly pieces: AsyncGenerator<Uint8Array, void>
  readonly utf8: ReturnType<typeof toUtf8>
  readonly lines: ReturnType<typeof lineSplitter>
}

/** Reads the rows of a file below its header, piece by piece. */
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

/**
 * Converts a row. If it cannot be read and has several lines, every line is reported, so that none is lost
 * unnoticed.
 */
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

/** Updates what is known about the order of day and month with the dates of another row. */
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

/** Whether any date in the file is valid only with the month first. */
const hasMonthFirst = async ({ header, more, release }: OpenListing): Promise<boolean> => {
  try {
    for await (const records of more)
      if (records.some((record) => datesAfter('day-first', header, record) === 'in-doubt')) return true
    return false
  } finally {
    await release()
  }
}

/** Whether a source can be read twice: it is in memory, or a function opens it. */
const isRepeatable = (source: CsvSource | (() => CsvSource)): boolean =>
  typeof source === 'string' ||
  source instanceof Uint8Array ||
  Array.isArray(source) ||
  typeof source === 'function'

/**
 * Reads a User Profile Listing from a CSV file. Any input leads to rows, refused rows or a refusal. Memory
 * use does not grow with the size of the file or of any line.
 *
 * - **Separators**: commas, semicolons, tabs or vertical bars, recognised from the header. The header may be
 *   preceded by a title or Excel's `sep=` line, and must be among the first 20 rows.
 * - **Encodings**: UTF-8 and UTF-16 of either byte order, with or without a byte order mark. A line that is
 *   neither, such as a line of a Big5 export, is refused as `wrong-encoding`. No byte is replaced by `�`.
 * - **Lines** end with LF, CRLF or CR. A line of more than 32,768 bytes is refused as `too-long` and not kept
 *   in memory.
 * - **Quotes** follow RFC 4180. A line with misplaced or unclosed quotes is refused as `broken-line`, and
 *   reading continues with the next line. A cell may contain line breaks if its quote ends within 32,768
 *   characters and its row has as many cells as the header. No column of a listing allows line breaks, so
 *   such a row is refused, and each of its further lines is reported as `broken-line`. A line inside the cell
 *   of another row is therefore never read as an account.
 * - **Spreadsheets** (MIG-24): a row may end early or have empty cells beyond the header. `="…"` and
 *   apostrophes before User IDs, dates and similar values are removed. Dates are read in the formats that
 *   spreadsheets write. The account then has a warning. Serial numbers that became `1.01101E+23`, and errors
 *   such as `#NAME?`, are refused with their column.
 * - **Day and month**: the day comes first, as DMS prints it. If a date in the file is valid only with the
 *   month first, such as `12/31/22`, it is refused as `no-such-date`, and every date that is valid in both
 *   orders is refused as `ambiguous-date`. To find out, a source in memory, or one that a function opens, is
 *   read twice. A stream is read once: dates above the first such date were already read with the day first,
 *   and the date itself is refused as `date-order-in-doubt`.
 * - Empty rows are skipped.
 *
 * @param source - the file, or a function that opens it. See {@link CsvSource}. It is read only as fast as
 * you take the rows.
 * @param options - `seochOrder`: the order in the User IDs of SEOCH's administrators, from the policy
 * (ID-06).
 * @returns the header and the rows, or `not-a-listing` with what is missing. In the second case the source is
 * released.
 * @throws the source's own error, which rejects the promise or the row at which it occurs. A source that
 * provides neither bytes nor text causes a `TypeError`.
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
