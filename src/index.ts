/**
 * Two-factor authentication for terminal access to CCASS and CCMS, headless: pure rules, state machines,
 * and a service that puts them together with the host's ports.
 *
 * @module
 */
export { err, errAsync, ok, okAsync, Result, ResultAsync } from 'neverthrow'
// The account's state machine
export {
  type AccountCommand,
  type CodeFact,
  type CommandContents,
  type CommandOf,
  type CommandType,
  commandTypes,
  type OfPrincipal,
  type OnChallenge,
  type ShutDoor,
  type ShutToSmartcard,
  type WithSmartcard,
} from './account/commands.ts'
export { type AccountRefusal, accountDecider, accountTransitions, decideAccount } from './account/decide.ts'
export type { AccountEvent, EventContents, EventOf, EventType } from './account/events.ts'
export { evolve } from './account/evolve.ts'
export {
  type Particulars,
  type Profile,
  type ProfileChanges,
  profileFields,
  profileOf,
  type Smartcard,
} from './account/profile.ts'
export type { RefusalReason } from './account/refusal-reason.ts'
export {
  type Account,
  type AccountAt,
  type Challenge,
  type ChallengeId,
  type Channel,
  type CredentialId,
  credentialsOf,
  type Deleted,
  type EmailCode,
  type ExistingAccount,
  exists,
  type Holder,
  type Initialised,
  type Locked,
  type Origin,
  type OtpChannel,
  type PasswordRecord,
  type PasswordSet,
  type Registered,
  type Stage,
  stages,
  type Unknown,
  unknownAccount,
} from './account/state.ts'
export type { AccountTransition } from './account/table.ts'
export {
  type Authorisation,
  type AuthorisationCommand,
  type AuthorisationEvent,
  type AuthorisationRefusalReason,
  authorisationDecider,
  authorisationTransitions,
  type CardRead,
  type DrawnCode,
  noAuthorisation,
} from './dms/model/authorisation-code.ts'
// Administration
export {
  type AccountChannel,
  type Answer,
  type AuthorityRefusal,
  accountChannels,
  authorityTable,
  type DmsActor,
  forbiddenInDms,
  type Need,
  needs,
  type Route,
  roles,
  routeFor,
  type Situation,
} from './access-control/authority.ts'
export {
  type AccountFact,
  type BatchFacts,
  type LineAction,
  type PlannedLine,
  planForm,
  planLine,
} from './eservices/model/batch.ts'
export {
  type ClientConnectUser,
  type Person,
  userMaintenanceRight,
  type WorkflowRole,
} from './eservices/model/client-connect.ts'
export {
  type ByClientConnectUser,
  type EserviceCommand,
  type EserviceCommandContents,
  type EserviceCommandOf,
  type EserviceCommandType,
  eserviceCommandTypes,
} from './eservices/model/commands.ts'
export type { Contact, EserviceContents, House } from './eservices/model/contents.ts'
export {
  decideEservice,
  type EserviceRefusal,
  eserviceDecider,
  eserviceTransitions,
} from './eservices/model/decide.ts'
export type {
  ByPerson,
  EserviceEvent,
  EserviceEventContents,
  EserviceEventOf,
  EserviceEventType,
} from './eservices/model/events.ts'
export {
  type ChangeField,
  changeFields,
  type Fee,
  type FormLine,
  type FormName,
  feeOf,
  fees,
  formLines,
  formNames,
} from './eservices/model/forms.ts'
export type { InboxEvent } from './eservices/model/inbox.ts'
export {
  type Line,
  type LineOf,
  type LineType,
  mostAccountsBought,
  type NewHolder,
  type ProfileFields,
} from './eservices/model/lines.ts'
export { type EserviceNotice, eserviceNotices } from './eservices/model/notices.ts'
export type { NumberingEvent } from './eservices/model/reference-counter.ts'
export { type EserviceReference, isReferenceOf, printReference } from './eservices/model/reference.ts'
export type {
  EserviceRefusalReason,
  FormFaultReason,
  LineRefusalReason,
} from './eservices/model/refusal-reason.ts'
export type { EserviceRules } from './eservices/model/rules.ts'
export {
  type Claimed,
  type Completed,
  clonedContents,
  type Discarded,
  type Draft,
  type Eservice,
  type EserviceStage,
  type EserviceStatus,
  type ExistingEservice,
  eserviceStages,
  type Form,
  type LineOutcome,
  type Numbered,
  outstandingLines,
  type ProcessedLine,
  type ReadyToSend,
  type SentToHkex,
  statusAt,
  type UnknownEservice,
  unknownEservice,
} from './eservices/model/state.ts'
export type { EserviceTransition } from './eservices/model/table.ts'
export {
  type RequestRules,
  requestDecider,
  requestTransitions,
} from './dms/model/request-decider.ts'
export { type Entry, entryDigest, needsOf, profileDigest } from './dms/model/entry.ts'
export {
  type ClosedRequest,
  type PendingRequest,
  type ProfileRequest,
  type RequestCommand,
  type RequestEvent,
  type RequestRefusalReason,
  unknownRequest,
} from './dms/model/request.ts'
export { endingsOf, nextUserId } from './identity/allocation.ts'
// Identity
export type { GroupDigit, ParticipantKey, ParticipantType, Role, System } from './identity/participant.ts'
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
export { type Decider, fold } from './kernel/decider.ts'

