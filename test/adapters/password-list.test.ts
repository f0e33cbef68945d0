/** Known passwords from lists of passwords and of their hashes, small and very large. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import {
  type BrokenLine,
  brokenHashLines,
  hashRangeFolder,
  passwordList,
  sortedHashFile,
} from '../../src/adapters/password-list.ts'
import { branches } from '../support/branches.ts'

const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
const fileOf = (content: string | Uint8Array) => {
  const path = join(folder, `list-${files++}.txt`)
  writeFileSync(path, content)
  return path
}

/** SHA-1 by Node, so that the adapter's own implementation is checked independently. */
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()

const known = [
  'password',
  'Tr0ub4dor&3',
  'correct horse',
  '密碼密碼密碼',
  'Crème-brûlée-No.1!'.normalize('NFC'),
]
const hashes = known.map(sha1).sort()
const missing = join(folder, 'no such file')

describe('a list in memory', () => {
  test('PW-08 · the list has one password per line, knows each and nothing else, and keeps blanks', async () => {
    const file = fileOf(`\uFEFF${known.join('\r\n')}\r\n\r\n blanks \n`)
    for (const list of [passwordList(file), passwordList([...known, ' blanks ', ''])]) {
      for (const password of [...known, ' blanks ']) expect(await list.includes(password)).toBe(true)
      for (const password of ['', 'blanks', 'Password', 'password ', 'passwor', 'xpassword', '\r'])
        expect(await list.includes(password), password).toBe(false)
    }
  })

  test('PW-08, PW-05 · a composed and a decomposed password are the same, in the list and in the query', async () => {
    const composed = 'Crème-brûlée'.normalize('NFC')
    const decomposed = composed.normalize('NFD')
    expect(composed).not.toBe(decomposed)
    for (const listed of [composed, decomposed])
      for (const ignoreCase of [false, true])
        for (const asked of [composed, decomposed])
          expect(await passwordList([listed], { ignoreCase }).includes(asked)).toBe(true)
    for (const asked of [composed, decomposed])
      expect(await passwordList([sha1(composed)], { of: 'hashes' }).includes(asked)).toBe(true)
  })

  test('PW-08 · case counts unless the option ignores it; the option is refused for hashes', async () => {
    expect(await passwordList(['password']).includes('PassWord')).toBe(false)
    expect(await passwordList(['passWORD'], { ignoreCase: true }).includes('PassWord')).toBe(true)
    expect(() => passwordList([], { of: 'hashes', ignoreCase: true })).toThrow(TypeError)
  })

  test('PW-08 · hashes are read with or without counts and in either case; a count of 0 is padding', async () => {
    const [first = '', second = '', third = ''] = known.map(sha1)
    const list = passwordList([first.toLowerCase(), `${second}:3861493`, `${third}:0`], { of: 'hashes' })
    expect(await Promise.all(known.slice(0, 4).map((password) => list.includes(password)))).toEqual([
      ...[true, true, false, false],
    ])
  })

  test('PW-08 · a broken line is reported by number and without its text, or makes every query reject', async () => {
    const lines = [sha1('a'), 'not a hash', `${sha1('b')}:x`, sha1('c').slice(1), `${sha1('d')}:2`]
    const told: BrokenLine[] = []
    const list = passwordList(lines, { of: 'hashes', onBrokenLine: (line) => told.push(line) })
    expect([await list.includes('a'), await list.includes('d'), await list.includes('b')]).toEqual([
      ...[true, true, false],
    ])
    expect(told).toEqual([2, 3, 4].map((line) => ({ line, problem: 'not-a-hash' })))
    await expect(passwordList(lines, { of: 'hashes' }).includes('a')).rejects.toThrow(/^line 2 .*not-a-hash$/)
  })

  test('PW-08 · invalid UTF-8 and a line too long for a password are reported', async () => {
    const latin = Buffer.from('good\ncaf\xe9\n', 'latin1')
    const file = fileOf(Buffer.concat([latin, Buffer.from(`${'x'.repeat(300_000)}\nlast`)]))
    const told: BrokenLine[] = []
    const list = passwordList(file, { onBrokenLine: (line) => told.push(line) })
    expect([await list.includes('good'), await list.includes('last')]).toEqual([true, true])
    expect(told).toEqual([
      { line: 2, problem: 'not-utf-8' },
      { line: 3, problem: 'too-long' },
    ])
    await expect(passwordList(['\uD800']).includes('x')).rejects.toThrow('not-utf-8')
  })

  test('PW-08 · a missing file rejects on every call until it exists', async () => {
    const path = join(folder, 'later.txt')
    const list = passwordList(path)
    await expect(list.includes('password')).rejects.toThrow('ENOENT')
    await expect(list.includes('password')).rejects.toThrow('ENOENT')
    writeFileSync(path, 'password\n')
    expect(await list.includes('password')).toBe(true)
  })

  test('PW-08 · an iterator that failed once is never taken for an empty list', async () => {
    const lines = async function* () {
      yield 'password'
      throw new Error('broke off')
    }
    const list = passwordList(lines())
    for (let i = 0; i < 3; i++) await expect(list.includes('password')).rejects.toThrow('broke off')
  })

  test('PW-08 · a list is read once, regardless of the number of parallel queries', async () => {
    let read = 0
    const lines = {
      *[Symbol.iterator]() {
        read++
        yield* known
      },
    }
    const list = passwordList(lines)
    expect(await Promise.all(known.map((password) => list.includes(password)))).not.toContain(false)
    expect(read).toBe(1)
  })
})

