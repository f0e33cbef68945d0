/** Who can be maker or checker, and for whom: mailboxes, limited DAs, clearing houses. */
import { describe, expect, test } from 'vitest'
import {
  arrived,
  byTimeline,
  changing,
  checkerId,
  confirming,
  creating,
  type DmsTestService,
  dmsTestService,
  entered,
  expectFoiled,
  getCode,
  makerId,
  reviewed,
  subjectId,
} from '../support/dms.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { good, testService } from '../support/test-service.ts'
import { loggedIn, registered } from '../support/user-journeys.ts'

describe.each(localTestBeds)('on $name', ({ open }) => {
  test('DMS-02 · two DAs with the same mailbox cannot be maker and checker of each other', async () => {
    const service = await dmsTestService({ storage: open() })
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    const code = await getCode(service, request)
    const { email = '' } = await good(service.auth.registry.view({ userId: makerId }))
    await good(
      service.auth.registry.change({
        userId: checkerId,
        by: 'HKEX',
        changes: { email: email.toUpperCase() },
      }),
    )
    const told = { code: 'maker-as-checker', rule: 'DMS-02' } as const
    const reason = { reason: 'shared-mailbox', rule: 'DMS-02', subject: request }
    const session = await loggedIn(service, service.checker)
    await expectFoiled(service, () => service.auth.dms.review({ session, request }), {
      of: checkerId,
      told,
      reason: { operation: 'dms.review', ...reason },
    })
    await expectFoiled(service, () => confirming(service, request, code), {
      of: makerId,
      told,
      reason: { operation: 'dms.confirm', ...reason },
    })
    await good(
      service.auth.registry.change({ userId: checkerId, by: 'HKEX', changes: { email: 'own@example.com' } }),
    )
    const again = { session: await loggedIn(service, service.checker) }
    await good(confirming(service, request, await getCode(service, request, again)))
  })

  test('DMS-02 · two DAs with the same mailbox can be maker and checker if HKEX allows the participant to have one person do both', async () => {
    const service = await dmsTestService({
      storage: open(),
      policy: { dms: { onePersonParticipants: ['B01234'] } },
    })
    const { email = '' } = await good(service.auth.registry.view({ userId: makerId }))
    await good(service.auth.registry.change({ userId: checkerId, by: 'HKEX', changes: { email } }))
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    const again = { session: await loggedIn(service, service.checker) }
    await good(confirming(service, request, await getCode(service, request, again)))
  })

  test('DMS-11 · a DA limited to one part is refused the other, and the refusal is recorded', async () => {
    const policy = { dms: { makersOnly: [makerId], checkersOnly: [checkerId] } }
    const service = await dmsTestService({ storage: open(), policy })
    const { session } = service.checker
    const told = { code: 'not-authorised', rule: 'DMS-11' } as const
    await expectFoiled(
      service,
      () => service.auth.dms.enter({ session, entry: changing({ surname: 'WONG' }) }),
      {
        of: checkerId,
        told,
        reason: { operation: 'dms.enter', reason: 'checker-only', rule: 'DMS-11', subject: subjectId },
      },
    )
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    const third = await arrived(service, 'B01234X3')
    const theirs = await entered(service, changing({ surname: 'HO' }), third)
    await expectFoiled(
      service,
      () => service.auth.dms.review({ session: service.maker.session, request: theirs.request }),
      {
        of: makerId,
        told,
        reason: { operation: 'dms.review', reason: 'maker-only', rule: 'DMS-11', subject: theirs.request },
      },
    )
    const byMaker = confirming(service, theirs.request, '00000000', { by: third, checker: makerId })
    expect((await byMaker)._unsafeUnwrapErr().code).toBe('authorisation-refused')
    await good(confirming(service, request, await getCode(service, request)))
  })

  test('MNT-12 · DAs of HKCC and of SEOCH under one participant key cannot maintain each other’s users', async () => {
    const service = testService({ storage: open() })
    await good(service.auth.registry.setMaximum({ participant: 'HKABC', maximum: 20, by: 'HKEX' }))
    const maker = await arrived(service, 'HKABC1X1')
    const checker = await arrived(service, 'HKABC2X1')
    const o: DmsTestService = { ...service, maker, checker }
    await registered(service, 'HKABC101', { surname: 'CHAN' })
    await registered(service, 'HKABC201', { surname: 'CHAN' })
    const told = { code: 'not-authorised', rule: 'MNT-12' } as const
    const reason = { reason: 'other-clearing-house', rule: 'MNT-12' }
    const { session } = maker
    for (const entry of [changing({ surname: 'WONG' }, 'HKABC201'), creating('HKABC202')])
      await expectFoiled(service, () => service.auth.dms.enter({ session, entry }), {
        of: 'HKABC1X1',
        told,
        reason: { operation: 'dms.enter', ...reason, subject: entry.userId },
      })
    await expectFoiled(service, () => service.auth.dms.find({ session, userId: 'HKABC201' }), {
      of: 'HKABC1X1',
      told,
      reason: { operation: 'dms.find', ...reason, subject: 'HKABC201' },
    })
    const named = await good(service.auth.dms.findByName({ session, name: 'chan' }))
    expect(named.map(({ userId }) => userId)).toEqual(['HKABC101'])
    const { request } = await entered(o, changing({ surname: 'WONG' }, 'HKABC101'))
    await expectFoiled(service, () => service.auth.dms.review({ session: checker.session, request }), {
      of: 'HKABC2X1',
      told,
      reason: { operation: 'dms.review', ...reason, subject: request },
    })
    // The profile names HKCC, which overrides the group digit.
    const changes = { clearingHouseOptions: 'HKCC' }
    await good(service.auth.registry.change({ userId: 'HKABC2X1', by: 'HKEX', changes }))
    const code = await getCode(o, request)
    await good(confirming(o, request, code, { checker: 'HKABC2X1' }))
  })

  test('MNT-12 · without assigned group digits only the participant key counts', async () => {
    const service = testService({ storage: open(), policy: { dms: { hkccGroups: [], seochGroups: [] } } })
    const maker = await arrived(service, 'HKABC1X1')
    await registered(service, 'HKABC201')
    const { session } = maker
    await good(service.auth.dms.enter({ session, entry: changing({ surname: 'WONG' }, 'HKABC201') }))
  })
})

test('DMS-02 · a review by one person for both parts gives no code once the participant may no longer have one', async () => {
  const service = await dmsTestService({ policy: { dms: { onePersonParticipants: ['B01234'] } } })
  const { session } = service.maker
  const { request } = await entered(service, changing({ surname: 'WONG' }))
  const review = await reviewed(service, request, service.maker)
  const strict = byTimeline({}, service, { launch: Date.UTC(2023, 4, 1) })
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
  const { request } = await entered(service, changing({ surname: 'WONG' }))
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
