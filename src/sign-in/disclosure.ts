import { type Account, isExistingAccount } from '../account/state.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { emptyRateWindow, resetsAt } from '../lockout/rate-window.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import type { Policy } from '../policy/policy.ts'
import { always, type Disclosure, usedBefore } from '../records/disclosure.ts'

const tooManyCodes =
  (purpose: CodePurpose) =>
  (account: Account, policy: Policy): Refusal => {
    const issued = (isExistingAccount(account) ? account.codesIssued[purpose] : undefined) ?? emptyRateWindow
    return { code: 'too-many-codes', rule: 'OTP-07', retryAt: resetsAt(issued, policy.emailCode.rateLimit) }
  }

const tooManyAttempts = (account: Account, policy: Policy): Refusal => {
  const misses =
    (isExistingAccount(account) ? account.failedEnrolmentAttempts.enrolment : undefined) ?? emptyRateWindow
  return {
    code: 'too-many-attempts',
    rule: 'LOCK-10',
    retryAt: resetsAt(misses, policy.enrolment.failedAttempts),
  }
}

const noRegisteredEmail = always({ code: 'no-registered-email', rule: 'ACC-02' })
const challengeEnded: Refusal = { code: 'challenge-ended', rule: 'LOCK-05' }

/** The login page: one answer, but for what only the right password leads to. */
export const signInDisclosure: Disclosure = {
  otherwise: { code: 'sign-in-refused', rule: 'LOCK-11' },
  disclosed: { 'no-registered-email': noRegisteredEmail, 'too-many-codes': tooManyCodes('sign-in') },
}

/** Behind the right password: the challenge goes on, or it is over. */
export const signInChallengeDisclosure: Disclosure = {
  otherwise: challengeEnded,
  disclosed: {
    'mobile-app-user': always({ code: 'not-an-email-user', rule: 'OTP-03' }),
    'no-registered-email': noRegisteredEmail,
    'too-many-codes': tooManyCodes('sign-in'),
    'instant-from-the-future': always({ code: 'code-refused', rule: 'LOCK-06' }),
  },
}

/** The code of Forgot/Reset: whatever is wrong, it is the code (ACC-16). */
export const passwordCodeDisclosure: Disclosure = {
  otherwise: { code: 'code-refused', rule: 'LOCK-06' },
  disclosed: {},
}

/** The new password behind a code or an expired password. */
export const newPasswordDisclosure: Disclosure = {
  otherwise: challengeEnded,
  disclosed: { 'password-used-before': usedBefore },
}

/** The set-up of the OTP channel, behind the right password. */
export const enrolmentDisclosure: Disclosure = {
  otherwise: challengeEnded,
  disclosed: {
    'no-registered-email': noRegisteredEmail,
    'too-many-codes': tooManyCodes('enrolment'),
    'too-many-enrolment-attempts': tooManyAttempts,
    'instant-from-the-future': always({ code: 'code-refused', rule: 'LOCK-06' }),
    'no-channel-chosen': always({ code: 'no-channel-chosen', rule: 'OTP-04' }),
  },
}
