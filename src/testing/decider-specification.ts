import { AssertionError, deepStrictEqual } from 'node:assert/strict'
import { type Decider, type DeciderTypes, foldEvents, type RefusedBy } from '../kernel/decider.ts'

/**
 * What is expected of a command: exactly one of these is called.
 *
 * @category Testing kit
 */
export interface ExpectedOutcome<M extends DeciderTypes> {
  /**
   * Exactly these events, in this order; none: the command changes nothing.
   *
   * @returns the state afterwards.
   */
  then(...events: readonly M['event'][]): M['state']
  /** The command is refused, for exactly this reason and by this rule. */
  thenRefused(reason: M['reason'], rule: RefusedBy<M['reason']>['rule']): void
}

/**
 * A command for the state that the given events lead to.
 *
 * @category Testing kit
 */
export interface GivenEvents<M extends DeciderTypes> {
  /** The command, under the rules of the specification unless others are given. */
  when(command: M['command'], rules?: M['rules']): ExpectedOutcome<M>
}

/**
 * Describes a decider by example: events that happened, a command, and its outcome.
 *
 * @category Testing kit
 */
export interface DeciderSpecification<M extends DeciderTypes> {
  /** Events that happened, oldest first; none: the state before the first event. */
  given(...events: readonly M['event'][]): GivenEvents<M>
}

/**
 * Given/when/then for a decider: given past events, when a command is decided, then these events follow, or this
 * refusal. It needs no storage, clock or other port, and works with any test runner: a difference is an
 * `AssertionError` that shows both sides.
 *
 * @param decider - the decider, for example `accountDecider` of `ccass-2fa/account`.
 * @param rules - the rules under which commands are decided, for an account the policy.
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
