import type { ParticipantKey } from '../../identity/participant.ts'
import type { Decider } from '../../kernel/decider.ts'
import { decideBy, decisionTable, type Transition } from '../../kernel/decision-table.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'

/** The location of a form that was sent to HKEX. */
export interface InboxAddress {
  readonly participant: ParticipantKey
  /** The name of the form's record. */
  readonly form: string
}

/** One place in HKEX's inbox: a form that waits or has waited. */
export type InboxItem =
  | { readonly stage: 'Empty' }
  | ({ readonly stage: 'Waiting' } & InboxAddress)
  | ({ readonly stage: 'Done' } & InboxAddress)
  /** Its checker reclaimed the form, which can be sent again. */
  | ({ readonly stage: 'Withdrawn' } & InboxAddress)

/** A command of an inbox place. */
export type InboxCommand = { readonly at: Instant } & (
  | ({ readonly type: 'Receive' } & InboxAddress)
  | { readonly type: 'Archive' }
  | { readonly type: 'Withdraw' }
)

/**
 * An event of an inbox place.
 *
 * @category eServices
 */
export type InboxEvent = { readonly at: Instant; readonly rule: RuleId } & (
  | ({ readonly type: 'FormReceived' } & InboxAddress)
  | { readonly type: 'FormArchived' }
  | { readonly type: 'FormWithdrawn' }
)

/** Why an inbox place refuses a command. */
export type InboxDenialReason = 'place-taken' | 'not-waiting'

/** The types of the state machine of an inbox place, bundled. */
export interface InboxTypes {
  readonly state: InboxItem
  readonly command: InboxCommand
  readonly event: InboxEvent
  readonly reason: InboxDenialReason
  readonly rules: unknown
}

const { on } = /* @__PURE__ */ decisionTable<InboxTypes>()

const rows = [
  on('Receive')
    .from('Empty', 'Withdrawn')
    .emit(['FormReceived'], 'Waiting', 'ESV-02', (_, { at, participant, form }) => [
      { type: 'FormReceived', at, rule: 'ESV-02', participant, form },
    ]),
  on('Receive').from('Waiting', 'Done').refuse('place-taken', 'ESV-03'),
  on('Archive')
    .from('Waiting')
    .emit(['FormArchived'], 'Done', 'ESV-13', (_, { at }) => [{ type: 'FormArchived', at, rule: 'ESV-13' }]),
  on('Archive')
    .from('Empty', 'Done', 'Withdrawn')
    .emit([], 'same', 'ESV-13', () => []),
  on('Withdraw')
    .from('Waiting')
    .emit(['FormWithdrawn'], 'Withdrawn', 'ESV-16', (_, { at }) => [
      { type: 'FormWithdrawn', at, rule: 'ESV-16' },
    ]),
  on('Withdraw').from('Empty', 'Done', 'Withdrawn').refuse('not-waiting', 'ESV-16'),
]

/** The transition table of an inbox place, as data. */
export const inboxTransitions: readonly Transition<InboxTypes>[] = rows

/**
 * HKEX's inbox, with one place per form. It finds the forms of all participants that were sent to HKEX. The
 * commit that completes a form also clears its place.
 *
 * @rule ESV-13
 */
export const inboxDecider: Decider<InboxTypes> = {
  initial: { stage: 'Empty' },
  decide: decideBy(rows).decide,
  evolve: (place, event) => {
    switch (event.type) {
      case 'FormReceived':
        return { stage: 'Waiting', participant: event.participant, form: event.form }
      case 'FormArchived':
        return place.stage === 'Waiting' ? { ...place, stage: 'Done' } : place
      case 'FormWithdrawn':
        return place.stage === 'Waiting' ? { ...place, stage: 'Withdrawn' } : place
    }
  },
}
