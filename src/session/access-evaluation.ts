import { err, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { exists } from '../account/state.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type Access, type AccessQuestion, accessOf, type Place, type Site } from '../access-control/access-table.ts'
import { type Context, instantNow } from '../engine/context.ts'
import { questionOf } from './access-check.ts'
import { loadAccount } from '../records/handle-account-command.ts'
import { face, readUserId, userIdText } from '../engine/endpoint.ts'

/** Which doors are open for an account, and what that was answered by. */
export interface DoorsOf {
  /** For each way in whether it is open, by which rule, and why. */
  readonly access: Access
  /** The facts that the table was asked with: of the account as its record stands, at the instant. */
  readonly question: Required<AccessQuestion>
  readonly at: Instant
}

/** Which ways in are open. */
export interface Doors {
  /**
   * For an account, a place and an instant: which ways in are open, with the rule for each yes and each no.
   * It changes and records nothing, and is not for claimants: it tells whether there is an account.
   *
   * @param input - `site`: `primary` unless said; `at`: epoch milliseconds, now unless said. The account is
   * taken as it stands now; phase, dates and certificate as of then.
   * @returns the answer; or `unknown-account`, `malformed-user-id`, `malformed-input`, `port-failed`.
   * @example
   * ```ts
   * const doors = await auth.access.doorsOf({ userId: 'B0123401', place: 'terminal', site: 'backup' })
   * if (doors.isOk()) doors.value.access.smartcard // { open: false, rule: 'MIG-09', because: 'backup-centre' }
   * ```
   * @rule MIG-15
   */
  doorsOf(input: {
    readonly userId: string
    readonly place: Place
    readonly site?: Site | undefined
    readonly at?: Instant | undefined
  }): ResultAsync<DoorsOf, Refusal>
}

const doorsOf = async (
  context: Context,
  input: Parameters<Doors['doorsOf']>[0],
): Promise<Result<DoorsOf, Refusal>> => {
  const id = readUserId(context, input.userId)
  if (id.isErr()) return err(id.error)
  const account = await loadAccount(context, id.value)
  if (account.isErr()) return err(account.error)
  const { value: known } = account
  if (!exists(known)) return err({ code: 'unknown-account', rule: 'ID-12' })
  const now = await instantNow(context)
  return now.map((present) => {
    const { place, site = 'primary', at = present } = input
    const question = questionOf(context, id.value, known, { place, site, at })
    return { access: accessOf(question), question, at }
  })
}

/** The doors of a service. */
export const doors = (context: Context): Doors => {
  const entrance = z.object({
    userId: userIdText,
    place: z.enum(['terminal', 'DMS', 'ONRD', 'PG']),
    site: z.enum(['primary', 'backup']).optional(),
    at: z.int().min(-8.64e15).max(8.64e15).optional(),
  })
  return { doorsOf: face(context, entrance, (input) => doorsOf(context, input)) }
}
