/** The question that an account's record asks the access table, and what a session still asks of it. */
import { describe, expect, test } from 'vitest'
import type { Account, ExistingAccount } from '../../src/account/state.ts'
import type { ServiceContext } from '../../src/engine/context.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { accessRequestFor, signInDenial, smartcardDenial } from '../../src/session/access-check.ts'
import { good, refusal, testService } from '../support/test-service.ts'
import { administrator, initialised, loggedIn, registered, user } from '../support/user-journeys.ts'

const at = Date.UTC(2023, 5, 5, 1)
const id = { participant: 'B01234' }
const admitting = {
  policy: { ...defaultPolicy, smartcard: { ...defaultPolicy.smartcard, gatewayAdmitsNewAccounts: true } },
} as ServiceContext
const context = {
  policy: { ...defaultPolicy, smartcard: { ...defaultPolicy.smartcard, gatewayAdmitsNewAccounts: false } },
} as ServiceContext

const registeredAccount = {
  ...{ stage: 'Registered', userId: user, role: 'User', status: 'ENABLED', origin: 'created' },
  ...{ registeredAt: at, sessionEpoch: 0, sessions: [], challenges: [], codes: {}, passwordHistory: [] },
  ...{ failedAttempts: { passwords: 0, otps: 0 }, codesIssued: {}, failedEnrolmentAttempts: {} },
} as unknown as ExistingAccount
const asked = (
  change: object = {},
  resource: 'terminal' | 'DMS' | 'PG' = 'terminal',
  within: ServiceContext = context,
) =>
  accessRequestFor(within, id, { ...registeredAccount, ...change } as ExistingAccount, {
    ...{ resource, site: 'backup', at },
  })

describe('MIG-15 · the question about an account', () => {
  test('of a new account without anything', () => {
    expect(asked()).toStrictEqual({
      ...{ phase: asked().phase, createdFromLaunch: true, role: 'User', hasBusinessGroup: false },
      ...{ initialised: false, hasEmail: false, hasSmartcard: false, certificateExpired: false },
      ...{ resource: 'terminal', site: 'backup', locked: false, enabled: true },
      smartcardWhenLocked: defaultPolicy.lockout.blocksSmartcard ? 'closed' : 'open',
    })
  })

  test('an account is set up once it has a channel, also while it is locked', () => {
    const channel = { kind: 'Email' }
    expect(asked({ stage: 'Initialised', channel })).toMatchObject({ initialised: true, locked: false })
    expect(asked({ stage: 'Locked', channel: 'Email' })).toMatchObject({ initialised: true, locked: true })
    expect(asked({ stage: 'Locked' })).toMatchObject({ initialised: false, locked: true })
    expect(asked({ stage: 'PasswordSet', channel })).toMatchObject({ initialised: false, locked: false })
  })

  test('MIG-07 · new accounts have no card, except where the gateway admits them', () => {
    expect(asked({}, 'PG').createdFromLaunch).toBe(true)
    expect(asked({}, 'PG', admitting).createdFromLaunch).toBe(false)
    expect(asked({}, 'terminal', admitting).createdFromLaunch).toBe(true)
    expect(asked({ origin: 'migrated' }).createdFromLaunch).toBe(false)
  })

  test('FLD-04 · either date alone can disable it', () => {
    const [before, after] = ['2023-06-04', '2023-06-06']
    expect(asked({ enableFrom: after }).enabled).toBe(false)
    expect(asked({ disableAfter: before }).enabled).toBe(false)
    expect(asked({ enableFrom: before, disableAfter: after }).enabled).toBe(true)
    expect(asked({ enableFrom: before }).enabled).toBe(true)
    expect(asked({ disableAfter: after }).enabled).toBe(true)
    expect(asked({ status: 'DISABLED' }).enabled).toBe(false)
  })
})

test('ACC-12, ACC-13 · DMS and the terminal are asked for by their own names; an unknown account is not asked', () => {
  const unknown: Account = { stage: 'Unknown' }
  expect(signInDenial(context, id, unknown, 'DMS', at)).toBeUndefined()
  const target = { system: 'DMS', site: 'primary', at } as const
  expect(smartcardDenial(context, id, unknown, target)).toBeUndefined()
  const da = { ...registeredAccount, userId: administrator, role: 'DelegatedAdministrator' } as Account
  expect(signInDenial(context, id, da, 'DMS', at)).toBeUndefined()
  expect(signInDenial(context, id, da, 'CCASS/CCMS', at)).toBeDefined()
})

test('MIG-15 · access.evaluate repeats what was asked, at any instant and site', async () => {
  const service = testService()
  await registered(service, user)
  for (const resource of ['terminal', 'DMS'] as const)
    for (const site of ['primary', 'backup'] as const)
      for (const instant of [-1, 0, 8.64e15]) {
        const given = { userId: user, resource, site, at: instant }
        const answer = await good(service.auth.access.evaluate(given))
        expect(answer.at).toBe(instant)
        expect(answer.request).toMatchObject({ resource, site })
      }
  for (const wrong of [-8.64e15 - 1, 8.64e15 + 1, 0.5])
    expect(
      await refusal(service.auth.access.evaluate({ userId: user, resource: 'DMS', at: wrong })),
    ).toMatchObject({ code: 'malformed-input', field: 'at' })
})

test('MIG-03 · a launch that is postponed does not end sessions that were opened before', async () => {
  const service = testService()
  const person = await initialised(service, user)
  const session = await loggedIn(service, person)
  const postponed = testService({
    storage: service.storage,
    timeline: { launch: service.clock.now() + DAY },
  })
  postponed.clock.set(service.clock.now())
  expect(await good(postponed.auth.sessions.check({ session }))).toBe(session)
})

test('ACC-15 · a policy that sets a shorter length ends the sessions that a longer one opened', async () => {
  const service = testService()
  const session = await loggedIn(service, await initialised(service, user))
  const shorter = testService({
    storage: service.storage,
    policy: { session: { validSeconds: 3_600 } },
  })
  shorter.clock.set(session.signedInAt + HOUR - 1)
  expect(await good(shorter.auth.sessions.check({ session }))).toBe(session)
  shorter.clock.set(session.signedInAt + HOUR)
  expect(await refusal(shorter.auth.sessions.check({ session }))).toMatchObject({ code: 'session-ended' })
})

test('ACC-19 · a list shows the sessions that have not expired', async () => {
  const service = testService()
  const person = await initialised(service, user)
  await loggedIn(service, person)
  service.clock.pass(5 * HOUR)
  const later = await loggedIn(service, person)
  expect(await good(service.auth.sessions.list({ session: later }))).toHaveLength(2)
  service.clock.pass(4 * HOUR)
  const left = await good(service.auth.sessions.list({ session: later }))
  expect(left.map(({ current }) => current)).toEqual([true])
})

test('API-01, OBS-01 · what is no session is refused as such, and a sign-out is observed by its name', async () => {
  const seen: string[] = []
  const service = testService({
    between: (ports) => ({ ...ports, observer: { operation: ({ operation }) => void seen.push(operation) } }),
  })
  const refused = await refusal(service.auth.sessions.check({ session: {} as never }))
  expect(refused).toMatchObject({ code: 'malformed-input', field: 'session', problem: 'must be a session' })
  const session = await loggedIn(service, await initialised(service, user))
  await good(service.auth.sessions.signOut({ session }))
  expect(seen).toContain('sessions.signOut')
  expect(await refusal(service.auth.sessions.check({ session }))).toMatchObject({ code: 'session-ended' })
})
