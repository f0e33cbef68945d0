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
    const service = await dmsTestService({ storage })
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    return { service, next, request, code: await getCode(service, request) }
  }

  test.each([
    [checkerId, 'authorisation-refused', 'checker-disabled', 'DMS-02'],
    [makerId, 'session-ended', 'session-ended', 'ACC-15'],
  ] as const)(
    'DMS-02, LOCK-09 · a confirmation is not written if %s is disabled between load and commit',
    async (userId, told, reason, rule) => {
      const { service, next, request, code } = await opened()
      next.first = () =>
        good(service.auth.registry.change({ userId, by: 'HKEX', changes: { status: 'DISABLED' } }))
      await expectFoiled(service, () => confirming(service, request, code), {
        of: makerId,
        told: { code: told },
        reason: { operation: 'dms.confirm', reason, rule, subject: request },
      })
      expect(await stageOf(service, request)).toBe('Pending')
      expect(await count(service, subjectId, 'ProfileChanged')).toBe(0)
    },
  )

  test('DMS-05, LOCK-09 · a request is stale if the profile changes between load and commit', async () => {
    const { service, next, request, code } = await opened()
    const changes = { email: 'new@example.com' }
    next.first = () => good(service.auth.registry.change({ userId: subjectId, by: 'HKEX', changes }))
    expect(await refusal(confirming(service, request, code))).toMatchObject({ reason: 'stale' })
    expect(await count(service, subjectId, 'ProfileChanged')).toBe(1)
  })

  test('DMS-01, LOCK-09 · a request that is withdrawn between load and commit is not confirmed', async () => {
    const { service, next, request, code } = await opened()
    next.first = () => good(service.auth.dms.withdraw({ session: service.maker.session, request }))
    expect(await refusal(confirming(service, request, code))).toMatchObject({ reason: 'closed' })
    expect(await stageOf(service, request)).toBe('Withdrawn')
    expect(await count(service, subjectId, 'ProfileChanged')).toBe(0)
  })

  test('DMS-05, LOCK-09 · a request that is amended between load and commit is not confirmed: the code approves only the former entry', async () => {
    const { service, next, request, code } = await opened()
    const entry = changing({ surname: 'EVIL' })
    next.first = () => good(service.auth.dms.amend({ session: service.maker.session, request, entry }))
    expect(await refusal(confirming(service, request, code))).toMatchObject({ reason: 'amended' })
    expect(await count(service, subjectId, 'ProfileChanged')).toBe(0)
  })

  const codesOf = async ({ storage }: DmsTestService, checker: string) => {
    const [record] = await storage.load([keyAt('authorisation', checker)])
    if (record === undefined) throw new Error('no code was issued')
    return record
  }

  /** Replaces the newest code of a checker by the keyed hash of another code. */
  const planted = async (service: DmsTestService, checker: string, mac: string) => {
    const key = keyAt('authorisation', checker)
    const present = await codesOf(service, checker)
    const version = present.version + 1
    const vault = Object.fromEntries(Object.keys(present.vault).map((name) => [name, mac]))
    const trail = await service.storage.trail(key, { after: 0, limit: 1 })
    const write = {
      ...{ key, expectedVersion: present.version, record: { ...present, version, vault } },
      entries: trail.map((entry) => ({ ...entry, seq: version })),
    }
    expect(await service.storage.commit({ writes: [write], notices: [] })).toBe('committed')
  }
  const macOf = async (service: DmsTestService, checker: string) =>
    Object.values((await codesOf(service, checker)).vault)[0] ?? ''

  test('DMS-04, DMS-08 · a keyed hash is bound to its checker: copied into another’s record it is not accepted', async () => {
    const { service, request } = await opened()
    const theirs = await getCode(service, request, await arrived(service, 'B01234X3'))
    await planted(service, checkerId, await macOf(service, 'B01234X3'))
    expect(await codeOf(confirming(service, request, theirs))).toBe('authorisation-refused')
    expect(await stageOf(service, request)).toBe('Pending')
  })

  test('DMS-04, DMS-08 · a keyed hash is bound to its request: copied to another it is not accepted', async () => {
    const { service, request, code: former } = await opened()
    const mac = await macOf(service, checkerId)
    const other = await entered(service, changing({ surname: 'HO' }))
    await getCode(service, other.request)
    await planted(service, checkerId, mac)
    expect(await codeOf(confirming(service, other.request, former))).toBe('authorisation-refused')
    expect([await stageOf(service, request), await stageOf(service, other.request)]).toEqual([
      'Pending',
      'Pending',
    ])
  })
})
