import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { callPort, type ServiceContext } from '../engine/context.ts'
import { endpoint, readUserId } from '../engine/endpoint.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import { actorName, cursor, participantKey, userIdText } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import { isObject } from '../integrity/entry.ts'
import type { ErasedRecord } from '../integrity/personal-data.ts'
import { DAY, type Instant } from '../kernel/instant.ts'
import type { Policy } from '../policy/policy.ts'
import { type PersonalDataKind, personalDataKinds } from '../ports/personal-data.ts'
import { type RecordKey, type RecordKind, recordKinds } from '../ports/storage.ts'
import { accountKey, refusalsKey } from '../records/handle-account-command.ts'
import { type ErasureOrder, eraseRecord } from './erase-record.ts'
import type { PersonalDataRefusals } from './refusals.ts'

/**
 * One page of erasures by retention period.
 *
 * @category Personal data
 */
export interface RetentionPage {
  /** The number of records read. */
  readonly records: number
  readonly erased: readonly ErasedRecord[]
  /** The cursor of the next page; absent when all records of the participant have been read. */
  readonly after?: string
}

/**
 * Erases personal data without breaking a hash chain. Like the registry, it checks no authority: the host
 * must do so before it calls.
 *
 * @rule PRI-02
 * @rule PRI-04
 * @category Personal data
 */
export interface PersonalData {
  /**
   * Erases personal data on request, regardless of their age: of one record, or of everything under a User ID
   * (its account, its refusals, its Authorisation Codes and the DMS requests about it). Data that a state
   * still needs are kept: names and addresses of an existing account, of a pending request, and of a form
   * that is neither completed nor discarded.
   *
   * @param input - `userId` or `record`; `kinds`: default all; `by`: the actor, 1 to 128 characters.
   * @returns the records of which data were erased; or `malformed-input`, `malformed-user-id`, `busy`,
   * `port-failed`.
   * @rule PRI-04
   */
  erase(
    input: WithRequestContext &
      ({ readonly userId: string } | { readonly record: RecordKey }) & {
        readonly kinds?: readonly PersonalDataKind[] | undefined
        readonly by: string
      },
  ): ResultAsync<readonly ErasedRecord[], PersonalDataRefusals['erase']>

  /**
   * Erases data that are older than the policy's retention periods, in the records of one participant, in
   * pages. Each call reads the old part of every trail on its page: run it daily or less often. After an
   * interruption, call it again.
   *
   * @param input - `after`: the cursor of the previous page; `limit`: records per page, 1–1,000, default 100.
   * @returns the erasures; or `malformed-input`, `busy`, `port-failed`.
   * @rule PRI-03
   */
  applyRetention(
    input: WithRequestContext & {
      readonly participant: ParticipantKey
      readonly after?: string | undefined
      readonly limit?: number | undefined
      readonly by: string
    },
  ): ResultAsync<RetentionPage, PersonalDataRefusals['applyRetention']>
}

const daysOf = ({ personalData }: Policy): Readonly<Record<PersonalDataKind, number>> => ({
  context: personalData.contextDays,
  identity: personalData.identityDays,
  contact: personalData.contactDays,
})

const eraseAll = async (
  context: ServiceContext,
  keys: readonly RecordKey[],
  order: ErasureOrder,
): Promise<Result<readonly ErasedRecord[], CommitRefusal>> => {
  const erased: ErasedRecord[] = []
  for (const record of keys) {
    const done = await eraseRecord(context, record, order)
    if (done.isErr()) return err(done.error)
    if (Object.keys(done.value).length > 0) erased.push({ record, through: done.value })
  }
  return ok(erased)
}

/** Lists at most `limit` records of one participant and kind after an id. */
const listed = (
  context: ServiceContext,
  participant: string,
  kind: RecordKind,
  after: string,
  limit: number,
) => callPort(context, 'storage', () => context.ports.storage.list(participant, kind, { after, limit }))

const listSize = 1_000

/** Whether a request is about a User ID, according to its stored state. */
const isAbout = (state: unknown, userId: string): boolean =>
  isObject(state) && isObject(state['entry']) && state['entry']['userId'] === userId

