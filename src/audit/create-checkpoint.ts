import { err, ok, type Result } from 'neverthrow'
import { callPort, instantNow, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import {
  type Checkpoint,
  checkpointBuilder,
  manifestLine,
  parseManifestLine,
} from '../integrity/checkpoint.ts'
import type { Instant } from '../kernel/instant.ts'
import type { MalformedInput } from '../kernel/malformed-input.ts'
import type { RecordKey } from '../ports/storage.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { nextRecords } from './record-cursor.ts'

/** The number of records that are read together. */
const pageSize = 1_000

/**
 * Receives the lines of a manifest in order, at most 1,000 at a time, and is awaited.
 *
 * @param at - when the checkpoint was started, in epoch milliseconds; needed to continue it.
 * @category Audit trail
 */
export type KeepLines = (lines: readonly string[], at: number) => void | Promise<void>

/**
 * A checkpoint that was stopped before its last line.
 *
 * @category Audit trail
 */
export interface StoppedCheckpoint {
  /** When it was started, as `keep` received it, in epoch milliseconds. */
  readonly at: number
  /** All lines that `keep` received, in order; remove an incomplete last line first. */
  readonly manifest: Manifest
}

const unusable = (problem: string): MalformedInput => ({
  code: 'malformed-input',
  rule: 'API-01',
  field: 'resume.manifest',
  problem,
})

const isBefore = (one: RecordKey | undefined, other: RecordKey): boolean => {
  if (one === undefined) return true
  const field = (['participant', 'kind', 'id'] as const).find((name) => one[name] !== other[name])
  return field !== undefined && one[field] < other[field]
}

/** Adds the lines of a stopped checkpoint. Returns the key of its last record. */
const addManifest = async (
  context: ServiceContext,
  manifest: Manifest,
  add: (line: string) => void,
): Promise<Result<RecordKey | undefined, PortFailed | MalformedInput>> => {
  let last: RecordKey | undefined
  const read = await readManifest(context, manifest, (line) => {
    const head = parseManifestLine(line)
    if (head === undefined) return err(unusable('has a line that is not a line of a manifest'))
    const { participant, kind, id } = head
    const key = { participant, kind, id }
    if (!isBefore(last, key)) return err(unusable('has a line that is out of order'))
    last = key
    add(line)
    return ok()
  })
  return read.map(() => last)
}

/**
 * Adds the heads of all records page by page, and passes on the lines of the manifest. A stopped checkpoint is
 * continued after its last line.
 *
 * @rule AUD-02
 */
export const createCheckpoint = async (
  context: ServiceContext,
  keep: KeepLines = () => {},
  stopped?: StoppedCheckpoint,
): Promise<Result<Checkpoint, PortFailed | MalformedInput>> => {
  const started: Result<Instant, PortFailed> =
    stopped === undefined ? await instantNow(context) : ok(stopped.at)
  if (started.isErr()) return err(started.error)
  const at = started.value
  const builder = checkpointBuilder(at)
  const reached =
    stopped === undefined ? ok(undefined) : await addManifest(context, stopped.manifest, builder.add)
  if (reached.isErr()) return err(reached.error)
  let from = reached.value
  do {
    const page = await nextRecords(context, undefined, from, pageSize)
    if (page.isErr()) return err(page.error)
    const { found, last } = page.value
    const lines = found.map(({ key, record: { version, head } }) => manifestLine({ ...key, version, head }))
    for (const line of lines) builder.add(line)
    const kept = await callPort(context, 'manifest', () => keep(lines, at))
    if (kept.isErr()) return err(kept.error)
    from = last
  } while (from !== undefined)
  return ok(builder.build())
}
