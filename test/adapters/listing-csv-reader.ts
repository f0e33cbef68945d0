/**
 * A separate process for the memory tests: it generates very large files while reading them, and prints the
 * result of each and the growth of the process's memory.
 */
import { readListingCsv } from '../../src/adapters/listing-csv.ts'
import { accountLine, headerLine, told, utf16 } from './listing-csv-files.ts'

/** The result of reading a very large file. */
export interface Measured {
  readonly rows: readonly string[]
  readonly grownMB: number
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const start = `${headerLine}\n${accountLine('B0123401')}\n`
const end = `\n${accountLine('B0123402')}\n`

function* repeated(before: Uint8Array, filler: Uint8Array, times: number, after: Uint8Array) {
  yield before
  for (let i = 0; i < times; i++) yield filler
  yield after
}

const half = 'x'.repeat(1 << 19)
const files: Readonly<Record<string, () => Iterable<Uint8Array>>> = {
  line: () => repeated(utf8(start), utf8(half), 200, utf8(end)),
  quote: () => repeated(utf8(`${start}"`), utf8(half), 200, utf8(end)),
  header: () => repeated(utf8(''), utf8(half), 200, utf8('')),
  utf16: () => repeated(utf16(start, 'LE'), utf16(half, 'LE'), 100, utf16(end, 'LE')),
  blank: () => repeated(utf8(start), utf8('\n'.repeat(1 << 19)), 4, utf8(end)),
}

const measured = async (file: Iterable<Uint8Array>): Promise<Measured> => {
  const before = process.memoryUsage.rss()
  let most = before
  function* watched() {
    for (const bytes of file) {
      most = Math.max(most, process.memoryUsage.rss())
      yield bytes
    }
  }
  const rows: string[] = []
  const listing = await readListingCsv(watched())
  if (listing.isErr()) rows.push(`${listing.error.code} ${listing.error.problem}`)
  else for await (const row of listing.value.rows) rows.push(told(row))
  return { rows, grownMB: (Math.max(most, process.memoryUsage.rss()) - before) / 2 ** 20 }
}

const answers: Record<string, Measured> = {}
for (const [name, file] of Object.entries(files)) answers[name] = await measured(file())
process.send?.(answers)
process.disconnect()
