import { computed, fixed, holds, type Requirement } from './requirement.ts'

/** The SFC's guidelines on hacking risks of internet trading. */
export const sfc: readonly Requirement[] = [
  computed(
    '1.1',
    'Clients sign in with two factors of different kinds; two passwords are one kind.',
    ['ACC-01', 'OTP-01'],
    [],
    ({ email }) => [
      'met',
      email
        ? 'Password and code. The guidelines leave the means to the firm; an emailed code rests on the security of the mailbox.'
        : 'Password and a code of the authenticator app.',
    ],
  ),
  fixed(
    '1.2',
    'Access by others is detected.',
    ['OBS-01', 'AUD-03', 'PRI-01'],
    'host',
    'Observer and trail deliver every attempt with its source; judging them is the host’s.',
  ),
  computed(
    '1.3',
    'Clients are notified promptly of sign-ins, password resets and changed details, by another channel than that of the sign-in.',
    ['ACC-17', 'LOCK-11'],
    ['notices.credentialChanges'],
    ({ policy: { notices }, email }) =>
      notices.credentialChanges && email
        ? ['conflict', 'Notices go by mail, as do the sign-in codes of the users of email.']
        : notices.credentialChanges
          ? [
              'host',
              'Changed credentials and locks are told by mail. A mail about each sign-in is for the host to send, from the observer.',
            ]
          : ['conflict', 'Mails about changed credentials are off.'],
  ),
  fixed(
    '1.4',
    'Credentials and codes are encrypted on the way and at rest.',
    ['PW-15', 'AUD-06'],
    'host',
    'At rest they are hashed or sealed. Transport is the host’s.',
  ),
  fixed(
    '1.5',
    'A password is made and delivered so that only the client knows it; one that the system did not draw is changed at the first sign-in.',
    ['ACC-01', 'MNT-09'],
    'met',
    'Holders set it themselves; no one else can.',
  ),
  computed(
    '1.6 (passwords)',
    'Passwords have a minimum length, letters and digits, and a history; clients are reminded to change them.',
    ['PW-01', 'PW-02', 'PW-03', 'PW-08', 'PW-09'],
    ['password.minimumLength', 'password.maximumAgeDays', 'password.history'],
    ({ policy: { password } }) =>
      holds(
        password.history > 0,
        `At least ${password.minimumLength} characters of four kinds, changed every ${password.maximumAgeDays} days; ${password.history === 0 ? 'no history but the current password' : `the last ${password.history} are refused`}.`,
      ),
  ),
  computed(
    '1.6 (attempts)',
    'Failed attempts are limited.',
    ['LOCK-01'],
    ['lockout.failedSignIns'],
    ({ policy: { lockout } }) => ['met', `${lockout.failedSignIns} failed sign-ins lock the account.`],
  ),
  computed(
    '1.6 (sessions)',
    'A session without use ends.',
    ['ACC-15', 'ACC-19'],
    ['session.idleSeconds'],
    ({ policy: { session } }) =>
      holds(
        session.idleSeconds > 0,
        session.idleSeconds === 0
          ? 'The idle limit is off: set `session.idleSeconds`.'
          : `After ${session.idleSeconds} seconds.`,
      ),
  ),
]

