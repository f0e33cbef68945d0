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
]
