import type { RuleId } from '../kernel/rule-id.ts'
import type { Run } from './replay.ts'

/**
 * Rules about what must not change the counters. They are more specific than the rules about counting, which
 * follow.
 */
const nonCountingRules: readonly RuleId[] = [
  ...(['LOCK-06', 'LOCK-08', 'LOCK-10', 'OTP-07', 'PW-12', 'PW-14', 'ACC-10', 'LOCK-09'] as const),
]
const countingRules: readonly RuleId[] = ['LOCK-04', 'LOCK-05']

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
  ...[
    'code-expired',
    'no-code-issued',
    'code-for-another-request',
    'users-do-not-enter-dms',
    'session-expired',
  ],
  ...[
    'administrators-enter-dms-only',
    'challenge-expired',
    'request-Expired',
    'request-Stale',
    'request-closed',
  ],
  ...['password-lapsed', 'too-many-codes', 'too-many-enrolment-attempts', 'mobile-app-user'],
]

const latest = (bearing: readonly RuleId[], among: readonly RuleId[]): RuleId | undefined =>
  bearing.findLast((rule) => among.includes(rule))

/**
 * Names the rule that a minimal history violates. Every step of the history is necessary. If the answer
 * depends on what earlier steps counted or invalidated, the rule is that of the last step that should have
 * changed nothing or invalidated something. Otherwise it is the rule under which the model decided.
 */
export const nameRule = (run: Run): RuleId => {
  const { difference, bench } = run
  if (difference === undefined) return 'API-02'
  const { kind, rule, reason, operation } = difference
  if (kind === 'fault') return 'API-02'
  if (kind === 'wording') return rule
  if (kind === 'signed-in') return 'ACC-10'
  if (kind === 'mail') {
    if (reason === 'locked') return 'ACC-10'
    return rule
  }
  if (kind === 'lock' || reason === 'locked') {
    if (bench.relevantRules.includes('LOCK-07')) return 'LOCK-07'
    // An account that is locked too early has counted too much, so rules that keep a counter running are not
    // violated.
    const strict = kind === 'lock' && difference.observed === 'the account is locked'
    const carried = strict
      ? undefined
      : (latest(bench.relevantRules, ['LOCK-03']) ?? latest(bench.relevantRules, countingRules))
    return (
      latest(bench.relevantRules, nonCountingRules) ??
      carried ??
      (operation.op === 'confirmOtp' ? 'LOCK-02' : 'LOCK-01')
    )
  }
  if (reason === 'no-such-challenge') {
    const ended = latest(bench.relevantRules, ['LOCK-05', 'LOCK-06', ...voidingRules])
    return ended === 'LOCK-05' && bench.relevantRules.includes('LOCK-04') ? 'LOCK-04' : (ended ?? rule)
  }
  if (operation.op === 'requestPasswordCode') return 'ACC-16'
  if (reason !== undefined && (specificReasons.includes(reason) || reason.startsWith('checker-'))) return rule
  return latest(bench.relevantRules, voidingRules) ?? rule
}
