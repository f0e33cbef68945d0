/** The parts of a verification, each by itself: the chain, the shape of entries, personal data, the vault. */
import { describe, expect, test } from 'vitest'
import { trailVerifier } from '../../src/aggregates.ts'
import { chainVerifier } from '../../src/integrity/chain.ts'
import { entryOf } from '../../src/integrity/entry.ts'
import { erasureIn, personalCheck } from '../../src/integrity/personal-check.ts'
import { genesisHash, newEntries } from '../../src/integrity/trail-hash.ts'
import { credentialIdOf, notesErasures } from '../../src/integrity/vault.ts'
import type { RecordKey, TrailEntry } from '../../src/ports/storage.ts'
import { booksOf } from '../support/all-kinds.ts'
import { good, testService } from '../support/test-service.ts'
import { registered, user } from '../support/user-journeys.ts'

const key: RecordKey = { participant: 'B01234', kind: 'account', id: 'B0123401' }

/** A chain of so many entries. */
const chainOf = (length: number): readonly TrailEntry[] =>
  newEntries(
    { version: 0, head: genesisHash(key) },
    'operation',
    Array.from({ length }, (_, at) => ({
      actor: 'bench',
      event: { type: 'SignInRefused', at, rule: 'PW-11', reason: 'wrong-password' } as const,
    })),
    {},
  )

const five = chainOf(5)
const at = (seq: number) => five[seq - 1] ?? expect.fail()
const recordAt = (version: number) => ({ version, head: version === 0 ? '' : at(version).hash })

const problemsOf = (entries: readonly unknown[], record = recordAt(5)) => {
  const chain = chainVerifier(key, record)
  for (const entry of entries) chain.take(entry)
  chain.end()
  return chain.problems
}

describe('AUD-02 · the chain of a trail', () => {
  test('an entry that comes late fills its gap, and the other gaps are still missing', () => {
    expect(problemsOf([at(1), at(3), at(5), at(2)])).toEqual([
      { code: 'entry-reordered', rule: 'AUD-02', seq: 2 },
      { code: 'entry-missing', rule: 'AUD-02', seq: 4, to: 4 },
    ])
  })

  test('an entry that comes again after a gap is a duplicate, and not a late one', () => {
    expect(problemsOf([at(1), at(3), at(4), at(4), at(5)])).toEqual([
      { code: 'entry-duplicated', rule: 'AUD-02', seq: 4 },
      { code: 'entry-missing', rule: 'AUD-02', seq: 2, to: 2 },
    ])
  })

  test('an entry that comes again before a gap is a duplicate, and leaves the gap as it is', () => {
    const six = chainOf(6)
    const sixth = six[5] ?? expect.fail()
    const found = problemsOf([at(1), at(2), at(3), sixth, at(2)], { version: 6, head: sixth.hash })
    expect(found).toEqual([
      { code: 'entry-duplicated', rule: 'AUD-02', seq: 2 },
      { code: 'entry-missing', rule: 'AUD-02', seq: 4, to: 5 },
    ])
  })

  test('after a duplicate the next entry must still be chained to one of the two', () => {
    const changed = { ...at(3), actor: 'another' }
    expect(problemsOf([at(1), at(2), at(2), changed, at(4), at(5)]).map(({ code }) => code)).toEqual([
      'entry-duplicated',
      'entry-changed',
    ])
  })

  test('every problem names the rule', () => {
    const far = recordAt(5)
    expect(problemsOf([at(1), 'no entry', at(3), at(4), at(5)])).toEqual([
      { code: 'entry-malformed', rule: 'AUD-02', seq: 2 },
    ])
    expect(problemsOf([at(1), at(2)], { ...far, head: at(2).hash })).toEqual([
      { code: 'version-mismatch', rule: 'AUD-02', version: 5, entries: 2 },
    ])
    expect(problemsOf([at(1), at(2)])).toEqual([{ code: 'tail-truncated', rule: 'AUD-02', seq: 3, to: 5 }])
    expect(problemsOf(five, { ...far, head: 'f'.repeat(64) })).toEqual([
      { code: 'head-mismatch', rule: 'AUD-02', seq: 5 },
    ])
    const many = problemsOf(Array.from({ length: 200 }, () => at(1)))
    expect(many.at(-1)).toMatchObject({ code: 'too-much', rule: 'AUD-02' })
  })

  test('an entry is folded as long as all are at their places; after that it is lost', () => {
    const chain = chainVerifier(key, recordAt(5))
    expect(chain.take(at(1))).toBe(at(1))
    expect(chain.take(at(2))).toBe(at(2))
    expect(chain.take(at(2))).toBe('lost')
    expect(chain.take(at(3))).toBe('lost')
  })
})

