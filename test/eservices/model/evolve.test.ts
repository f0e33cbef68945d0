/** What an event does to a form, and at which stages it can happen. */
import { describe, expect, test } from 'vitest'
import type { EserviceEvent } from '../../../src/eservices/model/events.ts'
import { evolveEservice } from '../../../src/eservices/model/evolve.ts'
import { type Eservice, type EserviceStage, eserviceStages } from '../../../src/eservices/model/state.ts'
import { add, at, change, contents, lee, morning } from './support.ts'

describe('AUD-01 · an event changes a form only at the stages at which it can happen', () => {
  const by = { id: lee.id, name: lee.name, email: lee.email }
  const base = { at: morning + 60_000, rule: 'ESV-02', by } as const
  const possible: Readonly<Record<string, readonly [EserviceEvent, ...EserviceStage[]]>> = {
    FormDrafted: [
      {
        ...base,
        ...{ type: 'FormDrafted', form: 'DA 3', participant: 'B01234', contents: contents(change()) },
      } as EserviceEvent,
      'Unknown',
    ],
    FormEdited: [{ ...base, type: 'FormEdited', contents: contents(add()) } as EserviceEvent, 'Draft'],
    FormSubmitted: [{ ...base, type: 'FormSubmitted', reference: 'DA3_00000009' } as EserviceEvent, 'Draft'],
    FormReclaimed: [{ ...base, type: 'FormReclaimed' } as EserviceEvent, 'ReadyToSend', 'SentToHkex'],
    FormClaimed: [{ ...base, type: 'FormClaimed' } as EserviceEvent, 'ReadyToSend'],
    FormTakenOver: [{ ...base, type: 'FormTakenOver', from: by } as EserviceEvent, 'Claimed'],
    FormReleased: [{ ...base, type: 'FormReleased' } as EserviceEvent, 'Claimed'],
    FormReferred: [{ ...base, type: 'FormReferred', to: by } as EserviceEvent, 'Claimed'],
    FormReverted: [{ ...base, type: 'FormReverted', remark: 'Wrong email' } as EserviceEvent, 'Claimed'],
    FormConfirmed: [{ ...base, type: 'FormConfirmed' } as EserviceEvent, 'Claimed'],
    FormDiscarded: [{ ...base, type: 'FormDiscarded' } as EserviceEvent, 'Draft'],
    LineProcessed: [
      { ...base, type: 'LineProcessed', line: 0, outcome: { kind: 'accepted' } } as EserviceEvent,
      'SentToHkex',
    ],
    FormCompleted: [{ ...base, type: 'FormCompleted' } as EserviceEvent, 'SentToHkex'],
  }
  test.each(Object.entries(possible))('%s', (type, [event, ...from]) => {
    expect(event.type).toBe(type)
    for (const stage of eserviceStages) {
      const state: Eservice = at(stage)
      const next = evolveEservice(state, event)
      if ((from as readonly string[]).includes(stage)) expect(next).not.toEqual(state)
      else expect(next).toBe(state)
    }
  })
})
