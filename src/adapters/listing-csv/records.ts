import { parse } from 'csv-parse/sync'
import { type Line, type LineFault, longestLine } from './lines.ts'

/** A row of a CSV file, or a malformed line. */
export interface CsvRecord {
  /** The line on which it begins. */
  readonly line: number
  /** How many lines it has: a quoted cell may hold breaks. */
  readonly lines: number
  readonly cells: readonly string[]
  /** Then there are no cells. */
  readonly fault?: LineFault | 'broken-line'
}

/** What stands between the cells of a row. */
export type Separator = ',' | ';' | '\t' | '|'

/**
 * A row by the letter of RFC 4180, in which line breaks stand within quotes alone. Asked before csv-parse is, for
 * its errors cost as much as twenty rows; no part can match in two ways, so the time grows with the length alone.
 */
const wellQuotedBy = (separator: Separator): RegExp => {
  const cell = `(?:"[^"]*(?:""[^"]*)*"|[^"\\n${separator}]*)`
  return new RegExp(`^${cell}(?:[${separator}]${cell})*$`)
}

/** A text as csv-parse reads it; `undefined` where it finds a quote wrong. */
const parsed = (text: string, separator: Separator): string[][] | undefined => {
  try {
    return parse(text, { delimiter: separator, record_delimiter: '\n', relax_column_count: true })
  } catch {
    return undefined
  }
}

const hasOddQuotes = (text: string): boolean => {
  let odd = false
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd
  return odd
}

const isBlank = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '')

const whole = ({ line }: Line, cells: readonly string[] | undefined, lines = 1): CsvRecord =>
  cells === undefined ? { line, lines, cells: [], fault: 'broken-line' } : { line, lines, cells }

/**
 * The lines from one with an odd number of quotes to the next such line: where the quote that is open at its
 * end can close. `undefined`: none is within {@link longestLine}; `more`: not known yet.
 */
const quotedLines = (lines: readonly Line[], from: number, isEnd: boolean) => {
  let length = 0
  for (let at = from; at < lines.length; at++) {
    const { text = '', fault } = lines[at] ?? {}
    length += text.length + 1
    if (fault !== undefined || length > longestLine) return undefined
    if (at > from && hasOddQuotes(text)) return lines.slice(from, at + 1)
  }
  return isEnd ? undefined : 'more'
}

/**
 * Makes rows of lines. A line without quotes is split at its separators; the others are csv-parse's, as many at a
 * time as there are, for it costs more to begin than to read.
 *
 * A quote that is open at the end of a line may close on a later one. If within {@link longestLine} it does,
 * and the row has then as many cells as the header, they are one row. Otherwise the line alone
 * is broken, and reading goes on with the very next one: no quote swallows a file, and no line within a cell
 * is taken for a row of its own. Rows in which nothing stands are left out.
 *
 * @param isHeader - tells the header among the first rows.
 * @internal
 */
export const recordReader = (separator: Separator, isHeader: (cells: readonly string[]) => boolean) => {
  const wellQuoted = wellQuotedBy(separator)
  let queue: Line[] = []
  let width: number | undefined

  /** The one row of a text; `undefined` where a quote stands or ends wrongly. */
  const rowIn = (text: string): string[] | undefined => {
    const rows = wellQuoted.test(text) ? parsed(text, separator) : undefined
    return rows?.length === 1 ? rows[0] : undefined
  }

  /** Of rows on one line each; put together they are as many rows only if each is one for itself. */
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
        const lines = quotedLines(queue, at, isEnd)
        if (lines === 'more') break
        take(rowOver(first, lines))
      } else if (width === undefined || !wellQuoted.test(text)) take(whole(first, rowIn(text)))
      else {
        quoted.push({ at: records.push(undefined) - 1, line: first })
        at++
      }
    }
    queue = queue.slice(at)
    rowsOf(quoted.map(({ line }) => line)).forEach((record, i) => {
      const place = quoted[i]?.at ?? 0
      if (record.fault !== undefined || !isBlank(record.cells)) records[place] = record
    })
    return records.filter((record) => record !== undefined)
  }

  return {
    /** The rows that are known with these lines. */
    push: (lines: readonly Line[]): CsvRecord[] => {
      if (lines.length === 0) return []
      queue.push(...lines)
      return read(false)
    },
    /** The rows that are left when no line comes any more. */
    end: (): CsvRecord[] => read(true),
  }
}
