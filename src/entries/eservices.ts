/**
 * The eService forms: their state machine, lines, notices and plans, and what the eService operations of the service
 * take and return.
 *
 * @module ccass-2fa/eservices
 */
export type { EserviceResult, FormInput } from '../eservices/eservices.ts'
export type { LineReport, SentFormRef } from '../eservices/form-processing.ts'
export {
  type AccountFact,
  type BatchFacts,
  type LineAction,
  type PlannedLine,
  planForm,
  planLine,
} from '../eservices/model/batch.ts'
export {
  type ClientConnectPerson,
  type ClientConnectUser,
  userMaintenanceRight,
  type WorkflowRole,
} from '../eservices/model/client-connect.ts'
export {
  type ActorCommand,
  type EserviceCommand,
  type EserviceCommandContents,
  type EserviceCommandOf,
  type EserviceCommandType,
  eserviceCommandTypes,
} from '../eservices/model/commands.ts'
export {
  type ClearingHouse,
  type ContactPerson,
  clearingHouses,
  type EserviceContents,
  isClearingHouse,
} from '../eservices/model/contents.ts'
export {
  decideEservice,
  type EserviceRefusal,
  eserviceDecider,
  eserviceTransitions,
} from '../eservices/model/decide.ts'
export type {
  EserviceEvent,
  EserviceEventContents,
  EserviceEventOf,
  EserviceEventType,
  PersonEvent,
} from '../eservices/model/events.ts'
export {
  type ChangeableField,
  changeableFields,
  type Fee,
  type FormName,
  feeForLine,
  feeSchedule,
  formNames,
  isFormName,
  type OfferedLine,
  offeredLines,
} from '../eservices/model/forms.ts'
export type { InboxEvent } from '../eservices/model/inbox.ts'
export {
  type EserviceLine,
  type EserviceLineOf,
  type EserviceLineType,
  isStatusAction,
  maxAccountsPerForm,
  type NewAccountProfile,
  type ProfileFields,
  type StatusAction,
  statusActions,
} from '../eservices/model/lines.ts'
export { type EserviceNotice, eserviceNotices } from '../eservices/model/notices.ts'
export { type EserviceReference, formatReference, isReferenceOf } from '../eservices/model/reference.ts'
export type { ReferenceCounterEvent } from '../eservices/model/reference-counter.ts'
export type {
  EserviceDenialReason,
  InvalidFormReason,
  LineRefusalReason,
} from '../eservices/model/refusal-reason.ts'
export type { EserviceRules } from '../eservices/model/rules.ts'
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
  statusByStage,
  type UnknownEservice,
  unknownEservice,
} from '../eservices/model/state.ts'
export type { EserviceTransition } from '../eservices/model/table.ts'
export type { EserviceView } from '../eservices/take-step.ts'