describe('a byte order mark', () => {
  const mark = '\uFEFF'
  async function* later(lines: readonly string[]) {
    yield* lines
  }

  test('PW-08 · is ignored before the first line, regardless of the source', async () => {
    const marked = [`${mark}password`, 'other']
    const sources = [marked, new Set(marked), later(marked), fileOf(marked.join('\n'))]
    for (const source of sources) expect(await passwordList(source).includes('password')).toBe(true)
    const list = passwordList([mark + sha1('password')], { of: 'hashes' })
    expect(await list.includes('password')).toBe(true)
    expect(await passwordList([`${mark}Password`], { ignoreCase: true }).includes('password')).toBe(true)
  })

  test('PW-08 · is ignored before a later line, as lists are concatenated from several files', async () => {
    const list = [`${mark}one`, `${mark}two\r`, mark, 'th\uFEFFree']
    for (const source of [list, fileOf(list.join('\n'))]) {
      const known = passwordList(source)
      for (const password of ['one', 'two', 'th\uFEFFree']) expect(await known.includes(password)).toBe(true)
      for (const password of ['', mark, 'three']) expect(await known.includes(password)).toBe(false)
    }
  })

  test('PW-08 · is ignored before hashes on the disk, and all readers find them in order', async () => {
    for (const many of [hashes, [...hashes, ...Array.from({ length: 500 }, (_, i) => sha1(`${i}`))].sort()]) {
      const file = fileOf(mark + many.join('\n'))
      for (const password of known) expect(await sortedHashFile(file).includes(password)).toBe(true)
      expect(await sortedHashFile(file).includes('unknown')).toBe(false)
      for await (const broken of brokenHashLines(file)) expect.fail(broken.problem)
    }
    expect(await sortedHashFile(fileOf(mark)).includes('unknown')).toBe(false)
    const folderOfOne = mkdtempSync(join(folder, 'marked-'))
    const hash = sha1('password')
    writeFileSync(join(folderOfOne, hash.slice(0, 5)), `${mark}${hash.slice(5)}:3\n`)
    expect(await hashRangeFolder(folderOfOne).includes('password')).toBe(true)
  })
})

test('PW-08 · an unknown option or option value is refused when the list is created', () => {
  expect(() => passwordList([], { ignorecase: true } as never)).toThrow('"ignorecase"')
  expect(() => passwordList([], { of: 'hash' } as never)).toThrow('of must be')
})

