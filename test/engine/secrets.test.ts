/** Passwords, codes and secrets appear nowhere except in the one mail that sends a code. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAuthentication, type Refusal, type ReportedError } from '../../src/index.ts'
import { branches } from '../support/branches.ts'
import { expectNone, hexOf } from '../support/secret-search.ts'
import { bagOf, type Step, steps, wrongPassword } from '../support/steps.ts'
import { keyOf, portsOf, type TestService, testService, trailOf, unsettled } from '../support/test-service.ts'
import { another, initialised, registered, user, wrong } from '../support/user-journeys.ts'

/** A service that records everything it returned or stored, and every secret. */
const watched = (between?: Parameters<typeof testService>[0]) => {
  const service = testService({ policy: { password: { history: 2 } }, ...between })
  const secrets = new Set<string | Uint8Array>([wrongPassword])
  const shown: unknown[] = []
  const faults: ReportedError[] = []
  const random = {
    bytes: (count: number) => {
      const bytes = service.random.bytes(count)
      // Only a device's secret takes 20 random bytes; tokens are returned to their caller and not stored.
      if (count === 20) secrets.add(bytes)
      return bytes
    },
  }
  const auth = createAuthentication({
    ...portsOf(service),
    random,
    policy: service.auth.policy,
    onError: (x) => faults.push(x),
  })
  return { service: { ...service, auth, faults } as TestService, secrets, shown, faults }
}

/** Everything stored for an account, and every pending notice. */
const stored = async (service: TestService) => [
  await service.storage.load([keyOf(user)]),
  await trailOf(service, user),
  await unsettled(service),
]

const { ask, prove, misprove, set, begin, misbegin, choose, complete, confirm, misconfirm } = steps
const { resend, cancel, check, carry, change, mischange, changeDevice, unlock, deliver } = steps

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(
    ask,
    prove,
    misprove,
    begin,
    misbegin,
    complete,
    confirm,
    misconfirm(),
    resend,
    cancel,
    check,
  ),
  fc.constantFrom(carry, mischange, changeDevice, unlock, deliver, choose('MobileApp'), choose('Email')),
  fc.integer({ min: 1, max: 9 }).chain((n) => fc.constantFrom(set(another(n)), change(another(n)))),
)
/** Common sequences of steps, so that histories progress, with any step in between. */
const anyHistory = fc
  .array(
    fc.oneof(
      {
        arbitrary: fc.constantFrom([ask, prove, set(another(0))], [begin, choose('MobileApp'), complete]),
        weight: 2,
      },
      { arbitrary: fc.constantFrom([begin, confirm], [begin, choose('Email'), complete]), weight: 3 },
      { arbitrary: anyStep.map((one) => [one]), weight: 6 },
    ),
    { minLength: 3, maxLength: 25 },
  )
  .map((runs) => runs.flat())

const wanting = new Set<Step['operation']>(
  [check, carry, mischange, changeDevice].map(({ operation }) => operation),
)

test('PW-15 · no run stores, refuses with, returns or logs a password, a code or a secret', async () => {
  const seen = branches(
    ...(['registered alone', 'set up', 'no session for it', 'no code for it'] as const),
    ...(['a challenge', 'a mailed code', 'a device secret', 'taken', 'refused'] as const),
  )
  await fc.assert(
    fc.asyncProperty(
      anyHistory,
      fc.constantFrom('MobileApp', 'Email', undefined),
      async (history, channel) => {
        const { service, secrets, shown, faults } = watched()
        const bag = bagOf(
          channel === undefined
            ? { userId: await registered(service, user) }
            : await initialised(service, user, channel),
        )
        seen.either('registered alone', 'set up', channel === undefined)
        for (const { operation } of history) {
          secrets.add(bag.password)
          const needsSession = wanting.has(operation) || String(operation).includes('session')
          if (seen.hitIf('no session for it', bag.session === undefined && needsSession)) continue
          const needsCode = service.mailer.codeFor(user) === undefined && operation !== ask.operation
          if (seen.hitIf('no code for it', needsCode)) continue
          const answer = await operation(service, bag).match(
            () => undefined,
            (refused: Refusal) => refused,
          )
          seen.either('taken', 'refused', answer === undefined)
          shown.push(answer)
          secrets.add(bag.password)
          for (const mail of service.mailer.mails) if (mail.type === 'code') secrets.add(mail.code)
          // Neither tokens nor wrong guesses are stored.
          if (seen.hitIf('a challenge', bag.challenge !== '')) secrets.add(bag.challenge.slice(9))
          const code = service.mailer.codeFor(user)
          seen.hitIf('a mailed code', code !== undefined)
          if (code !== undefined) secrets.add(wrong(code))
          if (seen.hitIf('a device secret', bag.secret !== '')) secrets.add(bag.secret)
        }
        const notices = service.mailer.mails.filter(({ type }) => type !== 'code')
        expectNone([await stored(service), shown, faults, notices], secrets)
        for (let n = 0; n < 10; n++) expectNone([await stored(service), shown, faults], [another(n)])
      },
    ),
    { numRuns: 60 },
  )
  seen.expectAll()
})

test('PW-15 · the search for secrets finds them in every form', () => {
  const secret = new TextEncoder().encode('Correct-Horse-1!')
  const forms = ['Correct-Horse-1!', hexOf(secret), Buffer.from(secret).toString('base64')]
  for (const form of forms) expect(() => expectNone({ deep: [`x${form}y`] }, ['Correct-Horse-1!'])).toThrow()
  for (const form of [hexOf(secret), Buffer.from(secret).toString('base64url'), [...secret].join(',')])
    expect(() => expectNone(new Error(form), [secret])).toThrow()
  expect(() => expectNone({ at: 1_234_560 }, ['123456'])).not.toThrow()
  expect(() => expectNone({ code: '123456' }, ['123456'])).toThrow()
  expect(() => expectNone({ code: 123456 }, ['123456'])).toThrow()
})

test('PW-15 · an inspected or serialised session contains only its documented fields', async () => {
  const { service, secrets } = watched()
  const bag = bagOf(await initialised(service))
  for (const { operation } of [begin, confirm]) expect((await operation(service, bag)).isOk()).toBe(true)
  expectNone([bag.session, String(bag.session), Object.keys(bag.session ?? {})], [...secrets, bag.password])
  expect(JSON.stringify(bag.session)).toBe('{}')
})

test('PW-15, OTP-04 · only the enrolment reveals the secret, and only to the caller who enrols', async () => {
  const { service, secrets } = watched()
  await registered(service, user)
  const bag = bagOf({ userId: user })
  for (const { operation } of [ask, prove, set(another(1)), begin, choose('MobileApp')])
    expect((await operation(service, bag)).isOk()).toBe(true)
  expect(bag.secret).toMatch(/^[A-Z2-7]{32}$/)
  expectNone([await stored(service), service.mailer.mails], [...secrets, bag.secret])
})
