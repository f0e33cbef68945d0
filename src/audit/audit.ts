import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { callPort, type ServiceContext } from '../engine/context.ts'
import { endpoint, readUserId } from '../engine/endpoint.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { userIdText } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { Checkpoint, RecordHead } from '../integrity/checkpoint.ts'
import { keyText } from '../integrity/entry.ts'
import { openingsOf, unseal } from '../integrity/personal-data.ts'
import { upcast } from '../integrity/upcasting.ts'
import { type RecordKey, type RecordKind, recordKinds } from '../ports/storage.ts'
import { accountKey, refusalsKey } from '../records/handle-account-command.ts'
import { createCheckpoint, type KeepLines, type StoppedCheckpoint } from './create-checkpoint.ts'
import { type FeedPageOf, type FeedRange, feedPage, feedShape } from './feed.ts'
import { isManifest, type Manifest } from './manifest.ts'
import { nextRecords } from './record-cursor.ts'
import type { AuditRefusals, MalformedUserId } from './refusals.ts'
import type { EventsByKind, TrailEntryOf } from './trail-entry.ts'
import { type CheckpointVerification, verifyCheckpoint } from './verify-checkpoint.ts'
import { type VerifiedPage, verifyOne, verifyPage } from './verify-records.ts'

/**
 * A range of a trail's entries.
 *
 * @category Audit trail
 */
export interface TrailRange extends WithRequestContext {
  /** Only entries after this one; default 0. */
  readonly after?: number | undefined
  /** The maximum number, 1–1,000; default 100. */
  readonly limit?: number | undefined
}

/**
 * A range of records, of one participant or of all.
 *
 * @category Audit trail
 */
export interface RecordRange extends WithRequestContext {
  readonly participant?: ParticipantKey | undefined
  /** The cursor of the previous page. Default: the beginning. */
  readonly after?: string | undefined
  /** The maximum number, 1–1,000. Default: 100. */
  readonly limit?: number | undefined
}

/** For auditors. Do not show its results to account holders or other callers. */
export interface AuditOf<Events extends EventsByKind> {
  /**
   * Reads the trail of a User ID's account, oldest entry first: every change, and every refusal after a
   * credential was proved, with the reason that the caller did not see. {@link AuditOf.refusals} reads the
   * refusals of unauthenticated callers.
   *
   * @returns the entries; or `malformed-user-id`, `malformed-input`, `port-failed`.
   * @rule AUD-01
   * @rule AUD-03
   */
  trail(
    input: WithRequestContext & { readonly userId: string } & TrailRange,
  ): ResultAsync<readonly TrailEntryOf<Events, 'account'>[], AuditRefusals['trail']>
  /**
   * Reads the trail of any record: a DMS request, a checker's Authorisation Codes, an eService form, or a
   * participant's maximum and allocated IDs. {@link AuditOf.records} lists the records.
   *
   * @returns the entries, empty if there is no such record; or `malformed-input`, `port-failed`.
   * @rule AUD-01
   * @rule AUD-03
   */
  trail<Kind extends RecordKind>(
    input: WithRequestContext & { readonly record: RecordKey & { readonly kind: Kind } } & TrailRange,
  ): ResultAsync<readonly TrailEntryOf<Events, Kind>[], AuditRefusals['trail']>

  /**
   * Reads the refusals of unauthenticated callers for a User ID that changed nothing, oldest first, with the
   * reason that the caller did not see. They are kept separately from the account's trail (AUD-08). A User ID
   * without an account can also have some, if someone has tried it.
   *
   * @returns the entries; or `malformed-user-id`, `malformed-input`, `port-failed`.
   * @rule AUD-03
   * @rule AUD-08
   */
  refusals(
    input: WithRequestContext & { readonly userId: string } & TrailRange,
  ): ResultAsync<readonly TrailEntryOf<Events, 'refusals'>[], AuditRefusals['refusals']>

  /**
   * Reads the audit feed, for a SIEM: the entries of all records, in pages, from a cursor on. It includes
   * refused sign-ins with unknown User IDs (AUD-08).
   *
   * - Every entry is delivered at least once to a reader that stores the cursor *after* it delivered a page.
   * - Entries of one record come in the order of its trail. The record and `seq` identify an entry, so that a
   *   receiver can discard duplicates.
   * - Any process can continue from a cursor. It stays valid when the service is restarted or updated.
   * - An entry that is committed while the feed is read comes later, never before a cursor already returned.
   *
   * @returns the page; or `malformed-input`, `port-failed`.
   * @rule AUD-09
   */
  feed(input?: FeedRange): ResultAsync<FeedPageOf<Events>, AuditRefusals['feed']>

