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
 * One command, and what came of it.
 *
 * @category Testing kit
 */
export interface AccountDecision {
  readonly before: Account
  readonly command: AccountCommand
  /** As the trail would have them: a refusal is the event `CommandRefused`. */
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
  /** The account at the end. */
  readonly account: Account
}

/**
 * Puts one command to an account; a refusal is recorded as an event, as the library's service does.
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
 * Interprets steps against an account as it evolves, from before it is registered.
 *
 * @returns every decision, and what they add up to.
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
 * Histories of one account: plausible for the most part, so that they reach every stage and event, with
 * mistakes, idle time, and commands from nowhere among them. At most 9 steps of beginning and 40 more,
 * some of them many times over.
 *
 * @param policy - the policy that they are run under; a new one for each, if it is an arbitrary.
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
 * The commands of such histories: {@link accountHistory} without what came of them.
 *
 * @param policy - the policy under which they are plausible.
 * @rule AUD-01
 * @category Testing kit
 */
export const commandHistory = (policy: Policy = defaultPolicy): fc.Arbitrary<readonly AccountCommand[]> =>
  accountHistory(policy).map(({ commands }) => commands)
