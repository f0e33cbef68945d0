/** A checker's Authorisation Codes: each row, the table, and whatever may happen in any order. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Authorisation,
  type AuthorisationCommand,
  type AuthorisationEvent,
  authorisationDecider,
  authorisationTransitions,
  type DrawnCode,
  noAuthorisation,
} from '../../../src/dms/model/authorisation-code.ts'
import { fold } from '../../../src/kernel/decider.ts'
import { definePolicy } from '../../../src/policy/define.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'
import { expectReachedAndTrue, expectTotal, illTyped, rowIn } from '../../support/dms-tables.ts'

const at = Date.UTC(2023, 5, 5, 1)
const minutes = 60_000
const stages = ['None', 'Drawn'] as const

const draw = {
  type: 'DrawCode',
  ...{ at, request: 'one', digest: 'digest', credential: 'credential', generation: 3 },
  loginExpiresAt: at + 480 * minutes,
} as const
const drawn: DrawnCode = {
  stage: 'Drawn',
  ...{ request: 'one', digest: 'digest', credential: 'credential', generation: 3, misses: 0 },
  expiresAt: at + 5 * minutes,
}
const use = { type: 'UseCode', at: at + 1, request: 'one', generation: 3, matches: true } as const
const miss = { ...use, matches: false } as const

const { decide, evolve } = authorisationDecider
const become = (given: Authorisation, when: AuthorisationCommand, rules = defaultPolicy) => {
  const events = decide(given, when, rules)._unsafeUnwrap()
  return {
    events: events.map(({ type, rule }) => `${type} ${rule}`),
    after: fold(evolve, given, events),
    whole: events,
  }
}
const refusedAs = (given: Authorisation, when: AuthorisationCommand) =>
  decide(given, when, defaultPolicy)._unsafeUnwrapErr()

describe('given no code', () => {
  test('DMS-04 · when one is drawn, then it is good for five minutes', () => {
    expect(become(noAuthorisation, draw)).toMatchObject({ events: ['CodeDrawn DMS-04'], after: drawn })
  })

  test('DMS-04 · …and never longer than the checker’s login', () => {
    const { after } = become(noAuthorisation, { ...draw, loginExpiresAt: at + 7 })
    expect(after).toEqual({ ...drawn, expiresAt: at + 7 })
  })

  test('DMS-04 · how long is the policy’s to say', () => {
    const short = definePolicy({ dms: { authorisationCode: { validSeconds: 30 } } })._unsafeUnwrap()
    expect(become(noAuthorisation, draw, short).after).toEqual({ ...drawn, expiresAt: at + 30_000 })
  })

  test('DMS-04 · when one is used, there is none', () => {
    expect(refusedAs(noAuthorisation, use)).toEqual({ reason: 'no-code-drawn', rule: 'DMS-04' })
  })
})

describe('given a code', () => {
  test('DMS-04 · when it is used, then it is gone: it is good once', () => {
    const { events, after } = become(drawn, use)
    expect({ events, after }).toEqual({ events: ['CodeUsed DMS-04'], after: noAuthorisation })
    expect(refusedAs(after, use)).toEqual({ reason: 'no-code-drawn', rule: 'DMS-04' })
  })

  test('DMS-04 · when another is drawn, then the newest alone is good', () => {
    const another = { ...draw, at: at + 5, request: 'two', credential: 'another' }
    const { after } = become({ ...drawn, misses: 2 }, another)
    expect(after).toEqual({
      ...drawn,
      request: 'two',
      credential: 'another',
      expiresAt: at + 5 + 5 * minutes,
    })
  })

  test('DMS-04 · when a wrong one is entered, then it is counted; the third voids', () => {
    const first = become(drawn, miss)
    expect(first.events).toEqual(['CodeMissed DMS-04'])
    const second = become(first.after, miss)
    expect(second).toMatchObject({ events: ['CodeMissed DMS-04'], after: { ...drawn, misses: 2 } })
    const third = become(second.after, miss)
    expect(third).toMatchObject({
      events: ['CodeMissed DMS-04', 'CodeVoided DMS-04'],
      after: noAuthorisation,
    })
    expect(third.whole.at(-1)).toMatchObject({ why: 'misses' })
    expect(refusedAs(third.after, use)).toEqual({ reason: 'no-code-drawn', rule: 'DMS-04' })
  })

  test('DMS-04 · how many are the policy’s to say', () => {
    const strict = definePolicy({ dms: { authorisationCode: { misses: 1 } } })._unsafeUnwrap()
    expect(become(drawn, miss, strict).after).toEqual(noAuthorisation)
  })

  test('DMS-05 · when it is used for another request, then it is void, and voided for the first too', () => {
    const { events, after, whole } = become(drawn, { ...use, request: 'two' })
    expect({ events, after }).toEqual({ events: ['CodeVoided DMS-05'], after: noAuthorisation })
    expect(whole).toMatchObject([{ why: 'other-request' }])
  })

  test('DMS-04 · a wrong one for another request is a wrong one', () => {
    expect(become(drawn, { ...miss, request: 'two' }).events).toEqual(['CodeMissed DMS-04'])
  })

  test.each([4, 2, -1])(
    'DMS-02 · when the checker’s login is void since (generation %i), then so is the code',
    (generation) => {
      for (const matches of [true, false]) {
        const { events, after, whole } = become(drawn, { ...use, matches, generation })
        expect({ events, after }).toEqual({ events: ['CodeVoided DMS-02'], after: noAuthorisation })
        expect(whole).toMatchObject([{ why: 'login-void' }])
      }
    },
  )

  test('DMS-04 · at its last millisecond it is good, at the next it is not, and nothing is counted', () => {
    expect(become(drawn, { ...use, at: drawn.expiresAt - 1 }).events).toEqual(['CodeUsed DMS-04'])
    for (const matches of [true, false])
      expect(refusedAs(drawn, { ...use, at: drawn.expiresAt, matches })).toEqual({
        reason: 'code-expired',
        rule: 'DMS-04',
      })
  })
})

const names = fc.constantFrom('one', 'two')
const generations = fc.constantFrom(3, 3, 3, 3, 4)
const command = (when: number): fc.Arbitrary<AuthorisationCommand> =>
  fc.oneof(
    fc.record({
      type: fc.constant('DrawCode' as const),
      at: fc.constant(when),
      request: names,
      digest: fc.constantFrom('digest', 'another'),
      credential: fc.constant(`credential-${when}`),
      generation: generations,
      loginExpiresAt: fc.constantFrom(when + 480 * minutes, when + 2, when - 1),
    }),
    ...[1, 2].map(() =>
      fc.record({
        type: fc.constant('UseCode' as const),
        at: fc.constant(when),
        request: names,
        generation: generations,
        matches: fc.boolean(),
      }),
    ),
  )

/** Histories of one checker's codes. */
const history = () =>
  fc
    .tuple(
      fc.array(
        fc.oneof(
          { weight: 9, arbitrary: fc.nat({ max: 30_000 }) },
          { weight: 1, arbitrary: fc.constant(5 * minutes) },
        ),
        {
          minLength: 1,
          maxLength: 20,
          size: 'max',
        },
      ),
      fc.infiniteStream(fc.nat({ max: 0x7fffffff })),
    )
    .chain(([waits]) => {
      let now = at
      return fc.tuple(
        ...waits.map((wait) => {
          now += wait
          return command(now)
        }),
      )
    })
    .map((commands) => {
      let state: Authorisation = noAuthorisation
      return commands.map((given) => {
        const before = state
        const turn = decide(before, given, defaultPolicy).match(
          (events) => ({ before, command: given, events, after: fold(evolve, before, events) }),
          (refusal) => ({ before, command: given, events: [], refusal, after: before }),
        )
        state = turn.after
        return turn
      })
    })

