import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Phase } from '../../../src/access-control/timeline.ts'
import { couldBeSamePerson } from '../../../src/eservices/model/client-connect.ts'
import { type EserviceCommand, eserviceCommandTypes } from '../../../src/eservices/model/commands.ts'
import {
  decideEservice,
  eserviceDecider,
  eserviceRowFor,
  eserviceTransitions,
  nextEserviceFact,
} from '../../../src/eservices/model/decide.ts'
import type { EserviceEvent } from '../../../src/eservices/model/events.ts'
import { evolveEservice } from '../../../src/eservices/model/evolve.ts'
import type { FormName } from '../../../src/eservices/model/forms.ts'
import type { EserviceLine } from '../../../src/eservices/model/lines.ts'
import { type Eservice, eserviceStages, unknownEservice } from '../../../src/eservices/model/state.ts'
import type { EserviceTransition, EserviceTypes } from '../../../src/eservices/model/table.ts'
import { foldEvents } from '../../../src/kernel/decider.ts'
import { decideByAsking } from '../../support/asked-facts.ts'
import { branches } from '../../support/branches.ts'
import { expectReadableConditions } from '../../support/dms-tables.ts'
import { anyCommand, anySubmission, commandAt, steps } from './arbitraries.ts'
import { add, at, change, cheung, command, contents, lee, morning, rules, wong } from './support.ts'

interface Turn {
  readonly before: Eservice
  readonly command: EserviceCommand
  readonly events: readonly EserviceEvent[]
  readonly after: Eservice
}

/** One command as the service handles it: a refusal is an event too. */
const turn = (before: Eservice, command: EserviceCommand, under = rules): Turn => {
  const events = eserviceDecider.decide(before, command, under).match<readonly EserviceEvent[]>(
    (each) => each,
    (refusal) => [{ type: 'CommandRefused', at: command.at, operation: command.type, ...refusal }],
  )
  return { before, command, events, after: foldEvents(evolveEservice, before, events) }
}

type Steps = ReturnType<typeof steps> extends fc.Arbitrary<infer S> ? S : never

const history = (given: Steps, from: Eservice = unknownEservice): readonly Turn[] => {
  let state = from
  return given.map((step, i) => {
    const taken = turn(state, commandAt(state, step, morning + i))
    state = taken.after
    return taken
  })
}

const declares = ({ outcome }: EserviceTransition, events: readonly EserviceEvent[]) => {
  if (outcome.kind === 'refusal') return events.length === 1 && events[0]?.type === 'CommandRefused'
  const sure = outcome.events.filter((name) => !name.endsWith('?'))
  return events.length === 0 ? sure.length === 0 : events.map(({ type }) => type).join() === sure.join()
}

/** A form that was submitted in one phase and is confirmed in another. */
const overtaken = (
  form: FormName,
  reference: string,
  line: EserviceLine,
  phase: Phase,
  submitted: Phase = 'decommissioned',
): readonly [Eservice, EserviceCommand] => {
  const submit = { reference, phase: submitted } as const
  return [at('Claimed', { draft: { form, contents: contents(line) }, submit }), command('Confirm', { phase })]
}

const named: EserviceLine = { type: 'change', userId: 'B01234X1', changes: { surname: 'Lee' } }
const grouped: EserviceLine = { type: 'change', userId: 'B01234X1', changes: { userGroups: ['AA'] } }
const added = at('SentToHkex', {
  draft: { contents: contents(add(), change()) },
  submit: { phase: 'parallel-run' },
})
/** A sent form of which one of two lines is processed. */
const halfDone: Eservice = {
  ...added,
  processed: [{ line: 1, outcome: { kind: 'accepted' }, at: morning }],
}
const accepted = { kind: 'accepted' } as const
const reversed: EserviceLine = {
  ...{ type: 'change', userId: 'B01234X1' },
  changes: { enableFrom: '2023-06-06', disableAfter: '2023-06-05' },
}
const narrow = { ...rules, profile: { userGroups: ['BB'] } }
const seldom = [
  [added, command('Reclaim', { actor: wong })],
  [halfDone, command('Reclaim', { actor: wong })],
  [at('Claimed'), command('TakeOver', { actor: wong })],
  [at('Completed'), command('Complete')],
  [
    { ...halfDone, processed: [0, 1].map((line) => ({ line, outcome: accepted, at: morning })) },
    command('Complete'),
  ],
  overtaken('SCard 1', 'SCard1_00000001', named, 'parallel-run', 'registration'),
  [at('Draft', { draft: { contents: contents(reversed) } }), command('Submit', { phase: 'parallel-run' })],
  [at('Claimed'), command('Refer', { to: wong })],
  [at('Claimed'), command('Refer', { to: { ...lee, email: cheung.email } })],
  [at('ReadyToSend'), command('Claim', { actor: { ...wong, id: '' } })],
  [at('Completed'), command('Reclaim', { actor: wong })],
  overtaken('DA 3', 'DA3_00000001', named, 'registration'),
  overtaken('DA 3', 'DA3_00000001', grouped, 'parallel-run'),
  overtaken('DA 4', 'DA4_00000001', { type: 'buy-accounts', count: 1 }, 'registration'),
] as const

