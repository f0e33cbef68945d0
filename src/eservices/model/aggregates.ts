import type { Aggregate } from '../../records/model/aggregate.ts'
import type { EserviceCommand } from './commands.ts'
import { eserviceDecider } from './decide.ts'
import type { EserviceEvent } from './events.ts'
import {
  type InboxCommand,
  type InboxDenialReason,
  type InboxEvent,
  type InboxItem,
  inboxDecider,
} from './inbox.ts'
import {
  type ReferenceCounter,
  type ReferenceCounterCommand,
  type ReferenceCounterDenialReason,
  type ReferenceCounterEvent,
  referenceCounterDecider,
} from './reference-counter.ts'
import type { EserviceDenialReason } from './refusal-reason.ts'
import type { EserviceRules } from './rules.ts'
import type { Eservice } from './state.ts'

/** One eService. */
export const eserviceAggregate: Aggregate<
  Eservice,
  EserviceCommand,
  EserviceEvent,
  EserviceDenialReason,
  EserviceRules
> = { kind: 'eservice', decider: eserviceDecider, credentialsOf: () => [], upcasters: {} }

/** The numbers of one form's references. */
export const referenceCounterAggregate: Aggregate<
  ReferenceCounter,
  ReferenceCounterCommand,
  ReferenceCounterEvent,
  ReferenceCounterDenialReason,
  unknown
> = { kind: 'reference-counter', decider: referenceCounterDecider, credentialsOf: () => [], upcasters: {} }

/** One place in HKEX's inbox. */
export const inboxAggregate: Aggregate<InboxItem, InboxCommand, InboxEvent, InboxDenialReason, unknown> = {
  kind: 'inbox',
  upcasters: {},
  decider: inboxDecider,
  credentialsOf: () => [],
}

/** Under which key HKEX's own records live, beside the participants'. */
export const hkexPartition = 'HKEX'