describe('the table', () => {
  test('DMS-04 · decides on every command at every stage', () => {
    expectTotal(authorisationTransitions, ['DrawCode', 'UseCode'], stages)
  })

  test('DMS-04 · every row is reached, and does what it says', () => {
    const turns = fc.sample(history(), { numRuns: 300, seed: 5 }).flat()
    expectReachedAndTrue(authorisationTransitions, turns, (turn) =>
      rowIn(authorisationTransitions, turn, defaultPolicy),
    )
  })
})

describe('histories', () => {
  test('AUD-01 · the state is the fold of the events, through JSON too', () => {
    fc.assert(
      fc.property(history(), (turns) => {
        const events: AuthorisationEvent[] = turns.flatMap((turn) => turn.events)
        const stored = JSON.parse(JSON.stringify(events)) as AuthorisationEvent[]
        expect(fold(evolve, noAuthorisation, stored)).toEqual(turns.at(-1)?.after)
      }),
    )
  })

  test('DMS-04 · each drawing is good once, for its own request, in time, after two wrong entries at most', () => {
    fc.assert(
      fc.property(history(), (turns) => {
        let open: { request: string; expiresAt: number; generation: number; misses: number } | undefined
        for (const { command: given, events } of turns)
          for (const event of events) {
            if (event.type === 'CodeDrawn') open = { ...event, misses: 0 }
            if (event.type === 'CodeMissed') {
              expect(open).toBeDefined()
              if (open !== undefined) open.misses++
              expect(open?.misses).toBeLessThanOrEqual(3)
            }
            if (event.type === 'CodeVoided') open = undefined
            if (event.type !== 'CodeUsed') continue
            if (given.type !== 'UseCode') throw new Error(given.type)
            expect(open).toMatchObject({ request: given.request, generation: given.generation })
            expect(given.at).toBeLessThan(open?.expiresAt ?? 0)
            expect(open?.misses).toBeLessThanOrEqual(2)
            expect(given.matches).toBe(true)
            open = undefined
          }
      }),
    )
  })

  test('AUD-01 · any command with fields of any type is decided without a throw', () => {
    const wild = fc.record({
      type: fc.constantFrom('DrawCode', 'UseCode'),
      ...{
        at: illTyped(),
        request: illTyped(),
        digest: illTyped(),
        credential: illTyped(),
        matches: illTyped(),
      },
      ...{ generation: illTyped(), loginExpiresAt: illTyped() },
    })
    fc.assert(
      fc.property(wild, history(), (given, turns) => {
        for (const state of [noAuthorisation, drawn])
          decide(state, given as unknown as AuthorisationCommand, defaultPolicy)
        for (const event of turns.flatMap(({ events }) => events))
          for (const state of [noAuthorisation, drawn]) expect(stages).toContain(evolve(state, event).stage)
      }),
    )
  })

  test('PW-15 · no event holds more than the name of a code', () => {
    fc.assert(
      fc.property(history(), (turns) => {
        const known = [
          'type',
          'at',
          'rule',
          'request',
          'digest',
          'credential',
          'generation',
          'expiresAt',
          'why',
        ]
        for (const event of turns.flatMap(({ events }) => events))
          expect(Object.keys(event).filter((key) => !known.includes(key))).toEqual([])
      }),
    )
  })
})
