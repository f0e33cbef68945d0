/** DMS-05: what can still be done with a request that is closed, or at the instant at which it expires. */
import { describe, expect, test } from 'vitest'
import type { RecordKey, StoragePort } from '../../src/index.ts'
import {
  byTimeline,
  changing,
  checkerId,
  type DmsTestService,
  dmsTestService,
  entered,
  expectFoiled,
  getCode,
  keyAt,
  makerId,
  reviewed,
  subjectId,
} from '../support/dms.ts'
import { good, lastReason, refusal, testService } from '../support/test-service.ts'
import { loggedIn } from '../support/user-journeys.ts'

const notOpen = { code: 'request-not-open', rule: 'DMS-05' } as const
const surname = changing({ surname: 'WONG' })
const launched = { launch: Date.UTC(2023, 4, 1) }

/** The service over a storage that has lost some records. */
const losing = (service: DmsTestService, isLost: (key: RecordKey) => boolean) => {
  const load: StoragePort['load'] = async (keys) =>
    (await service.storage.load(keys)).map((record, i) => {
      const key = keys[i]
      return key !== undefined && isLost(key) ? undefined : record
    })
  return byTimeline({}, { ...service, storage: { ...service.storage, load } }, launched)
}

describe('DMS-05 · a request', () => {
  const closed = (operation: string, request: string) => ({
    ...{ of: checkerId, told: notOpen },
    reason: { operation, reason: 'request-closed', rule: 'DMS-05', subject: request },
  })

  test('that was withdrawn can neither be reviewed nor get a code, although it was reviewed before', async () => {
    const service = await dmsTestService()
    const { dms } = service.auth
    const { session } = service.checker
    const { request } = await entered(service, surname)
    const review = await reviewed(service, request)
    await good(dms.withdraw({ session: service.maker.session, request }))
    await expectFoiled(service, () => dms.review({ session, request }), closed('dms.review', request))
    await expectFoiled(
      service,
      () => dms.getAuthorisationCode({ session, review }),
      closed('dms.getAuthorisationCode', request),
    )
  })

  test('can be reviewed and get a code until its last millisecond', async () => {
    const service = await dmsTestService()
    const { dms } = service.auth
    const { request, expiresAt } = await entered(service, surname)
    service.clock.set(expiresAt - 120_000)
    const session = await loggedIn(service, service.checker)
    service.clock.set(expiresAt - 1)
    const review = await good(dms.review({ session, request }))
    await good(dms.getAuthorisationCode({ session, review }))
    service.clock.set(expiresAt)
    await expectFoiled(service, () => dms.review({ session, request }), closed('dms.review', request))
    await expectFoiled(
      service,
      () => dms.getAuthorisationCode({ session, review }),
      closed('dms.getAuthorisationCode', request),
    )
  })

  test('that does not exist is refused in the same way, and the trail names the reason', async () => {
    const service = await dmsTestService()
    const { session } = service.checker
    const unknown = 'f'.repeat(24)
    expect(await refusal(service.auth.dms.review({ session, request: unknown }))).toMatchObject({
      code: 'request-not-open',
    })
    expect(await lastReason(service, checkerId)).toBe('no-such-request')
  })
})

test('DMS-02 · a review by one person for both parts gives no code once the participant may no longer have one', async () => {
  const service = await dmsTestService({ policy: { dms: { onePersonParticipants: ['B01234'] } } })
  const { session } = service.maker
  const { request } = await entered(service, surname)
  const review = await reviewed(service, request, service.maker)
  const strict = byTimeline({}, service, launched)
  await expectFoiled(service, () => strict.dms.getAuthorisationCode({ session, review }), {
    of: makerId,
    told: { code: 'not-authorised', rule: 'DMS-02' },
    reason: {
      ...{ operation: 'dms.getAuthorisationCode', reason: 'maker-as-checker', rule: 'DMS-02' },
      subject: request,
    },
  })
})

test('DMS-11 · a maker names a checker who is limited to the maker’s part: the attempt counts, with its rule', async () => {
  const service = await dmsTestService({ policy: { dms: { makersOnly: [checkerId] } } })
  const { request } = await entered(service, surname)
  const { session } = service.maker
  await expectFoiled(
    service,
    () => service.auth.dms.confirm({ session, request, checkerId, authorisationCode: '00000000' }),
    {
      of: makerId,
      told: { code: 'authorisation-refused', rule: 'DMS-04' },
      reason: { operation: 'dms.confirm', reason: 'checker-maker-only', rule: 'DMS-11', subject: request },
    },
  )
})

test('DMS-04 · a code whose record was lost is refused as one that was never issued', async () => {
  const service = await dmsTestService()
  const { request } = await entered(service, surname)
  const code = await getCode(service, request)
  const lost = JSON.stringify(keyAt('authorisation', checkerId))
  const without = losing(service, (key) => JSON.stringify(key) === lost)
  const { session } = service.maker
  await expectFoiled(
    service,
    () => without.dms.confirm({ session, request, checkerId, authorisationCode: code }),
    {
      of: makerId,
      told: { code: 'authorisation-refused', rule: 'DMS-04' },
      reason: { operation: 'dms.confirm', reason: 'no-code-issued', rule: 'DMS-04', subject: request },
    },
  )
})

test('OBS-01 · each operation of DMS is observed under its own name', async () => {
  const names: string[] = []
  const observer = { operation: ({ operation }: { operation: string }) => names.push(operation) }
  const { auth } = testService({ between: (ports) => ({ ...ports, observer }) as typeof ports })
  const operations = Object.keys(auth.dms) as (keyof typeof auth.dms)[]
  for (const name of operations) await auth.dms[name]({} as never)
  expect(names).toEqual(operations.map((name) => `dms.${name}`))
})

test('AUD-08 · a refused operation of DMS is recorded under its own name', async () => {
  const service = await dmsTestService()
  const { session } = service.maker
  const request = 'f'.repeat(24)
  for (const name of ['withdraw', 'review'] as const) {
    await refusal<unknown>(service.auth.dms[name]({ session, request }))
    const trail = await service.storage.trail(keyAt('account', makerId), { after: 0, limit: 1_000 })
    expect(trail.at(-1)?.event).toMatchObject({ operation: `dms.${name}`, subject: request })
  }
})

test('ID-12 · a user that exists is not created again, even if the participant’s record has lost its User ID', async () => {
  const service = await dmsTestService()
  const { dms } = losing(service, ({ kind }) => kind === 'participant')
  const { session } = service.maker
  const entry = { kind: 'create', userId: subjectId, profile: {} } as const
  expect(await refusal(dms.enter({ session, entry }))).toMatchObject({ rule: 'ID-12' })
})

test('DMS-12 · a name is found in any case, also where lower and upper case do not map one to one', async () => {
  const service = await dmsTestService()
  const { session } = service.maker
  const found = async (name: string) =>
    (await good(service.auth.dms.findByName({ session, name }))).map(({ userId }) => userId)
  await good(service.auth.registry.change({ userId: subjectId, by: 'HKEX', changes: { surname: 'STRASSE' } }))
  expect(await found('strasse')).toEqual([subjectId])
  expect(await found('STRAßE')).toEqual([])
  await good(service.auth.registry.change({ userId: subjectId, by: 'HKEX', changes: { surname: 'Straße' } }))
  expect(await found('STRAßE')).toEqual([subjectId])
  expect(await found('STRASSE')).toEqual([])
})
