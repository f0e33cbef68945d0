/** A participant's record: its maximum, its totals, and every User ID ever allocated. */
import { userId } from 'ccass-2fa/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Role } from '../../src/identity/role.ts'
import type { UserId } from '../../src/identity/user-id.ts'
import { foldEvents } from '../../src/kernel/decider.ts'
import {
  type ParticipantCommand,
  type ParticipantEvent,
  participantDecider,
  participantTransitions,
  type UserIdAllocation,
} from '../../src/participant/decide.ts'
import {
  accountTotals,
  allocatedUserIds,
  type Participant,
  unknownParticipant,
} from '../../src/participant/state.ts'
import { branches } from '../support/branches.ts'
import { expectReachedAndTrue, expectTotal, illTyped, rowIn } from '../support/dms-tables.ts'

const at = Date.UTC(2023, 5, 5, 1)
const { decide, evolve } = participantDecider
const ids = (role: Role, ...given: readonly string[]): readonly UserIdAllocation[] =>
  given.map((each) => ({ userId: each as UserId, role }))
const users = (...given: readonly string[]) => ids('User', ...given)
const give = (given: readonly UserIdAllocation[], enforceMaximum = true) =>
  ({ type: 'AllocateUserIds', at, ids: given, enforceMaximum }) as const
const free = (id: string) => ({ type: 'ReleaseQuota', at, userId: id as UserId }) as const
const setMaximum = (maximum: number) => ({ type: 'SetMaximum', at, maximum }) as const

const known = (...commands: readonly ParticipantCommand[]): Participant =>
  commands.reduce(
    (state, command) => foldEvents(evolve, state, decide(state, command, undefined)._unsafeUnwrap()),
    unknownParticipant as Participant,
  )
const refusedAs = (given: Participant, when: ParticipantCommand) =>
  decide(given, when, undefined)._unsafeUnwrapErr()

const example = () => {
  const numbers = Array.from({ length: 10 }, (_, i) => `B012340${i}`)
  const administrators = Array.from({ length: 6 }, (_, i) => `B01234X${i + 1}`)
  return known(
    setMaximum(20),
    give(users(...numbers)),
    give(ids('DelegatedAdministrator', ...administrators)),
  )
}

describe('the totals of a participant', () => {
  test('QTA-01 · are 20 / 16 / 6 / 10 with 4 available in the example of the briefing', () => {
    expect(accountTotals(example())).toEqual({
      ...{ maximum: 20, total: 16, administrators: 6, users: 10, available: 4 },
    })
  })

  test('QTA-01 · of a participant without a maximum state none, and no available accounts', () => {
    const none = { total: 0, administrators: 0, users: 0, available: 0 }
    expect(accountTotals(unknownParticipant)).toStrictEqual(none)
    const imported = known(give(users('B0123401'), false))
    expect(accountTotals(imported)).toStrictEqual({ ...none, total: 1, users: 1 })
  })

  test('QTA-02 · do not count a deleted account, and state none available if the maximum is below the total', () => {
    const state = foldEvents(evolve, example(), [
      { type: 'QuotaReleased', at, rule: 'QTA-02', userId: 'B01234X1' as UserId },
      { type: 'QuotaReleased', at, rule: 'QTA-02', userId: 'B0123400' as UserId },
    ])
    expect(accountTotals(state)).toMatchObject({ total: 14, administrators: 5, users: 9, available: 6 })
    const less = foldEvents(evolve, state, [{ type: 'MaximumSet', at, rule: 'QTA-01', maximum: 3 }])
    expect(accountTotals(less)).toMatchObject({ maximum: 3, total: 14, available: 0 })
  })
})

