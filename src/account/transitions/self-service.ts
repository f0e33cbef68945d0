import { HOUR } from '../../kernel/instant.ts'
import { locks, withWrongPassword } from '../../lockout/attempts.ts'
import type { CommandOf, CommandType, OfPrincipal } from '../commands.ts'
import type { EventOf } from '../events.ts'
import type { Holder, Initialised } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { formerGeneration, lockedAt, turnedAway, usable } from './common.ts'

const bySmartcard = guard(
  'the login was by smartcard',
  (_: Holder, { bySmartcard: card }: OfPrincipal) => card === true,
)

/** The rows that turn away whoever is not, or no longer, logged in. */
const notLoggedIn = (
  type: CommandType & ('ChangePassword' | 'RequestDeviceChange' | 'ConfirmPrincipal'),
): readonly Row[] => [
  ...turnedAway(type),
  on(type)
    .from(...usable)
    .when(formerGeneration)
    .refuse('principal-of-former-generation', 'ACC-15'),
  on(type)
    .from(...usable)
    .when(bySmartcard)
    .refuse('logged-in-by-smartcard', 'MIG-19'),
  on(type).from('Registered', 'PasswordSet').refuse('not-initialised', 'ACC-15'),
]

const change = on('ChangePassword').from('Initialised')

const wrong = guard(
  'the current password is wrong',
  (_: Holder, { correct }: CommandOf<'ChangePassword'>) => !correct,
)
const last = guard('it is the last failed login allowed', ({ attempts }: Holder, _: unknown, policy) =>
  locks(withWrongPassword(attempts), policy),
)
const tooRecent = guard(
  'the password was changed too recently',
  ({ password }: Initialised, { at }: CommandOf<'ChangePassword'>, policy) =>
    at < password.changedAt + policy.password.minimumAgeHours * HOUR,
)
const usedBefore = guard(
  'the password was used before',
  (_: Holder, { reused }: CommandOf<'ChangePassword'>, { password }) => password.history > 0 && reused,
)

const rejected = (at: number): EventOf<'PasswordRejected'> => ({
  type: 'PasswordRejected',
  at,
  rule: 'PW-14',
  through: 'ChangePassword',
})

const changeRows: readonly Row[] = [
  ...notLoggedIn('ChangePassword'),
  change
    .when(wrong)
    .when(last)
    .give(['PasswordRejected', 'Locked'], 'Locked', 'PW-14', (_, { at }, policy) => [
      rejected(at),
      lockedAt(at, policy),
    ]),
  change.when(wrong).give(['PasswordRejected'], 'same', 'PW-14', (_, { at }) => [rejected(at)]),
  change.when(tooRecent).refuse('password-changed-too-recently', 'PW-08'),
  change.when(usedBefore).refuse('password-used-before', 'PW-08'),
  change.give(['PasswordSet'], 'same', 'PW-13', (_, { at, credential }, { password }) => [
    { type: 'PasswordSet', at, rule: 'PW-13', credential, because: 'own-wish', remember: password.history },
  ]),
]

const changeDevice = on('RequestDeviceChange').from('Initialised')

const usesEmail = guard('the channel is email', ({ channel }: Initialised) => channel.kind === 'Email')

const changeDeviceRows: readonly Row[] = [
  ...notLoggedIn('RequestDeviceChange'),
  changeDevice.when(usesEmail).refuse('email-otp-user', 'OTP-09'),
  changeDevice.give(['DeviceChangeRequested'], 'same', 'OTP-08', (_, { at }) => [
    { type: 'DeviceChangeRequested', at, rule: 'OTP-08' },
  ]),
]

const confirmRows: readonly Row[] = [
  ...notLoggedIn('ConfirmPrincipal'),
  on('ConfirmPrincipal')
    .from('Initialised')
    .give([], 'same', 'ACC-15', () => []),
]

/** What the holder does once logged in: Change Password, Authentication Settings. */
export const selfServiceRows: readonly Row[] = [...changeRows, ...changeDeviceRows, ...confirmRows]
