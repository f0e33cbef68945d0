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
      const { w, atOnce } = storm(testBed)
      const person = await initialised(w, user, channel)
      const { challenge } = await begun(w, person)
      const answers = await atOnce(200, giving(challenge, wrong(codeOfNow(w, person))))
      expect(answers).toEqual({ 'code-refused': 2, 'challenge-ended': 198 })
      expect(await view(w, person)).toMatchObject({
        locked: false,
        failedAttempts: { passwords: 0, otps: 3 },
      })
      expect(await count(w, user, 'SignInCodeRejected')).toBe(3)
      expect(await lastReason(w, user)).toBe('no-such-challenge')
      await expectTrailVerifies(w, user)
    },
  )

  test('LOCK-09, LOCK-04 · of 200 parallel wrong codes in 200 sign-ins fifteen are counted, and the account is locked', async () => {
    const { w, atOnce, logins } = storm(testBed)
    const person = await initialised(w)
    const challenges = await logins(person, 200)
    const code = wrong(person.phone.code())
    const answers = await atOnce(200, (auth, i) => giving(challenges[i] ?? '', code)(auth))
    // 64 of the 200 sign-ins are open; every third wrong code of the account ends the sign-in in which it was
    // entered.
    expect(answers).toEqual({ 'code-refused': 10, 'challenge-ended': 190 })
    expect(await view(w, person)).toMatchObject({ locked: true, failedAttempts: { passwords: 0, otps: 15 } })
    expect(await count(w, user, 'SignInCodeRejected')).toBe(15)
    expect(await count(w, user, 'Locked')).toBe(1)
    await expectTrailVerifies(w, user)
  })

  test('LOCK-09, LOCK-01 · of 200 parallel wrong passwords exactly five are counted', async () => {
    const { w, atOnce } = storm(testBed)
    const person = await initialised(w)
    const { userId, system } = person
    const answers = await atOnce(200, (auth, i) =>
      codeOf(auth.signIn.begin({ userId, system, password: `Wrong-Horse-${i}!!` })),
    )
    expect(answers).toEqual({ 'sign-in-refused': 200 })
    expect(await view(w, person)).toMatchObject({ locked: true, failedAttempts: { passwords: 5, otps: 0 } })
    expect([await count(w, user, 'PasswordRejected'), await count(w, user, 'CommandRefused')]).toEqual([
      5, 195,
    ])
    await expectTrailVerifies(w, user)
  })

  test('LOCK-09 · the correct password among 200 wrong ones opens a challenge, or arrives after the lock and reveals nothing', async () => {
    const { w, atOnce } = storm(testBed)
    const person = await initialised(w)
    const { userId, system, password } = person
    const answers = await atOnce(201, (auth, i) =>
      codeOf(auth.signIn.begin({ userId, system, password: i === 150 ? password : `Wrong-Horse-${i}!!` })),
    )
    const accepted = await count(w, user, 'PasswordAccepted')
    expect(answers).toEqual(
      accepted === 1 ? { 'sign-in-refused': 201 } : { ok: accepted - 1, 'sign-in-refused': 202 - accepted },
    )
    expect(await count(w, user, 'PasswordRejected')).toBe(5)
    expect((await view(w, person)).locked).toBe(true)
  })

  test('LOCK-09, LOCK-07 · the correct password and the correct code after the lock reveal nothing', async () => {
    const { w, atOnce } = storm(testBed)
    const person = await initialised(w)
    const { challenge } = await begun(w, person)
    await locked(w, person)
    const { userId, system, password } = person
    expect(await atOnce(20, (auth) => codeOf(auth.signIn.begin({ userId, system, password })))).toEqual({
      'sign-in-refused': 20,
    })
    expect(await atOnce(20, giving(challenge, person.phone.code()))).toEqual({ 'challenge-ended': 20 })
  })

  test('LOCK-10 · of 40 parallel wrong reset codes ten are counted, and the reset ends', async () => {
    const { w, atOnce } = storm(testBed)
    await initialised(w)
    const challenges: string[] = []
    for (let i = 0; i < 4; i++)
      challenges.push((await good(w.auth.passwordSetUp.begin({ userId: user }))).challenge)
    const right = mailed(w, user)
    const confirm = (code: string) => (auth: Authentication, i: number) =>
      codeOf(auth.passwordSetUp.confirmCode({ challenge: challenges[i % 4] ?? '', code }))
    expect(await atOnce(40, confirm(wrong(right)))).toEqual({ 'code-refused': 40 })
    expect(await count(w, user, 'EnrolmentCodeRejected')).toBe(10)
    expect(await atOnce(4, confirm(right))).toEqual({ 'code-refused': 4 })
    expect((await view(w, { userId: user })).failedAttempts.failedSignIns).toBe(0)
    await expectTrailVerifies(w, user)
  })

  test('OTP-07 · of 150 parallel requests for a code as many are sent as the limit allows', async () => {
    const { w, atOnce } = storm(testBed)
    await registered(w, user)
    expect(await atOnce(150, (auth) => codeOf(auth.passwordSetUp.begin({ userId: user })))).toEqual({
      ok: 150,
    })
    expect(w.mailer.mails.filter(({ type }) => type === 'code').length).toBe(100)
    expect(await count(w, user, 'CodeIssued')).toBe(100)
  })

  test('LOCK-11 · a lock by many parallel attempts sends one notice', async () => {
    const { w, services, atOnce } = storm(testBed)
    const person = await initialised(w)
    const { userId, system } = person
    await atOnce(100, (auth) => codeOf(auth.signIn.begin({ userId, system, password: 'Wrong-Horse-00!!' })))
    for (const auth of services) await good(auth.outbox.deliver())
    expect(w.mailer.mails.filter(({ type }) => type === 'account-locked').length).toBe(1)
    expect(await unsettled(w)).toEqual([])
  })
})
