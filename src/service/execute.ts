import { bytesToHex } from '@noble/hashes/utils.js'
import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import { type AccountRefusal, accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import { type Account, type CredentialId, credentialsOf, exists, unknownAccount } from '../account/state.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import { fold } from '../kernel/decider.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Commit, Json, PendingNotice, RecordKey, StoredRecord } from '../ports/storage.ts'
import { ask, type Context } from './context.ts'
import { entriesOf, noHead } from './trail.ts'

/** How often a conflict is tried again before the answer is `busy`. */
const mostTries = 40
/** The longest pause between two tries, in milliseconds. */
const longestPause = 20

/** An account as it was loaded. */
export interface Loaded {
  readonly account: Account
  readonly vault: StoredRecord['vault']
  readonly now: Instant
}

/** What was found out outside, put into a command; and what proves new secrets, for the vault. */
export interface Prepared {
  readonly command: AccountCommand
  readonly vault?: Readonly<Record<CredentialId, string>>
}

/** What came of an act: its events, or why it was refused. Both are committed. */
export interface Outcome {
  readonly account: Account
  readonly at: Instant
  readonly events: readonly AccountEvent[]
  readonly refused?: AccountRefusal
}

/** An act on one account. */
export interface Act {
  readonly id: Pick<ParsedUserId, 'userId' | 'participant'>
  /** Who acts, as the trail will say. */
  readonly by: string
  /** Finds out what the command needs to know. Asked again after a conflict: costly answers are remembered. */
  readonly prepare: (loaded: Loaded) => Promise<Result<Prepared, Refusal>>
}

/** Where the record of an account lives. */
export const accountKey = ({ participant, userId }: Act['id']): RecordKey => ({
  participant,
  kind: 'account',
  id: userId,
})

/** So many random bytes as hex. */
export const randomHex = (context: Context, bytes: number) =>
  ask(context, 'random', () => bytesToHex(context.ports.random.bytes(bytes)))

/** The account of a record. The state is what {@link execute} once wrote there. */
export const accountOf = (record: StoredRecord | undefined): Account =>
  record === undefined ? unknownAccount : (record.state as unknown as Account)

/** Loads one record. */
export const loadRecord = async (context: Context, key: RecordKey) =>
  (await ask(context, 'storage', () => context.ports.storage.load([key]))).map(([record]) => record)

const pick = (vault: StoredRecord['vault'], ids: readonly CredentialId[]) =>
  Object.fromEntries(
    ids.flatMap((id) => {
      const proof = vault[id]
      return proof === undefined ? [] : [[id, proof]]
    }),
  )

/** What must be told because of these events, in the very commit that brings them about. */
const noticesOf = ({
  id,
  act,
  account,
  events,
}: {
  id: Act['id']
  act: string
  account: Account
  events: readonly AccountEvent[]
}): readonly PendingNotice[] => {
  const lock = events.find(({ type }) => type === 'Locked')
  if (lock === undefined || !exists(account) || account.email === undefined) return []
  const notice = { type: 'account-locked', to: account.email, userId: id.userId, at: lock.at } as const
  return [{ id: act, participant: id.participant, notice }]
}

/** Whether a commit whose answer was lost took effect: the trail tells (API-02). */
const tookEffect = async (context: Context, { writes: [write] }: Commit) => {
  const [entry] = write?.entries ?? []
  if (write === undefined || entry === undefined) return false
  const found = await ask(context, 'storage', () =>
    context.ports.storage.trail(write.key, { after: write.expectedVersion, limit: 1 }),
  )
  return found.isOk() && found.value[0]?.hash === entry.hash
}

const attempt = async (
  context: Context,
  act: Act,
  actId: string,
): Promise<Result<Outcome, Refusal> | 'conflict'> => {
  const { ports, policy } = context
  const key = accountKey(act.id)
  const record = await loadRecord(context, key)
  if (record.isErr()) return err(record.error)
  const now = await ask(context, 'clock', () => ports.clock.now())
  if (now.isErr()) return err(now.error)
  const { version, head, vault } = record.value ?? { version: 0, head: noHead, vault: {} }
  const account = accountOf(record.value)
  const at = now.value

  const prepared = await act.prepare({ account, vault, now: at })
  if (prepared.isErr()) return err(prepared.error)
  const { command } = prepared.value
  const decision = accountDecider.decide(account, command, policy)
  const refused = decision.isErr() ? decision.error : undefined
  const events = decision.unwrapOr<AccountEvent[]>(
    refused === undefined ? [] : [{ type: 'ActRefused', at, act: command.type, ...refused }],
  )
  const after = fold(accountDecider.evolve, account, events)
  const outcome = { account: after, at, events, ...(refused === undefined ? {} : { refused }) }
  if (events.length === 0) return ok(outcome)

  const entries = entriesOf({ version, head }, act.by, actId, events)
  const commit: Commit = {
    writes: [
      {
        key,
        expectedVersion: version,
        record: {
          version: version + entries.length,
          state: after as unknown as Json,
          vault: pick({ ...vault, ...prepared.value.vault }, credentialsOf(after)),
          head: entries.at(-1)?.hash ?? head,
        },
        entries,
      },
    ],
    notices: noticesOf({ id: act.id, act: actId, account: after, events }),
  }
  const committed = await ask(context, 'storage', () => ports.storage.commit(commit))
  if (committed.isErr() && !(await tookEffect(context, commit))) return err(committed.error)
  if (committed.isOk() && committed.value === 'conflict') return 'conflict'
  if (commit.notices.length > 0) context.onNotice()
  return ok(outcome)
}

const pause = (tries: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.random() * Math.min(tries, longestPause)))

/**
 * The one way to change an account: load, find out outside, decide, commit on the version it was decided
 * on; only then is anything told. Whoever meets a conflict queues up behind the others of this process
 * and decides anew on what is there then: nothing is counted twice, and nothing revealed that was not
 * counted.
 *
 * @returns what came of it; or a refusal: `busy` after too many conflicts, `port-failed`, or whatever
 * `prepare` refuses.
 * @rule LOCK-09
 */
export const execute = async (context: Context, act: Act): Promise<Result<Outcome, Refusal>> => {
  const actId = await randomHex(context, 16)
  if (actId.isErr()) return err(actId.error)
  const first = await attempt(context, act, actId.value)
  if (first !== 'conflict') return first
  return context.queue.run(act.id.userId, async () => {
    for (let tries = 1; tries < mostTries; tries++) {
      const next = await attempt(context, act, actId.value)
      if (next !== 'conflict') return next
      await pause(tries)
    }
    return err({ code: 'busy', rule: 'LOCK-09' } as const)
  })
}
