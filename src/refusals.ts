import type { TimelineRefusal } from './access-control/refusals.ts'
import type { AuditRefusals } from './audit/refusals.ts'
import type { DmsRefusals } from './dms/refusals.ts'
import type { OutboxRefusals } from './engine/refusals.ts'
import type { EservicesRefusals } from './eservices/refusals.ts'
import type { WithCode } from './kernel/coded.ts'
import type { MigrationRefusals } from './migration/refusals.ts'
import type { PersonalDataRefusals } from './personal-data/refusals.ts'
import type { PolicyRefusal } from './policy/refusals.ts'
import type { OperationName } from './ports/operation.ts'
import type { RegistryRefusals } from './registry/refusals.ts'
import type { AccessRefusals, SessionRefusals } from './session/refusals.ts'
import type {
  EnrolmentRefusals,
  PasswordSetUpRefusals,
  SelfServiceRefusals,
  SignInRefusals,
  SmartcardRefusals,
} from './sign-in/refusals.ts'

/**
 * The refusals of each operation, by the part of the service. A test compares it with the service's types.
 */
interface RefusalsByPart {
  readonly signIn: SignInRefusals
  readonly smartcards: SmartcardRefusals
  readonly passwordSetUp: PasswordSetUpRefusals
  readonly enrolment: EnrolmentRefusals
  readonly selfService: SelfServiceRefusals
  readonly registry: RegistryRefusals
  readonly personalData: PersonalDataRefusals
  readonly dms: DmsRefusals
  readonly eservices: EservicesRefusals
  readonly access: AccessRefusals
  readonly migration: MigrationRefusals
  readonly sessions: SessionRefusals
  readonly outbox: OutboxRefusals
  readonly audit: AuditRefusals
}

/**
 * The refusals of one operation, by its name: `OperationRefusal<'signIn.begin'>`. A `switch` over `code` is
 * exhaustive with exactly these.
 *
 * @typeParam Name - the operation.
 * @category Refusals
 * @rule API-04
 */
export type OperationRefusal<Name extends OperationName = OperationName> =
  Name extends `${infer Part}.${infer Operation}`
    ? Part extends keyof RefusalsByPart
      ? Operation extends keyof RefusalsByPart[Part]
        ? RefusalsByPart[Part][Operation]
        : never
      : never
    : never

/**
 * Every refusal of the library, as its caller receives it: data with a stable `code`, the number of the rule,
 * and facts. The union is closed, so that a `switch` over `code` can be exhaustive. It does not contain what
 * a caller must not learn, for example whether the User ID was unknown, the password wrong or the account
 * locked; the audit trail records that.
 *
 * @category Refusals
 * @rule LOCK-11
 * @rule API-04
 */
export type Refusal = OperationRefusal | PolicyRefusal | TimelineRefusal

/**
 * The stable code of a refusal.
 *
 * @category Refusals
 * @rule API-04
 */
export type RefusalCode = Refusal['code']

/**
 * The refusal with a given code.
 *
 * @category Refusals
 * @rule API-04
 */
export type RefusalOf<Code extends RefusalCode> = WithCode<Refusal, Code>

const endpoint = ['malformed-input', 'internal-error'] as const
const query = [...endpoint, 'port-failed'] as const
const change = [...query, 'busy'] as const
const unauthenticated = [...change, 'rate-limited'] as const
const administrator = [...change, 'session-ended', 'not-authorised'] as const

