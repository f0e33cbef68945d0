/** Attempts and lockout in sequence; the storms cover concurrent attempts. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { branches } from '../support/branches.ts'
import { codeOf, count, good, lastReason, lastRefusal, testService } from '../support/test-service.ts'
import {
  administrator,
  another,
  begun,
  codeOfNow,
  initialised,
  locked,
  loggedIn,
  mailed,
  passwordSet,
  registered,
  setUp,
  user,
  view,
  wrong,
  wrongCodes,
  wrongPasswords,
} from '../support/user-journeys.ts'

test.each([user, administrator])(
  'LOCK-01 · the fifth wrong password locks the account, and the fourth does not (%s)',
  async (userId) => {
    const service = testService()
    const person = await initialised(service, userId)
    expect(await wrongPasswords(service, person, 4)).toEqual(Array(4).fill('sign-in-refused'))
    expect(await view(service, person)).toMatchObject({ locked: false, failedAttempts: { failedSignIns: 4 } })
    expect(await wrongPasswords(service, person, 1)).toEqual(['sign-in-refused'])
    expect(await view(service, person)).toMatchObject({ locked: true, failedAttempts: { passwords: 5 } })
  },
)

test('LOCK-01 · an account whose channel is not enrolled is locked too', async () => {
  const service = testService()
  await registered(service, user)
  await passwordSet(service, user)
  await wrongPasswords(service, { userId: user }, 5)
  const seen = await view(service, { userId: user })
  expect(seen.locked).toBe(true)
  expect(seen).not.toHaveProperty('channel')
})

test('LOCK-02, LOCK-04 · three wrong OTPs count as one failed sign-in, and fifteen lock the account', async () => {
  const service = testService()
  const person = await initialised(service)
  expect(await wrongCodes(service, person, 3)).toEqual(['code-refused', 'code-refused', 'challenge-ended'])
  expect((await view(service, person)).failedAttempts).toEqual({ passwords: 0, otps: 3, failedSignIns: 1 })
  await wrongCodes(service, person, 11)
  expect(await view(service, person)).toMatchObject({ locked: false, failedAttempts: { failedSignIns: 4 } })
  expect(await wrongCodes(service, person, 1)).toEqual(['challenge-ended'])
  expect(await view(service, person)).toMatchObject({ locked: true, failedAttempts: { otps: 15 } })
})

test('LOCK-03 · only a complete sign-in clears the counters, and not a correct password, a cancellation or a resend', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  await wrongPasswords(service, person, 4)
  await wrongCodes(service, person, 2)
  const { challenge } = await begun(service, person)
  await good(service.auth.signIn.resendCode({ challenge }))
  await good(service.auth.signIn.cancel({ challenge }))
  service.clock.pass(7 * 86_400_000)
  await begun(service, person)
  expect((await view(service, person)).failedAttempts).toEqual({ passwords: 4, otps: 2, failedSignIns: 4 })
  await loggedIn(service, person)
  expect((await view(service, person)).failedAttempts).toEqual({ passwords: 0, otps: 0, failedSignIns: 0 })
  await wrongPasswords(service, person, 4)
  expect((await view(service, person)).locked).toBe(false)
})

test('LOCK-03 · verifying the old device does not complete a sign-in, and clears no counter', async () => {
  const service = testService()
  const person = await initialised(service)
  await good(service.auth.selfService.changeDevice({ session: await loggedIn(service, person) }))
  await wrongPasswords(service, person, 4)
  const { challenge } = await begun(service, person)
  expect(await good(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toMatchObject({
    next: 'enrolOtp',
  })
  await wrongPasswords(service, person, 1)
  expect((await view(service, person)).locked).toBe(true)
})

test('LOCK-04 · wrong codes are counted across sign-ins, and a wrong password between them does not interrupt the run', async () => {
  const service = testService()
  const person = await initialised(service)
  expect(await wrongCodes(service, person, 2)).toEqual(['code-refused', 'code-refused'])
  await wrongPasswords(service, person, 1)
  const { challenge } = await begun(service, person)
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: wrong(person.phone.code()) }))).toBe(
    'challenge-ended',
  )
  expect((await view(service, person)).failedAttempts).toEqual({ passwords: 1, otps: 3, failedSignIns: 2 })
})

test('LOCK-04 · two wrong codes in each sign-in still lock the account', async () => {
  const service = testService()
  const person = await initialised(service)
  for (let login = 0; login < 8; login++) await wrongCodes(service, person, login < 7 ? 2 : 1)
  expect(await view(service, person)).toMatchObject({ locked: true, failedAttempts: { otps: 15 } })
})

test('LOCK-04 · an account is locked exactly when p + ⌊o/3⌋ ≥ 5, in any order of attempts', async () => {
  const seen = branches('a wrong code', 'a wrong password', 'locked', 'not locked')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), async (run) => {
      const service = testService()
      const person = await initialised(service)
      let [passwords, otps] = [0, 0]
      for (const isCode of run) {
        if (seen.either('a wrong code', 'a wrong password', isCode)) {
          await wrongCodes(service, person, 1)
          otps++
        } else {
          await wrongPasswords(service, person, 1)
          passwords++
        }
        const reachesLockout = seen.either('locked', 'not locked', passwords + Math.floor(otps / 3) >= 5)
        expect(await view(service, person)).toMatchObject({
          locked: reachesLockout,
          failedAttempts: { passwords, otps },
        })
        if (reachesLockout) return
      }
    }),
    { numRuns: 15 },
  )
  seen.expectAll()
})

test('LOCK-05 · the third wrong code ends the challenge, which then refuses even the correct code', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  const give = (code: string) => codeOf(service.auth.signIn.confirmOtp({ challenge, code }))
  const miss = () => give(wrong(person.phone.code()))
  expect([await miss(), await miss(), await miss()]).toEqual([
    'code-refused',
    'code-refused',
    'challenge-ended',
  ])
  expect(await give(person.phone.code())).toBe('challenge-ended')
  expect(await lastReason(service, user)).toBe('no-such-challenge')
  await loggedIn(service, person)
})

test('LOCK-05 · a challenge with two wrong codes ends at its third, although the account’s count was cleared between them', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  const miss = () => codeOf(service.auth.signIn.confirmOtp({ challenge, code: wrong(person.phone.code()) }))
  expect([await miss(), await miss()]).toEqual(['code-refused', 'code-refused'])
  await loggedIn(service, person)
  expect(await miss()).toBe('challenge-ended')
  expect((await view(service, person)).failedAttempts.otps).toBe(1)
})

test('LOCK-06 · wrong, replayed and outdated codes are failed attempts; malformed input, a resend and a cancellation are not', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  const { challenge } = await begun(service, person)
  const give = (code: string) => codeOf(service.auth.signIn.confirmOtp({ challenge, code }))
  for (const none of ['', '12345', '1234567', '12345a', '１２３４５６', ' 12345', '123456\n', '-12345'])
    expect(await give(none)).toBe('malformed-code')
  await good(service.auth.signIn.resendCode({ challenge }))
  expect((await view(service, person)).failedAttempts.otps).toBe(0)
  expect(await give(wrong(mailed(service, user)))).toBe('code-refused')
  service.clock.pass(300_000)
  expect(await give(mailed(service, user))).toBe('code-refused')
  await good(service.auth.signIn.cancel({ challenge }))
  expect(await codeOf(service.auth.signIn.cancel({ challenge }))).toBe('challenge-ended')
  expect((await view(service, person)).failedAttempts.otps).toBe(2)
})

test('LOCK-07 · a lock does not expire, and while the account is locked nothing is counted', async () => {
  const service = testService()
  const person = await locked(service, await initialised(service))
  service.clock.pass(10 * 365 * 86_400_000)
  const { userId, password, system } = person
  expect(await codeOf(service.auth.signIn.begin({ userId, password, system }))).toBe('sign-in-refused')
  expect(await lastReason(service, user)).toBe('locked')
  await wrongPasswords(service, person, 20)
  expect((await view(service, person)).failedAttempts).toEqual({ passwords: 5, otps: 0, failedSignIns: 5 })
  expect(await count(service, user, 'Locked')).toBe(1)
})

test('LOCK-07 · a sign-in that is open when the account locks reveals nothing: the correct code is refused like any other', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  await locked(service, person)
  for (const code of [wrong(person.phone.code()), person.phone.code()])
    expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code }))).toBe('challenge-ended')
  expect((await view(service, person)).failedAttempts.otps).toBe(0)
})

test('LOCK-08 · the count is per User ID: sign-in page and Change Password add up, and other accounts do not', async () => {
  const service = testService()
  const [person, neighbour] = [await initialised(service), await initialised(service, 'B0123402')]
  const session = await loggedIn(service, person)
  const fresh = { password: another(1), confirmation: another(1) }
  await wrongPasswords(service, { userId: 'b0123401' }, 2)
  for (let i = 0; i < 2; i++)
    await service.auth.selfService.changePassword({ session, current: another(9), ...fresh })
  await wrongCodes(service, person, 2)
  expect((await view(service, person)).failedAttempts).toEqual({ passwords: 4, otps: 2, failedSignIns: 4 })
  expect((await view(service, neighbour)).failedAttempts.failedSignIns).toBe(0)
})

test('LOCK-08 · counted attempts do not expire', async () => {
  const service = testService()
  const person = await initialised(service)
  for (let day = 0; day < 5; day++) {
    await wrongPasswords(service, person, 1)
    service.clock.pass(10 * 86_400_000)
  }
  expect((await view(service, person)).locked).toBe(true)
})

test('LOCK-13 · a password for an account that has none is refused like any other, and not counted', async () => {
  const service = testService()
  await registered(service, user)
  expect(await wrongPasswords(service, { userId: user }, 10)).toEqual(Array(10).fill('sign-in-refused'))
  expect(await view(service, { userId: user })).toMatchObject({
    locked: false,
    failedAttempts: { passwords: 0 },
  })
  expect(await lastRefusal(service, user)).toMatchObject({ reason: 'no-password-set', rule: 'LOCK-13' })
  await loggedIn(service, await setUp(service, user, 'MobileApp'))
})

test('LOCK-01, LOCK-02 · a policy can be stricter: two failed sign-ins of two wrong codes each', async () => {
  const service = testService({ policy: { lockout: { failedSignIns: 2, otpFailuresPerFailedSignIn: 2 } } })
  const person = await initialised(service)
  expect(await wrongCodes(service, person, 3)).toEqual(['code-refused', 'challenge-ended', 'code-refused'])
  expect((await view(service, person)).locked).toBe(false)
  const { challenge } = await begun(service, person)
  const code = wrong(codeOfNow(service, person))
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code }))).toBe('challenge-ended')
  expect((await view(service, person)).locked).toBe(true)
})
