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
 * What HKEX's batch knows of an account that exists, locked or not.
 *
 * @category eServices
 */
export interface AccountFact {
  readonly role: Role
  /** The registered email; absent: none. */
  readonly email?: string
  /** Whether it has a smartcard; accounts made from launch on have none (MIG-04). */
  readonly smartcard: boolean
  /** The dates in force, to see that a change does not reverse them (FLD-04). */
  readonly enableFrom?: HongKongDay
  readonly disableAfter?: HongKongDay
}

/**
 * What HKEX's batch knows of a participant when it comes to a line.
 *
 * @category eServices
 */
export interface BatchFacts {
  /** The accounts that the lines name, by User ID; one that is not here does not exist, or no longer. */
  readonly accounts: ReadonlyMap<string, AccountFact>
  /** Accounts that the participant may still have (QTA-02). */
  readonly available: number
  /** Every User ID ever given at the participant, deleted accounts' included (ID-12). */
  readonly taken: ReadonlySet<string>
  /** The group in which new User IDs of HKCC and SEOCH are assigned; `1` if left out. */
  readonly group?: GroupDigit
}

/**
 * What an accepted line does, to an account or to the participant's record.
 *
 * @category eServices
 */
export type LineAction =
  /** A new account, and one more of the participant's places taken. */
  | {
      readonly type: 'register'
      readonly userId: UserId
      readonly role: Role
      readonly profile: NewAccountProfile
    }
  | { readonly type: 'change-profile'; readonly userId: UserId; readonly changes: ProfileChanges }
  | { readonly type: 'unlock'; readonly userId: UserId }
  /** The account goes, and its place is free. */
  | { readonly type: 'delete'; readonly userId: UserId }
  /** For the smartcard's own system; no account changes. */
  | { readonly type: 'reset-smartcard-password'; readonly userId: UserId }
  /** The participant may have so many more accounts. */
  | { readonly type: 'raise-maximum'; readonly by: number }

/**
 * What is to become of one line: an outcome for the form, and of an accepted one the act it stands for.
 *
 * @category eServices
 */
export interface PlannedLine {
  /** Its place on the form, from 0. */
  readonly line: number
  readonly outcome: LineOutcome
  /** Present exactly where the line is accepted. */
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
  // Under HKSCC's box a form of a Designated Bank stands too, and the key tells them apart.
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
  // A user's ID of old times may look like a Delegated Administrator's: the account knows better (ID-09).
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
 * What HKEX makes of one outstanding line, by what is known at that moment. The caller that carries it out commits
 * the action and the outcome together, and plans the next line on what is known then.
 *
 * @returns the plan; `undefined` where the form is not with HKEX, or the line has its outcome already.
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

/** What is known after an accepted line. */
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
 * What HKEX makes of all outstanding lines of a form, in order, each on what the lines before it leave. A
 * form whose batch broke off is planned from where it stands.
 *
 * @returns one plan a line; none where the form is not with HKEX.
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
