/** What depends on policy and phase: one person for both parts, and what DAs may not do yet. */
import { describe, expect, test } from 'vitest'
import {
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
  unlocking,
} from '../support/dms.ts'
import { codeOf, good, lastReason, refusal } from '../support/test-service.ts'

const authorisationRefused = { code: 'authorisation-refused', rule: 'DMS-04' } as const
const notAuthorised = (rule: string) => ({ code: 'not-authorised', rule }) as const
const surname = changing({ surname: 'WONG' })

describe('a participant where one person may do both', () => {
  const policy = { dms: { onePersonParticipants: ['B01234'] } }

  test('DMS-02 · lets the maker review, issue and confirm, and the trail says that it was one person', async () => {
    const service = await dmsTestService({ policy })
    const { request } = await entered(service, surname)
    const code = await getCode(service, request, service.maker)
    await good(confirming(service, request, code, { checker: makerId.toLowerCase() }))
    expect(
      await good(service.auth.dms.find({ session: service.maker.session, userId: subjectId })),
    ).toMatchObject({
      surname: 'WONG',
    })
    const second = await entered(service, surname)
    const review = await reviewed(service, second.request, service.maker)
    await good(service.auth.dms.reject({ session: service.maker.session, review }))
    // Two people may still do it.
    const third = await entered(service, changing({ surname: 'HO' }))
    await good(confirming(service, third.request, await getCode(service, third.request)))
  })

  test('DMS-02 · still requires the code', async () => {
    const service = await dmsTestService({ policy })
    const { request } = await entered(service, surname)
    expect(await refusal(confirming(service, request, '00000000', { checker: makerId }))).toEqual(
      authorisationRefused,
    )
    expect(await lastReason(service, makerId)).toBe('no-code-issued')
  })

  test('DMS-02 · does not extend the permission to other participants', async () => {
    const service = await dmsTestService({ policy: { dms: { onePersonParticipants: ['B09999'] } } })
    const { request } = await entered(service, surname)
    expect(await codeOf(service.auth.dms.review({ session: service.maker.session, request }))).toBe(
      'maker-as-checker',
    )
    expect(await codeOf(confirming(service, request, '0', { checker: makerId }))).toBe('maker-as-checker')
  })
})

describe('a request that DAs may not make in the current phase', () => {
  const launch = Date.UTC(2023, 5, 5, 1)
  const refusedBy = async (service: DmsTestService, entry: typeof surname, rule: string) =>
    expectFoiled(service, () => service.auth.dms.enter({ session: service.maker.session, entry }), {
      of: makerId,
      told: notAuthorised(rule),
      reason: { operation: 'dms.enter', reason: 'not-by-this-route', rule, subject: entry.userId },
    })

  test('MNT-07, MIG-03 · before launch, DAs can change profiles and emails but cannot create or unlock users', async () => {
    const service = await dmsTestService({ timeline: { launch } })
    await refusedBy(service, creating('B0123405'), 'MNT-07')
    await refusedBy(service, unlocking(), 'MIG-03')
    await refusedBy(
      service,
      { kind: 'change', userId: subjectId, changes: { surname: 'A' }, unlock: true },
      'MIG-03',
    )
    for (const changes of [{ surname: 'A' }, { email: 'a@example.com' }, { userGroups: ['AA'] }]) {
      const { request } = await entered(service, changing(changes))
      await good(confirming(service, request, await getCode(service, request)))
    }
  })

  test('MIG-01 · before registration, no email can be entered', async () => {
    const from = Date.UTC(2023, 4, 20)
    const dates = { emailRegistrationFrom: from, emailRegistrationUntil: '2023-05-31', launch }
    const service = await dmsTestService({ timeline: dates })
    await refusedBy(service, changing({ email: 'a@example.com' }), 'MIG-01')
    await entered(service, surname)
  })

  test('MNT-07, MIG-03 · when launch is moved to a later date, requests already entered cannot be confirmed, and their codes are not used up', async () => {
    const service = await dmsTestService()
    const early = byTimeline({}, service, { launch })
    for (const [entry, rule] of [
      [creating('B0123405'), 'MNT-07'],
      [unlocking(), 'MIG-03'],
    ] as const) {
      const { request } = await entered(service, entry)
      const code = await getCode(service, request)
      await expectFoiled(service, () => confirming(service, request, code, { auth: early }), {
        of: makerId,
        told: notAuthorised(rule),
        reason: { operation: 'dms.confirm', reason: 'not-by-this-route', rule, subject: request },
      })
      await good(confirming(service, request, code))
    }
  })

  test('MNT-10 · after decommissioning only HKEX assigns a DA’s groups, and a DA still cannot', async () => {
    const dates = { launch: Date.UTC(2023, 4, 1), decommissioning: Date.UTC(2023, 4, 2) }
    const service = await dmsTestService({ timeline: dates })
    await expectFoiled(
      service,
      () =>
        service.auth.dms.enter({
          session: service.maker.session,
          entry: changing({ userGroups: ['AA'] }, checkerId),
        }),
      {
        of: makerId,
        told: notAuthorised('MNT-08'),
        reason: {
          operation: 'dms.enter',
          reason: 'subject-is-an-administrator',
          rule: 'MNT-08',
          subject: checkerId,
        },
      },
    )
    await entered(service, changing({ userGroups: ['AA'] }))
  })
})
