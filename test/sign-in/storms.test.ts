/** Concurrent guessing: no more is revealed than the budget allows, and every guess is counted. */
import { describe, expect, test } from 'vitest'
import type { Authentication } from '../../src/index.ts'
import { giving, storm, stormTestBeds } from '../support/storm.ts'
import { codeOf, count, good, lastReason, unsettled } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import {
  begun,
  codeOfNow,
  initialised,
  locked,
  mailed,
  registered,
  user,
  view,
  wrong,
} from '../support/user-journeys.ts'

describe.each(stormTestBeds)('on $name', (testBed) => {
  test.each(['MobileApp', 'Email'] as const)(
    'LOCK-09, LOCK-05 · of 200 parallel wrong codes in one sign-in three are counted, and the sign-in ends (%s)',
    async (channel) => {
      const { service, atOnce } = storm(testBed)
      const person = await initialised(service, user, channel)
      const { challenge } = await begun(service, person)
      const answers = await atOnce(200, giving(challenge, wrong(codeOfNow(service, person))))
      expect(answers).toEqual({ 'code-refused': 2, 'challenge-ended': 198 })
      expect(await view(service, person)).toMatchObject({
        locked: false,
        failedAttempts: { passwords: 0, otps: 3 },
      })
      expect(await count(service, user, 'SignInCodeRejected')).toBe(3)
      expect(await lastReason(service, user)).toBe('no-such-challenge')
      await expectTrailVerifies(service, user)
    },
  )

  test('LOCK-09, LOCK-04 · of 200 parallel wrong codes in 200 sign-ins fifteen are counted, and the account is locked', async () => {
    const { service, atOnce, logins } = storm(testBed)
    const person = await initialised(service)
    const challenges = await logins(person, 200)
    const code = wrong(person.phone.code())
    const answers = await atOnce(200, (auth, i) => giving(challenges[i] ?? '', code)(auth))
    // 64 of the 200 sign-ins are open; every third wrong code of the account ends the sign-in in which it was
    // entered.
    expect(answers).toEqual({ 'code-refused': 10, 'challenge-ended': 190 })
    expect(await view(service, person)).toMatchObject({
      locked: true,
      failedAttempts: { passwords: 0, otps: 15 },
    })
    expect(await count(service, user, 'SignInCodeRejected')).toBe(15)
    expect(await count(service, user, 'Locked')).toBe(1)
    await expectTrailVerifies(service, user)
  })

  test('LOCK-09, LOCK-01 · of 200 parallel wrong passwords exactly five are counted', async () => {
    const { service, atOnce } = storm(testBed)
    const person = await initialised(service)
    const { userId, system } = person
    const answers = await atOnce(200, (auth, i) =>
      codeOf(auth.signIn.begin({ userId, system, password: `Wrong-Horse-${i}!!` })),
    )
    expect(answers).toEqual({ 'sign-in-refused': 200 })
    expect(await view(service, person)).toMatchObject({
      locked: true,
      failedAttempts: { passwords: 5, otps: 0 },
    })
    expect([
      await count(service, user, 'PasswordRejected'),
      await count(service, user, 'CommandRefused'),
    ]).toEqual([5, 195])
    await expectTrailVerifies(service, user)
  })

  test('LOCK-09 · the correct password among 200 wrong ones opens a challenge, or arrives after the lock and reveals nothing', async () => {
    const { service, atOnce } = storm(testBed)
    const person = await initialised(service)
    const { userId, system, password } = person
    const answers = await atOnce(201, (auth, i) =>
      codeOf(auth.signIn.begin({ userId, system, password: i === 150 ? password : `Wrong-Horse-${i}!!` })),
    )
    const accepted = await count(service, user, 'PasswordAccepted')
    expect(answers).toEqual(
      accepted === 1 ? { 'sign-in-refused': 201 } : { ok: accepted - 1, 'sign-in-refused': 202 - accepted },
    )
    expect(await count(service, user, 'PasswordRejected')).toBe(5)
    expect((await view(service, person)).locked).toBe(true)
  })

  test('LOCK-09, LOCK-07 · the correct password and the correct code after the lock reveal nothing', async () => {
    const { service, atOnce } = storm(testBed)
    const person = await initialised(service)
    const { challenge } = await begun(service, person)
    await locked(service, person)
    const { userId, system, password } = person
    expect(await atOnce(20, (auth) => codeOf(auth.signIn.begin({ userId, system, password })))).toEqual({
      'sign-in-refused': 20,
    })
    expect(await atOnce(20, giving(challenge, person.phone.code()))).toEqual({ 'challenge-ended': 20 })
  })

  test('LOCK-10 · of 40 parallel wrong reset codes ten are counted, and the reset ends', async () => {
    const { service, atOnce } = storm(testBed)
    await initialised(service)
    const challenges: string[] = []
    for (let i = 0; i < 4; i++)
      challenges.push((await good(service.auth.passwordSetUp.begin({ userId: user }))).challenge)
    const right = mailed(service, user)
    const confirm = (code: string) => (auth: Authentication, i: number) =>
      codeOf(auth.passwordSetUp.confirmCode({ challenge: challenges[i % 4] ?? '', code }))
    expect(await atOnce(40, confirm(wrong(right)))).toEqual({ 'code-refused': 40 })
    expect(await count(service, user, 'EnrolmentCodeRejected')).toBe(10)
    expect(await atOnce(4, confirm(right))).toEqual({ 'code-refused': 4 })
    expect((await view(service, { userId: user })).failedAttempts.failedSignIns).toBe(0)
    await expectTrailVerifies(service, user)
  })

  test('OTP-07 · of 150 parallel requests for a code as many are sent as the limit allows', async () => {
    const { service, atOnce } = storm(testBed)
    await registered(service, user)
    expect(await atOnce(150, (auth) => codeOf(auth.passwordSetUp.begin({ userId: user })))).toEqual({
      ok: 150,
    })
    expect(service.mailer.mails.filter(({ type }) => type === 'code').length).toBe(100)
    expect(await count(service, user, 'CodeIssued')).toBe(100)
  })

  test('LOCK-11 · a lock by many parallel attempts sends one notice', async () => {
    const { service, services, atOnce } = storm(testBed)
    const person = await initialised(service)
    const { userId, system } = person
    await atOnce(100, (auth) => codeOf(auth.signIn.begin({ userId, system, password: 'Wrong-Horse-00!!' })))
    for (const auth of services) await good(auth.outbox.deliver())
    expect(service.mailer.mails.filter(({ type }) => type === 'account-locked').length).toBe(1)
    expect(await unsettled(service)).toEqual([])
  })
})
