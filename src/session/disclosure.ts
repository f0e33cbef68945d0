import { always, changedTooRecently, type Disclosure, usedBefore } from '../records/disclosure.ts'

/** What the holder does once logged in. */
export const sessionDisclosure: Disclosure = {
  otherwise: { code: 'session-ended', rule: 'ACC-15' },
  disclosed: {
    'password-used-before': usedBefore,
    'password-changed-too-recently': changedTooRecently,
    'email-otp-user': always({ code: 'no-authenticator-app', rule: 'OTP-09' }),
    'smartcard-session': always({ code: 'smartcard-session-not-allowed', rule: 'MIG-19' }),
  },
}
