import type { Result } from 'neverthrow'
import type { RuleId } from './rule-id.ts'

/** A state of a state machine: a union of its stages. */
export interface Staged {
  readonly stage: string
}

/** A command or an event: a union of its types. */
export interface Typed {
  readonly type: string
}

/**
 * The types of one state machine, bundled so that generic code takes one type parameter.
 *
 * @category Basics
 */
export interface DeciderTypes {
  readonly state: Staged
  readonly command: Typed
  readonly event: Typed
  /** The reasons for which a command is refused. */
  readonly reason: string
  /** The part of the policy that a decision needs. */
  readonly rules: unknown
}

/**
 * Why a state machine refused a command. It is recorded in the trail, and not disclosed to the caller.
 *
 * @category Basics
 */
export interface RefusedBy<Reason extends string> {
  readonly reason: Reason
  readonly rule: RuleId
}

/**
 * A state machine as two pure, total functions. `decide` returns the events of a command, or why it is
 * refused; `evolve` applies one event to the state. Neither reads a clock, generates random numbers, does I/O
 * or throws: the time and every outside fact are in the command.
 *
 * @rule AUD-01
 * @category Basics
 */
export interface Decider<M extends DeciderTypes> {
  /** The state before the first event. */
  readonly initial: M['state']
  /** Returns the events of a command, empty if nothing changes; or why it is refused. */
  readonly decide: (
    state: M['state'],
    command: M['command'],
    rules: M['rules'],
  ) => Result<readonly M['event'][], RefusedBy<M['reason']>>
  /** Returns the state after one more event. */
  readonly evolve: (state: M['state'], event: M['event']) => M['state']
}

/**
 * Folds events into a state.
 *
 * @category Basics
 */
export const foldEvents = <State, Event>(
  evolve: (state: State, event: Event) => State,
  state: State,
  events: readonly Event[],
): State => events.reduce(evolve, state)
