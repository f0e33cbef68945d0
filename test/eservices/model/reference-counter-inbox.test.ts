/** The reference counter and HKEX's inbox: the two small state machines beside the form's. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type InboxCommand,
  type InboxEvent,
  type InboxItem,
  inboxDecider,
  inboxTransitions,
} from '../../../src/eservices/model/inbox.ts'
import { formatReference } from '../../../src/eservices/model/reference.ts'
import {
  type ReferenceCounter,
  type ReferenceCounterEvent,
  referenceCounterDecider,
  referenceCounterTransitions,
} from '../../../src/eservices/model/reference-counter.ts'
import { foldEvents } from '../../../src/kernel/decider.ts'
import type { Transition } from '../../../src/kernel/decision-table.ts'
import { branches } from '../../support/branches.ts'
import { morning } from './support.ts'

/** A decision as text: the types of its events, or `reason rule`. */
const told = (
  decision: ReturnType<typeof inboxDecider.decide> | ReturnType<typeof referenceCounterDecider.decide>,
) =>
  decision.match(
    (events) => events.map(({ type, rule }) => `${type} ${rule}`).join() || 'nothing',
    ({ reason, rule }) => `${reason} ${rule}`,
  )

/** Each stage × command ends with a row without conditions, and has no row after it. */
const expectTotal = (
  rows: readonly Transition[],
  accountStages: readonly string[],
  commands: readonly string[],
) => {
  for (const on of commands)
    for (const stage of accountStages) {
      const own = rows.filter((row) => row.on === on && row.from.includes(stage))
      expect([on, stage, own.findIndex(({ when }) => when.length === 0)]).toEqual([on, stage, own.length - 1])
      expect(own.length).toBeGreaterThan(0)
    }
  expect(rows.filter(({ on, from }) => !commands.includes(on) || from.length === 0)).toEqual([])
}

describe('the reference counter', () => {
  const counting = (last: number): ReferenceCounter => ({ stage: 'Counting', last })
  const draw = { type: 'IssueReferenceNumber', at: morning } as const

  test('ESV-03 · decides every command at every stage', () => {
    expectTotal(referenceCounterTransitions, ['Counting'], ['IssueReferenceNumber'])
  })

  test.each([
    ['the first', 0, 'ReferenceNumberIssued ESV-03', 1],
    ['the next', 13_360, 'ReferenceNumberIssued ESV-03', 13_361],
    ['the last but one', 99_999_997, 'ReferenceNumberIssued ESV-03', 99_999_998],
    ['the last', 99_999_998, 'ReferenceNumberIssued ESV-03', 99_999_999],
    ['none after the last', 99_999_999, 'numbers-exhausted ESV-03', 99_999_999],
    ['none beyond it', 100_000_000, 'numbers-exhausted ESV-03', 100_000_000],
  ])('ESV-03 · gives the right number in the case: %s', (_, last, outcome, after) => {
    const decision = referenceCounterDecider.decide(counting(last), draw, undefined)
    expect(told(decision)).toBe(outcome)
    expect(foldEvents(referenceCounterDecider.evolve, counting(last), decision.unwrapOr([]))).toEqual(
      counting(after),
    )
  })

  test('ESV-03 · gives only numbers that can be printed as a reference, up to the last', () => {
    expect(formatReference('DA 3', 13_361)).toBe('DA3_00013361')
    expect(formatReference('SCard 1', 99_999_999)).toBe('SCard1_99999999')
    expect(formatReference('DA 4', 100_000_000)).toBeUndefined()
  })

  test('AUD-01 · gives n numbers in order for n allocations, and its state is the replay of its events', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (draws) => {
        let state = referenceCounterDecider.initial
        const events: ReferenceCounterEvent[] = []
        for (let i = 0; i < draws; i++) {
          const drawn = referenceCounterDecider
            .decide(state, { ...draw, at: morning + i }, undefined)
            ._unsafeUnwrap()
          state = foldEvents(referenceCounterDecider.evolve, state, drawn)
          events.push(...drawn)
        }
        expect(events.map(({ number }) => number)).toEqual(Array.from({ length: draws }, (_, i) => i + 1))
        expect(state).toEqual(
          foldEvents(referenceCounterDecider.evolve, referenceCounterDecider.initial, events),
        )
        expect(state).toEqual(counting(draws))
      }),
    )
  })
})

