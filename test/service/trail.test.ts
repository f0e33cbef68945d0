/** The trail: who, what, when, by which rule; what was refused, and why; and what the vault keeps beside it. */
import { expect, test } from 'vitest'
import type { RefusalReason } from '../../src/index.ts'
import { rulebook } from '../../src/index.ts'
import {
  another,
  begun,
  codeOfNow,
  initialised,
  locked,
  loggedIn,
  mailed,
  passwordSet,
  registered,
  user,
  wrong,
  wrongCodes,
} from '../support/journeys.ts'
import { expectBooksInOrder } from '../support/ledger.ts'
import {
  codeOf,
  eventsOf,
  good,
  lastReason,
  ninetyDays,
  recordOf,
  trailOf,
  type World,
  world,
} from '../support/world.ts'

test('AUD-01 · every change is an entry: who, when, what, by which rule; the entries of one act share it', async () => {
  const w = world()
  const person = await initialised(w)
  await loggedIn(w, person)
  await locked(w, person)
  await good(w.auth.registry.unlock({ userId: user, by: 'HKEX on DA 3' }))
  const trail = await trailOf(w, user)
  const known = new Set<string>(rulebook.map(({ id }) => id))
  for (const { by, act, event } of trail) {
    expect(by).not.toBe('')
    expect(act).toMatch(/^[0-9a-f]{32}$/)
    expect(known).toContain(event.rule)
    expect(event.at).toBeLessThanOrEqual(w.clock.now())
  }
  expect([trail.at(0)?.by, trail.at(3)?.by, trail.at(-1)?.by]).toEqual(['HKEX', 'claimant', 'HKEX on DA 3'])
  const [rejected, lock] = trail.slice(-3, -1)
  expect([rejected?.event.type, lock?.event.type]).toEqual(['PasswordRejected', 'Locked'])
  expect(rejected?.act).toBe(lock?.act)
  expect(new Set(trail.map(({ act }) => act)).size).toBe(trail.length - 2)
  await expectBooksInOrder(w, user)
})

test('AUD-01 · the holder is named for what is done once logged in', async () => {
  const w = world()
  const person = await initialised(w)
  const principal = await loggedIn(w, person)
  const fresh = { password: another(1), confirmation: another(1) }
  await good(w.auth.selfService.changePassword({ principal, current: person.password, ...fresh }))
  await good(w.auth.selfService.changeDevice({ principal }))
  expect((await trailOf(w, user)).slice(-2).map(({ by, event }) => [by, event.type])).toEqual([
    [user, 'PasswordSet'],
    [user, 'DeviceChangeRequested'],
  ])
})

const begin = ({ auth }: World, password = 'Correct-Horse-1!', system: 'CCASS/CCMS' | 'DMS' = 'CCASS/CCMS') =>
  auth.signIn.begin({ userId: user, password, system })
const changed = async (w: World, changes: object) => {
  await initialised(w)
  await good(w.auth.registry.change({ userId: user, by: 'HKEX', changes }))
}

