import {
  type ListingHeader,
  listingColumns,
  type NotAListing,
  readListingHeader,
} from '../../migration/model/listing-header.ts'
import type { Line } from './lines.ts'
import { type CsvRecord, recordReader, type Separator } from './records.ts'

/** The separators that spreadsheets use, in the order in which they are tried. */
const separators: readonly Separator[] = [',', ';', '\t', '|']

/** How many rows are searched before a file is refused. Titles may precede the header. */
const searchedRows = 20

/** A header, where it was found, and the reader of the rows below it. */
export interface FoundHeader {
  readonly header: ListingHeader
  readonly separator: Separator
  readonly line: number
  readonly reader: ReturnType<typeof recordReader>
  /** The rows below it that were already read. */
  readonly rows: readonly CsvRecord[]
}

/** Why no header was found. */
export interface NoHeader extends NotAListing {
  readonly problem: 'columns' | 'empty' | 'workbook' | 'wrong-encoding' | 'too-long' | 'broken-line'
  /** The line of the row that is closest to a header, or the first line if no row has any column. */
  readonly line?: number
  /** The separator of that row. */
  readonly separator?: Separator
}

const isHeader = (cells: readonly string[]) => readListingHeader(cells).isOk()

/** How far a row is from being a header. */
const faultCount = ({ missing, repeated }: NotAListing) => missing.length + repeated.length

/** Whether the file is a ZIP archive, such as `.xlsx` and `.ods`, or a compound file, such as `.xls`. */
const isWorkbook = ([a, b, c, d]: readonly number[]): boolean => {
  return (
    (a === 0x50 && b === 0x4b && c === 3 && d === 4) || (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0)
  )
}

interface Candidate {
  readonly separator: Separator
  readonly reader: ReturnType<typeof recordReader>
  rows: CsvRecord[]
}

/**
 * Searches for the header in the first rows of a file, with each separator that spreadsheets use. The right
 * separator is the one with which a row has every column of a listing. This cannot be true for two
 * separators.
 *
 * @internal
 */
export const headerSearch = () => {
  const candidates: readonly Candidate[] = separators.map((separator) => ({
    separator,
    reader: recordReader(separator, isHeader),
    rows: [],
  }))
  let closest: { refusal: NotAListing; line: number; separator: Separator } | undefined
  let first: CsvRecord | undefined
  let head: readonly number[] = []

  /** Looks for a header in the rows from a place on; those before it were looked at. */
  const look = ({ separator, reader, rows }: Candidate, from: number): FoundHeader | undefined => {
    for (let i = from; i < Math.min(rows.length, searchedRows); i++) {
      const record = rows[i]
      if (record === undefined) break
      const read = readListingHeader(record.cells)
      if (read.isOk())
        return { header: read.value, separator, line: record.line, reader, rows: rows.slice(i + 1) }
      if (separator === ',') first ??= record
      if (record.fault !== undefined) continue
      if (closest === undefined || faultCount(read.error) < faultCount(closest.refusal))
        closest = { refusal: read.error, line: record.line, separator }
    }
    return undefined
  }
  const search = (records: (candidate: Candidate) => readonly CsvRecord[]): FoundHeader | undefined => {
    for (const candidate of candidates) {
      const from = candidate.rows.length
      if (from >= searchedRows) continue
      candidate.rows = [...candidate.rows, ...records(candidate)]
      const found = look(candidate, from)
      if (found !== undefined) return found
    }
    return undefined
  }

  return {
    /** Checks the first bytes for a workbook. */
    begin: (bytes: Uint8Array) => {
      if (head.length < 4) head = [...head, ...bytes.subarray(0, 4 - head.length)]
    },
    /**
     * Returns the header once a line completes it. Takes one line at a time, so that no row below the header
     * is treated as one above it.
     */
    push: (line: Line): FoundHeader | undefined => search(({ reader }) => reader.push([line])),
    /** Returns the header if the last line completes it. */
    end: (): FoundHeader | undefined => search(({ reader }) => reader.end()),
    /** Whether enough rows were searched. */
    isOver: (): boolean => candidates.every(({ rows }) => rows.length >= searchedRows),
    /** Why no header was found. */
    refusal: (): NoHeader => {
      const none: NotAListing = {
        code: 'not-a-listing',
        rule: 'API-01',
        missing: listingColumns,
        repeated: [],
      }
      const { refusal, line, separator } = closest ?? {}
      const isClose = refusal !== undefined && refusal.missing.length < listingColumns.length
      const problem = isWorkbook(head)
        ? 'workbook'
        : first === undefined
          ? 'empty'
          : (first.fault ?? 'columns')
      return {
        ...(isClose ? refusal : none),
        problem: isClose ? 'columns' : problem,
        ...(isClose && line !== undefined && separator !== undefined
          ? { line, separator }
          : first === undefined
            ? {}
            : { line: first.line }),
      }
    },
  }
}
