import type { RuleId } from '../kernel/rule-id.ts'
import type { DriverFunction } from './driver.ts'

const signIn = [
  'createAccount',
  'mailbox',
  'requestPasswordCode',
  'confirmPasswordCode',
  'setPassword',
  'beginSignIn',
  'chooseChannel',
  'confirmChannel',
] as const
const session = [...signIn, 'confirmOtp'] as const
const dms = [...session, 'setMaximum', 'enterRequest', 'getAuthorisationCode', 'confirmRequest'] as const

/**
 * The rules that histories can exercise, with the driver functions that each of them needs.
 *
 * @category Conformance
 */
export const conformanceRules: Readonly<Partial<Record<RuleId, readonly DriverFunction[]>>> = {
  'ID-12': ['createAccount'],
  'PW-11': [...signIn, 'advance'],
  'PW-12': [...signIn, 'advance'],
  'PW-13': [...session, 'changePassword'],
  'PW-14': [...session, 'changePassword'],
  'PW-17': signIn,
  'OTP-01': signIn,
  'OTP-04': [...session, 'advance'],
  'OTP-05': session,
  'OTP-06': [...session, 'resendCode'],
  'OTP-07': [...session, 'resendCode'],
  'OTP-08': [...session, 'changeDevice'],
  'OTP-09': [...session, 'changeDevice'],
  'OTP-10': [...session, 'changeDevice', 'advance'],
  'OTP-11': session,
  'LOCK-01': signIn,
  'LOCK-02': session,
  'LOCK-03': session,
  'LOCK-04': session,
  'LOCK-05': session,
  'LOCK-06': session,
  'LOCK-07': signIn,
  'LOCK-09': session,
  'LOCK-10': signIn,
  'LOCK-11': signIn,
  'LOCK-13': ['createAccount', 'beginSignIn'],
  'ACC-01': signIn,
  'ACC-03': signIn,
  'ACC-05': ['createAccount', 'setStatus'],
  'ACC-07': ['createAccount', 'unlock'],
  'ACC-08': [...signIn, 'unlock'],
  'ACC-09': signIn,
  'ACC-10': signIn,
  'ACC-13': signIn,
  'ACC-15': [...session, 'checkSession'],
  'ACC-16': ['createAccount', 'requestPasswordCode', 'confirmPasswordCode'],
  'ACC-18': [...signIn, 'advance'],
  'ACC-20': [...session, 'checkSession'],
  'QTA-01': ['setMaximum'],
  'QTA-02': ['createAccount', 'deleteAccount', 'setMaximum'],
  'QTA-03': ['createAccount', 'setMaximum'],
  'MNT-08': dms,
  'DMS-01': dms,
  'DMS-02': dms,
  'DMS-04': dms,
  'DMS-05': dms,
  'DMS-09': dms,
}