  /**
   * Lists the records by participant, kind and id, in pages.
   *
   * @returns the records, and the cursor of the next page if there may be one; or `malformed-input`,
   * `port-failed`.
   * @rule AUD-01
   */
  records(
    input?: RecordRange,
  ): ResultAsync<
    { readonly records: readonly RecordHead[]; readonly after?: string },
    AuditRefusals['records']
  >

  /**
   * Verifies records against their trails: one record, by its key or User ID, or a page of the records of one
   * participant or of all. It changes nothing, and others can continue to write. `docs/trail.md` says what
   * this proves, and what needs a checkpoint. A temporary storage failure is refused as `port-failed`; repeat
   * the call.
   *
   * @returns the findings, and the cursor of the next page if there may be one; or `malformed-input`,
   * `malformed-user-id`, `port-failed`.
   * @rule AUD-01
   * @rule AUD-02
   */
  verify(
    input?:
      | RecordRange
      | (WithRequestContext & ({ readonly record: RecordKey } | { readonly userId: string })),
  ): ResultAsync<VerifiedPage, AuditRefusals['verify']>

  /**
   * Creates a checkpoint: one root hash over the heads of all records. Verify first, because a checkpoint
   * accepts the present state as valid. Others can continue to write; each record is included as it is when
   * it is read.
   *
   * @param input - `keep` receives the lines of the manifest in order, at most 1,000 at a time, and is awaited:
   * write them to a file and keep it anywhere. Without `keep` there is only the root, and no record can be
   * compared with it. `resume` continues a checkpoint that was stopped: the records of the given lines are not
   * read again, so keep an unfinished manifest where its lines cannot be changed.
   * @returns the checkpoint. Keep it where people with write access to the store cannot change it, or sign it
   * (see {@link formatCheckpoint}). Or `malformed-input`, `port-failed` (`manifest`: `keep` threw).
   * @rule AUD-02
   */
  checkpoint(
    input?: WithRequestContext & {
      readonly keep?: KeepLines | undefined
      readonly resume?: StoppedCheckpoint | undefined
    },
  ): ResultAsync<Checkpoint, AuditRefusals['checkpoint']>

  /**
   * Compares a checkpoint and its manifest with the store: every record of the manifest exists, its trail is
   * intact, and it is unchanged up to the recorded version. Later entries of these records are verified as
   * well. Records that are newer than the checkpoint are not read: use {@link AuditOf.verify} for them.
   *
   * @param input - `manifest`: its lines in order; they are read once, one at a time.
   * @returns the findings; or `malformed-input`, `port-failed` (`manifest`: it could not be read).
   * @rule AUD-02
   */
  verifyCheckpoint(
    input: WithRequestContext & {
      readonly checkpoint: Checkpoint
      readonly manifest: Manifest
    },
  ): ResultAsync<CheckpointVerification, AuditRefusals['verifyCheckpoint']>
}

const name = z.string().regex(/^[\x20-\x7e]{1,256}$/, 'must be 1 to 256 printable ASCII characters')
const record = z.strictObject({ participant: name, kind: z.enum(recordKinds), id: name })
const pageLimit = z.int().min(1).max(1_000).optional()
const ofTrail = { after: z.int().min(0).optional(), limit: pageLimit }

/** Names one record, by its key or its User ID. */
const oneOf = { userId: userIdText.optional(), record: record.optional() }
type OneOf = { readonly userId?: string | undefined; readonly record?: RecordKey | undefined }
const named = ({ userId, record: key }: OneOf) => Number(userId !== undefined) + Number(key !== undefined)
const trailShape = z
  .object({ ...oneOf, ...ofTrail })
  .refine((input) => named(input) === 1, { path: ['userId'], error: 'either it, or a record, must be given' })

/** Parses a record cursor, as {@link keyText} writes it; `undefined` if it is malformed. */
const parseCursor = (after: string): RecordKey | undefined => {
  try {
    const parts = z
      .tuple([name, z.enum(recordKinds), z.union([name, z.literal('')])])
      .safeParse(JSON.parse(after))
    if (!parts.success) return undefined
    const [participant, kind, id] = parts.data
    return { participant, kind, id }
  } catch {
    return undefined
  }
}

const recordCursor = z
  .string()
  .max(4_096)
  .refine((after) => parseCursor(after) !== undefined, 'must be the cursor of an earlier page')
const recordRange = z.strictObject({
  participant: name.optional(),
  after: recordCursor.optional(),
  limit: pageLimit,
})

/** Without this check, another participant's cursor would list that participant's records to the caller. */
const isOwnCursor = ({
  participant,
  after,
}: {
  readonly participant?: string | undefined
  readonly after?: string | undefined
}): boolean =>
  participant === undefined || after === undefined || parseCursor(after)?.participant === participant
const foreignCursor = { path: ['after'], message: 'must be where a page of this participant ended' }

