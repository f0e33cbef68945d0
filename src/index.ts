/**
 * Two-factor authentication for terminal access to CCASS and CCMS, headless: pure rules, state machines,
 * and a service that puts them together with the host's ports.
 *
 * @module
 */
export { err, errAsync, ok, okAsync, Result, ResultAsync } from 'neverthrow'
export {
  type AccessConditions,
  type AccessDecision as AccessAnswer,
  type AccessDecisions as Access,
  type AccessMethod,
  type AccessReason,
  type AccessRequest as AccessQuestion,
  type AccessRule,
  accessAttributes as accessFacts,
  accessMethods,
  accessRules,
  accessTable,
  evaluateAccess as accessOf,
  type Resource as Place,
  type Site,
} from './access-control/access-table.ts'
// Administration
export {
  type AccountChannel,
  accountChannels,
  authorityTable,
  type DmsActor,
  type DmsDenialReason as AuthorityRefusal,
  dmsDenial as forbiddenInDms,
  roles,
  type SupportDecision as Answer,
  type SupportNeed as Need,
  type SupportRequest as Situation,
  type SupportRoute as Route,
  supportNeeds as needs,
  supportRouteFor as routeFor,
} from './access-control/authority.ts'
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
  type AccountCommandContents as CommandContents,
  type AccountCommandOf as CommandOf,
  type AccountCommandType as CommandType,
  accountCommandTypes as commandTypes,
  type ChallengeCommand as OnChallenge,
  type CodeFact,
  type SessionCommand as OfPrincipal,
  type SignInDenial as ShutDoor,
  type SmartcardCommand as WithSmartcard,
  type SmartcardDenial as ShutToSmartcard,
} from './account/commands.ts'
export { type AccountRefusal, accountDecider, accountTransitions, decideAccount } from './account/decide.ts'
export type {
  AccountEvent,
  AccountEventContents as EventContents,
  AccountEventOf as EventOf,
  AccountEventType as EventType,
} from './account/events.ts'
export { evolveAccount as evolve } from './account/evolve.ts'
export {
  type Profile,
  type ProfileChanges,
  type ProfileDetails as Particulars,
  profileFields,
  profileOf,
  type Smartcard,
} from './account/profile.ts'
export type { AccountDenialReason as RefusalReason } from './account/refusal-reason.ts'
export {
  type Account,
  type AccountAt,
  type AccountBase as Holder,
  type AccountOrigin as Origin,
  type AccountStage as Stage,
  accountStages as stages,
  type Challenge,
  type ChallengeId,
  type CredentialId,
  credentialsOf,
  type DeletedAccount as Deleted,
  type EnrolledChannel as Channel,
  type ExistingAccount,
  type InitialisedAccount as Initialised,
  type IssuedEmailCode as EmailCode,
  isExistingAccount as exists,
  type LockedAccount as Locked,
  type OtpChannel,
  type PasswordRecord,
  type PasswordSetAccount as PasswordSet,
  type RegisteredAccount as Registered,
  type UnknownAccount as Unknown,
  unknownAccount,
} from './account/state.ts'
export type { AccountTransition } from './account/table.ts'
export { htmlReport } from './adapters/migration-report/html.ts'
export { textReport } from './adapters/migration-report/text.ts'
export type {
  AccountTrailEntry,
  Audit,
  RecordEvents,
  RecordRange as RecordStretch,
  RecordTrailEntry,
  TrailRange as TrailStretch,
} from './audit/audit.ts'
export type { CheckpointVerification as HeldCheckpoint, Manifest } from './audit/verify-checkpoint.ts'
export type { VerifiedPage } from './audit/verify-records.ts'
export {
  type Authentication,
  type AuthenticationOptions,
  createAuthentication,
} from './authentication.ts'
export type { Dms } from './dms/dms.ts'
export type { EnteredRequest, EntryInput } from './dms/enter-request.ts'
export {
  type AuthorisationCodeCommand as AuthorisationCommand,
  type AuthorisationCodeDenialReason as AuthorisationRefusalReason,
  type AuthorisationCodeEvent as AuthorisationEvent,
  type AuthorisationCodeState as Authorisation,
  authorisationCodeDecider as authorisationDecider,
  authorisationCodeTransitions as authorisationTransitions,
  type DrawnAuthorisationCode as DrawnCode,
  noAuthorisationCode as noAuthorisation,
  type SmartcardRead as CardRead,
} from './dms/model/authorisation-code.ts'
export { entryDigest, needsOf, type ProfileEntry as Entry, profileDigest } from './dms/model/entry.ts'
export {
  type ClosedRequest,
  type PendingRequest,
  type ProfileRequest,
  type RequestCommand,
  type RequestDenialReason as RequestRefusalReason,
  type RequestEvent,
  unknownRequest,
} from './dms/model/request.ts'
export {
  type RequestRules,
  requestDecider,
  requestTransitions,
} from './dms/model/request-decider.ts'
export type { ProfileView } from './dms/profile-view.ts'
export type { DmsQueries as DmsEnquiry, ListingPage } from './dms/queries.ts'
export { Review, type ReviewContents as Reading } from './dms/review.ts'
export type { AuthorisationCode } from './dms/review-request.ts'
export type { Fault, Ports } from './engine/context.ts'
export type { DeliveryReport as NoticeReport, Outbox as Notices } from './engine/outbox.ts'
export type { ClientSource as FromSource } from './engine/rate-limiting.ts'
// The service
export type { EserviceAnswer, Eservices, OnForm } from './eservices/eservices.ts'
export type { LineReport, SentFormRef as SentForm } from './eservices/form-processing.ts'
export {
  type AccountFact,
  type BatchFacts,
  type LineAction,
  type PlannedLine,
  planForm,
  planLine,
} from './eservices/model/batch.ts'
export {
  type ClientConnectPerson as Person,
  type ClientConnectUser,
  userMaintenanceRight,
  type WorkflowRole,
} from './eservices/model/client-connect.ts'
export {
  type ActorCommand as ByClientConnectUser,
  type EserviceCommand,
  type EserviceCommandContents,
  type EserviceCommandOf,
  type EserviceCommandType,
  eserviceCommandTypes,
} from './eservices/model/commands.ts'
export type {
  ClearingHouse as House,
  ContactPerson as Contact,
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
  PersonEvent as ByPerson,
} from './eservices/model/events.ts'
export {
  type ChangeField,
  changeFields,
  type Fee,
  type FormName,
  feeOf,
  fees,
  formNames,
  type OfferedLine as FormLine,
  offeredLines as formLines,
} from './eservices/model/forms.ts'
export type { InboxEvent } from './eservices/model/inbox.ts'
export {
  type EserviceLine as Line,
  type EserviceLineOf as LineOf,
  type EserviceLineType as LineType,
  maxAccountsPerForm as mostAccountsBought,
  type NewAccountProfile as NewHolder,
  type ProfileFields,
} from './eservices/model/lines.ts'
export { type EserviceNotice, eserviceNotices } from './eservices/model/notices.ts'
export { type EserviceReference, isReferenceOf, printReference } from './eservices/model/reference.ts'
export type { ReferenceCounterEvent as NumberingEvent } from './eservices/model/reference-counter.ts'
export type {
  EserviceDenialReason as EserviceRefusalReason,
  FormFaultReason,
  LineRefusalReason,
} from './eservices/model/refusal-reason.ts'
export type { EserviceRules } from './eservices/model/rules.ts'
export {
  type ClaimedForm as Claimed,
  type CompletedForm as Completed,
  clonedContents,
  type DiscardedForm as Discarded,
  type DraftForm as Draft,
  type Eservice,
  type EserviceForm as Form,
  type EserviceStage,
  type EserviceStatus,
  type ExistingEservice,
  eserviceStages,
  type LineOutcome,
  type NumberedForm as Numbered,
  outstandingLines,
  type ProcessedLine,
  type ReadyToSendForm as ReadyToSend,
  type SentForm as SentToHkex,
  statusAt,
  type UnknownEservice,
  unknownEservice,
} from './eservices/model/state.ts'
export type { EserviceTransition } from './eservices/model/table.ts'
export type { EserviceView } from './eservices/take-step.ts'
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
export type { TrailHead as Pin } from './integrity/chain.ts'
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
export { type TrailVerifier, trailVerifier, type VerifiedTrail } from './integrity/verifier.ts'
export { type Decider, foldEvents as fold } from './kernel/decider.ts'
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
// Lockout
export {
  completesFailedSignIn as completesFailedLogin,
  type FailedAttempts as Attempts,
  failedSignIns,
  noFailedAttempts as noAttempts,
  reachesLockout as locks,
  withWrongOtp,
  withWrongPassword,
} from './lockout/attempts.ts'
export {
  consume as used,
  emptyRateWindow as unusedAllowance,
  isAllowed as allows,
  type RateWindow as Allowance,
  refund as givenBack,
  resetsAt as allowsAgainAt,
} from './lockout/rate-window.ts'
export type { ApplyTotals as Applied } from './migration/apply-plans.ts'
export type { DecommissioningResult as Retired } from './migration/decommission-smartcards.ts'
export type {
  ApplyInput,
  ApplyReport,
  Listing,
  ListingRun as Walked,
  PlanInput,
  Progress,
  ReconcileInput,
  ReconcileReport,
} from './migration/jobs.ts'
export type { ListingLine, ListingLines, RunStatus as Ended } from './migration/listing-stream.ts'
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
  type BlockedReason as BlockedBecause,
  type Finding,
  type FindingCode,
  type FindingKind,
  findingCodes,
  findings,
  type RefusedReason as RefusedBecause,
  type Remedy as Help,
  type RemedyRoute as HelpRoute,
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
export type {
  ListedPlan,
  ParticipantPlan,
  PlanTask as ToDo,
  PlanTotals,
} from './migration/model/participant-plan.ts'
export { type ListingPlan, type Planner, type PlanOptions, planner } from './migration/model/plan.ts'
export {
  type ComparedField,
  type PendingStep as WaitsFor,
  type ReconciledAccount,
  type ReconciliationContext as ReconciliationSituation,
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
export type { MigrationReport } from './migration/model/report.ts'
export type {
  AccountPage as Found,
  AccountPageInput as AccountsPage,
  Contact as Reachable,
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
  type UserIdAllocation as NewId,
} from './participant/decide.ts'
export {
  type AccountTotals as Totals,
  accountTotals as totalsOf,
  allocatedUserIds as idsGiven,
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
  type PolicyOverride as Departure,
  type PolicyPath,
  type PolicyValue,
  policyOverrides as departures,
  ruleOfField,
} from './policy/overrides.ts'
export { defaultPolicy, type Policy, type RateLimitPolicy as AllowancePolicy } from './policy/policy.ts'
export { type Rule, rulebook, ruleOf } from './policy/rulebook.ts'
// Ports
export type { Clock } from './ports/clock.ts'
export type { CredentialChange, Delivery, Mail, Mailer, Notice } from './ports/mailer.ts'
export type { PasswordBlocklist } from './ports/password-blocklist.ts'
export type { PasswordHasher } from './ports/password-hasher.ts'
export type { RandomSource } from './ports/random.ts'
export type {
  RateLimitDecision as Admission,
  RateLimitedAttempt as ThrottledAttempt,
  RateLimiter as Throttle,
  UnauthenticatedOperation as StrangerAct,
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
  type StoragePort as Storage,
  type StoredRecord,
  type TrailEntry,
  type TrailEvent,
  type UnchangedRecord as Unchanged,
} from './ports/storage.ts'
export type { AccountView } from './registry/account-view.ts'
export type { Registry } from './registry/registry.ts'
export type { AccessEvaluation as DoorsOf, AccessQueries as Doors } from './session/access-evaluation.ts'
export {
  Session as Principal,
  type SessionDetails as Login,
  type SignInMethod as LoginMethod,
} from './session/session.ts'
export type { Sessions as Principals } from './session/sessions.ts'
export type { EnrolOtpStep as SetUpOtpStep, SignInStep } from './sign-in/begin-sign-in.ts'
export type { ChallengeToken as ChallengeHandle } from './sign-in/challenge-token.ts'
export type { ConfirmedOtp } from './sign-in/confirm-otp.ts'
export type { Enrolment as ChannelSetUp, StartedEnrolment as ChannelEnrolment } from './sign-in/enrolment.ts'
export type { PasswordSetUp } from './sign-in/password-set-up.ts'
export type { SelfService } from './sign-in/self-service.ts'
export type { SignIn } from './sign-in/sign-in.ts'
export type { AdmittedSmartcard, Smartcards } from './sign-in/smartcards.ts'
