/** A decider under exploration, with an observed history and the invariants of every step. */
import { type Decider, type DeciderTypes, foldEvents } from '../../src/kernel/decider.ts'
import type { RuleId } from '../../src/kernel/rule-id.ts'
import type { Explorable } from './explore.ts'

/** One accepted command. `remembered` is the history before it. */
export interface WatchedStep<M extends DeciderTypes, Memory> {
  readonly before: M['state']
  readonly command: M['command']
  readonly events: readonly M['event'][]
  readonly after: M['state']
  readonly remembered: Memory
}

/** An invariant of every accepted command. */
export interface WatchedInvariant<M extends DeciderTypes, Memory> {
  readonly rule: RuleId
  readonly name: string
  readonly holds: (step: WatchedStep<M, Memory>) => boolean
}

/** A decider, its commands in each state, and its invariants. */
export interface WatchedMachine<M extends DeciderTypes, Memory> {
  readonly name: string
  readonly decider: Decider<M>
  readonly rules: M['rules']
  /**
   * Commands, and moves that are not commands: functions from a state to the next one, such as time passing.
   */
  readonly commandsOf: (state: M['state'], memory: Memory) => readonly M['command'][]
  readonly passes?: Readonly<Record<string, (state: M['state']) => M['state']>>
  /** The state without values that no longer decide anything. */
  readonly normalised: (state: M['state']) => M['state']
  readonly nothing: Memory
  readonly remember: (memory: Memory, step: WatchedStep<M, Memory>) => Memory
  readonly invariants: readonly WatchedInvariant<M, Memory>[]
  readonly nameOf: (command: M['command']) => string
  /** Whether a state must have a path to a goal, and which states are goals. */
  readonly liveness?: {
    readonly isLive: (state: M['state']) => boolean
    readonly isGoal: (state: M['state']) => boolean
  }
}

/** A state, and the history that led to it. */
export interface Node<M extends DeciderTypes, Memory> {
  readonly state: M['state']
  readonly memory: Memory
}

/** A command, or time that passes. */
export type Move<M extends DeciderTypes> =
  | { readonly kind: 'command'; readonly command: M['command'] }
  | { readonly kind: 'pass'; readonly name: string }

/** Converts a watched machine to the form that is explored. */
export const explorableOf = <M extends DeciderTypes, Memory>(
  machine: WatchedMachine<M, Memory>,
): Explorable<Node<M, Memory>, Move<M>> => {
  const { decider, rules, normalised, invariants, liveness, passes = {} } = machine
  return {
    initial: { state: decider.initial, memory: machine.nothing },
    movesOf: ({ state, memory }) => [
      ...Object.keys(passes).map((name) => ({ kind: 'pass', name }) as const),
      ...machine.commandsOf(state, memory).map((command) => ({ kind: 'command', command }) as const),
    ],
    step: ({ state, memory }, move) => {
      if (move.kind === 'pass') {
        const pass = passes[move.name]
        return pass === undefined
          ? { violated: [] }
          : { next: { state: normalised(pass(state)), memory }, violated: [] }
      }
      const outcome = decider.decide(state, move.command, rules)
      if (outcome.isErr()) return { violated: [] }
      const events = outcome.value
      const after = foldEvents(decider.evolve, state, events)
      const step = { before: state, command: move.command, events, after, remembered: memory }
      const violated = invariants.flatMap(({ holds }, n) => (holds(step) ? [] : [n]))
      return events.length === 0
        ? { violated }
        : { next: { state: normalised(after), memory: machine.remember(memory, step) }, violated }
    },
    keyOf: (node) => JSON.stringify(node),
    nameOf: (move) => (move.kind === 'pass' ? move.name : machine.nameOf(move.command)),
    ...(liveness === undefined
      ? {}
      : {
          liveness: {
            isLive: ({ state }) => liveness.isLive(state),
            isGoal: (_node, _move, { next }) => next !== undefined && liveness.isGoal(next.state),
            mayUse: () => true,
          },
        }),
  }
}
