import { err, ok, type Result } from 'neverthrow'
import { isExistingAccount } from '../account/state.ts'
import { instantNow, phaseOf, type ServiceContext } from '../engine/context.ts'
import type { CommitRefusal } from '../engine/refusals.ts'
import { transact } from '../engine/unit-of-work.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { UserId } from '../identity/user-id.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { listRecords } from '../records/list-records.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { decommissionedSmartcard } from '../records/smartcard-decommissioning.ts'

/**
 * The result of removing the smartcards of a decommissioned participant.
 *
 * @category Migration
 */
export interface DecommissioningResult {
  /** Smartcards that this call removed from their profiles. */
  readonly decommissioned: number
}

/** The number of accounts read together. */
const batch = 200

const decommissionOne = (
  context: ServiceContext,
  participant: ParticipantKey,
  userId: UserId,
  by: string,
) => {
  return transact<'account', number, never>(context, {
    records: { account: accountKey({ participant, userId }) },
    contended: 'account',
    by,
    decide: async ({ records, now }) => {
      const change = decommissionedSmartcard(context, { participant }, records.account, now)
      return ok({ changes: [change], answer: change.events.length })
    },
  })
}

/**
 * Removes the smartcards of a decommissioned participant from its profiles, account by account. If
 * interrupted, the next call continues where this one stopped.
 *
 * @rule MIG-20
 */
export const decommissionAll = async (
  context: ServiceContext,
  { participant, by }: { readonly participant: ParticipantKey; readonly by: string },
): Promise<Result<DecommissioningResult, CommitRefusal>> => {
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  let decommissioned = 0
  let after = ''
  while (phaseOf(context, participant, now.value) === 'decommissioned') {
    const page = await listRecords(context, accountAggregate, participant, { after, limit: batch })
    if (page.isErr()) return err(page.error)
    for (const { state: account } of page.value.records) {
      if (!isExistingAccount(account) || account.smartcard === undefined) continue
      const done = await decommissionOne(context, participant, account.userId, by)
      if (done.isErr()) return err(done.error)
      decommissioned += done.value
    }
    if (page.value.after === undefined) break
    after = page.value.after
  }
  return ok({ decommissioned })
}
