/**
 * Concurrent honest users, and one correct code sent many times: one sign-in each, and no attempt counted for
 * being parallel.
 */
import { describe, expect, test } from 'vitest'
import { giving, storm, stormTestBeds } from '../support/storm.ts'
import { codeOf, count, good } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import {
  another,
  begun,
  type ClientConnectPerson,
  codeOfNow,
  initialised,
  mailed,
  user,
  view,
} from '../support/user-journeys.ts'

describe.each(stormTestBeds)('on $name', (testBed) => {
  test.each(['MobileApp', 'Email'] as const)(
    'LOCK-09 · 50 parallel sign-ins of 50 accounts all succeed (%s)',
    async (channel) => {
      const { service, atOnce } = storm(testBed)
      const people: ClientConnectPerson[] = []
      for (let i = 0; i < 50; i++) people.push(await initialised(service, `B0${1000 + i}01`, channel))
      const answers = await atOnce(50, async (auth, i) => {
        const person = people[i] as ClientConnectPerson
        const step = await auth.signIn.begin(person)
        if (step.isErr()) return step.error.code
        return giving(step.value.challenge, codeOfNow(service, person))(auth)
      })
      expect(answers).toEqual({ ok: 50 })
    },
  )

  test.each(['MobileApp', 'Email'] as const)(
    'LOCK-09 · ten parallel sign-ins of one account each complete with a fresh code of their own (%s)',
    async (channel) => {
      const { service, serviceAt } = storm(testBed)
      const person = await initialised(service, user, channel)
      const steps = await Promise.all(
        Array.from({ length: 10 }, (_, i) => good(serviceAt(i).signIn.begin(person))),
      )
      for (const [i, { challenge }] of steps.entries()) {
        const auth = serviceAt(i)
        // The ten mails were sent at once: the storage decides which code was the newest.
        if (channel === 'Email') await good(auth.signIn.resendCode({ challenge }))
        expect(await giving(challenge, codeOfNow(service, person))(auth)).toBe('ok')
        service.clock.pass(30_000)
      }
      expect((await view(service, person)).failedAttempts.failedSignIns).toBe(0)
      expect(await count(service, user, 'SignInCompleted')).toBe(10)
    },
  )

  test.each(['MobileApp', 'Email'] as const)(
    'OTP-05 · one correct code sent 50 times in parallel in one sign-in completes it once (%s)',
    async (channel) => {
      const { service, atOnce } = storm(testBed)
      const person = await initialised(service, user, channel)
      const { challenge } = await begun(service, person)
      const answers = await atOnce(50, giving(challenge, codeOfNow(service, person)))
      expect(answers).toEqual({ ok: 1, 'challenge-ended': 49 })
      expect(await count(service, user, 'SignInCompleted')).toBe(1)
      expect((await view(service, person)).failedAttempts.otps).toBe(0)
    },
  )

  test.each(['MobileApp', 'Email'] as const)(
    'OTP-05 · one correct code sent in parallel in 50 sign-ins completes one, and the others are counted as failed attempts (%s)',
    async (channel) => {
      const { service, atOnce, logins } = storm(testBed)
      const person = await initialised(service, user, channel)
      const challenges = await logins(person, 50)
      const code = codeOfNow(service, person)
      const answers = await atOnce(50, (auth, i) => giving(challenges[i] ?? '', code)(auth))
      expect(answers).toEqual({ ok: 1, 'code-refused': 10, 'challenge-ended': 39 })
      expect(await count(service, user, 'SignInCompleted')).toBe(1)
      expect(await count(service, user, 'SignInCodeRejected')).toBe(15)
      await expectTrailVerifies(service, user)
    },
  )

  test('OTP-06 · one correct reset code sent 20 times in parallel is accepted once, and one new password is set', async () => {
    const { service, atOnce } = storm(testBed)
    await initialised(service)
    const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
    const code = mailed(service, user)
    expect(await atOnce(20, (auth) => codeOf(auth.passwordSetUp.confirmCode({ challenge, code })))).toEqual({
      ...{ ok: 1, 'code-refused': 19 },
    })
    const answers = await atOnce(20, (auth, i) => {
      const password = another(i)
      return codeOf(auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
    })
    expect(answers).toEqual({ ok: 1, 'challenge-ended': 19 })
    expect(await count(service, user, 'PasswordSet')).toBe(2)
    await expectTrailVerifies(service, user)
  })
})
