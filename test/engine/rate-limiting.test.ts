/** A limit by source is checked before everything else: a limited attempt does no work and is not counted. */
import { describe, expect, test } from 'vitest'
import {
  type Authentication,
  createAuthentication,
  type RateLimitDecision,
  type RateLimitedAttempt,
  type RateLimiter,
  type Refusal,
  type ResultAsync,
  type UnauthenticatedOperation,
  type WithRequestContext,
} from '../../src/index.ts'
import { counting } from '../support/storages.ts'
import { codeOf, count, eventsOf, portsOf, refusal, testService } from '../support/test-service.ts'
import { begun, initialised, user, view } from '../support/user-journeys.ts'

const source = '192.0.2.1'
const stranger = `${user}.${'0'.repeat(32)}`
const system = 'CCASS/CCMS'

/** Every operation open to an unauthenticated caller, with and without a source. */
const acts: Readonly<
  Record<
    UnauthenticatedOperation,
    (auth: Authentication, from: WithRequestContext) => ResultAsync<unknown, Refusal>
  >
> = {
  'signIn.begin': ({ signIn }, from) =>
    signIn.begin({ userId: user, password: 'Wrong-Horse-00!!', system, ...from }),
  'signIn.confirmOtp': ({ signIn }, from) =>
    signIn.confirmOtp({ challenge: stranger, code: '123456', ...from }),
  'signIn.resendCode': ({ signIn }, from) => signIn.resendCode({ challenge: stranger, ...from }),
  'signIn.cancel': ({ signIn }, from) => signIn.cancel({ challenge: stranger, ...from }),
  'passwordSetUp.begin': ({ passwordSetUp }, from) => passwordSetUp.begin({ userId: user, ...from }),
  'passwordSetUp.confirmCode': ({ passwordSetUp }, from) =>
    passwordSetUp.confirmCode({ challenge: stranger, code: '123456', ...from }),
  'passwordSetUp.complete': ({ passwordSetUp }, from) => {
    const password = 'Another-Horse-1!'
    return passwordSetUp.complete({ challenge: stranger, password, confirmation: password, ...from })
  },
  'enrolment.chooseChannel': ({ enrolment }, from) =>
    enrolment.chooseChannel({ challenge: stranger, channel: 'MobileApp', ...from }),
  'enrolment.confirm': ({ enrolment }, from) =>
    enrolment.confirm({ challenge: stranger, code: '123456', ...from }),
}

/** A rate limiter whose decision the test sets, and that records its calls. */
const limiting = (answer: () => Promise<RateLimitDecision>) => {
  const asked: RateLimitedAttempt[] = []
  const rateLimiter: RateLimiter = {
    consume: (attempt) => {
      asked.push(attempt)
      return answer()
    },
  }
  return { asked, rateLimiter }
}
const admit = async (): Promise<RateLimitDecision> => ({ allowed: true })
const refuse = async (): Promise<RateLimitDecision> => ({ allowed: false, retryAfterSeconds: 11.2 })

/** A service whose port calls are counted from the time when the account exists. */
const watched = async (answer: () => Promise<RateLimitDecision>) => {
  const storage = counting()
  await initialised(testService({ storage }))
  const { asked, rateLimiter } = limiting(answer)
  const service = testService({ storage, rateLimiter })
  const before = JSON.stringify(storage.trips)
  const untouched = () => {
    expect(JSON.stringify(storage.trips)).toBe(before)
    expect(service.passwordHasher.calls).toEqual({ hash: 0, verify: 0 })
    expect(service.mailer.mails).toEqual([])
  }
  return { service, asked, untouched }
}

describe.each(Object.entries(acts))('%s', (operation, attempt) => {
  test('LOCK-14 · is refused by the rate limiter before anything is loaded, hashed, counted, recorded or mailed', async () => {
    const { service, asked, untouched } = await watched(refuse)
    expect(await refusal(attempt(service.auth, { context: { source } }))).toEqual({
      code: 'rate-limited',
      rule: 'LOCK-14',
      retryAfterSeconds: 12,
    })
    expect(asked).toEqual([{ source, operation }])
    untouched()
  })

  test('LOCK-14 · proceeds if the rate limiter admits the call, and asks it once', async () => {
    const { service, asked } = await watched(admit)
    const plain = testService({ storage: service.storage })
    const answer = await codeOf(attempt(service.auth, { context: { source } }))
    expect(answer).toBe(await codeOf(attempt(plain.auth, {})))
    expect(answer).not.toBe('malformed-input')
    expect(asked).toEqual([{ source, operation }])
  })

  test('LOCK-14, API-02 · a rate limiter that rejects, throws or returns nonsense admits no call', async () => {
    const answers: readonly (() => unknown)[] = [
      () => Promise.reject(new Error('down')),
      () => {
        throw new Error('down')
      },
      ...[undefined, null, {}, true, 'admitted', { admitted: 1 }, { admitted: false }],
      ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((retryAfterSeconds) => ({
        ...{ admitted: false, retryAfterSeconds },
      })),
    ].map((answer) => (typeof answer === 'function' ? (answer as () => unknown) : async () => answer))
    for (const answer of answers) {
      const { service, untouched } = await watched(answer as () => Promise<RateLimitDecision>)
      expect(await refusal(attempt(service.auth, { context: { source } }))).toEqual({
        ...{ code: 'port-failed', rule: 'API-02', port: 'rateLimiter' },
      })
      expect(service.faults.map(({ port }) => port)).toEqual(['rateLimiter'])
      untouched()
    }
  })

  test('LOCK-14, API-01 · a missing source is malformed input, so it cannot bypass the limit', async () => {
    for (const context of [
      undefined,
      {},
      { source: '' },
      { source: 'x'.repeat(257) },
      { source: 7 as never },
    ]) {
      const { service, asked, untouched } = await watched(admit)
      expect(await refusal(attempt(service.auth, { context }))).toMatchObject({
        code: 'malformed-input',
        field: 'context.source',
      })
      expect(asked).toEqual([])
      untouched()
    }
  })
})

