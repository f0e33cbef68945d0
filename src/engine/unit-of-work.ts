import { bytesToHex } from '@noble/hashes/utils.js'
import { err, ok, type Result } from 'neverthrow'
import { saltsFrom } from '../integrity/personal-data.ts'
import type { Instant } from '../kernel/instant.ts'
import { entriesOf } from '../kernel/typed-entries.ts'
import type { Policy } from '../policy/policy.ts'
import type { Notice } from '../ports/mailer.ts'
import type { Commit, OutboxNotice, RecordKey } from '../ports/storage.ts'
import { callPort, instantNow, type ServiceContext } from './context.ts'
import { observeCommit } from './notify-observer.ts'
import type { LoadedRecord, RecordChange } from './record-change.ts'
import { recordWrite } from './record-write.ts'
import type { CommitRefusal, PortFailed } from './refusals.ts'
import { wait } from './wait.ts'

/** The maximum number of attempts after conflicts before the operation is refused as `busy`. */
const maxAttempts = 40

/** The longest pause between two attempts, in milliseconds. */
const maxPause = 20

/** A decision: the changes that are committed together, and the result after the commit. */
export interface Decided<T> {
  readonly changes: readonly RecordChange[]
  readonly answer: T
  /** Records that the decision relies on: those that it does not write must be unchanged since they were loaded. */
  readonly unchanged?: readonly LoadedRecord[]
}

/** Records by name, at an instant. */
export interface Loaded<Name extends string> {
  readonly records: Readonly<Record<Name, LoadedRecord>>
  readonly now: Instant
}

/** An operation on one or several records that are committed together. */
export interface UnitOfWork<Name extends string, T, E> {
  /** The records to load in one round trip, under the names that `decide` uses. */
  readonly records: Readonly<Record<Name, RecordKey>>
  /** The record that is likely to cause conflicts: after a conflict, the operation queues for it. */
  readonly contended: NoInfer<Name>
  /** The actor recorded in the trail; a person's name or address is recorded as personal data (PRI-02). */
  readonly by: string | { readonly person: string }
  /**
   * Whether the first decision can use cached records, if the host has a cache; if absent, it never does.
   * `immaterial` names the records whose contents do not influence the decision: they are verified only where
   * they are written.
   */
  readonly recall?: { readonly immaterial: readonly NoInfer<Name>[] }
  /** Does the external work and decides. It is called again after a conflict; expensive results are kept. */
  readonly decide: (loaded: Loaded<Name>) => Promise<Result<Decided<T>, E>>
}

/** Random bytes as hex. */
export const randomHex = (context: ServiceContext, bytes: number) =>
  callPort(context, 'random', () => bytesToHex(context.ports.random.bytes(bytes)))

/** Loads records without changing them, in the order of the keys. */
export const load = (context: ServiceContext, keys: readonly RecordKey[]) =>
  callPort(context, 'storage', () => context.ports.storage.load(keys))

/** Loads records by name without changing them, in one round trip. */
export const loadNamed = async <Name extends string>(
  context: ServiceContext,
  keys: Readonly<Record<Name, RecordKey>>,
): Promise<Result<Readonly<Record<Name, LoadedRecord>>, PortFailed>> => {
  const named = entriesOf<Name, RecordKey>(keys)
  const records = await load(
    context,
    named.map(([, key]) => key),
  )
  return records.map((found) => {
    const loadedRecords = named.map(([name, key], i) => [name, { key, before: found[i] }])
    // One place for each name.
    return Object.fromEntries(loadedRecords) as Record<Name, LoadedRecord>
  })
}

/** What all entries of one operation share. */
interface Act {
  readonly operationId: string
  /** 32 random bytes in hex, from which the salts of its personal data are derived. */
  readonly seed: string
  readonly by: UnitOfWork<string, unknown, unknown>['by']
}

/**
 * Whether the policy allows a notice. Notices about locks and eServices are always sent.
 *
 * @rule ACC-17
 */
const isRequested = ({ notices: notice }: Policy, { type }: Notice) =>
  type !== 'credential-changed' || notice.credentialChanges

const isSameRecord = (one: RecordKey, other: RecordKey) =>
  one.id === other.id && one.kind === other.kind && one.participant === other.participant

