/** Smartcards until they are decommissioned: the host reports a card, and the access table decides. */
import { describe, expect, test } from 'vitest'
import { phases } from '../../src/access-control/timeline.ts'
import type { EntryInput } from '../../src/dms/enter-request.ts'
import type { Session } from '../../src/index.ts'
import { dates, decommissioning, launch, migratingService, spring, supplied } from '../support/migration.ts'
import {
  codeOf,
  count,
  eventsOf,
  good,
  lastReason,
  openedState,
  recordOf,
  refusal,
  type TestService,
} from '../support/test-service.ts'
import { locked, loggedIn, setUp, view } from '../support/user-journeys.ts'

const [user, noEmail, disabled, administrator, checker] = [
  'B0123401',
  'B0123403',
  'B012340W',
  'B01234X1',
  'B01234X2',
]
const srn = '0101101200012AB2'
const summer = launch + 1
const system = 'CCASS/CCMS'

/** A test service into which the supplied listing has been imported. */
const migrated = async (conditions: Parameters<typeof migratingService>[0] = {}): Promise<TestService> => {
  const service = migratingService(conditions)
  await good(service.auth.migration.apply({ lines: supplied(), by: 'HKEX' }))
  return service
}

const admitted = ({ auth }: TestService, userId: string = user) =>
  auth.smartcards.signIn({ userId, system: /[XYZ]\d$/.test(userId) ? 'DMS' : system })

test('MIG-03, MIG-08 · in the parallel run a smartcard creates the same kind of session before and after initialisation', async () => {
  const service = await migrated()
  service.clock.set(summer)
  const before = await good(service.auth.smartcards.signIn({ userId: user, system, srn }))
  expect(before).toMatchObject({
    userId: user,
    participant: 'B01234',
    role: 'User',
    system,
    method: 'Smartcard',
  })
  expect(await eventsOf(service, user)).toMatchObject([
    { type: 'Registered' },
    { type: 'SmartcardSignInCompleted', at: summer, rule: 'MIG-03', system, site: 'primary', srn },
  ])
  await setUp(service, user, 'MobileApp')
  expect((await good(admitted(service))).method).toBe('Smartcard')
  expect(await good(service.auth.sessions.check({ session: before }))).toBe(before)
})

test('MIG-05 · an account without email cannot initialise 2FA and still signs in by smartcard', async () => {
  const service = await migrated()
  service.clock.set(summer)
  expect((await good(admitted(service, noEmail))).userId).toBe(noEmail)
})

test('MIG-12 · a smartcard is accepted one millisecond before decommissioning; from that instant the smartcard and its sessions are refused', async () => {
  const service = await migrated()
  service.clock.set(decommissioning - 1)
  const session = await good(admitted(service))
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('ok')
  service.clock.set(decommissioning)
  expect(await refusal(admitted(service))).toEqual({
    code: 'smartcard-refused',
    rule: 'MIG-12',
    reason: 'decommissioned',
  })
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('session-ended')
})

test('MIG-09 · at the Backup Centre: allowed until launch, denied from launch', async () => {
  const service = await migrated()
  const atBackup = () => service.auth.smartcards.signIn({ userId: user, system, site: 'backup' })
  service.clock.set(launch - 1)
  const session = await good(atBackup())
  service.clock.set(launch)
  expect(await refusal(atBackup())).toEqual({
    code: 'smartcard-refused',
    rule: 'MIG-09',
    reason: 'backup-centre',
  })
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('session-ended')
  expect(await codeOf(admitted(service))).toBe('ok')
})

test('LOCK-12 · a lock also refuses the smartcard; a policy can lock 2FA alone', async () => {
  for (const blocksSmartcard of [true, false]) {
    const service = await migrated({ policy: { lockout: { blocksSmartcard } } })
    service.clock.set(summer)
    const session = await good(admitted(service))
    await locked(service, await setUp(service, user, 'MobileApp'))
    const answer = await codeOf(admitted(service))
    expect(answer).toBe(blocksSmartcard ? 'smartcard-refused' : 'ok')
    if (blocksSmartcard)
      expect(await refusal(admitted(service))).toMatchObject({ rule: 'LOCK-12', reason: 'locked' })
    // A session from before the lock is void in both cases (ACC-15).
    expect(await codeOf(service.auth.sessions.check({ session }))).toBe('session-ended')
  }
})

