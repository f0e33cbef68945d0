import { err, ok, type Result } from 'neverthrow'
import type { RuleId } from './rule-id.ts'

/** A state of a machine: a sum over its stages. */
export interface Staged {
  readonly stage: string
}

/** A command or an event: a sum over its types. */
export interface Typed {
  readonly type: string
}

/** The states at some stages. */
export type At<State extends Staged, Stage extends State['stage']> = Extract<State, { readonly stage: Stage }>

/** The commands, or events, of a type. */
export type Of<Sum extends Typed, Type extends Sum['type']> = Extract<Sum, { readonly type: Type }>

/** Why a machine refuses a command; for the trail, not for the caller. */
export interface RefusedBy<Reason extends string> {
  readonly reason: Reason
  readonly rule: RuleId
}

/**
 * One row of a transition table. Rows of a command are tried from the top, those of the present stage
 * alone; the first whose guards all hold decides. The last for each stage has no guard.
 */
export interface Transition<
  Stage extends string = string,
  Command extends string = string,
  Event extends string = string,
  Reason extends string = string,
> {
  readonly on: Command
  readonly from: readonly Stage[]
  /** What must hold besides, in words; empty: nothing. */
  readonly when: readonly string[]
  readonly rule: RuleId
  readonly outcome:
    | {
        readonly kind: 'events'
        /** The events, in order; those with a `?` come only where they apply. */
        readonly events: readonly (Event | `${Event}?`)[]
        /** The stage afterwards; `same`: as before. */
        readonly to: Stage | 'same'
      }
    | { readonly kind: 'refusal'; readonly reason: Reason }
}

/** A condition of a row, with the words in which tables and diagrams show it. */
export interface Guard<State, Command, Rules> {
  readonly says: string
  readonly holds: (state: State, command: Command, rules: Rules) => boolean
}

/** A row together with its functions, as {@link decideBy} runs it. */
export interface Row<
  State extends Staged,
  Command extends Typed,
  Event extends Typed,
  Reason extends string,
  Rules,
> extends Transition<State['stage'], Command['type'], Event['type'], Reason> {
  readonly holds: (state: never, command: never, rules: Rules) => boolean
  readonly emit: (state: never, command: never, rules: Rules) => readonly Event[]
}

/** What may follow the stages of a row. */
export interface RowBuilder<
  S,
  C,
  State extends Staged,
  Command extends Typed,
  Event extends Typed,
  Reason extends string,
  Rules,
> {
  /** One more condition. */
  when(guard: Guard<S, C, Rules>): RowBuilder<S, C, State, Command, Event, Reason, Rules>
  /** The command is refused. */
  refuse(reason: Reason, rule: RuleId): Row<State, Command, Event, Reason, Rules>
  /** The command brings about events. */
  emit(
    events: readonly (Event['type'] | `${Event['type']}?`)[],
    to: State['stage'] | 'same',
    rule: RuleId,
    emit: (state: S, command: C, rules: Rules) => readonly Event[],
  ): Row<State, Command, Event, Reason, Rules>
}

/** The words in which the rows of one machine are written: `on('Unlock').from('Locked').give(…)`. */
export const decisionTable = <
  State extends Staged,
  Command extends Typed,
  Event extends Typed,
  Reason extends string,
  Rules,
>() => {
  const ways = <S extends State['stage'], C extends Command['type']>(
    on: C,
    from: readonly S[],
    guards: readonly Guard<At<State, S>, Of<Command, C>, Rules>[],
  ): RowBuilder<At<State, S>, Of<Command, C>, State, Command, Event, Reason, Rules> => {
    const common = {
      on,
      from,
      when: guards.map(({ says }) => says),
      holds: (state: At<State, S>, command: Of<Command, C>, rules: Rules) =>
        guards.every(({ holds }) => holds(state, command, rules)),
    }
    return {
      when: (guard) => ways(on, from, [...guards, guard]),
      refuse: (reason, rule) => ({ ...common, rule, outcome: { kind: 'refusal', reason }, emit: () => [] }),
      emit: (events, to, rule, emit) => ({ ...common, rule, outcome: { kind: 'events', events, to }, emit }),
    }
  }
  return {
    /** Begins the rows of one command. */
    on: <C extends Command['type']>(type: C) => ({
      from: <S extends State['stage']>(...from: readonly S[]) => ways(type, from, []),
    }),
    /** A condition in words and as a function. */
    guard: <S, C>(says: string, holds: Guard<S, C, Rules>['holds']): Guard<S, C, Rules> => ({ says, holds }),
  }
}

/**
 * Turns rows into a decider's `decide`: the rows of the command and the present stage from the top, the
 * first whose guards hold. Where no row is, nothing happens; a test shows that there is one everywhere.
 */
export const decideBy = <
  State extends Staged,
  Command extends Typed,
  Event extends Typed,
  Reason extends string,
  Rules,
>(
  rows: readonly Row<State, Command, Event, Reason, Rules>[],
) => {
  const index: Record<string, Record<string, Row<State, Command, Event, Reason, Rules>[]>> = {}
  for (const row of rows) {
    const ofCommand = index[row.on] ?? {}
    index[row.on] = ofCommand
    for (const stage of row.from) ofCommand[stage] = [...(ofCommand[stage] ?? []), row]
  }
  const rowFor = (state: State, command: Command, rules: Rules) =>
    index[command.type]?.[state.stage]?.find(({ holds }) => holds(state as never, command as never, rules))
  const decide = (
    state: State,
    command: Command,
    rules: Rules,
  ): Result<readonly Event[], RefusedBy<Reason>> => {
    const row = rowFor(state, command, rules)
    if (row === undefined) return ok([])
    return row.outcome.kind === 'refusal'
      ? err({ reason: row.outcome.reason, rule: row.rule })
      : ok(row.emit(state as never, command as never, rules))
  }
  return { rowFor, decide }
}
