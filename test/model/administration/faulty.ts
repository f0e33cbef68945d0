/** Administration state machines with one fault each. */
import {
  type AuthorisationCodeTypes,
  authorisationCodeDecider,
} from '../../../src/dms/model/authorisation-code.ts'
import { requestDecider } from '../../../src/dms/model/request-decider.ts'
import type { UserId } from '../../../src/identity/user-id.ts'
import type { DeciderTypes } from '../../../src/kernel/decider.ts'
import { participantDecider } from '../../../src/participant/decide.ts'
import type { WatchedMachine } from '../watched.ts'
import { authorisationCodeMachine } from './authorisation-code.ts'
import { eserviceMachine } from './eservice.ts'
import { inboxMachine } from './inbox.ts'
import { participantMachine } from './participant.ts'
import { pendingRequestsMachine } from './pending-requests.ts'
import { referenceCounterMachine } from './reference-counter.ts'
import { requestMachine } from './request.ts'

// biome-ignore lint/suspicious/noExplicitAny: machines of many types stand in one list
type AnyMachine = WatchedMachine<any, any>

/** A faulty machine, and the rule by which it is found. */
export interface AdministrationFault {
  readonly name: string
  readonly rule: string
  readonly machine: AnyMachine
}

const request = (decider: Partial<typeof requestDecider>): AnyMachine => ({
  ...requestMachine,
  decider: { ...requestDecider, ...decider },
})
const code = (decider: Partial<typeof authorisationCodeDecider>): AnyMachine => ({
  ...authorisationCodeMachine,
  decider: { ...authorisationCodeDecider, ...decider },
})
const participant = (decider: Partial<typeof participantDecider>): AnyMachine => ({
  ...participantMachine,
  decider: { ...participantDecider, ...decider },
})
/** Decides on a changed input. */
const deciding = <M extends DeciderTypes, Memory>(
  machine: WatchedMachine<M, Memory>,
  other: (state: M['state'], command: M['command']) => readonly [M['state'], M['command']],
): AnyMachine => ({
  ...machine,
  decider: {
    ...machine.decider,
    decide: (state, command, rules) => machine.decider.decide(...other(state, command), rules),
  },
})

/** Uses a code as if it were another one. */
const usingAs = (
  issued: Partial<Extract<AuthorisationCodeTypes['state'], { stage: 'Issued' }>>,
  ...fields: readonly ('request' | 'codeRound' | 'sessionEpoch')[]
): AnyMachine =>
  deciding(authorisationCodeMachine, (state, command) => [
    state.stage === 'Issued' && command.type === 'UseAuthorisationCode'
      ? { ...state, ...issued, ...Object.fromEntries(fields.map((field) => [field, command[field]])) }
      : state,
    command,
  ])

