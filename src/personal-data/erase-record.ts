import { ok, type Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import { transact } from '../engine/unit-of-work.ts'
import { personalReferences } from '../integrity/personal-data.ts'
import { erasuresIn } from '../integrity/vault.ts'
import type { Staged } from '../kernel/decider.ts'
import type { Instant } from '../kernel/instant.ts'
import {
  type ErasedThrough,
  type PersonalDataErased,
  type PersonalDataKind,
  personalDataKinds,
} from '../ports/personal-data.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'

/** The number of entries that are read together. */
const pageSize = 500

/** The personal data to erase. */
export interface ErasureOrder {
  readonly kinds: readonly PersonalDataKind[]
  readonly reason: PersonalDataErased['reason']
  readonly by: string
  /** For each kind, data in entries written before this instant are erased. */
  readonly before: (kind: PersonalDataKind, now: Instant) => Instant
}

/** The last entry to erase for each kind: the last one that is old enough and has such data. */
const lastErasable = async (
  context: ServiceContext,
  key: RecordKey,
  { kinds, before }: ErasureOrder,
  now: Instant,
): Promise<Result<ErasedThrough, PortFailed>> => {
  const through: Partial<Record<PersonalDataKind, number>> = {}
  const latest = Math.max(...kinds.map((kind) => before(kind, now)))
  for (let after = 0; ; ) {
    const page = await callPort(context, 'storage', () =>
      context.ports.storage.trail(key, { after, limit: pageSize }),
    )
    if (page.isErr()) return page.map(() => through)
    for (const { seq, event, personal } of page.value) {
      if (event.at >= latest) return ok(through)
      for (const kind of kinds)
        if (personal?.[kind] !== undefined && event.at < before(kind, now)) through[kind] = seq
      after = seq
    }
    if (page.value.length < pageSize) return ok(through)
  }
}

/** The kinds whose values the state refers to and the vault still holds. */
const heldKinds = ({ state, vault }: StoredRecord): ReadonlySet<PersonalDataKind> =>
  new Set(
    personalReferences(state).flatMap(({ personal, digest }) =>
      vault[digest] === undefined ? [] : [personal],
    ),
  )

/** The state as it is stored; each aggregate reads the states of its own kind. */
const stagedOf = ({ state }: StoredRecord): Staged =>
  // A record is written with the state of an aggregate alone, which has a stage.
  state as unknown as Staged

/** The erasure of a record for an order; `undefined` if there is nothing to erase. */
const erasureOf = (
  { aggregates }: ServiceContext,
  key: RecordKey,
  record: StoredRecord,
  order: ErasureOrder,
  { through, last, now }: { through: ErasedThrough; last: Instant; now: Instant },
): PersonalDataErased | undefined => {
  const aggregate = aggregates[key.kind]
  const needed = aggregate.needsPersonalData(stagedOf(record), now)
  const inState = heldKinds(record)
  const held = order.kinds.filter((kind) => !needed && inState.has(kind) && last < order.before(kind, now))
  const former = erasuresIn(record.vault) ?? {}
  const reached: Partial<Record<PersonalDataKind, number>> = {}
  for (const kind of personalDataKinds) {
    const upTo = Math.min(through[kind] ?? 0, record.version)
    if (upTo > (former[kind] ?? 0)) reached[kind] = upTo
    else if (held.includes(kind)) reached[kind] = Math.max(former[kind] ?? 0, upTo, 1)
  }
  if (Object.keys(reached).length === 0) return undefined
  const rule = order.reason === 'retention' ? 'PRI-03' : 'PRI-04'
  return { type: 'PersonalDataErased', at: now, rule, through: reached, held, reason: order.reason }
}

/**
 * Erases personal data of one record, in one commit with the event that records the erasure.
 *
 * @returns the last entry that was now erased for each kind; empty if there was nothing to erase.
 * @rule PRI-02
 * @rule PRI-04
 */
export const eraseRecord = (
  context: ServiceContext,
  key: RecordKey,
  order: ErasureOrder,
): Promise<Result<ErasedThrough, CommitRefusal>> =>
  transact<'record', ErasedThrough, PortFailed>(context, {
    records: { record: key },
    contended: 'record',
    by: order.by,
    decide: async ({ records, now }) => {
      const { before } = records.record
      if (before === undefined) return ok({ changes: [], answer: {} })
      const through = await lastErasable(context, key, order, now)
      if (through.isErr()) return through.map(() => ({ changes: [], answer: {} }))
      const end = await callPort(context, 'storage', () =>
        context.ports.storage.trail(key, { after: before.version - 1, limit: 1 }),
      )
      if (end.isErr()) return end.map(() => ({ changes: [], answer: {} }))
      const last = end.value[0]?.event.at ?? now
      const event = erasureOf(context, key, before, order, { through: through.value, last, now })
      if (event === undefined) return ok({ changes: [], answer: {} })
      const credentials = context.aggregates[key.kind].credentialsOf(stagedOf(before))
      const vault = Object.fromEntries(
        Object.entries(before.vault).filter(([name]) => credentials.includes(name)),
      )
      const change = { key, before, events: [event], after: before.state, vault, erase: event }
      return ok({ changes: [change], answer: event.through })
    },
  })
