/** The parts of the eServices, each by itself: what replay needs, impossible events, the inbox, checks of a form. */
import { describe, expect, test } from 'vitest'
import {
  eserviceAggregate,
  hkexPartition,
  inboxAggregate,
  referenceCounterAggregate,
} from '../../../src/eservices/model/aggregates.ts'
import { planForm } from '../../../src/eservices/model/batch.ts'
import { clientConnectUserShape } from '../../../src/eservices/model/client-connect.ts'
import { isComplete } from '../../../src/eservices/model/contents.ts'
import type { EserviceEvent } from '../../../src/eservices/model/events.ts'
import { evolveEservice } from '../../../src/eservices/model/evolve.ts'
import { formProblems, typesOfParticipant } from '../../../src/eservices/model/form-checks.ts'
import { feeSchedule, offeredLines } from '../../../src/eservices/model/forms.ts'
import { type InboxItem, inboxDecider, inboxTransitions } from '../../../src/eservices/model/inbox.ts'
import type { EserviceLine } from '../../../src/eservices/model/lines.ts'
import { eserviceNotices } from '../../../src/eservices/model/notices.ts'
import { type Eservice, type EserviceStage, outstandingLines } from '../../../src/eservices/model/state.ts'
import {
  add,
  at,
  change,
  cheung,
  command,
  contents,
  decided,
  lee,
  morning,
  outcome,
  rules,
  wong,
} from './support.ts'

const stages = ['Unknown', 'Draft', 'ReadyToSend', 'Claimed', 'SentToHkex', 'Completed', 'Discarded'] as const

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
    const needing = stages.filter((stage) => eserviceAggregate.needsPersonalData(at(stage), morning))
    expect(needing).toEqual(['Unknown', 'Draft', 'ReadyToSend', 'Claimed', 'SentToHkex'])
    for (const stage of stages) expect(eserviceAggregate.credentialsOf(at(stage))).toEqual([])
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
    for (const stage of stages) {
      const state: Eservice = at(stage)
      const next = evolveEservice(state, event)
      if ((from as readonly string[]).includes(stage)) expect(next).not.toEqual(state)
      else expect(next).toBe(state)
    }
  })
})

describe('ESV-13 · a place in HKEX’s inbox', () => {
  test('its table', () => {
    expect(inboxTransitions.map(({ on, from, outcome: result, rule }) => [on, from, result, rule])).toEqual([
      [
        'Receive',
        ['Empty', 'Withdrawn'],
        expect.objectContaining({ events: ['FormReceived'], to: 'Waiting' }),
        'ESV-02',
      ],
      ['Receive', ['Waiting', 'Done'], expect.objectContaining({ reason: 'place-taken' }), 'ESV-03'],
      ['Archive', ['Waiting'], expect.objectContaining({ events: ['FormArchived'], to: 'Done' }), 'ESV-13'],
      [
        'Archive',
        ['Empty', 'Done', 'Withdrawn'],
        expect.objectContaining({ events: [], to: 'same' }),
        'ESV-13',
      ],
      [
        'Withdraw',
        ['Waiting'],
        expect.objectContaining({ events: ['FormWithdrawn'], to: 'Withdrawn' }),
        'ESV-16',
      ],
      [
        'Withdraw',
        ['Empty', 'Done', 'Withdrawn'],
        expect.objectContaining({ reason: 'not-waiting' }),
        'ESV-16',
      ],
    ])
  })

  test('archiving a form that does not wait records nothing, and events change only a place that waits', () => {
    const address = { participant: 'B01234', form: 'f1' }
    const places: readonly InboxItem[] = [
      { stage: 'Empty' },
      { stage: 'Done', ...address },
      { stage: 'Withdrawn', ...address },
    ]
    for (const place of places) {
      const events = inboxDecider.decide(place, { type: 'Archive', at: morning }, {})._unsafeUnwrap()
      expect(events).toEqual([])
      for (const type of ['FormArchived', 'FormWithdrawn'] as const)
        expect(inboxDecider.evolve(place, { type, at: morning, rule: 'ESV-13' })).toBe(place)
    }
  })
})

