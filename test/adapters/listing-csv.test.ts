/** The CSV reader with real-world files: sources, encodings, line breaks, headers, quotes. */
import { createReadStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { type CsvSource, readListingCsv } from '../../src/adapters/listing-csv.ts'
import { listingColumns } from '../../src/migration/model/listing-header.ts'
import { suppliedCells, suppliedListing } from '../migration/model/supplied-listing.ts'
import {
  accountLine,
  bytesOf,
  cutAt,
  fileOf,
  headerLine,
  outcomeOf,
  quotedLine,
  readAll,
  rowsOf,
  someIds,
  utf8,
  utf16,
} from './listing-csv-files.ts'

const file = fileURLToPath(new URL('../../examples/data/user-profile-listing.csv', import.meta.url))

/** Lines 2 to 14, each with its User ID. */
const suppliedRows = suppliedCells.slice(1).map(([, userId], i) => `${i + 2} ${userId}`)

async function* later<T>(chunks: Iterable<T>): AsyncGenerator<T, void> {
  for (const chunk of chunks) yield chunk
}

describe('MIG-16 · the supplied listing is read identically', () => {
  test.each<[string, () => CsvSource]>([
    ['from a file', () => createReadStream(file)],
    ['from a file in pieces of 7 bytes', () => createReadStream(file, { highWaterMark: 7 })],
    ['from a stream that decodes by itself', () => createReadStream(file, { encoding: 'utf8' })],
    ['from a web stream', () => new Blob([readFileSync(file)]).stream()],
    ['from a reader alone', () => ({ getReader: () => new Blob([suppliedListing]).stream().getReader() })],
    ['from text', () => suppliedListing],
    ['from bytes', () => readFileSync(file)],
    ['from pieces of text', () => suppliedListing.match(/[\s\S]{1,5}/g) ?? []],
    ['from pieces of bytes', () => cutAt(utf8(suppliedListing), [1, 2, 3, 500])],
    ['from pieces that come one by one', () => later(cutAt(utf8(suppliedListing), [400]))],
  ])('%s', async (_, source) => {
    expect(await rowsOf(source())).toEqual(suppliedRows)
  })
})

describe('MIG-16 · encodings', () => {
  const text = fileOf(accountLine('B0123401', '陳大文😀'), accountLine('B0123402', 'É'))
  test.each<[string, Uint8Array]>([
    ['UTF-8', utf8(text)],
    ['UTF-8 with byte order mark', bytesOf([0xef, 0xbb, 0xbf], text)],
    ['UTF-8 with byte order mark and quotes', bytesOf([0xef, 0xbb, 0xbf], text.replace(/^(\w+)/, '"$1"'))],
    ['UTF-16 LE', utf16(text, 'LE')],
    ['UTF-16 BE', utf16(text, 'BE')],
    ['UTF-16 LE with byte order mark', utf16(`\uFEFF${text}`, 'LE')],
    ['UTF-16 BE with byte order mark', utf16(`\uFEFF${text}`, 'BE')],
  ])('%s is read the same, however it is split', async (_, bytes) => {
    for (const size of [1, 2, 3, 5, bytes.length]) {
      const pieces = cutAt(
        bytes,
        Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => i * size),
      )
      const read = await readAll(pieces)
      expect(read.map((row) => row.read._unsafeUnwrap().profile.surname)).toEqual(['陳大文😀', 'É'])
    }
  })

  test('Big5 among ASCII: the line is refused for its encoding, with its number, and nothing becomes �', async () => {
    const [before, after] = accountLine('B0123402', '#').split('#')
    const bytes = bytesOf(
      fileOf(accountLine('B0123401')),
      before ?? '',
      [0xb3, 0xaf, 0xa4, 0x6a, 0xa4, 0xe5],
      `${after}\n`,
      accountLine('B0123403'),
    )
    expect(await rowsOf(bytes)).toEqual(['2 B0123401', '3 ! wrong-encoding', '4 B0123403'])
  })

  test.each([
    ['a byte that no UTF-8 has', [0xff]],
    ['an overlong form', [0xc0, 0xaf]],
    ['half of a pair', [0xed, 0xa0, 0x80]],
    ['a character cut off', [0xe9, 0x99]],
    ['a number beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('the line is refused if it has %s', async (_, wrong) => {
    const bytes = bytesOf(fileOf('x'), wrong, '\n', accountLine('B0123401'))
    expect(await rowsOf(bytes)).toEqual(['2 ! broken-line', '3 ! wrong-encoding', '4 B0123401'])
  })

  test('a genuine � in the file is read', async () => {
    const [row] = await readAll(fileOf(accountLine('B0123401', 'A\uFFFDB')))
    expect(row?.read._unsafeUnwrap().profile.surname).toBe('A\uFFFDB')
  })

  test('a lone surrogate in UTF-16 refuses its line, and an odd byte at the end counts as a separate line', async () => {
    const text = fileOf(
      accountLine('B0123401', 'A\uD83D'),
      accountLine('B0123402', '\uDE00'),
      quotedLine('B0123403'),
    )
    const bytes = bytesOf(utf16(text, 'LE'), [0x41])
    const rows = ['2 ! wrong-encoding', '3 ! wrong-encoding', '4 B0123403']
    expect(await rowsOf(bytes)).toEqual([...rows, '5 ! wrong-encoding'])
    expect(await rowsOf(text)).toEqual(rows)
    expect(await rowsOf(cutAt(text, [text.indexOf('\uD83D') + 1]))).toEqual(rows)
  })

  test('a NUL in a cell that is read refuses the line, regardless of its other cells', async () => {
    expect(await rowsOf(fileOf(accountLine('B0123401', 'A\0B'), accountLine('B0123402')))).toEqual([
      '2 B0123401! unprintable Surname',
      '3 B0123402',
    ])
  })
})

describe('MIG-16 · lines', () => {
  const lines = [headerLine, accountLine('B0123401'), '', accountLine('B0123402')]

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])(
    'lines that end with %s are numbered as in an editor, however the file is split',
    async (_, lineBreak) => {
      const text = `${lines.join(lineBreak)}${lineBreak}`
      for (let at = 0; at <= text.length; at++)
        expect(await rowsOf(cutAt(utf8(text), [at]))).toEqual(['2 B0123401', '4 B0123402'])
      expect(await rowsOf(lines.join(lineBreak))).toEqual(['2 B0123401', '4 B0123402'])
    },
  )

  test('line breaks of all kinds can occur in one file', async () => {
    const [head, one, , two] = lines
    expect(await rowsOf(`${head}\r\n${one}\r\r\n\n${two}\n\r`)).toEqual(['2 B0123401', '5 B0123402'])
  })

  test('blank lines and rows with empty cells only are skipped, before the header, between rows and at the end', async () => {
    const [head, one, , two] = lines
    const text = ['', ' ', head, '\t', one, ',,,,,,,,,,,,', '"",""', ' , ', two, ...Array(50).fill('')].join(
      '\n',
    )
    expect(await rowsOf(text)).toEqual(['5 B0123401', '9 B0123402'])
  })

  test('a line with too few or too many cells is reported as broken, and no other line is', async () => {
    const short = accountLine('B0123401').split(',').slice(0, 5).join()
    expect(await rowsOf(fileOf(short, `${accountLine('B0123401')},x`, accountLine('B0123402')))).toEqual([
      '2 B0123401! broken-line',
      '3 B0123401! broken-line',
      '4 B0123402',
    ])
  })

  test('a row with a million columns is reported as broken', async () => {
    expect(
      await rowsOf(fileOf(','.repeat(30_000).concat('x'), 'x,'.repeat(1e6), accountLine('B0123401'))),
    ).toEqual(['2 ! broken-line', '3 ! too-long', '4 B0123401'])
  })

  test('a line of 32,768 bytes is accepted and one more byte is too long, quoted or not, at any chunk boundary', async () => {
    const wide = `${headerLine},Notes`
    for (const [more, outcome] of [
      [0, '2 B0123401'],
      [1, '2 ! too-long'],
    ] as const)
      for (const quote of ['', '"']) {
        const start = `${accountLine('B0123401')},${quote}`
        const line = `${start}${'é'.repeat(5)}${'n'.repeat(32_768 - 10 - start.length - quote.length + more)}${quote}`
        expect(utf8(line).length).toBe(32_768 + more)
        const text = [wide, line, `${accountLine('B0123402')},`].join('\n')
        for (const places of [[], [20_000], [wide.length + 1, 25_000], [wide.length + 2 + 32_768]])
          expect(await rowsOf(cutAt(utf8(text), places))).toEqual([outcome, '3 B0123402'])
      }
  })
})

