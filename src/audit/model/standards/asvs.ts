import { computed, fixed, holds, type Requirement } from './requirement.ts'

/** OWASP ASVS 5.0, chapter V6. */
export const asvs: readonly Requirement[] = [
  fixed(
    '6.1.1',
    'The limits against guessing, and how they avoid locking others out, are documented.',
    ['LOCK-01', 'LOCK-10', 'LOCK-14', 'AUD-08'],
    'met',
    'The rulebook states every limit. Anyone who knows a User ID can still lock it: the briefing demands a lock that only a person lifts.',
  ),
  fixed(
    '6.1.3',
    'All ways to authenticate are documented, with the strength of each.',
    ['MIG-15', 'ACC-12'],
    'met',
    'The access table lists every method, place and phase.',
  ),
  computed(
    '6.2.1',
    'Passwords have at least 8 characters; 15 are recommended.',
    ['PW-01'],
    ['password.minimumLength'],
    ({ policy: { password } }) =>
      holds(password.minimumLength >= 8, `The minimum is ${password.minimumLength}.`),
  ),
  fixed('6.2.2', 'Users can change their password.', ['PW-13'], 'met', 'Change Password is self-service.'),
  fixed(
    '6.2.3',
    'A change needs the current password.',
    ['PW-14'],
    'met',
    'It does, and a wrong one counts as a failed sign-in.',
  ),
  computed(
    '6.2.4',
    'New passwords are checked against at least the 3,000 most common.',
    ['PW-08'],
    ['password.blocklist'],
    ({ policy: { password } }) =>
      password.blocklist
        ? ['met', 'Against the list that the host provides; its length is the host’s.']
        : ['conflict', 'The blocklist is off.'],
  ),
  fixed(
    '6.2.5',
    'Any composition is allowed; no kind of character is demanded.',
    ['PW-02', 'PW-03'],
    'conflict',
    'The briefing demands a digit, both cases and a special character.',
  ),
  fixed('6.2.6', 'Entry fields mask the password.', [], 'host', 'The library has no user interface.'),
  fixed('6.2.7', 'Pasting and password managers work.', [], 'host', 'The library has no user interface.'),
  fixed(
    '6.2.8',
    'The password is verified as received, neither cut off nor converted.',
    ['PW-05'],
    'met',
    'Only the Unicode form is normalised, as NIST recommends.',
  ),
  computed(
    '6.2.9',
    'Passwords of 64 characters are permitted.',
    ['PW-06'],
    ['password.maximumLength'],
    ({ policy: { password } }) =>
      holds(password.maximumLength >= 64, `The maximum is ${password.maximumLength}.`),
  ),
  computed(
    '6.2.10',
    'Passwords do not expire.',
    ['PW-09'],
    ['password.maximumAgeDays'],
    ({ policy: { password } }) => [
      'conflict',
      `They expire after ${password.maximumAgeDays} days; the briefing allows at most 90.`,
    ],
  ),
  computed(
    '6.2.12',
    'New passwords are checked against breached ones.',
    ['PW-08'],
    ['password.blocklist'],
    ({ policy: { password } }) =>
      password.blocklist
        ? ['host', 'The list behind the port is the host’s.']
        : ['conflict', 'The blocklist is off.'],
  ),
  fixed(
    '6.3.2',
    'There are no default accounts.',
    ['ACC-01'],
    'met',
    'An account has no password before its holder sets one.',
  ),
  fixed(
    '6.3.3',
    'Access needs several factors; at level 3 one of them is hardware that resists phishing.',
    ['ACC-01', 'OTP-01'],
    'met',
    'Levels 1 and 2: every sign-in takes password and code. Level 3 is not reached: codes can be relayed.',
  ),
  fixed(
    '6.3.4',
    'Every way in is equally strong.',
    ['MIG-03', 'MIG-15', 'MIG-19'],
    'met',
    'The smartcard is admitted by its own procedure until decommissioning; the access table says where.',
  ),
  fixed(
    '6.3.5',
    'Users hear of suspicious attempts.',
    ['LOCK-11', 'OBS-01'],
    'host',
    'The holder is told of a lock. Unusual places and clients are for the host to detect; the observer and the trail have the facts.',
  ),
  computed('6.3.6', 'Email is no factor (level 3).', ['OTP-01'], [], ({ email }) =>
    email
      ? ['conflict', 'The briefing offers email as a channel.']
      : ['met', 'No user receives sign-in codes by email.'],
  ),
  computed(
    '6.3.7',
    'Users are told of changed credentials and addresses.',
    ['ACC-17'],
    ['notices.credentialChanges'],
    ({ policy: { notices } }) =>
      holds(
        notices.credentialChanges,
        notices.credentialChanges ? 'By mail, at the former address too.' : 'The notices are off.',
      ),
  ),
  fixed(
    '6.3.8',
    'Failed attempts do not reveal which accounts exist.',
    ['LOCK-11', 'LOCK-16', 'ACC-16'],
    'met',
    'The same answer and the same work for known and unknown accounts. SECURITY.md states what timing can still reveal.',
  ),
  computed(
    '6.4.1',
    'Initial codes are random, expire soon, and never become the password.',
    ['LOCK-15', 'OTP-06'],
    ['emailCode.validSeconds', 'enrolment.codeDigits'],
    ({ policy: { emailCode, enrolment } }) => [
      'met',
      `Set-up codes have ${enrolment.codeDigits} digits, live ${emailCode.validSeconds} seconds, and only allow the holder to set a password.`,
    ],
  ),
  fixed('6.4.2', 'No hints and no security questions.', ['ACC-09'], 'met', 'There are none.'),
  fixed(
    '6.4.3',
    'A forgotten password is reset without going round the second factor.',
    ['ACC-10'],
    'met',
    'The reset keeps the device and creates no session.',
  ),
  computed(
    '6.4.4',
    'A lost factor is replaced after a proof of identity as at enrolment.',
    ['MNT-03', 'MNT-04', 'OTP-10'],
    ['deviceChange.verifiedBy'],
    ({ policy: { deviceChange } }) =>
      deviceChange.verifiedBy === 'old-device'
        ? [
            'host',
            'A person unlocks and resets the account; how they identify the holder is the host’s procedure.',
          ]
        : ['conflict', 'A password alone enrols another device.'],
  ),
  fixed(
    '6.4.6',
    'Administrators can start a reset but never choose the password.',
    ['MNT-09', 'ACC-07'],
    'met',
    'Unlock/Reset only makes the holder set a new one.',
  ),
  fixed('6.5.1', 'Codes work once.', ['OTP-05', 'OTP-06'], 'met', 'Also under parallel attempts.'),
  fixed(
    '6.5.3',
    'Codes and secrets come from a cryptographic generator.',
    ['AUD-06'],
    'met',
    'The shipped adapters use the platform’s generator; a host that replaces the port answers for its own.',
  ),
  computed(
    '6.5.4',
    'Codes sent out of band have at least 20 bits: 6 digits.',
    ['OTP-06'],
    ['emailCode.digits', 'enrolment.codeDigits'],
    ({ policy: { emailCode, enrolment } }) =>
      holds(
        Math.min(emailCode.digits, enrolment.codeDigits) >= 6,
        `${emailCode.digits} digits at sign-in, ${enrolment.codeDigits} at set-up.`,
      ),
  ),
  computed(
    '6.5.5',
    'Codes sent out of band live at most 10 minutes, TOTP codes 30 seconds.',
    ['OTP-04', 'OTP-06'],
    ['emailCode.validSeconds', 'totp.periodSeconds', 'totp.windowSteps'],
    ({ policy: { emailCode, totp } }) => {
      const lifetime = totp.periodSeconds * (2 * totp.windowSteps + 1)
      return holds(
        emailCode.validSeconds <= 600 && lifetime <= 30,
        `Emailed codes live ${emailCode.validSeconds} seconds; TOTP codes are accepted for ${lifetime} seconds, drift included.`,
      )
    },
  ),
  fixed(
    '6.5.6',
    'A factor can be revoked.',
    ['OTP-08', 'MNT-03', 'ACC-08'],
    'met',
    'By the holder, or by a reset.',
  ),
  fixed(
    '6.5.8',
    'The time for TOTP comes from a trusted source.',
    ['API-03'],
    'met',
    'From the clock port, never from the caller; a clock that went wrong is noticed.',
  ),
  fixed(
    '6.6.2',
    'A code sent out of band is bound to the request for which it was made.',
    ['OTP-06', 'OTP-11'],
    'conflict',
    'It is bound to the account and the purpose: of two sign-ins that are open at once, the newest code completes either. Otherwise anyone with the password could make the code in the holder’s mailbox useless.',
  ),
  computed(
    '6.6.3',
    'Guessing of codes sent out of band is limited.',
    ['LOCK-02', 'LOCK-15', 'OTP-07'],
    ['lockout.otpFailuresPerFailedSignIn', 'enrolment.attemptsPerCode'],
    ({ policy: { lockout, enrolment } }) =>
      holds(
        Math.max(lockout.otpFailuresPerFailedSignIn, enrolment.attemptsPerCode) <= 10,
        `${lockout.otpFailuresPerFailedSignIn} wrong codes end a sign-in, ${enrolment.attemptsPerCode} void a set-up code.`,
      ),
  ),
]