const recordsShape = recordRange.refine(isOwnCursor, foreignCursor)
const verifyShape = z
  .strictObject({ ...oneOf, ...recordRange.shape })
  .refine(isOwnCursor, foreignCursor)
  .refine(({ participant, after, limit, ...one }) => {
    const paged = [participant, after, limit].some((field) => field !== undefined)
    return named(one) + Number(paged) <= 1
  }, 'must be one record, or a page of them')

const manifestShape = z.custom<Manifest>(isManifest, 'must be the lines of a manifest')
const checkpointShape = z.object({
  checkpoint: z.strictObject({
    format: z.literal('ccass-2fa/checkpoint/1'),
    at: z.int(),
    count: z.int().min(0),
    root: z.string().regex(/^[0-9a-f]{64}$/, 'must be SHA-256 in hex'),
  }),
  manifest: manifestShape,
})
const keepShape = z.strictObject({
  keep: z.custom<KeepLines>((value) => typeof value === 'function').optional(),
  resume: z.strictObject({ at: z.int(), manifest: manifestShape }).optional(),
})

/** An entry as it is read: with its personal data, except for erased values. */
type ReadEntry = TrailEntryOf<EventsByKind, RecordKind>

/** Creates the audit operations of a service. */
export const audit = <Events extends EventsByKind>(context: ServiceContext): AuditOf<Events> => {
  const keyOf = ({ userId = '', record: key }: OneOf): Result<RecordKey, MalformedUserId> =>
    key === undefined ? readUserId(context, userId).map(accountKey) : ok(key)
  const read = async (key: RecordKey, page: { readonly after: number; readonly limit: number }) => {
    const { upcasters } = context.aggregates[key.kind]
    const entries = await callPort(context, 'storage', () => context.ports.storage.trail(key, page))
    return entries.map((stored) =>
      stored.map(({ personal, ...entry }) => {
        const event = upcast(upcasters, entry) ?? entry.event
        // A trail of a kind holds events of that kind; what a storage holds besides, verification reports.
        return unseal({ ...entry, event }, openingsOf(personal)) as ReadEntry
      }),
    )
  }
  const trail = endpoint(
    context,
    'audit.trail',
    trailShape,
    async ({
      after = 0,
      limit = 100,
      ...one
    }): Promise<Result<readonly ReadEntry[], PortFailed | MalformedUserId>> => {
      const key = keyOf(one)
      return key.isErr() ? err(key.error) : read(key.value, { after, limit })
    },
  )
  const refusalsShape = z.object({ userId: userIdText, ...ofTrail })
  const refusals = endpoint(
    context,
    'audit.refusals',
    refusalsShape,
    async ({
      userId,
      after = 0,
      limit = 100,
    }): Promise<Result<readonly ReadEntry[], PortFailed | MalformedUserId>> => {
      const id = readUserId(context, userId)
      return id.isErr() ? err(id.error) : read(refusalsKey(id.value), { after, limit })
    },
  )
  const feed = endpoint(context, 'audit.feed', feedShape, (input) => feedPage(context, input))
  const records = endpoint(
    context,
    'audit.records',
    recordsShape,
    async ({ participant, after, limit = 100 }) => {
      const from = after === undefined ? undefined : parseCursor(after)
      return (await nextRecords(context, participant, from, limit)).map(({ found, last }) => ({
        records: found.map(({ key, record: { version, head } }) => ({ ...key, version, head })),
        ...(last === undefined ? {} : { after: keyText(last) }),
      }))
    },
  )
  const verify = endpoint(
    context,
    'audit.verify',
    verifyShape,
    async ({
      participant,
      after,
      limit = 100,
      ...one
    }): Promise<Result<VerifiedPage, PortFailed | MalformedUserId>> => {
      if (named(one) === 0)
        return verifyPage(context, participant, after === undefined ? undefined : parseCursor(after), limit)
      const key = keyOf(one)
      return key.isErr() ? err(key.error) : verifyOne(context, key.value)
    },
  )
  const checkpoint = endpoint(context, 'audit.checkpoint', keepShape, ({ keep, resume }) =>
    createCheckpoint(context, keep, resume),
  )
  return {
    // The events of each kind are known where the aggregates are composed, above this room; `upcast` reads by kind.
    trail: trail as AuditOf<Events>['trail'],
    // As above.
    refusals: refusals as AuditOf<Events>['refusals'],
    // As above.
    feed: ((input = {}) => feed(input)) as AuditOf<Events>['feed'],
    records: (input = {}) => records(input),
    verify: (input = {}) => verify(input),
    checkpoint: (input = {}) => checkpoint(input),
    verifyCheckpoint: endpoint(context, 'audit.verifyCheckpoint', checkpointShape, (input, context) =>
      verifyCheckpoint(context, input.checkpoint, input.manifest),
    ),
  }
}
