/** A checker's Authorisation Codes: each row, the table, and any sequence of commands. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AuthorisationCodeCommand,
  type AuthorisationCodeEvent,
  type AuthorisationCodeState,
  type AuthorisationCodeTypes,
  authorisationCodeDecider,
  authorisationCodeTransitions,
  type IssuedAuthorisationCode,
  nextAuthorisationCodeFact,
  noAuthorisationCode,
} from '../../../src/dms/model/authorisation-code.ts'
import { foldEvents } from '../../../src/kernel/decider.ts'
import { clockTolerance } from '../../../src/kernel/instant.ts'
import { definePolicy } from '../../../src/policy/define.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'
import { decideByAsking } from '../../support/asked-facts.ts'
import { branches } from '../../support/branches.ts'
import { expectReachedAndTrue, expectTotal, illTyped, rowIn } from '../../support/dms-tables.ts'

const at = Date.UTC(2023, 5, 5, 1)
const minutes = 60_000
const accountStages = ['None', 'Issued'] as const

const issue = {
  type: 'IssueAuthorisationCode',
  ...{ at, request: 'one', entryDigest: 'digest', credential: 'credential', sessionEpoch: 3, codeRound: 0 },
  sessionExpiresAt: at + 480 * minutes,
} as const
const issued: IssuedAuthorisationCode = {
  stage: 'Issued',
  ...{ request: 'one', entryDigest: 'digest', credential: 'credential', sessionEpoch: 3, codeRound: 0 },
  expiresAt: at + 5 * minutes,
}
const use = {
  type: 'UseAuthorisationCode',
  at: at + 1,
  request: 'one',
  codeRound: 0,
  sessionEpoch: 3,
  matches: true,
} as const
const miss = { ...use, matches: false } as const

const { decide, evolve } = authorisationCodeDecider
const become = (given: AuthorisationCodeState, when: AuthorisationCodeCommand, rules = defaultPolicy) => {
  const events = decide(given, when, rules)._unsafeUnwrap()
  return {
    events: events.map(({ type, rule }) => `${type} ${rule}`),
    after: foldEvents(evolve, given, events),
    whole: events,
  }
}
const refusedAs = (given: AuthorisationCodeState, when: AuthorisationCodeCommand) =>
  decide(given, when, defaultPolicy)._unsafeUnwrapErr()

describe('given no code', () => {
  test('DMS-04 · an issued code is valid for five minutes', () => {
    expect(become(noAuthorisationCode, issue)).toMatchObject({
      events: ['AuthorisationCodeIssued DMS-04'],
      after: issued,
    })
  })

  test('DMS-04 · an issued code never outlives the checker’s session', () => {
    const { after } = become(noAuthorisationCode, { ...issue, sessionExpiresAt: at + 7 })
    expect(after).toEqual({ ...issued, expiresAt: at + 7 })
  })

  test('DMS-04 · the policy sets the lifetime of a code', () => {
    const short = definePolicy({ dms: { authorisationCode: { validSeconds: 30 } } })._unsafeUnwrap()
    expect(become(noAuthorisationCode, issue, short).after).toEqual({ ...issued, expiresAt: at + 30_000 })
  })

  test('DMS-04 · a code cannot be used', () => {
    expect(refusedAs(noAuthorisationCode, use)).toEqual({ reason: 'no-code-issued', rule: 'DMS-04' })
  })
})

describe('given a code', () => {
  test('DMS-04 · its use voids it: it is valid once', () => {
    const { events, after } = become(issued, use)
    expect({ events, after }).toEqual({
      events: ['AuthorisationCodeUsed DMS-04'],
      after: noAuthorisationCode,
    })
    expect(refusedAs(after, use)).toEqual({ reason: 'no-code-issued', rule: 'DMS-04' })
  })

  test('DMS-04 · issuing another voids it', () => {
    const another = { ...issue, at: at + 5, request: 'two', credential: 'another' }
    const { after } = become(issued, another)
    expect(after).toEqual({
      ...issued,
      request: 'two',
      credential: 'another',
      expiresAt: at + 5 + 5 * minutes,
    })
  })

  test('DMS-04 · a wrong code is refused and does not affect it', () => {
    expect(refusedAs(issued, miss)).toEqual({ reason: 'wrong-code', rule: 'DMS-04' })
  })

  test('API-03 · a code issued under a clock that was ahead is refused, correct or wrong, and remains', () => {
    for (const matches of [true, false])
      expect(refusedAs(issued, { ...use, matches, at: at - clockTolerance - 1 })).toEqual({
        reason: 'instant-from-the-future',
        rule: 'API-03',
      })
    expect(become(issued, { ...use, at: at - clockTolerance }).events).toEqual([
      'AuthorisationCodeUsed DMS-04',
    ])
  })

  test('DMS-04, DMS-09 · using it for another request, correct or wrong, is refused, and it remains valid for its own', () => {
    for (const matches of [true, false])
      expect(refusedAs(issued, { ...use, matches, request: 'two' })).toEqual({
        reason: 'code-for-another-request',
        rule: 'DMS-04',
      })
  })

  test('DMS-09 · revoking the codes of its request voids it', () => {
    for (const matches of [true, false]) {
      const { events, after, whole } = become(issued, { ...use, matches, codeRound: 1 })
      expect({ events, after }).toEqual({
        events: ['AuthorisationCodeRevoked DMS-09'],
        after: noAuthorisationCode,
      })
      expect(whole).toMatchObject([{ reason: 'too-many-attempts' }])
    }
  })

  test.each([4, 2, -1])(
    'DMS-02 · a session of the checker that has ended (sessionEpoch %i) makes it invalid',
    (sessionEpoch) => {
      for (const matches of [true, false]) {
        const { events, after, whole } = become(issued, { ...use, matches, sessionEpoch })
        expect({ events, after }).toEqual({
          events: ['AuthorisationCodeRevoked DMS-02'],
          after: noAuthorisationCode,
        })
        expect(whole).toMatchObject([{ reason: 'session-ended' }])
      }
    },
  )

  test('DMS-04 · it is valid at its last millisecond and not at the next, and nothing is counted', () => {
    expect(become(issued, { ...use, at: issued.expiresAt - 1 }).events).toEqual([
      'AuthorisationCodeUsed DMS-04',
    ])
    for (const matches of [true, false])
      expect(refusedAs(issued, { ...use, at: issued.expiresAt, matches })).toEqual({
        reason: 'code-expired',
        rule: 'DMS-04',
      })
  })
})

const names = fc.constantFrom('one', 'two')
const rounds = fc.constantFrom(0, 0, 0, 1)
const generations = fc.constantFrom(3, 3, 3, 3, 4)
const command = (when: number): fc.Arbitrary<AuthorisationCodeCommand> =>
  fc.oneof(
    fc.record({
      type: fc.constant('IssueAuthorisationCode' as const),
      at: fc.constant(when),
      request: names,
      entryDigest: fc.constantFrom('digest', 'another'),
      codeRound: rounds,
      credential: fc.constant(`credential-${when}`),
      sessionEpoch: generations,
      sessionExpiresAt: fc.constantFrom(when + 480 * minutes, when + 2, when - 1),
    }),
    ...[1, 2].map(() =>
      fc.record({
        type: fc.constant('UseAuthorisationCode' as const),
        at: fc.constant(when),
        request: names,
        codeRound: rounds,
        sessionEpoch: generations,
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
          // A clock that is set back (API-03).
          { weight: 1, arbitrary: fc.constant(-10 * minutes) },
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
      let state: AuthorisationCodeState = noAuthorisationCode
      return commands.map((given) => {
        const before = state
        const turn = decide(before, given, defaultPolicy).match(
          (events) => ({ before, command: given, events, after: foldEvents(evolve, before, events) }),
          (refusal) => ({ before, command: given, events: [], refusal, after: before }),
        )
        state = turn.after
        return turn
      })
    })

describe('the table', () => {
  test('DMS-04 · decides every command at every stage', () => {
    expectTotal(
      authorisationCodeTransitions,
      ['IssueAuthorisationCode', 'UseAuthorisationCode'],
      accountStages,
    )
  })

  test('DMS-04 · has rows that are all reached and emit what they declare', () => {
    const turns = fc.sample(history(), { numRuns: 300, seed: 5 }).flat()
    expectReachedAndTrue(authorisationCodeTransitions, turns, (turn) =>
      rowIn(authorisationCodeTransitions, turn, defaultPolicy),
    )
  })
})

describe('histories', () => {
  test('AUD-01 · replay to the state, also through JSON', () => {
    fc.assert(
      fc.property(history(), (turns) => {
        const events: AuthorisationCodeEvent[] = turns.flatMap((turn) => turn.events)
        const stored = JSON.parse(JSON.stringify(events)) as AuthorisationCodeEvent[]
        expect(foldEvents(evolve, noAuthorisationCode, stored)).toEqual(turns.at(-1)?.after)
      }),
    )
  })

  test('DMS-04, DMS-09 · accept each issued code at most once, for its own request, in its round and in time', () => {
    const seen = branches('issued', 'revoked while open', 'used')
    fc.assert(
      fc.property(history(), (turns) => {
        let open: AuthorisationCodeEvent | undefined
        for (const { command: given, events } of turns)
          for (const event of events) {
            seen.hitIf('revoked while open', event.type === 'AuthorisationCodeRevoked' && open !== undefined)
            if (event.type === 'AuthorisationCodeIssued') {
              seen.hit('issued')
              open = event
            }
            if (event.type === 'AuthorisationCodeRevoked') open = undefined
            if (event.type !== 'AuthorisationCodeUsed') continue
            if (given.type !== 'UseAuthorisationCode') throw new Error(given.type)
            seen.hit('used')
            const { request, sessionEpoch, codeRound } = given
            expect(open).toMatchObject({ request, sessionEpoch, codeRound })
            const { expiresAt = 0 } = open as { expiresAt?: number }
            expect(given.at).toBeLessThan(expiresAt)
            expect(expiresAt).toBeLessThanOrEqual(given.at + 5 * minutes + clockTolerance)
            expect(given.matches).toBe(true)
            open = undefined
          }
      }),
      { numRuns: 100 },
    )
    seen.expectAll()
  })

  test('AUD-01 · decide any command with fields of any type without throwing', () => {
    const wild = fc.record({
      type: fc.constantFrom('IssueAuthorisationCode', 'UseAuthorisationCode'),
      ...{
        at: illTyped(),
        request: illTyped(),
        entryDigest: illTyped(),
        credential: illTyped(),
        matches: illTyped(),
      },
      ...{ codeRound: illTyped(), sessionEpoch: illTyped(), sessionExpiresAt: illTyped() },
    })
    fc.assert(
      fc.property(wild, history(), (given, turns) => {
        for (const state of [noAuthorisationCode, issued])
          decide(state, given as unknown as AuthorisationCodeCommand, defaultPolicy)
        for (const event of turns.flatMap(({ events }) => events))
          for (const state of [noAuthorisationCode, issued])
            expect(accountStages).toContain(evolve(state, event).stage)
      }),
    )
  })

  test('PW-15 · contain no more than the name of a code', () => {
    fc.assert(
      fc.property(history(), (turns) => {
        const known = [
          'type',
          'at',
          'rule',
          'request',
          'entryDigest',
          'credential',
          'sessionEpoch',
          'codeRound',
          'expiresAt',
          'reason',
        ]
        for (const event of turns.flatMap(({ events }) => events))
          expect(Object.keys(event).filter((key) => !known.includes(key))).toEqual([])
      }),
    )
  })
})

test('DMS-04 · a code is verified only if it could still be used', () => {
  const table = { decide, nextFact: nextAuthorisationCodeFact }
  const asked = (state: AuthorisationCodeState, changed: Partial<Omit<typeof use, 'type'>> = {}) =>
    decideByAsking<AuthorisationCodeTypes>(
      table,
      state,
      { ...use, ...changed } as AuthorisationCodeCommand,
      defaultPolicy,
      ['matches'],
    ).asked
  expect(asked(issued)).toEqual(['matches'])
  expect(asked(noAuthorisationCode)).toEqual([])
  expect(asked(issued, { at: issued.expiresAt } as never)).toEqual([])
  expect(asked(issued, { request: 'two' } as never)).toEqual([])
  expect(asked(issued, { sessionEpoch: 4 } as never)).toEqual([])
  expect(asked(issued, { codeRound: 1 } as never)).toEqual([])
})

test('DMS-04 · a code names the card with which the checker signed in, and nothing in its place otherwise', () => {
  const none = { stage: 'None' } as const
  const [without] = decide(none, issue, defaultPolicy)._unsafeUnwrap()
  expect(without).not.toHaveProperty('card')
  const card = { srn: '0123456789abcdef', site: 'primary' } as const
  const [event] = decide(none, { ...issue, card }, defaultPolicy)._unsafeUnwrap()
  expect(event).toMatchObject({ card })
})
