import { err, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { AccountEvent } from '../../account/events.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { TrailEntry } from '../../ports/storage.ts'
import { ask, type Context } from '../context.ts'
import { accountKey } from '../execute.ts'
import { face, readUserId, userIdText } from '../face.ts'

/** One entry of an account's trail. */
export type AccountTrailEntry = TrailEntry & { readonly event: AccountEvent }

/** For whoever audits. What it tells is not for the account's holder, still less for a claimant. */
export interface Audit {
  /**
   * The trail of a User ID, oldest first: every change, and every refusal with the reason the caller did
   * not see. A User ID without an account has one too, if somebody tried it.
   *
   * @param input - a `userId`; entries behind `after` (0, unless said), at most `limit` (1–1,000; 100,
   * unless said).
   * @returns the entries; or `malformed-user-id`, `malformed-input`, `port-failed`.
   * @rule AUD-01
   * @rule AUD-03
   */
  trail(input: {
    readonly userId: string
    readonly after?: number | undefined
    readonly limit?: number | undefined
  }): ResultAsync<readonly AccountTrailEntry[], Refusal>
}

const page = z.object({
  userId: userIdText,
  after: z.int().min(0).optional(),
  limit: z.int().min(1).max(1_000).optional(),
})

/** The audit of a service. */
export const audit = (context: Context): Audit => ({
  trail: face(context, page, async ({ userId, after = 0, limit = 100 }) => {
    const id = readUserId(context, userId)
    if (id.isErr()) return err(id.error)
    const trail = await ask(context, 'storage', () =>
      context.ports.storage.trail(accountKey(id.value), { after, limit }),
    )
    return trail.map((entries) => entries as readonly AccountTrailEntry[])
  }),
})
