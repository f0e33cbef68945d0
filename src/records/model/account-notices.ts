import type { AccountEvent, AccountEventOf } from '../../account/events.ts'
import { type Account, isExistingAccount } from '../../account/state.ts'
import type { CredentialChange, Notice } from '../../ports/mailer.ts'

const passwordChanges: Readonly<Record<AccountEventOf<'PasswordSet'>['reason'], CredentialChange>> = {
  'first-sign-in': 'password-set',
  voluntary: 'password-changed',
  expired: 'password-changed',
  forgotten: 'password-reset',
}

const emailOf = (account: Account) => (isExistingAccount(account) ? account.email : undefined)

/** The change of credentials that an event makes, if any. */
const credentialChange = (event: AccountEvent, before: Account): CredentialChange | undefined => {
  switch (event.type) {
    case 'PasswordSet':
      return passwordChanges[event.reason]
    case 'ChannelEnrolled':
      return before.stage === 'Initialised' ? 'channel-changed' : 'channel-set'
    case 'Unlocked':
      return 'reset-by-administrator'
    case 'ProfileChanged':
      // A first address replaces none. Its owner learns of it with the first code.
      return event.changes.email !== undefined && emailOf(before) !== undefined ? 'email-changed' : undefined
    default:
      return undefined
  }
}

/**
 * The notices that an account's events require. They go to the registered address and, if these events
 * replace it, to the former one as well: otherwise an attacker who redirects the mail would be the only one
 * notified.
 *
 * @rule LOCK-11
 * @rule ACC-17
 * @rule LOCK-15
 */
export const noticesOfAccount = (
  after: Account,
  events: readonly AccountEvent[],
  before: Account,
): readonly Notice[] => {
  if (!isExistingAccount(after)) return []
  const { userId, email } = after
  const readers = [...new Set([emailOf(before), email])].filter((to) => to !== undefined)
  return events.flatMap((event): readonly Notice[] => {
    const { type, at } = event
    if (type === 'Locked')
      return email === undefined ? [] : [{ type: 'account-locked', to: email, userId, at }]
    if ((type === 'EnrolmentAborted' || type === 'CodeIssued') && event.blockedUntil !== undefined) {
      const purpose = event.purpose === 'enrolment' ? 'enrolment' : 'password'
      const blocked = { type: 'enrolment-blocked', userId, purpose, until: event.blockedUntil, at } as const
      return email === undefined ? [] : [{ ...blocked, to: email }]
    }
    const change = credentialChange(event, before)
    return change === undefined
      ? []
      : readers.map((to) => ({ type: 'credential-changed', to, userId, change, at }))
  })
}
