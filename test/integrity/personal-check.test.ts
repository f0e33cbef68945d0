/** The personal data of a trail: what an erasure reaches, and what is verified. */
import { describe, expect, test } from 'vitest'
import { trailVerifier } from '../../src/aggregates.ts'
import { erasureIn, personalCheck } from '../../src/integrity/personal-check.ts'
import { genesisHash, newEntries } from '../../src/integrity/trail-hash.ts'
import { credentialIdOf } from '../../src/integrity/vault.ts'
import type { TrailEntry } from '../../src/ports/storage.ts'
import { booksOf } from '../support/all-kinds.ts'
import { good, testService } from '../support/test-service.ts'
import { registered, user } from '../support/user-journeys.ts'
import { chainOf, key } from './support.ts'

const entry = chainOf(1)[0] ?? expect.fail()

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
    ...entry,
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
})
