import assert from 'node:assert/strict'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type {
  Commit,
  Json,
  OutboxNotice,
  RecordKey,
  RecordWrite,
  StoragePort,
  StoredRecord,
  TrailEntry,
} from '../../ports/storage.ts'

/**
 * The empty storage that {@link storageContract} tests.
 *
 * @category Testing kit
 */
export interface StorageUnderTest {
  readonly storage: StoragePort
  /** Another storage on the same data, such as a second connection, if possible. */
  readonly second?: () => Promise<StoragePort>
  /** Called when a case has ended, successfully or not. */
  readonly close?: () => Promise<void>
}

/** What a case does with its storage. */
export type Check = (given: StorageUnderTest) => Promise<void>

/** Compares data as JSON. A database may change the order of keys and prototypes. */
export const same = (actual: unknown, expected: unknown, what: string): void =>
  assert.equal(canonicalJson(actual), canonicalJson(expected), what)

/** The key of an account's record. */
export const accountAt = (id = 'B0123401', participant = 'B01234'): RecordKey => ({
  participant,
  kind: 'account',
  id,
})

/** A record that has not been written yet. */
export const nothing = { version: 0, head: '' }

/** The contents of a write that do not follow from the previous record. */
export interface Content {
  readonly state?: Json
  readonly vault?: Readonly<Record<string, string>>
  /** How many entries it adds to the trail. Default: 1. */
  readonly entries?: number
  /** The operation that they belong to. */
  readonly operation?: string
}

/** The next write of a record. Its entries continue the trail. */
export const nextWrite = (
  key: RecordKey,
  before: Pick<StoredRecord, 'version' | 'head'> | undefined,
  { state = {}, vault = {}, entries: count = 1, operation = 'operation' }: Content = {},
): RecordWrite => {
  const { version } = before ?? nothing
  const entries = Array.from({ length: count }, (_, i): TrailEntry => {
    const seq = version + i + 1
    const event = { type: 'Something', at: 1_682_643_600_000 + seq, rule: 'AUD-01' } as const
    return {
      seq,
      actor: 'contract',
      operationId: operation,
      event,
      eventVersion: 1,
      hash: `${operation}-${seq}`,
    }
  })
  const head = entries.at(-1)?.hash ?? before?.head ?? ''
  return {
    key,
    expectedVersion: version,
    record: { version: version + count, state, vault, head },
    entries,
  }
}

/** A commit of these writes, with the given notices if any. */
export const commitOf = (writes: readonly RecordWrite[], notices: readonly OutboxNotice[] = []): Commit => ({
  writes,
  notices,
})

/** A commit of these writes that requires other records to be still at these versions. */
export const conditional = (
  writes: readonly RecordWrite[],
  ...versions: readonly (readonly [key: RecordKey, version: number])[]
): Commit => ({ ...commitOf(writes), unchanged: versions.map(([key, version]) => ({ key, version })) })

/** A notice with the given id. */
export const noticeOf = (id: string): OutboxNotice => ({
  id,
  participant: 'B01234',
  notice: { type: 'account-locked', to: 'holder@participant.example', userId: 'B0123401', at: 1 },
})

/**
 * The notices that are not settled yet, even if they are claimed. It claims all notices at the end of time,
 * with a claim that expires at once, which also ends the existing claims.
 */
export const waiting = (storage: StoragePort, limit = 10_000): Promise<readonly OutboxNotice[]> =>
  storage.claimNotices({ now: Number.MAX_SAFE_INTEGER, until: 0, limit })

/** Loads one record. */
export const loadOne = async (storage: StoragePort, key: RecordKey): Promise<StoredRecord | undefined> =>
  (await storage.load([key]))[0]

/** Commits and checks that the commit took effect. */
export const committed = async (
  storage: StoragePort,
  writes: readonly RecordWrite[],
  notices: readonly OutboxNotice[] = [],
): Promise<void> => {
  assert.equal(
    await storage.commit(commitOf(writes, notices)),
    'committed',
    'a commit on the current version',
  )
}

/** The whole trail of a record. */
export const trailOf = (storage: StoragePort, key: RecordKey): Promise<readonly TrailEntry[]> =>
  storage.trail(key, { after: 0, limit: 10_000 })

/** Everything that a storage returns for some records and the notices, as text for comparison. */
export const everythingOf = async (storage: StoragePort, keys: readonly RecordKey[]): Promise<string> =>
  canonicalJson({
    records: (await storage.load(keys)).map((record) => record ?? null),
    trails: await Promise.all(keys.map((key) => trailOf(storage, key))),
    notices: await waiting(storage),
    participants: await storage.participants({ after: '', limit: 10_000 }),
  })

/**
 * Checks that a trail has every number from 1 to the record's version once, and ends with the record's head.
 */
export const assertWhole = async (storage: StoragePort, key: RecordKey): Promise<readonly TrailEntry[]> => {
  const record = await loadOne(storage, key)
  const trail = await trailOf(storage, key)
  same(
    trail.map(({ seq }) => seq),
    Array.from({ length: record?.version ?? 0 }, (_, i) => i + 1),
    'the trail has neither gap nor duplicate, and ends with the version of the record',
  )
  assert.equal(trail.at(-1)?.hash, record?.head, 'the head is the hash of the last entry')
  return trail
}

/** Loads, writes on the loaded version, and starts again after each conflict. */
export const writeUntilCommitted = async (
  storage: StoragePort,
  keys: readonly RecordKey[],
  operation: string,
): Promise<void> => {
  for (let tries = 0; tries < 1_000; tries++) {
    const records = await storage.load(keys)
    const writes = keys.map((key, i) => nextWrite(key, records[i], { operation }))
    if ((await storage.commit(commitOf(writes))) === 'committed') return
  }
  assert.fail('a writer that retries succeeds eventually')
}