describe('the transition table of a form', () => {
  test('ESV-02 · decides every command at every stage, as the last row has no condition', () => {
    for (const type of eserviceCommandTypes)
      for (const stage of eserviceStages) {
        const rows = eserviceTransitions.filter(({ on, from }) => on === type && from.includes(stage))
        expect([type, stage, rows.at(-1)?.when]).toEqual([type, stage, []])
        // No row follows a row without conditions.
        expect(rows.slice(0, -1).every(({ when }) => when.length > 0)).toBe(true)
      }
    expectReadableConditions(eserviceTransitions)
  })

  test('ESV-02 · has rows that are all reached and emit what they declare', () => {
    const reached = new Set<EserviceTransition>()
    const untrue: unknown[] = []
    const look = ({ before, command, events, after }: Turn, under = rules) => {
      const row = eserviceRowFor(before, command, under)
      if (row === undefined) return untrue.push(command)
      reached.add(row)
      const to = row.outcome.kind === 'events' && row.outcome.to !== 'same' ? row.outcome.to : before.stage
      const holds = row.on === command.type && row.from.includes(before.stage)
      // An event names the rule of the row that emitted it.
      const isRuled = events.every(({ rule }) => rule === row.rule)
      return holds && isRuled && declares(row, events) && after.stage === to
        ? 0
        : untrue.push({ row, events, after })
    }
    // Every command at every stage with any contents, long histories, and cases that random ones seldom
    // reach.
    const anything = fc.sample(anyCommand(), { numRuns: 2_500, seed: 3 })
    for (const state of [...eserviceStages.map((stage) => at(stage)), halfDone])
      for (const given of anything) look(turn(state, given))
    const submit = command('Submit')
    for (const { phase, ...filled } of fc.sample(anySubmission(), { numRuns: 1_000, seed: 3 }))
      for (const numbered of [{}, { reference: 'DA3_00000001' }])
        look(turn({ ...at('Draft'), ...filled, ...numbered }, { ...submit, phase } as EserviceCommand))
    for (const step of fc.sample(steps(40), { numRuns: 30, seed: 3 }).flat())
      look(turn(at('Claimed'), commandAt(at('Claimed'), step, morning)))
    for (const given of fc.sample(steps(30), { numRuns: 100, seed: 3 }))
      for (const each of history(given)) look(each)
    for (const [state, command] of seldom) look(turn(state, command))
    const unlisted = [
      at('Draft', { draft: { contents: contents(grouped) } }),
      command('Submit', { phase: 'decommissioned' }),
    ] as const
    look(turn(...unlisted, narrow), narrow)
    expect(untrue).toEqual([])
    const missed = eserviceTransitions.filter((row) => !reached.has(row))
    expect(missed.map(({ on, from, when }) => `${on} from ${from.join()} when ${when.join()}`)).toEqual([])
  })
})

test('ESV-03 · allocates a reference number only for an accepted submission without one', () => {
  const table = { decide: decideEservice, nextFact: nextEserviceFact }
  const submit = command('Submit')
  let drawn = 0
  for (const { phase, ...filled } of fc.sample(anySubmission(), { numRuns: 500, seed: 4 })) {
    const form = { ...at('Draft'), ...filled }
    const given = { ...submit, phase } as EserviceCommand
    const { asked, decided } = decideByAsking<EserviceTypes>(table, form, given, rules, ['reference'])
    const full = decideEservice(form, given, rules)
    expect(decided).toEqual(full)
    const refusedForItsContents = full.isErr() && full.error.reason !== 'malformed-reference'
    expect(asked).toEqual(refusedForItsContents ? [] : ['reference'])
    const numbered = { ...form, reference: 'DA3_00000001' }
    expect(decideByAsking<EserviceTypes>(table, numbered, given, rules, ['reference']).asked).toEqual([])
    drawn += asked.length
  }
  expect(drawn).toBeGreaterThan(20)
})

