import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import type { LoadedRecord, RecordChange } from '../engine/record-change.ts'
import type { Policy } from '../policy/policy.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromEvents } from '../records/model/aggregate.ts'
import { type ProvisioningRecords, provision } from '../records/provisioning.ts'
import type { DenialReason } from './administrator.ts'
import type { ProfileEntry } from './model/entry.ts'

/** The change that several commands make to an account, one after the other. */
const inOrder = (
  loaded: LoadedRecord,
  commands: readonly AccountCommand[],
  policy: Policy,
): Result<RecordChange, DenialReason> => {
  const { decider } = accountAggregate
  let done = changeFromEvents(accountAggregate, loaded, [])
  for (const command of commands) {
    const decided = decider.decide(done.after, command, policy)
    if (decided.isErr()) return err(decided.error)
    done = changeFromEvents(accountAggregate, loaded, [...done.events, ...decided.value])
  }
  return ok(done)
}

/**
 * The changes that a confirmed entry makes to the account and, if it is created or deleted, to the
 * participant's record.
 *
 * @rule DMS-01
 */
export const effectsOf = (
  entry: ProfileEntry,
  records: ProvisioningRecords,
  at: number,
  policy: Policy,
): Result<readonly RecordChange[], DenialReason> => {
  const { userId } = entry
  switch (entry.kind) {
    case 'create': {
      const account = { ...entry.profile, userId, role: 'User', origin: 'created' } as const
      return provision(records, { ...account, type: 'Register', at, enforceMaximum: true }, policy)
    }
    case 'change': {
      const change = { type: 'ChangeProfile', at, changes: entry.changes } as const
      const unlock = entry.unlock ? [{ type: 'Unlock', at } as const] : []
      return inOrder(records.account, [change, ...unlock], policy).map((account) => [account])
    }
    case 'delete':
      return provision(records, { type: 'Delete', at, userId }, policy)
  }
}
