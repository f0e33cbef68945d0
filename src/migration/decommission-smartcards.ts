import { err, ok, type Result } from 'neverthrow'
import { isExistingAccount } from '../account/state.ts'
import { callPort, instantNow, phaseOf, type ServiceContext } from '../engine/context.ts'
import type { CommitRefusal } from '../engine/refusals.ts'
import { transact } from '../engine/unit-of-work.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { UserId } from '../identity/user-id.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { stateOf } from '../records/model/aggregate.ts'
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
    const at = after
    const page = await callPort(context, 'storage', () =>
      context.ports.storage.list(participant, 'account', { after: at, limit: batch }),
    )
    if (page.isErr()) return err(page.error)
    for (const { record } of page.value) {
      const account = stateOf(accountAggregate, record)
      if (!isExistingAccount(account) || account.smartcard === undefined) continue
      const done = await decommissionOne(context, participant, account.userId, by)
      if (done.isErr()) return err(done.error)
      decommissioned += done.value
    }
    const last = page.value.at(-1)
    if (last === undefined || page.value.length < batch) break
    after = last.id
  }
  return ok({ decommissioned })
}