const commitOf = <T>(
  { changes, unchanged = [] }: Decided<T>,
  { operationId, seed, by }: Act,
  { policy, aggregates, request }: ServiceContext,
): Commit => {
  const salt = saltsFrom(seed)
  const source = { operationId, by, request, salt, aggregates }
  const real = changes.filter(({ events }) => events.length > 0)
  const requested = real.flatMap(({ key, notices = [] }) =>
    notices
      .filter((notice) => isRequested(policy, notice))
      .map((notice): OutboxNotice => ({ id: '', participant: key.participant, notice })),
  )
  return {
    writes: real.map((change) => recordWrite(change, source)),
    notices: requested.map((notice, n) => ({ ...notice, id: `${operationId}-${n}` })),
    // What is written is compared anyway.
    unchanged: unchanged
      .filter(({ key }) => !real.some((change) => isSameRecord(change.key, key)))
      .map(({ key, before }) => ({ key, version: before?.version ?? 0 })),
  }
}

/**
 * Whether a commit whose answer was lost took effect, according to the trail (API-02), and will outlive a crash. A
 * database that has restarted can show a commit that its replicas have not received. Any later commit waits for
 * them, so the entry counts only after one that requires the record to be unchanged.
 */
const tookEffect = async (context: ServiceContext, { writes: [write] }: Commit) => {
  const [entry] = write?.entries ?? []
  if (write === undefined || entry === undefined) return false
  const { key, expectedVersion } = write
  const { storage } = context.ports
  const found = await callPort(context, 'storage', () =>
    storage.trail(key, { after: expectedVersion, limit: 1 }),
  )
  if (found.isErr() || found.value[0]?.hash !== entry.hash) return false
  for (let tries = 0; tries < maxAttempts; tries++) {
    const record = (await load(context, [key])).unwrapOr([])[0]
    if (record === undefined) return false
    const unchanged = [{ key, version: record.version }]
    const settled = await callPort(context, 'storage', () =>
      storage.commit({ writes: [], notices: [], unchanged }),
    )
    if (settled.isErr()) return false
    if (settled.value !== 'conflict') return true
  }
  return false
}

/** Caches the records after a commit; those that it did not write are unchanged. */
const rememberAll = (
  { cache }: ServiceContext,
  loadedRecords: readonly LoadedRecord[],
  { writes }: Commit,
  now: Instant,
): void => {
  const written = new Map(writes.map(({ key, record }) => [JSON.stringify(key), record]))
  for (const { key, before } of loadedRecords)
    cache?.remember(key, written.get(JSON.stringify(key)) ?? before, now)
}

/** All records from this process's cache, or nothing if one is missing. */
const recalled = <Name extends string>(
  { cache }: ServiceContext,
  { records: keys, recall }: UnitOfWork<Name, unknown, unknown>,
  now: Instant,
): Readonly<Record<Name, LoadedRecord>> | undefined => {
  if (cache === undefined || recall === undefined) return undefined
  const recalledRecords: [string, LoadedRecord][] = []
  for (const [name, key] of Object.entries<RecordKey>(keys)) {
    const found = cache.recall(key, now)
    if (found === undefined) return undefined
    recalledRecords.push([name, { key, before: found.record }])
  }
  // One place for each name.
  return Object.fromEntries(recalledRecords) as Record<Name, LoadedRecord>
}

/** Extends a commit so that it also verifies cached records that were decided on but are not written. */
const provingAll = <Name extends string>(
  commit: Commit,
  records: Readonly<Record<Name, LoadedRecord>>,
  immaterial: readonly Name[],
): Commit => {
  const { writes, unchanged = [] } = commit
  const proved = new Set([...writes, ...unchanged].map(({ key }) => JSON.stringify(key)))
  const others = entriesOf<Name, LoadedRecord>(records)
    .filter(([name, { key }]) => !immaterial.includes(name) && !proved.has(JSON.stringify(key)))
    .map(([, { key, before }]) => ({ key, version: before?.version ?? 0 }))
  return { ...commit, unchanged: [...unchanged, ...others] }
}

