/**
 * Two-factor authentication for terminal access to CCASS and CCMS, headless: pure rules, state machines,
 * and a service that puts them together with the host's ports.
 *
 * @module
 */
export { err, errAsync, ok, okAsync, Result, ResultAsync } from 'neverthrow'
export {
  type AccessConditions,
  type AccessDecision,
  type AccessDecisions,
  type AccessMethod,
  type AccessReason,
  type AccessRequest,
  type AccessRule,
  accessAttributes,
  accessMethods,
  accessRules,
  accessTable,
  evaluateAccess,
  type Resource,
  type Site,
} from './access-control/access-table.ts'
// Administration
export {
  type AccountChannel,
  accountChannels,
  authorityTable,
  type DmsActor,
  type DmsDenialReason,
  dmsDenial,
  roles,
  type SupportDecision,
  type SupportNeed,
  type SupportRequest,
  type SupportRoute,
  supportNeeds,
  supportRouteFor,
} from './access-control/authority.ts'
export type { SignInDenial, SmartcardDenial } from './access-control/denials.ts'
export {
  defineTimeline,
  isLateRegistration,
  type Phase,
  phaseAt,
  phases,
  type Timeline,
  type TimelineInput,
  type TransitionDates,
} from './access-control/timeline.ts'
// The account's state machine
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
} from './account/commands.ts'
export { type AccountRefusal, accountDecider, accountTransitions, decideAccount } from './account/decide.ts'
export type {
  AccountEvent,
  AccountEventContents,
  AccountEventOf,
  AccountEventType,
} from './account/events.ts'
export { evolveAccount } from './account/evolve.ts'
export {
  type Profile,
  type ProfileChanges,
  type ProfileDetails,
  profileFields,
  profileOf,
  type Smartcard,
} from './account/profile.ts'
export type { AccountDenialReason, SmartcardRefusalReason } from './account/refusal-reason.ts'
export {
  type Account,
  type AccountAt,
  type AccountBase,
  type AccountOrigin,
  type AccountStage,
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
  type SessionId,
  type SignInMethod,
  type UnknownAccount,
  unknownAccount,
} from './account/state.ts'
export type { AccountTransition } from './account/table.ts'
export {
  type AccountTrailEntry,
  type Audit,
  type RecordEvents,
  type RecordTrailEntry,
  trailVerifier,
} from './aggregates.ts'
export type { RecordRange, TrailRange } from './audit/audit.ts'
export type { CheckpointVerification, Manifest } from './audit/verify-checkpoint.ts'
export type { VerifiedPage } from './audit/verify-records.ts'
export {
  type Authentication,
  type AuthenticationOptions,
  createAuthentication,
} from './authentication.ts'
export type { Dms } from './dms/dms.ts'
export type { EnteredRequest, EntryInput } from './dms/enter-request.ts'
export type {
  DmsLists,
  ListPage,
  MaintenanceLine,
  OwnRequest,
  PageOf,
  PendingSummary,
  SerialNumberLine,
  UserGroupLine,
} from './dms/lists.ts'
export {
  type AuthorisationCodeCommand,
  type AuthorisationCodeDenialReason,
  type AuthorisationCodeEvent,
  type AuthorisationCodeState,
  authorisationCodeDecider,
  authorisationCodeTransitions,
  type DrawnAuthorisationCode,
  noAuthorisationCode,
  type SmartcardRead,
} from './dms/model/authorisation-code.ts'
export { entryDigest, needsOf, type ProfileEntry, profileDigest } from './dms/model/entry.ts'
export {
  type ClosedRequest,
  type PendingRequest,
  type ProfileRequest,
  type RequestCommand,
  type RequestDenialReason,
  type RequestEvent,
  unknownRequest,
} from './dms/model/request.ts'
export {
  type RequestRules,
  requestDecider,
  requestTransitions,
} from './dms/model/request-decider.ts'
export type { ProfileView } from './dms/profile-view.ts'
export type { DmsQueries, ListingPage } from './dms/queries.ts'
export { Review, type ReviewContents } from './dms/review.ts'
export type { AuthorisationCode } from './dms/review-request.ts'
export type { Fault, Ports } from './engine/context.ts'
export type { DeliveryReport, Outbox } from './engine/outbox.ts'
export type { ClientSource } from './engine/rate-limiting.ts'
// The service
export type { EserviceAnswer, Eservices, OnForm } from './eservices/eservices.ts'
export type { LineReport, SentFormRef } from './eservices/form-processing.ts'
export {
  type AccountFact,
  type BatchFacts,
  type LineAction,
  type PlannedLine,
  planForm,
  planLine,
} from './eservices/model/batch.ts'
export {
  type ClientConnectPerson,
  type ClientConnectUser,
  userMaintenanceRight,
  type WorkflowRole,
} from './eservices/model/client-connect.ts'
export {
  type ActorCommand,
  type EserviceCommand,
  type EserviceCommandContents,
  type EserviceCommandOf,
  type EserviceCommandType,
  eserviceCommandTypes,
} from './eservices/model/commands.ts'
export type {
  ClearingHouse,
  ContactPerson,
  EserviceContents,
} from './eservices/model/contents.ts'
export {
  decideEservice,
  type EserviceRefusal,
  eserviceDecider,
  eserviceTransitions,
} from './eservices/model/decide.ts'
export type {
  EserviceEvent,
  EserviceEventContents,
  EserviceEventOf,
  EserviceEventType,
  PersonEvent,
} from './eservices/model/events.ts'
export {
  type ChangeField,
  changeFields,
  type Fee,
  type FormName,
  feeOf,
  fees,
  formNames,
  type OfferedLine,
  offeredLines,
} from './eservices/model/forms.ts'
export type { InboxEvent } from './eservices/model/inbox.ts'
export {
  type EserviceLine,
  type EserviceLineOf,
  type EserviceLineType,
  maxAccountsPerForm,
  type NewAccountProfile,
  type ProfileFields,
} from './eservices/model/lines.ts'
export { type EserviceNotice, eserviceNotices } from './eservices/model/notices.ts'
export { type EserviceReference, isReferenceOf, printReference } from './eservices/model/reference.ts'
export type { ReferenceCounterEvent } from './eservices/model/reference-counter.ts'
export type {
  EserviceDenialReason,
  FormFaultReason,
  LineRefusalReason,
} from './eservices/model/refusal-reason.ts'
export type { EserviceRules } from './eservices/model/rules.ts'
export {
  type ClaimedForm,
  type CompletedForm,
  clonedContents,
  type DiscardedForm,
  type DraftForm,
  type Eservice,
  type EserviceForm,
  type EserviceStage,
  type EserviceStatus,
  type ExistingEservice,
  eserviceStages,
  type LineOutcome,
  type NumberedForm,
  outstandingLines,
  type ProcessedLine,
  type ReadyToSendForm,
  type SentForm,
  statusAt,
  type UnknownEservice,
  unknownEservice,
} from './eservices/model/state.ts'
export type { EserviceTransition } from './eservices/model/table.ts'
export type { EserviceView } from './eservices/take-step.ts'
export { endingsOf, nextUserId } from './identity/allocation.ts'
// Identity
export type { OtpChannel } from './identity/otp-channel.ts'
export type { GroupDigit, ParticipantKey, ParticipantType } from './identity/participant.ts'
export type { Role } from './identity/role.ts'
export type { System } from './identity/system.ts'
export {
  type AdmittedUserId,
  admitUserId,
  looksLikeAdministrator,
  type ParsedUserId,
  parseUserId,
  printUserId,
  type SeochOrder,
  type UserId,
  type UserIdFormat,
  type UserIdParts,
  userIdFormats,
} from './identity/user-id.ts'
export type { TrailHead } from './integrity/chain.ts'
export {
  type Checkpoint,
  type InclusionProof,
  isIncluded,
  manifestLine,
  printCheckpoint,
  proveInclusion,
  type RecordHead,
} from './integrity/checkpoint.ts'
export type { RecordFinding, RecordFindingCode } from './integrity/finding.ts'
export type { TrailVerifier, VerifiedTrail } from './integrity/verifier.ts'
export { type Decider, foldEvents, type MachineTypes, type RefusedBy } from './kernel/decider.ts'
// Kernel
export type { Transition } from './kernel/decision-table.ts'
export { DAY, HOUR, type HongKongDay, hongKongDay, type Instant, SECOND } from './kernel/instant.ts'
export type {
  PasswordRuleCode,
  PortName,
  Refusal,
  RefusalCode,
  RefusalOf,
  UnmetPasswordRule,
} from './kernel/refusal.ts'
export type { RuleId } from './kernel/rule-id.ts'
// Lockout
export {
  completesFailedSignIn,
  type FailedAttempts,
  failedSignIns,
  noFailedAttempts,
  reachesLockout,
  withWrongOtp,
  withWrongPassword,
} from './lockout/attempts.ts'
export {
  consume,
  emptyRateWindow,
  isAllowed,
  type RateWindow,
  refund,
  resetsAt,
} from './lockout/rate-window.ts'
export type { ApplyTotals } from './migration/apply-plans.ts'
export type { DecommissioningResult } from './migration/decommission-smartcards.ts'
export type {
  ApplyInput,
  ApplyReport,
  Listing,
  ListingRun,
  PlanInput,
  Progress,
  ReconcileInput,
  ReconcileReport,
} from './migration/jobs.ts'
export type { ListingLine, ListingLines, RunStatus } from './migration/listing-stream.ts'
export type { Migration } from './migration/migration.ts'
export type {
  AccountPlan,
  PlanReadings,
  PlanStatus,
  PlanWarning,
  ReadLine,
} from './migration/model/account-plan.ts'
export { type ChecklistItem, type ChecklistPoint, checklistPoints } from './migration/model/checklist.ts'
export {
  type BlockedReason,
  type Finding,
  type FindingCode,
  type FindingKind,
  findingCodes,
  findings,
  type RefusedReason,
  type Remedy,
  type RemedyRoute,
} from './migration/model/findings.ts'
export {
  type ListedAccount,
  type ListingFault,
  type ListingProblem,
  type ListingRow,
  type ListingWarning,
  readListingCells,
  readListingRow,
  type UnreadableLine,
} from './migration/model/listing.ts'
export {
  type ListingColumn,
  type ListingHeader,
  listingColumns,
  type NotAListing,
  readListingHeader,
} from './migration/model/listing-header.ts'
export type {
  ListedPlan,
  ParticipantPlan,
  PlanTask,
  PlanTotals,
} from './migration/model/participant-plan.ts'
export { type ListingPlan, type Planner, type PlanOptions, planner } from './migration/model/plan.ts'
export {
  type ComparedField,
  type PendingStep,
  type ReconciledAccount,
  type ReconciliationContext,
  type ReconciliationOutcome,
  reconcileAccount,
  reconciliationOutcomes,
} from './migration/model/reconcile.ts'
export {
  type ListingReconciliation,
  type ParticipantReconciliation,
  type Reconciler,
  type ReconciliationOptions,
  type ReconciliationTotals,
  reconciler,
} from './migration/model/reconciler.ts'
export type {
  AccountPage,
  AccountPageInput,
  Contact,
  Expiring,
  LateRegistration,
  NotInitialised,
} from './migration/queries.ts'
// One-time passwords
export { checkCodeForm } from './otp/code.ts'
export { type CodePurpose, emailCodeExpiry, emailCodeFrom, emailCodeMessage } from './otp/email-code.ts'
export {
  isFreshStep,
  matchTotp,
  secretBytes,
  type TimeStep,
  type TotpEnrolment,
  timeStepAt,
  totpCode,
  totpEnrolment,
} from './otp/totp.ts'
// Participants
export {
  type ParticipantCommand,
  type ParticipantEvent,
  type ParticipantRefusalReason,
  participantDecider,
  participantTransitions,
  type UserIdAllocation,
} from './participant/decide.ts'
export {
  type AccountTotals,
  accountTotals,
  allocatedUserIds,
  type KnownParticipant,
  type Participant,
  type UnknownParticipant,
  unknownParticipant,
} from './participant/state.ts'
// Passwords
export { checkPassword, unmetPasswordRules } from './password/composition.ts'
export { type PasswordExpiry, passwordExpiry } from './password/expiry.ts'
// Policy and rulebook
export { type DeepPartial, definePolicy, type PolicyInput } from './policy/define.ts'
export {
  type PolicyOverride,
  type PolicyPath,
  type PolicyValue,
  policyOverrides,
  ruleOfField,
} from './policy/overrides.ts'
export { defaultPolicy, type Policy, type RateLimitPolicy } from './policy/policy.ts'
export { type Rule, rulebook, ruleOf } from './policy/rulebook.ts'
// Ports
export type { Clock } from './ports/clock.ts'
export type { CredentialChange, Delivery, Mail, Mailer, Notice } from './ports/mailer.ts'
export type { PasswordBlocklist } from './ports/password-blocklist.ts'
export type { PasswordHasher } from './ports/password-hasher.ts'
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
  type NewNotice,
  type NoticeClaim,
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
export type { AdmittedSmartcard, Smartcards } from './sign-in/smartcards.ts'