const codesByOperation = {
  'signIn.begin': [
    ...unauthenticated,
    'malformed-user-id',
    'sign-in-refused',
    'too-many-codes',
    'delivery-failed',
    'no-registered-email',
  ],
  'signIn.confirmOtp': [...unauthenticated, 'code-refused', 'malformed-code', 'challenge-ended'],
  'signIn.resendCode': [
    ...unauthenticated,
    'challenge-ended',
    'too-many-codes',
    'delivery-failed',
    'not-an-email-user',
    'no-registered-email',
  ],
  'signIn.cancel': [...unauthenticated, 'challenge-ended'],
  'smartcards.signIn': [...change, 'malformed-user-id', 'smartcard-refused', 'unknown-account'],
  'passwordSetUp.begin': [...unauthenticated, 'malformed-user-id', 'delivery-failed'],
  'passwordSetUp.confirmCode': [...unauthenticated, 'code-refused', 'malformed-code', 'challenge-ended'],
  'passwordSetUp.complete': [...unauthenticated, 'password-refused', 'passwords-differ', 'challenge-ended'],
  'enrolment.chooseChannel': [
    ...unauthenticated,
    'challenge-ended',
    'too-many-codes',
    'delivery-failed',
    'too-many-attempts',
    'no-registered-email',
  ],
  'enrolment.confirm': [
    ...unauthenticated,
    'code-refused',
    'malformed-code',
    'challenge-ended',
    'no-channel-chosen',
    'no-registered-email',
  ],
  'selfService.changePassword': [
    ...change,
    'password-refused',
    'passwords-differ',
    'current-password-refused',
    'session-ended',
    'smartcard-session-not-allowed',
  ],
  'selfService.changeDevice': [
    ...change,
    'no-authenticator-app',
    'session-ended',
    'smartcard-session-not-allowed',
  ],
  'registry.register': [
    ...change,
    'malformed-user-id',
    'looks-like-administrator',
    'quota-exceeded',
    'dates-reversed',
    'user-id-taken',
  ],
  'registry.change': [...change, 'malformed-user-id', 'dates-reversed', 'unknown-account'],
  'registry.unlock': [...change, 'malformed-user-id', 'unknown-account'],
  'registry.delete': [...change, 'malformed-user-id', 'unknown-account'],
  'registry.endSessions': [...change, 'malformed-user-id', 'unknown-account'],
  'registry.setMaximum': change,
  'registry.totals': query,
  'registry.view': [...query, 'malformed-user-id', 'unknown-account'],
  'dms.enter': [
    ...administrator,
    'malformed-user-id',
    'looks-like-administrator',
    'quota-exceeded',
    'dates-reversed',
    'unknown-account',
    'user-id-taken',
  ],
  'dms.amend': [
    ...administrator,
    'malformed-user-id',
    'looks-like-administrator',
    'request-not-open',
    'quota-exceeded',
    'dates-reversed',
    'unknown-account',
    'user-id-taken',
  ],
  'dms.withdraw': [...administrator, 'request-not-open'],
  'dms.review': [...administrator, 'request-not-open', 'maker-as-checker'],
  'dms.getAuthorisationCode': [...administrator, 'request-not-open'],
  'dms.confirm': [
    ...administrator,
    'malformed-user-id',
    'request-not-open',
    'maker-as-checker',
    'authorisation-refused',
    'quota-exceeded',
    'user-id-taken',
  ],
  'dms.reject': [...administrator, 'request-not-open', 'maker-as-checker'],
  'dms.find': [...administrator, 'malformed-user-id', 'unknown-account'],
  'dms.findByName': administrator,
  'dms.listing': administrator,
  'dms.proposeUserId': [...administrator, 'malformed-user-id', 'user-ids-exhausted'],
  'dms.supportRoute': endpoint,
  'dms.pending': administrator,
  'dms.ownRequests': administrator,
  'dms.disabledUsers': administrator,
  'dms.serialNumbers': administrator,
  'dms.userGroups': administrator,
  'dms.maintenanceReport': administrator,
  'eservices.draft': [...change, 'form-refused'],
  'eservices.edit': [...change, 'form-refused'],
  'eservices.submit': [...change, 'form-refused'],
  'eservices.reclaim': [...change, 'form-refused'],
  'eservices.claim': [...change, 'form-refused'],
  'eservices.takeOver': [...change, 'form-refused'],
  'eservices.release': [...change, 'form-refused'],
  'eservices.refer': [...change, 'form-refused'],
  'eservices.revert': [...change, 'form-refused'],
  'eservices.confirm': [...change, 'form-refused'],
  'eservices.discard': [...change, 'form-refused'],
  'eservices.clone': [...change, 'form-refused'],
  'eservices.view': [...change, 'form-refused'],
  'eservices.list': [...query, 'form-refused'],
  'eservices.sent': query,
  'eservices.process': [...change, 'form-refused'],
  'access.evaluate': [...query, 'malformed-user-id', 'unknown-account'],
  'migration.plan': [...query, 'no-timeline', 'listing-interrupted'],
  'migration.apply': [...change, 'no-timeline', 'listing-interrupted'],
  'migration.reconcile': [...query, 'no-timeline', 'listing-interrupted'],
  'migration.notInitialised': query,
  'migration.expiring': query,
  'migration.lateRegistrations': query,
  'migration.decommissionSmartcards': change,
  'sessions.check': [...query, 'session-ended'],
  'sessions.seal': [...query, 'session-ended'],
  'sessions.open': [...query, 'session-ended'],
  'sessions.list': [...query, 'session-ended'],
  'sessions.signOut': [...change, 'session-ended'],
  'sessions.end': [...change, 'session-ended'],
  'sessions.endAll': [...change, 'session-ended'],
  'sessions.endOthers': [...change, 'session-ended'],
  'personalData.erase': [...change, 'malformed-user-id'],
  'personalData.applyRetention': change,
  'outbox.deliver': query,
  'audit.trail': [...query, 'malformed-user-id'],
  'audit.refusals': [...query, 'malformed-user-id'],
  'audit.feed': query,
  'audit.records': query,
  'audit.verify': [...query, 'malformed-user-id'],
  'audit.checkpoint': query,
  'audit.verifyCheckpoint': query,
} as const satisfies { readonly [Name in OperationName]: readonly OperationRefusal<Name>['code'][] }

type Codes = typeof codesByOperation

/** Codes that an operation's type contains but the table lacks. */
type Unlisted = {
  [Name in OperationName]: Exclude<OperationRefusal<Name>['code'], Codes[Name][number]>
}[OperationName]

/**
 * The codes that each operation can return, by its name; no operation returns another. Its type compiles only
 * if the codes of each operation are exactly those of its type.
 *
 * @category Refusals
 * @rule API-04
 */
export const refusalCodes: [Unlisted] extends [never] ? Codes : Unlisted = codesByOperation