test('AUD-02 · what lacks a member, or has one of another type, is no entry', () => {
  expect(entryOf(at(1))).toBe(at(1))
  for (const wrong of [
    ...[{ seq: 0 }, { seq: 1.5 }, { seq: '1' }, { actor: 1 }, { actor: undefined }, { operationId: 7 }],
    ...[{ hash: undefined }, { hash: 7 }, { eventVersion: 0 }, { eventVersion: '1' }],
    ...[{ event: 'SignInRefused' }, { event: { at: 1 } }, { event: { type: 7 } }, { event: null }],
  ])
    expect([wrong, entryOf({ ...at(1), ...wrong })]).toEqual([wrong, undefined])
})

test('AUD-06, PRI-02 · after an erasure, the vault notes what was erased, and another note is found', async () => {
  const service = testService()
  await registered(service, user)
  const { auth } = service
  await good(auth.personalData.erase({ userId: user, kinds: ['contact'], by: 'privacy officer' }))
  const found = (await booksOf(service)).find((book) => book.key.id === user) ?? expect.fail()
  const findings = (vault: Readonly<Record<string, string>>) => {
    const verifier = trailVerifier(found.key, { ...found.record, vault })
    for (const entry of found.trail) verifier.add(entry)
    return verifier.finish().findings
  }
  const { vault } = found.record
  expect(findings(vault)).toEqual([])
  const differs = { record: found.key, code: 'vault-differs', rule: 'AUD-06' }
  expect(findings({ ...vault, erasures: '{"contact":9}' })).toEqual([
    { ...differs, missing: [], surplus: [], altered: ['erasures'] },
  ])
  const { erasures: _, ...without } = vault
  expect(findings(without)).toEqual([{ ...differs, missing: ['erasures'], surplus: [], altered: [] }])
})

describe('PRI-02 · personal data in a trail', () => {
  const erasing = (seq: number, through: unknown): TrailEntry => ({
    ...at(1),
    seq,
    event: { type: 'PersonalDataErased', at: 1, rule: 'PRI-04', through, held: [] } as never,
  })
  const erasedBy = (entry: TrailEntry) => {
    const check = personalCheck(credentialIdOf)
    check.take(entry)
    return check.erased()
  }

  test('an erasure reaches only entries before it; what is no number erases nothing', () => {
    expect(erasedBy(erasing(5, { identity: 4 }))).toEqual({ identity: 4 })
    for (const through of [5, 6, '4', null, undefined])
      expect(erasedBy(erasing(5, { identity: through }))).toEqual({})
  })

  test('only an event named as an erasure is one', () => {
    const shape = { through: {}, held: [] }
    expect(erasureIn({ ...shape, type: 'PersonalDataErased' })).toBeDefined()
    expect(erasureIn({ ...shape, type: 'AccountRegistered' })).toBeUndefined()
  })

  test('the personal data of an entry that comes late is verified too', () => {
    const reference = { personal: 'identity', digest: credentialIdOf('genuine') } as const
    const named = newEntries(
      { version: 0, head: genesisHash(key) },
      'operation',
      [1, 2, 3].map((time) => ({
        actor: reference,
        event: { type: 'SignInRefused', at: time, rule: 'PW-11', reason: 'wrong-password' } as const,
        personal: { identity: { [reference.digest]: 'genuine' } },
      })),
      {},
    )
    const [first, second, third] = named
    const forged = { ...second, personal: { identity: { [reference.digest]: 'forged' } } }
    const verifier = trailVerifier(key, { version: 3, head: third?.hash, state: {}, vault: {} })
    for (const entry of [first, third, forged]) verifier.add(entry)
    expect(verifier.finish().findings.map(({ code }) => code)).toContain('personal-data-changed')
  })

  test('an entry without personal data has no member for it', () => {
    expect(Object.keys(at(1))).not.toContain('personal')
  })

  test('the note of erasures in a vault is a text, and says exactly what was erased', () => {
    expect(notesErasures('{"identity":3}', { identity: 3 })).toBe(true)
    for (const noted of ['{"identity":4}', '{}', 'not JSON', ['{"identity":3}'], undefined, 3])
      expect([noted, notesErasures(noted, { identity: 3 })]).toEqual([noted, false])
  })
})
