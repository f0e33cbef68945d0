/** The account's decider under exploration: one step, checked by the invariants. */
import { accountDecider, rowFor } from '../../../src/account/decide.ts'
import { type Account, isExistingAccount, unknownAccount } from '../../../src/account/state.ts'
import type { AccountTypes, Row } from '../../../src/account/table.ts'
import type { Decider } from '../../../src/kernel/decider.ts'
import { timeStepAt } from '../../../src/otp/totp.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import type { Explorable, Step } from '../explore.ts'
import { type History, historyLater, noHistory, remembered } from './history.ts'
import { type AccountStep, accountInvariants } from './invariants.ts'
import { later, type Move, type Node, normalised, now, type Renaming } from './model.ts'
import { movesOf, nameOf } from './moves.ts'
import type { View } from './views.ts'

const renamed = (names: readonly string[], renaming: Renaming) =>
  names.flatMap((name) => {
    const known = renaming[name]
    return known === undefined ? [] : [known]
  })

const inOrder = <T>(items: Readonly<Record<string, T>>, keep: (item: T) => boolean) =>
  Object.fromEntries(
    Object.entries(items)
      .filter(([, item]) => keep(item))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** The relevant part of a history, in the names of the normalised account. */
const normalisedHistory = (
  history: History,
  account: Account,
  renaming: Renaming,
  policy: Policy,
): History => {
  const proofs = Object.entries(history.proofs).flatMap(([id, proof]) => {
    const known = renaming[id]
    return known === undefined ? [] : [[known, proof] as const]
  })
  const isOpen = (perSeconds: number) => (uses: { used: number; since: number } | undefined) =>
    uses !== undefined && uses.used > 0 && now < uses.since + perSeconds * 1_000
  const { usedStep, ...rest } = history
  const farthest = timeStepAt(now, policy) - policy.totp.windowSteps - 1
  const hasApp = account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
  return {
    ...rest,
    proofs: Object.fromEntries(proofs.sort(([a], [b]) => (a < b ? -1 : 1))),
    codes: inOrder(history.codes, (code) => code !== undefined && now < code.until),
    sent: inOrder(history.sent, isOpen(policy.emailCode.rateLimit.perSeconds)),
    failedEnrolments: inOrder(history.failedEnrolments, isOpen(policy.enrolment.failedAttempts.perSeconds)),
    sessions: renamed(history.sessions, renaming).sort(),
    ...(usedStep === undefined || !hasApp ? {} : { usedStep: Math.max(usedStep, farthest) }),
  }
}

/** The rows that decided, and the stages at which each command was tried. */
export interface Coverage {
  readonly rows: Set<Row>
  readonly pairs: Set<string>
}

/** Checks that every existing account has a path to a completed sign-in. */
const liveness: NonNullable<Explorable<Node, Move>['liveness']> = {
  isLive: ({ account }) => isExistingAccount(account),
  isGoal: ({ history }, move, { next }) =>
    move.type === 'EnterSignInCode' &&
    next !== undefined &&
    next.history.wrong.passwords + next.history.wrong.codes === 0 &&
    history.proofs[move.challenge] === 'password' &&
    next.history.sessions.length > 0,
  mayUse: () => true,
}

/** An account as a machine that can be explored. The decider is a parameter, so that a faulty one can be explored too. */
export const accountMachine = (
  { alphabet, policy, begins = [], keepsExpired = false, isLive = false }: View,
  coverage?: Coverage,
  decider: Decider<AccountTypes> = accountDecider,
): Explorable<Node, Move> => {
  const settled = (account: Account, history: History): Node => {
    const { account: settledAccount, renaming } = normalised(account, policy, keepsExpired)
    return { account: settledAccount, history: normalisedHistory(history, account, renaming, policy) }
  }
  const step = ({ account, history }: Node, move: Move): Step<Node> => {
    if (move.type === 'Wait') {
      if (move.seconds < 0 && history.clockWentBack) return { violated: [] }
      const next = settled(later(account, move.seconds, policy), historyLater(history, move.seconds, policy))
      return { next, violated: [] }
    }
    if (coverage !== undefined) {
      coverage.pairs.add(`${account.stage} ${move.type}`)
      const row = rowFor(account, move, policy)
      if (row !== undefined) coverage.rows.add(row)
    }
    const outcome = decider.decide(account, move, policy)
    const events = outcome.isOk() ? outcome.value : undefined
    // A refusal changes nothing: every invariant already held for the state.
    if (events === undefined) return { violated: [] }
    const after = events.reduce<Account>(decider.evolve, account)
    const then = remembered(history, account, move, events, policy, now)
    const watched: AccountStep = { before: account, command: move, events, after, history, then, policy, now }
    const violated = accountInvariants.flatMap(({ holds }, n) => (holds(watched) ? [] : [n]))
    return events.length === 0 ? { violated } : { next: settled(after, then), violated }
  }
  const nothing: Node = { account: unknownAccount, history: noHistory }
  return {
    initial: begins.reduce<Node>((node, move) => step(node, move).next ?? node, nothing),
    movesOf: ({ account }) => movesOf(account, alphabet, policy),
    step,
    keyOf: (node) => JSON.stringify(node),
    nameOf,
    ...(isLive ? { liveness } : {}),
  }
}
