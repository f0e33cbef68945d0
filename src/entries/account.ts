/**
 * The state machine of an account and of a participant's User IDs: commands, events, states and the two deciders.
 *
 * @module ccass-2fa/account
 */
export {
  type AccountCommand,
  type AccountCommandContents,
  type AccountCommandOf,
  type AccountCommandType,
  accountCommandTypes,
  type ChallengeCommand,
  type CodeFact,
  type SessionCommand,
  type SmartcardCommand,
} from '../account/commands.ts'
export { type AccountRefusal, accountDecider, accountTransitions, decideAccount } from '../account/decide.ts'
export type {
  AccountEvent,
  AccountEventContents,
  AccountEventOf,
  AccountEventType,
} from '../account/events.ts'
export { evolveAccount } from '../account/evolve.ts'
export { profileFields, profileOf, type Smartcard } from '../account/profile.ts'
export {
  type AccountDenialReason,
  type SmartcardRefusalReason,
  smartcardRefusalReasons,
} from '../account/refusal-reason.ts'
export {
  type Account,
  type AccountAt,
  type AccountBase,
  type AccountOrigin,
  accountStages,
  type Challenge,
  type ChallengeId,
  type CredentialId,
  credentialsOf,
  type DeletedAccount,
  type EnrolledChannel,
  type ExistingAccount,
  type InitialisedAccount,
  type IssuedEmailCode,
  isExistingAccount,
  type LockedAccount,
  type OpenSession,
  type PasswordRecord,
  type PasswordSetAccount,
  type RegisteredAccount,
  type UnknownAccount,
  unknownAccount,
} from '../account/state.ts'
export type { AccountTransition } from '../account/table.ts'
export { type AccountStatus, accountStatuses, isAccountStatus } from '../identity/account-status.ts'
export {
  type ParticipantCommand,
  type ParticipantEvent,
  type ParticipantRefusalReason,
  participantDecider,
  participantTransitions,
  type UserIdAllocation,
} from '../participant/decide.ts'
export {
  type AccountTotals,
  accountTotals,
  allocatedUserIds,
  type KnownParticipant,
  type Participant,
  type UnknownParticipant,
  unknownParticipant,
} from '../participant/state.ts'
