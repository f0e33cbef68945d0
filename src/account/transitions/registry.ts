import type { CommandOf } from '../commands.ts'
import { realChanges } from '../profile.ts'
import { on, type Row } from '../table.ts'
import { existing } from './common.ts'

const register = on('Register')
const changeProfile = on('ChangeProfile')
const unlock = on('Unlock')
const remove = on('Delete')

/** An account comes, changes, is unlocked and goes. Who may bring that about, is not asked here. */
export const registryRows: readonly Row[] = [
  register
    .from('Unknown')
    .give(
      ['Registered'],
      'Registered',
      'ACC-01',
      (_, { type: _type, at, origin = 'imported', ...contents }) => [
        { type: 'Registered', at, rule: 'ACC-01', origin, ...contents },
      ],
    ),
  register.from(...existing, 'Deleted').refuse('user-id-taken', 'ID-12'),

  changeProfile
    .from(...existing)
    .give(['ProfileChanged?'], 'same', 'ACC-05', (account, { at, changes }: CommandOf<'ChangeProfile'>) => {
      const real = realChanges(account, changes)
      return Object.keys(real).length === 0
        ? []
        : [
            {
              type: 'ProfileChanged',
              at,
              rule: real.email === undefined ? 'ACC-05' : 'ACC-14',
              changes: real,
            },
          ]
    }),
  changeProfile.from('Unknown').refuse('unknown-user', 'ID-12'),
  changeProfile.from('Deleted').refuse('deleted', 'ID-12'),

  unlock
    .from(...existing)
    .give(['Unlocked'], 'Registered', 'ACC-07', (_, { at }, { password }) => [
      { type: 'Unlocked', at, rule: 'ACC-07', remember: password.history },
    ]),
  unlock.from('Unknown').refuse('unknown-user', 'ID-12'),
  unlock.from('Deleted').refuse('deleted', 'ID-12'),

  remove
    .from(...existing)
    .give(['Deleted'], 'Deleted', 'ID-12', (_, { at }) => [{ type: 'Deleted', at, rule: 'ID-12' }]),
  remove.from('Unknown').refuse('unknown-user', 'ID-12'),
  remove.from('Deleted').refuse('deleted', 'ID-12'),
]
