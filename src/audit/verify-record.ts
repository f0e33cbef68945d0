import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { load } from '../engine/unit-of-work.ts'
import type { TrailHead } from '../integrity/chain.ts'
import { recordOf } from '../integrity/entry.ts'
import type { RecordFinding } from '../integrity/finding.ts'
import { trailVerifierOver } from '../integrity/verifier.ts'
import type { ErasedThrough } from '../ports/personal-data.ts'
import type { RecordKey } from '../ports/storage.ts'
import { hasTrail, readTrail } from './read-trail.ts'

/** The number of entries checked, and the problems found. */
export interface Verified {
  /** The number of entries checked. */
  readonly entries: number
  readonly findings: readonly RecordFinding[]
  /** The last erased entry for each kind of personal data; absent if nothing was read. */
  readonly erased?: ErasedThrough
}

type Verifying = Promise<Result<Verified, PortFailed>>

/** Loads the current record, which can have any shape. */
const loadOne = async (context: ServiceContext, key: RecordKey): Promise<Result<unknown, PortFailed>> =>
  (await load(context, [key])).map(([record]) => record)

/** What is known before a record is verified. */
export interface KnownTrail {
  /** What a checkpoint says of the record. */
  readonly checkpointed?: TrailHead | undefined
  /** The beginning of its trail, if that was read together with others. */
  readonly trail?: readonly unknown[] | undefined
}

/**
 * Verifies one record, which the caller has just read, against its trail. Others can write in the meantime.
 * The record was read first and a trail only grows, so that every entry up to its version must exist. Later
 * entries are valid if the record has moved on too.
 *
 * @rule AUD-02
 */
const verifyOnce = async (
  context: ServiceContext,
  key: RecordKey,
  stored: unknown,
  { checkpointed, trail }: KnownTrail,
): Verifying => {
  const verifier = trailVerifierOver(context.aggregates)(key, stored, checkpointed)
  const version = recordOf(stored)?.version ?? Number.POSITIVE_INFINITY
  const read = await readTrail(context, key, version, verifier, trail)
  if (read.isErr()) return err(read.error)
  const { beyond, ...verified } = verifier.finish()
  const { findings } = verified
  if (beyond === undefined) return ok(verified)
  const now = await loadOne(context, key)
  if (now.isErr()) return err(now.error)
  if ((recordOf(now.value)?.version ?? 0) >= beyond) return ok(verified)
  const ahead = { record: key, code: 'trail-ahead', rule: 'AUD-02', seq: beyond } as const
  return ok({ ...verified, findings: [...findings, ahead] })
}

/** Personal data may have been erased between reading record and trail. The current record decides that. */
const mayBeErasedNow = ({ findings }: Verified) =>
  findings.some(({ code }) => code === 'personal-data-missing')

/** Verifies a record, and once more if personal data may have been erased at the same time. */
export const verifyRecord = async (
  context: ServiceContext,
  key: RecordKey,
  stored: unknown,
  known: KnownTrail = {},
): Verifying => {
  const first = await verifyOnce(context, key, stored, known)
  if (first.isErr() || !mayBeErasedNow(first.value)) return first
  const now = await loadOne(context, key)
  if (now.isErr()) return err(now.error)
  const moved = recordOf(now.value)?.version !== recordOf(stored)?.version
  return moved && now.value !== undefined
    ? verifyOnce(context, key, now.value, { ...known, trail: undefined })
    : first
}

/** What is known of a record that does not exist. */
export interface Expected {
  /** Another record says that this one should exist. */
  readonly expected?: boolean
  readonly checkpointed?: TrailHead
}

/**
 * Verifies a record that did not exist a moment ago: it may have been created since, or only its trail may
 * remain.
 */
export const verifyAbsent = async (
  context: ServiceContext,
  key: RecordKey,
  { expected = false, checkpointed }: Expected = {},
): Promise<Result<Verified & { readonly there: boolean }, PortFailed>> => {
  const trail = await hasTrail(context, key)
  if (trail.isErr()) return err(trail.error)
  if (!trail.value && !expected) return ok({ entries: 0, findings: [], there: false })
  const now = await loadOne(context, key)
  if (now.isErr()) return err(now.error)
  if (now.value !== undefined)
    return (await verifyRecord(context, key, now.value, { checkpointed })).map((done) => ({
      ...done,
      there: true,
    }))
  const code = trail.value ? 'trail-without-record' : 'record-missing'
  return ok({ entries: 0, findings: [{ record: key, code, rule: 'AUD-02' }], there: false })
}
