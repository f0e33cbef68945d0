/** From the maker's page to the checker's code: every DMS operation of two Delegated Administrators. */
import { beforeEach, describe, expect, test } from 'vitest'
import {
  arrived,
  carriedThrough,
  changing,
  checkerId,
  confirming,
  creating,
  type DmsTestService,
  deleting,
  dmsTestService,
  entered,
  expectFoiled,
  getCode,
  lastOfCodes,
  makerId,
  reviewed,
  stageOf,
  storedAt,
  subjectId,
  trailAt,
  unlocking,
} from '../support/dms.ts'
import { localTestBeds } from '../support/test-beds.ts'
import { codeOf, eventsOf, good, refusal } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import { another, loggedIn, passwordSet, setUp, view, wrongPasswords } from '../support/user-journeys.ts'

const aDay = 86_400_000
const closed = { code: 'request-not-open', rule: 'DMS-05' } as const

describe.each(localTestBeds)('on $name', ({ open }) => {
  let service: DmsTestService
  beforeEach(async () => {
    service = await dmsTestService({ storage: open() })
  })

  const profile = async (userId: string = subjectId) =>
    good(service.auth.dms.find({ session: service.maker.session, userId }))
  const totals = () => good(service.auth.registry.totals({ participant: 'B01234' }))

  test('DMS-01 · nothing takes effect before the checker’s code is entered; then everything does, in one operation', async () => {
    const before = await profile()
    const { request, digest, expiresAt } = await entered(service, changing({ surname: 'WONG' }))
    expect(request).toMatch(/^[0-9a-f]{24}$/)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(expiresAt).toBe(service.clock.now() + aDay)
    const review = await reviewed(service, request)
    expect(review.contents).toEqual({
      ...{ request, digest, expiresAt, maker: makerId, checker: checkerId, enteredAt: service.clock.now() },
      entry: { ...changing({ surname: 'WONG' }), unlock: false },
      profile: before,
    })
    const { code } = await good(
      service.auth.dms.getAuthorisationCode({ session: service.checker.session, review }),
    )
    expect(code).toMatch(/^\d{8}$/)
    expect(await profile()).toEqual(before)

    expect(await good(confirming(service, request, code))).toBeUndefined()
    expect(await profile()).toEqual({ ...before, surname: 'WONG' })
    expect(await storedAt(service, 'request', request)).toMatchObject({
      ...{ stage: 'Confirmed', maker: makerId, checker: checkerId, closedAt: service.clock.now() },
    })
    const last = await Promise.all([
      trailAt(service, 'request', request),
      trailAt(service, 'authorisation', checkerId),
      trailAt(service, 'account', subjectId),
    ])
    const acts = last.map((trail) => trail.at(-1))
    expect(acts.map((entry) => entry?.event.type)).toEqual([
      'RequestConfirmed',
      'AuthorisationCodeUsed',
      'ProfileChanged',
    ])
    expect(new Set(acts.map((entry) => entry?.operationId)).size).toBe(1)
    expect(acts.map((entry) => entry?.actor)).toEqual([makerId, makerId, makerId])
    await expectTrailVerifies(service, subjectId)
  })

  test('DMS-03, QTA-01, ID-11 · a user created by the DAs starts like any other new user', async () => {
    const had = await totals()
    await carriedThrough(service, creating('b0123402', { email: 'two@example.com', surname: 'LEE' }))
    expect(await profile('B0123402')).toEqual({
      ...{ userId: 'B0123402', role: 'User', email: 'two@example.com', surname: 'LEE', status: 'ENABLED' },
    })
    expect(await totals()).toMatchObject({ total: had.total + 1, users: had.users + 1 })
    const person = await setUp(service, 'B0123402', 'MobileApp')
    expect((await loggedIn(service, person)).userId).toBe('B0123402')
    await expectTrailVerifies(service, 'B0123402')
  })

  test('DMS-03, ID-12, QTA-02 · deleting a user releases quota but not the User ID', async () => {
    const had = await totals()
    await carriedThrough(service, deleting())
    expect(await totals()).toMatchObject({ total: had.total - 1, available: had.available + 1 })
    const find = service.auth.dms.find({ session: service.maker.session, userId: subjectId })
    expect(await refusal(find)).toEqual({ code: 'unknown-account', rule: 'ID-12' })
    await expectFoiled(
      service,
      () => service.auth.dms.enter({ session: service.maker.session, entry: creating(subjectId) }),
      {
        of: makerId,
        told: { code: 'user-id-taken', rule: 'ID-12' },
        reason: { operation: 'dms.enter', reason: 'user-id-taken', rule: 'ID-12', subject: subjectId },
      },
    )
  })

  test.each([
    ['ACC-14 · email', { email: 'new@example.com' }],
    ['ACC-05 · dates', { enableFrom: '2023-05-01', disableAfter: '2023-12-31' }],
    ['ACC-05 · status', { status: 'DISABLED' }],
    ['MNT-10 · business user groups', { userGroups: ['11', 'AA'] }],
    ['DMS-07 · limits and names', { transactionLimits: { Default: '100.00' }, otherNames: 'SIU MING' }],
    [
      'DMS-07 · organisation and access',
      { organisation: 'B01234 ABC', internal: true, clearingHouseOptions: 'Cash', accessChannel: 'C3T' },
    ],
  ] as const)('%s of a user is changed by the DAs', async (_, changes) => {
    const before = await profile()
    await carriedThrough(service, changing({ ...changes }))
    expect(await profile()).toEqual({ ...before, ...changes })
    const removable = Object.keys(changes).filter((field) => field !== 'status')
    if (removable.length === 0) return
    await carriedThrough(service, changing(Object.fromEntries(removable.map((field) => [field, null]))))
    const gone = await profile()
    for (const field of removable) expect(gone).not.toHaveProperty(field)
  })

  test('ACC-14 · a change of email by the DAs voids a code that is still valid', async () => {
    const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: subjectId }))
    const code = service.mailer.codeFor(subjectId) ?? ''
    await carriedThrough(service, changing({ email: 'new@example.com' }))
    expect(await codeOf(service.auth.passwordSetUp.confirmCode({ challenge, code }))).not.toBe('ok')
  })

  test('ACC-06 · a user disabled by the DAs is refused at once, and after enabling signs in with the same credentials', async () => {
    const person = await setUp(service, subjectId, 'MobileApp')
    const session = await loggedIn(service, person)
    await carriedThrough(service, changing({ status: 'DISABLED' }))
    expect(await codeOf(service.auth.sessions.check({ session }))).toBe('session-ended')
    await carriedThrough(service, changing({ status: 'ENABLED' }))
    expect((await loggedIn(service, person)).userId).toBe(subjectId)
  })

  test('MNT-09, MNT-04 · an unlock works on locked and unlocked accounts, also together with a change in the same request', async () => {
    await setUp(service, subjectId, 'Email')
    await carriedThrough(service, unlocking())
    expect(await view(service, { userId: subjectId })).toMatchObject({ stage: 'Registered' })
    const changes = { email: 'new@example.com' }
    await carriedThrough(service, { kind: 'change', userId: subjectId, changes, unlock: true })
    const types = (await eventsOf(service, subjectId)).map(({ type }) => type)
    expect(types.slice(-2)).toEqual(['ProfileChanged', 'Unlocked'])
    await setUp(service, subjectId, 'Email')
  })

  test('DMS-01 · a request that a checker rejects, with a remark, has no effect', async () => {
    const before = await profile()
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    const code = await getCode(service, request)
    const review = await reviewed(service, request)
    const { session } = service.checker
    expect(await good(service.auth.dms.reject({ session, review, remark: 'not hers' }))).toBeUndefined()
    expect(await storedAt(service, 'request', request)).toMatchObject({
      ...{ stage: 'Rejected', checker: checkerId, remark: 'not hers' },
    })
    expect(await refusal(confirming(service, request, code))).toEqual({ ...closed, reason: 'closed' })
    expect(await refusal(service.auth.dms.reject({ session, review }))).toEqual({
      ...closed,
      reason: 'closed',
    })
    expect(await profile()).toEqual(before)
  })

  test('DMS-01 · a request can be withdrawn only by its maker, and then has no effect', async () => {
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    const code = await getCode(service, request)
    await expectFoiled(
      service,
      () => service.auth.dms.withdraw({ session: service.checker.session, request }),
      {
        of: checkerId,
        told: { code: 'not-authorised', rule: 'DMS-01' },
        reason: { operation: 'dms.withdraw', reason: 'not-the-maker', rule: 'DMS-01', subject: request },
      },
    )
    const { session } = service.maker
    expect(await good(service.auth.dms.withdraw({ session, request }))).toBeUndefined()
    expect(await stageOf(service, request)).toBe('Withdrawn')
    await expectFoiled(service, () => confirming(service, request, code), {
      of: makerId,
      told: { ...closed, reason: 'closed' },
      reason: { operation: 'dms.confirm', reason: 'request-closed', rule: 'DMS-05', subject: request },
    })
    expect(await codeOf(service.auth.dms.withdraw({ session, request }))).toBe('request-not-open')
  })

  test('DMS-05 · a request can be amended only by its maker, and the amended entry is confirmed', async () => {
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    service.clock.pass(1_000)
    const { session } = service.maker
    const entry = changing({ surname: 'HO' })
    const amended = await good(service.auth.dms.amend({ session, request, entry }))
    expect(amended).toMatchObject({ request, expiresAt: service.clock.now() + aDay })
    await expectFoiled(
      service,
      () => service.auth.dms.amend({ session: service.checker.session, request, entry }),
      {
        of: checkerId,
        told: { code: 'not-authorised', rule: 'DMS-01' },
        reason: { operation: 'dms.amend', reason: 'not-the-maker', rule: 'DMS-01', subject: subjectId },
      },
    )
    await good(confirming(service, request, await getCode(service, request)))
    expect(await profile()).toMatchObject({ surname: 'HO' })
    expect(await codeOf(service.auth.dms.amend({ session, request, entry }))).toBe('request-not-open')
  })

  test('DMS-05 · a request can be confirmed until its last millisecond, and has expired at the next', async () => {
    const first = await entered(service, changing({ surname: 'WONG' }))
    const { request, expiresAt } = await entered(service, changing({ surname: 'HO' }))
    service.clock.set(expiresAt - 1)
    await relogged()
    const { session } = service.maker
    service.clock.set(expiresAt - 1)
    const code = await getCode(service, request)
    service.clock.set(expiresAt)
    await expectFoiled(service, () => confirming(service, request, code), {
      of: makerId,
      told: { ...closed, reason: 'expired' },
      reason: { operation: 'dms.confirm', reason: 'request-expired', rule: 'DMS-05', subject: request },
    })
    expect(await stageOf(service, request)).toBe('Expired')
    expect(await lastOfCodes(service)).toMatchObject({ type: 'AuthorisationCodeIssued' })
    const late = { ...closed, reason: 'expired' }
    expect(await refusal(service.auth.dms.withdraw({ session, request: first.request }))).toEqual(late)
    expect(await stageOf(service, first.request)).toBe('Expired')
  })

  /** Both sign in again, some time before now. */
  const relogged = async () => {
    const now = service.clock.now()
    service.clock.set(now - 120_000)
    const [maker, checker] = [
      await loggedIn(service, service.maker),
      await loggedIn(service, service.checker),
    ]
    service = {
      ...service,
      maker: { ...service.maker, session: maker },
      checker: { ...service.checker, session: checker },
    }
    service.clock.set(now)
  }

  test('DMS-05 · an expired request is amended as one that has expired, and reviewed or rejected as one that is closed', async () => {
    const { request, expiresAt } = await entered(service, changing({ surname: 'WONG' }))
    service.clock.set(expiresAt - 1)
    await relogged()
    const review = await reviewed(service, request)
    service.clock.set(expiresAt)
    const { session } = service.checker
    expect(await refusal(service.auth.dms.review({ session, request }))).toEqual({
      ...closed,
      reason: 'closed',
    })
    const amend = service.auth.dms.amend({ session: service.maker.session, request, entry: deleting() })
    expect(await refusal(amend)).toEqual({ ...closed, reason: 'expired' })
    expect(await refusal(service.auth.dms.reject({ session, review }))).toEqual({
      ...closed,
      reason: 'closed',
    })
    expect((await trailAt(service, 'request', request)).map(({ event }) => event.type)).toEqual([
      ...['RequestEntered', 'RequestExpired'],
    ])
  })

  test('DMS-05 · a profile changed by another pair makes the request stale, and a new request succeeds', async () => {
    const pair = { maker: await arrived(service, 'B01234X3'), checker: await arrived(service, 'B01234X4') }
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    const code = await getCode(service, request)
    const others = { ...service, ...pair }
    const their = await entered(others, changing({ email: 'new@example.com' }))
    const theirCode = await getCode(others, their.request)
    await good(confirming(others, their.request, theirCode, { checker: 'B01234X4' }))
    await expectFoiled(service, () => confirming(service, request, code), {
      of: makerId,
      told: { ...closed, reason: 'stale' },
      reason: { operation: 'dms.confirm', reason: 'request-stale', rule: 'DMS-05', subject: request },
    })
    expect(await stageOf(service, request)).toBe('Stale')
    expect(await profile()).toMatchObject({ surname: 'CHAN', email: 'new@example.com' })
    await carriedThrough(service, changing({ surname: 'WONG' }))
    expect(await profile()).toMatchObject({ surname: 'WONG' })
  })

  test('DMS-05 · a sign-in, an enrolment or a failed attempt of the subject does not make the request stale', async () => {
    const person = await setUp(service, subjectId, 'MobileApp')
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    await loggedIn(service, person)
    const wrong = { userId: subjectId, password: 'Wrong-Horse-1!!!', system: 'CCASS/CCMS' } as const
    expect(await codeOf(service.auth.signIn.begin(wrong))).toBe('sign-in-refused')
    await good(confirming(service, request, await getCode(service, request)))
    expect(await profile()).toMatchObject({ surname: 'WONG' })
  })

  const unlocked = async () => good(service.auth.registry.unlock({ userId: subjectId, by: 'HKEX' }))
  const deleted = async () => good(service.auth.registry.delete({ userId: subjectId, by: 'HKEX' }))
  const locked = async () => wrongPasswords(service, { userId: subjectId }, 5)

  test.each([
    ['a disabled user', 'locked by wrong passwords', changing({ status: 'DISABLED' }), locked, undefined],
    ['a disabled user', 'unlocked', changing({ status: 'DISABLED' }), unlocked, undefined],
    ['a disabled user', 'deleted', changing({ status: 'DISABLED' }), deleted, 'stale'],
    ['an unlock', 'locked by wrong passwords', unlocking(), locked, undefined],
    ['an unlock', 'unlocked', unlocking(), unlocked, 'stale'],
    ['a deletion', 'locked by wrong passwords', deleting(), locked, undefined],
    ['a deletion', 'deleted', deleting(), deleted, 'stale'],
  ])(
    'DMS-05 · a request for %s, the account being %s meanwhile, is refused if that changed what was reviewed, and else confirmed',
    async (_, __, entry, end, reason) => {
      await setUp(service, subjectId, 'Email')
      const { request } = await entered(service, entry)
      const code = await getCode(service, request)
      await end()
      const answer = await confirming(service, request, code)
      expect(answer.isOk() ? undefined : answer.error).toEqual(
        reason === undefined ? undefined : { ...closed, reason },
      )
    },
  )

  test('DMS-05 · a password reset does not make the request to disable a user stale', async () => {
    const person = await setUp(service, subjectId, 'MobileApp')
    const { request } = await entered(service, changing({ status: 'DISABLED' }))
    const code = await getCode(service, request)
    const before = await storedAt(service, 'account', subjectId)
    await passwordSet(service, person.userId, another(1))
    expect((await storedAt(service, 'account', subjectId))?.['sessionEpoch']).not.toBe(
      before?.['sessionEpoch'],
    )
    await good(confirming(service, request, code))
    expect(await profile()).toMatchObject({ status: 'DISABLED' })
  })

  test('DMS-01 · a request that was never entered cannot be confirmed', async () => {
    await expectFoiled(
      service,
      () => service.auth.dms.enter({ session: service.maker.session, entry: changing({}) }),
      {
        of: makerId,
        told: { code: 'not-authorised', rule: 'DMS-01' },
        reason: { operation: 'dms.enter', reason: 'nothing-entered', rule: 'DMS-01', subject: subjectId },
      },
    )
  })

  test('ID-12 · a user that does not exist cannot be changed, deleted or unlocked', async () => {
    for (const entry of [changing({ surname: 'A' }, 'B0123499'), deleting('B0123499'), unlocking('b0123499')])
      await expectFoiled(service, () => service.auth.dms.enter({ session: service.maker.session, entry }), {
        of: makerId,
        told: { code: 'unknown-account', rule: 'ID-12' },
        reason: { operation: 'dms.enter', reason: 'unknown-user', rule: 'ID-12', subject: 'B0123499' },
      })
  })
})

test('QTA-03 · without quota a creation is refused when it is entered, and recorded; with quota it is entered', async () => {
  // Maker, checker and user use up the maximum.
  const service = await dmsTestService({ maximum: 3 })
  const { session } = service.maker
  const enter = () => service.auth.dms.enter({ session, entry: creating('B0123402', { surname: 'LEE' }) })
  await expectFoiled(service, enter, {
    of: makerId,
    told: { code: 'quota-exceeded', rule: 'QTA-03' },
    reason: { operation: 'dms.enter', reason: 'quota-exceeded', rule: 'QTA-03', subject: 'B0123402' },
  })
  await good(service.auth.registry.setMaximum({ participant: 'B01234', maximum: 4, by: 'HKEX' }))
  await good(enter())
})