describe('MIG-16 · a file that is not a listing is refused, with the columns that are missing', () => {
  const all = listingColumns.join()
  test.each<[string, string | Uint8Array, string]>([
    ['no byte', '', `empty ${all}`],
    ['a byte order mark alone', bytesOf([0xef, 0xbb, 0xbf]), `empty ${all}`],
    ['half a character of UTF-16', bytesOf([0xff, 0xfe, 0x41]), `wrong-encoding ${all}`],
    ['blank lines alone', '\r\n \n,,\n', `empty ${all}`],
    [
      'another form',
      'Reference,User ID,Surname\nDA3_00013361,B0123401,CHAN\n',
      `columns ${all.replace('User ID,Surname,', '')}`,
    ],
    ['colons', headerLine.replaceAll(',', ':'), `columns ${all}`],
    ['a header without one column', headerLine.replace(',SRN', ''), 'columns SRN'],
    ['a header in Big5', bytesOf([0xb3, 0xaf, 0xa4, 0x6a], ',', headerLine), `wrong-encoding ${all}`],
    ['a header whose quote does not end', `"${headerLine}\n${accountLine('B0123401')}`, `broken-line ${all}`],
    ['a header without end', 'x'.repeat(100_000), `too-long ${all}`],
    ['a workbook', bytesOf('PK', [3, 4, 20, 0, 6, 0, 8, 0, 0x9d, 0xff]), `workbook ${all}`],
  ])('it is refused: %s', async (_, source, outcome) => {
    expect(await outcomeOf(source)).toBe(`not-a-listing ${outcome}`)
  })

  test('a repeated column is reported too', async () => {
    const refused = (await readListingCsv(`${headerLine},Email`))._unsafeUnwrapErr()
    expect(refused).toEqual({
      ...{ code: 'not-a-listing', rule: 'API-01', missing: [], repeated: ['Email'], problem: 'columns' },
      ...{ line: 1, separator: ',' },
    })
  })

  test('a header alone is a listing without rows', async () => {
    for (const text of [headerLine, `${headerLine}\n`, `"${headerLine.replaceAll(',', '","')}"\r\n\r\n`])
      expect(await rowsOf(text)).toEqual([])
  })

  test('columns are read in any order and with other columns between them', async () => {
    const cells = accountLine('B0123401').split(',')
    const text = [headerLine.split(','), cells].map((row) => ['no.', ...row].reverse().join()).join('\n')
    const listing = (await readListingCsv(text))._unsafeUnwrap()
    expect(listing.header.unknown).toEqual(['no.'])
    expect(await rowsOf(text)).toEqual(['2 B0123401'])
  })
})

