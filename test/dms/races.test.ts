/** Operations that interleave between loading and committing, and attackers who write to the storage. */
import { describe, expect, test } from 'vitest'
import type { StoragePort } from '../../src/index.ts'
import {
  arrived,
  changing,
  checkerId,
  confirming,
  type DmsTestService,
  dmsTestService,
  entered,
  expectFoiled,
  getCode,
  keyAt,
  makerId,
  stageOf,
  subjectId,
} from '../support/dms.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { codeOf, count, good, refusal } from '../support/test-service.ts'

/** A storage that runs another operation before its next commit, once. */
const interrupted = (inner: StoragePort) => {
  const next: { first?: () => Promise<unknown> } = {}
  const storage: StoragePort = {
    ...inner,
    commit: async (commit) => {
      const { first } = next
      delete next.first
      await first?.()
      return inner.commit(commit)
    },
  }
  return { storage, next }
}

describe.each(localTestBeds)('on $name', ({ open }) => {
  const opened = async () => {
    const { storage, next } = interrupted(open())
    const w = await dmsTestService({ storage })
    const { request } = await entered(w, changing({ surname: 'WONG' }))
    return { w, next, request, code: await getCode(w, request) }
  }

  test.each([
    [checkerId, 'authorisation-refused', 'checker-disabled', 'DMS-02'],
    [makerId, 'session-ended', 'session-ended', 'ACC-15'],
  ] as const)(
    'DMS-02, LOCK-09 · a confirmation is not written if %s is disabled between load and commit',
    async (userId, told, reason, rule) => {
      const { w, next, request, code } = await opened()
      next.first = () => good(w.auth.registry.change({ userId, by: 'HKEX', changes: { status: 'DISABLED' } }))
      await expectFoiled(w, () => confirming(w, request, code), {
        of: makerId,
        told: { code: told },
        reason: { operation: 'dms.confirm', reason, rule, subject: request },
      })
      expect(await stageOf(w, request)).toBe('Pending')
      expect(await count(w, subjectId, 'ProfileChanged')).toBe(0)
    },
  )

  test('DMS-05, LOCK-09 · a request is stale if the profile changes between load and commit', async () => {
    const { w, next, request, code } = await opened()
    const changes = { email: 'new@example.com' }
    next.first = () => good(w.auth.registry.change({ userId: subjectId, by: 'HKEX', changes }))
    expect(await refusal(confirming(w, request, code))).toMatchObject({ reason: 'stale' })
    expect(await count(w, subjectId, 'ProfileChanged')).toBe(1)
  })

  test('DMS-01, LOCK-09 · a request that is withdrawn between load and commit is not confirmed', async () => {
    const { w, next, request, code } = await opened()
    next.first = () => good(w.auth.dms.withdraw({ session: w.maker.session, request }))
    expect(await refusal(confirming(w, request, code))).toMatchObject({ reason: 'closed' })
    expect(await stageOf(w, request)).toBe('Withdrawn')
    expect(await count(w, subjectId, 'ProfileChanged')).toBe(0)
  })

  test('DMS-05, LOCK-09 · a request that is amended between load and commit is not confirmed: the code approves only the former entry', async () => {
    const { w, next, request, code } = await opened()
    const entry = changing({ surname: 'EVIL' })
    next.first = () => good(w.auth.dms.amend({ session: w.maker.session, request, entry }))
    expect(await refusal(confirming(w, request, code))).toMatchObject({ reason: 'amended' })
    expect(await count(w, subjectId, 'ProfileChanged')).toBe(0)
  })

  const codesOf = async ({ storage }: DmsTestService, checker: string) => {
    const [record] = await storage.load([keyAt('authorisation', checker)])
    if (record === undefined) throw new Error('no code was issued')
    return record
  }

  /** Replaces the newest code of a checker by the keyed hash of another code. */
  const planted = async (w: DmsTestService, checker: string, mac: string) => {
    const key = keyAt('authorisation', checker)
    const present = await codesOf(w, checker)
    const version = present.version + 1
    const vault = Object.fromEntries(Object.keys(present.vault).map((name) => [name, mac]))
    const trail = await w.storage.trail(key, { after: 0, limit: 1 })
    const write = {
      ...{ key, expectedVersion: present.version, record: { ...present, version, vault } },
      entries: trail.map((entry) => ({ ...entry, seq: version })),
    }
    expect(await w.storage.commit({ writes: [write], notices: [] })).toBe('committed')
  }
  const macOf = async (w: DmsTestService, checker: string) =>
    Object.values((await codesOf(w, checker)).vault)[0] ?? ''

  test('DMS-04, DMS-08 · a keyed hash is bound to its checker: copied into another’s record it is not accepted', async () => {
    const { w, request } = await opened()
    const theirs = await getCode(w, request, await arrived(w, 'B01234X3'))
    await planted(w, checkerId, await macOf(w, 'B01234X3'))
    expect(await codeOf(confirming(w, request, theirs))).toBe('authorisation-refused')
    expect(await stageOf(w, request)).toBe('Pending')
  })

  test('DMS-04, DMS-08 · a keyed hash is bound to its request: copied to another it is not accepted', async () => {
    const { w, request, code: former } = await opened()
    const mac = await macOf(w, checkerId)
    const other = await entered(w, changing({ surname: 'HO' }))
    await getCode(w, other.request)
    await planted(w, checkerId, mac)
    expect(await codeOf(confirming(w, other.request, former))).toBe('authorisation-refused')
    expect([await stageOf(w, request), await stageOf(w, other.request)]).toEqual(['Pending', 'Pending'])
  })
})
