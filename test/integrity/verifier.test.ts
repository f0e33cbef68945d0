/** Verifying a record against its trail: every change to either is found at its place. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { trailVerifier } from '../../src/aggregates.ts'
import { recordKinds, type StoredRecord, type TrailEntry } from '../../src/index.ts'
import { entryHash, genesisHash } from '../../src/integrity/trail-hash.ts'
import { findingsIn, foundInTrail, inShort, ways } from '../audit/tampering.ts'
import { type Book, booksOf, everyKind } from '../support/all-kinds.ts'
import { branches } from '../support/branches.ts'

let books: readonly Book[]

beforeAll(async () => {
  books = await booksOf(await everyKind())
})

const bookOf = (id: string) => books.find(({ key }) => key.kind === 'account' && key.id === id) as Book

test('AUD-02 · an unchanged record of any kind has no findings', () => {
  expect(new Set(books.map(({ key }) => key.kind))).toEqual(new Set(recordKinds))
  expect(Math.max(...books.map(({ trail }) => trail.length))).toBeGreaterThan(10)
  for (const book of books) expect(findingsIn(book, book.trail)).toEqual([])
})

test.each(ways)(
  'AUD-02 · $way is found and located at each position of the trail of any kind',
  ({ at, found }) => {
    let tried = 0
    for (const book of books)
      for (const [i] of book.trail.entries()) {
        const tampered = at(book.trail, i)
        if (tampered === undefined) continue
        tried++
        const place = `${JSON.stringify(book.key)} at ${i + 1}`
        expect(foundInTrail(book, tampered), place).toEqual(found(i + 1, book.trail.length))
      }
    expect(tried).toBeGreaterThan(20)
  },
)

test('AUD-02 · two entries are suspected if they cannot be distinguished, and one if they can', () => {
  const { trail, ...book } = bookOf('B01234X1')
  const suspectsOf = (i: number, change: (entry: TrailEntry) => object) => {
    const tampered = trail.map((entry, at) => (at === i ? { ...entry, ...change(entry) } : entry))
    return findingsIn(book, tampered).flatMap((finding) => ('suspects' in finding ? finding.suspects : []))
  }
  const hash = 'f'.repeat(64)
  expect(suspectsOf(0, () => ({ actor: 'x' }))).toEqual([1])
  expect(suspectsOf(4, () => ({ actor: 'x' }))).toEqual([4, 5])
  expect(suspectsOf(4, () => ({ hash }))).toEqual([5])
  const fitted = (entry: TrailEntry) => {
    const other = { ...entry, actor: 'x' }
    return { ...other, hash: entryHash(trail[3]?.hash ?? '', other) }
  }
  expect(suspectsOf(4, fitted)).toEqual([5, 6])
})

describe('a record that does not match its trail is found', () => {
  const left = (id: string, change: (record: StoredRecord) => object) => {
    const { key, record, trail } = bookOf(id)
    return findingsIn({ key, record: { ...record, ...change(record) } }, trail)
  }
  const found = (...args: Parameters<typeof left>) => left(...args).map(inShort)

  test('AUD-01 · if its state was changed, in any kind', () => {
    for (const { key, record, trail } of books) {
      const state = { ...(record.state as object), more: 1 }
      expect(findingsIn({ key, record: { ...record, state } }, trail).map(inShort)).toEqual(['state-differs'])
    }
    for (const state of [null, 0, 'x', [], {}, undefined])
      expect(found('B01234X1', () => ({ state }))).toEqual(['state-differs'])
    expect(
      found('B01234X1', ({ state }) => ({
        state: { ...(state as object), failedAttempts: { passwords: 0 } },
      })),
    ).toEqual(['state-differs'])
  })

  test('AUD-06, AUD-02 · if its vault lacks an entry that the state refers to, has an extra one, or another value under the same name', () => {
    const { vault } = bookOf('B01234X1').record
    const [first = '', ...others] = Object.keys(vault)
    expect(others.length).toBeGreaterThan(0)
    const without = Object.fromEntries(Object.entries(vault).filter(([name]) => name !== first))
    expect(left('B01234X1', () => ({ vault: without }))).toMatchObject([
      { code: 'vault-differs', missing: [first], surplus: [], altered: [] },
    ])
    expect(left('B01234X1', () => ({ vault: { ...vault, more: 'x' } }))).toMatchObject([
      { code: 'vault-differs', missing: [], surplus: ['more'], altered: ['more'] },
    ])
    // An attacker's password hash in place of the holder's.
    const theirs = { ...vault, [first]: vault[others[0] ?? ''] }
    expect(left('B01234X1', () => ({ vault: theirs }))).toMatchObject([
      { code: 'vault-differs', missing: [], surplus: [], altered: [first] },
    ])
    for (const garbage of [null, 'x', [], { ...vault, [first]: 7 }, undefined])
      expect(found('B01234X1', () => ({ vault: garbage }))).toEqual(['vault-differs'])
  })

  test('AUD-02 · if its head or version was changed', () => {
    const { length } = bookOf('B01234X1').trail
    const other = 'f'.repeat(64)
    expect(found('B01234X1', () => ({ head: other }))).toEqual([`head-mismatch ${length}`])
    expect(found('B01234X1', () => ({ version: length + 3 }))).toEqual([`version-mismatch ${length + 3}`])
    expect(found('B01234X1', () => ({ version: length + 3, head: other }))).toEqual([
      `tail-truncated ${length + 1}`,
    ])
    // With only the version lowered, the head is another entry's hash; the caller checks the entries beyond
    // the version.
    expect(found('B01234X1', () => ({ version: length - 1 }))).toContain(`head-mismatch ${length - 1}`)
    for (const garbage of [
      { version: 0 },
      { version: '9' },
      { version: 1.5 },
      { head: 7 },
      { head: undefined },
    ])
      expect(found('B01234X1', () => garbage)).toEqual(['record-malformed'])
  })

  test('AUD-02 · if it belongs to another record, together with its trail', () => {
    const [here, there] = [bookOf('B01234X1'), bookOf('B01234X2')]
    expect(findingsIn({ key: here.key, record: there.record }, there.trail).map(inShort)).toEqual([
      'entry-changed 1',
    ])
  })

  test('AUD-02 · if its trail was rewritten or rolled back after a checkpoint', () => {
    const { key, record, trail } = bookOf('B01234X1')
    const held = (checkpointed: { readonly version: number; readonly head: string }) => {
      const verifier = trailVerifier(key, record, checkpointed)
      for (const entry of trail) verifier.add(entry)
      return verifier.finish().findings.map(inShort)
    }
    for (const { seq: version, hash: head } of trail) expect(held({ version, head })).toEqual([])
    expect(held({ version: 3, head: 'f'.repeat(64) })).toEqual(['rewritten 3'])
    expect(held({ version: trail.length + 1, head: 'f'.repeat(64) })).toEqual([
      `rolled-back ${trail.length + 1}`,
    ])
  })
})

test('AUD-02 · of three missing entries in a row one that appears late leaves the other two missing, each by its number', () => {
  const { trail, ...book } = bookOf('B01234X1')
  const [first, second, third, fourth] = [trail[0], trail[1], trail[2], trail[3]]
  expect(foundInTrail({ ...book, trail }, [first, trail[4], third, ...trail.slice(5)])).toEqual([
    'entry-reordered 3',
    'entry-missing 2',
    'entry-missing 4',
  ])
  expect(
    foundInTrail({ ...book, trail }, [first, trail[4], second, fourth, third, ...trail.slice(5)]),
  ).toEqual(['entry-reordered 2', 'entry-reordered 4', 'entry-reordered 3'])
})

test('AUD-01 · an event of an unknown type is reported although the chain is intact', () => {
  const { key, record, trail } = bookOf('B01234X1')
  const last = trail.at(-1) as TrailEntry
  const entry = { ...last, seq: last.seq + 1, event: { type: 'Promoted', at: 0, rule: 'AUD-01' } as const }
  const hash = entryHash(last.hash, entry)
  const longer = { key, record: { ...record, version: entry.seq, head: hash } }
  expect(findingsIn(longer, [...trail, { ...entry, hash }]).map(inShort)).toEqual([
    `event-unknown ${entry.seq}`,
  ])
})

/** A trail with one entry changed, and every hash from there on made to fit. */
const rechained = ({ key, record, trail }: Book, at: number, change: (entry: TrailEntry) => TrailEntry) => {
  let before = genesisHash(key)
  const entries = trail.map((entry, i) => {
    const changed = i === at ? change(entry) : entry
    before = entryHash(before, changed)
    return { ...changed, hash: before }
  })
  return findingsIn({ key, record: { ...record, head: before } }, entries).map(inShort)
}

