import { computed, fixed, holds, type Requirement } from './requirement.ts'

/** PCI DSS 4.0.1, requirement 8.3. */
export const pci: readonly Requirement[] = [
  fixed('8.3.1', 'Every access takes at least one factor.', ['ACC-01'], 'met', 'It takes two.'),
  fixed(
    '8.3.2',
    'Strong cryptography makes factors unreadable where they are stored and sent.',
    ['PW-15', 'AUD-06'],
    'met',
    'Hashes and sealed secrets only. Encryption on the way to the library is the host’s.',
  ),
  fixed(
    '8.3.3',
    'The user is identified before a factor is changed.',
    ['PW-14', 'OTP-10', 'ACC-10'],
    'met',
    'By the current factors, or by a person through Unlock/Reset.',
  ),
  computed(
    '8.3.4 (attempts)',
    'The user is locked out after at most 10 failed attempts.',
    ['LOCK-01', 'LOCK-02'],
    ['lockout.failedSignIns', 'lockout.otpFailuresPerFailedSignIn'],
    ({ policy: { lockout } }) => {
      const codes = lockout.failedSignIns * lockout.otpFailuresPerFailedSignIn
      return holds(
        codes <= 10,
        `After ${lockout.failedSignIns} wrong passwords, but only after ${codes} wrong codes, if each is counted as an attempt.`,
      )
    },
  ),
  fixed(
    '8.3.4 (duration)',
    'For at least 30 minutes, or until the identity is confirmed.',
    ['LOCK-07'],
    'met',
    'A lock does not expire; a person lifts it.',
  ),
  fixed(
    '8.3.5',
    'A first or reset password is unique and changed after its first use.',
    ['ACC-01', 'ACC-07'],
    'not-applicable',
    'Holders set every password themselves.',
  ),
  computed(
    '8.3.6',
    'At least 12 characters, with letters and digits.',
    ['PW-01', 'PW-02'],
    ['password.minimumLength'],
    ({ policy: { password } }) =>
      holds(password.minimumLength >= 12, `At least ${password.minimumLength}, with digits and both cases.`),
  ),
  computed(
    '8.3.7',
    'None of the last four passwords comes back.',
    ['PW-08', 'PW-17'],
    ['password.history'],
    ({ policy: { password } }) =>
      holds(
        password.history >= 4,
        password.history === 0
          ? 'Only the current password is refused; set `password.history` to 4.'
          : `The last ${password.history} are refused.`,
      ),
  ),
  fixed(
    '8.3.8',
    'Users are told the policy and how to protect their factors.',
    [],
    'host',
    'The library refuses with all unmet rules; guidance is the host’s.',
  ),
  computed(
    '8.3.9',
    'A password that is the only factor is changed every 90 days, or access is judged dynamically. Systems with two factors are exempt.',
    ['PW-09'],
    ['password.maximumAgeDays'],
    ({ policy: { password } }) =>
      password.maximumAgeDays <= 90
        ? ['met', `It is changed every ${password.maximumAgeDays} days, though it is never the only factor.`]
        : [
            'not-applicable',
            `It is changed every ${password.maximumAgeDays} days only, but it is never the only factor.`,
          ],
  ),
  fixed(
    '8.3.11',
    'A factor belongs to one user; only that user can use it.',
    ['OTP-03', 'ACC-14'],
    'met',
    'Secrets are per account. Accounts may share a mailbox (ACC-14): a host that enrols such users by email must forbid that.',
  ),
]
