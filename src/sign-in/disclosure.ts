import type { RefusalReason } from '../account/refusal-reason.ts'
import { type Account, exists } from '../account/state.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { allowsAgainAt, unusedAllowance } from '../lockout/rate-window.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import type { Policy } from '../policy/policy.ts'

/** What a caller learns of each reason; of those not named, the one answer that all others share. */
export interface Disclosure {
  readonly otherwise: Refusal
  readonly told: Readonly<Partial<Record<RefusalReason, (account: Account, policy: Policy) => Refusal>>>
}

const always = (refusal: Refusal) => () => refusal

const tooManyCodes =
  (purpose: CodePurpose) =>
  (account: Account, policy: Policy): Refusal => {
    const issued = (exists(account) ? account.issued[purpose] : undefined) ?? unusedAllowance
    return { code: 'too-many-codes', rule: 'OTP-07', retryAt: allowsAgainAt(issued, policy.emailCode.issues) }
  }

const tooManyMisses = (account: Account, policy: Policy): Refusal => {
  const misses = (exists(account) ? account.setUpMisses.channel : undefined) ?? unusedAllowance
  return { code: 'too-many-misses', rule: 'LOCK-10', retryAt: allowsAgainAt(misses, policy.setUp.misses) }
}

const noRegisteredEmail = always({ code: 'no-registered-email', rule: 'ACC-02' })
const challengeEnded: Refusal = { code: 'challenge-ended', rule: 'LOCK-05' }
const usedBefore = always({
  code: 'password-refused',
  rule: 'PW-05',
  unmet: [{ code: 'used-before', rule: 'PW-08' }],
})
const changedTooRecently = always({
  code: 'password-refused',
  rule: 'PW-05',
  unmet: [{ code: 'changed-too-recently', rule: 'PW-08' }],
})

/** The login page: one answer, but for what only the right password leads to. */
export const ofSignIn: Disclosure = {
  otherwise: { code: 'sign-in-refused', rule: 'LOCK-11' },
  told: { 'no-registered-email': noRegisteredEmail, 'too-many-codes': tooManyCodes('login') },
}

/** Behind the right password: the challenge goes on, or it is over. */
export const ofLoginChallenge: Disclosure = {
  otherwise: challengeEnded,
  told: {
    'mobile-app-user': always({ code: 'not-by-email', rule: 'OTP-03' }),
    'no-registered-email': noRegisteredEmail,
    'too-many-codes': tooManyCodes('login'),
  },
}

/** The code of Forgot/Reset: whatever is wrong, it is the code (ACC-16). */
export const ofPasswordCode: Disclosure = { otherwise: { code: 'code-refused', rule: 'LOCK-06' }, told: {} }

/** The new password behind a code or an expired password. */
export const ofNewPassword: Disclosure = {
  otherwise: challengeEnded,
  told: { 'password-used-before': usedBefore },
}

/** The set-up of the OTP channel, behind the right password. */
export const ofChannelSetUp: Disclosure = {
  otherwise: challengeEnded,
  told: {
    'no-registered-email': noRegisteredEmail,
    'too-many-codes': tooManyCodes('channel'),
    'too-many-set-up-misses': tooManyMisses,
    'no-channel-chosen': always({ code: 'no-channel-chosen', rule: 'OTP-04' }),
  },
}

/** What the holder does once logged in. */
export const ofSelfService: Disclosure = {
  otherwise: { code: 'principal-void', rule: 'ACC-15' },
  told: {
    'password-used-before': usedBefore,
    'password-changed-too-recently': changedTooRecently,
    'email-otp-user': always({ code: 'no-device', rule: 'OTP-09' }),
    'logged-in-by-smartcard': always({ code: 'not-by-smartcard', rule: 'MIG-19' }),
  },
}

/** Whoever keeps the accounts may know of them. */
export const ofRegistry: Disclosure = {
  otherwise: { code: 'unknown-account', rule: 'ID-12' },
  told: { 'user-id-taken': always({ code: 'user-id-taken', rule: 'ID-12' }) },
}

/**
 * What the caller is told of a refusal.
 *
 * @rule LOCK-11
 */
export const disclose = (
  { otherwise, told }: Disclosure,
  reason: RefusalReason,
  account: Account,
  policy: Policy,
): Refusal => told[reason]?.(account, policy) ?? otherwise
