import { err, ok, type Result } from 'neverthrow'
import { exists } from '../account/state.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { ask, type Context, instantNow, phaseOf } from '../engine/context.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountMachine, stateOf } from '../records/aggregates.ts'
import { retirement } from '../records/smartcard-decommissioning.ts'
import { transact } from '../engine/unit-of-work.ts'

/** What came of a sweep. */
export interface Retired {
  /** Smartcards that left their profiles now. */
  readonly retired: number
}

/** How many accounts are looked at together. */
const batch = 200

const retireOne = (context: Context, participant: ParticipantKey, userId: UserId, by: string) => {
  const key = accountKey({ participant, userId })
  return transact<number>(context, {
    keys: [key],
    by,
    decide: async ({ records: [before], now }) => {
      const change = retirement(context, { participant }, { key, before }, now)
      return ok({ changes: [change], answer: change.events.length })
    },
  })
}

/**
 * Takes the smartcards of a decommissioned participant out of its profiles, account by account; broken off,
 * it goes on where it was.
 *
 * @rule MIG-20
 */
export const retireAll = async (
  context: Context,
  { participant, by }: { readonly participant: ParticipantKey; readonly by: string },
): Promise<Result<Retired, Refusal>> => {
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  let retired = 0
  let after = ''
  while (phaseOf(context, participant, now.value) === 'decommissioned') {
    const at = after
    const page = await ask(context, 'storage', () =>
      context.ports.storage.list(participant, 'account', { after: at, limit: batch }),
    )
    if (page.isErr()) return err(page.error)
    for (const { record } of page.value) {
      const account = stateOf(accountMachine, record)
      if (!exists(account) || account.smartcard === undefined) continue
      const done = await retireOne(context, participant, account.userId, by)
      if (done.isErr()) return err(done.error)
      retired += done.value
    }
    const last = page.value.at(-1)
    if (last === undefined || page.value.length < batch) break
    after = last.id
  }
  return ok({ retired })
}