test('LOCK-12 · a sign-in by smartcard neither counts attempts nor clears counters', async () => {
  const service = await migrated()
  service.clock.set(summer)
  const person = await setUp(service, user, 'MobileApp')
  await service.auth.signIn.begin({ userId: user, password: 'Wrong-Horse-1!!!', system })
  await good(admitted(service))
  await refusal(service.auth.smartcards.signIn({ userId: user, system, site: 'backup' }))
  expect((await view(service, person)).failedAttempts).toMatchObject({ passwords: 1, otps: 0 })
})

describe('MIG-15 · the denial of a smartcard names its rule and is recorded in the trail', () => {
  test.each([
    ['no card', 'MIG-05', 'no-smartcard', { smartcard: null }],
    ['expired', 'MIG-17', 'certificate-expired', { smartcard: { srn, certificateExpiry: summer } }],
    ['DISABLED', 'ACC-05', 'disabled', { status: 'DISABLED' }],
    ['not yet enabled', 'ACC-06', 'not-yet-enabled', { enableFrom: '2023-06-06' }],
    ['no longer enabled', 'ACC-06', 'no-longer-enabled', { disableAfter: '2023-06-04' }],
  ] as const)('%s', async (_, rule, reason, changes) => {
    const service = await migrated()
    service.clock.set(summer)
    await good(service.auth.registry.change({ userId: user, by: 'HKEX', changes }))
    expect(await refusal(admitted(service))).toEqual({ code: 'smartcard-refused', rule, reason })
    expect(await lastReason(service, user)).toBe(reason)
  })

  test('MIG-19 · a smartcard other than the profile’s', async () => {
    const service = await migrated()
    service.clock.set(summer)
    const answer = await refusal(service.auth.smartcards.signIn({ userId: user, system, srn: 'ANOTHER1' }))
    expect(answer).toEqual({ code: 'smartcard-refused', rule: 'MIG-19', reason: 'another-smartcard' })
  })

  test('ACC-13 · a user in DMS, and a DA anywhere else', async () => {
    const service = await migrated()
    expect(await refusal(service.auth.smartcards.signIn({ userId: user, system: 'DMS' }))).toMatchObject({
      reason: 'users-do-not-enter-dms',
    })
    expect(await refusal(service.auth.smartcards.signIn({ userId: administrator, system }))).toMatchObject({
      reason: 'administrators-enter-dms-only',
    })
  })

  test('MIG-04 · an account created from launch on, regardless of its profile', async () => {
    const service = await migrated()
    service.clock.set(summer)
    const userId = 'B0123409'
    const card = { smartcard: { srn, certificateExpiry: decommissioning } }
    await good(
      service.auth.registry.register({ userId, role: 'User', origin: 'created', by: 'HKEX', ...card }),
    )
    expect(await refusal(admitted(service, userId))).toMatchObject({ rule: 'MIG-04' })
  })

  test('ID-12 · an account that does not exist or was deleted', async () => {
    const service = await migrated()
    await good(service.auth.registry.delete({ userId: disabled, by: 'HKEX' }))
    for (const userId of ['B0123499', disabled])
      expect(await refusal(admitted(service, userId))).toEqual({ code: 'unknown-account', rule: 'ID-12' })
    expect(await count(service, 'B0123499', 'CommandRefused')).toBe(1)
  })
})

test('MIG-15 · in every phase, at every site and for every account, the smartcard is accepted exactly if the access table allows it', async () => {
  const service = await migrated()
  const userIds = [user, noEmail, disabled, administrator]
  const instants = [Date.UTC(2022, 9, 1), spring, launch - 1, launch, decommissioning - 1, decommissioning]
  const seen = new Set<string>()
  for (const at of instants) {
    service.clock.set(at)
    for (const userId of userIds)
      for (const [resource, at_] of [
        ['terminal', system],
        ['DMS', 'DMS'],
      ] as const)
        for (const site of ['primary', 'backup'] as const) {
          const { decisions: access, request: question } = await good(
            service.auth.access.evaluate({ userId, resource, site }),
          )
          const answer = await codeOf(service.auth.smartcards.signIn({ userId, system: at_, site }))
          expect([userId, at, resource, site, answer === 'ok']).toEqual([
            userId,
            at,
            resource,
            site,
            access.smartcard.decision === 'allow',
          ])
          seen.add(question.phase)
        }
  }
  expect([...seen].sort()).toEqual([...phases].sort())
})

