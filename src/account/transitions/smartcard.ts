import type { RuleId } from '../../kernel/rule-id.ts'
import type { CommandType, ShutToSmartcard, WithSmartcard } from '../commands.ts'
import type { Holder } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { existing, formerGeneration, outOfUse } from './common.ts'

/** The rule by which each door is shut, and the words for the table. */
const doors: Readonly<Record<ShutToSmartcard, readonly [RuleId, string]>> = {
  'users-do-not-enter-dms': ['ACC-13', 'it is DMS, and a user'],
  'administrators-enter-dms-only': ['ACC-13', 'it is the terminal, and a DA'],
  'administrator-without-business-group': [
    'ACC-13',
    'it is the terminal, and a DA without a business user group',
  ],
  decommissioned: ['MIG-12', 'the smartcard is decommissioned'],
  'created-from-launch': ['MIG-04', 'the account was created from launch on'],
  'backup-centre': ['MIG-09', 'it is the Backup Centre'],
  'no-smartcard': ['MIG-05', 'the profile has no smartcard'],
  'certificate-expired': ['MIG-17', 'the certificate has expired'],
}

const shutBy = (door: ShutToSmartcard, says: string) =>
  guard(says, (_: Holder, { shut }: WithSmartcard) => shut === door)
const another = guard(
  'it is not the card of the profile',
  ({ smartcard }: Holder, { srn }: WithSmartcard) =>
    srn !== undefined && smartcard !== undefined && smartcard.srn !== srn,
)
const closedByLock = guard(
  'a lock closes the smartcard too',
  (_account: Holder, _command: unknown, { lockout }) => lockout.closesSmartcard,
)

/** The rows that turn away whoever has no account, or whose smartcard opens nothing here and now. */
const turnedAway = (type: CommandType & ('AdmitSmartcard' | 'ConfirmSmartcard')): readonly Row[] => {
  const command = on(type)
  return [
    command.from('Unknown').refuse('unknown-user', 'MIG-19'),
    command.from('Deleted').refuse('deleted', 'MIG-19'),
    ...Object.entries(doors).map(([door, [rule, says]]) =>
      command
        .from(...existing)
        .when(shutBy(door as ShutToSmartcard, says))
        .refuse(door as ShutToSmartcard, rule),
    ),
    command
      .from(...existing)
      .when(another)
      .refuse('another-smartcard', 'MIG-19'),
    ...outOfUse(type, existing),
    command.from('Locked').when(closedByLock).refuse('locked', 'LOCK-12'),
  ]
}

const admit: Row = on('AdmitSmartcard')
  .from(...existing)
  .give(['SmartcardAdmitted'], 'same', 'MIG-03', (_, { at, system, site, srn }) => [
    { type: 'SmartcardAdmitted', at, rule: 'MIG-03', system, site, ...(srn === undefined ? {} : { srn }) },
  ])

const stillIn: readonly Row[] = [
  on('ConfirmSmartcard')
    .from(...existing)
    .when(formerGeneration)
    .refuse('principal-of-former-generation', 'ACC-15'),
  on('ConfirmSmartcard')
    .from(...existing)
    .give([], 'same', 'ACC-15', () => []),
]

const retire: readonly Row[] = [
  on('RetireSmartcard')
    .from(...existing)
    .give(['SmartcardRetired?'], 'same', 'MIG-20', ({ smartcard }, { at }) =>
      smartcard === undefined ? [] : [{ type: 'SmartcardRetired', at, rule: 'MIG-20', srn: smartcard.srn }],
    ),
  on('RetireSmartcard').from('Unknown').refuse('unknown-user', 'ID-12'),
  on('RetireSmartcard').from('Deleted').refuse('deleted', 'ID-12'),
]

/** The smartcard, as far as it is the library's matter: in the parallel run, and how it ends. */
export const smartcardRows: readonly Row[] = [
  ...turnedAway('AdmitSmartcard'),
  admit,
  ...turnedAway('ConfirmSmartcard'),
  ...stillIn,
  ...retire,
]
