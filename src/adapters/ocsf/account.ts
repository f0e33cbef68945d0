import type { OperationName } from '../../ports/operation.ts'
import { type Activity, factorTypes } from './classes.ts'
import type { OcsfAuthFactor } from './event.ts'
import { type EventOf, fieldIs, type KindMapping, type Mapping, refusedOperations } from './mapping.ts'

type Refused = EventOf<'account', 'CommandRefused'>
type AdministrationRefused = EventOf<'account', 'AdministrationRefused'>
type ProfileChanged = EventOf<'account', 'ProfileChanged'>

/** What was tried where a command of an account was refused. */
const commands: Readonly<Record<Refused['operation'], Activity>> = {
  Register: 'Account Change: Create',
  ChangeProfile: 'Entity Management: Update',
  Unlock: 'Account Change: Unlock',
  Delete: 'Account Change: Delete',
  EnterPassword: 'Authentication: Logon',
  ReplacePasswordHash: 'Account Change: Other',
  EnterSignInCode: 'Authentication: Logon',
  ResendSignInCode: 'Authentication: Preauth',
  CancelChallenge: 'Authentication: Other',
  ReportUndelivered: 'Account Change: Other',
  RequestPasswordCode: 'Account Change: Password Reset',
  EnterPasswordCode: 'Account Change: Password Reset',
  SetPassword: 'Account Change: Password Change',
  ChooseChannel: 'Account Change: MFA Factor Enable',
  EnterEnrolmentCode: 'Account Change: MFA Factor Enable',
  ChangePassword: 'Account Change: Password Change',
  RequestDeviceChange: 'Account Change: Other',
  CheckSession: 'Authentication: Other',
  EndSessions: 'Authentication: Logoff',
  SignInWithSmartcard: 'Authentication: Logon',
  CheckSmartcardSession: 'Authentication: Other',
  DecommissionSmartcard: 'Account Change: MFA Factor Disable',
}

/** What was tried where an operation of DMS was refused. */
const administration: Readonly<Record<Extract<OperationName, `dms.${string}`>, Activity>> = {
  'dms.enter': 'Entity Management: Create',
  'dms.amend': 'Entity Management: Update',
  'dms.withdraw': 'Entity Management: Update',
  'dms.review': 'Entity Management: Read',
  'dms.getAuthorisationCode': 'Entity Management: Create',
  'dms.confirm': 'Entity Management: Update',
  'dms.reject': 'Entity Management: Update',
  'dms.find': 'Entity Management: Read',
  'dms.findByName': 'Entity Management: Read',
  'dms.listing': 'Entity Management: Read',
  'dms.proposeUserId': 'Entity Management: Read',
  'dms.supportRoute': 'Entity Management: Read',
  'dms.pending': 'Entity Management: Read',
  'dms.ownRequests': 'Entity Management: Read',
  'dms.disabledUsers': 'Entity Management: Read',
  'dms.serialNumbers': 'Entity Management: Read',
  'dms.userGroups': 'Entity Management: Read',
  'dms.maintenanceReport': 'Entity Management: Read',
}

const factor = (factor_type: keyof typeof factorTypes): OcsfAuthFactor => ({
  factor_type,
  factor_type_id: factorTypes[factor_type],
  ...(factor_type === 'OTP' ? { is_totp: true } : {}),
})

const channelFactor = (channel: 'MobileApp' | 'Email') => factor(channel === 'MobileApp' ? 'OTP' : 'Email')

/** The names of the fields that were changed; their values can be personal data. */
const changedFields = ({ changes }: ProfileChanged) => ({ unmapped: { changes: Object.keys(changes) } })

const status = (value: 'ENABLED' | 'DISABLED') => ({
  says: `\`changes.status\` is \`${value}\``,
  holds: ({ changes }: ProfileChanged) => changes.status === value,
})

/** What was refused to a command of an account. */
export const commandRefused: Mapping<Refused> = refusedOperations<Refused>(commands, {
  says: 'Operation refused',
  otherwise: 'Account Change: Other',
})

