/**
 * Two-factor authentication for terminal access to CCASS and CCMS, headless: the service, its ports, its
 * policy and its refusals. The pure rules and the state machines have separate subpaths: `ccass-2fa/rules`,
 * `/account`, `/dms`, `/eservices`, `/migration` and `/audit`.
 *
 * @module ccass-2fa
 */
export { err, errAsync, ok, okAsync, Result, ResultAsync } from 'neverthrow'
export type { AccessDecision, AccessRequest } from './access-control/access-table.ts'
export type { AccountChannel } from './access-control/authority.ts'
export { defineTimeline, type Phase, type Timeline, type TimelineInput } from './access-control/timeline.ts'
export type {
  Profile,
  ProfileChanges,
  ProfileDetails,
} from './account/profile.ts'
export type { AccountStage, SessionId, SignInMethod } from './account/state.ts'
export type { Audit } from './aggregates.ts'
export { type Authentication, type AuthenticationOptions, createAuthentication } from './authentication.ts'
export type { Dms } from './dms/dms.ts'
export type { Ports, ReportedError } from './engine/context.ts'
export type { DeliveryReport, Outbox } from './engine/outbox.ts'
export type { RecordCacheOptions } from './engine/record-cache.ts'
export type { PortName } from './engine/refusals.ts'
export type { Eservices } from './eservices/eservices.ts'
export type { RequestContext, WithClientSource, WithRequestContext } from './fields/request-context.ts'
export { isOtpChannel, type OtpChannel, otpChannels } from './identity/otp-channel.ts'
export {
  type GroupDigit,
  isParticipantType,
  type ParticipantKey,
  type ParticipantType,
  participantTypes,
} from './identity/participant.ts'
export { isRole, type Role, roles } from './identity/role.ts'
export { isSystem, type System, systems } from './identity/system.ts'
export type { UserId } from './identity/user-id.ts'
export { type HongKongDay, hongKongDay, type Instant } from './kernel/instant.ts'
export type { RuleId } from './kernel/rule-id.ts'
export type { Migration } from './migration/migration.ts'
export type { PasswordRuleCode, UnmetPasswordRule } from './password/refusals.ts'
export type { PersonalData } from './personal-data/personal-data.ts'
export { definePolicy, type PolicyInput } from './policy/define.ts'
export { defaultPolicy, type Policy } from './policy/policy.ts'
export type { Clock } from './ports/clock.ts'
export type { CredentialChange, DeliveryResult, Mail, Mailer, Notice } from './ports/mailer.ts'
export type { ObservedEntry, ObservedOperation, Observer } from './ports/observer.ts'
export { type OperationName, operationNames } from './ports/operation.ts'
export type { PasswordBlocklist } from './ports/password-blocklist.ts'
export type { PasswordHasher } from './ports/password-hasher.ts'
export type { PersonalDataKind } from './ports/personal-data.ts'
export type { RandomSource } from './ports/random.ts'
export type {
  RateLimitDecision,
  RateLimitedAttempt,
  RateLimiter,
  UnauthenticatedOperation,
} from './ports/rate-limiter.ts'
export type { SecretBox } from './ports/secret-box.ts'
export {
  type Commit,
  type Json,
  type ListedRecord,
  type NoticeClaim,
  type OutboxNotice,
  type RecordKey,
  type RecordKind,
  type RecordWrite,
  recordKinds,
  type StoragePort,
  type StoredRecord,
  type TrailEntry,
  type TrailEvent,
  type UnchangedRecord,
} from './ports/storage.ts'
export {
  type OperationRefusal,
  type Refusal,
  type RefusalCode,
  type RefusalOf,
  refusalCodes,
} from './refusals.ts'
export type { AccountView } from './registry/account-view.ts'
export type { Registry } from './registry/registry.ts'
export type { AccessEvaluation, AccessQueries } from './session/access-evaluation.ts'
export { Session, type SessionDetails } from './session/session.ts'
export type { ListedSession, Sessions } from './session/sessions.ts'
export type { EnrolOtpStep, SignInStep } from './sign-in/begin-sign-in.ts'
export type { ChallengeToken } from './sign-in/challenge-token.ts'
export type { ConfirmedOtp } from './sign-in/confirm-otp.ts'
export type { CompletedEnrolment, Enrolment, StartedEnrolment } from './sign-in/enrolment.ts'
export type { PasswordSetUp } from './sign-in/password-set-up.ts'
export type { SelfService } from './sign-in/self-service.ts'
export type { SignIn } from './sign-in/sign-in.ts'
export type { SmartcardSignInInput, Smartcards } from './sign-in/smartcards.ts'
