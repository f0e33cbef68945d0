import { findChallenge } from '../account/challenges.ts'
import { isExistingAccount } from '../account/state.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { Bench } from './bench.ts'
import type { Difference } from './linearise.ts'
import { accountOf, type Operation } from './model/model-state.ts'
import type { Run } from './replay.ts'
import type { ConformanceStep } from './steps.ts'

/**
 * Rules about what must not change the counters. They are more specific than the rules about counting, which
 * follow.
 */
const nonCountingRules: readonly RuleId[] = [
  ...(['LOCK-06', 'LOCK-08', 'LOCK-10', 'OTP-07', 'PW-12', 'PW-14', 'ACC-10', 'LOCK-09'] as const),
]
const countingRules: readonly RuleId[] = ['LOCK-04', 'LOCK-05']

/** Of these, the rules that say what is not counted. What clears the counters breaks another one (LOCK-03). */
const uncounted: readonly RuleId[] = ['LOCK-06', 'LOCK-10', 'ACC-10']

/** Rules about what invalidates sessions, passwords, devices and codes. */
const voidingRules: readonly RuleId[] = [
  'ACC-08',
  'ACC-15',
  'ACC-20',
  'PW-13',
  'ACC-10',
  'OTP-10',
  'QTA-02',
  'DMS-09',
  'DMS-05',
]

/** Reasons that identify the violated rule by themselves. */
const specificReasons: readonly string[] = [
  ...[
    'replayed',
    'outdated',
    'wrong',
    'email-otp-user',
    'disabled',
    'malformed-code',
    'password-used-before',
  ],
  ...['maker-as-checker', 'not-the-maker', 'quota-exceeded', 'user-id-taken', 'entry-changed', 'wrong-code'],
  'code-for-another-request',
  ...['code-expired', 'no-code-issued', 'users-do-not-enter-dms', 'session-expired'],
  ...[
    'administrators-enter-dms-only',
    'challenge-expired',
    'request-Expired',
    'request-Stale',
    'request-closed',
  ],
  ...['password-lapsed', 'too-many-codes', 'too-many-enrolment-attempts', 'mobile-app-user'],
]

const latest = (relevant: readonly RuleId[], among: readonly RuleId[]): RuleId | undefined =>
  relevant.findLast((rule) => among.includes(rule))

const subjectOf = (bench: Bench, operation: Operation) => {
  const userId =
    'session' in operation ? operation.session.userId : 'userId' in operation ? operation.userId : ''
  const account = accountOf(bench.model, userId)
  return isExistingAccount(account) ? account : undefined
}

/** Names the rule where an account is locked too early or too late. */
const nameLockRule = (bench: Bench, { operation, rule }: Difference, early: boolean): RuleId => {
  const { relevantRules } = bench
  if (relevantRules.includes('LOCK-07')) return 'LOCK-07'
  // Of a disabled account nothing is counted.
  if (rule === 'ACC-05') return rule
  const account = subjectOf(bench, operation)
  const before = account?.failedAttempts ?? { passwords: 0, otps: 0 }
  const byCode = operation.op === 'confirmOtp'
  const harmed = latest(relevantRules, nonCountingRules)
  if (early) {
    // What has counted too much cannot have cleared: the sum decides (LOCK-04), or one of its parts.
    const otps = before.otps + (byCode ? 1 : 0)
    const passwords = before.passwords + (byCode ? 0 : 1)
    if (harmed !== undefined) return harmed
    const countsForNone = otps % bench.model.policy.lockout.otpFailuresPerFailedSignIn !== 0
    if (byCode && (passwords === 0 || countsForNone)) return 'LOCK-02'
    return otps === 0 ? 'LOCK-01' : 'LOCK-04'
  }
  if (harmed !== undefined) return uncounted.includes(harmed) ? 'LOCK-03' : harmed
  if (byCode && ['app', 'email'].includes(operation.code.kind)) return 'LOCK-06'
  const inThis = byCode && account && findChallenge(account, operation.challenge, 'sign-in-code')
  // A history in which one sign-in is enough has no second one.
  if (byCode && before.otps > (inThis ? inThis.failedAttempts : 0)) return 'LOCK-04'
  return (
    latest(relevantRules, ['LOCK-03']) ??
    latest(relevantRules, countingRules) ??
    (byCode ? 'LOCK-02' : 'LOCK-01')
  )
}

/** Names the rule where a code was mailed that should not have been, or the reverse. */
const nameMailRule = (bench: Bench, { rule, reason, operation, observed }: Difference): RuleId => {
  if (reason === 'locked') return 'ACC-10'
  const account = subjectOf(bench, operation)
  const sent = bench.mails.filter(({ to }) => to === account?.email).length
  const isLimited = observed === 'emailed codes: 0' && sent >= bench.model.policy.emailCode.rateLimit.max
  return isLimited ? 'OTP-07' : rule
}

const wasRefused = ({ observed }: Difference) => observed.startsWith('refused')
const wasToBeAccepted = ({ expected }: Difference) => expected.startsWith('accepted')

/** Whether a sign-in is refused that only a lock could refuse. */
const seemsLocked = (bench: Bench, difference: Difference): boolean => {
  const { operation } = difference
  if (operation.op !== 'beginSignIn' || !wasToBeAccepted(difference) || !wasRefused(difference)) return false
  const { passwords, otps } = subjectOf(bench, operation)?.failedAttempts ?? { passwords: 0, otps: 0 }
  return passwords + otps > 0
}

/**
 * Names the rule that a minimal history violates. Every step of the history is necessary. If the answer
 * depends on what earlier steps counted or invalidated, the rule is that of the last step that should have
 * changed nothing or invalidated something. Otherwise it is the rule under which the model decided.
 */
export const nameRule = ({ difference, bench }: Run, steps: readonly ConformanceStep[]): RuleId => {
  if (difference === undefined) return 'API-02'
  const { kind, rule, reason, operation, observed } = difference
  if (kind === 'fault') return 'API-02'
  if (kind === 'wording') return rule
  if (kind === 'signed-in') return 'ACC-10'
  if (kind === 'mail') return nameMailRule(bench, difference)
  if (kind === 'lock' || reason === 'locked')
    return nameLockRule(bench, difference, kind === 'lock' && observed === 'the account is locked')
  if (seemsLocked(bench, difference)) return nameLockRule(bench, difference, true)
  if (observed === 'accepted: changePassword') return 'PW-10'
  if (steps.at(-1)?.do === 'together' && 'code' in operation && !wasRefused(difference))
    // The same code was good for two of the operations.
    return operation.code.kind === 'app' ? 'OTP-05' : 'OTP-06'
  if (reason === 'no-such-challenge') {
    const ended = latest(bench.relevantRules, ['LOCK-05', 'LOCK-06', ...voidingRules])
    return ended === 'LOCK-05' && bench.relevantRules.includes('LOCK-04') ? 'LOCK-04' : (ended ?? rule)
  }
  if (operation.op === 'requestPasswordCode') return 'ACC-16'
  if (reason === 'no-code-issued' && bench.relevantRules.includes('DMS-09')) return 'DMS-09'
  if (reason !== undefined && (specificReasons.includes(reason) || reason.startsWith('checker-'))) return rule
  const ended = latest(bench.relevantRules, voidingRules)
  // Of a session it is said elsewhere (ACC-15) that an unlock ends it.
  return ended === 'ACC-08' && 'session' in operation ? 'ACC-15' : (ended ?? rule)
}