describe('an entry in the inbox', () => {
  const address = { participant: 'B01234', form: 'a'.repeat(24) }
  const elsewhere = { participant: 'HKABC', form: 'b'.repeat(24) }
  const places: Readonly<Record<InboxItem['stage'], InboxItem>> = {
    Empty: { stage: 'Empty' },
    Waiting: { stage: 'Waiting', ...address },
    Done: { stage: 'Done', ...address },
    Withdrawn: { stage: 'Withdrawn', ...address },
  }
  const receive: InboxCommand = { type: 'Receive', at: morning, ...elsewhere }
  const putAway: InboxCommand = { type: 'Archive', at: morning }
  const withdraw: InboxCommand = { type: 'Withdraw', at: morning }
  const accountStages = Object.keys(places) as InboxItem['stage'][]

  test('ESV-13 · decides every command at every stage', () => {
    expectTotal(inboxTransitions, accountStages, ['Receive', 'Archive', 'Withdraw'])
  })

  test.each<[string, InboxItem['stage'], InboxCommand, string, InboxItem]>([
    [
      'an empty place takes a form',
      'Empty',
      receive,
      'FormReceived ESV-02',
      { stage: 'Waiting', ...elsewhere },
    ],
    ['one form waits there', 'Waiting', receive, 'place-taken ESV-03', places.Waiting],
    ['a reference is not used again', 'Done', receive, 'place-taken ESV-03', places.Done],
    ['what is done with is put away', 'Waiting', putAway, 'FormArchived ESV-13', places.Done],
    ['once', 'Done', putAway, 'nothing', places.Done],
    ['a reclaimed form leaves its place', 'Waiting', withdraw, 'FormWithdrawn ESV-16', places.Withdrawn],
    ['what is done is not reclaimed', 'Done', withdraw, 'not-waiting ESV-16', places.Done],
    [
      'and may be sent again',
      'Withdrawn',
      receive,
      'FormReceived ESV-02',
      { stage: 'Waiting', ...elsewhere },
    ],
    ['a withdrawn form is not archived', 'Withdrawn', putAway, 'nothing', places.Withdrawn],
    ['and there must be something', 'Empty', putAway, 'nothing', places.Empty],
  ])('ESV-13 · has the right outcome: %s (%s)', (_, stage, command, outcome, after) => {
    const decision = inboxDecider.decide(places[stage], command, undefined)
    expect(told(decision)).toBe(outcome)
    expect(foldEvents(inboxDecider.evolve, places[stage], decision.unwrapOr([]))).toEqual(after)
  })

  test('ESV-13 · has rows that are all reached by these cases', () => {
    const reached = accountStages.flatMap((stage) =>
      [receive, putAway, withdraw].map((command) =>
        inboxTransitions.find(({ on, from }) => on === command.type && from.includes(stage)),
      ),
    )
    expect(inboxTransitions.filter((row) => !reached.includes(row))).toEqual([])
  })

  test('AUD-01 · keeps the number of its first form under any commands, and the replayed state shows its stage', () => {
    const anyCommand = fc.oneof(
      fc.constant(putAway),
      fc
        .constantFrom(address, elsewhere)
        .map((to): InboxCommand => ({ type: 'Receive', at: morning, ...to })),
    )
    const seen = branches('received', 'received twice', 'never received')
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 12 }), (commands) => {
        let state = inboxDecider.initial
        const events: InboxEvent[] = []
        for (const command of commands) {
          const decided = inboxDecider.decide(state, command, undefined).unwrapOr([])
          state = foldEvents(inboxDecider.evolve, state, decided)
          events.push(...decided)
        }
        const [received, ...more] = commands.filter(({ type }) => type === 'Receive')
        const isReceived = seen.either('received', 'never received', received !== undefined)
        seen.hitIf('received twice', more.length > 0)
        expect(events.filter(({ type }) => type === 'FormReceived').length).toBe(isReceived ? 1 : 0)
        expect(state).toEqual(foldEvents(inboxDecider.evolve, inboxDecider.initial, events))
        if (received?.type === 'Receive')
          expect(state).toMatchObject({ participant: received.participant, form: received.form })
      }),
    )
    seen.expectAll()
  })

  test('AUD-01 · is not changed by an event that cannot apply to it', () => {
    const away = { type: 'FormArchived', at: morning, rule: 'ESV-13' } as const
    for (const stage of ['Empty', 'Done', 'Withdrawn'] as const)
      expect(inboxDecider.evolve(places[stage], away)).toEqual(places[stage])
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
