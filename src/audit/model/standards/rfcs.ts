import { totpSecretBytes } from '../../../otp/totp.ts'
import { computed, fixed, holds, type Requirement } from './requirement.ts'

/** RFC 4226 (HOTP), the parts on which RFC 6238 is based. */
export const rfc4226: readonly Requirement[] = [
  computed('4, R4', 'A code has at least 6 digits.', ['OTP-04'], ['totp.digits'], ({ policy: { totp } }) =>
    holds(totp.digits >= 6, `Codes have ${totp.digits} digits.`),
  ),
  computed(
    '4, R6',
    'The shared secret has at least 128 bits; 160 are recommended.',
    ['OTP-04'],
    ['totp.algorithm'],
    ({ policy: { totp } }) => ['met', `Secrets have ${totpSecretBytes[totp.algorithm] * 8} bits.`],
  ),
  computed(
    '7.3',
    'The verifier limits attempts, by a lock or by growing delays, across all sign-ins of an account.',
    ['LOCK-01', 'LOCK-02'],
    ['lockout.failedSignIns', 'lockout.otpFailuresPerFailedSignIn'],
    ({ policy: { lockout } }) => [
      'met',
      `After ${lockout.failedSignIns * lockout.otpFailuresPerFailedSignIn} wrong codes the account is locked.`,
    ],
  ),
  fixed(
    '7.4',
    'A counter that fell behind is resynchronised.',
    ['OTP-04'],
    'not-applicable',
    'Codes are made from the time, not from a counter.',
  ),
  fixed(
    '7.5',
    'Shared secrets are encrypted at rest and shown as briefly as possible.',
    ['AUD-06', 'PW-15'],
    'met',
    'Sealed by the secret box in the vault, never in state or trail. Its key is the host’s.',
  ),
]

/** RFC 6238 (TOTP). */
export const rfc6238: readonly Requirement[] = [
  computed(
    '1.2',
    'HMAC-SHA-1, or SHA-256 or SHA-512.',
    ['OTP-04'],
    ['totp.algorithm'],
    ({ policy: { totp } }) => ['met', `The algorithm is ${totp.algorithm}.`],
  ),
  computed(
    '4.1',
    'The time step has one agreed length; 30 seconds is the default.',
    ['OTP-04', 'OTP-12'],
    ['totp.periodSeconds'],
    ({ policy: { totp } }) => [
      'met',
      `${totp.periodSeconds} seconds. An enrolment keeps the length with which it was made.`,
    ],
  ),
  computed(
    '5.2 (delay)',
    'At most one time step is accepted for the delay of the network (recommended).',
    ['OTP-04'],
    ['totp.windowSteps'],
    ({ policy: { totp } }) =>
      holds(totp.windowSteps <= 1, `${totp.windowSteps} either side of the present step.`),
  ),
  computed(
    '5.2 (length)',
    'A time step of 30 seconds balances security and use; longer steps widen the window of attack (recommended).',
    ['OTP-04'],
    ['totp.periodSeconds'],
    ({ policy: { totp } }) => holds(totp.periodSeconds <= 30, `${totp.periodSeconds} seconds.`),
  ),
  fixed(
    '5.2 (once)',
    'A code that was accepted is not accepted again.',
    ['OTP-05'],
    'met',
    'No step at or before the last accepted one is.',
  ),
  computed(
    '6',
    'How far a device may drift is limited.',
    ['OTP-04'],
    ['totp.windowSteps'],
    ({ policy: { totp } }) => ['met', `To ${totp.windowSteps} steps. Drift is not remembered.`],
  ),
]
