import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import { accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import type { RefusalReason } from '../account/refusal-reason.ts'
import { type Account, credentialsOf } from '../account/state.ts'
import {
  type Authorisation,
  type AuthorisationCommand,
  type AuthorisationEvent,
  type AuthorisationRefusalReason,
  authorisationDecider,
} from '../dms/model/authorisation-code.ts'
import type { EserviceCommand } from '../eservices/model/commands.ts'
import { eserviceDecider } from '../eservices/model/decide.ts'
import type { EserviceEvent } from '../eservices/model/events.ts'
import {
  type InboxCommand,
  type InboxEvent,
  type InboxPlace,
  type InboxRefusalReason,
  inboxDecider,
} from '../eservices/model/inbox.ts'
import {
  type Numbering,
  type NumberingCommand,
  type NumberingEvent,
  type NumberingRefusalReason,
  numberingDecider,
} from '../eservices/model/reference-counter.ts'
import type { EserviceRefusalReason } from '../eservices/model/refusal-reason.ts'
import type { EserviceRules } from '../eservices/model/rules.ts'
import type { Eservice } from '../eservices/model/state.ts'
import { type RequestRules, requestDecider } from '../dms/model/request-decider.ts'
import type {
  ProfileRequest,
  RequestCommand,
  RequestEvent,
  RequestRefusalReason,
} from '../dms/model/request.ts'
import { type Decider, fold } from '../kernel/decider.ts'
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
import type { Change } from '../engine/unit-of-work.ts'

/** A decider with the kind of record it lives in, and what of a vault its states refer to. */
export interface Machine<
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
export const accountMachine: Machine<Account, AccountCommand, AccountEvent, RefusalReason, Policy> = {
  kind: 'account',
  decider: accountDecider,
  credentialsOf,
  noticesOf: noticesOfAccount,
}

/** One participant. */
export const participantMachine: Machine<
  Participant,
  ParticipantCommand,
  ParticipantEvent,
  ParticipantRefusalReason,
  unknown
> = { kind: 'participant', decider: participantDecider, credentialsOf: () => [] }

/** One request between maker and checker. */
export const requestMachine: Machine<
  ProfileRequest,
  RequestCommand,
  RequestEvent,
  RequestRefusalReason,
  RequestRules
> = { kind: 'request', decider: requestDecider, credentialsOf: () => [] }

/** The Authorisation Codes of one checker. */
export const authorisationMachine: Machine<
  Authorisation,
  AuthorisationCommand,
  AuthorisationEvent,
  AuthorisationRefusalReason,
  Pick<Policy, 'dms'>
> = {
  kind: 'authorisation',
  decider: authorisationDecider,
  credentialsOf: (state) => (state.stage === 'Drawn' ? [state.credential] : []),
}

/** One eService. */
export const eserviceMachine: Machine<
  Eservice,
  EserviceCommand,
  EserviceEvent,
  EserviceRefusalReason,
  EserviceRules
> = { kind: 'eservice', decider: eserviceDecider, credentialsOf: () => [] }

/** The numbers of one form's references. */
export const numberingMachine: Machine<
  Numbering,
  NumberingCommand,
  NumberingEvent,
  NumberingRefusalReason,
  unknown
> = { kind: 'numbering', decider: numberingDecider, credentialsOf: () => [] }

/** One place in HKEX's inbox. */
export const inboxMachine: Machine<InboxPlace, InboxCommand, InboxEvent, InboxRefusalReason, unknown> = {
  kind: 'inbox',
  decider: inboxDecider,
  credentialsOf: () => [],
}

/** Under which key HKEX's own records live, beside the participants'. */
export const hkex = 'HKEX'

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

/** The state of a record. It is what {@link change} once put there. */
export const stateOf = <State extends Staged, C extends Typed, E extends TrailEvent, R extends string, P>(
  machine: Machine<State, C, E, R, P>,
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
export interface ChangeOf<State, Event> extends Change {
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
export const changeBy = <
  State extends Staged,
  C extends Typed,
  Event extends TrailEvent,
  R extends string,
  P,
>(
  machine: Machine<State, C, Event, R, P>,
  { key, before }: Pick<Change, 'key' | 'before'>,
  events: readonly Event[],
  secrets: StoredRecord['vault'] = {},
): ChangeOf<State, Event> => {
  const state = stateOf(machine, before)
  const after = fold(machine.decider.evolve, state, events)
  const vault = kept({ ...before?.vault, ...secrets }, machine.credentialsOf(after))
  return { key, before, events, after, vault, notices: machine.noticesOf?.(after, events, state) ?? [] }
}

/** What a command brings about in a record; or why its machine refuses. */
export const change = <
  State extends Staged,
  Command extends Typed,
  Event extends TrailEvent,
  Reason extends string,
  Rules,
>(
  machine: Machine<State, Command, Event, Reason, Rules>,
  place: Pick<Change, 'key' | 'before'>,
  command: Command,
  rules: Rules,
  secrets: StoredRecord['vault'] = {},
): Result<ChangeOf<State, Event>, RefusedBy<Reason>> => {
  const decision = machine.decider.decide(stateOf(machine, place.before), command, rules)
  return decision.isErr() ? err(decision.error) : ok(changeBy(machine, place, decision.value, secrets))
}
