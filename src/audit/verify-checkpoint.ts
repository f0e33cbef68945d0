import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { load } from '../engine/unit-of-work.ts'
import {
  type Checkpoint,
  checkpointBuilder,
  parseManifestLine,
  type RecordHead,
  sameCheckpoint,
} from '../integrity/checkpoint.ts'
import { recordOf } from '../integrity/entry.ts'
import type { RecordFinding } from '../integrity/finding.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { readTrails, trailGroups } from './read-trail.ts'
import { loadReadable } from './unreadable-records.ts'
import { type Verified, verifyAbsent, verifyRecord } from './verify-record.ts'

/** The number of lines that are compared with the store together. */
const batchSize = 100

/** The maximum number of findings that are listed. */
const maxFindings = 1_000

/**
 * The result of comparing a checkpoint with the store.
 *
 * @category Audit trail
 */
export interface CheckpointVerification {
  /**
   * Whether the manifest belongs to the checkpoint, line by line. If not, one of the two was changed, and no
   * record is reported.
   */
  readonly manifestValid: boolean
  /** The number of records checked. */
  readonly records: number
  /** The number of trail entries checked. */
  readonly entries: number
  /** The findings, at most 1,000. */
  readonly findings: readonly RecordFinding[]
  /** The number of findings that are not listed. */
  readonly more: number
}

/** Compares one record with its line in the manifest. */
const verifyHead = async (
  context: ServiceContext,
  { version, head, ...key }: RecordHead,
  stored: StoredRecord | 'unreadable' | undefined,
  trail: readonly unknown[] | undefined,
): Promise<Result<Verified, PortFailed>> => {
  const checkpointed = { version, head }
  if (stored === 'unreadable')
    return ok({ entries: 0, findings: [{ record: key, code: 'record-unreadable', rule: 'AUD-01' }] })
  return stored === undefined
    ? verifyAbsent(context, key, { expected: true, checkpointed })
    : verifyRecord(context, key, stored, { checkpointed, trail })
}

const verifyHeads = async (
  context: ServiceContext,
  heads: readonly RecordHead[],
): Promise<Result<readonly Verified[], PortFailed>> => {
  const keys = heads.map(({ participant, kind, id }) => ({ participant, kind, id }))
  const together = await load(context, keys)
  const trails = new Map<RecordKey, readonly unknown[]>()
  const present = keys.flatMap((key, i) => {
    const version = together.isOk() ? recordOf(together.value[i])?.version : undefined
    return version === undefined ? [] : [{ key, version }]
  })
  for (const group of trailGroups(present))
    for (const [key, trail] of await readTrails(context, group)) trails.set(key, trail)
  const results: Verified[] = []
  for (const [i, head] of heads.entries()) {
    const stored = together.isOk() ? ok(together.value[i]) : await loadReadable(context, head)
    if (stored.isErr()) return err(stored.error)
    const verified = await verifyHead(context, head, stored.value, trails.get(keys[i] ?? head))
    if (verified.isErr()) return err(verified.error)
    results.push(verified.value)
  }
  return ok(results)
}

/**
 * Compares a checkpoint with the store: every record of its manifest must exist, its trail must be intact,
 * and the hash at the recorded version must be unchanged. The manifest is read once and hashed at the same
 * time, so that it can be stored anywhere.
 *
 * @rule AUD-02
 */
export const verifyCheckpoint = async (
  context: ServiceContext,
  checkpoint: Checkpoint,
  manifest: Manifest,
): Promise<Result<CheckpointVerification, PortFailed>> => {
  const builder = checkpointBuilder(checkpoint.at)
  const findings: RecordFinding[] = []
  let [records, entries, more] = [0, 0, 0]
  let waiting: RecordHead[] = []

  const verifyWaiting = async (): Promise<Result<void, PortFailed>> => {
    const results = await verifyHeads(context, waiting)
    if (results.isErr()) return err(results.error)
    records += waiting.length
    waiting = []
    for (const each of results.value) {
      entries += each.entries
      const reported = each.findings.slice(0, maxFindings - findings.length)
      findings.push(...reported)
      more += each.findings.length - reported.length
    }
    return ok()
  }

  const read = await readManifest(context, manifest, (line) => {
    builder.add(line)
    const head = parseManifestLine(line)
    if (head !== undefined) waiting.push(head)
    return waiting.length < batchSize ? ok() : verifyWaiting()
  })
  if (read.isErr()) return err(read.error)
  const lastBatch = await verifyWaiting()
  if (lastBatch.isErr()) return err(lastBatch.error)
  return ok(
    sameCheckpoint(builder.build(), checkpoint)
      ? { manifestValid: true, records, entries, findings, more }
      : { manifestValid: false, records, entries, findings: [], more: 0 },
  )
}
