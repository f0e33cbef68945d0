/** The whole service in a deterministic simulation: many seeds, and faults that it must find. */
import { describe, expect, test } from 'vitest'
import { planOf, printPlan, readPlan } from './plan.ts'
import { plantedFaults } from './sabotage.ts'
import { run, shrink } from './shrink.ts'
import { simulate } from './simulate.ts'

const seeds = Number(process.env['SIMULATION_SEEDS'] ?? 12)

test('API-02, API-03, AUD-01, LOCK-09, LOCK-11, OTP-05, QTA-03 · every invariant holds under crashes, lost answers and clocks that jump', async () => {
  const kinds = new Set<string>()
  // Slow mail is rare: go on until every kind of fault has struck.
  for (let seed = 1; seed <= seeds || (kinds.size < 5 && seed <= 100); seed++) {
    const outcome = await simulate(planOf(seed))
    expect([...outcome.broken], `seed ${seed}`).toEqual([])
    expect(outcome.operations).toBeGreaterThan(30)
    for (const struck of outcome.struck) kinds.add(struck.replace(/ \d+$/, ''))
  }
  expect([...kinds].sort()).toEqual(['answer lost', 'crash', 'mail down', 'mail slow', 'storage down'])
}, 600_000)

test('AUD-01 · the same plan gives the same trace, and another seed a different one', async () => {
  const [one, again, other] = [
    await simulate(planOf(3)),
    await simulate(planOf(3)),
    await simulate(planOf(4)),
  ]
  expect(again.trace).toEqual(one.trace)
  expect(other.trace).not.toEqual(one.trace)
}, 60_000)

test('AUD-01 · random faults and the same faults by name give the same trace', async () => {
  const plan = planOf(5)
  const byChance = await simulate(plan)
  const named = await simulate({ ...plan, faults: byChance.struck })
  expect(byChance.struck.length).toBeGreaterThan(0)
  expect(named.trace).toEqual(byChance.trace)
}, 60_000)

test('AUD-01 · a failing plan is shortened, fails in the same way, and can be printed and read', async () => {
  const sabotage = plantedFaults['a notice is lost']?.sabotage
  const { plan, broken, trace } = await shrink(planOf(1), sabotage, 120)
  const again = await run(readPlan(printPlan(plan)), sabotage)
  expect([...again.broken.keys()]).toContain(broken)
  expect(plan.tasks.length).toBeLessThan(planOf(1).tasks.length)
  expect(plan.faults).toEqual([])
  expect(plan.processes).toBe(1)
  expect(trace.length).toBeGreaterThan(0)
  const whole = await run(plan)
  expect([...whole.broken.keys()]).toEqual([])
}, 120_000)

describe('AUD-01 · the simulation finds a planted fault', () => {
  test.each(Object.entries(plantedFaults))(
    '%s',
    async (_, { sabotage, seeds: within }) => {
      let found: readonly string[] = []
      for (let seed = 1; seed <= within && found.length === 0; seed++)
        found = [...(await run(planOf(seed), sabotage)).broken.keys()]
      expect(found).not.toEqual([])
    },
    300_000,
  )
})
