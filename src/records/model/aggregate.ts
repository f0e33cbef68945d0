import { err, ok, type Result } from 'neverthrow'
import type { RecordChange } from '../../engine/record-change.ts'
import type { Upcasters } from '../../integrity/upcasting.ts'
import { type Decider, foldEvents } from '../../kernel/decider.ts'
import type { RefusedBy, Staged, Typed } from '../../kernel/decision-table.ts'
import type { Notice } from '../../ports/mailer.ts'
import type { RecordKey, RecordKind, StoredRecord, TrailEvent } from '../../ports/storage.ts'

/** A decider with the kind of record it lives in, and what of a vault its states refer to. */
export interface Aggregate<
  State extends Staged,
  Command extends Typed,
  Event extends TrailEvent,
  Reason extends string,
  Rules,
> {
  readonly kind: RecordKind
  readonly decider: Decider<State, Command, Event, RefusedBy<Reason>, Rules>
  readonly credentialsOf: (state: State) => readonly string[]
  /** How events stored under older names or schemas are read; none so far (AUD-07). */
  readonly upcasters: Upcasters
  /** What must be told because of events, in the very commit that brings them about. */
  readonly noticesOf?: (after: State, events: readonly Event[], before: State) => readonly Notice[]
}

/** Where a record of a machine lives. */
export const keyOf = (
  { kind }: { readonly kind: RecordKind },
  participant: string,
  id: string,
): RecordKey => ({
  participant,
  kind,
  id,
})

/** The state of a record. It is what {@link changeFromCommand} once put there. */
export const stateOf = <State extends Staged, C extends Typed, E extends TrailEvent, R extends string, P>(
  machine: Aggregate<State, C, E, R, P>,
  record: StoredRecord | undefined,
): State => (record === undefined ? machine.decider.initial : (record.state as unknown as State))

const kept = (vault: StoredRecord['vault'], credentials: readonly string[]) =>
  Object.fromEntries(
    credentials.flatMap((id) => {
      const proof = vault[id]
      return proof === undefined ? [] : [[id, proof]]
    }),
  )

/** A change to a record of a known machine. */
export interface AggregateChange<State, Event> extends RecordChange {
  readonly events: readonly (Event & TrailEvent)[]
  readonly after: State
}

/**
 * The change that some events bring to a record: its state folded, and its vault without what that no
 * longer refers to.
 *
 * @rule AUD-01
 * @rule AUD-06
 */
export const changeFromEvents = <
  State extends Staged,
  C extends Typed,
  Event extends TrailEvent,
  R extends string,
  P,
>(
  machine: Aggregate<State, C, Event, R, P>,
  { key, before }: Pick<RecordChange, 'key' | 'before'>,
  events: readonly Event[],
  secrets: StoredRecord['vault'] = {},
): AggregateChange<State, Event> => {
  const state = stateOf(machine, before)
  const after = foldEvents(machine.decider.evolve, state, events)
  const vault = kept({ ...before?.vault, ...secrets }, machine.credentialsOf(after))
  return { key, before, events, after, vault, notices: machine.noticesOf?.(after, events, state) ?? [] }
}

/** What a command brings about in a record; or why its machine refuses. */
export const changeFromCommand = <
  State extends Staged,
  Command extends Typed,
  Event extends TrailEvent,
  Reason extends string,
  Rules,
>(
  machine: Aggregate<State, Command, Event, Reason, Rules>,
  place: Pick<RecordChange, 'key' | 'before'>,
  command: Command,
  rules: Rules,
  secrets: StoredRecord['vault'] = {},
): Result<AggregateChange<State, Event>, RefusedBy<Reason>> => {
  const decision = machine.decider.decide(stateOf(machine, place.before), command, rules)
  return decision.isErr()
    ? err(decision.error)
    : ok(changeFromEvents(machine, place, decision.value, secrets))
}
