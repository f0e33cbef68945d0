import type { CodePurpose } from '../../otp/email-code.ts'
import type { CredentialChange } from '../../ports/mailer.ts'
import { duration, hongKongTime } from './locale.ts'
import type { Wording } from './mail-content.ts'

const locale = 'en'

const purposes: Readonly<Record<CodePurpose, string>> = {
  'sign-in': 'to sign in',
  password: 'to set your password',
  enrolment: 'to set up email as your OTP channel',
}

const changes: Readonly<Record<CredentialChange, string>> = {
  'password-set': 'A password was set for your account.',
  'password-changed': 'The password of your account was changed.',
  'password-reset': 'The password of your account was reset with Forgot/Reset Password.',
  'channel-set': 'The OTP channel of your account was set up.',
  'channel-changed': 'The OTP channel of your account was changed.',
  'reset-by-administrator':
    'Your account was unlocked or reset. The former password and OTP channel no longer work; set up both again at your next sign-in.',
  'email-changed': 'The registered email address of your account was replaced or removed.',
}

const report =
  'Users: tell a Delegated Administrator of your organisation. Delegated Administrators: tell HKEX. Use contact details that you already have, none from a message.'
const noLinks =
  'This message has no link and no attachment. No one asks you by email to sign in, or for a password.'

/**
 * The mails in English.
 *
 * @rule ACC-17
 */
export const english: Wording = {
  code: ({ userId, purpose, code, validSeconds }) => ({
    locale,
    subject: 'CCASS/CCMS: your one-time code',
    opening: `Your one-time code ${purposes[purpose]}:`,
    code,
    facts: [
      ['User ID', userId],
      ['Good for', `${duration(validSeconds, locale)}, once; a newer code replaces it`],
    ],
    closing: [
      'Enter it only on the page where you asked for it. No one at HKEX or in your organisation ever asks you for this code; do not pass it on.',
      `You did not ask for a code? Do not use it. ${report}`,
    ],
  }),
  'account-locked': ({ userId, at }) => ({
    locale,
    subject: 'CCASS/CCMS: your account is locked',
    opening: 'Your account was locked after too many unsuccessful sign-ins.',
    facts: [
      ['User ID', userId],
      ['Locked at', hongKongTime(at, locale)],
    ],
    closing: [
      'To have it unlocked, users ask a Delegated Administrator of their organisation; Delegated Administrators have eService DA 3 submitted.',
      `It was not you? ${report}`,
      noLinks,
    ],
  }),
  'enrolment-blocked': ({ userId, purpose, until, at }) => ({
    locale,
    subject: 'CCASS/CCMS: set-up blocked for a while',
    opening: `${purpose === 'password' ? 'Setting or resetting your password' : 'Setting up your OTP channel'} is blocked for a while: too many codes were requested, or too many wrong ones entered.`,
    facts: [
      ['User ID', userId],
      ['Blocked at', hongKongTime(at, locale)],
      ['Possible again from', hongKongTime(until, locale)],
    ],
    closing: [
      'To go on earlier, users ask a Delegated Administrator of their organisation for an unlock; Delegated Administrators have eService DA 3 submitted.',
      `It was not you? ${report}`,
      noLinks,
    ],
  }),
  'credential-changed': ({ userId, change, at }) => ({
    locale,
    subject: 'CCASS/CCMS: a security setting of your account was changed',
    opening: changes[change],
    facts: [
      ['User ID', userId],
      ['Changed at', hongKongTime(at, locale)],
    ],
    closing: ['If you know of this, there is nothing to do.', `You did not expect it? ${report}`, noLinks],
  }),
  eservice: ({ reference, form, participant, status, notification, processedBy, at }) => {
    const forAction = notification === 'for-action'
    return {
      locale,
      subject: `eService ${reference}: ${forAction ? 'for your action' : 'for your reference'}`,
      opening: forAction
        ? 'An eService awaits your action in Client Connect.'
        : 'For your reference: an eService has a new status.',
      facts: [
        ['Reference', reference],
        ['eService', form],
        ['Participant', participant],
        ['Status', status],
        ['Processed by', processedBy],
        ['Processed at', hongKongTime(at, locale)],
      ],
      closing: [noLinks],
    }
  },
}
