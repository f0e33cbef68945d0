/**
 * A clock that jumps by minutes, days and years, in both directions, between any two calls of people who enter only
 * correct passwords and codes, with several challenges, sessions, enrolments, requests and forms open (API-03).
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Refusal, Result, ResultAsync, Session } from '../../src/index.ts'
import { DAY, HOUR, SECOND } from '../../src/kernel/instant.ts'
import { change, cheung as clerk, contents, wong as supervisor } from '../eservices/model/support.ts'
import { branches } from '../support/branches.ts'
import { changing, checkerId, type DmsTestService, dmsTestService } from '../support/dms.ts'
import { good, morning, refusalsOf, type Told } from '../support/test-service.ts'
import { expectAllTrailsVerify } from '../support/trail-check.ts'
import {
  another,
  type ClientConnectPerson,
  initialised,
  mailed,
  type Phone,
  phone,
  registered,
  view,
} from '../support/user-journeys.ts'

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

/** An enrolment: its challenge, and the app or the emailed code with which it can be completed. */
interface OpenEnrolment extends Issued<string> {
  app?: Phone
}

interface Holder {
  readonly person: ClientConnectPerson
  /** The app that is enrolled. */
  phone: Phone
  /** Absent after an unlock, until another is set. */
  password: string | undefined
  /** Whether an unlock took the channel away. */
  unlocked: boolean
  readonly challenges: Issued<string>[]
  readonly enrolments: OpenEnrolment[]
  readonly sessions: Issued<Session>[]
  readonly usedSteps: Set<number>
  /** The newest emailed code of a sign-in, and of an enrolment. */
  code: Issued<string> | undefined
  enrolmentCode: Issued<string> | undefined
}

const jump = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 45 }).map((seconds) => seconds * SECOND) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(-1, 1),
        fc.oneof(
          fc.integer({ min: 2, max: 59 }).map((minutes) => minutes * MINUTE),
          fc.integer({ min: 1, max: 40 }).map((days) => days * DAY),
          fc.integer({ min: 1, max: 12 }).map((years) => years * 365 * DAY),
        ),
      )
      .map(([sign, by]) => sign * by),
  },
)

/** What one person does in a row; the clock can jump before each operation. */
const episodes = [
  ['begin', 'confirm', 'check'],
  ['begin', 'begin', 'confirm', 'confirm'],
  ['begin', 'resend', 'confirm', 'seal'],
  ['begin', 'cancel', 'confirm'],
  ['check', 'list', 'check'],
  ['begin', 'confirm', 'endOthers', 'check'],
  ['signOut', 'check'],
  ['reset', 'begin', 'confirm'],
  ['changePassword', 'begin', 'confirm'],
  ['begin', 'confirm', 'changeDevice', 'begin', 'confirm', 'choose', 'enrol', 'begin', 'confirm'],
  ['changeDevice', 'begin', 'confirm', 'choose', 'enrol'],
  ['unlock', 'reset', 'begin', 'choose', 'enrol', 'begin', 'confirm'],
  ['choose', 'choose', 'enrol', 'enrol'],
  ['dms'],
  ['eservices', 'eservices', 'eservices', 'eservices', 'eservices', 'eservices'],
  ['registry'],
] as const

const stepOf = (operation: (typeof episodes)[number][number], holder: number) =>
  fc.record({
    jump,
    operation: fc.constant(operation),
    holder: fc.constant(holder),
    pick: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(5)),
  })

const episode = fc
  .tuple(fc.constantFrom(...episodes), fc.nat(3))
  .chain(([operations, holder]) => fc.tuple(...operations.map((operation) => stepOf(operation, holder))))

const stepsOf = (minLength: number, maxLength: number) =>
  fc.array(episode, { minLength, maxLength }).map((each) => each.flat())

/** The steps of a form after its draft. */
type FormStep = 'submit' | 'claim' | 'confirm' | 'process'

type Step = ReturnType<typeof stepOf> extends fc.Arbitrary<infer S> ? S : never

const last = <T>(list: readonly T[], pick: number): T | undefined =>
  list[list.length - 1 - (pick % list.length)]

/** Whether the code of a time step is no longer correct: it was used, or the next one, which a fast phone shows early. */
const isUsed = ({ usedSteps }: Holder, timeStep: number) =>
  usedSteps.has(timeStep) || usedSteps.has(timeStep + 1)

const seen = branches(
  'a session held',
  'a session ended by its length',
  'a session from the future',
  'a code accepted',
  'a code refused, its challenge from the future',
  'a code refused, its challenge too old',
  'a change in DMS',
  'an Authorisation Code from another time',
  'a device change verified',
  'a channel enrolled',
  'an enrolment refused, its challenge from the future',
  'an enrolment refused, its challenge too old',
  'an unlocked account set up again',
  'a form completed',
  'an account created, changed and deleted',
)

