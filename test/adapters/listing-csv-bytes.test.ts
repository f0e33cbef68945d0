/**
 * The CSV reader on random bytes: it always returns a result, loses little, and chunk borders do not matter.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { branches } from '../support/branches.ts'
import {
  accountLine,
  bytesOf,
  cutAt,
  fileOf,
  headerLine,
  outcomeOf,
  quotedLine,
  readAll,
  someIds,
  told,
  utf8,
  utf16,
} from './listing-csv-files.ts'
import type { Measured } from './listing-csv-reader.ts'

/** Random bytes with many characters that CSV and encodings treat specially. */
const wildBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', '""', ',', '\n', '\r\n', '\r', ' ', '\0', '陳', 'x', ',,,,,,,,,,,,', '\uFEFF'),
      fc.constantFrom(accountLine('B0123401'), quotedLine('B0123402'), `\n${accountLine('B0123403')}\n`),
      fc.uint8Array({ maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => bytesOf(...parts))
const anyFile = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  wildBytes,
  wildBytes.map((bytes) => bytesOf(`${headerLine}\n`, bytes)),
  wildBytes.map((bytes) => bytesOf(`${headerLine},Notes\r\n`, bytes)),
)
const cuts = fc.array(fc.nat(2_000), { maxLength: 30 })
const within = (places: readonly number[], length: number) => places.map((place) => place % (length + 1))

/** The numbers of the non-empty lines, as an editor counts them. */
const fullLines = (bytes: Uint8Array): readonly number[] =>
  Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n|\r|\n/)
    .flatMap((line, i) => (/[^\s,"]/.test(Buffer.from(line, 'latin1').toString('utf8')) ? [i + 1] : []))

test('MIG-16 · any bytes give rows, refused rows or a refusal, and the same result however they are split into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, cuts, async (bytes, places) => {
      const whole = await outcomeOf(bytes)
      expect(await outcomeOf(cutAt(bytes, within(places, bytes.length)))).toBe(whole)
      expect(await outcomeOf([...bytes].map((byte) => Uint8Array.of(byte)))).toBe(whole)
    }),
    { numRuns: 150 },
  )
})

test('MIG-16 · any text, including lone surrogates, gives the same result as text, as UTF-16, and however it is split', async () => {
  const unit = fc.oneof(
    fc.constantFrom('"', ',', '\n', '\r', '😀', '陳', '\uD83D', '\uDE00', accountLine('B0123401')),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  const text = fc.array(unit, { maxLength: 40 }).map((parts) => `${headerLine},Notes\n${parts.join('')}`)
  await fc.assert(
    fc.asyncProperty(
      text,
      cuts,
      fc.constantFrom('LE' as const, 'BE' as const),
      async (all, places, order) => {
        const whole = await outcomeOf(all)
        expect(await outcomeOf(cutAt(all, within(places, all.length)))).toBe(whole)
        const bytes = utf16(all, order)
        expect(await outcomeOf(cutAt(bytes, within(places, bytes.length)))).toBe(whole)
      },
    ),
  )
})

test('MIG-16 · every non-empty line is reported once, in order, with its number', async () => {
  await fc.assert(
    fc.asyncProperty(wildBytes, async (bytes) => {
      const lines = (await readAll(bytesOf(`${headerLine}\n`, bytes))).map(({ line }) => line - 1)
      expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b))
      expect(lines).toEqual(expect.arrayContaining([...fullLines(bytes)]))
    }),
  )
})

describe('MIG-16 · a valid file with damaged bytes', () => {
  const ids = someIds(60)
  const good = new Set(ids.map((userId) => userId))
  const files = [accountLine, quotedLine].map((lineOf) => fileOf(...ids.map((id) => lineOf(id))))
  const byte = fc.oneof(fc.constantFrom(...utf8('",\n\r\0 x')), fc.nat(255))
  const damage = fc.record({
    at: fc.nat({ max: 1_000_000 }),
    how: fc.constantFrom('put' as const, 'insert' as const, 'delete' as const),
    byte,
  })
  const damaged = (
    file: string,
    damages: readonly { at: number; how: string; byte: number }[],
  ): Uint8Array => {
    const start = headerLine.length + 1
    const bytes = [...utf8(file)]
    for (const { at, how, byte: value } of damages)
      bytes.splice(
        start + (at % (bytes.length - start)),
        how === 'insert' ? 0 : 1,
        ...(how === 'delete' ? [] : [value]),
      )
    return Uint8Array.from(bytes)
  }
  const lost = async (bytes: Uint8Array) => {
    const left = new Set(good)
    for (const { read } of await readAll(bytes)) if (read.isOk()) left.delete(read.value.userId)
    return left.size
  }

  test('one damaged byte loses at most two lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), damage, async (file, one) => {
        expect(await lost(damaged(file, [one]))).toBeLessThanOrEqual(2)
      }),
      { numRuns: 300 },
    )
  })

  test('several damaged bytes lose at most two lines each', async () => {
    const seen = branches('an unprintable cell', 'none')
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(damage, { minLength: 2, maxLength: 5 }),
        async (file, damages) => {
          const bytes = damaged(file, damages)
          const rows = await readAll(bytes)
          const told = new Set(rows.map(({ line }) => line))
          // Every line of the file has a result.
          expect(fullLines(bytes).filter((line) => line > 1 && !told.has(line))).toEqual([])
          const isUnprintable = rows.some(
            ({ read }) => read.isErr() && read.error.problems.some(({ code }) => code === 'unprintable'),
          )
          if (!seen.either('an unprintable cell', 'none', isUnprintable))
            expect(await lost(bytes)).toBeLessThanOrEqual(2 * damages.length)
        },
      ),
    )
    seen.expectAll()
  })
})

describe('MIG-16 · the reader does not keep in memory', () => {
  let answers: Readonly<Record<string, Measured>> = {}
  beforeAll(async () => {
    const reader = fileURLToPath(new URL('listing-csv-reader.ts', import.meta.url))
    const [answer] = await once(fork(reader, { execArgv: ['--import', 'tsx'] }), 'message')
    answers = answer
  }, 60_000)

  test.each([
    ['a line of 100 MB', 'line', ['2 B0123401', '3 ! too-long', '4 B0123402']],
    ['a quote that is open for 100 MB of one line', 'quote', ['2 B0123401', '3 ! too-long', '4 B0123402']],
    ['a header of 100 MB', 'header', ['not-a-listing too-long']],
    ['a line of 100 MB in UTF-16', 'utf16', ['2 B0123401', '3 ! too-long', '4 B0123402']],
    ['2 MB of blank lines', 'blank', ['2 B0123401', `${3 + 4 * 2 ** 19 + 1} B0123402`]],
  ])('%s', (_, file, rows) => {
    expect(answers[file]?.rows).toEqual(rows)
    expect(answers[file]?.grownMB).toBeLessThan(64)
  })
})

test('MIG-16 · the test’s own formatter identifies a row by its line number', async () => {
  expect((await readAll(fileOf(accountLine('B0123401'), 'x'))).map(told)).toEqual([
    '2 B0123401',
    '3 ! broken-line',
  ])
})
