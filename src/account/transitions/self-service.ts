import type { SignInDenial } from '../../access-control/denials.ts'
import { HOUR, isFromFuture } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { entriesOf } from '../../kernel/typed-entries.ts'
import { reachesLockout, withWrongPassword } from '../../lockout/attempts.ts'
import type { AccountCommandOf, AccountCommandType, SessionCommand } from '../commands.ts'
import type { AccountEventOf } from '../events.ts'
import type { AccountBase, InitialisedAccount } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { activeStages, deniedRows, existingStages, lockedAt, staleSession } from './common.ts'

const bySmartcard = guard(
  'the sign-in was by smartcard',
  (_: AccountBase, { bySmartcard: card }: SessionCommand) => card === true,
)

/** The rule and description of each reason why the sign-in page of the session's system is denied now. */
const denials: Readonly<Record<SignInDenial, readonly [RuleId, string]>> = {
  'users-do-not-enter-dms': ['ACC-13', 'it is DMS, and a user'],
  'administrators-enter-dms-only': ['ACC-13', 'it is the terminal, and a DA'],
  'administrator-without-business-group': [
    'ACC-13',
    'it is the terminal, and a DA without a business user group',
  ],
  'before-launch': ['MIG-03', '2FA is not launched yet'],
}

const deniedBecause = (denied: SignInDenial, says: string) =>
  guard(says, (_: AccountBase, { denial }: SessionCommand) => denial === denied)

/** Refuses callers who are not, or no longer, signed in. */
const sessionDeniedRows = (
  type: AccountCommandType & ('ChangePassword' | 'RequestDeviceChange' | 'CheckSession'),
): readonly Row[] => [
  ...deniedRows(type),
  on(type)
    .from(...activeStages)
    .when(staleSession)
    .refuse('session-of-former-epoch', 'ACC-15'),
  ...entriesOf(denials).map(([denied, [rule, says]]) =>
    on(type)
      .from(...activeStages)
      .when(deniedBecause(denied, says))
      .refuse(denied, rule),
  ),
  on(type)
    .from(...activeStages)
    .when(bySmartcard)
    .refuse('smartcard-session', 'MIG-19'),
  on(type).from('Registered', 'PasswordSet').refuse('not-initialised', 'ACC-15'),
]

const change = on('ChangePassword').from('Initialised')

const wrong = guard(
  'the current password is wrong',
  (_: AccountBase, { passwordMatches: correct }: AccountCommandOf<'ChangePassword'>) => !correct,
  ['passwordMatches'],
)
const last = guard(
  'it is the last failed sign-in allowed',
  ({ failedAttempts: attempts }: AccountBase, _: unknown, policy) =>
    reachesLockout(withWrongPassword(attempts), policy),
)
const tooRecent = guard(
  'the password was changed too recently',
  ({ password }: InitialisedAccount, { at }: AccountCommandOf<'ChangePassword'>, policy) =>
    at < password.changedAt + policy.password.minimumAgeHours * HOUR && !isFromFuture(password.changedAt, at),
)
const usedBefore = guard(
  'the password was used before',
  (_: AccountBase, { reused }: AccountCommandOf<'ChangePassword'>) => reused,
  ['reused'],
)

const rejected = (at: number): AccountEventOf<'PasswordRejected'> => ({
  type: 'PasswordRejected',
  at,
  rule: 'PW-14',
  via: 'ChangePassword',
})

const changeRows: readonly Row[] = [
  ...sessionDeniedRows('ChangePassword'),
  change
    .when(wrong)
    .when(last)
    .emit(['PasswordRejected', 'Locked'], 'Locked', 'PW-14', (_, { at }, policy) => [
      rejected(at),
      lockedAt(at, policy),
    ]),
  change.when(wrong).emit(['PasswordRejected'], 'same', 'PW-14', (_, { at }) => [rejected(at)]),
  change.when(tooRecent).refuse('password-changed-too-recently', 'PW-08'),
  change.when(usedBefore).refuse('password-used-before', 'PW-17'),
  change.emit(
    ['PasswordSet'],
    'same',
    'PW-13',
    (_, { at, credential, session }, { password, session: sessions }) => [
      {
        type: 'PasswordSet',
        at,
        rule: 'PW-13',
        credential,
        reason: 'voluntary',
        historySize: password.history,
        ends: sessions.endOnOwnChange ? 'others' : 'none',
        ...(session === undefined ? {} : { session }),
      },
    ],
    ['credential'],
  ),
]

const changeDevice = on('RequestDeviceChange').from('Initialised')

const usesEmail = guard('the channel is email', ({ channel }: InitialisedAccount) => channel.kind === 'Email')

const changeDeviceRows: readonly Row[] = [
  ...sessionDeniedRows('RequestDeviceChange'),
  changeDevice.when(usesEmail).refuse('email-otp-user', 'OTP-09'),
  changeDevice.emit(['DeviceChangeRequested'], 'same', 'OTP-08', (_, { at }) => [
    { type: 'DeviceChangeRequested', at, rule: 'OTP-08' },
  ]),
]

const confirmRows: readonly Row[] = [
  ...sessionDeniedRows('CheckSession'),
  on('CheckSession')
    .from('Initialised')
    .emit([], 'same', 'ACC-15', () => []),
]

const end = on('EndSessions')

const endRows: readonly Row[] = [
  end.from(...existingStages).emit(['SessionsEnded?'], 'same', 'ACC-19', (account, command) => {
    const { at, session, except, reason } = command
    const ended = account.sessions
      .map(({ id }) => id)
      .filter((id) => (session === undefined ? id !== except : id === session))
    return ended.length === 0 ? [] : [{ type: 'SessionsEnded', at, rule: 'ACC-19', sessions: ended, reason }]
  }),
  end.from('Unknown').refuse('unknown-user', 'ID-12'),
  end.from('Deleted').refuse('deleted', 'ID-12'),
]

/** The signed-in holder's transitions: Change Password, Authentication Settings. */
export const selfServiceRows: readonly Row[] = [
  ...changeRows,
  ...changeDeviceRows,
  ...confirmRows,
  ...endRows,
]
