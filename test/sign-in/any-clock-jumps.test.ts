/**
 * A clock that jumps by minutes, days and years, in both directions, between any two calls of people who enter only
 * correct passwords and codes, with several challenges, sessions and requests open (API-03).
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Refusal, Result, ResultAsync, Session } from '../../src/index.ts'
import { DAY, HOUR, SECOND } from '../../src/kernel/instant.ts'
import { branches } from '../support/branches.ts'
import {
  changing,
  checkerId,
  type DmsTestService,
  dmsTestService,
  makerId,
  subjectId,
} from '../support/dms.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import { another, type ClientConnectPerson, initialised, mailed, view } from '../support/user-journeys.ts'

const MINUTE = 60 * SECOND
const emailUser = 'B0123402'
const lengths = {
  challenge: 10 * MINUTE,
  emailCode: 5 * MINUTE,
  session: 8 * HOUR,
  authorisation: 5 * MINUTE,
}

/** A credential that the service issued, and the time on its clock at that moment. */
interface Issued<T> {
  readonly what: T
  readonly at: number
}

interface Holder {
  readonly person: ClientConnectPerson
  password: string
  readonly challenges: Issued<string>[]
  readonly sessions: Issued<Session>[]
  readonly usedSteps: Set<number>
  code: Issued<string> | undefined
}

const jump = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 45 }).map((seconds) => seconds * SECOND) },
  fc
    .tuple(
      fc.constantFrom(-1, 1),
      fc.oneof(
        fc.integer({ min: 2, max: 59 }).map((minutes) => minutes * MINUTE),
        fc.integer({ min: 1, max: 40 }).map((days) => days * DAY),
        fc.integer({ min: 1, max: 12 }).map((years) => years * 365 * DAY),
      ),
    )
    .map(([sign, by]) => sign * by),
)

const operations = [
  'begin',
  'begin',
  'confirm',
  'confirm',
  'confirm',
  'resend',
  'cancel',
  'check',
  'check',
  'seal',
  'list',
  'endOthers',
  'signOut',
  'reset',
  'changePassword',
  'dms',
] as const

