import { parse } from 'csv-parse/sync'
import { type Line, type LineFault, longestLine } from './lines.ts'

/** A row of a CSV file, or a malformed line. */
export interface CsvRecord {
  /** The line on which it begins. */
  readonly line: number
  /** The number of its lines. A quoted cell may contain line breaks. */
  readonly lines: number
  readonly cells: readonly string[]
  /** If present, there are no cells. */
  readonly fault?: LineFault | 'broken-line'
}

/** The separator between the cells of a row. */
export type Separator = ',' | ';' | '\t' | '|'

/**
 * Matches a row that strictly follows RFC 4180, where line breaks occur only within quotes. It is tested
 * before csv-parse is called, because an error of csv-parse costs as much as twenty rows. No part can match
 * in two ways, so the time grows linearly with the length.
 */
const wellQuotedBy = (separator: Separator): RegExp => {
  const cell = `(?:"[^"]*(?:""[^"]*)*"|[^"\\n${separator}]*)`
  return new RegExp(`^${cell}(?:[${separator}]${cell})*$`)
}

/** Parses a text with csv-parse. Returns `undefined` for a misplaced quote. */
const parsed = (text: string, separator: Separator): string[][] | undefined => {
  try {
    return parse(text, { delimiter: separator, record_delimiter: '\n', relax_column_count: true })
  } catch {
    return undefined
  }
}

const hasOddQuotes = (text: string): boolean => {
  let isOdd = false
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) isOdd = !isOdd
  return isOdd
}

const isBlank = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '')

const whole = ({ line }: Line, cells: readonly string[] | undefined, lines = 1): CsvRecord =>
  cells === undefined ? { line, lines, cells: [], fault: 'broken-line' } : { line, lines, cells }

/**
 * How far the lines from an open quote on were searched: their number and length. It is kept while the quote
 * is open, so that each line is searched once, even if lines arrive one at a time.
 */
interface QuoteSearch {
  readonly searched: number
  readonly length: number
}

/**
 * The lines from one with an odd number of quotes to the next such line, where the quote that is open at its
 * end can close. `undefined` if there is none within {@link longestLine}. How far it searched, if that is not
 * known yet.
 */
const quotedLines = (
  lines: readonly Line[],
  from: number,
  isEnd: boolean,
  before: QuoteSearch,
): readonly Line[] | QuoteSearch | undefined => {
  let { searched, length } = before
  for (; from + searched < lines.length; searched++) {
    const { text = '', fault } = lines[from + searched] ?? {}
    length += text.length + 1
    if (fault !== undefined || length > longestLine) return undefined
    if (searched > 0 && hasOddQuotes(text)) return lines.slice(from, from + searched + 1)
  }
  return isEnd ? undefined : { searched, length }
}

const notSearched: QuoteSearch = { searched: 0, length: 0 }

/**
 * Converts lines to rows. A line without quotes is split at its separators. The others go to csv-parse, as
 * many at a time as there are, because starting the parser costs more than the parsing.
 *
 * A quote that is open at the end of a line may close on a later line. If it closes within {@link
 * longestLine} and the row then has as many cells as the header, these lines are one row. Otherwise only the
 * first line is broken, and reading continues with the next one. So no quote can swallow a file, and no line
 * inside a cell is read as a separate row. Empty rows are skipped.
 *
 * @param isHeader - recognises the header among the first rows.
 * @internal
 */
export const recordReader = (separator: Separator, isHeader: (cells: readonly string[]) => boolean) => {
  const wellQuoted = wellQuotedBy(separator)
  let queue: Line[] = []
  /** Concerns the first line of the queue. */
  let search = notSearched
  let width: number | undefined

  /** Parses a text that must be one row. Returns `undefined` for a misplaced or unclosed quote. */
  const rowIn = (text: string): string[] | undefined => {
    const rows = wellQuoted.test(text) ? parsed(text, separator) : undefined
    return rows?.length === 1 ? rows[0] : undefined
  }

  /**
   * Parses rows of one line each. Together they give as many rows as there are lines only if each line is a
   * complete row.
   */
  const rowsOf = (lines: readonly Line[]): readonly CsvRecord[] => {
    const rows = lines.length > 1 ? parsed(lines.map(({ text }) => text).join('\n'), separator) : undefined
    return lines.map((each, i) => whole(each, rows?.length === lines.length ? rows[i] : rowIn(each.text)))
  }
  const rowOver = (first: Line, lines: readonly Line[] | undefined): CsvRecord => {
    const cells = lines && rowIn(lines.map(({ text }) => text).join('\n'))
    return cells !== undefined && (width === undefined || cells.length === width)
      ? whole(first, cells, lines?.length)
      : whole(first, undefined)
  }
  const read = (isEnd: boolean): CsvRecord[] => {
    const records: (CsvRecord | undefined)[] = []
    const quoted: { readonly at: number; readonly line: Line }[] = []
    let at = 0
    const take = (record: CsvRecord) => {
      at += record.lines
      if (record.fault === undefined && isBlank(record.cells)) return
      if (width === undefined && isHeader(record.cells)) width = record.cells.length
      records.push(record)
    }
    for (let first = queue[at]; first !== undefined; first = queue[at]) {
      const { text, fault } = first
      if (fault !== undefined) take({ line: first.line, lines: 1, cells: [], fault })
      else if (text === '') at++
      else if (!text.includes('"')) take(whole(first, text.split(separator)))
      else if (hasOddQuotes(text)) {
        const lines = quotedLines(queue, at, isEnd, search)
        search = notSearched
        if (lines !== undefined && 'searched' in lines) {
          search = lines
          break
        }
        take(rowOver(first, lines))
      } else if (width === undefined || !wellQuoted.test(text)) take(whole(first, rowIn(text)))
      else {
        quoted.push({ at: records.push(undefined) - 1, line: first })
        at++
      }
    }
    if (at > 0) queue = queue.slice(at)
    rowsOf(quoted.map(({ line }) => line)).forEach((record, i) => {
      const position = quoted[i]?.at ?? 0
      if (record.fault !== undefined || !isBlank(record.cells)) records[position] = record
    })
    return records.filter((record) => record !== undefined)
  }

  return {
    /** Returns the rows that these lines complete. */
    push: (lines: readonly Line[]): CsvRecord[] => {
      if (lines.length === 0) return []
      queue.push(...lines)
      return read(false)
    },
    /** Returns the remaining rows when there are no more lines. */
    end: (): CsvRecord[] => read(true),
  }
}
