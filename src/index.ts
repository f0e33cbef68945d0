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
} from './administration/authorisation-code.ts'
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
} from './administration/authority.ts'
export {
  type AccountFact,
  type BatchFacts,
  type LineAction,
  type PlannedLine,
  planForm,
  planLine,
} from './administration/eservice/batch.ts'
export {
  type ClientConnectUser,
  type Person,
  userMaintenanceRight,
  type WorkflowRole,
} from './administration/eservice/client-connect.ts'
export {
  type ByClientConnectUser,
  type EserviceCommand,
  type EserviceCommandContents,
  type EserviceCommandOf,
  type EserviceCommandType,
  eserviceCommandTypes,
} from './administration/eservice/commands.ts'
export type { Contact, EserviceContents, House } from './administration/eservice/contents.ts'
export {
  decideEservice,
  type EserviceRefusal,
  eserviceDecider,
  eserviceTransitions,
} from './administration/eservice/decide.ts'
export type {
  ByPerson,
  EserviceEvent,
  EserviceEventContents,
  EserviceEventOf,
  EserviceEventType,
} from './administration/eservice/events.ts'
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
} from './administration/eservice/forms.ts'
export type { InboxEvent } from './administration/eservice/inbox.ts'
export {
  type Line,
  type LineOf,
  type LineType,
  mostAccountsBought,
  type NewHolder,
  type ProfileFields,
} from './administration/eservice/lines.ts'
export { type EserviceNotice, eserviceNotices } from './administration/eservice/notices.ts'
export type { NumberingEvent } from './administration/eservice/numbering.ts'
export { type EserviceReference, isReferenceOf, printReference } from './administration/eservice/reference.ts'
export type {
  EserviceRefusalReason,
  FormFaultReason,
  LineRefusalReason,
} from './administration/eservice/refusal-reason.ts'
export type { EserviceRules } from './administration/eservice/rules.ts'
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
} from './administration/eservice/state.ts'
export type { EserviceTransition } from './administration/eservice/table.ts'
export {
  type RequestRules,
  requestDecider,
  requestTransitions,
} from './administration/profile-change/decide.ts'
export { type Entry, entryDigest, needsOf, profileDigest } from './administration/profile-change/entry.ts'
export {
  type ClosedRequest,
  type PendingRequest,
  type ProfileRequest,
  type RequestCommand,
  type RequestEvent,
  type RequestRefusalReason,
  unknownRequest,
} from './administration/profile-change/request.ts'
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
} from './lockout/allowance.ts'
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
} from './policy/departures.ts'
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
export type { Admission, StrangerAct, Throttle, ThrottledAttempt } from './ports/throttle.ts'
export type { Doors, DoorsOf } from './service/access.ts'
export type {
  AccountTrailEntry,
  Audit,
  RecordEvents,
  RecordStretch,
  RecordTrailEntry,
  TrailStretch,
} from './service/audit/audit.ts'
export type { Pin } from './service/audit/chain.ts'
export {
  type Checkpoint,
  type InclusionProof,
  isIncluded,
  manifestLine,
  printCheckpoint,
  proveInclusion,
  type RecordHead,
} from './service/audit/checkpoint.ts'
export type { RecordFinding, RecordFindingCode } from './service/audit/finding.ts'
export type { HeldCheckpoint, Manifest } from './service/audit/hold.ts'
export { type TrailVerifier, trailVerifier, type VerifiedTrail } from './service/audit/verifier.ts'
export type { VerifiedPage } from './service/audit/verify.ts'
export {
  type Authentication,
  type AuthenticationOptions,
  createAuthentication,
} from './service/authentication.ts'
export type { ChannelEnrolment, ChannelSetUp } from './service/channel-set-up.ts'
export type { Fault, Ports } from './service/context.ts'
export type { AuthorisationCode } from './service/dms/checking.ts'
export type { Dms } from './service/dms/dms.ts'
export type { DmsEnquiry, ListingPage } from './service/dms/enquiry.ts'
export type { EnteredRequest, EntryInput } from './service/dms/requests.ts'
export { type Reading, Review } from './service/dms/review.ts'
export type { ProfileView } from './service/dms/view.ts'
// The service
export type { EserviceAnswer, Eservices, OnForm } from './service/eservices/eservices.ts'
export type { LineReport, SentForm } from './service/eservices/hkex.ts'
export type { EserviceView } from './service/eservices/step.ts'
export type { ChallengeHandle } from './service/handle.ts'
export type { Applied } from './service/migration/apply.ts'
export type {
  AccountsPage,
  Expiring,
  Found,
  LateRegistration,
  NotInitialised,
  Reachable,
} from './service/migration/enquiries.ts'
export type { Ended, ListingLine, ListingLines } from './service/migration/lines.ts'
export type { Migration } from './service/migration/migration.ts'
export type { Retired } from './service/migration/retire.ts'
export type {
  ApplyInput,
  ApplyReport,
  Listing,
  PlanInput,
  Progress,
  ReconcileInput,
  ReconcileReport,
  Walked,
} from './service/migration/walks.ts'
export type { NoticeReport, Notices } from './service/notices.ts'
export type { PasswordSetUp } from './service/password-set-up.ts'
export { type Login, type LoginMethod, Principal } from './service/principal.ts'
export type { Principals } from './service/principals.ts'
export type { AccountView } from './service/registry/account-view.ts'
export type { Registry } from './service/registry/registry.ts'
export type { SelfService } from './service/self-service.ts'
export type { SetUpOtpStep, SignInStep } from './service/sign-in/begin.ts'
export type { ConfirmedOtp } from './service/sign-in/confirm.ts'
export type { SignIn } from './service/sign-in.ts'
export type { AdmittedSmartcard, Smartcards } from './service/smartcard.ts'
export type { FromSource } from './service/throttling.ts'
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
} from './transition/access.ts'
export type {
  AccountPlan,
  PlanReadings,
  PlanStatus,
  PlanWarning,
  ReadLine,
} from './transition/account-plan.ts'
export { type ChecklistItem, type ChecklistPoint, checklistPoints } from './transition/checklist.ts'
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
} from './transition/findings.ts'
export {
  type ListedAccount,
  type ListingFault,
  type ListingProblem,
  type ListingRow,
  type ListingWarning,
  readListingCells,
  readListingRow,
  type UnreadableLine,
} from './transition/listing.ts'
export {
  type ListingColumn,
  type ListingHeader,
  listingColumns,
  type NotAListing,
  readListingHeader,
} from './transition/listing-header.ts'
export type { ListedPlan, ParticipantPlan, PlanTotals, ToDo } from './transition/participant-plan.ts'
export { type ListingPlan, type Planner, type PlanOptions, planner } from './transition/plan.ts'
export {
  type ComparedField,
  type ReconciledAccount,
  type ReconciliationOutcome,
  type ReconciliationSituation,
  reconcileAccount,
  reconciliationOutcomes,
  type WaitsFor,
} from './transition/reconcile.ts'
export {
  type ListingReconciliation,
  type ParticipantReconciliation,
  type Reconciler,
  type ReconciliationOptions,
  type ReconciliationTotals,
  reconciler,
} from './transition/reconciler.ts'
export type { MigrationReport } from './transition/report.ts'
export { htmlReport } from './transition/report-html.ts'
export { textReport } from './transition/report-text.ts'
export {
  defineTimeline,
  isLateRegistration,
  type Phase,
  phaseAt,
  phases,
  type Timeline,
  type TimelineInput,
  type TransitionDates,
} from './transition/timeline.ts'