describe('the rows of a participant', () => {
  test('QTA-01 · set the maximum and can set it again', () => {
    expect(accountTotals(known(setMaximum(3), setMaximum(2))).maximum).toBe(2)
  })

  test('ESV-14 · add bought accounts to the maximum, starting from zero if none was set', () => {
    const buy = { type: 'RaiseMaximum', at, by: 5 } as const
    expect(accountTotals(known(buy)).maximum).toBe(5)
    expect(accountTotals(known(setMaximum(3), buy, buy)).maximum).toBe(13)
  })

  test('ID-12 · allocate an ID once and never again after a deletion', () => {
    const state = known(setMaximum(5), give(users('B0123401')))
    const taken = { reason: 'user-id-taken', rule: 'ID-12' }
    expect(refusedAs(state, give(users('B0123401')))).toEqual(taken)
    expect(refusedAs(state, give(users('B0123402', 'B0123401')))).toEqual(taken)
    expect(refusedAs(state, give(users('B0123402', 'B0123402')))).toEqual(taken)
    expect(refusedAs(unknownParticipant, give(users('B0123402', 'B0123402'), false))).toEqual(taken)
    const freed = foldEvents(evolve, state, decide(state, free('B0123401'), undefined)._unsafeUnwrap())
    expect(refusedAs(freed, give(users('B0123401')))).toEqual(taken)
    expect(refusedAs(freed, give(users('B0123401'), false))).toEqual(taken)
    expect([...allocatedUserIds(freed)]).toEqual(['B0123401'])
  })

  test('QTA-03 · allocate up to the maximum and no further', () => {
    const state = known(setMaximum(2), give(users('B0123401')))
    const beyond = { reason: 'quota-exceeded', rule: 'QTA-03' }
    expect(refusedAs(state, give(users('B0123402', 'B0123403')))).toEqual(beyond)
    expect(decide(state, give(users('B0123402')), undefined).isOk()).toBe(true)
    expect(refusedAs(known(setMaximum(0)), give(users('B0123401')))).toEqual(beyond)
    expect(refusedAs(unknownParticipant, give(users('B0123401')))).toEqual(beyond)
  })

  test('QTA-02 · release quota at a deletion', () => {
    const full = known(setMaximum(1), give(users('B0123401')))
    const freed = foldEvents(evolve, full, decide(full, free('B0123401'), undefined)._unsafeUnwrap())
    expect(decide(freed, give(users('B0123402')), undefined).isOk()).toBe(true)
  })

  test('QTA-03 · import existing accounts even beyond the maximum', () => {
    const state = known(setMaximum(1), give(users('B0123401', 'B0123402', 'B0123403'), false))
    expect(accountTotals(state)).toMatchObject({ maximum: 1, total: 3, available: 0 })
  })

  test('QTA-02 · release no quota for an account that does not exist', () => {
    const none = { reason: 'no-such-account', rule: 'QTA-02' }
    const state = known(setMaximum(1), give(users('B0123401')))
    expect(refusedAs(unknownParticipant, free('B0123401'))).toEqual(none)
    expect(refusedAs(state, free('B0123402'))).toEqual(none)
    expect(
      refusedAs(
        foldEvents(evolve, state, decide(state, free('B0123401'), undefined)._unsafeUnwrap()),
        free('B0123401'),
      ),
    ).toEqual(none)
    for (const name of ['constructor', '__proto__', 'hasOwnProperty'])
      expect(refusedAs(state, free(name))).toEqual(none)
  })

  test.each(['constructor', '__proto__', 'toString'])(
    'ID-12 · treat an ID called %s as not allocated',
    (name) => {
      expect(decide(known(setMaximum(1)), give(users(name)), undefined).isOk()).toBe(true)
    },
  )
})

const anyId = () =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.constantFrom(...['01', '02', '03', '04', '05', 'X1'].map((e) => `B01234${e}` as UserId)),
    },
    { weight: 1, arbitrary: userId() },
  )
const newId = () =>
  fc.record({ userId: anyId(), role: fc.constantFrom<Role>('User', 'DelegatedAdministrator') })
const command = (): fc.Arbitrary<ParticipantCommand> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.nat({ max: 4 }).map(setMaximum) },
    { weight: 1, arbitrary: fc.nat({ max: 2 }).map((by) => ({ type: 'RaiseMaximum', at, by }) as const) },
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.array(newId(), { minLength: 1, maxLength: 3 }), fc.boolean())
        .map(([given, within]) => give(given, within)),
    },
    { weight: 4, arbitrary: anyId().map(free) },
  )
