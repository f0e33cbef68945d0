import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import { accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import type { AccountDenialReason } from '../account/refusal-reason.ts'
import { type Account, credentialsOf } from '../account/state.ts'
import {
  type AuthorisationCodeCommand,
  type AuthorisationCodeDenialReason,
  type AuthorisationCodeEvent,
  type AuthorisationCodeState,
  authorisationCodeDecider,
} from '../dms/model/authorisation-code.ts'
import type {
  ProfileRequest,
  RequestCommand,
  RequestDenialReason,
  RequestEvent,
} from '../dms/model/request.ts'
import { type RequestRules, requestDecider } from '../dms/model/request-decider.ts'
import type { RecordChange } from '../engine/unit-of-work.ts'
import type { EserviceCommand } from '../eservices/model/commands.ts'
import { eserviceDecider } from '../eservices/model/decide.ts'
import type { EserviceEvent } from '../eservices/model/events.ts'
import {
  type InboxCommand,
  type InboxDenialReason,
  type InboxEvent,
  type InboxItem,
  inboxDecider,
} from '../eservices/model/inbox.ts'
import {
  type ReferenceCounter,
  type ReferenceCounterCommand,
  type ReferenceCounterDenialReason,
  type ReferenceCounterEvent,
  referenceCounterDecider,
} from '../eservices/model/reference-counter.ts'
import type { EserviceDenialReason } from '../eservices/model/refusal-reason.ts'
import type { EserviceRules } from '../eservices/model/rules.ts'
import type { Eservice } from '../eservices/model/state.ts'
import { type Decider, foldEvents } from '../kernel/decider.ts'
import type { RefusedBy, Staged, Typed } from '../kernel/decision-table.ts'
import {
  type ParticipantCommand,
  type ParticipantEvent,
  type ParticipantRefusalReason,
  participantDecider,
} from '../participant/decide.ts'
import type { Participant } from '../participant/state.ts'
import type { Policy } from '../policy/policy.ts'
import type { Notice } from '../ports/mailer.ts'
import type { RecordKey, RecordKind, StoredRecord, TrailEvent } from '../ports/storage.ts'
import { noticesOfAccount } from './account-notices.ts'

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
  /** What must be told because of events, in the very commit that brings them about. */
  readonly noticesOf?: (after: State, events: readonly Event[], before: State) => readonly Notice[]
}

/** One account. */
export const accountAggregate: Aggregate<Account, AccountCommand, AccountEvent, AccountDenialReason, Policy> =
  {
    kind: 'account',
    decider: accountDecider,
    credentialsOf,
    noticesOf: noticesOfAccount,
  }

/** One participant. */
export const participantAggregate: Aggregate<
  Participant,
  ParticipantCommand,
  ParticipantEvent,
  ParticipantRefusalReason,
  unknown
> = { kind: 'participant', decider: participantDecider, credentialsOf: () => [] }

/** One request between maker and checker. */
export const requestAggregate: Aggregate<
  ProfileRequest,
  RequestCommand,
  RequestEvent,
  RequestDenialReason,
  RequestRules
> = { kind: 'request', decider: requestDecider, credentialsOf: () => [] }

/** The Authorisation Codes of one checker. */
export const authorisationCodeAggregate: Aggregate<
  AuthorisationCodeState,
  AuthorisationCodeCommand,
  AuthorisationCodeEvent,
  AuthorisationCodeDenialReason,
  Pick<Policy, 'dms'>
> = {
  kind: 'authorisation',
  decider: authorisationCodeDecider,
  credentialsOf: (state) => (state.stage === 'Drawn' ? [state.credential] : []),
}

/** One eService. */
export const eserviceAggregate: Aggregate<
  Eservice,
  EserviceCommand,
  EserviceEvent,
  EserviceDenialReason,
  EserviceRules
> = { kind: 'eservice', decider: eserviceDecider, credentialsOf: () => [] }

/** The numbers of one form's references. */
export const referenceCounterAggregate: Aggregate<
  ReferenceCounter,
  ReferenceCounterCommand,
  ReferenceCounterEvent,
  ReferenceCounterDenialReason,
  unknown
> = { kind: 'reference-counter', decider: referenceCounterDecider, credentialsOf: () => [] }

/** One place in HKEX's inbox. */
export const inboxAggregate: Aggregate<InboxItem, InboxCommand, InboxEvent, InboxDenialReason, unknown> = {
  kind: 'inbox',
  decider: inboxDecider,
  credentialsOf: () => [],
}

/** Under which key HKEX's own records live, beside the participants'. */
export const hkexPartition = 'HKEX'

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
