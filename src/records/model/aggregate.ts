import { err, ok, type Result } from 'neverthrow'
import type { LoadedRecord, RecordChange } from '../../engine/record-change.ts'
import { type PersonalFields, unseal } from '../../integrity/personal-data.ts'
import type { Upcasters } from '../../integrity/upcasting.ts'
import { type Decider, type DeciderTypes, foldEvents, type RefusedBy } from '../../kernel/decider.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Notice } from '../../ports/mailer.ts'
import type { RecordKey, RecordKind, StoredRecord, TrailEvent } from '../../ports/storage.ts'

/** The types of a record's state machine. Its events can be stored in a trail. */
export interface RecordTypes extends DeciderTypes {
  readonly event: TrailEvent
}

/** The decider of a kind of record, and the vault entries to which its states refer. */
export interface Aggregate<M extends RecordTypes> {
  readonly kind: RecordKind
  readonly decider: Decider<M>
  readonly credentialsOf: (state: M['state']) => readonly string[]
  /** The fields of events and states that hold personal data (PRI-02). */
  readonly personalFields: PersonalFields
  /** Whether a state still needs the personal data that it refers to (PRI-04). */
  readonly needsPersonalData: (state: M['state'], now: Instant) => boolean
  /** The upcasters for events that were stored under older names or schemas; none so far (AUD-07). */
  readonly upcasters: Upcasters
  /** The type of each event; a stored event of another type does not belong to this kind (AUD-07). */
  readonly eventTypes: { readonly [Type in M['event']['type']]: true }
  /** The notices that events require, committed with them. */
  readonly noticesOf?: (
    after: M['state'],
    events: readonly M['event'][],
    before: M['state'],
  ) => readonly Notice[]
}

/** The record key of an aggregate. */
export const keyOf = (
  { kind }: { readonly kind: RecordKind },
  participant: string,
  id: string,
): RecordKey => ({
  participant,
  kind,
  id,
})

/**
 * The decoded states of records, cached while a record is in memory, because one attempt decodes it several
 * times.
 */
const states = /* @__PURE__ */ new WeakMap<StoredRecord, unknown>()

/** Decodes the state of a record, with its personal data, as {@link changeFromCommand} encoded it. */
export const stateOf = <M extends RecordTypes>(
  { decider }: Aggregate<M>,
  record: StoredRecord | undefined,
): M['state'] => {
  if (record === undefined) return decider.initial
  const known = states.get(record) ?? unseal(record.state, record.vault)
  states.set(record, known)
  // What is remembered of a record was read from it, and records are written by their own aggregate.
  return known as M['state']
}

const referredTo = (vault: StoredRecord['vault'], credentials: readonly string[]) =>
  Object.fromEntries(
    credentials.flatMap((id) => {
      const proof = vault[id]
      return proof === undefined ? [] : [[id, proof]]
    }),
  )

/** A change to a record of a known aggregate. */
export interface AggregateChange<M extends RecordTypes> extends RecordChange {
  readonly events: readonly M['event'][]
  readonly after: M['state']
}

/**
 * The change that events make to a record: the new state, and the vault without entries to which it no longer
 * refers.
 *
 * @rule AUD-01
 * @rule AUD-06
 */
export const changeFromEvents = <M extends RecordTypes>(
  aggregate: Aggregate<M>,
  { key, before }: LoadedRecord,
  events: readonly M['event'][],
  secrets: StoredRecord['vault'] = {},
): AggregateChange<M> => {
  const { decider, credentialsOf, noticesOf } = aggregate
  const state = stateOf(aggregate, before)
  // Without events, nothing is written.
  if (events.length === 0)
    return { key, before, events, after: state, vault: before?.vault ?? {}, notices: [] }
  const after = foldEvents(decider.evolve, state, events)
  const vault = referredTo({ ...before?.vault, ...secrets }, credentialsOf(after))
  return { key, before, events, after, vault, notices: noticesOf?.(after, events, state) ?? [] }
}

/** The change that a command makes to a record; or the reason why the aggregate refuses it. */
export const changeFromCommand = <M extends RecordTypes>(
  aggregate: Aggregate<M>,
  loaded: LoadedRecord,
  command: M['command'],
  rules: M['rules'],
  secrets: StoredRecord['vault'] = {},
): Result<AggregateChange<M>, RefusedBy<M['reason']>> => {
  const decision = aggregate.decider.decide(stateOf(aggregate, loaded.before), command, rules)
  return decision.isErr()
    ? err(decision.error)
    : ok(changeFromEvents(aggregate, loaded, decision.value, secrets))
}