describe('MIG-16 · quotes', () => {
  test('commas and quotes inside quotes are read as text', async () => {
    const [row] = await readAll(fileOf(accountLine('B0123401', '"CHAN, ""TM"""')))
    expect(row?.read._unsafeUnwrap().profile.surname).toBe('CHAN, "TM"')
  })

  const ids = someIds(1_000)
  const expected = ids.map((userId, i) => `${i + 2} ${userId}`)
  const withBroken = (lines: readonly string[], place: number, damage: (line: string) => string) =>
    fileOf(...lines.map((line, i) => (i + 2 === place ? damage(line) : line)))

  test.each<[string, (userId: string) => string, (line: string) => string]>([
    ['opened in a file without quotes', accountLine, (line) => line.replace(',CHAN', ',"CHAN')],
    ['opened in a file with some', (id) => accountLine(id, '"CHAN, A"'), (line) => line.replace('A"', 'A')],
    ['never closed in a file that is all quotes', quotedLine, (line) => line.replace('CHAN"', 'CHAN')],
    ['not closed at the end of the line', quotedLine, (line) => line.slice(0, -1)],
    ['not opened', quotedLine, (line) => line.replace('"CHAN', 'CHAN')],
    ['closed too early', quotedLine, (line) => line.replace('CHAN', 'CH"AN')],
    ['twice in a cell', quotedLine, (line) => line.replace('CHAN', 'CH"A"N')],
    ['in the midst of a cell without', accountLine, (line) => line.replace('CHAN', 'CH"AN')],
    ['after a blank', quotedLine, (line) => line.replace('"CHAN"', ' "CHAN"')],
    ['before a blank', quotedLine, (line) => line.replace('"CHAN"', '"CHAN" ')],
  ])('a quote %s on line 5 breaks line 5 and no other', async (_, lineOf, damage) => {
    const text = withBroken(
      ids.map((id) => lineOf(id)),
      5,
      damage,
    )
    expect(await rowsOf(text)).toEqual(expected.map((row, i) => (i === 3 ? '5 ! broken-line' : row)))
  })

  test('a quote that is still open on the last line breaks that line', async () => {
    expect(await rowsOf(fileOf(accountLine('B0123401'), accountLine('B0123402', '"CHAN')))).toEqual([
      '2 B0123401',
      '3 ! broken-line',
    ])
  })

  test('if every line is broken, each is reported and none is read', async () => {
    const rows = await rowsOf(fileOf(...ids.map((id) => accountLine(id, '"CHAN'))))
    expect(rows).toEqual(ids.map((_, i) => `${i + 2} ! broken-line`))
  })

  test('a line break within a cell of the listing refuses the row by its User ID, and reports each further line of it', async () => {
    const rows = [accountLine('B0123401', '"CHAN\r\nTAI\rMAN"'), accountLine('B0123402')]
    expect(await rowsOf(fileOf(...rows))).toEqual([
      '2 B0123401! unprintable Surname',
      '3 ! broken-line',
      '4 ! broken-line',
      '5 B0123402',
    ])
  })

  test('a line break within an unrelated column is accepted, and later lines keep their numbers', async () => {
    const notes = [
      `${headerLine},Notes`,
      `${accountLine('B0123401')},"one\n\ntwo, ""three"""`,
      `${accountLine('B0123402')},`,
    ]
    expect(await rowsOf(notes.join('\n'))).toEqual(['2 B0123401', '5 B0123402'])
  })

  test('a whole line within a cell does not create an account', async () => {
    const smuggled = accountLine('B0123401', `"CHAN\n${accountLine('B0123499')}\nCHAN"`)
    expect(await rowsOf(fileOf(smuggled, accountLine('B0123402')))).toEqual([
      '2 B0123401! unprintable Surname',
      '3 ! broken-line',
      '4 ! broken-line',
      '5 B0123402',
    ])
  })

  test('two broken quotes lose the lines between them only if together they form a row; then each line is reported', async () => {
    const between = accountLine('B0123402')
    const [opened, closed] = ['B0123401', 'B0123403'].map((id) => accountLine(id).split(',')) as [
      string[],
      string[],
    ]
    const first = [...opened.slice(0, 2), `"${opened[2]}`].join()
    const last = [`${closed[2]}"`, ...closed.slice(3)].join()
    expect(await rowsOf(fileOf(first, between, last, between))).toEqual([
      '2 B0123401! unprintable Surname',
      '3 ! broken-line',
      '4 ! broken-line',
      '5 B0123402',
    ])
    expect(await rowsOf(fileOf(first, between, `${last},x`, between))).toEqual([
      '2 ! broken-line',
      '3 B0123402',
      '4 ! broken-line',
      '5 B0123402',
    ])
  })

  test.each([
    ['', 'broken-line'],
    ['a title\nand another\n', 'columns'],
  ])(
    'MIG-24 · with an open quote above the header, after %j, each line is searched once',
    async (title, problem) => {
      const searchedIn = async (lines: number) => {
        const [searched, normalised] = [
          vi.spyOn(String.prototype, 'indexOf'),
          vi.spyOn(String.prototype, 'toLowerCase'),
        ]
        const refused = await readListingCsv(`${title}"x\n${'y\n'.repeat(lines)}`)
        const quotes = searched.mock.calls.filter(([found]) => found === '"').length
        const calls = quotes + normalised.mock.calls.length
        searched.mockRestore()
        normalised.mockRestore()
        expect(refused._unsafeUnwrapErr().problem).toBe(problem)
        return calls
      }
      const [few, many] = [await searchedIn(100), await searchedIn(400)]
      expect(few).toBeGreaterThan(100)
      expect(many / few).toBeLessThan(5)
    },
  )

  test('a quote that closes after more than 32,768 characters is ignored: the lines between are read and not buffered', async () => {
    const cells = accountLine('B0123401').split(',')
    const first = [...cells.slice(0, 2), `"${cells[2]}`].join()
    const last = [`${cells[2]}"`, ...cells.slice(3)].join()
    const between = (count: number) => ids.slice(0, count).map((id) => accountLine(id))
    const refused = async (count: number) =>
      (await rowsOf(fileOf(first, ...between(count), last))).filter((row) => row.includes('!'))
    expect(await refused(400)).toEqual(['2 ! broken-line', '403 ! broken-line'])
    expect((await refused(100))[0]).toMatch(/^2 B0123401! (?!broken)/)
  })
})

