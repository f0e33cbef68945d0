import type { Authentication, Refusal, ResultAsync } from 'ccass-2fa'
import type { AccountTrailEntry } from 'ccass-2fa/audit'

/** Everything that happened to one account. */
export interface Story {
  readonly userId: string
  readonly entries: readonly AccountTrailEntry[]
}

/** Returns a successful answer. A failing storage ends the verification and is not a finding. */
export const had = async <T>(answer: ResultAsync<T, Refusal>): Promise<T> => {
  const given = await answer
  if (given.isErr()) throw new Error(`the store cannot be read: ${given.error.code}`)
  return given.value
}

const whole = async ({ audit }: Pick<Authentication, 'audit'>, userId: string): Promise<Story> => {
  const entries: AccountTrailEntry[] = []
  // Refusals before any authentication are in a separate trail (AUD-08).
  for (const read of [audit.trail, audit.refusals])
    for (let after = 0; ; ) {
      const page = await had(read({ userId, after, limit: 1_000 }))
      entries.push(...page)
      after = page.at(-1)?.seq ?? after
      if (page.length < 1_000) break
    }
  return { userId, entries }
}

/** Whether a User ID has no account, only refusals. */
const hasOnlyRefusals = async ({ audit }: Pick<Authentication, 'audit'>, userId: string) =>
  (await had(audit.trail({ userId, limit: 1 }))).length === 0

/** The stories of all accounts, one after the other, with only one in memory at a time. */
export async function* accountStories(auth: Pick<Authentication, 'audit'>): AsyncGenerator<Story, void> {
  let after: string | undefined
  do {
    const page = await had(auth.audit.records({ after, limit: 1_000 }))
    for (const { kind, id } of page.records)
      if (kind === 'account' || (kind === 'refusals' && (await hasOnlyRefusals(auth, id))))
        yield whole(auth, id)
    after = page.after
  } while (after !== undefined)
}
