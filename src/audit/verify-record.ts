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

/** What was checked, and its problems. */
export interface Verified {
  /** How many entries were checked. */
  readonly entries: number
  readonly findings: readonly RecordFinding[]
  /** By kind of personal data, the last entry up to which they were erased; absent where nothing was read. */
  readonly erased?: ErasedThrough
}

type Verifying = Promise<Result<Verified, PortFailed>>

/** The record as it is now, of any shape. */
const loadOne = async (context: ServiceContext, key: RecordKey): Promise<Result<unknown, PortFailed>> =>
  (await load(context, [key])).map(([record]) => record)

/**
 * Verifies one record, read a moment ago, against its trail. Others may write meanwhile: the record was read
 * first, and a trail only grows, so that all of it must be there; what is behind the record's version is theirs,
 * if the record has moved on with it.
 *
 * @rule AUD-02
 */
const verifyOnce = async (
  context: ServiceContext,
  key: RecordKey,
  stored: unknown,
  checkpointed?: TrailHead,
): Verifying => {
  const verifier = trailVerifierOver(context.aggregates)(key, stored, checkpointed)
  const version = recordOf(stored)?.version ?? Number.POSITIVE_INFINITY
  const read = await readTrail(context, key, version, verifier)
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

/** An erasure that comes between record and trail looks like this, and is told by the record as it is then. */
const mayBeErasedNow = ({ findings }: Verified) =>
  findings.some(({ code }) => code === 'personal-data-missing')

/** {@link verifyOnce}, and once more where personal data may just have been erased. */
export const verifyRecord = async (
  context: ServiceContext,
  key: RecordKey,
  stored: unknown,
  checkpointed?: TrailHead,
): Verifying => {
  const first = await verifyOnce(context, key, stored, checkpointed)
  if (first.isErr() || !mayBeErasedNow(first.value)) return first
  const now = await loadOne(context, key)
  if (now.isErr()) return err(now.error)
  const moved = recordOf(now.value)?.version !== recordOf(stored)?.version
  return moved && now.value !== undefined ? verifyOnce(context, key, now.value, checkpointed) : first
}

/** What is known of a record that is not there. */
export interface Expected {
  /** Someone else's record says that it should be there. */
  readonly expected?: boolean
  readonly checkpointed?: TrailHead
}

/** A record that was not there a moment ago. Perhaps it has come since; or its trail is all that is left. */
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
    return (await verifyRecord(context, key, now.value, checkpointed)).map((done) => ({
      ...done,
      there: true,
    }))
  const code = trail.value ? 'trail-without-record' : 'record-missing'
  return ok({ entries: 0, findings: [{ record: key, code, rule: 'AUD-02' }], there: false })
}
