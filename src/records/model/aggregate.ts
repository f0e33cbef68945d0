import { err, ok, type Result } from 'neverthrow'
import type { RecordChange, RecordPlace } from '../../engine/record-change.ts'
import { type PersonalFields, unseal } from '../../integrity/personal-data.ts'
import type { Upcasters } from '../../integrity/upcasting.ts'
import { type Decider, type DeciderTypes, foldEvents, type RefusedBy } from '../../kernel/decider.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Notice } from '../../ports/mailer.ts'
import type { RecordKey, RecordKind, StoredRecord, TrailEvent } from '../../ports/storage.ts'

/** The types of the state machine of a kind of record: its events can stand in a trail. */
export interface RecordTypes extends DeciderTypes {
  readonly event: TrailEvent
}

/** A decider with the kind of record it lives in, and what of a vault its states refer to. */
export interface Aggregate<M extends RecordTypes> {
  readonly kind: RecordKind
  readonly decider: Decider<M>
  readonly credentialsOf: (state: M['state']) => readonly string[]
  /** The fields of events and states that hold personal data (PRI-02). */
  readonly personalFields: PersonalFields
  /** Whether a state still needs the personal data that it refers to (PRI-04). */
  readonly needsPersonalData: (state: M['state'], now: Instant) => boolean
  /** How events stored under older names or schemas are read; none so far (AUD-07). */
  readonly upcasters: Upcasters
  /** The notices that events call for, committed with them. */
  readonly noticesOf?: (
    after: M['state'],
    events: readonly M['event'][],
    before: M['state'],
  ) => readonly Notice[]
}

/** The key of a record of an aggregate. */
export const keyOf = (
  { kind }: { readonly kind: RecordKind },
  participant: string,
  id: string,
): RecordKey => ({
  participant,
  kind,
  id,
})

/** The states of records that were read, for as long as the record is held: one attempt asks several times. */
const states = /* @__PURE__ */ new WeakMap<StoredRecord, unknown>()

/** The state of a record, with its personal data: what {@link changeFromCommand} once put there. */
export const stateOf = <M extends RecordTypes>(
  { decider }: Aggregate<M>,
  record: StoredRecord | undefined,
): M['state'] => {
  if (record === undefined) return decider.initial
  const known = states.get(record) ?? unseal(record.state, record.vault)
  states.set(record, known)
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
 * The change that some events bring to a record: its state folded, and its vault without what that no
 * longer refers to.
 *
 * @rule AUD-01
 * @rule AUD-06
 */
export const changeFromEvents = <M extends RecordTypes>(
  aggregate: Aggregate<M>,
  { key, before }: RecordPlace,
  events: readonly M['event'][],
  secrets: StoredRecord['vault'] = {},
): AggregateChange<M> => {
  const { decider, credentialsOf, noticesOf } = aggregate
  const state = stateOf(aggregate, before)
  // Without events nothing is written.
  if (events.length === 0)
    return { key, before, events, after: state, vault: before?.vault ?? {}, notices: [] }
  const after = foldEvents(decider.evolve, state, events)
  const vault = referredTo({ ...before?.vault, ...secrets }, credentialsOf(after))
  return { key, before, events, after, vault, notices: noticesOf?.(after, events, state) ?? [] }
}

/** The change that a command brings to a record; or why the aggregate refuses it. */
export const changeFromCommand = <M extends RecordTypes>(
  aggregate: Aggregate<M>,
  place: RecordPlace,
  command: M['command'],
  rules: M['rules'],
  secrets: StoredRecord['vault'] = {},
): Result<AggregateChange<M>, RefusedBy<M['reason']>> => {
  const decision = aggregate.decider.decide(stateOf(aggregate, place.before), command, rules)
  return decision.isErr()
    ? err(decision.error)
    : ok(changeFromEvents(aggregate, place, decision.value, secrets))
}
