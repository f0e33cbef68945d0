import { isDayRange } from '../../fields/day-range.ts'
import type { AccountCommandOf } from '../commands.ts'
import type { AccountEvent } from '../events.ts'
import { effectiveChanges, withChanges } from '../profile.ts'
import type { AccountBase, ExistingAccount } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { existingStages } from './common.ts'

const register = on('Register')
const changeProfile = on('ChangeProfile')
const unlock = on('Unlock')
const remove = on('Delete')

const reversedDates = guard(
  'Enable From is after Disable After',
  (_: unknown, dates: AccountCommandOf<'Register'>) => !isDayRange(dates),
)
const reversedByChange = guard(
  'Enable From would be after Disable After',
  (account: AccountBase, { changes }: AccountCommandOf<'ChangeProfile'>) =>
    !isDayRange(withChanges(account, changes)),
)

const anotherEmail = guard(
  'another email is registered',
  ({ email }: AccountBase, { changes }: AccountCommandOf<'ChangeProfile'>) =>
    typeof changes.email === 'string' && changes.email !== email,
)

const profileChanged = (
  account: ExistingAccount,
  { at, changes }: AccountCommandOf<'ChangeProfile'>,
): readonly AccountEvent[] => {
  const real = effectiveChanges(account, changes)
  if (Object.keys(real).length === 0) return []
  const voidsPassword = account.stage === 'PasswordSet' && typeof real.email === 'string'
  const rule = real.email === undefined ? 'ACC-05' : voidsPassword ? 'ACC-18' : 'ACC-14'
  return [{ type: 'ProfileChanged', at, rule, changes: real }]
}

/** Registers, changes, unlocks and deletes an account. They check no authority. */
export const registryRows: readonly Row[] = [
  register.from('Unknown').when(reversedDates).refuse('dates-reversed', 'FLD-04'),
  register
    .from('Unknown')
    .emit(
      ['Registered'],
      'Registered',
      'ACC-01',
      (_, { type: _type, at, origin = 'imported', ...contents }) => [
        { type: 'Registered', at, rule: 'ACC-01', origin, ...contents },
      ],
    ),
  register.from(...existingStages, 'Deleted').refuse('user-id-taken', 'ID-12'),

  changeProfile
    .from(...existingStages)
    .when(reversedByChange)
    .refuse('dates-reversed', 'FLD-04'),
  changeProfile
    .from('PasswordSet')
    .when(anotherEmail)
    .emit(['ProfileChanged'], 'Registered', 'ACC-18', profileChanged),
  changeProfile.from(...existingStages).emit(['ProfileChanged?'], 'same', 'ACC-05', profileChanged),
  changeProfile.from('Unknown').refuse('unknown-user', 'ID-12'),
  changeProfile.from('Deleted').refuse('deleted', 'ID-12'),

  unlock
    .from(...existingStages)
    .emit(['Unlocked'], 'Registered', 'ACC-07', (_, { at }, { password }) => [
      { type: 'Unlocked', at, rule: 'ACC-07', historySize: password.history },
    ]),
  unlock.from('Unknown').refuse('unknown-user', 'ID-12'),
  unlock.from('Deleted').refuse('deleted', 'ID-12'),

  remove
    .from(...existingStages)
    .emit(['Deleted'], 'Deleted', 'ID-12', (_, { at }) => [{ type: 'Deleted', at, rule: 'ID-12' }]),
  remove.from('Unknown').refuse('unknown-user', 'ID-12'),
  remove.from('Deleted').refuse('deleted', 'ID-12'),
]
