import fc from 'fast-check'
import { expect } from 'vitest'
import type { DeciderTypes } from '../../src/kernel/decider.ts'
import type { Transition, TransitionRow } from '../../src/kernel/decision-table.ts'
import type { RuleId } from '../../src/kernel/rule-id.ts'
import { rulebook } from '../../src/policy/rulebook.ts'

export type { RuleId }

/** Every rule of the rulebook. */
export const ruleIds: readonly RuleId[] = rulebook.map(({ id }) => id)

/** The trace of one step of a machine in a test. */
export interface Stepped {
  readonly before: { readonly stage: string }
  readonly command: { readonly type: string }
  readonly events: readonly { readonly type: string; readonly rule: RuleId }[]
  readonly refusal?: { readonly reason: string; readonly rule: RuleId }
  readonly after: { readonly stage: string }
}

/** A row as text, for failure messages. */
export const wordsOf = ({ on, from, when }: Transition) =>
  `${on} from ${from.join('/')} when ${when.join(' and ')}`

/**
 * Checks that tables and diagrams can show the conditions of a table: each is a clause after “when”, and no two
 * rows of a command at a stage have the same ones.
 */
export const expectReadableConditions = (rows: readonly Transition[]) => {
  const texts = rows.flatMap(({ when }) => when)
  expect(texts.filter((text) => !/^\p{L}.* .*[^.,:; ]$/u.test(text))).toEqual([])
  const places = rows.flatMap(({ on, from, when }) => from.map((stage) => [on, stage, ...when].join(' | ')))
  expect(places.filter((place, i) => places.indexOf(place) !== i)).toEqual([])
}

/** Checks that a table decides on every command at every stage, and has no unreachable row. */
export const expectTotal = (
  rows: readonly Transition[],
  commands: readonly string[],
  accountStages: readonly string[],
) => {
  for (const on of commands)
    for (const stage of accountStages) {
      const own = rows.filter((row) => row.on === on && row.from.includes(stage))
      expect([on, stage, own.at(-1)?.when]).toEqual([on, stage, []])
      expect([on, stage, own.slice(0, -1).filter(({ when }) => when.length === 0)]).toEqual([on, stage, []])
    }
  expect(rows.filter(({ on }) => !commands.includes(on))).toEqual([])
  expect(rows.filter(({ rule }) => !ruleIds.includes(rule))).toEqual([])
  expectReadableConditions(rows)
}

const isTrue = (row: Transition, { before, command, events, refusal, after }: Stepped) => {
  if (row.on !== command.type || !row.from.includes(before.stage)) return false
  if (row.outcome.kind === 'refusal') {
    const { reason, rule } = refusal ?? {}
    return reason === row.outcome.reason && rule === row.rule && events.length === 0
  }
  const { events: declared, to } = row.outcome
  const types = events.map(({ type }) => type)
  const optional = declared.filter((name) => name.endsWith('?')).map((name) => name.slice(0, -1))
  const sure = types.filter((type) => !optional.includes(type))
  return (
    refusal === undefined &&
    events.every(({ rule }) => rule === row.rule) &&
    sure.join() === declared.filter((name) => !name.endsWith('?')).join() &&
    after.stage === (to === 'same' ? before.stage : to)
  )
}

/** Checks that some step reaches each row, and that each step matches the row that decided it. */
export const expectReachedAndTrue = <S extends Stepped>(
  rows: readonly Transition[],
  steps: readonly S[],
  rowOf: (step: S) => Transition | undefined,
) => {
  const reached = new Set<Transition>()
  for (const step of steps) {
    const row = rowOf(step)
    expect(row, JSON.stringify(step)).toBeDefined()
    if (row === undefined) continue
    reached.add(row)
    if (!isTrue(row, step)) expect.fail(`${wordsOf(row)} does not tell the truth: ${JSON.stringify(step)}`)
  }
  expect(rows.filter((row) => !reached.has(row)).map(wordsOf)).toEqual([])
}

/** The row that decides on a command: an independent reading of the table, from the top. */
export const rowIn = (
  rows: readonly Transition[],
  { before, command }: Pick<Stepped, 'before' | 'command'>,
  rules: unknown,
): Transition | undefined =>
  (rows as readonly TransitionRow<DeciderTypes>[]).find(
    (row) =>
      row.on === command.type &&
      row.from.includes(before.stage) &&
      row.guards.every(({ holds }) => holds(before as never, command as never, rules)),
  )

/** Values of a field whose type was not checked. */
export const illTyped = () =>
  fc.oneof(fc.anything({ maxDepth: 0 }), fc.constantFrom<unknown>([], {}, [1], { at: 1 }))
