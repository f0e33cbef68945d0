import { AssertionError, deepStrictEqual } from 'node:assert/strict'
import { type Decider, type DeciderTypes, foldEvents, type RefusedBy } from '../kernel/decider.ts'

/**
 * The expected outcome of a command. Call exactly one of the methods.
 *
 * @category Testing kit
 */
export interface ExpectedOutcome<M extends DeciderTypes> {
  /**
   * Expects exactly these events, in this order. Without events, the command must change nothing.
   *
   * @returns the resulting state.
   */
  then(...events: readonly M['event'][]): M['state']
  /** Expects a refusal for exactly this reason and under this rule. */
  thenRefused(reason: M['reason'], rule: RefusedBy<M['reason']>['rule']): void
}

/**
 * The given events, to which a command can be applied.
 *
 * @category Testing kit
 */
export interface GivenEvents<M extends DeciderTypes> {
  /** Decides the command, under the rules of the specification unless you pass others. */
  when(command: M['command'], rules?: M['rules']): ExpectedOutcome<M>
}

/**
 * Describes a decider by example: events that happened, a command, and its outcome.
 *
 * @category Testing kit
 */
export interface DeciderSpecification<M extends DeciderTypes> {
  /** States what happened, oldest first. Without events, this is the state before the first event. */
  given(...events: readonly M['event'][]): GivenEvents<M>
}

/**
 * Given/when/then tests for a decider: given past events, when a command is decided, then these events
 * follow, or this refusal. It needs no storage, clock or other port, and works with any test runner. A
 * difference is an `AssertionError` that shows both sides.
 *
 * @param decider - the decider, for example `accountDecider` of `ccass-2fa/account`.
 * @param rules - the rules under which commands are decided. For an account, this is the policy.
 * @throws AssertionError from `then` and `thenRefused`, if the outcome differs.
 * @example
 * ```ts
 * const { given } = deciderSpecification(accountDecider, defaultPolicy)
 * given(registered).when({ type: 'Delete', at }).then({ type: 'Deleted', at, rule: 'ID-12' })
 * ```
 * @rule AUD-01
 * @category Testing kit
 */
export const deciderSpecification = <M extends DeciderTypes>(
  decider: Decider<M>,
  rules: M['rules'],
): DeciderSpecification<M> => ({
  given: (...events) => {
    const state = foldEvents<M['state'], M['event']>(decider.evolve, decider.initial, events)
    return {
      when: (command, under = rules) => {
        const decided = decider.decide(state, command, under)
        return {
          then: (...expected) => {
            if (decided.isErr())
              throw new AssertionError({
                message: `${command.type} was refused: ${decided.error.reason} (${decided.error.rule})`,
                actual: decided.error,
                expected,
              })
            deepStrictEqual(decided.value, expected)
            return foldEvents<M['state'], M['event']>(decider.evolve, state, decided.value)
          },
          thenRefused: (reason, rule) => {
            if (decided.isOk())
              throw new AssertionError({
                message: `${command.type} was not refused`,
                actual: decided.value,
                expected: { reason, rule },
              })
            deepStrictEqual({ ...decided.error }, { reason, rule })
          },
        }
      },
    }
  },
})