describe('MIG-19 · a smartcard session', () => {
  test('cannot use Change Password or Authentication Settings, and nothing is verified or counted', async () => {
    const service = await migrated()
    service.clock.set(summer)
    const person = await setUp(service, user, 'MobileApp')
    const session = await good(admitted(service))
    const { verify } = service.passwordHasher.calls
    const password = 'Another-Horse-1!'
    const change = { session, current: person.password, password, confirmation: password }
    for (const answer of [
      service.auth.selfService.changePassword(change),
      service.auth.selfService.changeDevice({ session }),
    ])
      expect(await refusal(answer)).toEqual({ code: 'smartcard-session-not-allowed', rule: 'MIG-19' })
    expect(service.passwordHasher.calls.verify).toBe(verify)
    expect(await lastReason(service, user)).toBe('smartcard-session')
    expect((await view(service, person)).failedAttempts.failedSignIns).toBe(0)
  })

  test('ACC-15 · can be sealed and opened, expires, and is void with the next sessionEpoch', async () => {
    const service = await migrated()
    service.clock.set(summer)
    const session = await good(service.auth.smartcards.signIn({ userId: user, system, srn }))
    const again: Session = await good(
      service.auth.sessions.open({ sealed: await good(service.auth.sessions.seal({ session })) }),
    )
    expect(again.method).toBe('Smartcard')
    expect(await codeOf(service.auth.sessions.check({ session: again }))).toBe('ok')
    await good(service.auth.registry.unlock({ userId: user, by: 'B01234X1' }))
    for (const each of [session, again])
      expect(await codeOf(service.auth.sessions.check({ session: each }))).toBe('session-ended')
    const late = await good(admitted(service))
    service.clock.set(late.expiresAt)
    expect(await codeOf(service.auth.sessions.check({ session: late }))).toBe('session-ended')
  })
})

/** A request that two DAs, signed in by card, entered and approved, and that waits for confirmation. */
const enteredByCards = async (service: TestService, entry: EntryInput) => {
  const [maker, other] = [
    await good(admitted(service, administrator)),
    await good(admitted(service, checker)),
  ]
  const { request } = await good(service.auth.dms.enter({ session: maker, entry }))
  const review = await good(service.auth.dms.review({ session: other, request }))
  const { code } = await good(service.auth.dms.getAuthorisationCode({ session: other, review }))
  const confirm = () =>
    service.auth.dms.confirm({ session: maker, request, checkerId: checker, authorisationCode: code })
  return { maker, confirm }
}

const emailByCards = (service: TestService, userId: string, email: string) =>
  enteredByCards(service, { kind: 'change', userId, changes: { email } })

describe('MIG-01 · DAs with smartcards register emails in DMS before 2FA is available', () => {
  const email = 'new@abc-securities.example'

  test('maker and checker can both sign in by smartcard', async () => {
    const service = await migrated()
    const { confirm } = await emailByCards(service, noEmail, email)
    await good(confirm())
    expect(openedState(await recordOf(service, noEmail))).toMatchObject({ email, emailRegisteredAt: spring })
    expect(
      (await good(service.auth.migration.lateRegistrations({ participant: 'B01234' }))).accounts,
    ).toEqual([])
  })

  test('MIG-02 · the deadline’s day counts as in time to its last millisecond; a later registration is accepted and reported as late', async () => {
    const midnight = Date.UTC(2023, 3, 28, 16)
    for (const [at, late] of [
      [midnight - 1, []],
      [midnight, [{ userId: noEmail, role: 'User', name: 'TEST TESTER', email, registeredAt: midnight }]],
    ] as const) {
      const service = await migrated()
      service.clock.set(at)
      await good((await emailByCards(service, noEmail, email)).confirm())
      const found = await good(service.auth.migration.lateRegistrations({ participant: 'B01234' }))
      expect(found).toEqual({ accounts: late })
    }
  })

  test('DMS-02 · a checker whose smartcard has been denied meanwhile cannot sign in at that moment and is refused', async () => {
    const service = await migrated()
    service.clock.set(decommissioning - 1)
    const { confirm } = await emailByCards(service, noEmail, email)
    service.clock.set(decommissioning)
    expect(await codeOf(confirm())).toBe('session-ended')
    expect((await recordOf(service, noEmail))?.state).not.toHaveProperty('email')
  })

  test('DMS-02 · a confirmation is refused if the checker’s smartcard was removed since, although the maker is signed in by 2FA', async () => {
    const service = await migrated()
    service.clock.set(summer)
    const { confirm } = await emailByCards(service, noEmail, email)
    const changes = { smartcard: null }
    await good(service.auth.registry.change({ userId: checker, by: 'HKEX', changes }))
    expect(await codeOf(confirm())).toBe('authorisation-refused')
    expect(await lastReason(service, administrator)).toBe('checker-no-smartcard')
  })
})