test('LOCK-14, LOCK-01 · a flood from one rate-limited source locks no account, and the holder signs in from another source', async () => {
  let left = 4
  const rateLimiter: RateLimiter = {
    consume: async (attempt) =>
      attempt.source !== source || left-- > 0 ? { allowed: true } : { allowed: false, retryAfterSeconds: 60 },
  }
  const service = testService({ rateLimiter })
  const holder = { ...service, auth: sourced(service.auth) }
  await initialised(holder)
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => codeOf(acts['signIn.begin'](service.auth, { context: { source } }))),
  )
  expect(answers.filter((answer) => answer === 'rate-limited')).toHaveLength(46)
  expect(await view(service, { userId: user })).toMatchObject({
    locked: false,
    failedAttempts: { passwords: 4 },
  })
  expect(await count(service, user, 'PasswordRejected')).toBe(4)
  expect((await begun(holder, { userId: user, password: 'Correct-Horse-1!' })).next).toBe('otp')
})

/** The same service, called from the holder's own address. */
const sourced = (auth: Authentication): Authentication => {
  const from = <T extends object>(part: T): T =>
    Object.fromEntries(
      Object.entries(part).map(([name, call]) => [
        name,
        (input: object) =>
          (call as (given: object) => unknown)({ ...input, context: { source: '198.51.100.7' } }),
      ]),
    ) as T
  return {
    ...auth,
    signIn: from(auth.signIn),
    passwordSetUp: from(auth.passwordSetUp),
    enrolment: from(auth.enrolment),
  }
}

test('LOCK-14, LOCK-11 · the refusal of a rate-limited call is the same for existing and unknown accounts, and is not recorded', async () => {
  const { service } = await watched(refuse)
  const before = (await eventsOf(service, user)).length
  const of = (userId: string) =>
    refusal(service.auth.signIn.begin({ userId, password: 'Wrong-Horse-00!!', system, context: { source } }))
  expect(await of(user)).toEqual(await of('B0123499'))
  expect(await of(user)).toEqual(await of('no such thing'))
  expect((await eventsOf(service, user)).length).toBe(before)
  expect(await eventsOf(service, 'B0123499')).toEqual([])
})

test('LOCK-14 · without a rate limiter no call is limited by source, and no event contains the source', async () => {
  const service = testService()
  const person = await initialised(service)
  const cancelled = async (from: object) => {
    const { challenge } = await begun(service, person)
    return codeOf(service.auth.signIn.cancel({ challenge, ...from }))
  }
  for (let i = 0; i < 40; i++) expect(await cancelled(i % 2 === 0 ? { context: { source } } : {})).toBe('ok')
  const begin = (from: object) => codeOf(service.auth.signIn.begin({ ...person, ...from }))
  for (let i = 0; i < 40; i++) expect(await begin({ context: { source } })).toBe('ok')
  expect(JSON.stringify(await eventsOf(service, user))).not.toContain(source)
})

test('LOCK-14 · the types require a source with a rate limiter, and do not without one', () => {
  const { rateLimiter } = limiting(admit)
  const ports = portsOf(testService())
  const limited = createAuthentication({ ...ports, rateLimiter })
  const unlimited = createAuthentication(ports)
  const context = { source }
  // These functions are compiled but not called.
  const compiled = [
    () => limited.signIn.cancel({ challenge: stranger, context }),
    () => limited.enrolment.chooseChannel({ challenge: stranger, channel: 'Email', context }),
    // @ts-expect-error -- no context
    () => limited.signIn.begin({ userId: user, password: '', system }),
    // @ts-expect-error -- a context without a source
    () => limited.signIn.confirmOtp({ challenge: stranger, code: '123456', context: { userAgent: 'curl' } }),
    // @ts-expect-error -- no context
    () => limited.signIn.resendCode({ challenge: stranger }),
    // @ts-expect-error -- no context
    () => limited.passwordSetUp.begin({ userId: user }),
    // @ts-expect-error -- no context
    () => limited.passwordSetUp.complete({ challenge: stranger, password: '', confirmation: '' }),
    // @ts-expect-error -- no context
    () => limited.enrolment.confirm({ challenge: stranger, code: '123456' }),
    () => unlimited.signIn.begin({ userId: user, password: '', system }),
  ]
  expect(compiled).toHaveLength(9)
})
