/** What replay needs to know of the records of eServices. */
import { describe, expect, test } from 'vitest'
import {
  eserviceAggregate,
  hkexPartition,
  inboxAggregate,
  referenceCounterAggregate,
} from '../../../src/eservices/model/aggregates.ts'
import { eserviceStages } from '../../../src/eservices/model/state.ts'
import { at, morning } from './support.ts'

describe('AUD-01 · what a replay needs to know of each record', () => {
  test('a form: its events, what is personal, and until when it needs that', () => {
    expect(eserviceAggregate).toMatchObject({ kind: 'eservice', upcasters: {} })
    expect(eserviceAggregate.eventTypes).toStrictEqual({
      ...{ FormDrafted: true, FormEdited: true, FormSubmitted: true, FormReclaimed: true, FormClaimed: true },
      ...{ FormTakenOver: true, FormReleased: true, FormReferred: true, FormReverted: true },
      ...{ FormConfirmed: true, FormDiscarded: true, LineProcessed: true, FormCompleted: true },
      CommandRefused: true,
    })
    expect(eserviceAggregate.personalFields).toStrictEqual({
      ...{ surname: 'identity', otherNames: 'identity', id: 'identity', name: 'identity' },
      ...{ remark: 'identity', remarks: 'identity', email: 'contact', telephone: 'contact' },
    })
    const needing = eserviceStages.filter((stage) => eserviceAggregate.needsPersonalData(at(stage), morning))
    expect(needing).toEqual(['Unknown', 'Draft', 'ReadyToSend', 'Claimed', 'SentToHkex'])
    for (const stage of eserviceStages) expect(eserviceAggregate.credentialsOf(at(stage))).toEqual([])
  })

  test('a counter of reference numbers and a place in HKEX’s inbox hold nothing personal', () => {
    expect(referenceCounterAggregate).toMatchObject({ kind: 'reference-counter', upcasters: {} })
    expect(referenceCounterAggregate.eventTypes).toStrictEqual({ ReferenceNumberIssued: true })
    expect(inboxAggregate).toMatchObject({ kind: 'inbox', upcasters: {} })
    expect(inboxAggregate.eventTypes).toStrictEqual({
      ...{ FormReceived: true, FormArchived: true, FormWithdrawn: true },
    })
    expect(hkexPartition).toBe('HKEX')
    const [counter, inbox] = [referenceCounterAggregate, inboxAggregate]
    expect([counter.personalFields, inbox.personalFields]).toEqual([{}, {}])
    expect(counter.needsPersonalData(counter.decider.initial, morning)).toBe(false)
    expect(inbox.needsPersonalData(inbox.decider.initial, morning)).toBe(false)
    expect(counter.credentialsOf(counter.decider.initial)).toEqual([])
    expect(inbox.credentialsOf(inbox.decider.initial)).toEqual([])
  })
})