/** The DMS requests about a User ID. */
const requestsAbout = async (
  context: ServiceContext,
  { participant, userId }: Pick<ParsedUserId, 'participant' | 'userId'>,
): Promise<Result<readonly RecordKey[], PortFailed>> => {
  const keys: RecordKey[] = []
  for (let after = ''; ; ) {
    const page = await listed(context, participant, 'request', after, listSize)
    if (page.isErr()) return err(page.error)
    for (const { id, record } of page.value)
      if (isAbout(record.state, userId)) keys.push({ participant, kind: 'request', id })
    const last = page.value.at(-1)
    if (last === undefined || page.value.length < listSize) return ok(keys)
    after = last.id
  }
}

const everything = (kinds: readonly PersonalDataKind[], by: string): ErasureOrder => ({
  kinds,
  by,
  reason: 'request',
  before: () => Number.POSITIVE_INFINITY,
})

/** Parses a cursor among the records of one participant: `kind/id`. */
const placeOf = (after: string): { readonly kind: RecordKind; readonly id: string } | undefined => {
  const slash = after.indexOf('/')
  const kind = recordKinds.find((each) => each === after.slice(0, slash))
  return slash < 0 || kind === undefined ? undefined : { kind, id: after.slice(slash + 1) }
}

interface Sweep {
  readonly participant: ParticipantKey
  readonly after?: string | undefined
  readonly limit?: number | undefined
  readonly by: string
}

const applyRetention = async (
  context: ServiceContext,
  { participant, after, limit = 100, by }: Sweep,
): Promise<Result<RetentionPage, CommitRefusal>> => {
  const days = daysOf(context.policy)
  const order: ErasureOrder = {
    kinds: personalDataKinds,
    by,
    reason: 'retention',
    before: (kind, now: Instant) => now - days[kind] * DAY,
  }
  const from = placeOf(after ?? '')
  const kind = from?.kind ?? recordKinds[0]
  const page = await listed(context, participant, kind, from?.id ?? '', limit)
  if (page.isErr()) return err(page.error)
  const keys = page.value.map(({ id }): RecordKey => ({ participant, kind, id }))
  const erased = await eraseAll(context, keys, order)
  if (erased.isErr()) return err(erased.error)
  const last = page.value.length === limit ? page.value.at(-1) : undefined
  const following = recordKinds[recordKinds.indexOf(kind) + 1]
  const next = last !== undefined ? `${kind}/${last.id}` : following && `${following}/`
  return ok({
    records: keys.length,
    erased: erased.value,
    ...(next === undefined ? {} : { after: next }),
  })
}

const name = z.string().regex(/^[\x20-\x7e]{1,256}$/, 'must be 1 to 256 printable ASCII characters')
const kinds = z.array(z.enum(personalDataKinds)).min(1).max(personalDataKinds.length).optional()
const record = z.strictObject({
  participant: name,
  kind: z.enum(recordKinds),
  id: name,
})
const ordered = z
  .strictObject({ userId: userIdText.optional(), record: record.optional(), kinds, by: actorName })
  .refine((input) => (input.userId === undefined) !== (input.record === undefined), {
    path: ['userId'],
    error: 'either it, or a record, must be given',
  })
const swept = z.strictObject({
  participant: participantKey,
  after: cursor
    .refine((after) => placeOf(after) !== undefined, 'must be the cursor of an earlier page')
    .optional(),
  limit: z.int().min(1).max(1_000).optional(),
  by: actorName,
})

/** Creates the personal data operations of a service. */
export const personalData = (context: ServiceContext): PersonalData => ({
  erase: endpoint(
    context,
    'personalData.erase',
    ordered,
    async (input, context): Promise<Result<readonly ErasedRecord[], PersonalDataRefusals['erase']>> => {
      const order = everything(input.kinds ?? personalDataKinds, input.by)
      if (input.record !== undefined) return eraseAll(context, [input.record], order)
      const id = readUserId(context, input.userId ?? '')
      if (id.isErr()) return err(id.error)
      const requests = await requestsAbout(context, id.value)
      if (requests.isErr()) return err(requests.error)
      const { userId, participant } = id.value
      const codes: RecordKey = { participant, kind: 'authorisation', id: userId }
      const own = [accountKey(id.value), refusalsKey(id.value), codes]
      return eraseAll(context, [...own, ...requests.value], order)
    },
    // The shape takes exactly one of the two subjects, which its type does not say.
  ) as PersonalData['erase'],
  applyRetention: endpoint(context, 'personalData.applyRetention', swept, (input, context) =>
    applyRetention(context, input),
  ),
})