describe('the histories of a form', () => {
  // Few random forms are accepted when they are submitted: most histories start behind that.
  const beginning = fc.constantFrom(unknownEservice, at('ReadyToSend'), at('Claimed'), halfDone)

  test('AUD-01 · are decided without throwing, and replay to the state', () => {
    fc.assert(
      fc.property(steps(40), (given) => {
        const turns = history(given)
        const events = turns.flatMap((each) => each.events)
        const folded = foldEvents(evolveEservice, unknownEservice, events)
        expect(folded).toEqual(turns.at(-1)?.after ?? unknownEservice)
        // The same for a state that was stored and loaded.
        const stored = JSON.parse(JSON.stringify(events)) as EserviceEvent[]
        expect(foldEvents(evolveEservice, unknownEservice, stored)).toEqual(
          JSON.parse(JSON.stringify(folded)),
        )
      }),
    )
  })

  test('AUD-01 · replay any event at any stage, and an event that cannot apply changes nothing', () => {
    const events = fc
      .sample(steps(30), { numRuns: 12, seed: 5 })
      .flatMap((given) => history(given).flatMap((each) => each.events))
    for (const stage of eserviceStages)
      for (const event of events) expect(eserviceStages).toContain(evolveEservice(at(stage), event).stage)
    for (const event of events) {
      expect(evolveEservice(at('Completed'), event)).toEqual(at('Completed'))
      expect(evolveEservice(at('Discarded'), event)).toEqual(at('Discarded'))
    }
  })

  test('AUD-01 · do not modify the state that is decided on', () => {
    fc.assert(
      fc.property(anyCommand(), fc.constantFrom(...eserviceStages), (command, stage) => {
        const before = at(stage)
        turn(before, command)
        expect(before).toEqual(at(stage))
      }),
    )
  })

  test('ESV-12 · never make the maker the checker, and give the maker’s commands to no other person', () => {
    const seen = branches('claimed', 'checked', 'confirmed', 'contents changed', 'contents kept')
    fc.assert(
      fc.property(steps(60), beginning, (given, from) => {
        for (const { before, command, events, after } of history(given, from)) {
          seen.hitIf('claimed', 'claimant' in after)
          if ('claimant' in after) expect(couldBeSamePerson(after.claimant, after.maker)).toBe(false)
          seen.hitIf('checked', 'checker' in after)
          if ('checker' in after) expect(couldBeSamePerson(after.checker, after.maker)).toBe(false)
          for (const event of events)
            if (event.type === 'FormConfirmed' && 'maker' in before) {
              seen.hit('confirmed')
              expect(couldBeSamePerson(event.by, before.maker)).toBe(false)
            }
          if (before.stage !== 'Unknown' && after.stage !== 'Unknown') {
            expect(after.maker).toEqual(before.maker)
            const isChanged = after.contents !== before.contents
            if (seen.either('contents changed', 'contents kept', isChanged)) expect(command.type).toBe('Edit')
          }
        }
      }),
    )
    seen.expectAll()
  })

  test('ESV-03 · give a form one number for ever, and by ESV-13 a line one outcome', () => {
    const seen = branches('numbered', 'not numbered', 'a line processed', 'completed')
    fc.assert(
      fc.property(steps(60), beginning, (given, from) => {
        const turns = history(given, from)
        const numbers = turns.flatMap(({ after }) => ('reference' in after ? [after.reference] : []))
        seen.either('numbered', 'not numbered', numbers.length > 0)
        expect(new Set(numbers).size).toBeLessThanOrEqual(1)
        const last = turns.at(-1)?.after
        if (last !== undefined && 'processed' in last) {
          const lines = last.processed.map(({ line }) => line)
          seen.hitIf('a line processed', lines.length > 0)
          expect(new Set(lines).size).toBe(lines.length)
          if (last.stage === 'Completed') {
            seen.hit('completed')
            expect(lines.length).toBe(last.contents.lines.length)
          }
        }
      }),
    )
    seen.expectAll()
  })
})