// Kernel
export type { RefusedBy, Transition } from './kernel/decision-table.ts'
export { DAY, HOUR, type HongKongDay, hongKongDay, type Instant, SECOND } from './kernel/instant.ts'
export type {
  PasswordRuleCode,
  PortName,
  Refusal,
  RefusalCode,
  RefusalOf,
  SmartcardRefusalReason,
  UnmetPasswordRule,
} from './kernel/refusal.ts'
export type { RuleId } from './kernel/rule-id.ts'
export {
  type Allowance,
  allows,
  allowsAgainAt,
  givenBack,
  unusedAllowance,
  used,
} from './lockout/rate-window.ts'
// Lockout
export {
  type Attempts,
  completesFailedLogin,
  failedLogins,
  locks,
  noAttempts,
  withWrongOtp,
  withWrongPassword,
} from './lockout/attempts.ts'
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
  type NewId,
  type ParticipantCommand,
  type ParticipantEvent,
  type ParticipantRefusalReason,
  participantDecider,
  participantTransitions,
} from './participant/decide.ts'
export {
  idsGiven,
  type KnownParticipant,
  type Participant,
  type Totals,
  totalsOf,
  type UnknownParticipant,
  unknownParticipant,
} from './participant/state.ts'
// Passwords
export { checkPassword, unmetPasswordRules } from './password/composition.ts'
export { type PasswordExpiry, passwordExpiry } from './password/expiry.ts'
// Policy and rulebook
export { type DeepPartial, definePolicy, type PolicyInput } from './policy/define.ts'
export {
  type Departure,
  departures,
  type PolicyPath,
  type PolicyValue,
  ruleOfField,
} from './policy/overrides.ts'
export { type AllowancePolicy, defaultPolicy, type Policy } from './policy/policy.ts'
export { type Rule, rulebook, ruleOf } from './policy/rulebook.ts'
// Ports
export type { Clock } from './ports/clock.ts'
export type { CredentialChange, Delivery, Mail, Mailer, Notice } from './ports/mailer.ts'
export type { PasswordBlocklist } from './ports/password-blocklist.ts'
export type { PasswordHasher } from './ports/password-hasher.ts'
export type { RandomSource } from './ports/random.ts'
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
  type Storage,
  type StoredRecord,
  type TrailEntry,
  type TrailEvent,
  type Unchanged,
} from './ports/storage.ts'
export type { Admission, StrangerAct, Throttle, ThrottledAttempt } from './ports/rate-limiter.ts'
export type { Doors, DoorsOf } from './session/access-evaluation.ts'
export type {
  AccountTrailEntry,
  Audit,
  RecordEvents,
  RecordStretch,
  RecordTrailEntry,
  TrailStretch,
} from './audit/audit.ts'
export type { Pin } from './integrity/chain.ts'
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
export type { HeldCheckpoint, Manifest } from './audit/verify-checkpoint.ts'
export { type TrailVerifier, trailVerifier, type VerifiedTrail } from './integrity/verifier.ts'
export type { VerifiedPage } from './audit/verify-records.ts'
export {
  type Authentication,
  type AuthenticationOptions,
  createAuthentication,
} from './authentication.ts'
export type { ChannelEnrolment, ChannelSetUp } from './sign-in/enrolment.ts'
export type { Fault, Ports } from './engine/context.ts'
export type { AuthorisationCode } from './dms/review-request.ts'
export type { Dms } from './dms/dms.ts'
export type { DmsEnquiry, ListingPage } from './dms/queries.ts'
export type { EnteredRequest, EntryInput } from './dms/enter-request.ts'
export { type Reading, Review } from './dms/review.ts'
export type { ProfileView } from './dms/profile-view.ts'
// The service
export type { EserviceAnswer, Eservices, OnForm } from './eservices/eservices.ts'
export type { LineReport, SentForm } from './eservices/form-processing.ts'
export type { EserviceView } from './eservices/take-step.ts'
export type { ChallengeHandle } from './sign-in/challenge-token.ts'
export type { Applied } from './migration/apply-plans.ts'
export type {
  AccountsPage,
  Expiring,
  Found,
  LateRegistration,
  NotInitialised,
  Reachable,
} from './migration/queries.ts'
export type { Ended, ListingLine, ListingLines } from './migration/listing-stream.ts'
export type { Migration } from './migration/migration.ts'
export type { Retired } from './migration/decommission-smartcards.ts'
export type {
  ApplyInput,
  ApplyReport,
  Listing,
  PlanInput,
  Progress,
  ReconcileInput,
  ReconcileReport,
  Walked,
} from './migration/jobs.ts'
export type { NoticeReport, Notices } from './engine/outbox.ts'
export type { PasswordSetUp } from './sign-in/password-set-up.ts'
export { type Login, type LoginMethod, Principal } from './session/session.ts'
export type { Principals } from './session/sessions.ts'
export type { AccountView } from './registry/account-view.ts'
export type { Registry } from './registry/registry.ts'
export type { SelfService } from './sign-in/self-service.ts'
export type { SetUpOtpStep, SignInStep } from './sign-in/begin-sign-in.ts'
export type { ConfirmedOtp } from './sign-in/confirm-otp.ts'
export type { SignIn } from './sign-in/sign-in.ts'
export type { AdmittedSmartcard, Smartcards } from './sign-in/smartcards.ts'
export type { FromSource } from './engine/rate-limiting.ts'
export {
  type Access,
  type AccessAnswer,
  type AccessConditions,
  type AccessMethod,
  type AccessQuestion,
  type AccessReason,
  type AccessRule,
  accessFacts,
  accessMethods,
  accessOf,
  accessRules,
  accessTable,
  type Place,
  type Site,
} from './access-control/access-table.ts'
export type {
  AccountPlan,
  PlanReadings,
  PlanStatus,
  PlanWarning,
  ReadLine,
} from './migration/model/account-plan.ts'
export { type ChecklistItem, type ChecklistPoint, checklistPoints } from './migration/model/checklist.ts'
export {
  type BlockedBecause,
  type Finding,
  type FindingCode,
  type FindingKind,
  findingCodes,
  findings,
  type Help,
  type HelpRoute,
  type RefusedBecause,
  type RouteFor,
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
export type { ListedPlan, ParticipantPlan, PlanTotals, ToDo } from './migration/model/participant-plan.ts'
export { type ListingPlan, type Planner, type PlanOptions, planner } from './migration/model/plan.ts'
export {
  type ComparedField,
  type ReconciledAccount,
  type ReconciliationOutcome,
  type ReconciliationSituation,
  reconcileAccount,
  reconciliationOutcomes,
  type WaitsFor,
} from './migration/model/reconcile.ts'
export {
  type ListingReconciliation,
  type ParticipantReconciliation,
  type Reconciler,
  type ReconciliationOptions,
  type ReconciliationTotals,
  reconciler,
} from './migration/model/reconciler.ts'
export type { MigrationReport } from './migration/model/report.ts'
export { htmlReport } from './adapters/migration-report/html.ts'
export { textReport } from './adapters/migration-report/text.ts'
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
