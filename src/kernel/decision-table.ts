import { err, ok, type Result } from 'neverthrow'
import type { DeciderTypes, RefusedBy, Staged, Typed } from './decider.ts'
import type { RuleId } from './rule-id.ts'

/**
 * The states at given stages.
 *
 * @rule AUD-05
 */
export type At<State extends Staged, Stage extends State['stage']> = Extract<State, { readonly stage: Stage }>

/** The commands or events of given types. */
export type Of<Sum extends Typed, Type extends Sum['type']> = Extract<Sum, { readonly type: Type }>

type Stage<M extends DeciderTypes> = M['state']['stage']
type CommandType<M extends DeciderTypes> = M['command']['type']
type EventType<M extends DeciderTypes> = M['event']['type']

/**
 * One row of a transition table. For a command, the rows of the present stage are tried in order, and the
 * first whose guards all hold decides. The last row of each stage has no guard.
 *
 * @category Basics
 */
export interface Transition<M extends DeciderTypes = DeciderTypes> {
  readonly on: CommandType<M>
  readonly from: readonly Stage<M>[]
  /** The texts of the conditions that must hold; empty if there are none. */
  readonly when: readonly string[]
  readonly rule: RuleId
  readonly outcome:
    | {
        readonly kind: 'events'
        /** The events, in order; those that end with `?` occur only in some cases. */
        readonly events: readonly (EventType<M> | `${EventType<M>}?`)[]
        /** The stage afterwards; `same` if it does not change. */
        readonly to: Stage<M> | 'same'
      }
    | { readonly kind: 'refusal'; readonly reason: M['reason'] }
}

/** A condition of a row, with the text that tables and diagrams show. */
export interface Guard<State, Command, Rules> {
  readonly says: string
  readonly holds: (state: State, command: Command, rules: Rules) => boolean
  /** The outside facts of the command that it reads. Default: none. */
  readonly facts: readonly string[]
}

/** A row with its functions, as {@link decideBy} runs it. */
export interface TransitionRow<M extends DeciderTypes> extends Transition<M> {
  readonly guards: readonly Guard<never, never, M['rules']>[]
  readonly decide: (
    state: never,
    command: never,
    rules: M['rules'],
  ) => Result<readonly M['event'][], RefusedBy<M['reason']>>
  /** The outside facts of the command that its events contain. */
  readonly facts: readonly string[]
}

/** Completes a row after its stages: further conditions, then a refusal or events. */
export interface RowBuilder<S, C, M extends DeciderTypes> {
  /** Adds a condition. */
  when(guard: Guard<S, C, M['rules']>): RowBuilder<S, C, M>
  /** Refuses the command. */
  refuse(reason: M['reason'], rule: RuleId): TransitionRow<M>
  /** Emits events; `facts` are the outside facts of the command that `emit` reads. */
  emit(
    events: readonly (EventType<M> | `${EventType<M>}?`)[],
    to: Stage<M> | 'same',
    rule: RuleId,
    emit: (state: S, command: C, rules: M['rules']) => readonly M['event'][],
    facts?: readonly (keyof C & string)[],
  ): TransitionRow<M>
}

/** Creates the functions that write the rows of one state machine: `on('Unlock').from('Locked').emit(…)`. */
export const decisionTable = <M extends DeciderTypes>() => {
  const rowBuilder = <S extends Stage<M>, C extends CommandType<M>>(
    on: C,
    from: readonly S[],
    guards: readonly Guard<At<M['state'], S>, Of<M['command'], C>, M['rules']>[],
  ): RowBuilder<At<M['state'], S>, Of<M['command'], C>, M> => {
    const common = { on, from, guards, when: guards.map(({ says }) => says), facts: [] }
    return {
      when: (guard) => rowBuilder(on, from, [...guards, guard]),
      refuse: (reason, rule) => ({
        ...common,
        rule,
        outcome: { kind: 'refusal', reason },
        decide: () => err({ reason, rule }),
      }),
      emit: (events, to, rule, emit, facts = []) => ({
        ...common,
        rule,
        facts,
        outcome: { kind: 'events', events, to },
        decide: (state, command, rules) => ok(emit(state, command, rules)),
      }),
    }
  }
  return {
    /** Starts the rows of one command. */
    on: <C extends CommandType<M>>(type: C) => ({
      from: <S extends Stage<M>>(...from: readonly S[]) => rowBuilder(type, from, []),
    }),
    /**
     * Creates a condition from its text and function; `facts` are the outside facts of the command that it
     * reads.
     */
    guard: <S, C>(
      says: string,
      holds: Guard<S, C, M['rules']>['holds'],
      facts: readonly (keyof C & string)[] = [],
    ): Guard<S, C, M['rules']> => ({ says, holds, facts }),
  }
}

/**
 * Turns rows into a decider's `decide`: it tries the rows of the command and the present stage in order, and
 * the first whose guards hold decides. Without a matching row nothing happens; a test shows that there always
 * is one.
 */
export const decideBy = <M extends DeciderTypes>(rows: readonly TransitionRow<M>[]) => {
  const index: Record<string, Record<string, TransitionRow<M>[]>> = {}
  for (const row of rows) {
    const ofCommand = index[row.on] ?? {}
    index[row.on] = ofCommand
    for (const stage of row.from) ofCommand[stage] = [...(ofCommand[stage] ?? []), row]
  }
  // The casts to `never` below: a row's functions take the states and commands of that row, and these rows are
  // looked up by stage and command. `on(…).from(…)` has checked that they belong together.
  const rowsFor = ({ stage }: Staged, { type }: Typed) => index[type]?.[stage] ?? []
  const rowFor = (state: M['state'], command: M['command'], rules: M['rules']) =>
    rowsFor(state, command).find(({ guards }) =>
      guards.every(({ holds }) => holds(state as never, command as never, rules)),
    )
  const decide = (
    state: M['state'],
    command: M['command'],
    rules: M['rules'],
  ): Result<readonly M['event'][], RefusedBy<M['reason']>> => {
    const row = rowFor(state, command, rules)
    // As above.
    return row === undefined ? ok([]) : row.decide(state as never, command as never, rules)
  }
  /**
   * Returns the next outside fact that a decision on a command needs, given those already known; `undefined`
   * once the decision can be taken. The rows are read in order: a fact that only a later row reads is not
   * requested until all rows above it are known not to match.
   */
  const nextFact = (
    state: M['state'],
    command: Typed,
    known: ReadonlySet<string>,
    rules: M['rules'],
  ): string | undefined => {
    const missing = (facts: readonly string[]) => facts.find((fact) => !known.has(fact))
    for (const { guards, facts } of rowsFor(state, command)) {
      // The first guard that fails, or that needs a fact which is not known yet.
      const open = guards.find(
        (guard) =>
          missing(guard.facts) !== undefined || !guard.holds(state as never, command as never, rules),
      )
      if (open === undefined) return missing(facts)
      const fact = missing(open.facts)
      if (fact !== undefined) return fact
    }
    return undefined
  }
  return { rowFor, decide, nextFact }
}
