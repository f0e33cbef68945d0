import { totpSecretBytes } from '../../../otp/totp.ts'
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
    '3.1.1.2 (compromise)',
    'A change of password is forced if there is evidence of compromise.',
    ['MNT-03', 'MNT-09'],
    'met',
    'An administrator’s Unlock/Reset makes the password void; the holder sets another.',
  ),
  fixed(
    '3.1.1.2 (guidance)',
    'Holders get guidance for strong passwords; password managers, autofill and paste work, and the password can be shown while it is typed.',
    ['PW-05'],
    'host',
    'Every unmet rule is named. The form is the host’s.',
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
  fixed(
    '3.1.1.2 (key)',
    'Hashes are hashed or encrypted once more with a key that is stored elsewhere (recommended).',
    ['PW-15'],
    'host',
    'The hashers of the package do not. A hasher of the host can: the port takes any.',
  ),
  computed(
    '3.1.3.1 (email)',
    'Email is not used for out-of-band authentication. Codes that validate an address or recover an account may be sent by email.',
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
  fixed(
    '3.1.3.2 (attempts)',
    'Failed attempts are limited, and another code does not reset their count.',
    ['OTP-07', 'LOCK-04'],
    'met',
    'Wrong codes are counted per account; requests for another code reset nothing.',
  ),
  computed(
    '3.1.4.1',
    'The secret of an app has at least 112 bits, and its codes change at least every two minutes.',
    ['OTP-03', 'OTP-04'],
    ['totp.algorithm', 'totp.periodSeconds'],
    ({ policy: { totp }, app }) =>
      app
        ? holds(
            totpSecretBytes[totp.algorithm] * 8 >= 112 && totp.periodSeconds <= 120,
            `Secrets have ${totpSecretBytes[totp.algorithm] * 8} bits; codes change every ${totp.periodSeconds} seconds.`,
          )
        : ['not-applicable', 'No user has an authenticator app.'],
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
  fixed(
    '3.2.2 (rebinding)',
    'An authenticator that was disabled after too many failed attempts is bound again before it can be used.',
    ['LOCK-07', 'MNT-04'],
    'met',
    'After an unlock the holder sets password and channel up again.',
  ),
  computed(
    '3.2.2',
    'At most 100 consecutive failed attempts with one authenticator of an account.',
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
    '4.2.1.2',
    'A recovery code sent by email has at least 6 digits, is valid for at most 24 hours, and attempts are limited.',
    ['ACC-10', 'LOCK-10', 'LOCK-15'],
    ['emailCode.validSeconds', 'enrolment.codeDigits', 'enrolment.attemptsPerCode'],
    ({ policy: { emailCode, enrolment } }) =>
      holds(
        emailCode.validSeconds <= 86_400 && enrolment.codeDigits >= 6,
        `${enrolment.codeDigits} digits, valid for ${emailCode.validSeconds} seconds, void after ${enrolment.attemptsPerCode} wrong entries.`,
      ),
  ),
  fixed(
    '4.2.2.2',
    'To recover an account takes a recovery code and another authenticator, two recovery codes, or repeated identity proofing.',
    ['ACC-10', 'MNT-03', 'MNT-04'],
    'host',
    'Forgot/Reset takes the emailed code, and the next sign-in the code of the app. A lost device, and every reset of a user of email, goes through an administrator, who has to make sure whom the account belongs to.',
  ),
  fixed(
    '4.6 (addresses)',
    'An account has at least two addresses for notices.',
    ['ACC-14', 'ACC-17'],
    'conflict',
    'The briefing has one email address for each account. If it is replaced, the former one is told too.',
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
  fixed(
    '5.1',
    'A session rests on a random secret of at least 64 bits, made at sign-in; it is void after sign-out and after its time.',
    ['ACC-15', 'ACC-19'],
    'met',
    'A token is sealed by the secret box, and names a session whose identifier comes from 128 random bits. The token of a session that has ended is refused.',
  ),
  fixed(
    '5.1.1',
    'Session cookies are secure, limited to the host, unreadable for scripts, and the same site’s; requests are protected against forgery.',
    ['ACC-15'],
    'host',
    'The host sets cookies; the guide to sessions says how.',
  ),
]
