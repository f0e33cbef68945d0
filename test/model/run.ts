/**
 * Explores the state space of every machine: `npm run model`. Prints the visited states, writes
 * `docs/model.md` with `--write`, compares it with `--check`. A violated invariant is printed with the
 * shortest path to it.
 *
 * `--max <states>`: the maximum number of states per view; a view with more is reported as bounded.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { accountCommandTypes } from '../../src/account/commands.ts'
import { accountTransitions } from '../../src/account/decide.ts'
import { accountStages } from '../../src/account/state.ts'
import type { Row } from '../../src/account/table.ts'
import { accountInvariants } from './account/invariants.ts'
import { accountMachine } from './account/machine.ts'
import { accountViews } from './account/views.ts'
import { type Exploration, explore } from './explore.ts'
import { administrationMachines } from './machines.ts'
import { type Explored, modelPage } from './page.ts'

const { values } = parseArgs({
  options: { write: { type: 'boolean' }, check: { type: 'boolean' }, max: { type: 'string' } },
})
const maxStates = Number(values.max ?? 30_000)

const coverage = { rows: new Set<Row>(), pairs: new Set<string>() }
const explored: Explored[] = []
let failed = false

const report = (
  name: string,
  exploration: Exploration,
  invariants: readonly { rule: string; name: string }[],
) => {
  const { states, decisions, truncated, violations, stuck } = exploration
  explored.push({ name, states, decisions, truncated })
  console.log(`${name}: ${states} states, ${decisions} decisions${truncated ? ' (bounded)' : ''}`)
  for (const { invariant, path } of violations) {
    failed = true
    const { rule, name: said } = invariants[invariant] ?? { rule: '', name: '' }
    console.error(`\nVIOLATED ${rule}: ${said}\n${path.map((move) => `  ${move}`).join('\n')}\n`)
  }
  for (const path of stuck) {
    failed = true
    console.error(`\nNO WAY ON from here:\n${path.map((move) => `  ${move}`).join('\n')}\n`)
  }
}

const onProgress = (states: number, waiting: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r  ${states} states, ${waiting} to visit `)
}

for (const machine of administrationMachines)
  report(machine.name, machine.explore({ onProgress }), machine.invariants)
for (const view of accountViews) {
  const bounds = { maxStates, onProgress, ...(view.depth === undefined ? {} : { depth: view.depth }) }
  report(`an account: ${view.name}`, explore(accountMachine(view, coverage), bounds), accountInvariants)
}

const pairs = accountStages.flatMap((stage) => accountCommandTypes.map((type) => `${stage} ${type}`))
for (const pair of pairs.filter((each) => !coverage.pairs.has(each))) {
  failed = true
  console.error(`NEVER TRIED: ${pair}`)
}
for (const { on, from, when } of accountTransitions.filter((row) => !coverage.rows.has(row as Row))) {
  failed = true
  console.error(`NEVER REACHED: ${from.join(' or ')}, ${[on, ...when].join(', ')}`)
}

const path = new URL('../../docs/model.md', import.meta.url)
const page = modelPage(explored, [
  { machine: 'An account', invariants: accountInvariants },
  ...administrationMachines.map(({ name, invariants }) => ({ machine: name, invariants })),
])
if (values.write) writeFileSync(path, page)
if (values.check && readFileSync(path, 'utf8') !== page) {
  failed = true
  console.error('docs/model.md is not what was explored: npm run model -- --write')
}
if (failed) process.exitCode = 1
