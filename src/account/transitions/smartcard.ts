import { type SmartcardDenial, smartcardDenials } from '../../access-control/denials.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { AccountCommandType, SmartcardCommand } from '../commands.ts'
import type { AccountBase } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { existingStages, notEnabledRows, sessionExpiry, staleSession, supersededSessions } from './common.ts'

/** The rule of each denial, and its description for the table. */
const denials: Readonly<Record<SmartcardDenial, readonly [RuleId, string]>> = {
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

const deniedBecause = (reason: SmartcardDenial, says: string) =>
  guard(says, (_: AccountBase, { denial }: SmartcardCommand) => denial === reason)
const otherSmartcard = guard(
  'it is not the profile’s smartcard',
  ({ smartcard }: AccountBase, { srn }: SmartcardCommand) =>
    srn !== undefined && smartcard !== undefined && smartcard.srn !== srn,
)
const closedByLock = guard(
  'a lock also denies the smartcard',
  (_account: AccountBase, _command: unknown, { lockout }) => lockout.blocksSmartcard,
)

/** Refuses an account that does not exist, or whose smartcard is denied at this time and place. */
const deniedRows = (
  type: AccountCommandType & ('SignInWithSmartcard' | 'CheckSmartcardSession'),
): readonly Row[] => {
  const command = on(type)
  return [
    command.from('Unknown').refuse('unknown-user', 'MIG-19'),
    command.from('Deleted').refuse('deleted', 'MIG-19'),
    ...smartcardDenials.map((denial) => {
      const [rule, says] = denials[denial]
      return command
        .from(...existingStages)
        .when(deniedBecause(denial, says))
        .refuse(denial, rule)
    }),
    command
      .from(...existingStages)
      .when(otherSmartcard)
      .refuse('another-smartcard', 'MIG-19'),
    ...notEnabledRows(type, existingStages),
    command.from('Locked').when(closedByLock).refuse('locked', 'LOCK-12'),
  ]
}

const signInRow: Row = on('SignInWithSmartcard')
  .from(...existingStages)
  .emit(['SessionsEnded?', 'SmartcardSignInCompleted'], 'same', 'MIG-03', (account, command, policy) => {
    const { at, system, site, srn, session } = command
    const card = srn === undefined ? { system, site } : { system, site, srn }
    return [
      ...supersededSessions(account, at, policy),
      {
        type: 'SmartcardSignInCompleted',
        at,
        rule: 'MIG-03',
        ...card,
        session,
        expiresAt: sessionExpiry(at, policy),
      },
    ]
  })

const sessionRows: readonly Row[] = [
  on('CheckSmartcardSession')
    .from(...existingStages)
    .when(staleSession)
    .refuse('session-of-former-epoch', 'ACC-15'),
  on('CheckSmartcardSession')
    .from(...existingStages)
    .emit([], 'same', 'ACC-15', () => []),
]

const decommissionRows: readonly Row[] = [
  on('DecommissionSmartcard')
    .from(...existingStages)
    .emit(['SmartcardDecommissioned?'], 'same', 'MIG-20', ({ smartcard }, { at }) =>
      smartcard === undefined
        ? []
        : [{ type: 'SmartcardDecommissioned', at, rule: 'MIG-20', srn: smartcard.srn }],
    ),
  on('DecommissionSmartcard').from('Unknown').refuse('unknown-user', 'ID-12'),
  on('DecommissionSmartcard').from('Deleted').refuse('deleted', 'ID-12'),
]

/** The smartcard's transitions: its use in the parallel run, and its decommissioning. */
export const smartcardRows: readonly Row[] = [
  ...deniedRows('SignInWithSmartcard'),
  signInRow,
  ...deniedRows('CheckSmartcardSession'),
  ...sessionRows,
  ...decommissionRows,
]