describe('what a form offers', () => {
  test('ESV-04, ESV-14, MNT-05, MNT-06, MNT-07 · each kind of line, by its rule', () => {
    expect(offeredLines.map(({ form, line, rule }) => `${form} ${line} ${rule}`)).toEqual([
      'DA 3 change ESV-04',
      'DA 3 add ESV-04',
      'DA 3 status ESV-04',
      'DA 3 delete ESV-04',
      'DA 4 buy-accounts ESV-14',
      'SCard 1 reset-smartcard-password MNT-05',
      'SCard 1 add MNT-06',
      'SCard 1 change MNT-06',
      'SCard 1 delete MNT-06',
      'SCard 1 add-user MNT-07',
    ])
  })

  test('ESV-14 · the fees', () => {
    expect(feeSchedule.map(({ item, hkd, lines, rule }) => [item, hkd, lines, rule])).toEqual([
      ['user account', 250, ['buy-accounts'], 'ESV-14'],
      ['smartcard', 250, ['add', 'add-user'], 'ESV-14'],
      ['smartcard reader', 300, [], 'ESV-14'],
    ])
  })
})

describe('the checks of a form', () => {
  const problems = (line: EserviceLine, under = rules, form: 'DA 3' | 'SCard 1' = 'DA 3') =>
    formProblems(
      {
        form,
        participant: 'B01234',
        contents: contents(line),
        phase: form === 'DA 3' ? 'parallel-run' : 'before',
      } as never,
      under,
    ).map(({ reason, rule, line: place }) => `${reason} ${rule} ${place}`)

  test('FLD-04 · dates that are the wrong way round, of a new account as of a change', () => {
    const dates = { enableFrom: '2023-06-06', disableAfter: '2023-06-05' } as never
    const profile = { surname: 'Chan', otherNames: 'Tai Man', email: 'a@bank.example', ...(dates as object) }
    for (const line of [
      { type: 'add', profile },
      { type: 'add-user', profile },
      { type: 'change', userId: 'B01234X1', changes: dates },
    ] as const)
      expect(problems(line as never)).toContain('dates-reversed FLD-04 0')
    expect(problems(add())).toEqual([])
  })

  test('MNT-10 · user groups before decommissioning are refused once, by their own rule', () => {
    const groups = { type: 'change', userId: 'B01234X1', changes: { userGroups: ['AA'] } } as never
    expect(problems(groups)).toEqual(['field-not-on-form MNT-10 0'])
  })

  test('FLD-06 · with a list of user groups, a change that names none is not concerned', () => {
    const listed = { ...rules, profile: { userGroups: ['AA'] } }
    expect(problems(change(), listed)).toEqual([])
  })

  test('ESV-04 · a change without a value changes nothing', () => {
    const empty = { type: 'change', userId: 'B01234X1', changes: { email: undefined } } as never
    expect(problems(empty)).toEqual(['nothing-to-change ESV-04 0'])
  })

  test('ID-10 · what is no participant key has no type', () => {
    expect(typesOfParticipant('B01234')).toEqual(['HKSCC'])
    for (const none of ['', 'B0123', 'B012345', 'nonsense', '?']) expect(typesOfParticipant(none)).toEqual([])
  })

  test('ESV-05 · a telephone number has at most fifteen digits', () => {
    const contact = { name: 'AAA', email: 'aaa@bank.example', telephone: '123456789012345' }
    expect(isComplete(contact)).toBe(true)
    expect(isComplete({ ...contact, telephone: '1234567890123456' })).toBe(false)
  })

  test('ESV-01 · a Client Connect user can be a checker alone', () => {
    expect(clientConnectUserShape.safeParse(wong).success).toBe(true)
    expect(clientConnectUserShape.safeParse({ ...wong, roles: ['Auditor'] }).success).toBe(false)
  })
})

