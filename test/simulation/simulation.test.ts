/** The whole service in a deterministic simulation: many seeds, and faults that it must find. */
import { describe, expect, test } from 'vitest'
import { plantedFaults } from './sabotage.ts'
import { simulate } from './simulate.ts'

const seeds = Number(process.env['SIMULATION_SEEDS'] ?? 5)

test('API-02, AUD-01, LOCK-09, LOCK-11, OTP-05, QTA-03 · every invariant holds under crashes, lost answers and skew', async () => {
  const faults = new Set<string>()
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await simulate(seed)
    expect(outcome.broken, `seed ${seed}`).toEqual([])
    expect(outcome.operations).toBeGreaterThan(50)
    for (const kind of outcome.faults.keys()) faults.add(kind)
  }
  expect([...faults].sort()).toEqual(['answer lost', 'crash', 'mail down', 'storage down'])
}, 600_000)

test('AUD-01 · the same seed gives the same trace, and another seed another one', async () => {
  const [one, again, other] = [await simulate(3), await simulate(3), await simulate(4)]
  expect(again.trace).toEqual(one.trace)
  expect(other.trace).not.toEqual(one.trace)
}, 60_000)

describe('AUD-01 · a fault put into the code is found', () => {
  test.each(Object.entries(plantedFaults))(
    '%s',
    async (_, { sabotage, seeds: within }) => {
      let found: readonly string[] = []
      for (let seed = 1; seed <= within && found.length === 0; seed++) {
        try {
          found = (await simulate(seed, sabotage)).broken
        } catch (error) {
          found = [String(error)]
        }
      }
      expect(found).not.toEqual([])
    },
    120_000,
  )
})