const attempt = async <Name extends string, T, E>(
  context: ServiceContext,
  { records: keys, decide, recall }: UnitOfWork<Name, T, E>,
  act: Act,
): Promise<Result<T, E | PortFailed> | 'conflict'> => {
  const { ports } = context
  const records = await loadNamed(context, keys)
  if (records.isErr()) return err(records.error)
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const decided = await decide({ records: records.value, now: now.value })
  if (decided.isErr()) return err(decided.error)
  const { answer } = decided.value
  const commit = commitOf(decided.value, act, context)
  if (commit.writes.length === 0) return ok(answer)
  const committed = await callPort(context, 'storage', () => ports.storage.commit(commit))
  if (committed.isErr() && !(await tookEffect(context, commit))) return err(committed.error)
  if (committed.isOk() && committed.value === 'conflict') return 'conflict'
  if (recall !== undefined)
    rememberAll(context, Object.values<LoadedRecord>(records.value), commit, now.value)
  observeCommit(context, commit, act.by)
  if (commit.notices.length > 0) context.onCommittedNotice(context)
  return ok(answer)
}

/**
 * Decides with cached records. The decision counts only if a commit verifies it: every record that it is
 * based on is written, or must be unchanged. Otherwise the records are removed from the cache and loaded.
 */
const attemptRecalled = async <Name extends string, T, E>(
  context: ServiceContext,
  work: UnitOfWork<Name, T, E>,
  act: Act,
): Promise<Result<T, E | PortFailed> | 'unproved'> => {
  const { cache, ports } = context
  if (cache === undefined || work.recall === undefined) return 'unproved'
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const records = recalled(context, work, now.value)
  if (records === undefined) return 'unproved'
  const loadedRecords = Object.values<LoadedRecord>(records)
  const unproved = () => {
    for (const { key } of loadedRecords) cache.forget(key)
    return 'unproved' as const
  }
  const decided = await work.decide({ records, now: now.value })
  if (decided.isErr()) return unproved()
  const commit = provingAll(commitOf(decided.value, act, context), records, work.recall.immaterial)
  if (commit.writes.length === 0) return unproved()
  const committed = await callPort(context, 'storage', () => ports.storage.commit(commit))
  if (committed.isErr() && !(await tookEffect(context, commit))) {
    unproved()
    return err(committed.error)
  }
  if (committed.isOk() && committed.value === 'conflict') return unproved()
  rememberAll(context, loadedRecords, commit, now.value)
  observeCommit(context, commit, act.by)
  if (commit.notices.length > 0) context.onCommittedNotice(context)
  return ok(decided.value.answer)
}

/**
 * Waits for a random part of a growing time. Time and randomness come from the ports, so that a simulation
 * can repeat them.
 */
const pause = async (context: ServiceContext, tries: number): Promise<void> => {
  const part = (await randomHex(context, 1)).map((hex) => Number.parseInt(hex, 16) / 255).unwrapOr(1)
  await wait(context, part * Math.min(tries, maxPause))
}

/**
 * The only way to change state: load, do the external work, decide, commit on the loaded versions, and only
 * then return the result. After a conflict, the operation queues behind others in this process and decides
 * again on the new records, so that nothing is counted twice, and nothing is revealed that was not counted.
 *
 * @returns the result; or `busy` after too many conflicts, `port-failed`, or the refusal of `decide`.
 * @rule LOCK-09
 * @rule LOCK-17
 */
export const transact = async <Name extends string, T, E>(
  context: ServiceContext,
  transaction: UnitOfWork<Name, T, E>,
): Promise<Result<T, E | CommitRefusal>> => {
  const drawn = await randomHex(context, 48)
  if (drawn.isErr()) return err(drawn.error)
  const act = { operationId: drawn.value.slice(0, 32), seed: drawn.value.slice(32), by: transaction.by }
  const warm = await attemptRecalled(context, transaction, act)
  if (warm !== 'unproved') return warm
  const first = await attempt(context, transaction, act)
  if (first !== 'conflict') return first
  const { participant, kind, id } = transaction.records[transaction.contended]
  return context.queue.run(JSON.stringify([participant, kind, id]), async () => {
    for (let tries = 1; tries < maxAttempts; tries++) {
      const next = await attempt(context, transaction, act)
      if (next !== 'conflict') return next
      await pause(context, tries)
    }
    return err({ code: 'busy', rule: 'LOCK-09' } as const)
  })
}