const run = async (steps: readonly Step[]): Promise<void> => {
  const service: DmsTestService = await dmsTestService()
  const holders: Holder[] = [
    service.maker,
    service.checker,
    await initialised(service, 'B0123403'),
    await initialised(service, emailUser, 'Email'),
  ].map((person) => ({
    person,
    phone: person.phone,
    password: person.password,
    challenges: [],
    enrolments: [],
    sessions:
      'session' in person
        ? [{ what: person.session as Session, at: (person.session as Session).signedInAt }]
        : [],
    unlocked: false,
    // The codes with which the accounts were set up.
    usedSteps: new Set(
      Array.from(
        { length: (service.clock.now() - morning) / (30 * SECOND) + 1 },
        (_, i) => morning / 30_000 + i,
      ),
    ),
    code: undefined,
    enrolmentCode: undefined,
  }))
  await registered(service, 'B01234X3')
  /** The forms that are not completed, with their next steps. */
  const forms: { id: string; steps: FormStep[] }[] = []
  let created = 0
  const isWithin = ({ at }: Issued<unknown>, length: number) =>
    service.clock.now() < at + length && at <= service.clock.now() + 5 * SECOND
  const isAhead = ({ at }: Issued<unknown>) => at > service.clock.now() + 5 * SECOND
  /** Whether the newest refusal of an unauthenticated caller is for an instant from the future. */
  const isRefusedForFuture = async (userId: string) => {
    const event = (await refusalsOf(service, userId)).at(-1)?.event as Told
    return event['reason'] === 'challenge-expired' || event['reason'] === 'instant-from-the-future'
  }
  /** Runs an operation; a clock that has gone back must be reported if the operation met something from the future. */
  const reporting = async <T>(
    ahead: boolean,
    work: ResultAsync<T, Refusal>,
    met: () => Promise<boolean> = async () => true,
  ): Promise<Result<T, Refusal>> => {
    const before = service.faults.length
    const result = await work
    if (ahead && (await met()))
      expect(
        service.faults.slice(before).map(({ port }) => port),
        'reported',
      ).toContain('clock')
    return result
  }

  /** Sets a password with an emailed code: a forgotten one, or the first one after an unlock. */
  const reset = async (each: Holder): Promise<void> => {
    const { userId } = each.person
    const begun = await service.auth.passwordSetUp.begin({ userId })
    if (begun.isErr()) return
    const code = service.mailer.codeFor(userId)
    if (code === undefined) return
    const { challenge } = begun.value
    if ((await service.auth.passwordSetUp.confirmCode({ challenge, code })).isErr()) return
    const password = another(`r${service.clock.now()}`)
    const done = await service.auth.passwordSetUp.complete({ challenge, password, confirmation: password })
    if (done.isOk()) each.password = password
  }

  const choose = async (each: Holder, enrolment: OpenEnrolment): Promise<void> => {
    const { person } = each
    const started = await service.auth.enrolment.chooseChannel({
      challenge: enrolment.what,
      channel: person.channel,
    })
    if (started.isErr()) return
    if (started.value.channel === 'MobileApp') enrolment.app = phone(service.clock, started.value.secret)
    else each.enrolmentCode = { what: mailed(service, person.userId), at: service.clock.now() }
  }

  /** Completes an enrolment with a correct code. */
  const enrol = async (each: Holder, enrolment: OpenEnrolment): Promise<void> => {
    const { app } = enrolment
    const now = service.clock.now()
    const emailed = each.enrolmentCode
    if (each.person.channel === 'Email' && (emailed === undefined || now >= emailed.at + lengths.emailCode))
      return
    if (each.person.channel === 'MobileApp' && app === undefined) return
    const result = await reporting(
      isAhead(enrolment),
      service.auth.enrolment.confirm({ challenge: enrolment.what, code: app?.code() ?? emailed?.what ?? '' }),
      () => isRefusedForFuture(each.person.userId),
    )
    if (result.isErr()) {
      seen.hitIf('an enrolment refused, its challenge from the future', isAhead(enrolment))
      seen.hitIf('an enrolment refused, its challenge too old', now >= enrolment.at + lengths.challenge)
      return
    }
    seen.hit('a channel enrolled')
    seen.hitIf('an unlocked account set up again', each.unlocked)
    each.unlocked = false
    expect(isWithin(enrolment, lengths.challenge), 'an enrolment beyond its length').toBe(true)
    if (emailed !== undefined && app === undefined)
      expect(isWithin(emailed, lengths.emailCode), 'a code beyond its length').toBe(true)
    each.phone = app ?? each.phone
    each.usedSteps.clear()
    each.usedSteps.add(Math.floor(now / 30_000))
    each.enrolmentCode = undefined
  }

  /** The next step of a form; the clock has no part in any of them. */
  const takeFormStep = async (pick: number): Promise<void> => {
    const { eservices } = service.auth
    if (forms.length === 0 || (pick === 5 && forms.length < 3)) {
      const filled = contents(change('B01234X3', `x3.${service.clock.now() + 1e15}@bank.example`))
      const { id } = await good(eservices.draft({ actor: clerk, form: 'DA 3', contents: filled }))
      forms.push({ id, steps: ['submit', 'claim', 'confirm', 'process'] })
      return
    }
    const form = forms[pick % forms.length] as (typeof forms)[number]
    const { id } = form
    switch (form.steps.shift()) {
      case 'submit':
        await good(eservices.submit({ actor: clerk, id, users: [clerk, supervisor] }))
        return
      case 'claim':
        await good(eservices.claim({ actor: supervisor, id }))
        return
      case 'confirm':
        await good(eservices.confirm({ actor: supervisor, id }))
        return
      default: {
        const waiting = (await good(eservices.sent({}))).forms.find((each) => each.id === id)
        const lines = await good(
          eservices.process({ form: waiting as NonNullable<typeof waiting>, by: 'HKEX' }),
        )
        expect(lines.map(({ outcome }) => outcome)).toEqual([{ kind: 'accepted' }])
        seen.hit('a form completed')
        forms.splice(forms.indexOf(form), 1)
      }
    }
  }

  /** An account is created, changed and deleted by HKEX: no clock prevents it. */
  const provision = async (): Promise<void> => {
    const { registry } = service.auth
    const userId = `B01234${String(++created + 10).padStart(2, '0')}`
    await registered(service, userId)
    await good(
      registry.change({ userId, by: 'HKEX', changes: { surname: 'LEE', email: 'lee@bank.example' } }),
    )
    await good(registry.endSessions({ userId, by: 'HKEX' }))
    await good(registry.delete({ userId, by: 'HKEX' }))
    expect(await good(registry.totals({ participant: 'B01234' }))).toMatchObject({ total: 6 })
    seen.hit('an account created, changed and deleted')
  }

  const act = async ({ operation, holder, pick }: Step): Promise<void> => {
    const each = holders[holder] as Holder
    const { person, challenges, enrolments, sessions } = each
    const enrolment = last(enrolments, pick)
    const now = service.clock.now()
    const session = last(sessions, pick)
    const challenge = last(challenges, pick)
    const timeStep = Math.floor(now / 30_000)
    const { selfService, sessions: open, signIn } = service.auth
    switch (operation) {
      case 'begin': {
        // An unlocked account has no password: its holder sets one first.
        if (each.password === undefined) return reset(each)
        const { password } = each
        const result = await signIn.begin({ userId: person.userId, password, system: person.system })
        if (result.isErr()) return
        const issued = { what: result.value.challenge, at: now }
        if (result.value.next === 'enrolOtp') enrolments.push(issued)
        if (result.value.next !== 'otp') return
        challenges.push(issued)
        if (person.channel === 'Email') each.code = { what: mailed(service, person.userId), at: now }
        return
      }
      case 'resend': {
        if (challenge === undefined || person.channel !== 'Email') return
        const result = await signIn.resendCode({ challenge: challenge.what })
        if (result.isOk()) each.code = { what: mailed(service, person.userId), at: now }
        return
      }
      case 'confirm': {
        if (challenge === undefined) return
        // Only correct codes: not used before, and emailed codes of this clock's last minutes, or of its
        // future.
        if (person.channel === 'MobileApp' && isUsed(each, timeStep)) return
        if (
          person.channel === 'Email' &&
          (each.code === undefined || now >= each.code.at + lengths.emailCode)
        )
          return
        const code = person.channel === 'MobileApp' ? each.phone.code() : (each.code?.what ?? '')
        const result = await reporting(
          isAhead(challenge),
          signIn.confirmOtp({ challenge: challenge.what, code }),
          () => isRefusedForFuture(person.userId),
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
        // The enrolment keeps the challenge's expiry.
        else {
          seen.hit('a device change verified')
          enrolments.push(challenge)
        }
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
      case 'reset':
        if (person.channel === 'MobileApp' || each.password === undefined) await reset(each)
        return
      case 'changePassword': {
        if (session === undefined || each.password === undefined) return
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
      case 'changeDevice': {
        if (session === undefined || person.channel !== 'MobileApp') return
        const result = await reporting(isAhead(session), selfService.changeDevice({ session: session.what }))
        if (result.isOk()) expect(isWithin(session, lengths.session)).toBe(true)
        return
      }
      case 'choose':
        if (enrolment !== undefined) await choose(each, enrolment)
        return
      case 'enrol':
        if (enrolment !== undefined) await enrol(each, enrolment)
        return
      case 'unlock':
        await good(service.auth.registry.unlock({ userId: person.userId, by: 'HKEX' }))
        each.password = undefined
        each.unlocked = true
        return
      case 'eservices':
        return takeFormStep(pick)
      case 'registry':
        return provision()
      case 'dms': {
        const [maker, checker] = holders.map(({ sessions: of }) => last(of, pick))
        if (maker === undefined || checker === undefined) return
        const entered = await service.auth.dms.enter({
          session: maker.what,
          entry: changing({ surname: `CHAN ${'ABCDEF'[pick]}${'ABCD'[holder]}` }),
        })
        if (entered.isErr()) return
        const { request } = entered.value
        const review = await service.auth.dms.review({ session: checker.what, request })
        if (review.isErr()) return
        const drawn = await service.auth.dms.getAuthorisationCode({
          session: checker.what,
          review: review.value,
        })
        if (drawn.isErr()) return
        const confirm = () =>
          service.auth.dms.confirm({
            session: maker.what,
            request,
            checkerId,
            authorisationCode: drawn.value.code,
          })
        // The code is first tried at another time, while both sessions are valid: it must not count there.
        for (const off of [lengths.authorisation, -MINUTE]) {
          service.clock.set(now + off)
          if (
            (await open.check({ session: maker.what })).isErr() ||
            (await open.check({ session: checker.what })).isErr()
          )
            continue
          seen.hit('an Authorisation Code from another time')
          expect((await confirm()).isErr(), `confirmed ${off} ms off`).toBe(true)
        }
        service.clock.set(now)
        if ((await confirm()).isOk()) seen.hit('a change in DMS')
        return
      }
    }
  }

  /** Signs in, setting up again what an unlock or a device change took away. */
  const arrive = async (each: Holder): Promise<boolean> => {
    const { userId, system } = each.person
    for (let tries = 0; tries < 6; tries++) {
      service.clock.pass(30 * SECOND)
      if (each.password === undefined) await reset(each)
      const answer = await service.auth.signIn.begin({ userId, password: each.password as string, system })
      if (answer.isErr()) {
        // A password without a channel lapses (ACC-18): its holder sets another.
        expect(await view(service, each.person)).toMatchObject({ stage: 'PasswordSet' })
        await reset(each)
        continue
      }
      const begun = answer.value
      const { challenge } = begun
      if (begun.next === 'changePassword') {
        const password = another(`e${service.clock.now()}`)
        await good(service.auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
        each.password = password
      } else if (begun.next === 'enrolOtp') {
        const enrolment = { what: challenge, at: service.clock.now() }
        await choose(each, enrolment)
        await enrol(each, enrolment)
      } else {
        const code = each.person.channel === 'MobileApp' ? each.phone.code() : mailed(service, userId)
        const step = await good(service.auth.signIn.confirmOtp({ challenge, code }))
        if (step.next === 'done') return true
        const enrolment = { what: step.challenge, at: service.clock.now() }
        await choose(each, enrolment)
        await enrol(each, enrolment)
      }
    }
    return false
  }

  let latest = service.clock.now()
  for (const each of steps) {
    service.clock.pass(each.jump)
    latest = Math.max(latest, service.clock.now())
    await act(each)
    for (const { person } of holders)
      expect(await view(service, person), JSON.stringify(each)).toMatchObject({
        locked: false,
        failedAttempts: { passwords: 0, otps: 0 },
      })
  }
  // When the clock has passed every instant that it ever showed, each holder signs in with correct passwords and codes.
  service.clock.set(latest + 2 * DAY)
  for (const each of holders) expect(await arrive(each), each.person.userId).toBe(true)
  await expectAllTrailsVerify(service)
}

test('API-03, LOCK-01, ACC-15, OTP-11, DMS-04 · a clock that jumps between any two calls locks no account, extends nothing, and is reported', async () => {
  await fc.assert(fc.asyncProperty(stepsOf(1, 10), run), { numRuns: 60 })
  // Also a fixed sample, so that every branch runs at any seed and number of runs.
  for (const steps of fc.sample(stepsOf(10, 20), { numRuns: 12, seed: 3 })) await run(steps)
  seen.expectAll()
})
