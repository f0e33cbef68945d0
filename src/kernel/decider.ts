import type { Result } from 'neverthrow'
import type { RuleId } from './rule-id.ts'

/** A state of a machine: a union over its stages. */
export interface Staged {
  readonly stage: string
}

/** A command or an event: a union over its types. */
export interface Typed {
  readonly type: string
}

/**
 * The types of one state machine, bundled, so that everything about it takes one type parameter.
 *
 * @category Basics
 */
export interface DeciderTypes {
  readonly state: Staged
  readonly command: Typed
  readonly event: Typed
  /** The reasons for which a command is refused. */
  readonly reason: string
  /** What a decision asks of the policy. */
  readonly rules: unknown
}

/**
 * Why a machine refuses a command; for the trail, not for the caller.
 *
 * @category Basics
 */
export interface RefusedBy<Reason extends string> {
  readonly reason: Reason
  readonly rule: RuleId
}

/**
 * A state machine as two pure, total functions. `decide` answers what a command causes, or why it is refused;
 * `evolve` folds one event into the state. Neither reads a clock, draws a random number, does I/O or throws:
 * time and every outside fact arrive inside the command.
 *
 * @rule AUD-01
 * @category Basics
 */
export interface Decider<M extends DeciderTypes> {
  /** The state before the first event. */
  readonly initial: M['state']
  /** The events that a command causes, none where nothing changes; or why it is refused. */
  readonly decide: (
    state: M['state'],
    command: M['command'],
    rules: M['rules'],
  ) => Result<readonly M['event'][], RefusedBy<M['reason']>>
  /** The state after one more event. */
  readonly evolve: (state: M['state'], event: M['event']) => M['state']
}

/**
 * The state after a run of events.
 *
 * @category Basics
 */
export const foldEvents = <State, Event>(
  evolve: (state: State, event: Event) => State,
  state: State,
  events: readonly Event[],
): State => events.reduce(evolve, state)