/** How each refusal comes about. */
const refusals: Readonly<Partial<Record<RefusalReason, (w: World) => Promise<unknown>>>> = {
  'unknown-user': (w) => codeOf(begin(w)),
  deleted: async (w) => {
    await registered(w, user)
    await good(w.auth.registry.delete({ userId: user, by: 'HKEX' }))
    await begin(w)
  },
  'user-id-taken': async (w) => {
    await registered(w, user)
    await w.auth.registry.register({ userId: user, role: 'User', origin: 'created', by: 'HKEX' })
  },
  locked: async (w) => {
    await locked(w, await initialised(w))
    await begin(w)
  },
  disabled: async (w) => {
    await changed(w, { status: 'DISABLED' })
    await begin(w)
  },
  'not-yet-enabled': async (w) => {
    await changed(w, { enableFrom: '2030-01-01' })
    await begin(w)
  },
  'no-longer-enabled': async (w) => {
    await changed(w, { disableAfter: '2020-01-01' })
    await begin(w)
  },
  'wrong-system': async (w) => {
    await initialised(w)
    await begin(w, 'Correct-Horse-1!', 'DMS')
  },
  'no-password-set': async (w) => {
    await registered(w, user)
    await begin(w)
  },
  'no-registered-email': async (w) => {
    await registered(w, user, { email: null })
    await w.auth.passwordSetUp.begin({ userId: user })
  },
  'email-otp-user': async (w) => {
    const principal = await loggedIn(w, await initialised(w, user, 'Email'))
    await w.auth.selfService.changeDevice({ principal })
  },
  'mobile-app-user': async (w) => {
    const { challenge } = await begun(w, await initialised(w))
    await w.auth.signIn.resendCode({ challenge })
  },
  'too-many-codes': async (w) => {
    const { challenge } = await begun(w, await initialised(w, user, 'Email'))
    for (let i = 0; i < 5; i++) await w.auth.signIn.resendCode({ challenge })
  },
  'too-many-set-up-misses': async (w) => {
    await initialised(w)
    const { challenge } = await good(w.auth.passwordSetUp.begin({ userId: user }))
    for (let i = 0; i < 10; i++)
      await w.auth.passwordSetUp.confirmCode({ challenge, code: wrong(mailed(w, user)) })
    await w.auth.passwordSetUp.begin({ userId: user })
  },
  'no-such-challenge': async (w) => {
    await initialised(w)
    await w.auth.signIn.confirmOtp({ challenge: `${user}.${'0'.repeat(32)}`, code: '123456' })
  },
  'challenge-expired': async (w) => {
    const person = await initialised(w)
    const { challenge } = await begun(w, person)
    w.clock.pass(600_000)
    await w.auth.signIn.confirmOtp({ challenge, code: person.phone.code() })
  },
  'no-channel-chosen': async (w) => {
    await registered(w, user)
    const { challenge } = await begun(w, { userId: user, password: await passwordSet(w, user) })
    await w.auth.channelSetUp.confirm({ challenge, code: '123456' })
  },
  'challenge-awaits-something-else': async (w) => {
    const person = await initialised(w)
    const { challenge } = await begun(w, person)
    await w.auth.channelSetUp.choose({ challenge, channel: 'Email' })
  },
  'principal-of-former-generation': async (w) => {
    const principal = await loggedIn(w, await initialised(w))
    await passwordSet(w, user, another(1))
    await w.auth.selfService.changeDevice({ principal })
  },
  'password-used-before': async (w) => {
    const person = await initialised(w)
    const principal = await loggedIn(w, person)
    const same = { current: person.password, password: person.password, confirmation: person.password }
    await w.auth.selfService.changePassword({ principal, ...same })
  },
  'password-changed-too-recently': async (w) => {
    const person = await initialised(w)
    const principal = await loggedIn(w, person)
    const fresh = { password: another(1), confirmation: another(1) }
    await w.auth.selfService.changePassword({ principal, current: person.password, ...fresh })
  },
}

const strict = { password: { history: 1, minimumAgeHours: 1 } }

test.each(Object.entries(refusals))(
  'AUD-03 · a refusal stands in the trail with its reason: %s',
  async (reason, bringAbout) => {
    const w = world({ policy: reason === 'password-used-before' ? { password: { history: 1 } } : strict })
    await bringAbout(w)
    expect(await lastReason(w, user)).toBe(reason)
    const refused = (await eventsOf(w, user)).at(-1)
    expect(refused).toMatchObject({
      type: reason === 'user-id-taken' ? 'AdministrationRefused' : 'ActRefused',
      act: expect.any(String),
      rule: expect.any(String),
    })
    await expectBooksInOrder(w, user)
  },
)

