/** Errors in the host's configuration are found when the service is created, and named. */
import { describe, expect, test } from 'vitest'
import { createAuthentication, defaultPolicy, definePolicy, defineTimeline } from '../../src/index.ts'
import { testService } from '../support/test-service.ts'

const { storage, clock, mailer, passwordHasher, random, secretBox } = testService()
const ports = { storage, clock, mailer, passwordHasher, random, secretBox }
const making = (options: unknown) => () => createAuthentication(options as never)
const launch = Date.UTC(2023, 5, 5, 1)

describe('AUD-04 · invalid options are refused when the service is created', () => {
  test.each([
    ['nothing', undefined, /options must be an object, got undefined/],
    ['no port at all', {}, /storage must be given; clock must be given; mailer must be given/],
    ['a port that is not an object', { ...ports, clock: 5 }, /clock must be an object, got number/],
    [
      'a port without a function',
      { ...ports, storage: { ...storage, commit: 1 } },
      /storage\.commit must be a function/,
    ],
    ['a misspelt option', { ...ports, polcy: defaultPolicy }, /polcy is not an option/],
    ['onError that is no function', { ...ports, onError: 'log' }, /onError must be a function, got string/],
    [
      'a rate limiter without admit',
      { ...ports, rateLimiter: {} },
      /rateLimiter\.consume must be a function/,
    ],
    [
      'a blocklist asked for and not given',
      { ...ports, policy: definePolicy({ password: { blocklist: true } })._unsafeUnwrap() },
      /passwordBlocklist must be given/,
    ],
    [
      'a timeline made by hand whose dates contradict each other',
      { ...ports, timeline: { ...defineTimeline({ launch })._unsafeUnwrap(), decommissioning: launch } },
      /timeline\.decommissioning must be after launch/,
    ],
  ])('%s', (_, options, message) => {
    expect(making(options)).toThrow(TypeError)
    expect(making(options)).toThrow(message)
  })

  test.each([
    [Number.NaN, 'NaN'],
    [0, '0'],
    [6, '6'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [undefined, undefined],
    ['5', 'string'],
  ])('a hand-written policy that locks at %s is refused', (failedSignIns, shown) => {
    const policy = { ...defaultPolicy, lockout: { ...defaultPolicy.lockout, failedSignIns } }
    const make = making({ ...ports, policy })
    if (shown === undefined) expect(make().policy.lockout.failedSignIns).toBe(5)
    else expect(make).toThrow(`policy.lockout.failedSignIns must be a whole number from 1 to 5, got ${shown}`)
  })

  test('the policy in force is a frozen copy: changing the original object has no effect', () => {
    const lockout = { ...defaultPolicy.lockout }
    const auth = createAuthentication({ ...ports, policy: { ...defaultPolicy, lockout } })
    lockout.failedSignIns = 1
    expect(auth.policy.lockout.failedSignIns).toBe(5)
    expect(Object.isFrozen(auth.policy.lockout)).toBe(true)
  })
})
