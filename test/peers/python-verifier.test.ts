/**
 * An auditor without this library: `python/verify_trail.py` verifies what a store exports and finds
 * tampering. `python/check.py` passes the vectors, and fails where it should.
 * Run by `PYTHON=1 vitest run --config test/peers/vitest.config.ts`; python3 must be installed.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inPackage } from '../../docs/generate/tree.ts'
import { exportTrails } from '../../examples/verify-trail/check.ts'
import { type Checkpoint, formatCheckpoint, proveInclusion } from '../../src/integrity/checkpoint.ts'
import { entryHash, genesisHash } from '../../src/integrity/trail-hash.ts'
import { credentialIdOf } from '../../src/integrity/vault.ts'
import type { RecordKey, TrailEntry } from '../../src/ports/storage.ts'
import { everyKind } from '../support/all-kinds.ts'
import { good } from '../support/test-service.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
interface Book {
  key: Mutable<RecordKey>
  record: { version: number; head: string }
  trail: Mutable<TrailEntry>[]
}

const python = (script: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(
    'python3',
    ['-B', inPackage(`test/peers/python/${script}`), ...args],
    { encoding: 'utf8' },
  )
  return { status, lines: stdout.trim().split('\n'), stderr }
}

const userId = 'HKABC101'

describe.skipIf(process.env['PYTHON'] !== '1')('the verifier in Python, with PYTHON=1', () => {
  const home = mkdtempSync(join(tmpdir(), 'ccass-2fa-python-'))
  let books: readonly Book[] = []
  let manifest: readonly string[] = []
  let checkpoint: Checkpoint
  let erased: readonly Book[] = []

  beforeAll(async () => {
    const { auth, storage } = await everyKind()
    const lines: string[] = []
    checkpoint = await good(auth.audit.checkpoint({ keep: (some) => void lines.push(...some) }))
    manifest = lines
    const exported = async () => {
      const all: Book[] = []
      for await (const line of exportTrails(storage)) all.push(JSON.parse(line))
      return all
    }
    books = await exported()
    await good(auth.personalData.erase({ userId, by: 'privacy.officer' }))
    erased = await exported()
  })
  afterAll(() => rmSync(home, { recursive: true }))

  const file = (name: string, text: string) => {
    const path = join(home, name)
    writeFileSync(path, text)
    return path
  }
  const exportOf = (all: readonly unknown[]) =>
    file('export.jsonl', all.map((each) => `${JSON.stringify(each)}\n`).join(''))
  const against = (lines = manifest, made = checkpoint) => [
    ...['--checkpoint', file('checkpoint.json', formatCheckpoint(made))],
    ...['--manifest', file('manifest', lines.map((line) => `${line}\n`).join(''))],
  ]

  /** The export after tampering with one account's record and trail. */
  const tampered = (change: (book: Book) => void, all: readonly Book[] = books) => {
    const copy = structuredClone(all) as Book[]
    const own = copy.find(({ key }) => key.kind === 'account' && key.id === userId)
    if (own === undefined) throw new Error(`${userId} is not in the export`)
    change(own)
    return copy
  }
  const entry = ({ trail }: Book, seq: number) => {
    const found = trail[seq - 1]
    if (found === undefined) throw new Error(`no entry ${seq}`)
    return found
  }
  /** Recomputes every hash, so that they are all consistent. */
  const rehash = (book: Book) => {
    let head = genesisHash(book.key)
    for (const each of book.trail) head = each.hash = entryHash(head, each)
    book.record = { version: book.trail.length, head }
  }
  const at = `HKABC account ${userId}`

  test('AUD-02 · an untouched store has no finding, alone and against its checkpoint', () => {
    expect(new Set(books.map(({ key }) => key.kind)).size).toBeGreaterThan(5)
    expect(manifest).toHaveLength(books.length)
    const entries = books.reduce((sum, { trail }) => sum + trail.length, 0)
    expect(python('verify_trail.py', exportOf(books))).toEqual({
      status: 0,
      lines: [`${books.length} records, ${entries} entries, 0 compared with the checkpoint: 0 findings`],
      stderr: '',
    })
    expect(python('verify_trail.py', exportOf(books), ...against())).toEqual({
      status: 0,
      lines: [
        `${books.length} records, ${entries} entries, ${books.length} compared with the checkpoint: 0 findings`,
      ],
      stderr: '',
    })
  })

  test('PRI-04 · erased data is reported as erased, also against an earlier checkpoint', () => {
    const { status, lines } = python('verify_trail.py', exportOf(erased), ...against())
    expect(status).toBe(0)
    expect(lines).toContainEqual(expect.stringMatching(`^erased: ${at}, contact up to entry \\d+$`))
    expect(lines.at(-1)).toMatch(/: 0 findings$/)
  })

  const changeEvent = (each: Mutable<TrailEntry>) => {
    each.event = { ...each.event, at: each.event.at + 1 }
  }
  const withoutPersonal = (each: Mutable<TrailEntry>) => {
    delete (each as { personal?: unknown }).personal
  }
  const firstPersonal = ({ trail }: Book) => {
    const found = trail.find(({ personal }) => Object.keys(personal ?? {}).length > 0)
    if (found === undefined) throw new Error('no entry with personal data')
    return found
  }

  test.each<[string, (book: Book) => void, RegExp]>([
    ['an event changed', (book) => changeEvent(entry(book, 3)), /^entry-changed: .*, entry 3/],
    ['the tail cut off', (book) => void book.trail.pop(), /^tail-truncated: /],
    ['an entry taken out', (book) => void book.trail.splice(2, 1), /^entry-missing: .*, entry 3$/],
    [
      'two entries swapped',
      (book) => void book.trail.splice(1, 2, entry(book, 3), entry(book, 2)),
      /^entry-reordered: .*, entry 2$/,
    ],
    [
      'an entry twice',
      (book) => void book.trail.splice(2, 0, entry(book, 2)),
      /^entry-duplicated: .*, entry 2$/,
    ],
    [
      'another head',
      (book) => {
        book.record.head = '0'.repeat(64)
      },
      /^head-mismatch: /,
    ],
    ['a version too low', (book) => void book.record.version--, /^trail-ahead: /],
    [
      'another key',
      (book) => {
        book.key.id = 'HKABC109'
      },
      /^entry-changed: HKABC account HKABC109, entry 1$/,
    ],
    [
      'another personal value',
      (book) => {
        const { personal } = firstPersonal(book)
        const [kind = '', openings = {}] = Object.entries(personal ?? {})[0] ?? []
        const [digest = '', opening = ''] = Object.entries(openings)[0] ?? []
        firstPersonal(book).personal = {
          ...personal,
          [kind]: { ...openings, [digest]: opening.replace(/.."]$/, 'zz"]').replace(/.."}]$/, 'zz"}]') },
        }
      },
      /^personal-data-changed: /,
    ],
    [
      'a personal value removed, and no erasure in the trail',
      (book) => withoutPersonal(firstPersonal(book)),
      /^personal-data-missing: /,
    ],
  ])('AUD-02, PRI-02 · a finding is reported after: %s', (_, change, finding) => {
    const { status, lines, stderr } = python('verify_trail.py', exportOf(tampered(change)))
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(lines).toContainEqual(expect.stringMatching(finding))
  })

  test('PRI-04 · a value that reappears after its erasure is a finding', () => {
    const before = books.find(({ key }) => key.id === userId && key.kind === 'account')
    const back = tampered((book) => void book.trail.splice(0, 1, before?.trail[0] ?? entry(book, 1)), erased)
    const { status, lines } = python('verify_trail.py', exportOf(back))
    expect(status).toBe(1)
    expect(lines).toContainEqual(expect.stringMatching(`^personal-data-not-erased: ${at}, entry 1`))
  })

  test('AUD-02 · with every hash recomputed, only the checkpoint reveals a rewritten, rolled back or missing record', () => {
    const rewritten = tampered((book) => {
      changeEvent(entry(book, 3))
      rehash(book)
    })
    const rolledBack = tampered((book) => {
      book.trail.pop()
      rehash(book)
    })
    const gone = books.filter(({ key }) => key.id !== userId || key.kind !== 'account')
    for (const [all, code] of [
      [rewritten, 'rewritten'],
      [rolledBack, 'rolled-back'],
      [gone, 'record-missing'],
    ] as const) {
      expect(python('verify_trail.py', exportOf(all)).status, code).toBe(0)
      const { status, lines } = python('verify_trail.py', exportOf(all), ...against())
      expect(status, code).toBe(1)
      expect(lines[0]).toMatch(new RegExp(`^${code}: ${at}`))
      expect(lines).toHaveLength(2)
    }
  })

  test('AUD-02 · another root, another count, and a manifest that was changed or reordered are findings', () => {
    const [first = '', second = '', ...rest] = manifest
    for (const given of [
      against(manifest, { ...checkpoint, root: '0'.repeat(64) }),
      against(manifest, { ...checkpoint, count: checkpoint.count + 1 }),
      against([first.replace(/,\d+,/, ',99,'), second, ...rest]),
      against([second, first, ...rest]),
      against(manifest.slice(1)),
    ]) {
      const { status, lines } = python('verify_trail.py', exportOf(books), ...given)
      expect(status).toBe(1)
      expect(lines[0]).toMatch(/^manifest-differs: /)
    }
  })

  test('AUD-02 · one account with its proof is verified as included, and fails if rewritten or with another proof', () => {
    const own = books.filter(({ key }) => key.id === userId && key.kind === 'account')
    const line = manifest.find((each) => each.includes(`"account","${userId}"`)) ?? ''
    const proof = proveInclusion(line, manifest)
    const by = (given: unknown) => [
      ...[
        '--checkpoint',
        file('checkpoint.json', JSON.stringify({ text: formatCheckpoint(checkpoint), signature: '' })),
      ],
      ...['--proof', file('proof.json', JSON.stringify(given))],
    ]
    expect(python('verify_trail.py', exportOf(own), ...by(proof))).toMatchObject({ status: 0, stderr: '' })
    const rewritten = tampered((book) => {
      changeEvent(entry(book, 2))
      rehash(book)
    }).filter(({ key }) => key.id === userId && key.kind === 'account')
    expect(python('verify_trail.py', exportOf(rewritten), ...by(proof)).lines[0]).toMatch(/^rewritten: /)
    const other = python('verify_trail.py', exportOf(own), ...by({ ...proof, index: 0 }))
    expect(other).toMatchObject({
      status: 1,
      lines: [expect.stringMatching(/^not-included: /), expect.anything()],
    })
  })

  test('AUD-02 · input that is not an export exits with 1 or 2, never 0', () => {
    expect(python('verify_trail.py', file('export.jsonl', '')).status).toBe(2)
    expect(python('verify_trail.py', join(home, 'nothing')).status).toBe(2)
    expect(python('verify_trail.py', file('export.jsonl', '{"key":1}\n')).status).toBe(1)
    expect(python('verify_trail.py', exportOf(books), '--checkpoint', file('c', '{}')).status).toBe(2)
    const deep = file('export.jsonl', `${'['.repeat(100_000)}\n`)
    expect(python('verify_trail.py', deep)).toMatchObject({ status: 1, stderr: '' })
  })

  test.each<[string, (line: string) => string]>([
    ['a key twice', (line) => line.replace('{"key":', '{"key":{},"key":')],
    ['a key twice, inside an event', (line) => line.replace('"event":{', '"event":{"at":1,')],
    ['a key twice, once as an escape', (line) => line.replace('"event":{', '"event":{"\\u0061t":1,')],
    ['NaN', (line) => line.replace(/"at":\d+/, '"at":NaN')],
    ['Infinity', (line) => line.replace(/"at":\d+/, '"at":-Infinity')],
    ['a number that is infinite', (line) => line.replace(/"at":\d+/, '"at":1e400')],
    ['a whole number that is infinite', (line) => line.replace(/"at":\d+/, `"at":${'9'.repeat(400)}`)],
    ['a whole number that loses digits', (line) => line.replace(/"at":\d+/, '"at":9007199254740993')],
  ])('AUD-02 · an export, a manifest and a checkpoint with %s are refused', (_, spoil) => {
    const lines = books.map((each) => JSON.stringify(each))
    const [first = '', ...rest] = lines
    expect(spoil(first)).not.toBe(first)
    const spoilt = file('export.jsonl', [spoil(first), ...rest].map((line) => `${line}\n`).join(''))
    expect(python('verify_trail.py', spoilt)).toMatchObject({
      status: 1,
      lines: [`record-malformed: line 1`, expect.anything()],
      stderr: '',
    })
    const text = formatCheckpoint(checkpoint)
    // The same fault at the checkpoint's own number.
    const checkpointOf = spoil(`{"key":1,"event":{"at":1},${text.slice(1)}`)
    expect(
      python(
        'verify_trail.py',
        ...[exportOf(books), '--checkpoint', file('checkpoint.json', checkpointOf)],
        ...['--manifest', file('manifest', manifest.map((line) => `${line}\n`).join(''))],
      ).status,
    ).toBe(2)
  })

  test('AUD-02 · a whole number beyond 2^53 in its own form is a number; a changed instant is found all the same', () => {
    const lines = exportOf(
      tampered((book) => (entry(book, 1).event = { ...entry(book, 1).event, at: 2 ** 60 })),
    )
    expect(readFileSync(lines, 'utf8')).toContain('1152921504606847000')
    expect(python('verify_trail.py', lines).lines[0]).toBe(`entry-changed: ${at}, entry 1`)
  })

  test('AUD-02, PRI-02 · a lone surrogate is no text: in place of U+FFFD it is found, as bytes it is not read', () => {
    const salt = '0'.repeat(32)
    const opening = JSON.stringify(['ccass-2fa/personal/1', salt, 'A\ufffd'])
    const given = tampered((book) => {
      const each = entry(book, 1)
      const digest = credentialIdOf(opening)
      Object.assign(each, { actor: { personal: 'identity', digest } })
      each.personal = { ...each.personal, identity: { ...each.personal?.identity, [digest]: opening } }
      rehash(book)
    })
    expect(python('verify_trail.py', exportOf(given)).status).toBe(0)
    const line = readFileSync(exportOf(given), 'utf8')
    const surrogate = python('verify_trail.py', file('export.jsonl', line.replace('A\ufffd', 'A\\ud800')))
    expect(surrogate).toMatchObject({
      status: 1,
      lines: [`personal-data-changed: ${at}, entry 1`, expect.anything()],
    })
    const [before = '', after = ''] = line.split('A\ufffd')
    const path = file('export.jsonl', '')
    writeFileSync(
      path,
      Buffer.concat([Buffer.from(before), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(after)]),
    )
    expect(python('verify_trail.py', path).status).toBe(2)
  })

  test('AUD-02 · the vectors fail with one wrong, an unknown group or a missing file', () => {
    const folder = join(home, 'vectors')
    const copy = () => {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
      cpSync(inPackage('vectors'), folder, { recursive: true })
    }
    copy()
    expect(python('check.py', folder)).toMatchObject({ status: 0, stderr: '' })
    const quota = join(folder, 'quota.json')
    const read = JSON.parse(readFileSync(quota, 'utf8'))
    read.vectors[0].expected.totals.total++
    writeFileSync(quota, JSON.stringify(read))
    const wrong = python('check.py', folder)
    expect(wrong.status).toBe(1)
    expect(wrong.lines.at(-1)).toMatch(/, 1 failed$/)
    copy()
    writeFileSync(join(folder, 'new.json'), JSON.stringify({ group: 'new', vectors: [] }))
    expect(python('check.py', folder)).toMatchObject({ status: 1 })
    copy()
    rmSync(quota)
    expect(python('check.py', folder)).toMatchObject({ status: 1 })
  })
})
