/** Ports that fail at random times, and repeatedly. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { branches } from '../support/branches.ts'
import { changeOwn, clear, fragile, type Journey, journeys } from '../support/fault-journeys.ts'
import { mannersOf, type Plan } from '../support/faults.ts'
import { steps } from '../support/steps.ts'
import { codeOf, count, good, unsettled } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import { another, loggedIn, setUp, unlocked, user } from '../support/user-journeys.ts'

const { ask, carry, changeDevice, check, confirm, mischange } = steps

/** A plan by which any call can fail, and the next one too. */
const anyPlan = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 40, maxLength: 120 }),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([draws, often]): Plan => {
    let drawn = 0
    return (call) => {
      const draw = draws[drawn++ % draws.length] ?? 99
      const ways = mannersOf(call, drawn)
      return draw < often ? ways[draw % ways.length] : undefined
    }
  })

/** Steps that require a session. */
const forLoggedIn = new Set(
  [check, carry, mischange, changeOwn, changeDevice].map(({ operation }) => operation),
)

test('API-02, AUD-01 · under any number of failures no operation throws, records stay consistent, and every reported sign-in happened', async () => {
  const seen = branches('no session for it', 'no code for it', 'tried again', 'a sign-in reported')
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: journeys.length - 1 }), anyPlan, async (nth, plan) => {
      const { before, steps: way } = journeys[nth] as Journey
      const { service, faults } = fragile()
      const bag = await before(service)
      const had = await count(service, user, 'SignInCompleted')
      let told = 0
      faults.begin(plan)
      for (const { operation } of way) {
        const needsSession = bag.session === undefined && forLoggedIn.has(operation)
        if (seen.hitIf('no session for it', needsSession)) continue
        const needsCode = service.mailer.codeFor(user) === undefined && operation !== ask.operation
        if (seen.hitIf('no code for it', needsCode)) continue
        for (let tries = 0; tries < 3; tries++) {
          const { session } = bag
          const answer = await codeOf(operation(service, bag))
          const isReported = operation === confirm.operation && bag.session !== session
          if (seen.hitIf('a sign-in reported', isReported)) told++
          if (!seen.hitIf('tried again', clear.includes(answer))) break
        }
      }
      faults.begin(() => undefined)
      await expectTrailVerifies(service, user)
      expect((await count(service, user, 'SignInCompleted')) - had).toBeGreaterThanOrEqual(told)

      await unlocked(service, { userId: user })
      service.clock.pass(30_000)
      await loggedIn(service, await setUp(service, user, 'MobileApp', another(4)))
      service.clock.pass(60_000) // what failed is tried again then
      await good(service.auth.outbox.deliver())
      expect(await unsettled(service)).toEqual([])
      await expectTrailVerifies(service, user)
    }),
    { numRuns: 60 },
  )
  seen.expectAll()
})
