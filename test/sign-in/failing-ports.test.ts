/** API-02: whichever call of a port fails in whichever step, the refusal and the report name that port. */
import { describe, expect, test } from 'vitest'
import { fragile, type Journey, journeys } from '../support/fault-journeys.ts'
import { mannersOf } from '../support/faults.ts'
import { codeOf, good } from '../support/test-service.ts'

/** A journey before its n-th step, without a failure until then. */
const arrivedAt = async ({ before, steps: way }: Journey, n: number) => {
  const { service, faults } = fragile()
  const bag = await before(service)
  await good(service.auth.outbox.deliver())
  for (const { operation, expected } of way.slice(0, n)) {
    expect(await codeOf(operation(service, bag))).toBe(expected)
    await good(service.auth.outbox.deliver())
  }
  faults.begin(() => undefined)
  service.faults.length = 0
  return { service, faults, bag }
}

/** What a step answers if one call fails before it has an effect. */
const answerOf = async (journey: Journey, n: number, failing: string, nth: number) => {
  const { service, faults, bag } = await arrivedAt(journey, n)
  const step = journey.steps[n] ?? expect.fail('no such step')
  const [manner = 'rejects'] = mannersOf(failing, nth)
  faults.begin((call, at) => (call === failing && at === nth ? manner : undefined))
  const answer = await step.operation(service, bag)
  return { answer: answer.isErr() ? answer.error : undefined, expected: step.expected, service }
}

const asExpected = (told: string, expected: string) => told === expected

/** Where the answer can be another one than `port-failed`, and which. */
const withoutEffect: Readonly<Record<string, (told: string, expected: string) => boolean>> = {
  // A mail goes after the commit: a code that is not sent is told as such, and a notice waits in the outbox.
  'mailer.send': (told, expected) => told === expected || told === 'delivery-failed',
  // A sealed session that cannot be opened is one that is not valid.
  'secretBox.open': (told) => told === 'session-ended',
  // A hash that is not renewed after a sign-in is renewed after the next.
  'passwordHasher.hash': asExpected,
  'random.bytes': asExpected,
  'storage.load': asExpected,
  'storage.commit': asExpected,
  'clock.now': asExpected,
}

describe.each(journeys)('API-02 · $name', (journey) => {
  test.each(journey.steps.map((_, n) => n))('step %i: each call that fails is named', async (n) => {
    const { service, faults, bag } = await arrivedAt(journey, n)
    const step = journey.steps[n] ?? expect.fail('no such step')
    expect(await codeOf(step.operation(service, bag))).toBe(step.expected)
    const calls = faults.calls()
    expect(calls.size).toBeGreaterThan(0)
    for (const [failing, times] of calls) {
      // The delivery of a notice is not a part of the step.
      if (/Notice/.test(failing)) continue
      for (let nth = 0; nth < times; nth++) {
        const { answer, expected, service: then } = await answerOf(journey, n, failing, nth)
        const [port = ''] = failing.split('.')
        const told = answer === undefined ? 'ok' : answer.code
        const [what, reported] = [`${failing} ${nth}`, then.faults.map((fault) => fault.port)]
        expect([what, reported]).toEqual([what, expect.arrayContaining([port])])
        if (withoutEffect[failing]?.(told, expected)) continue
        expect([what, answer]).toEqual([what, { code: 'port-failed', rule: 'API-02', port }])
      }
    }
  })
})
