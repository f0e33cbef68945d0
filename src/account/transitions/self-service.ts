import { HOUR } from '../../kernel/instant.ts'
import { reachesLockout, withWrongPassword } from '../../lockout/attempts.ts'
import type { AccountCommandOf, AccountCommandType, SessionCommand } from '../commands.ts'
import type { AccountEventOf } from '../events.ts'
import type { AccountBase, InitialisedAccount } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { activeStages, deniedRows, lockedAt, staleSession } from './common.ts'

const bySmartcard = guard(
  'the login was by smartcard',
  (_: AccountBase, { bySmartcard: card }: SessionCommand) => card === true,
)

/** The rows that turn away whoever is not, or no longer, logged in. */
const sessionDeniedRows = (
  type: AccountCommandType & ('ChangePassword' | 'RequestDeviceChange' | 'CheckSession'),
): readonly Row[] => [
  ...deniedRows(type),
  on(type)
    .from(...activeStages)
    .when(staleSession)
    .refuse('principal-of-former-sessionEpoch', 'ACC-15'),
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
)
const last = guard(
  'it is the last failed login allowed',
  ({ failedAttempts: attempts }: AccountBase, _: unknown, policy) =>
    reachesLockout(withWrongPassword(attempts), policy),
)
const tooRecent = guard(
  'the password was changed too recently',
  ({ password }: InitialisedAccount, { at }: AccountCommandOf<'ChangePassword'>, policy) =>
    at < password.changedAt + policy.password.minimumAgeHours * HOUR,
)
const usedBefore = guard(
  'the password was used before',
  (_: AccountBase, { reused }: AccountCommandOf<'ChangePassword'>, { password }) =>
    password.history > 0 && reused,
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
  change.when(usedBefore).refuse('password-used-before', 'PW-08'),
  change.emit(['PasswordSet'], 'same', 'PW-13', (_, { at, credential }, { password }) => [
    {
      type: 'PasswordSet',
      at,
      rule: 'PW-13',
      credential,
      reason: 'voluntary',
      historySize: password.history,
    },
  ]),
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

/** What the holder does once logged in: Change Password, Authentication Settings. */
export const selfServiceRows: readonly Row[] = [...changeRows, ...changeDeviceRows, ...confirmRows]
