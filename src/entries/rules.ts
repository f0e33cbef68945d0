/**
 * The rules as pure functions: User IDs, passwords, one-time codes, lockout, access control, dates and the
 * rulebook. No storage, no clock, no service.
 *
 * @module ccass-2fa/rules
 */
export {
  type AccessConditions,
  type AccessDecisions,
  type AccessMethod,
  type AccessReason,
  type AccessRule,
  accessAttributes,
  accessMethods,
  accessRules,
  accessTable,
  evaluateAccess,
  isResource,
  isSite,
  type Resource,
  resources,
  type Site,
  sites,
} from '../access-control/access-table.ts'
export {
  accountChannels,
  authorityTable,
  type DmsActor,
  type DmsDenialReason,
  dmsDenial,
  type SupportDecision,
  type SupportNeed,
  type SupportRequest,
  type SupportRoute,
  supportNeeds,
  supportRouteFor,
} from '../access-control/authority.ts'
export {
  type SignInDenial,
  type SmartcardDenial,
  signInDenials,
  smartcardDenials,
} from '../access-control/denials.ts'
export { isLateRegistration, phaseAt, phases, type TransitionDates } from '../access-control/timeline.ts'
export { nextUserId, suffixesOf } from '../identity/allocation.ts'
export {
  formatUserId,
  looksLikeAdministrator,
  type ParsedUserId,
  parseUserId,
  type SeochOrder,
  type UserIdFormat,
  type UserIdParts,
  userIdFormats,
  type ValidatedUserId,
  validateUserId,
} from '../identity/user-id.ts'
export { type Decider, type DeciderTypes, foldEvents, type RefusedBy } from '../kernel/decider.ts'
export type { Transition } from '../kernel/decision-table.ts'
export { DAY, HOUR, SECOND } from '../kernel/instant.ts'
export type { MalformedInput } from '../kernel/malformed-input.ts'
export {
  completesFailedSignIn,
  countFailedSignIns,
  type FailedAttempts,
  noFailedAttempts,
  reachesLockout,
  withWrongOtp,
  withWrongPassword,
} from '../lockout/attempts.ts'
export {
  consumeRateLimit,
  emptyRateWindow,
  isWithinRateLimit,
  type RateWindow,
  rateLimitResetAt,
  refundRateLimit,
} from '../lockout/rate-window.ts'
export { checkCodeFormat } from '../otp/code.ts'
export { type CodePurpose, emailCodeExpiry, emailCodeFrom, emailCodeMessage } from '../otp/email-code.ts'
export {
  isFreshStep,
  matchTotp,
  type TimeStep,
  type TotpEnrolment,
  type TotpParameters,
  timeStepAt,
  totpCode,
  totpEnrolment,
  totpSecretBytes,
} from '../otp/totp.ts'
export { checkPassword, passwordRequirements, unmetPasswordRules } from '../password/composition.ts'
export { type PasswordExpiry, passwordExpiry } from '../password/expiry.ts'
export type { DeepPartial } from '../policy/define.ts'
export { definePolicy, type PolicyInput } from '../policy/define.ts'
export {
  type PolicyOverride,
  type PolicyPath,
  type PolicyValue,
  policyOverrides,
  ruleOfField,
} from '../policy/overrides.ts'
export type { RateLimitPolicy } from '../policy/policy.ts'
export { defaultPolicy, type Policy } from '../policy/policy.ts'
export { type Rule, rulebook, ruleOf } from '../policy/rulebook.ts'
