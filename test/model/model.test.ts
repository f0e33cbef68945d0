/**
 * The state space of every machine: small views completely, and faulty machines, each of which must be found.
 */
import { describe, expect, test } from 'vitest'
import { accountCommandTypes } from '../../src/account/commands.ts'
import { accountTransitions } from '../../src/account/decide.ts'
import { accountStages } from '../../src/account/state.ts'
import type { Row } from '../../src/account/table.ts'
import { accountFaults } from './account/faulty.ts'
import { accountInvariants } from './account/invariants.ts'
import { accountMachine } from './account/machine.ts'
import { accountViews } from './account/views.ts'
import { administrationFaults } from './administration/faulty.ts'
import { explore } from './explore.ts'
import { administrationMachines } from './machines.ts'
import { explorableOf } from './watched.ts'

/** The views that `npm test` explores completely; `npm run model` explores every view. */
const small = accountViews.filter(({ depth, name }) => depth !== undefined || name.startsWith('an expired'))

const viewNamed = (wanted: string) => {
  const view = accountViews.find(({ name }) => name === wanted)
  if (view === undefined) throw new Error(`no view is called ${wanted}`)
  return view
}

describe('AUD-01 · the exploration of the whole state space', () => {
  test.each(administrationMachines)(
    'of $name violates no invariant, and every state has a way out',
    (machine) => {
      const { violations, stuck, truncated } = machine.explore()
      expect(violations.map(({ invariant, path }) => [machine.invariants[invariant]?.name, path])).toEqual([])
      expect([stuck, truncated]).toEqual([[], false])
    },
  )

  test.each(small)('of $name violates no invariant', (view) => {
    const { violations, truncated } = explore(
      accountMachine(view),
      view.depth === undefined ? {} : { depth: view.depth },
    )
    expect(violations.map(({ invariant, path }) => [accountInvariants[invariant]?.name, path])).toEqual([])
    expect(truncated).toBe(false)
  })

  test('AUD-05 · tries every command at every stage', () => {
    const coverage = { rows: new Set<Row>(), pairs: new Set<string>() }
    for (const view of small.filter(({ depth }) => depth !== undefined))
      explore(accountMachine(view, coverage), { depth: 2 })
    const pairs = accountStages.flatMap((stage) => accountCommandTypes.map((type) => `${stage} ${type}`))
    expect(pairs.filter((pair) => !coverage.pairs.has(pair))).toEqual([])
    expect(coverage.rows.size).toBeGreaterThan(accountTransitions.length / 2)
  })
})

describe('an exploration finds the planted fault and names its rule', () => {
  test.each(accountFaults)('$rule · $name', ({ rule, view, decider }) => {
    const wanted = viewNamed(view)
    const { violations } = explore(accountMachine(wanted, undefined, decider), {
      stopAtFirst: true,
      maxStates: 60_000,
      ...(wanted.depth === undefined ? {} : { depth: wanted.depth }),
    })
    expect(violations.map(({ invariant }) => accountInvariants[invariant]?.rule)).toContain(rule)
    expect(violations[0]?.path.length).toBeLessThanOrEqual(15)
  })

  test.each(administrationFaults)('$rule · $name', (fault) => {
    const { violations } = explore(explorableOf(fault.machine), { stopAtFirst: true })
    expect(violations.map(({ invariant }) => fault.machine.invariants[invariant]?.rule)).toContain(fault.rule)
  })
})
