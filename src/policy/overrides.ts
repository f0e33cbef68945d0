import { canonicalJson } from '../kernel/canonical-json.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import { entriesOf } from '../kernel/typed-entries.ts'
import { defaultPolicy, type Policy } from './policy.ts'
import { type Rule, ruleOf } from './rulebook.ts'

/**
 * The path of one field of the policy, e.g. `password.minimumLength`.
 *
 * @category Policy
 */
export type PolicyPath = Leaves<Policy>

type Leaves<T> = {
  [K in keyof T & string]: T[K] extends readonly unknown[]
    ? K
    : T[K] extends object
      ? `${K}.${Leaves<T[K]>}`
      : K
}[keyof T & string]

/**
 * The rule that each field of the policy configures.
 *
 * @category Policy
 */
export const ruleOfField: Readonly<Record<PolicyPath, RuleId>> = {
  'userId.seochAdministratorOrder': 'ID-06',
  'password.minimumLength': 'PW-01',
  'password.maximumLength': 'PW-06',
  'password.specialCharacters': 'PW-07',
  'password.maximumAgeDays': 'PW-09',
  'password.minimumAgeHours': 'PW-08',
  'password.history': 'PW-08',
  'password.blocklist': 'PW-08',
  'totp.issuer': 'OTP-04',
  'totp.algorithm': 'OTP-04',
  'totp.digits': 'OTP-04',
  'totp.periodSeconds': 'OTP-04',
  'totp.windowSteps': 'OTP-04',
  'emailCode.digits': 'OTP-06',
  'emailCode.validSeconds': 'OTP-06',
  'emailCode.rateLimit.max': 'OTP-07',
  'emailCode.rateLimit.perSeconds': 'OTP-07',
  'lockout.failedSignIns': 'LOCK-01',
  'lockout.otpFailuresPerFailedSignIn': 'LOCK-02',
  'lockout.blocksSmartcard': 'LOCK-12',
  'enrolment.failedAttempts.max': 'LOCK-10',
  'enrolment.failedAttempts.perSeconds': 'LOCK-10',
  'enrolment.codeDigits': 'LOCK-15',
  'enrolment.attemptsPerCode': 'LOCK-15',
  'enrolment.alarm.max': 'LOCK-15',
  'enrolment.alarm.perSeconds': 'LOCK-15',
  'enrolment.passwordLapsesAfterDays': 'ACC-18',
  'challenge.validSeconds': 'OTP-11',
  'challenge.maxOpen': 'OTP-11',
  'deviceChange.verifiedBy': 'OTP-10',
  'session.validSeconds': 'ACC-15',
  'session.idleSeconds': 'ACC-19',
  'session.maxOpen': 'ACC-19',
  'session.endOnOwnChange': 'ACC-20',
  'notices.credentialChanges': 'ACC-17',
  'dms.onePersonParticipants': 'DMS-02',
  'dms.makersOnly': 'DMS-11',
  'dms.checkersOnly': 'DMS-11',
  'dms.hkccGroups': 'MNT-12',
  'dms.seochGroups': 'MNT-12',
  'dms.maxPendingRequests': 'DMS-10',
  'dms.requestValidSeconds': 'DMS-05',
  'dms.authorisationCode.digits': 'DMS-04',
  'dms.authorisationCode.validSeconds': 'DMS-04',
  'dms.authorisationCode.failedAttempts': 'DMS-09',
  'profile.userGroups': 'FLD-06',
  'smartcard.gatewayAdmitsNewAccounts': 'MIG-18',
  'migration.administratorLookalikes': 'MIG-22',
  'migration.expiredCertificates': 'MIG-22',
  'personalData.contextDays': 'PRI-03',
  'personalData.identityDays': 'PRI-03',
  'personalData.contactDays': 'PRI-03',
  'eservice.maxAdministratorProfiles': 'ESV-05',
}

/**
 * One field in which a policy differs from the defaults.
 *
 * @category Policy
 */
export interface PolicyOverride {
  readonly path: PolicyPath
  readonly rule: RuleId
  /** `stated`: the policy is stricter than the briefing; `interpretation`: it differs from our default. */
  readonly kind: Rule['kind']
  readonly value: PolicyValue
  readonly default: PolicyValue
}

/**
 * A value of a policy field.
 *
 * @category Policy
 */
export type PolicyValue = string | number | boolean | readonly string[]

// A path leads to a leaf of the policy, by its type; walking it by name forgets that.
const valueAt = (policy: Policy, path: PolicyPath) =>
  path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], policy) as PolicyValue

/**
 * Lists where a policy differs from the defaults, in the order of {@link Policy}; empty for the default
 * policy.
 *
 * @rule AUD-04
 * @category Policy
 */
export const policyOverrides = (policy: Policy): readonly PolicyOverride[] =>
  entriesOf(ruleOfField)
    .map(([path, rule]) => ({
      path,
      rule,
      kind: ruleOf(rule).kind,
      value: valueAt(policy, path),
      default: valueAt(defaultPolicy, path),
    }))
    .filter(({ value, default: usual }) => canonicalJson(value) !== canonicalJson(usual))