export const administrationFaults: readonly AdministrationFault[] = [
  {
    name: 'a maker confirms their own request',
    rule: 'DMS-02',
    machine: deciding(requestMachine, (state, command) => [
      state,
      command.type === 'Confirm' && command.checker === command.maker
        ? { ...command, checker: 'another person' as string as UserId }
        : command,
    ]),
  },
  {
    name: 'a request is confirmed though it was amended after the approval',
    rule: 'DMS-05',
    machine: deciding(requestMachine, (state, command) => [
      state,
      command.type === 'Confirm' && state.stage === 'Pending'
        ? { ...command, approved: state.entryDigest }
        : command,
    ]),
  },
  {
    name: 'a request is confirmed though the profile has changed',
    rule: 'DMS-05',
    machine: deciding(requestMachine, (state, command) => [
      state,
      command.type === 'Confirm' && state.stage === 'Pending'
        ? { ...command, profileDigest: state.profileDigest }
        : command,
    ]),
  },
  {
    name: 'an expired request is confirmed',
    rule: 'DMS-05',
    machine: deciding(requestMachine, (state, command) => [
      state.stage === 'Pending' ? { ...state, expiresAt: Number.POSITIVE_INFINITY } : state,
      command,
    ]),
  },
  {
    name: 'another maker withdraws a request',
    rule: 'DMS-01',
    machine: deciding(requestMachine, (state, command) => [
      state,
      command.type === 'Withdraw' && state.stage === 'Pending' ? { ...command, maker: state.maker } : command,
    ]),
  },
  {
    name: 'wrong confirmations are not counted',
    rule: 'DMS-09',
    machine: request({
      evolve: (state, event) =>
        event.type === 'ConfirmationRejected' ? state : requestDecider.evolve(state, event),
    }),
  },
  {
    name: 'an Authorisation Code can be used twice',
    rule: 'DMS-04',
    machine: code({
      evolve: (state, event) =>
        event.type === 'AuthorisationCodeUsed' ? state : authorisationCodeDecider.evolve(state, event),
    }),
  },
  {
    name: 'an Authorisation Code is accepted for another request',
    rule: 'DMS-09',
    machine: usingAs({}, 'request'),
  },
  {
    name: 'an Authorisation Code is accepted after the codes of its request were revoked',
    rule: 'DMS-09',
    machine: usingAs({}, 'codeRound'),
  },
  {
    name: 'an Authorisation Code outlives the session in which it was issued',
    rule: 'DMS-09',
    machine: usingAs({}, 'sessionEpoch'),
  },
  {
    name: 'an expired Authorisation Code is accepted',
    rule: 'DMS-04',
    machine: deciding(authorisationCodeMachine, (state, command) => [
      state.stage === 'Issued' && command.type === 'UseAuthorisationCode'
        ? { ...state, expiresAt: Math.max(state.expiresAt, command.at + 1) }
        : state,
      command,
    ]),
  },
  {
    name: 'the maximum is not checked',
    rule: 'QTA-03',
    machine: deciding(participantMachine, (state, command) => [
      state,
      command.type === 'AllocateUserIds' ? { ...command, enforceMaximum: false } : command,
    ]),
  },
  {
    name: 'a released User ID is allocated again',
    rule: 'ID-12',
    machine: participant({
      evolve: (state, event) => {
        const after = participantDecider.evolve(state, event)
        if (event.type !== 'QuotaReleased' || after.stage !== 'Known') return after
        const { [event.userId]: _, ...allocated } = after.allocated
        return { ...after, allocated }
      },
    }),
  },
  {
    name: 'a maker with a second user name checks their own form',
    rule: 'ESV-12',
    machine: deciding(eserviceMachine, (state, command) => [
      state,
      command.type === 'Claim'
        ? { ...command, actor: { ...command.actor, email: `${command.actor.id}@elsewhere.example` } }
        : command,
    ]),
  },
  {
    name: 'a checker confirms a form that another has claimed',
    rule: 'ESV-02',
    machine: deciding(eserviceMachine, (state, command) => [
      state.stage === 'Claimed' && command.type === 'Confirm' ? { ...state, claimant: command.actor } : state,
      command,
    ]),
  },
  {
    name: 'a form is reclaimed after HKEX has processed a line',
    rule: 'ESV-16',
    machine: deciding(eserviceMachine, (state, command) => [
      state.stage === 'SentToHkex' && command.type === 'Reclaim' ? { ...state, processed: [] } : state,
      command,
    ]),
  },
  {
    name: 'a line is processed twice',
    rule: 'ESV-13',
    machine: deciding(eserviceMachine, (state, command) => [
      state.stage === 'SentToHkex' && command.type === 'ProcessLine' ? { ...state, processed: [] } : state,
      command,
    ]),
  },
  {
    name: 'a form gets another reference when it is submitted again',
    rule: 'ESV-03',
    machine: deciding(eserviceMachine, (state, command) => [
      state.stage === 'Draft' && command.type === 'Submit'
        ? (({ reference: _, ...draft }) => draft)(state)
        : state,
      command,
    ]),
  },
  {
    name: 'a request counts no longer once another is entered',
    rule: 'DMS-10',
    machine: deciding(pendingRequestsMachine, (state, command) => [
      state,
      { ...command, closed: [...state.requests] },
    ]),
  },
  {
    name: 'the maximum of pending requests is not compared',
    rule: 'DMS-10',
    machine: { ...pendingRequestsMachine, rules: { dms: { maxPendingRequests: 9 } } },
  },
  {
    name: 'numbers go on after eight digits',
    rule: 'ESV-03',
    machine: {
      ...referenceCounterMachine,
      decider: {
        ...referenceCounterMachine.decider,
        decide: (state, command) =>
          referenceCounterMachine.decider
            .decide({ ...state, last: 1 }, command, undefined)
            .map((events) => events.map((event) => ({ ...event, number: state.last + 1 }))),
      },
    },
  },
  {
    name: 'a number is issued twice',
    rule: 'ESV-03',
    machine: {
      ...referenceCounterMachine,
      decider: { ...referenceCounterMachine.decider, evolve: (state) => state },
    },
  },
  {
    name: 'a place in the inbox is given to another form',
    rule: 'ESV-03',
    machine: deciding(inboxMachine, (state, command) => [
      command.type === 'Receive' ? ({ stage: 'Empty' } as const) : state,
      command,
    ]),
  },
  {
    name: 'a form that is done can be reclaimed',
    rule: 'ESV-16',
    machine: deciding(inboxMachine, (state, command) => [
      command.type === 'Withdraw' && state.stage === 'Done'
        ? ({ ...state, stage: 'Waiting' } as const)
        : state,
      command,
    ]),
  },
]
