import assert from 'node:assert/strict'
import type { RateLimitDecision, RateLimiter } from '../ports/rate-limiter.ts'
import { type ContractCase, casesOf } from './contract.ts'

/**
 * The rate limiter that {@link rateLimiterContract} tests. It must not have been called yet.
 *
 * @category Testing kit
 */
export interface RateLimiterUnderTest {
  readonly rateLimiter: RateLimiter
  /** How many simultaneous attempts it admits from one source before it refuses, 2–200. */
  readonly max: number
  /** Another rate limiter that shares its counts, as in another process. */
  readonly second?: () => Promise<RateLimiter>
  /** Advances the time by this many seconds, if the test environment can do so. */
  readonly advance?: (seconds: number) => Promise<void>
  /** Called when a case has ended, successfully or not. */
  readonly close?: () => Promise<void>
}

type Check = (given: RateLimiterUnderTest) => Promise<void>

const [here, there] = ['192.0.2.1', '198.51.100.7']

const ask = (rateLimiter: RateLimiter, source: string) =>
  rateLimiter.consume({ source, operation: 'signIn.begin' })

/** How many of these were admitted. A refusal must say when to try again. */
const admittedOf = (answers: readonly RateLimitDecision[]): number =>
  answers.filter((answer) => {
    if (answer.allowed === true) return true
    assert.equal(answer.allowed, false, 'an attempt is admitted or not')
    const { retryAfterSeconds } = answer
    assert.ok(
      Number.isFinite(retryAfterSeconds) && retryAfterSeconds > 0,
      'a refused attempt says when to retry',
    )
    return false
  }).length

const inTurn = async (rateLimiter: RateLimiter, source: string, times: number) => {
  const answers: RateLimitDecision[] = []
  for (let i = 0; i < times; i++) answers.push(await ask(rateLimiter, source))
  return answers
}

const limits: Check = async ({ rateLimiter, max }) => {
  const answers = await inTurn(rateLimiter, here, max + 3)
  assert.equal(admittedOf(answers.slice(0, max)), max, 'the stated number of attempts is admitted')
  assert.equal(admittedOf(answers.slice(max)), 0, 'further attempts are refused')
}

const apart: Check = async ({ rateLimiter, max }) => {
  await inTurn(rateLimiter, here, max + 1)
  assert.equal(
    admittedOf(await inTurn(rateLimiter, there, max)),
    max,
    'attempts of one source do not count for another',
  )
  assert.equal(
    admittedOf(await inTurn(rateLimiter, here, 1)),
    0,
    'attempts of another source do not clear the count',
  )
}

const addresses: Check = async ({ rateLimiter, max }) => {
  const sources = ['203.0.113.9', '203.0.113.90', '2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8:1:1::1']
  for (const source of sources) {
    const answers = await inTurn(rateLimiter, source, max + 1)
    assert.equal(admittedOf(answers), max, `each address has its own count: ${source}`)
  }
}

/**
 * A limiter may count such sources together or separately, but it must not fail or admit any of them without
 * limit.
 */
const anyText: Check = async ({ rateLimiter, max }) => {
  const sources = ['x', 'X', ' x', '__proto__', 'constructor', 'a:b', '密', "';--", '%00', '*', '\ud800']
  for (const source of [...sources, 'y'.repeat(256)]) {
    const answers = await inTurn(rateLimiter, source, max + 1)
    assert.ok(admittedOf(answers) <= max, `any text is limited: ${JSON.stringify(source)}`)
  }
  assert.equal(
    admittedOf(await inTurn(rateLimiter, here, max)),
    max,
    'other text does not count for an address',
  )
}

const together: Check = async ({ rateLimiter, max }) => {
  const answers = await Promise.all(Array.from({ length: 5 * max }, () => ask(rateLimiter, here)))
  assert.equal(admittedOf(answers), max, 'concurrent attempts get no more admissions than consecutive ones')
}

const shared: Check = async ({ rateLimiter, max, second }) => {
  if (second === undefined) return
  const other = await second()
  const answers = await Promise.all(
    Array.from({ length: 4 * max }, (_, i) => ask(i % 2 === 0 ? rateLimiter : other, here)),
  )
  assert.equal(admittedOf(answers), max, 'two rate limiters with shared counts admit no more than one')
}

const again: Check = async ({ rateLimiter, max, advance }) => {
  if (advance === undefined) return
  const last = (await inTurn(rateLimiter, here, max + 1)).at(-1)
  assert.ok(last?.allowed === false, 'the limit is reached')
  await advance(last.retryAfterSeconds)
  assert.equal(
    admittedOf(await inTurn(rateLimiter, here, 1)),
    1,
    'a source is admitted after the stated waiting time',
  )
}

const checks: Readonly<Record<string, Check>> = {
  'limit · `max` attempts from one source are admitted, and no more': limits,
  'limit · concurrent attempts get no more admissions': together,
  'limit · two rate limiters with shared counts admit no more': shared,
  'limit · after the stated waiting time an attempt is admitted': again,
  'sources · each has its own count': apart,
  'sources · IPv4 and IPv6 addresses are distinguished': addresses,
  'sources · any other text is limited and causes no error': anyText,
}

/**
 * Creates the contract of the `RateLimiter` port, as cases for any test runner. Cases that need `second` or
 * `advance` pass without testing anything if it is missing.
 *
 * @param makeRateLimiter - provides a new rate limiter for each case, which has not been called yet.
 * @returns the cases. Run each one once, alone or in parallel.
 * @example
 * ```ts
 * const make = async () => ({ rateLimiter: rateLimiter({ attempts: 5 }), max: 5 })
 * for (const { name, run } of rateLimiterContract(make)) test(name, run)
 * ```
 * @rule LOCK-14
 * @category Testing kit
 */
export const rateLimiterContract = (
  makeRateLimiter: () => Promise<RateLimiterUnderTest>,
): readonly ContractCase[] => casesOf(checks, makeRateLimiter)
