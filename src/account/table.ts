import type { RuleId } from '../kernel/rule-id.ts'
import type { Policy } from '../policy/policy.ts'
import type { CommandOf, CommandType } from './commands.ts'
import type { AccountEvent, EventType } from './events.ts'
import type { RefusalReason } from './refusal-reason.ts'
import type { AccountAt, Stage } from './state.ts'

/** A condition of a transition, with the words in which tables and diagrams show it. */
export interface Guard<A, C> {
  readonly says: string
  readonly holds: (account: A, command: C, policy: Policy) => boolean
}

type Emit<S extends Stage, C extends CommandType> = (
  account: AccountAt<S>,
  command: CommandOf<C>,
  policy: Policy,
) => readonly AccountEvent[]

/**
 * One row of the transition table. Rows of a command are tried from the top, those of the account's stage
 * alone; the first whose guards all hold decides. The last for each stage has no guard.
 */
export interface Transition {
  readonly on: CommandType
  readonly from: readonly Stage[]
  /** What must hold besides, in words; empty: nothing. */
  readonly when: readonly string[]
  readonly rule: RuleId
  readonly outcome:
    | {
        readonly kind: 'events'
        /** The events, in words: those behind `?` come only where they apply. */
        readonly events: readonly (EventType | `${EventType}?`)[]
        /** The stage afterwards; `same`: as before. */
        readonly to: Stage | 'same'
      }
    | { readonly kind: 'refusal'; readonly reason: RefusalReason }
}

/** A row together with its functions, as the decider runs it. */
export interface Row extends Transition {
  readonly holds: (account: never, command: never, policy: Policy) => boolean
  readonly emit: (account: never, command: never, policy: Policy) => readonly AccountEvent[]
}

/** What a row leads to. */
interface Ways<S extends Stage, C extends CommandType> {
  /** One more condition. */
  when(guard: Guard<AccountAt<S>, CommandOf<C>>): Ways<S, C>
  /** The command is refused. */
  refuse(reason: RefusalReason, rule: RuleId): Row
  /** The command brings about events. */
  give(
    events: readonly (EventType | `${EventType}?`)[],
    to: Stage | 'same',
    rule: RuleId,
    emit: Emit<S, C>,
  ): Row
}

const ways = <S extends Stage, C extends CommandType>(
  on: C,
  from: readonly S[],
  guards: readonly Guard<AccountAt<S>, CommandOf<C>>[],
): Ways<S, C> => {
  const common = {
    on,
    from,
    when: guards.map(({ says }) => says),
    holds: (account: AccountAt<S>, command: CommandOf<C>, policy: Policy) =>
      guards.every(({ holds }) => holds(account, command, policy)),
  }
  return {
    when: (guard) => ways(on, from, [...guards, guard]),
    refuse: (reason, rule) => ({ ...common, rule, outcome: { kind: 'refusal', reason }, emit: () => [] }),
    give: (events, to, rule, emit) => ({ ...common, rule, outcome: { kind: 'events', events, to }, emit }),
  }
}

/** Begins the rows of one command: `on('Unlock').from('Locked').give(…)`. */
export const on = <C extends CommandType>(type: C) => ({
  from: <S extends Stage>(...from: readonly S[]): Ways<S, C> => ways(type, from, []),
})

/** A condition in words and as a function. */
export const guard = <A, C>(says: string, holds: Guard<A, C>['holds']): Guard<A, C> => ({ says, holds })