test('AUD-03 · a User ID without an account has a trail too, if somebody tried it; an account may follow', async () => {
  const w = world()
  await begin(w)
  await w.auth.passwordSetUp.begin({ userId: user })
  const page = await good(w.auth.audit.trail({ userId: user.toLowerCase() }))
  expect(page.map(({ event }) => event)).toMatchObject([
    { type: 'ActRefused', act: 'EnterPassword', reason: 'unknown-user' },
    { type: 'ActRefused', act: 'RequestPasswordCode', reason: 'unknown-user' },
  ])
  await loggedIn(w, await initialised(w))
  await expectBooksInOrder(w, user)
})

test('AUD-03 · the trail is read page by page', async () => {
  const w = world()
  await initialised(w)
  const all = await trailOf(w, user)
  const read = async (after: number | undefined, limit: number | undefined) =>
    (await good(w.auth.audit.trail({ userId: user, after, limit }))).map(({ seq }) => seq)
  expect(await read(undefined, undefined)).toEqual(all.map(({ seq }) => seq))
  expect(await read(2, 3)).toEqual([3, 4, 5])
  expect(await read(all.length, 10)).toEqual([])
  for (const bad of [{ limit: 0 }, { limit: 1_001 }, { after: -1 }, { after: 0.5 }])
    expect(await codeOf(w.auth.audit.trail({ userId: user, ...bad }))).toBe('malformed-input')
})

test('AUD-06 · the vault holds only what the state refers to, after every act of a life', async () => {
  const w = world({ policy: { password: { history: 1 } } })
  const look = () => expectBooksInOrder(w, user)
  const kept = async () => Object.values((await recordOf(w, user))?.vault ?? {}).length
  await registered(w, user)
  await look()
  const { challenge } = await good(w.auth.passwordSetUp.begin({ userId: user }))
  expect(await kept()).toBe(1) // the code
  await good(w.auth.passwordSetUp.confirmCode({ challenge, code: mailed(w, user) }))
  expect(await kept()).toBe(0)
  const password = another(1)
  await good(w.auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
  expect(await kept()).toBe(1) // the password
  const { challenge: first } = await begun(w, { userId: user, password })
  for (const channel of ['MobileApp', 'Email', 'MobileApp', 'Email'] as const)
    await good(w.auth.channelSetUp.choose({ challenge: first, channel }))
  expect(await kept()).toBe(2) // …and the newest choice’s code
  await good(w.auth.channelSetUp.confirm({ challenge: first, code: mailed(w, user) }))
  expect(await kept()).toBe(1)
  const person = { userId: user, password, channel: 'Email', system: 'CCASS/CCMS' } as const
  await wrongCodes(w, { ...person, phone: { code: () => '', secret: new Uint8Array(), typedIn: '' } }, 2)
  await look()
  w.clock.pass(ninetyDays)
  const { challenge: expired } = await begun(w, person)
  await good(
    w.auth.passwordSetUp.complete({ challenge: expired, password: another(2), confirmation: another(2) }),
  )
  expect(await kept()).toBe(2) // the password and the one before it
  await good(w.auth.registry.unlock({ userId: user, by: 'HKEX' }))
  expect(await kept()).toBe(1)
  await look()
  await good(w.auth.registry.delete({ userId: user, by: 'HKEX' }))
  expect(await kept()).toBe(0)
  await look()
})

test('AUD-06, OTP-04 · a device’s secret is sealed for its account alone', async () => {
  const w = world()
  const person = await initialised(w)
  const sealed = Object.values((await recordOf(w, user))?.vault ?? {}).find((text) => text.startsWith('v1.'))
  expect(await w.secretBox.open(sealed ?? '', `totp-secret:${user}`)).toEqual(person.phone.secret)
  await expect(w.secretBox.open(sealed ?? '', 'totp-secret:B0123402')).rejects.toThrow()
  expect(codeOfNow(w, person)).toMatch(/^\d{6}$/)
})