describe('a form that is shown, processed and told about', () => {
  test('ESV-18 · a refused request to see a form names its rule', () => {
    expect(outcome(at('Unknown'), command('View'))).toBe('no-such-form ESV-02')
    const draft = at('Draft')
    expect(outcome(draft, command('View', { actor: { ...cheung, id: 'с.cheung' } }))).toBe(
      'unreadable-actor ESV-12',
    )
    expect(outcome(draft, command('View', { actor: { ...cheung, participant: 'B09999' } }))).toBe(
      'other-participant ESV-06',
    )
  })

  test('ESV-10 · a new account that HKEX refuses needs no User ID', () => {
    const sent = at('SentToHkex', {
      draft: { contents: contents(add()) },
      submit: { phase: 'parallel-run' },
    })
    const refusal = { kind: 'refused', reason: 'no-accounts-available', rule: 'QTA-03' } as const
    expect(decided(sent, command('ProcessLine', { line: 0, outcome: refusal }))).toMatchObject([
      { type: 'LineProcessed', rule: 'QTA-03' },
    ])
    expect(outcome(sent, command('ProcessLine', { line: 0 }))).toBe('no-user-id-assigned ID-11')
  })

  test('ID-11 · a new user of a smartcard form is accepted with the User ID assigned to it', () => {
    const line = { ...add(), type: 'add-user' } as EserviceLine
    const sent: Eservice = { ...at('SentToHkex'), form: 'SCard 1', contents: contents(line) }
    expect(outcome(sent, command('ProcessLine', { line: 0 }))).toBe('no-user-id-assigned ID-11')
  })

  test('QTA-03 · a deleted account leaves its place to the lines after it', () => {
    const gone = { type: 'delete', userId: 'B01234X1', email: 'a@bank.example' } as unknown as EserviceLine
    const form: Eservice = { ...at('SentToHkex'), contents: contents(gone, add(), add('Wong')) }
    const account = { role: 'DelegatedAdministrator', smartcard: true, email: 'a@bank.example' }
    const facts = { accounts: new Map([['B01234X1', account]]), available: 0, taken: new Set(['B01234X1']) }
    const kinds = planForm(form, facts as never, rules).map(({ outcome: { kind } }) => kind)
    expect(kinds).toEqual(['accepted', 'accepted', 'refused'])
  })

  test('ESV-13 · a form that is not with HKEX has no outstanding lines', () => {
    for (const stage of stages)
      expect([stage, outstandingLines(at(stage))]).toEqual([stage, stage === 'SentToHkex' ? [0] : []])
  })

  test('QTA-03 · accounts that were bought are available to the lines after it', () => {
    const lines = [{ type: 'buy-accounts', count: 1 } as EserviceLine, add()]
    const form: Eservice = { ...at('SentToHkex'), contents: contents(...lines) }
    const facts = { accounts: new Map(), available: 0, taken: new Set<never>() }
    expect(planForm(form, facts as never, rules).map(({ outcome: { kind } }) => kind)).toEqual([
      'accepted',
      'accepted',
    ])
  })

  test('ESV-08 · without a reference, or before the form is completed, no one is told', () => {
    const submitted = { type: 'FormSubmitted', at: morning, rule: 'ESV-02', by: cheung } as never
    const completed = { type: 'FormCompleted', at: morning, rule: 'ESV-13' } as never
    const users = [wong, lee]
    expect(eserviceNotices(at('ReadyToSend'), [submitted], users)).toHaveLength(2)
    expect(eserviceNotices(at('Draft'), [submitted], users)).toEqual([])
    const without = { ...at('Draft'), reference: undefined } as never
    expect(eserviceNotices(without, [submitted], users)).toEqual([])
    expect(eserviceNotices(at('Completed'), [completed], users)).toHaveLength(2)
    expect(eserviceNotices(at('SentToHkex'), [completed], users)).toEqual([])
  })
})