/** The SFC's circulars on how clients sign in. */
export const sfcCirculars: readonly Requirement[] = [
  computed(
    '26EC35, 5',
    'Sign-in and the registration of a device take a means that resists phishing. One-time codes are not such a means and are not used for either.',
    ['OTP-01', 'OTP-02', 'OTP-08'],
    [],
    ({ email }) => [
      'conflict',
      email
        ? 'Every sign-in takes a one-time code, which a forged page can ask for. A report of the circular names codes by email.'
        : 'Every sign-in takes a code of the authenticator app, which a forged page can ask for. The sentence that was read excepts no code; the definition could not be read and may except some.',
    ],
  ),
  computed(
    '26EC35, (A) (devices)',
    'An account has at most three registered devices or passkeys.',
    ['OTP-03', 'OTP-09'],
    [],
    ({ app }) =>
      app
        ? ['met', 'It has one channel, and so one authenticator app.']
        : ['not-applicable', 'No user has an authenticator app.'],
  ),
  computed(
    '26EC35, (A) (sessions)',
    'Clients cannot turn off the end of an idle session, which comes soon: 30 minutes is the example.',
    ['ACC-19'],
    ['session.idleSeconds'],
    ({ policy: { session } }) =>
      holds(
        session.idleSeconds > 0 && session.idleSeconds <= 1_800,
        session.idleSeconds === 0
          ? 'The idle limit is off: set `session.idleSeconds` to at most 1800.'
          : `After ${session.idleSeconds} seconds. Holders cannot change it.`,
      ),
  ),
  computed(
    '26EC35, (B) (notices)',
    'Clients are notified promptly of sign-ins, and of new devices.',
    ['ACC-17'],
    ['notices.credentialChanges'],
    ({ policy: { notices } }) =>
      notices.credentialChanges
        ? [
            'host',
            'Holders are notified of a new device by mail. A mail about each sign-in is for the host to send, from the observer.',
          ]
        : ['conflict', 'Mails about changed credentials are off.'],
  ),
  fixed(
    '26EC35, (B)(b)',
    'Sign-ins and registrations of devices are logged, with the device, and the logs are reviewed in time.',
    ['AUD-03', 'OBS-01'],
    'host',
    'The trail has every attempt with its source. The library knows no device; identifying it and judging the trail are the host’s.',
  ),
  computed(
    '20EC58, A',
    'One-time codes are not delivered by email.',
    ['OTP-01', 'OTP-06'],
    [],
    ({ email }) =>
      email
        ? [
            'conflict',
            'The briefing offers email as a channel. Enrol users with the authenticator app alone.',
          ]
        : ['met', 'Codes come from the app alone.'],
  ),
]

/** The HKMA's module on e-banking. */
export const hkma: readonly Requirement[] = [
  fixed(
    '4.1 (factors)',
    'High-risk transactions take two factors, at least once in a session.',
    ['ACC-01', 'ACC-15'],
    'met',
    'There is no session without both.',
  ),
  fixed(
    '4.1 (transactions)',
    'A transaction of particular risk is confirmed again, bound to what is confirmed.',
    ['DMS-04', 'DMS-05'],
    'host',
    'In DMS an Authorisation Code confirms exactly one request. Transactions of the terminal are out of scope.',
  ),
  computed(
    '4.1 (codes)',
    'One-time codes expire soon, and delivery by a channel under the same control as the password is weighed.',
    ['OTP-04', 'OTP-06'],
    ['emailCode.validSeconds'],
    ({ policy: { emailCode }, email }) =>
      email
        ? [
            'host',
            `To be weighed: an emailed code, valid for ${emailCode.validSeconds} seconds, may reach the computer on which the password is typed.`,
          ]
        : ['met', 'Codes come from the app alone.'],
  ),
  computed(
    '4.1 (attempts)',
    'Access stops after a limited number of failed attempts.',
    ['LOCK-01', 'LOCK-02'],
    ['lockout.failedSignIns'],
    ({ policy: { lockout } }) => ['met', `${lockout.failedSignIns} failed sign-ins lock the account.`],
  ),
  computed(
    '4.2',
    'Customers are notified of risky changes at once, by another channel.',
    ['ACC-17'],
    ['notices.credentialChanges'],
    ({ policy: { notices } }) =>
      holds(
        notices.credentialChanges,
        notices.credentialChanges
          ? 'By mail, at the former address too if the address changed.'
          : 'The notices are off.',
      ),
  ),
  computed(
    'Circular of 14 April 2025',
    'Retail customers confirm sign-ins and high-risk transactions on a bound device by default, not by a code sent to them.',
    ['OTP-01', 'OTP-04'],
    [],
    ({ email }) => [
      'conflict',
      email
        ? 'A sign-in takes a typed code, which for users of email is sent to them.'
        : 'No code is sent, but the code of the authenticator app is typed: nothing is confirmed on a bound device.',
    ],
  ),
]

/** The HKMA's guideline on stored value facilities. */
export const hkmaStoredValue: readonly Requirement[] = [
  fixed(
    '7.3.5 (identity)',
    'Users prove who they are before they administer their account or begin a high-risk transaction.',
    ['ACC-01', 'ACC-15'],
    'met',
    'Both take a session, and there is no session without both factors.',
  ),
  computed(
    '7.3.5 (notice)',
    'Users are notified of it in time.',
    ['ACC-17'],
    ['notices.credentialChanges'],
    ({ policy: { notices } }) =>
      holds(
        notices.credentialChanges,
        notices.credentialChanges
          ? 'Holders are notified of changed credentials by mail. Transactions of the terminal are out of scope.'
          : 'Mails about changed credentials are off.',
      ),
  ),
]
