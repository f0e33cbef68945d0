import { type Account, isExistingAccount } from '../account/state.ts'
import type { WithCode } from '../kernel/coded.ts'
import { emptyRateWindow, rateLimitResetAt } from '../lockout/rate-window.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import type { PasswordRefusal } from '../password/refusals.ts'
import type { Policy } from '../policy/policy.ts'
import { always, changedTooRecently, type Disclosure, usedBefore } from '../records/disclosure.ts'
import { type SessionRefusal, sessionEnded } from '../session/refusals.ts'
import type { SignInRefusalOf } from './refusals.ts'

const tooManyCodes =
  (purpose: CodePurpose) =>
  (account: Account, policy: Policy): SignInRefusalOf<'too-many-codes'> => {
    const issued = (isExistingAccount(account) ? account.codesIssued[purpose] : undefined) ?? emptyRateWindow
    return {
      code: 'too-many-codes',
      rule: 'OTP-07',
      retryAt: rateLimitResetAt(issued, policy.emailCode.rateLimit),
    }
  }

const tooManyAttempts = (account: Account, policy: Policy): SignInRefusalOf<'too-many-attempts'> => {
  const misses =
    (isExistingAccount(account) ? account.failedEnrolmentAttempts.enrolment : undefined) ?? emptyRateWindow
  return {
    code: 'too-many-attempts',
    rule: 'LOCK-10',
    retryAt: rateLimitResetAt(misses, policy.enrolment.failedAttempts),
  }
}

const noRegisteredEmail = always({ code: 'no-registered-email', rule: 'ACC-02' })
const smartcardSession = always({ code: 'smartcard-session-not-allowed', rule: 'MIG-19' })
/** The only refusal of a sign-in. */
export const signInRefused: SignInRefusalOf<'sign-in-refused'> = { code: 'sign-in-refused', rule: 'LOCK-11' }

/** The only refusal of a challenge that is not open. */
export const challengeEnded: SignInRefusalOf<'challenge-ended'> = { code: 'challenge-ended', rule: 'LOCK-05' }
export const codeRefused: SignInRefusalOf<'code-refused'> = { code: 'code-refused', rule: 'LOCK-06' }

/** Discloses refusals on the sign-in page: always the same one, except after the correct password. */
export const signInDisclosure: Disclosure<
  SignInRefusalOf<'sign-in-refused' | 'no-registered-email' | 'too-many-codes'>
> = {
  otherwise: signInRefused,
  disclosed: { 'no-registered-email': noRegisteredEmail, 'too-many-codes': tooManyCodes('sign-in') },
}

/** Discloses refusals of a sign-in code: whether the challenge is still open or has ended. */
export const signInCodeDisclosure: Disclosure<SignInRefusalOf<'challenge-ended' | 'code-refused'>> = {
  otherwise: challengeEnded,
  disclosed: { 'instant-from-the-future': always(codeRefused) },
}

/** Discloses refusals of resending a sign-in code. */
export const resendDisclosure: Disclosure<
  SignInRefusalOf<'challenge-ended' | 'not-an-email-user' | 'no-registered-email' | 'too-many-codes'>
> = {
  otherwise: challengeEnded,
  disclosed: {
    'mobile-app-user': always({ code: 'not-an-email-user', rule: 'OTP-03' }),
    'no-registered-email': noRegisteredEmail,
    'too-many-codes': tooManyCodes('sign-in'),
  },
}

/** Discloses refusals of a Forgot/Reset code: every failure is answered as a wrong code (ACC-16). */
export const passwordCodeDisclosure: Disclosure<SignInRefusalOf<'code-refused'>> = {
  otherwise: codeRefused,
  disclosed: {},
}

/** Discloses refusals of a new password, after a code or an expired password. */
export const newPasswordDisclosure: Disclosure<
  SignInRefusalOf<'challenge-ended'> | WithCode<PasswordRefusal, 'password-refused'>
> = {
  otherwise: challengeEnded,
  disclosed: { 'password-used-before': usedBefore },
}

/** Discloses refusals of choosing the OTP channel, after the correct password. */
export const channelDisclosure: Disclosure<
  SignInRefusalOf<'challenge-ended' | 'no-registered-email' | 'too-many-codes' | 'too-many-attempts'>
> = {
  otherwise: challengeEnded,
  disclosed: {
    'no-registered-email': noRegisteredEmail,
    'too-many-codes': tooManyCodes('enrolment'),
    'too-many-enrolment-attempts': tooManyAttempts,
  },
}

/** Discloses refusals of the first code of the OTP channel. */
export const enrolmentDisclosure: Disclosure<
  SignInRefusalOf<'challenge-ended' | 'code-refused' | 'no-registered-email' | 'no-channel-chosen'>
> = {
  otherwise: challengeEnded,
  disclosed: {
    'no-registered-email': noRegisteredEmail,
    'instant-from-the-future': always(codeRefused),
    'no-channel-chosen': always({ code: 'no-channel-chosen', rule: 'OTP-04' }),
  },
}

/** Discloses refusals of Change Password, to the holder of a session. */
export const changePasswordDisclosure: Disclosure<
  SessionRefusal | WithCode<PasswordRefusal, 'password-refused'>
> = {
  otherwise: sessionEnded,
  disclosed: {
    'password-used-before': usedBefore,
    'password-changed-too-recently': changedTooRecently,
    'smartcard-session': smartcardSession,
  },
}

/** Discloses refusals of a change of device, to the holder of a session. */
export const changeDeviceDisclosure: Disclosure<SessionRefusal | SignInRefusalOf<'no-authenticator-app'>> = {
  otherwise: sessionEnded,
  disclosed: {
    'email-otp-user': always({ code: 'no-authenticator-app', rule: 'OTP-09' }),
    'smartcard-session': smartcardSession,
  },
}