const step = fc.record({
  jump,
  operation: fc.constantFrom(...operations),
  holder: fc.nat(3),
  pick: fc.nat(5),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const last = <T>(list: readonly T[], pick: number): T | undefined =>
  list[list.length - 1 - (pick % list.length)]

const seen = branches(
  'a session held',
  'a session ended by its length',
  'a session from the future',
  'a code accepted',
  'a code refused, its challenge from the future',
  'a code refused, its challenge too old',
  'a change in DMS',
  'an Authorisation Code from another time',
)

const run = async (steps: readonly Step[]): Promise<void> => {
  const w: DmsTestService = await dmsTestService()
  const holders: Holder[] = [
    w.maker,
    w.checker,
    await initialised(w, 'B0123403'),
    await initialised(w, emailUser, 'Email'),
  ].map((person) => ({
    person,
    password: person.password,
    challenges: [],
    sessions:
      'session' in person
        ? [{ what: person.session as Session, at: (person.session as Session).signedInAt }]
        : [],
    usedSteps: new Set(),
    code: undefined,
  }))
  const isWithin = ({ at }: Issued<unknown>, length: number) =>
    w.clock.now() < at + length && at <= w.clock.now() + 5 * SECOND
  const isAhead = ({ at }: Issued<unknown>) => at > w.clock.now() + 5 * SECOND
  /** Runs an operation; a clock that has gone back must be reported if the operation met something from the future. */
  const reporting = async <T>(met: boolean, work: ResultAsync<T, Refusal>): Promise<Result<T, Refusal>> => {
    const before = w.faults.length
    const result = await work
    if (met)
      expect(
        w.faults.slice(before).map(({ port }) => port),
        'reported',
      ).toContain('clock')
    return result
  }

  const act = async ({ operation, holder, pick }: Step): Promise<void> => {
    const each = holders[holder] as Holder
    const { person, challenges, sessions } = each
    const now = w.clock.now()
    const session = last(sessions, pick)
    const challenge = last(challenges, pick)
    const timeStep = Math.floor(now / 30_000)
    const { selfService, sessions: open, signIn } = w.auth
    switch (operation) {
      case 'begin': {
        const result = await signIn.begin({
          userId: person.userId,
          password: each.password,
          system: person.system,
        })
        if (result.isErr() || result.value.next !== 'otp') return
        challenges.push({ what: result.value.challenge, at: now })
        if (person.channel === 'Email') each.code = { what: mailed(w, person.userId), at: now }
        return
      }
      case 'resend': {
        if (challenge === undefined || person.channel !== 'Email') return
        const result = await signIn.resendCode({ challenge: challenge.what })
        if (result.isOk()) each.code = { what: mailed(w, person.userId), at: now }
        return
      }
      case 'confirm': {
        if (challenge === undefined) return
        // Only correct codes: not used before, and emailed codes of this clock's last minutes, or of its
        // future.
        if (person.channel === 'MobileApp' && each.usedSteps.has(timeStep)) return
        if (
          person.channel === 'Email' &&
          (each.code === undefined || now >= each.code.at + lengths.emailCode)
        )
          return
        const code = person.channel === 'MobileApp' ? person.phone.code() : (each.code?.what ?? '')
        const result = await reporting(
          isAhead(challenge),
          signIn.confirmOtp({ challenge: challenge.what, code }),
        )
        if (result.isErr()) {
          seen.hitIf('a code refused, its challenge from the future', isAhead(challenge))
          seen.hitIf('a code refused, its challenge too old', now >= challenge.at + lengths.challenge)
          return
        }
        seen.hit('a code accepted')
        expect(isWithin(challenge, lengths.challenge), 'a challenge beyond its length').toBe(true)
        if (person.channel === 'Email')
          expect(isWithin(each.code as Issued<string>, lengths.emailCode), 'a code beyond its length').toBe(
            true,
          )
        each.usedSteps.add(timeStep)
        each.code = undefined
        if (result.value.next === 'done') sessions.push({ what: result.value.session, at: now })
        return
      }
      case 'cancel':
        if (challenge !== undefined) await signIn.cancel({ challenge: challenge.what })
        return
      case 'check': {
        if (session === undefined) return
        const result = await reporting(isAhead(session), open.check({ session: session.what }))
        if (result.isOk()) {
          seen.hit('a session held')
          expect(isWithin(session, lengths.session), 'a session beyond its length').toBe(true)
        } else {
          seen.hitIf('a session from the future', isAhead(session))
          seen.hitIf('a session ended by its length', now >= session.at + lengths.session)
        }
        return
      }
      case 'seal': {
        if (session === undefined) return
        const sealed = await open.seal({ session: session.what })
        if (sealed.isErr()) return
        expect(isWithin(session, lengths.session)).toBe(true)
        expect((await open.open({ sealed: sealed.value, system: person.system })).isOk()).toBe(true)
        return
      }
      case 'list':
      case 'endOthers':
      case 'signOut': {
        if (session === undefined) return
        const result = await open[operation]({ session: session.what })
        if (result.isOk()) expect(isWithin(session, lengths.session)).toBe(true)
        return
      }
      case 'reset': {
        if (person.channel !== 'MobileApp') return
        const begun = await w.auth.passwordSetUp.begin({ userId: person.userId })
        if (begun.isErr()) return
        const code = w.mailer.codeFor(person.userId)
        if (code === undefined) return
        const { challenge } = begun.value
        if ((await w.auth.passwordSetUp.confirmCode({ challenge, code })).isErr()) return
        const password = another(`${holder}${sessions.length}${now}`)
        const done = await w.auth.passwordSetUp.complete({ challenge, password, confirmation: password })
        if (done.isOk()) each.password = password
        return
      }
      case 'changePassword': {
        if (session === undefined) return
        const password = another(`${holder}c${now}`)
        const fresh = { password, confirmation: password }
        const result = await selfService.changePassword({
          session: session.what,
          current: each.password,
          ...fresh,
        })
        if (result.isErr()) return
        each.password = password
        expect(isWithin(session, lengths.session)).toBe(true)
        return
      }
      case 'dms': {
        const [maker, checker] = holders.map(({ sessions: of }) => last(of, pick))
        if (maker === undefined || checker === undefined) return
        const entered = await w.auth.dms.enter({
          session: maker.what,
          entry: changing({ surname: `CHAN ${'ABCDEF'[pick]}${'ABCD'[holder]}` }),
        })
        if (entered.isErr()) return
        const { request } = entered.value
        const review = await w.auth.dms.review({ session: checker.what, request })
        if (review.isErr()) return
        const drawn = await w.auth.dms.getAuthorisationCode({ session: checker.what, review: review.value })
        if (drawn.isErr()) return
        const confirm = () =>
          w.auth.dms.confirm({ session: maker.what, request, checkerId, authorisationCode: drawn.value.code })
        // The code is first tried at another time, while both sessions are valid: it must not count there.
        for (const off of [lengths.authorisation, -MINUTE]) {
          w.clock.set(now + off)
          if (
            (await open.check({ session: maker.what })).isErr() ||
            (await open.check({ session: checker.what })).isErr()
          )
            continue
          seen.hit('an Authorisation Code from another time')
          expect((await confirm()).isErr(), `confirmed ${off} ms off`).toBe(true)
        }
        w.clock.set(now)
        if ((await confirm()).isOk()) seen.hit('a change in DMS')
        return
      }
    }
  }

  for (const each of steps) {
    w.clock.pass(each.jump)
    await act(each)
    for (const { person } of holders)
      expect(await view(w, person), JSON.stringify(each)).toMatchObject({
        locked: false,
        failedAttempts: { passwords: 0, otps: 0 },
      })
  }
  for (const userId of [makerId, checkerId, subjectId, emailUser]) await expectTrailVerifies(w, userId)
}

test('API-03, LOCK-01, ACC-15, OTP-11, DMS-04 · a clock that jumps between any two calls locks no account, extends nothing, and is reported', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), run), { numRuns: 60 })
  // Also a fixed sample, so that every branch runs at any seed and number of runs.
  for (const steps of fc.sample(fc.array(step, { minLength: 40, maxLength: 60 }), { numRuns: 12, seed: 3 }))
    await run(steps)
  seen.expectAll()
})
