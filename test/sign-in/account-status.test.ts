/** Status, dates and sign-in pages: which accounts can sign in, when and where. */
import { expect, test } from 'vitest'
import type { ProfileChanges } from '../../src/index.ts'
import {
  codeOf,
  count,
  eventsOf,
  good,
  lastReason,
  refusal,
  type TestService,
  testService,
} from '../support/test-service.ts'
import {
  administrator,
  begun,
  type ClientConnectPerson,
  initialised,
  locked,
  loggedIn,
  user,
  view,
  wrongPasswords,
} from '../support/user-journeys.ts'

const change = ({ auth }: TestService, changes: ProfileChanges, userId = user) =>
  good(auth.registry.change({ userId, by: 'B01234X1', changes }))

const tried = ({ auth }: TestService, { userId, password, system }: ClientConnectPerson) =>
  codeOf(auth.signIn.begin({ userId, password, system }))

/** 00:00:00.000 in Hong Kong on a day in 2023; the previous day ends a millisecond before. */
const midnight = (month: number, day: number) => Date.UTC(2023, month - 1, day) - 8 * 3_600_000

test('ACC-05 · a disabled account is refused, an enabled one can sign in, and the profile shows the status', async () => {
  const w = testService()
  const person = await initialised(w)
  expect((await change(w, { status: 'DISABLED' })).status).toBe('DISABLED')
  expect(await tried(w, person)).toBe('sign-in-refused')
  expect(await lastReason(w, user)).toBe('disabled')
  expect((await change(w, { status: 'ENABLED' })).status).toBe('ENABLED')
  expect(await tried(w, person)).toBe('ok')
})

test('ACC-05 · challenges opened before the account was disabled cannot be continued', async () => {
  const w = testService()
  const person = await initialised(w)
  const { challenge } = await begun(w, person)
  const { challenge: reset } = await good(w.auth.passwordSetUp.begin({ userId: user }))
  await change(w, { status: 'DISABLED' })
  expect(await codeOf(w.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe(
    'challenge-ended',
  )
  expect(
    await codeOf(w.auth.passwordSetUp.confirmCode({ challenge: reset, code: w.mailer.codeFor(user) ?? '' })),
  ).toBe('code-refused')
  expect(await lastReason(w, user)).toBe('disabled')
})

test('ACC-06 · Enable From and Disable After are Hong Kong days, both inclusive, to the millisecond', async () => {
  const w = testService()
  const person = await initialised(w)
  await change(w, { enableFrom: '2023-05-10', disableAfter: '2023-05-12' })
  const at = async (instant: number) => {
    w.clock.set(instant)
    const answer = await tried(w, person)
    return [answer, answer === 'ok' ? undefined : await lastReason(w, user)]
  }
  expect(await at(midnight(5, 10) - 1)).toEqual(['sign-in-refused', 'not-yet-enabled'])
  expect(await at(midnight(5, 10))).toEqual(['ok', undefined])
  expect(await at(midnight(5, 13) - 1)).toEqual(['ok', undefined])
  expect(await at(midnight(5, 13))).toEqual(['sign-in-refused', 'no-longer-enabled'])
})

test('ACC-06 · an account can be enabled for a single day, and its dates can be removed', async () => {
  const w = testService()
  const person = await initialised(w)
  await change(w, { enableFrom: '2023-05-10', disableAfter: '2023-05-10' })
  w.clock.set(midnight(5, 10) + 12 * 3_600_000)
  expect(await tried(w, person)).toBe('ok')
  w.clock.set(midnight(5, 20))
  expect(await tried(w, person)).toBe('sign-in-refused')
  const seen = await change(w, { disableAfter: null })
  expect(seen).not.toHaveProperty('disableAfter')
  expect(seen.enableFrom).toBe('2023-05-10')
  expect(await tried(w, person)).toBe('ok')
})

test('ACC-06 · status, dates and lock are independent: enabling does not unlock, and unlocking does not enable', async () => {
  const w = testService()
  const person = await initialised(w)
  await locked(w, person)
  await change(w, { status: 'DISABLED' })
  expect(await change(w, { status: 'ENABLED' })).toMatchObject({ locked: true, status: 'ENABLED' })
  expect(await tried(w, person)).toBe('sign-in-refused')
  expect(await lastReason(w, user)).toBe('locked')

  await change(w, { status: 'DISABLED', enableFrom: '2024-01-01' })
  const after = await good(w.auth.registry.unlock({ userId: user, by: administrator }))
  expect(after).toMatchObject({ locked: false, status: 'DISABLED', enableFrom: '2024-01-01' })
})

test('ACC-06 · wrong passwords for an account outside its dates or disabled are not counted', async () => {
  const w = testService()
  const person = await initialised(w)
  await change(w, { status: 'DISABLED' })
  await wrongPasswords(w, person, 10)
  await change(w, { status: 'ENABLED', disableAfter: '2023-05-01' })
  await wrongPasswords(w, person, 10)
  expect(await view(w, person)).toMatchObject({ locked: false, failedAttempts: { passwords: 0, otps: 0 } })
  expect(await count(w, user, 'CommandRefused')).toBe(20)
})

test('ACC-05 · a change without effect writes no entry', async () => {
  const w = testService()
  await initialised(w)
  const before = (await eventsOf(w, user)).length
  await change(w, { status: 'ENABLED', email: 'b0123401@example.com', disableAfter: null })
  await change(w, {})
  expect((await eventsOf(w, user)).length).toBe(before)
})

test('ACC-12 · users enter CCASS/CCMS, and Delegated Administrators enter DMS', async () => {
  const w = testService()
  const [one, da] = [await initialised(w, user), await initialised(w, administrator)]
  expect((await loggedIn(w, one)).system).toBe('CCASS/CCMS')
  expect((await loggedIn(w, da)).system).toBe('DMS')
})

test('ACC-13 · a user can never enter DMS, nor a DA CCASS/CCMS, even with the correct password, and nothing is counted', async () => {
  const w = testService()
  for (const person of [await initialised(w, user), await initialised(w, administrator)]) {
    const { userId, password } = person
    const system = person.system === 'DMS' ? 'CCASS/CCMS' : 'DMS'
    for (const given of [password, 'Wrong-Horse-00!!', password])
      expect(await refusal(w.auth.signIn.begin({ userId, password: given, system }))).toEqual({
        code: 'sign-in-refused',
        rule: 'LOCK-11',
      })
    expect(await lastReason(w, userId)).toBe(
      system === 'DMS' ? 'users-do-not-enter-dms' : 'administrators-enter-dms-only',
    )
    expect((await view(w, person)).failedAttempts.failedSignIns).toBe(0)
  }
})

test('ACC-13 · the role comes from the account and not from its ID: an imported user whose ID ends like a DA’s is a user', async () => {
  const w = testService()
  await good(
    w.auth.registry.register({
      ...{ userId: 'B01234X9', role: 'User', origin: 'imported', by: 'HKEX', email: 'a@example.com' },
    }),
  )
  const { auth } = w
  const { challenge } = await good(auth.passwordSetUp.begin({ userId: 'B01234X9' }))
  await good(auth.passwordSetUp.confirmCode({ challenge, code: w.mailer.codeFor('B01234X9') ?? '' }))
  const password = 'Sixteen-chars-1!'
  await good(auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
  expect(await codeOf(auth.signIn.begin({ userId: 'B01234X9', password, system: 'DMS' }))).toBe(
    'sign-in-refused',
  )
  expect(await codeOf(auth.signIn.begin({ userId: 'B01234X9', password, system: 'CCASS/CCMS' }))).toBe('ok')
})
