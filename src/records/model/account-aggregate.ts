import { accountDecider } from '../../account/decide.ts'
import { credentialsOf, isExistingAccount } from '../../account/state.ts'
import type { AccountTypes } from '../../account/table.ts'
import { noticesOfAccount } from './account-notices.ts'
import type { Aggregate } from './aggregate.ts'

/**
 * The aggregate of one account.
 *
 * @rule AUD-01
 */
export const accountAggregate: Aggregate<AccountTypes> = {
  kind: 'account',
  upcasters: {},
  decider: accountDecider,
  eventTypes: {
    Registered: true,
    ProfileChanged: true,
    PasswordAccepted: true,
    PasswordRehashed: true,
    PasswordRejected: true,
    CodeIssued: true,
    CodeUndelivered: true,
    SignInCodeRejected: true,
    ChallengeEnded: true,
    SignInCompleted: true,
    DeviceChangeVerified: true,
    Locked: true,
    Unlocked: true,
    PasswordCodeRequested: true,
    PasswordCodeAccepted: true,
    EnrolmentCodeRejected: true,
    EnrolmentAborted: true,
    PasswordSet: true,
    ChannelChosen: true,
    ChannelEnrolled: true,
    DeviceChangeRequested: true,
    SmartcardSignInCompleted: true,
    SessionsEnded: true,
    SmartcardDecommissioned: true,
    Deleted: true,
    CommandRefused: true,
    AdministrationRefused: true,
  },
  credentialsOf,
  personalFields: { surname: 'identity', otherNames: 'identity', email: 'contact' },
  needsPersonalData: isExistingAccount,
  noticesOf: noticesOfAccount,
}