describe('MIG-16 · the source', () => {
  /** A source that records how far it was read, and whether it was released. */
  const watched = (chunks: readonly Uint8Array[], failsAt = -1) => {
    const seen = { read: 0, released: 0 }
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          if (seen.read === failsAt) throw new Error('the disk is gone')
          const value = chunks[seen.read]
          if (value === undefined) return { done: true, value }
          seen.read++
          return { done: false, value }
        },
        return: async () => {
          seen.released++
          return { done: true, value: undefined }
        },
      }),
    }
    return { seen, source }
  }
  const chunks = [fileOf(accountLine('B0123401')), ...someIds(50).map((id) => `${accountLine(id)}\n`)].map(
    utf8,
  )

  test('is read no faster than the rows are taken', async () => {
    const { seen, source } = watched(chunks)
    const { rows } = (await readListingCsv(source))._unsafeUnwrap()
    expect(seen.read).toBe(1)
    for (let i = 1; i <= 10; i++) {
      await rows.next()
      expect(seen.read).toBe(i)
    }
    await rows.return()
  })

  test('is released by a break, by a return before and after the first row, and if the file is not a listing', async () => {
    const broken = watched(chunks)
    for await (const _ of (await readListingCsv(broken.source))._unsafeUnwrap().rows) break
    const unread = watched(chunks)
    const { rows } = (await readListingCsv(unread.source))._unsafeUnwrap()
    await rows.return()
    expect(await rows.next()).toEqual({ done: true, value: undefined })
    const none = watched([utf8('a,b\n'.repeat(20)), utf8('c,d\n')])
    expect((await readListingCsv(none.source)).isErr()).toBe(true)
    for (const { seen } of [broken, unread, none]) expect(seen).toEqual({ read: 1, released: 1 })
  })

  test('is destroyed if it is a Node stream, and cancelled if it is a web stream', async () => {
    const node = Readable.from(chunks)
    for await (const _ of (await readListingCsv(node))._unsafeUnwrap().rows) break
    expect(node.destroyed).toBe(true)
    let cancelled = 0
    const web = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(chunks[0] ?? new Uint8Array()),
        cancel: () => {
          cancelled++
        },
      })
    const bare = web()
    for (const source of [web(), { getReader: () => bare.getReader() }])
      await (await readListingCsv(source))._unsafeUnwrap().rows.return()
    expect(cancelled).toBe(2)
  })

  test('passes on its error at the header or at the row where it occurs, also for a chunk of the wrong type', async () => {
    await expect(readListingCsv(watched(chunks, 0).source)).rejects.toThrow('the disk is gone')
    const { rows } = (await readListingCsv(watched(chunks, 2).source))._unsafeUnwrap()
    await rows.next()
    await rows.next()
    await expect(rows.next()).rejects.toThrow('the disk is gone')
    expect(await rows.next()).toEqual({ done: true, value: undefined })
    const numbers = [1, 2] as unknown as Uint8Array[]
    await expect(readListingCsv(numbers)).rejects.toThrow(TypeError)
  })

  test('has the IDs of SEOCH’s administrators read in the configured order', async () => {
    const text = fileOf(
      'HKABC X,HKABCX21,A,B,a@b.example,ENABLED,,,Cash,C3T,1,31-Dec-30 23:59:59,Delegated Administrator',
    )
    const { rows } = (await readListingCsv(text, { seochOrder: 'as-written' }))._unsafeUnwrap()
    for await (const { read } of rows) expect(read._unsafeUnwrap().userId).toBe('HKABCX21')
    expect(await rowsOf(text)).toEqual(['2 HKABCX21! no-such-format User ID'])
  })
})
