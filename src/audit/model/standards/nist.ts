import { computed, fixed, holds, type Requirement } from './requirement.ts'

/** NIST SP 800-63B-4. */
export const nist: readonly Requirement[] = [
  computed(
    '3.1.1.2 (length)',
    'A password that is one of two factors has at least 8 characters; one that is the only factor, at least 15.',
    ['PW-01', 'ACC-01'],
    ['password.minimumLength'],
    ({ policy: { password } }) =>
      holds(
        password.minimumLength >= 8,
        `The minimum is ${password.minimumLength}; every sign-in needs a second factor.`,
      ),
  ),
  computed(
    '3.1.1.2 (maximum)',
    'Passwords of 64 characters should be possible.',
    ['PW-06'],
    ['password.maximumLength'],
    ({ policy: { password } }) =>
      holds(password.maximumLength >= 64, `The maximum is ${password.maximumLength}.`),
  ),
  fixed(
    '3.1.1.2 (composition)',
    'No rules about the kinds of characters.',
    ['PW-02', 'PW-03'],
    'conflict',
    'The briefing demands a digit, both cases and a special character.',
  ),
  computed(
    '3.1.1.2 (expiry)',
    'Passwords do not expire; a change is forced only if there is evidence of compromise.',
    ['PW-09', 'PW-10', 'ACC-07'],
    ['password.maximumAgeDays'],
    ({ policy: { password } }) => [
      'conflict',
      `Passwords expire after ${password.maximumAgeDays} days; the briefing allows at most 90. A reset after compromise exists too.`,
    ],
  ),
  computed(
    '3.1.1.2 (blocklist)',
    'A new password is compared with a list of common, expected and compromised ones.',
    ['PW-08'],
    ['password.blocklist'],
    ({ policy: { password } }) =>
      password.blocklist
        ? [
            'met',
            'Every new password is compared with the list behind the blocklist port. The host provides the list.',
          ]
        : ['conflict', 'The blocklist is off. Set `password.blocklist` and provide a list.'],
  ),
  fixed(
    '3.1.1.2 (hints)',
    'No hints and no security questions.',
    ['ACC-09', 'ACC-10'],
    'met',
    'There are none.',
  ),
  fixed(
    '3.1.1.2 (whole)',
    'The whole password is verified; Unicode is accepted and normalised; each code point counts as one character.',
    ['PW-05', 'PW-16'],
    'met',
    'Nothing is cut off or trimmed; code points of the hashed form are counted.',
  ),
  fixed(
    '3.1.1.2 (storage)',
    'Passwords are stored salted, with a password hash that resists guessing offline.',
    ['PW-15', 'AUD-06'],
    'met',
    'The hasher port is argon2id, scrypt or PBKDF2; hashes with weaker settings are replaced.',
  ),
  computed(
    '3.1.3 (email)',
    'Email does not prove possession of a device and is not used to authenticate out of band.',
    ['OTP-01', 'OTP-06'],
    [],
    ({ email }) =>
      email
        ? ['conflict', 'The briefing offers email as a channel of one-time codes.']
        : ['met', 'No user receives sign-in codes by email.'],
  ),
  computed(
    '3.1.3.2 (lifetime)',
    'A code sent out of band is valid for at most 10 minutes and accepted once.',
    ['OTP-05', 'OTP-06'],
    ['emailCode.validSeconds'],
    ({ policy: { emailCode }, email }) =>
      email
        ? holds(
            emailCode.validSeconds <= 600,
            `Emailed codes are valid for ${emailCode.validSeconds} seconds, once.`,
          )
        : ['not-applicable', 'No user receives sign-in codes by email.'],
  ),
  computed(
    '3.1.3.2 (digits)',
    'A code sent out of band has at least 6 digits.',
    ['OTP-06', 'LOCK-15'],
    ['emailCode.digits', 'enrolment.codeDigits'],
    ({ policy: { emailCode, enrolment } }) =>
      holds(
        Math.min(emailCode.digits, enrolment.codeDigits) >= 6,
        `Sign-in codes have ${emailCode.digits} digits, set-up codes ${enrolment.codeDigits}.`,
      ),
  ),
  computed(
    '3.1.4.2',
    'A one-time code is accepted once while it is valid; its lifetime is short.',
    ['OTP-04', 'OTP-05'],
    ['totp.periodSeconds', 'totp.windowSteps'],
    ({ policy: { totp }, app }) => {
      const lifetime = totp.periodSeconds * (2 * totp.windowSteps + 1)
      return app
        ? holds(lifetime <= 300, `A code is accepted for ${lifetime} seconds, drift included, and once.`)
        : ['not-applicable', 'No user has an authenticator app.']
    },
  ),
  computed(
    '3.2.2',
    'At most 100 consecutive failed attempts on one account.',
    ['LOCK-01', 'LOCK-02', 'LOCK-04'],
    ['lockout.failedSignIns', 'lockout.otpFailuresPerFailedSignIn'],
    ({ policy: { lockout } }) => {
      const attempts = lockout.failedSignIns * lockout.otpFailuresPerFailedSignIn
      return holds(
        attempts <= 100,
        `${lockout.failedSignIns} failed sign-ins lock the account: at most ${attempts} wrong codes.`,
      )
    },
  ),
  fixed(
    '2.2.2 (phishing)',
    'At AAL2 at least one phishing-resistant way to authenticate is offered.',
    ['OTP-01'],
    'conflict',
    'A code that is typed can be relayed by an impostor. The briefing has no other second factor.',
  ),
  computed(
    '2.2.3',
    'At AAL2 a session lasts at most 24 hours, and ends after at most an hour without activity (both recommended).',
    ['ACC-15', 'ACC-19'],
    ['session.validSeconds', 'session.idleSeconds'],
    ({ policy: { session } }) =>
      holds(
        session.validSeconds <= 86_400 && session.idleSeconds > 0 && session.idleSeconds <= 3_600,
        `Sessions last ${session.validSeconds} seconds; ${session.idleSeconds === 0 ? 'the idle limit is off' : `the idle limit is ${session.idleSeconds} seconds`}.`,
      ),
  ),
  computed(
    '4.6',
    'The holder is notified of changes to the account, by an address that is on record.',
    ['ACC-17'],
    ['notices.credentialChanges'],
    ({ policy: { notices } }) =>
      holds(
        notices.credentialChanges,
        notices.credentialChanges
          ? 'Mails tell of every change of a credential.'
          : 'Mails about changed credentials are off.',
      ),
  ),
]