describe('MIG-20 · after decommissioning smartcards are removed from the profiles', () => {
  const card = async (service: TestService, userId: string) =>
    ((await recordOf(service, userId))?.state as { smartcard?: unknown } | undefined)?.smartcard

  test('by the next operation on the account, with an event, and never by one before', async () => {
    const service = await migrated()
    service.clock.set(decommissioning - 1)
    await service.auth.passwordSetUp.begin({ userId: user })
    expect(await card(service, user)).toMatchObject({ srn })
    service.clock.set(decommissioning)
    await service.auth.passwordSetUp.begin({ userId: user })
    expect(await card(service, user)).toBeUndefined()
    const retired = (await eventsOf(service, user)).filter(({ type }) => type === 'SmartcardDecommissioned')
    expect(retired).toEqual([{ type: 'SmartcardDecommissioned', at: decommissioning, rule: 'MIG-20', srn }])
  })

  test('of other accounts by a sweep, which finds nothing the second time, nor for a participant before its date', async () => {
    const service = await migrated({
      timeline: { ...dates, participants: { BNK999: { decommissioning: null } } },
    })
    const sweep = (participant: string) =>
      good(service.auth.migration.decommissionSmartcards({ participant, by: 'HKEX' }))
    expect(await sweep('B01234')).toEqual({ decommissioned: 0 })
    service.clock.set(decommissioning)
    expect(await sweep('B01234')).toEqual({ decommissioned: 6 })
    expect(await sweep('B01234')).toEqual({ decommissioned: 0 })
    expect(await sweep('BNK999')).toEqual({ decommissioned: 0 })
    expect(await card(service, administrator)).toBeUndefined()
    expect(await card(service, 'BNK99901')).toBeDefined()
  })

  test('ACC-04 · and until then no profile shows a smartcard', async () => {
    const soon = launch + 3_600_000
    const service = await migrated({ timeline: { launch, decommissioning: soon } })
    service.clock.set(launch)
    const session = await loggedIn(service, await setUp(service, administrator, 'MobileApp'))
    const shown = async () => (await good(service.auth.dms.find({ session, userId: user }))).smartcard
    const listed = async () =>
      (await good(service.auth.dms.listing({ session }))).profiles.filter(({ smartcard }) => smartcard).length
    service.clock.set(soon - 1)
    expect(await shown()).toMatchObject({ srn })
    expect(await listed()).toBe(5)
    service.clock.set(soon)
    expect([await shown(), await listed()]).toEqual([undefined, 0])
    expect(await card(service, user)).toMatchObject({ srn })
  })
})

describe('MIG-04, MIG-20 · no smartcard can be entered in DMS from launch on', () => {
  const smartcard = { srn: '0101101200099AB9', certificateExpiry: decommissioning }
  const changing = { kind: 'change', userId: noEmail, changes: { smartcard } } as const
  const refusedBy = (rule: string) => ({ code: 'not-authorised', rule })
  const card = async (service: TestService) =>
    ((await recordOf(service, noEmail))?.state as { smartcard?: object } | undefined)?.smartcard

  test('before launch it can, and takes effect', async () => {
    const service = await migrated()
    const { confirm } = await enteredByCards(service, changing)
    await good(confirm())
    expect(await card(service)).toEqual(smartcard)
  })

  test('one entered before launch cannot be confirmed after it', async () => {
    const service = await migrated()
    service.clock.set(launch - 1)
    const { confirm } = await enteredByCards(service, changing)
    service.clock.set(launch)
    expect(await refusal(confirm())).toEqual(refusedBy('MIG-20'))
    expect(await card(service)).not.toEqual(smartcard)
  })

  test('neither for an existing user nor for a new one, and an existing smartcard can be removed', async () => {
    const service = await migrated()
    service.clock.set(launch)
    const session = await good(admitted(service, administrator))
    const enter = (entry: EntryInput) => service.auth.dms.enter({ session, entry })
    await good(service.auth.registry.setMaximum({ participant: 'B01234', maximum: 20, by: 'HKEX' }))
    expect(await refusal(enter(changing))).toEqual(refusedBy('MIG-20'))
    const creating = { kind: 'create', userId: 'B0123477', profile: { smartcard } } as const
    expect(await refusal(enter(creating))).toEqual(refusedBy('MIG-04'))
    expect(await lastReason(service, administrator)).toBe('smartcard-from-launch')
    await good((await enteredByCards(service, { ...changing, changes: { smartcard: null } })).confirm())
    expect(await card(service)).toBeUndefined()
  })
})