describe('a sorted file of hashes', () => {
  test('PW-08 · finds what is in it and nothing else, regardless of its size, line ends and case', async () => {
    const seen = branches(
      'hashes alone',
      'with counts',
      'a last line end',
      'none',
      'small letters',
      'capitals',
    )
    const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 100, max: 3_000 }))
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        async (size, end, ended, counted, small) => {
          const lines = Array.from({ length: size }, (_, i) => sha1(`known ${i}`))
            .sort()
            .map((hash, i) => (counted ? `${hash}:${(i * 7919) % 10_000_000 || 1}` : hash))
          const text = lines.join(end) + (ended ? end : '')
          seen.either('with counts', 'hashes alone', counted)
          seen.either('a last line end', 'none', ended)
          seen.either('small letters', 'capitals', small)
          const list = sortedHashFile(fileOf(small ? text.toLowerCase() : text))
          const asked = [0, 1, size >> 1, size - 1].filter((i) => i < size)
          for (const i of asked) expect(await list.includes(`known ${i}`)).toBe(true)
          for (let i = 0; i < 10; i++) expect(await list.includes(`unknown ${i}`)).toBe(false)
        },
      ),
      { numRuns: 40 },
    )
    seen.expectAll()
  })

  test('PW-08 · finds each of 20,000 hashes, including the first and the last', async () => {
    const all = Array.from({ length: 20_000 }, (_, i) => `known ${i}`)
    const list = sortedHashFile(
      fileOf(
        `${all
          .map((password) => `${sha1(password)}:${password.length}`)
          .sort()
          .join('\r\n')}\r\n`,
      ),
    )
    const found = await Promise.all(all.slice(0, 2_000).map((password) => list.includes(password)))
    expect(found).not.toContain(false)
    const byHash = all.toSorted((a, b) => (sha1(a) < sha1(b) ? -1 : 1))
    expect(await list.includes(byHash[0] ?? '')).toBe(true)
    expect(await list.includes(byHash.at(-1) ?? '')).toBe(true)
  })

  test('PW-08 · contains nothing if it is empty; a missing file or a folder rejects', async () => {
    expect(await sortedHashFile(fileOf('')).includes('password')).toBe(false)
    await expect(sortedHashFile(missing).includes('password')).rejects.toThrow('ENOENT')
    await expect(sortedHashFile(folder).includes('password')).rejects.toThrow()
  })

  test('PW-08 · rejects instead of answering wrongly if it is sorted otherwise or contains something else', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => `${sha1(`known ${i}`)}:${5_000 - i}`)
    const byCount = sortedHashFile(fileOf(many.join('\n')))
    const answers = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) => byCount.includes(`known ${i}`)),
    )
    expect(answers).not.toContainEqual({ status: 'fulfilled', value: false })
    for (const content of [
      'x'.repeat(100_000),
      'password\n'.repeat(10_000),
      `${hashes[0]}\n\n\n${hashes[1]}`,
    ])
      await expect(sortedHashFile(fileOf(content)).includes('asked'), content.slice(0, 60)).rejects.toThrow(
        /at byte \d+: not a SHA-1/,
      )
    await expect(sortedHashFile(fileOf(hashes.toReversed().join('\n'))).includes('asked')).rejects.toThrow(
      /not sorted/,
    )
  })

  test('PW-08 · does not contain a hash with a count of 0', async () => {
    const list = sortedHashFile(fileOf(hashes.map((hash, i) => `${hash}:${i % 2}`).join('\n')))
    const answers = await Promise.all(known.map((password) => list.includes(password)))
    expect(answers).toEqual(known.map((password) => hashes.indexOf(sha1(password)) % 2 === 1))
  })

  test('PW-08 · can be checked as a whole: every malformed or misplaced line is reported', async () => {
    const lines = [...hashes.slice(0, 2), '', 'x', hashes[0] ?? '', ...hashes.slice(2)]
    const found: BrokenLine[] = []
    for await (const broken of brokenHashLines(fileOf(`${lines.join('\r\n')}\r\n`))) found.push(broken)
    expect(found).toEqual([
      { line: 3, problem: 'not-a-hash' },
      { line: 4, problem: 'not-a-hash' },
      { line: 5, problem: 'not-sorted' },
    ])
    for await (const broken of brokenHashLines(fileOf(hashes.join('\n')))) expect.fail(broken.problem)
  })
})

describe('a folder of hash ranges', () => {
  const ranges = mkdtempSync(join(folder, 'ranges-'))
  const hash = sha1('password')
  const [prefix, suffix] = [hash.slice(0, 5), hash.slice(5)]
  const others = ['other', 'more'].map((text) => sha1(text).slice(5))

  test('PW-08 · looks for the suffix in the file of the prefix, with .txt or without', async () => {
    for (const ending of ['', '.txt']) {
      writeFileSync(join(ranges, prefix + ending), `${others[0]}:2\r\n${suffix}:10437277\r\n${others[1]}:1`)
      expect(await hashRangeFolder(ranges).includes('password')).toBe(true)
      writeFileSync(join(ranges, prefix + ending), `${others[0]}:2\r\n${suffix}:0\r\n`)
      expect(await hashRangeFolder(ranges).includes('password'), 'padding').toBe(false)
    }
  })

  test('PW-08 · rejects if the range is missing or a line is broken, as it may not have been fetched', async () => {
    await expect(hashRangeFolder(ranges).includes('not fetched')).rejects.toThrow('ENOENT')
    await expect(hashRangeFolder(missing).includes('password')).rejects.toThrow('ENOENT')
    for (const broken of ['<html>', suffix.slice(1), hash, '']) {
      writeFileSync(join(ranges, `${prefix}.txt`), `${broken}\n${suffix}:3\n`)
      await expect(hashRangeFolder(ranges).includes('password')).rejects.toThrow('line 1')
    }
  })
})
