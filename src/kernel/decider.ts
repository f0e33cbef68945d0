import type { Result } from 'neverthrow'

/**
 * A state machine as two pure, total functions. `decide` answers what a command brings about, or why it
 * is refused; `evolve` folds one event into the state. Neither reads a clock, draws a random number,
 * does I/O or throws: time and every outside fact arrive inside the command.
 *
 * @rule AUD-01
 */
export interface Decider<State, Command, Event, Reason, Rules> {
  /** The state before the first event. */
  readonly initial: State
  /** The events that a command brings about, none where nothing changes; or why it is refused. */
  readonly decide: (state: State, command: Command, rules: Rules) => Result<readonly Event[], Reason>
  /** The state after one more event. */
  readonly evolve: (state: State, event: Event) => State
}

/** The state after a run of events. */
export const foldEvents = <State, Event>(
  evolve: (state: State, event: Event) => State,
  state: State,
  events: readonly Event[],
): State => events.reduce(evolve, state)
