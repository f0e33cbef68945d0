import type { ProfileChanges } from '../../account/profile.ts'
import { isDayRange } from '../../fields/day-range.ts'
import { isSameAddress } from '../../fields/email-address.ts'
import { nextUserId } from '../../identity/allocation.ts'
import type { GroupDigit } from '../../identity/participant.ts'
import type { Role } from '../../identity/role.ts'
import { parseUserId, type UserId } from '../../identity/user-id.ts'
import type { HongKongDay } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { typesOfParticipant } from './form-checks.ts'
import type { EserviceLine, EserviceLineOf, NewAccountProfile } from './lines.ts'
import type { LineRefusalReason } from './refusal-reason.ts'
import type { EserviceRules } from './rules.ts'
import { type Eservice, type LineOutcome, outstandingLines, type SentForm } from './state.ts'

/**
 * The facts about an existing account, locked or not, by which HKEX's batch decides.
 *
 * @category eServices
 */
export interface AccountFact {
  readonly role: Role
  /** The registered email, if there is one. */
  readonly email?: string | undefined
  /** Whether it has a smartcard; accounts created from launch on have none (MIG-04). */
  readonly smartcard: boolean
  /** The current dates, to check that a change leaves them in order (FLD-04). */
  readonly enableFrom?: HongKongDay | undefined
  readonly disableAfter?: HongKongDay | undefined
}

/**
 * The facts about a participant by which HKEX's batch decides on a line.
 *
 * @category eServices
 */
export interface BatchFacts {
  /** The accounts that the lines name, by User ID. An account that is missing here does not exist. */
  readonly accounts: ReadonlyMap<string, AccountFact>
  /** The number of accounts that the participant can still create (QTA-02). */
  readonly available: number
  /** Every User ID ever allocated at the participant, including those of deleted accounts (ID-12). */
  readonly taken: ReadonlySet<string>
  /** The group in which new User IDs of HKCC and SEOCH are assigned. Default: `1`. */
  readonly group?: GroupDigit | undefined
}

/**
 * The effect of an accepted line on an account or on the participant's record.
 *
 * @category eServices
 */
export type LineAction =
  /** Creates an account, which uses one place of the participant's quota. */
  | {
      readonly type: 'register'
      readonly userId: UserId
      readonly role: Role
      readonly profile: NewAccountProfile
    }
  | { readonly type: 'change-profile'; readonly userId: UserId; readonly changes: ProfileChanges }
  | { readonly type: 'unlock'; readonly userId: UserId }
  /** Deletes the account and releases its place in the quota. */
  | { readonly type: 'delete'; readonly userId: UserId }
  /** Resets a password in the smartcard's own system; no account changes. */
  | { readonly type: 'reset-smartcard-password'; readonly userId: UserId }
  /** Raises the participant's maximum number of accounts. */
  | { readonly type: 'raise-maximum'; readonly by: number }

/**
 * The planned outcome of one line and, if it is accepted, its action.
 *
 * @category eServices
 */
export interface PlannedLine {
  /** The line's index on the form, from 0. */
  readonly line: number
  readonly outcome: LineOutcome
  /** Present if and only if the line is accepted. */
  readonly action?: LineAction
}

type Verdict = Omit<PlannedLine, 'line'>

const refused = (reason: LineRefusalReason, rule: RuleId): Verdict => ({
  outcome: { kind: 'refused', reason, rule },
})
const accepted = (action: LineAction): Verdict => ({ outcome: { kind: 'accepted' }, action })

const newAccount = (
  role: Role,
  profile: NewAccountProfile,
  { participant, contents }: SentForm,
  { available, taken, group = '1' }: BatchFacts,
  { userId: { seochAdministratorOrder } }: EserviceRules,
): Verdict => {
  if (available < 1) return refused('no-accounts-available', 'QTA-03')
  const grouped = contents.clearingHouse !== 'HKSCC'
  // A form under HKSCC can also be a Designated Bank's; the participant key distinguishes them.
  const type = grouped
    ? contents.clearingHouse
    : (typesOfParticipant(participant)[0] ?? contents.clearingHouse)
  const participantId = grouped ? participant.slice(2) : participant
  const place = { type, role, participantId, ...(grouped ? { group } : {}) }
  return nextUserId(place, taken, seochAdministratorOrder).match<Verdict>(
    (userId) => ({
      outcome: { kind: 'accepted', userId },
      action: { type: 'register', userId, role, profile },
    }),
    () => refused('user-ids-exhausted', 'ID-12'),
  )
}