/** How the events of accounts are reported. */
export const accountMapping: KindMapping<'account'> = {
  Registered: [
    {
      activity: 'Account Change: Create',
      says: 'Account registered',
      details: ({ role, origin }) => ({ unmapped: { role, origin } }),
    },
  ],
  ProfileChanged: [
    {
      when: status('DISABLED'),
      activity: 'Account Change: Disable',
      says: 'Account disabled',
      details: changedFields,
    },
    {
      when: status('ENABLED'),
      activity: 'Account Change: Enable',
      says: 'Account enabled',
      details: changedFields,
    },
    {
      when: {
        says: '`changes.userGroups` names groups',
        holds: ({ changes }) => (changes.userGroups ?? []).length > 0,
      },
      activity: 'User Access Management: Assign Privileges',
      says: 'Business user groups set',
      details: (event) => ({ ...changedFields(event), privileges: event.changes.userGroups ?? [] }),
    },
    { activity: 'Entity Management: Update', says: 'Profile changed', details: changedFields },
  ],
  PasswordAccepted: [
    {
      activity: 'Authentication: Preauth',
      says: 'Password accepted',
      details: ({ system, challenge }) => ({
        service: { name: system },
        auth_factors: [factor('Password')],
        unmapped: { awaits: challenge.awaits },
      }),
    },
  ],
  PasswordRehashed: [{ activity: 'Account Change: Other', says: 'Password hashed again' }],
  PasswordRejected: [
    {
      when: fieldIs('via', 'ChangePassword'),
      activity: 'Account Change: Password Change',
      says: 'Wrong password',
      failure: 'wrong-password',
      details: ({ via }) => ({ unmapped: { via } }),
    },
    {
      activity: 'Authentication: Logon',
      says: 'Wrong password',
      failure: 'wrong-password',
      details: ({ via }) => ({ service: { name: via }, auth_factors: [factor('Password')] }),
    },
  ],
  CodeIssued: [
    {
      when: fieldIs('purpose', 'sign-in'),
      activity: 'Authentication: Preauth',
      says: 'Code sent',
      details: ({ purpose }) => ({ unmapped: { purpose } }),
    },
    {
      activity: 'Account Change: Other',
      says: 'Code sent',
      details: ({ purpose, blockedUntil }) => ({
        unmapped: { purpose, ...(blockedUntil === undefined ? {} : { blockedUntil }) },
      }),
    },
  ],
  CodeUndelivered: [
    {
      when: fieldIs('purpose', 'sign-in'),
      activity: 'Authentication: Preauth',
      says: 'Code not delivered',
      failure: 'code-undelivered',
      details: ({ purpose }) => ({ unmapped: { purpose } }),
    },
    {
      activity: 'Account Change: Other',
      says: 'Code not delivered',
      failure: 'code-undelivered',
      details: ({ purpose }) => ({ unmapped: { purpose } }),
    },
  ],
  SignInCodeRejected: [
    {
      when: fieldIs('reason', 'replayed'),
      activity: 'Authentication: Logon',
      says: 'Used code entered again',
      failure: 'replayed-code',
      severity: 'Medium',
    },
    {
      activity: 'Authentication: Logon',
      says: 'Wrong code',
      failure: ({ reason }) => `${reason}-code`,
    },
  ],
  ChallengeEnded: [
    {
      when: fieldIs('reason', 'too-many-attempts'),
      activity: 'Authentication: Logon',
      says: 'Sign-in ended',
      failure: 'too-many-attempts',
      severity: 'Medium',
    },
    {
      activity: 'Authentication: Other',
      says: 'Sign-in ended',
      details: ({ reason }) => ({ unmapped: { reason } }),
    },
  ],
  SignInCompleted: [
    {
      activity: 'Authentication: Logon',
      says: 'Signed in',
      details: ({ at, challenge, expiresAt, system, channel }) => ({
        service: { name: system },
        session: { uid: challenge, created_time: at, expiration_time: expiresAt },
        is_mfa: true,
        auth_factors: [factor('Password'), channelFactor(channel)],
      }),
    },
  ],
  DeviceChangeVerified: [{ activity: 'Account Change: Other', says: 'Change of device verified' }],
  Locked: [{ activity: 'Account Change: Lock', says: 'Account locked', severity: 'Medium' }],
  Unlocked: [{ activity: 'Account Change: Unlock', says: 'Account unlocked' }],
  PasswordCodeRequested: [{ activity: 'Account Change: Other', says: 'Code to set a password requested' }],
  PasswordCodeAccepted: [{ activity: 'Account Change: Other', says: 'Code to set a password accepted' }],
  EnrolmentCodeRejected: [
    {
      when: fieldIs('purpose', 'password'),
      activity: 'Account Change: Password Reset',
      says: 'Wrong code',
      failure: 'wrong-code',
    },
    { activity: 'Account Change: MFA Factor Enable', says: 'Wrong code', failure: 'wrong-code' },
  ],
  EnrolmentAborted: [
    {
      when: fieldIs('purpose', 'password'),
      activity: 'Account Change: Password Reset',
      says: 'Setting a password ended',
      failure: 'too-many-enrolment-attempts',
      severity: 'Medium',
      details: ({ blockedUntil }) => ({ unmapped: { blockedUntil } }),
    },
    {
      activity: 'Account Change: MFA Factor Enable',
      says: 'Enrolment ended',
      failure: 'too-many-enrolment-attempts',
      severity: 'Medium',
      details: ({ blockedUntil }) => ({ unmapped: { blockedUntil } }),
    },
  ],
  PasswordSet: [
    {
      when: fieldIs('reason', 'first-sign-in', 'forgotten'),
      activity: 'Account Change: Password Reset',
      says: 'Password set',
      details: ({ reason, ends }) => ({ unmapped: { reason, endsSessions: ends } }),
    },
    {
      activity: 'Account Change: Password Change',
      says: 'Password changed',
      details: ({ reason, ends }) => ({ unmapped: { reason, endsSessions: ends } }),
    },
  ],
  ChannelChosen: [{ activity: 'Account Change: Other', says: 'Channel chosen' }],
  ChannelEnrolled: [
    {
      activity: 'Account Change: MFA Factor Enable',
      says: 'Channel enrolled',
      details: ({ channel, endsSessions }) => ({
        auth_factors: [channelFactor(channel.kind)],
        unmapped: { endsSessions },
      }),
    },
  ],
  DeviceChangeRequested: [{ activity: 'Account Change: Other', says: 'Change of device requested' }],
  SmartcardSignInCompleted: [
    {
      activity: 'Authentication: Logon',
      says: 'Signed in with a smartcard',
      details: ({ at, system, site, srn, session, expiresAt }) => ({
        service: { name: system },
        session: { uid: session, created_time: at, expiration_time: expiresAt },
        auth_factors: [factor('Hardware Token')],
        unmapped: { site, ...(srn === undefined ? {} : { srn }) },
      }),
    },
  ],
  SessionsEnded: [
    {
      activity: 'Authentication: Logoff',
      says: 'Sessions ended',
      details: ({ sessions, reason }) => {
        const [only, another] = sessions
        return only !== undefined && another === undefined
          ? { session: { uid: only, expiration_reason: reason } }
          : { unmapped: { sessions, reason } }
      },
    },
  ],
  SmartcardDecommissioned: [
    {
      activity: 'Account Change: MFA Factor Disable',
      says: 'Smartcard decommissioned',
      details: ({ srn }) => ({ auth_factors: [factor('Hardware Token')], unmapped: { srn } }),
    },
  ],
  Deleted: [{ activity: 'Account Change: Delete', says: 'Account deleted' }],
  CommandRefused: commandRefused,
  AdministrationRefused: refusedOperations<AdministrationRefused>(
    { ...administration, Register: commands.Register, Delete: commands.Delete },
    {
      says: 'Administration refused',
      otherwise: 'Entity Management: Other',
      severity: 'Medium',
      details: ({ operation, subject }) => ({
        entity: {
          type: 'DMS operation',
          type_id: 99,
          name: operation,
          ...(subject === '' ? {} : { uid: subject }),
        },
        unmapped: { subject },
      }),
    },
  ),
}
