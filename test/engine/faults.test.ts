/** Ports that fail: at each call, before and after it took effect, over whole journeys. */
import { describe, expect, test } from 'vitest'
import { createAuthentication } from '../../src/index.ts'
import { clear, fragile, type Journey, journeys, untilNow } from '../support/fault-journeys.ts'
import { mannersOf, type Plan } from '../support/faults.ts'
import { type Bag, bagOf, type Step, steps } from '../support/steps.ts'
import { codeOf, good, portsOf, type TestService, unsettled } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import { initialised, user } from '../support/user-journeys.ts'

const { begin, misbegin, confirm, misconfirm, check } = steps

/**
 * Runs a journey with one failure: each step returns the expected result, or a clear refusal and then the
 * expected result.
 */
const travel = async ({ before, steps: way, leaves }: Journey, plan: Plan) => {
  const { service, faults } = fragile()
  const bag = await before(service)
  await good(service.auth.outbox.deliver())
  const types = Object.keys(leaves)
  const had = await untilNow(service, types)
  faults.begin(plan)
  for (const { operation, expected } of way) {
    const answer = await codeOf(operation(service, bag))
    if (answer === expected) continue
    expect(clear).toContain(answer)
    expect(await codeOf(operation(service, bag))).toBe(expected)
  }
  const calls = faults.calls()
  faults.begin(() => undefined)
  const have = await untilNow(service, types)
  expect(Object.fromEntries(types.map((type, i) => [type, (have[i] ?? 0) - (had[i] ?? 0)]))).toEqual(leaves)
  service.clock.pass(60_000) // what failed is tried again then
  await good(service.auth.outbox.deliver())
  expect(await unsettled(service)).toEqual([])
  if ('Locked' in leaves)
    expect(service.mailer.mails.filter(({ type }) => type === 'account-locked').length).toBeGreaterThan(0)
  await expectTrailVerifies(service, user)
  return calls
}

describe.each(journeys)('API-02 · any one call of a port fails once: $name', (journey) => {
  test('the refusal names the port, a retry succeeds, and records and trails agree', async () => {
    const calls = await travel(journey, () => undefined)
    expect(calls.size).toBeGreaterThan(4)
    for (const [name, times] of calls)
      for (let n = 0; n < times; n++)
        for (const manner of mannersOf(name, n))
          await travel(journey, (call, nth) => (call === name && nth === n ? manner : undefined))
  })
})

test('API-02 · the refusal names the port that failed, also for needsRehash of the hasher', async () => {
  const named = async (
    name: string,
    by: (service: TestService, bag: Bag) => ReturnType<Step['operation']>,
  ) => {
    const { service, faults } = fragile()
    // Only an email user's code is generated and hashed at once.
    const bag = bagOf(await initialised(service, user, name === 'secretBox.mac' ? 'Email' : 'MobileApp'))
    faults.begin((call) => (call === name ? 'throws' : undefined))
    const answer = await by(service, bag)
    return answer.isErr() ? answer.error : 'ok'
  }
  for (const [name, port] of [
    ['storage.load', 'storage'],
    ['storage.commit', 'storage'],
    ['clock.now', 'clock'],
    ['random.bytes', 'random'],
    ['secretBox.mac', 'secretBox'],
    ['passwordHasher.verify', 'passwordHasher'],
    ['passwordHasher.needsRehash', 'passwordHasher'],
  ] as const)
    expect(await named(name, begin.operation)).toEqual({ code: 'port-failed', rule: 'API-02', port })
})

test('API-02 · after a commit without an answer the trail is looked up: a wrong password is counted once, a sign-in is kept', async () => {
  const { service, faults } = fragile()
  const bag = bagOf(await initialised(service))
  // In each pair, the first commit is the operation's, and the second proves that the first is durable.
  faults.begin((call, nth) => (call === 'storage.commit' && nth % 2 === 0 ? 'rejects afterwards' : undefined))
  for (const { operation, expected } of [misbegin, begin, misconfirm(), confirm, check])
    expect(await codeOf(operation(service, bag))).toBe(expected)
  expect(await untilNow(service, ['PasswordRejected', 'SignInCodeRejected', 'SignInCompleted'])).toEqual([
    1, 1, 1,
  ])
  await expectTrailVerifies(service, user)
})

test('API-02 · if that look-up fails too, the refusal reveals nothing about the outcome', async () => {
  const { service, faults } = fragile()
  const bag = bagOf(await initialised(service))
  faults.begin((call) =>
    call === 'storage.commit' ? 'rejects afterwards' : call === 'storage.trail' ? 'rejects' : undefined,
  )
  for (const { operation } of [misbegin, begin])
    expect(await codeOf(operation(service, bag))).toBe('port-failed')
  await expectTrailVerifies(service, user)
})

test('API-02 · a decoy hash that could not be computed is tried again at the next sign-in', async () => {
  const { service, faults } = fragile()
  const bag = bagOf({ userId: user })
  faults.begin((call) => (call === 'passwordHasher.hash' ? 'rejects' : undefined))
  expect(await codeOf(misbegin.operation(service, bag))).toBe('port-failed')
  faults.begin(() => undefined)
  expect(await codeOf(misbegin.operation(service, bag))).toBe('sign-in-refused')
})

test('API-02 · onError receives the underlying error, and an onError that throws changes no result', async () => {
  const { service, faults } = fragile()
  faults.begin((call) => (call === 'storage.load' ? 'rejects' : undefined))
  await misbegin.operation(service, bagOf({ userId: user }))
  expect(service.faults).toEqual([{ port: 'storage', error: new Error('the port rejects') }])
  const throwing = () => {
    throw new Error('the logger is out of order')
  }
  for (const onError of [throwing, async () => throwing()]) {
    const auth = createAuthentication({ ...faults.between(portsOf(service)), onError })
    expect(await codeOf(misbegin.operation({ ...service, auth }, bagOf({ userId: user })))).toBe(
      'port-failed',
    )
  }
})