test.each<[string, (entry: TrailEntry) => TrailEntry]>([
  ['a version that comes later', (entry) => ({ ...entry, eventVersion: entry.eventVersion + 1 })],
  ['the last version', (entry) => ({ ...entry, eventVersion: Number.MAX_SAFE_INTEGER })],
  ['another type', (entry) => ({ ...entry, event: { ...entry.event, type: 'Promoted' } })],
  ['the type __proto__', (entry) => ({ ...entry, event: { ...entry.event, type: '__proto__' } })],
  ['the type constructor', (entry) => ({ ...entry, event: { ...entry.event, type: 'constructor' } })],
  ['a type with its version', (entry) => ({ ...entry, event: { ...entry.event, type: 'Locked@1' } })],
])(
  'AUD-07 · %s is never replayed, in a chain made to match, in any kind of record and at any position',
  (_, change) => {
    for (const book of books)
      for (const [i] of book.trail.entries())
        expect(rechained(book, i, change), `${book.key.kind} at ${i + 1}`).toContain(`event-unknown ${i + 1}`)
  },
)

test.each([0, -1, 1.5, Number.NaN, 1e308, Number.POSITIVE_INFINITY, '1', '__proto__', null, [1]])(
  'AUD-07 · the version %o makes the entry malformed, in a chain made to match',
  (version) => {
    for (const book of books.slice(0, 8))
      expect(rechained(book, 0, (entry) => ({ ...entry, eventVersion: version as number }))).toContain(
        'entry-malformed 1',
      )
  },
)