const history = () =>
  fc.array(command(), { maxLength: 25, size: 'max' }).map((commands) => {
    let state: Participant = unknownParticipant
    return commands.map((given) => {
      const before = state
      const turn = decide(before, given, undefined).match(
        (events) => ({ before, command: given, events, after: foldEvents(evolve, before, events) }),
        (refusal) => ({ before, command: given, events: [], refusal, after: before }),
      )
      state = turn.after
      return turn
    })
  })

describe('the table of a participant', () => {
  test('QTA-03 · decides every command at every stage', () => {
    const commands = ['SetMaximum', 'RaiseMaximum', 'AllocateUserIds', 'ReleaseQuota']
    expectTotal(participantTransitions, commands, ['Unknown', 'Known'])
  })

  test('QTA-03 · has rows that are all reached and emit what they declare', () => {
    const turns = fc.sample(history(), { numRuns: 200, seed: 5 }).flat()
    expectReachedAndTrue(participantTransitions, turns, (turn) =>
      rowIn(participantTransitions, turn, undefined),
    )
  })
})

describe('the histories of a participant', () => {
  test('AUD-01 · replay to the state, also through JSON', () => {
    fc.assert(
      fc.property(history(), (turns) => {
        const events: ParticipantEvent[] = turns.flatMap((turn) => turn.events)
        const stored = JSON.parse(JSON.stringify(events)) as ParticipantEvent[]
        expect(foldEvents(evolve, unknownParticipant, stored)).toEqual(
          turns.at(-1)?.after ?? unknownParticipant,
        )
      }),
    )
  })

  test('QTA-03 · never allocate beyond the maximum, and the totals are allocations minus releases', () => {
    const seen = branches(
      'allocated',
      'released',
      'allocated within the maximum',
      'no maximum',
      'above the maximum',
    )
    fc.assert(
      fc.property(history(), (turns) => {
        let there = 0
        for (const { command: given, events, after: state } of turns) {
          for (const event of events)
            if (event.type === 'UserIdsAllocated') {
              seen.hit('allocated')
              there += event.ids.length
            } else if (seen.hitIf('released', event.type === 'QuotaReleased')) there--
          const totals = accountTotals(state)
          expect(totals.total).toBe(there)
          expect(totals.administrators + totals.users).toBe(there)
          expect(totals.available).toBe(Math.max(0, (totals.maximum ?? 0) - there))
          seen.hitIf('no maximum', totals.maximum === undefined)
          seen.hitIf('above the maximum', totals.maximum !== undefined && there > totals.maximum)
          const isWithin = given.type === 'AllocateUserIds' && given.enforceMaximum && events.length > 0
          if (seen.hitIf('allocated within the maximum', isWithin))
            expect(there).toBeLessThanOrEqual(totals.maximum ?? 0)
        }
      }),
    )
    seen.expectAll()
  })

  test('ID-12 · allocate no ID twice and forget none', () => {
    const seen = branches('allocated', 'nothing allocated')
    fc.assert(
      fc.property(history(), (turns) => {
        const given: string[] = []
        for (const { events, after: state } of turns) {
          for (const event of events)
            if (event.type === 'UserIdsAllocated') given.push(...event.ids.map((id) => id.userId))
          seen.either('allocated', 'nothing allocated', given.length > 0)
          expect(new Set(given).size).toBe(given.length)
          expect([...allocatedUserIds(state)].sort()).toEqual([...given].sort())
        }
      }),
    )
    seen.expectAll()
  })

  test('AUD-01 · decide any command with a list of IDs and other fields of any type without throwing', () => {
    const wild = fc.record({
      type: fc.constantFrom('SetMaximum', 'RaiseMaximum', 'AllocateUserIds', 'ReleaseQuota'),
      ...{ at: illTyped(), maximum: illTyped(), enforceMaximum: illTyped(), userId: fc.string() },
      by: illTyped(),
      ids: fc.array(fc.record({ userId: fc.string(), role: illTyped() })),
    })
    fc.assert(
      fc.property(wild, history(), (given, turns) => {
        for (const state of [unknownParticipant, turns.at(-1)?.after ?? unknownParticipant])
          decide(state, given as unknown as ParticipantCommand, undefined)
      }),
    )
  })
})