type OnAccount = Exclude<EserviceLine, EserviceLineOf<'add' | 'add-user' | 'buy-accounts'>>

const onStatus = (
  { email, action }: EserviceLineOf<'status'>,
  userId: UserId,
  account: AccountFact,
): Verdict => {
  if (account.email === undefined) return refused('no-registered-email', 'ESV-09')
  if (!isSameAddress(email, account.email)) return refused('email-differs', 'ESV-10')
  return accepted(
    action === 'unlock'
      ? { type: 'unlock', userId }
      : {
          type: 'change-profile',
          userId,
          changes: { status: action === 'enable' ? 'ENABLED' : 'DISABLED' },
        },
  )
}

const onAccount = (line: OnAccount, { accounts }: BatchFacts, rules: EserviceRules): Verdict => {
  const userId = parseUserId(line.userId, rules.userId.seochAdministratorOrder).match(
    (id) => id.userId,
    () => undefined,
  )
  const account = userId === undefined ? undefined : accounts.get(userId)
  if (userId === undefined || account === undefined) return refused('unknown-account', 'ID-12')
  // An old user's ID can look like a Delegated Administrator's, so the account's role decides (ID-09).
  if (account.role !== 'DelegatedAdministrator') return refused('not-an-administrator', 'MNT-07')
  switch (line.type) {
    case 'change':
      return isDayRange({ ...account, ...line.changes })
        ? accepted({ type: 'change-profile', userId, changes: line.changes })
        : refused('dates-reversed', 'FLD-04')
    case 'status':
      return onStatus(line, userId, account)
    case 'delete':
      return accepted({ type: 'delete', userId })
    case 'reset-smartcard-password':
      return account.smartcard
        ? accepted({ type: 'reset-smartcard-password', userId })
        : refused('no-smartcard', 'MIG-04')
  }
}

const verdictOn = (line: EserviceLine, form: SentForm, facts: BatchFacts, rules: EserviceRules): Verdict => {
  switch (line.type) {
    case 'add':
      return newAccount('DelegatedAdministrator', line.profile, form, facts, rules)
    case 'add-user':
      return newAccount('User', line.profile, form, facts, rules)
    case 'buy-accounts':
      return accepted({ type: 'raise-maximum', by: line.count })
    case 'change':
    case 'status':
    case 'delete':
    case 'reset-smartcard-password':
      return onAccount(line, facts, rules)
  }
}

/**
 * Plans one outstanding line of a form by the facts of that moment. The caller commits the action and the
 * outcome together, then plans the next line with the facts as of then.
 *
 * @returns the plan; `undefined` if the form is not with HKEX or the line is already processed.
 * @rule ESV-10
 * @rule ESV-13
 * @rule QTA-03
 * @category eServices
 */
export const planLine = (
  eservice: Eservice,
  line: number,
  facts: BatchFacts,
  rules: EserviceRules,
): PlannedLine | undefined => {
  if (eservice.stage !== 'SentToHkex' || !outstandingLines(eservice).includes(line)) return undefined
  const named = eservice.contents.lines[line]
  return named === undefined ? undefined : { line, ...verdictOn(named, eservice, facts, rules) }
}

/** The facts after an accepted line. */
const after = (facts: BatchFacts, action: LineAction | undefined): BatchFacts => {
  switch (action?.type) {
    case 'register':
      return {
        ...facts,
        available: facts.available - 1,
        taken: new Set([...facts.taken, action.userId]),
      }
    case 'delete':
      return { ...facts, available: facts.available + 1 }
    case 'raise-maximum':
      return { ...facts, available: facts.available + action.by }
    case 'change-profile':
    case 'unlock':
    case 'reset-smartcard-password':
    case undefined:
      return facts
  }
}

/**
 * Plans all outstanding lines of a form in order, each with the facts that the lines before it leave. If
 * processing was interrupted, the plan starts at the first outstanding line.
 *
 * @returns one plan per outstanding line; empty if the form is not with HKEX.
 * @rule ESV-10
 * @rule ESV-13
 * @category eServices
 */
export const planForm = (
  eservice: Eservice,
  facts: BatchFacts,
  rules: EserviceRules,
): readonly PlannedLine[] => {
  let known = facts
  return outstandingLines(eservice).flatMap((line) => {
    const planned = planLine(eservice, line, known, rules)
    known = after(known, planned?.action)
    return planned ?? []
  })
}
