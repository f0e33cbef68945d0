import { type Authentication, createAuthentication, type StoragePort } from 'ccass-2fa'
import type { RecordFinding } from 'ccass-2fa/audit'
import { systemClock } from 'ccass-2fa/system-clock'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import type { LedgerLine, Seen } from '../load/ledger.ts'
import { answersOf } from './answers.ts'
import { attemptsOf } from './budget.ts'
import { expectedNotices, type Kept, keptOf, waitingIn } from './promises.ts'
import { accountStories, had } from './stories.ts'

/** The result of a verification: figures, and problems in words. */
export interface Verified {
  readonly records: number
  readonly entries: number
  readonly accounts: number
  readonly logins: number
  readonly misses: number
  readonly locks: number
  readonly answers: number
  /** Requests that got no answer. */
  readonly unanswered: number
  readonly notices: Kept & { readonly promised: number }
  /** Empty if nothing is missing and nothing was forged. */
  readonly problems: readonly string[]
}

/** The library over a store, for reading only: it needs none of the service's keys and sends nothing. */
export const reader = (storage: StoragePort): Authentication => {
  const random = webCryptoRandom()
  const never = () => Promise.reject(new Error('not supported during verification'))
  return createAuthentication({
    ...{ storage, random, clock: systemClock(), mailer: { send: never } },
    passwordHasher: { hash: never, verify: never, needsRehash: () => false },
    secretBox: webCryptoSecretBox([{ id: 'none', key: random.bytes(32) }]),
  })
}

const recordsOf = async ({ audit }: Authentication) => {
  let [records, entries] = [0, 0]
  const findings: RecordFinding[] = []
  let after: string | undefined
  do {
    const page = await had(audit.verify({ after, limit: 1_000 }))
    records += page.records
    entries += page.entries
    findings.push(...page.findings)
    after = page.after
  } while (after !== undefined)
  return { records, entries, findings }
}

const isSeen = (line: LedgerLine): line is Seen => line.operation !== 'notice'

const byUser = (lines: readonly LedgerLine[]) => {
  const groups = new Map<string, Seen[]>()
  for (const line of lines.filter(isSeen)) {
    const group = groups.get(line.userId)
    if (group === undefined) groups.set(line.userId, [line])
    else group.push(line)
  }
  return groups
}

/**
 * Verifies a whole store: every hash chain and state (`audit.verify`), every account's limit and, with the
 * ledgers of clients and processes, that no answered operation is missing, that nothing is there that was not
 * requested, and that no required mail is lost.
 *
 * @param atRest - no process is running, so that notices claimed by dead processes are included.
 */
export const verifyStore = async (
  storage: StoragePort,
  lines: readonly LedgerLine[],
  atRest: boolean,
): Promise<Verified> => {
  const auth = reader(storage)
  const { records, entries, findings } = await recordsOf(auth)
  const problems = findings.map(
    ({ record, ...what }) => `${record.kind} ${record.id}: ${JSON.stringify(what)}`,
  )
  const seen = byUser(lines)
  const sum = { accounts: 0, logins: 0, misses: 0, locks: 0, promised: 0 }
  for await (const story of accountStories(auth)) {
    const { logins, misses, locks, ...attempts } = attemptsOf(story)
    sum.accounts++
    sum.logins += logins
    sum.misses += misses
    sum.locks += locks
    sum.promised += expectedNotices(story)
    const answers = seen.get(story.userId)
    const found = [...attempts.problems, ...(answers === undefined ? [] : answersOf(story, answers))]
    problems.push(...found.map((what) => `account ${story.userId}: ${what}`))
    seen.delete(story.userId)
  }
  for (const [userId, rest] of seen)
    if (rest.some(({ answer, operation }) => answer === 'ok' && operation === 'internal/accounts'))
      problems.push(`account ${userId}: registered in the ledger and missing from the store`)
  const { promised, ...counted } = sum
  const kept = keptOf(promised, lines, await waitingIn(storage, atRest))
  const noted = lines.some(({ operation }) => operation === 'notice')
  if (noted && atRest && kept.lost > 0) problems.push(`${kept.lost} expected notices are missing`)
  return {
    ...{ records, entries, ...counted },
    answers: lines.filter((line) => isSeen(line) && line.answer !== 'none').length,
    unanswered: lines.filter((line) => isSeen(line) && line.answer === 'none').length,
    notices: { ...kept, promised },
    problems,
  }
}
