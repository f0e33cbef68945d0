import fc from 'fast-check'
import type { AccountCommand } from '../../account/commands.ts'
import { type AccountRefusal, accountDecider } from '../../account/decide.ts'
import type { AccountEvent } from '../../account/events.ts'
import type { Account } from '../../account/state.ts'
import { foldEvents } from '../../kernel/decider.ts'
import { defaultPolicy, type Policy } from '../../policy/policy.ts'
import { type HistoryStep, historySteps } from './history-steps.ts'
import { challengeName, credentialName, historyStart } from './names.ts'
import { plausibleCommand } from './plausible-command.ts'

/**
 * A command and its outcome.
 *
 * @category Testing kit
 */
export interface AccountDecision {
  readonly before: Account
  readonly command: AccountCommand
  /** The events as the trail would store them. A refusal is the event `CommandRefused`. */
  readonly events: readonly AccountEvent[]
  readonly refusal?: AccountRefusal
  readonly after: Account
}

/**
 * The history of one account.
 *
 * @category Testing kit
 */
export interface History {
  readonly policy: Policy
  readonly decisions: readonly AccountDecision[]
  readonly commands: readonly AccountCommand[]
  /** The whole trail, oldest first. */
  readonly events: readonly AccountEvent[]
  readonly refusals: readonly AccountRefusal[]
  /** The account after the last command. */
  readonly account: Account
}

/**
 * Applies one command to an account. A refusal is recorded as an event, as in the service.
 *
 * @rule AUD-03
 * @category Testing kit
 */
export const decideAndEvolve = (before: Account, command: AccountCommand, policy: Policy): AccountDecision =>
  accountDecider.decide(before, command, policy).match<AccountDecision>(
    (events) => ({ before, command, events, after: foldEvents(accountDecider.evolve, before, events) }),
    (refusal) => {
      const event = { type: 'CommandRefused', at: command.at, operation: command.type, ...refusal } as const
      return { before, command, events: [event], refusal, after: accountDecider.evolve(before, event) }
    },
  )

/**
 * Runs steps against an account as it evolves, starting before it is registered.
 *
 * @returns every decision, and the resulting trail and account.
 * @rule AUD-01
 * @category Testing kit
 */
export const runHistory = (steps: readonly HistoryStep[], policy: Policy = defaultPolicy): History => {
  const decisions: AccountDecision[] = []
  let account: Account = accountDecider.initial
  let now = historyStart
  let names = 0
  const take = (command: AccountCommand) => {
    const decision = decideAndEvolve(account, command, policy)
    account = decision.after
    decisions.push(decision)
  }
  for (const step of steps) {
    if ('wild' in step) take(step.wild)
    else
      for (let time = 0; time < step.times; time++) {
        now += step.wait
        names += 1
        const fresh = {
          challenge: challengeName(names),
          credential: credentialName(names),
          session: `session-${names}`,
        }
        take(plausibleCommand({ account, at: now, policy, fresh, step }))
      }
  }
  return {
    policy,
    decisions,
    commands: decisions.map(({ command }) => command),
    events: decisions.flatMap(({ events }) => events),
    refusals: decisions.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal])),
    account,
  }
}

/**
 * Histories of one account. Most steps are plausible, so that histories reach every stage and event, mixed
 * with mistakes, idle time and arbitrary commands. At most 9 initial steps and 40 further ones. Some are
 * repeated many times.
 *
 * @param policy - the policy under which they run. An arbitrary gives a new policy for each history.
 * @rule AUD-01
 * @category Testing kit
 */
export const accountHistory = (
  policy: Policy | fc.Arbitrary<Policy> = defaultPolicy,
): fc.Arbitrary<History> =>
  fc
    .tuple(historySteps(), policy instanceof fc.Arbitrary ? policy : fc.constant(policy))
    .map(([steps, under]) => runHistory(steps, under))

/**
 * The commands of an {@link accountHistory}, without their outcomes.
 *
 * @param policy - the policy under which they are plausible.
 * @rule AUD-01
 * @category Testing kit
 */
export const commandHistory = (policy: Policy = defaultPolicy): fc.Arbitrary<readonly AccountCommand[]> =>
  accountHistory(policy).map(({ commands }) => commands)