test('AUD-02 · any input as record and entries is reported, and nothing is thrown', () => {
  let deep: unknown = []
  for (let i = 0; i < 50_000; i++) deep = [deep]
  const { key, record, trail } = bookOf('B01234X1')
  for (const state of [deep, { deep }])
    expect(findingsIn({ key, record: { ...record, state } }, trail)).not.toEqual([])
  const nested = { ...trail[0], event: { ...trail[0]?.event, deep } }
  expect(foundInTrail({ key, record, trail }, [nested, ...trail.slice(1)])).toEqual(['entry-changed 1'])
  fc.assert(
    fc.property(
      fc.constantFrom(...recordKinds),
      fc.anything(),
      fc.array(fc.oneof(fc.anything(), fc.constantFrom(...trail)), { minLength: 1 }),
      (kind, garbage, entries) => {
        const found = findingsIn({ key: { ...key, kind }, record: garbage }, entries)
        expect(found.length).toBeGreaterThan(0)
      },
    ),
  )
})

test('AUD-02 · any few manipulations of a long trail are found, and so is every single one', () => {
  const key = { participant: 'B01234', kind: 'participant', id: 'B01234' } as const
  const trail: TrailEntry[] = []
  let head = genesisHash(key)
  for (let seq = 1; seq <= 2_000; seq++) {
    const event = { type: 'MaximumSet', at: seq, rule: 'QTA-01', maximum: seq } as const
    const entry = { seq, actor: 'HKEX', operationId: `${seq}`, event, eventVersion: 1 }
    head = entryHash(head, entry)
    trail.push({ ...entry, hash: head })
  }
  const record = { version: 2_000, head, vault: {}, state: { stage: 'Known', allocated: {}, maximum: 2_000 } }
  expect(findingsIn({ key, record }, trail)).toEqual([])
  const where = fc.tuple(fc.constantFrom(...ways), fc.nat(1_999))
  const sane = where.filter(([{ way }]) => !way.startsWith('replaced by'))
  const seen = branches('one', 'several')
  fc.assert(
    fc.property(where, ([{ at, found }, i]) => {
      const tampered = at(trail, i)
      fc.pre(tampered !== undefined && tampered.length > 1_900)
      const expected = found(i + 1, trail.length)
      fc.pre(seen.hitIf('one', expected.length < 50))
      expect(foundInTrail({ key, record, trail }, tampered ?? [])).toEqual(expected)
    }),
    { numRuns: 30 },
  )
  fc.assert(
    fc.property(fc.array(sane, { minLength: 2, maxLength: 5 }), (several) => {
      const tampered = several.reduce<readonly unknown[]>(
        (left, [{ at }, i]) => at(left as readonly TrailEntry[], i) ?? left,
        trail,
      )
      fc.pre(seen.hitIf('several', JSON.stringify(tampered) !== JSON.stringify(trail)))
      expect(findingsIn({ key, record }, tampered).length).toBeGreaterThan(0)
    }),
    { numRuns: 30 },
  )
  seen.expectAll()
})

test('AUD-02 · after too many findings the rest is not verified', () => {
  const { key, record } = bookOf('B01234X1')
  const verifier = trailVerifier(key, { ...record, version: 1e6 })
  let taken = 0
  while (!verifier.isFull()) {
    verifier.add(null)
    taken++
  }
  expect(taken).toBe(100)
  expect(verifier.finish().findings.at(-1)).toMatchObject({ code: 'too-much', seq: 101 })
})
