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
  const service = testService()
  const person = await initialised(service)
  expect((await change(service, { status: 'DISABLED' })).status).toBe('DISABLED')
  expect(await tried(service, person)).toBe('sign-in-refused')
  expect(await lastReason(service, user)).toBe('disabled')
  expect((await change(service, { status: 'ENABLED' })).status).toBe('ENABLED')
  expect(await tried(service, person)).toBe('ok')
})

test('ACC-05 · challenges opened before the account was disabled cannot be continued', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  const { challenge: reset } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  await change(service, { status: 'DISABLED' })
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe(
    'challenge-ended',
  )
  expect(
    await codeOf(
      service.auth.passwordSetUp.confirmCode({ challenge: reset, code: service.mailer.codeFor(user) ?? '' }),
    ),
  ).toBe('code-refused')
  expect(await lastReason(service, user)).toBe('disabled')
})

test('ACC-06 · Enable From and Disable After are Hong Kong days, both inclusive, to the millisecond', async () => {
  const service = testService()
  const person = await initialised(service)
  await change(service, { enableFrom: '2023-05-10', disableAfter: '2023-05-12' })
  const at = async (instant: number) => {
    service.clock.set(instant)
    const answer = await tried(service, person)
    return [answer, answer === 'ok' ? undefined : await lastReason(service, user)]
  }
  expect(await at(midnight(5, 10) - 1)).toEqual(['sign-in-refused', 'not-yet-enabled'])
  expect(await at(midnight(5, 10))).toEqual(['ok', undefined])
  expect(await at(midnight(5, 13) - 1)).toEqual(['ok', undefined])
  expect(await at(midnight(5, 13))).toEqual(['sign-in-refused', 'no-longer-enabled'])
})

test('ACC-06 · an account can be enabled for a single day, and its dates can be removed', async () => {
  const service = testService()
  const person = await initialised(service)
  await change(service, { enableFrom: '2023-05-10', disableAfter: '2023-05-10' })
  service.clock.set(midnight(5, 10) + 12 * 3_600_000)
  expect(await tried(service, person)).toBe('ok')
  service.clock.set(midnight(5, 20))
  expect(await tried(service, person)).toBe('sign-in-refused')
  const seen = await change(service, { disableAfter: null })
  expect(seen).not.toHaveProperty('disableAfter')
  expect(seen.enableFrom).toBe('2023-05-10')
  expect(await tried(service, person)).toBe('ok')
})

test('ACC-06 · status, dates and lock are independent: enabling does not unlock, and unlocking does not enable', async () => {
  const service = testService()
  const person = await initialised(service)
  await locked(service, person)
  await change(service, { status: 'DISABLED' })
  expect(await change(service, { status: 'ENABLED' })).toMatchObject({ locked: true, status: 'ENABLED' })
  expect(await tried(service, person)).toBe('sign-in-refused')
  expect(await lastReason(service, user)).toBe('locked')

  await change(service, { status: 'DISABLED', enableFrom: '2024-01-01' })
  const after = await good(service.auth.registry.unlock({ userId: user, by: administrator }))
  expect(after).toMatchObject({ locked: false, status: 'DISABLED', enableFrom: '2024-01-01' })
})

test('ACC-06 · wrong passwords for an account outside its dates or disabled are not counted', async () => {
  const service = testService()
  const person = await initialised(service)
  await change(service, { status: 'DISABLED' })
  await wrongPasswords(service, person, 10)
  await change(service, { status: 'ENABLED', disableAfter: '2023-05-01' })
  await wrongPasswords(service, person, 10)
  expect(await view(service, person)).toMatchObject({
    locked: false,
    failedAttempts: { passwords: 0, otps: 0 },
  })
  expect(await count(service, user, 'CommandRefused')).toBe(20)
})

test('ACC-05 · a change without effect writes no entry', async () => {
  const service = testService()
  await initialised(service)
  const before = (await eventsOf(service, user)).length
  await change(service, { status: 'ENABLED', email: 'b0123401@example.com', disableAfter: null })
  await change(service, {})
  expect((await eventsOf(service, user)).length).toBe(before)
})

test('ACC-12 · users enter CCASS/CCMS, and Delegated Administrators enter DMS', async () => {
  const service = testService()
  const [one, da] = [await initialised(service, user), await initialised(service, administrator)]
  expect((await loggedIn(service, one)).system).toBe('CCASS/CCMS')
  expect((await loggedIn(service, da)).system).toBe('DMS')
})

test('ACC-13 · a user can never enter DMS, nor a DA CCASS/CCMS, even with the correct password, and nothing is counted', async () => {
  const service = testService()
  for (const person of [await initialised(service, user), await initialised(service, administrator)]) {
    const { userId, password } = person
    const system = person.system === 'DMS' ? 'CCASS/CCMS' : 'DMS'
    for (const given of [password, 'Wrong-Horse-00!!', password])
      expect(await refusal(service.auth.signIn.begin({ userId, password: given, system }))).toEqual({
        code: 'sign-in-refused',
        rule: 'LOCK-11',
      })
    expect(await lastReason(service, userId)).toBe(
      system === 'DMS' ? 'users-do-not-enter-dms' : 'administrators-enter-dms-only',
    )
    expect((await view(service, person)).failedAttempts.failedSignIns).toBe(0)
  }
})

test('ACC-13 · the role comes from the account and not from its ID: an imported user whose ID ends like a DA’s is a user', async () => {
  const service = testService()
  await good(
    service.auth.registry.register({
      ...{ userId: 'B01234X9', role: 'User', origin: 'imported', by: 'HKEX', email: 'a@example.com' },
    }),
  )
  const { auth } = service
  const { challenge } = await good(auth.passwordSetUp.begin({ userId: 'B01234X9' }))
  await good(auth.passwordSetUp.confirmCode({ challenge, code: service.mailer.codeFor('B01234X9') ?? '' }))
  const password = 'Sixteen-chars-1!'
  await good(auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
  expect(await codeOf(auth.signIn.begin({ userId: 'B01234X9', password, system: 'DMS' }))).toBe(
    'sign-in-refused',
  )
  expect(await codeOf(auth.signIn.begin({ userId: 'B01234X9', password, system: 'CCASS/CCMS' }))).toBe('ok')
})
