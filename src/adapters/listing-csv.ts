/**
 * Reads a User Profile Listing from a CSV file, line by line, in any encoding it comes in: by `csv-parse`, on Node
 * (an optional peer: install it beside this package).
 *
 * @module ccass-2fa/listing-csv
 */
import { err, ok, type Result } from 'neverthrow'
import type { SeochOrder } from '../identity/user-id.ts'
import { type ListedAccount, readListingCells, type UnreadableLine } from '../migration/model/listing.ts'
import { type ListingHeader, type NotAListing, readListingHeader } from '../migration/model/listing-header.ts'
import { toUtf8 } from './listing-csv/encoding.ts'
import { lineSplitter } from './listing-csv/lines.ts'
import { type CsvRecord, recordReader } from './listing-csv/records.ts'
import { bytesOf, type CsvChunk, type CsvSource, type CsvStream } from './listing-csv/source.ts'

export type { CsvChunk, CsvSource, CsvStream }

/** One row of a listing. */
export interface ListingCsvRow {
  /** The line on which it begins, from 1 on, as an editor shows it. */
  readonly line: number
  /** The account; or everything that is wrong with the row. */
  readonly read: Result<ListedAccount, UnreadableLine>
}

/** A listing whose header has been read. */
export interface ListingCsv {
  readonly header: ListingHeader
  /**
   * Its rows, once, in order. Each next piece of the source is asked for when the rows of the last are
   * through. Anyone who stops early releases the source by that, a `break` out of `for await` included; anyone who
   * reads no row at all calls `rows.return()`. It rejects with the source's own error, and with no other.
   */
  readonly rows: Required<Pick<AsyncIterableIterator<ListingCsvRow, void, void>, 'next' | 'return'>> &
    AsyncIterable<ListingCsvRow>
}

/** Why a file is no User Profile Listing. */
export interface NoListingCsv extends NotAListing {
  /**
   * `columns`: the first row is not a listing's header, as `missing` and `repeated` tell; `empty`: there is no
   * row; `wrong-encoding`: the first row is neither UTF-8 nor UTF-16; `too-long`, `broken-line`: the first line
   * can't be read.
   */
  readonly trouble: 'columns' | 'empty' | 'wrong-encoding' | 'too-long' | 'broken-line'
}

/** The rows of a file, piece by piece. */
async function* recordsOf(source: CsvSource): AsyncGenerator<readonly CsvRecord[], void, void> {
  const [utf8, lines, records] = [toUtf8(), lineSplitter(), recordReader()]
  for await (const bytes of bytesOf(source)) {
    const found = records.push(lines.push(utf8.push(bytes)))
    if (found.length > 0) yield found
  }
  const last = [...records.push(lines.push(utf8.end())), ...records.push(lines.end()), ...records.end()]
  if (last.length > 0) yield last
}

const unreadable = (fault: UnreadableLine['problems'][number]['fault']): UnreadableLine => ({
  userId: '',
  problems: [{ fault, rule: 'API-01' }],
})

/** What became of a row. Of one that can't be read and has several lines, each is told: none is lost unseen. */
function* rowsOf(
  { line, lines, cells, fault }: CsvRecord,
  header: ListingHeader,
  order: SeochOrder,
): Generator<ListingCsvRow, void> {
  const read = fault === undefined ? readListingCells(header, cells, order) : err(unreadable(fault))
  yield { line, read }
  if (read.isErr())
    for (let next = 1; next < lines; next++) yield { line: line + next, read: err(unreadable('broken-line')) }
}

/** The header in a file's first row. */
const headerIn = (first: CsvRecord | undefined): Result<ListingHeader, NoListingCsv> =>
  readListingHeader(first?.cells ?? []).mapErr((refusal) => ({
    ...refusal,
    trouble: first === undefined ? 'empty' : (first.fault ?? 'columns'),
  }))

/**
 * Reads a User Profile Listing from a CSV file. Any bytes lead to rows, to refused rows, or to a refusal; the
 * memory taken does not grow with the file, nor with any line of it.
 *
 * - **Encodings**: UTF-8, and UTF-16 of either order, with or without byte order mark. A line whose bytes are
 *   neither, as those of a Big5 export are, is refused as `wrong-encoding`; nothing is replaced by `�`.
 * - **Lines** end with LF, CRLF or CR. One of more than 32,768 bytes is refused as `too-long`, and not held.
 * - **Quotes** as of RFC 4180. A line whose quotes stand or end wrongly is refused as `broken-line`, and
 *   reading goes on with the next line. A cell may hold line breaks if its quote ends within 32,768
 *   characters and its row has the header's number of cells; of the columns of a listing none may, so such a
 *   row is refused, and each further line of it is reported as `broken-line`: no line is read as an account
 *   that stands within a cell of another.
 * - Rows with nothing in them are left out.
 *
 * @param source - the file; see {@link CsvSource}. It is read no faster than the rows are taken.
 * @param options - `seochOrder`: the policy's, how SEOCH's administrators' IDs are written (ID-06).
 * @returns the header and the rows; or `not-a-listing`, with what is missing, and the source released.
 * @throws the source's own error rejects the promise, or that of the row at which it comes; and a source that
 * gives neither bytes nor text does so with a `TypeError`.
 * @example
 * ```ts
 * const listing = await readListingCsv(createReadStream('listing.csv'))
 * if (listing.isErr()) throw new Error(`${listing.error.trouble}: ${listing.error.missing.join()}`)
 * for await (const { line, read } of listing.value.rows) plan.add(line, read)
 * ```
 * @rule MIG-16
 */
export const readListingCsv = async (
  source: CsvSource,
  { seochOrder = 'as-example' }: { readonly seochOrder?: SeochOrder } = {},
): Promise<Result<ListingCsv, NoListingCsv>> => {
  const batches = recordsOf(source)
  const { value: batch = [] } = await batches.next()
  const [first, ...others] = batch ?? []
  const header = headerIn(first)
  if (header.isErr()) {
    await batches.return()
    return err(header.error)
  }
  const { value: listingHeader } = header
  async function* read(): AsyncGenerator<ListingCsvRow, void, void> {
    for (const record of others) yield* rowsOf(record, listingHeader, seochOrder)
    for await (const records of batches)
      for (const record of records) yield* rowsOf(record, listingHeader, seochOrder)
  }
  const rows = read()
  return ok({
    header: listingHeader,
    rows: {
      next: () => rows.next(),
      // A generator that has not begun returns without a word to what it stands on.
      return: async () => {
        await batches.return()
        return rows.return()
      },
      [Symbol.asyncIterator]() {
        return this
      },
    },
  })
}
