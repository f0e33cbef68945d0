import type { ChangeRefusal, EndpointRefusal } from '../engine/refusals.ts'
import type { IdentityRefusal } from '../identity/refusals.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { MalformedInput } from '../kernel/malformed-input.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { RecordsRefusal } from '../records/refusals.ts'
import type { SessionEnded } from '../session/refusals.ts'

/**
 * Refusals of the Delegated Administrator Maintenance and Support functions.
 *
 * @category Refusals
 * @rule DMS-02
 * @rule DMS-04
 * @rule DMS-05
 */
export type DmsRefusal =
  /** The caller is not authorised for this operation on that account; `rule` names the reason. */
  | { readonly code: 'not-authorised'; readonly rule: RuleId }
  /** The request cannot be confirmed, or no longer. */
  | {
      readonly code: 'request-not-open'
      readonly rule: 'DMS-05'
      readonly reason: 'unknown' | 'closed' | 'expired' | 'stale' | 'amended'
    }
  /** Maker and checker must be two people. */
  | { readonly code: 'maker-as-checker'; readonly rule: 'DMS-02' }
  /**
   * The Authorisation Code, or the checker to whom it was issued, is not accepted. The trail records which.
   */
  | { readonly code: 'authorisation-refused'; readonly rule: 'DMS-04' }

/** The refusals of every Delegated Administrator operation; `busy` because a refusal is recorded. */
export type AdministratorRefusal = ChangeRefusal | SessionEnded | WithCode<DmsRefusal, 'not-authorised'>

/** Why an entry cannot be made. */
type EntryRefusal = WithCode<
  RecordsRefusal,
  'unknown-account' | 'user-id-taken' | 'quota-exceeded' | 'dates-reversed'
>

type RequestNotOpen = WithCode<DmsRefusal, 'request-not-open'>
type MakerAsChecker = WithCode<DmsRefusal, 'maker-as-checker'>
type MalformedUserId = WithCode<IdentityRefusal, 'malformed-user-id'>

/**
 * The refusals of each operation of DMS.
 *
 * @category Refusals
 * @rule API-04
 */
export interface DmsRefusals {
  readonly enter:
    | AdministratorRefusal
    | EntryRefusal
    | WithCode<IdentityRefusal, 'malformed-user-id' | 'looks-like-administrator'>
  readonly amend: DmsRefusals['enter'] | RequestNotOpen
  readonly withdraw: AdministratorRefusal | RequestNotOpen
  readonly review: AdministratorRefusal | RequestNotOpen | MakerAsChecker
  readonly getAuthorisationCode: AdministratorRefusal | RequestNotOpen
  readonly confirm:
    | AdministratorRefusal
    | WithCode<RecordsRefusal, 'user-id-taken' | 'quota-exceeded'>
    | RequestNotOpen
    | MakerAsChecker
    | MalformedUserId
    | WithCode<DmsRefusal, 'authorisation-refused'>
  readonly reject: AdministratorRefusal | RequestNotOpen | MakerAsChecker
  readonly find: AdministratorRefusal | MalformedUserId | WithCode<RecordsRefusal, 'unknown-account'>
  readonly findByName: AdministratorRefusal
  readonly listing: AdministratorRefusal
  readonly proposeUserId:
    | AdministratorRefusal
    | MalformedInput
    | WithCode<IdentityRefusal, 'malformed-user-id' | 'user-ids-exhausted'>
  readonly supportRoute: EndpointRefusal
  readonly pending: AdministratorRefusal
  readonly ownRequests: AdministratorRefusal
  readonly disabledUsers: AdministratorRefusal
  readonly serialNumbers: AdministratorRefusal
  readonly userGroups: AdministratorRefusal
  readonly maintenanceReport: AdministratorRefusal
}
