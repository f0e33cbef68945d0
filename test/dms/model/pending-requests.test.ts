/** The list of a maker's pending requests. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type PendingRequests,
  pendingRequestsDecider,
  pendingRequestsTransitions,
} from '../../../src/dms/model/pending-requests.ts'
import { foldEvents } from '../../../src/kernel/decider.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'
import { branches } from '../../support/branches.ts'
import { expectReadableConditions } from '../../support/dms-tables.ts'

const at = 1_000_000
const allowing = (maxPendingRequests: number) => ({ dms: { ...defaultPolicy.dms, maxPendingRequests } })
const listed = (...requests: string[]): PendingRequests => ({ stage: 'Listed', requests })

const add = (state: PendingRequests, request: string, closed: readonly string[], maximum: number) => {
  const decision = pendingRequestsDecider.decide(
    state,
    { type: 'AddPendingRequest', at, request, closed },
    allowing(maximum),
  )
  return {
    outcome: decision.match(
      (events) => events.map(({ type, rule }) => `${type} ${rule}`).join(),
      ({ reason, rule }) => `${reason} ${rule}`,
    ),
    after: foldEvents(pendingRequestsDecider.evolve, state, decision.unwrapOr([])),
  }
}

describe("a maker's pending requests", () => {
  test.each([
    ['the first is added', listed(), [], listed('new')],
    ['the last that the policy allows is added', listed('a'), [], listed('a', 'new')],
    ['a closed one makes room', listed('a', 'b'), ['a'], listed('b', 'new')],
    ['all closed ones are removed', listed('a', 'b'), ['b', 'a'], listed('new')],
  ])('DMS-10 · %s', (_, before, closed, after) => {
    expect(add(before, 'new', closed, 2)).toEqual({ outcome: 'PendingRequestAdded DMS-10', after })
  })

  test.each([
    ['the list is full', listed('a', 'b'), [], 2],
    ['the policy now allows fewer than are listed', listed('a', 'b', 'c'), ['a'], 2],
    ['what was closed is not in the list', listed('a', 'b'), ['c'], 2],
  ])('DMS-10 · no request is added if %s', (_, before, closed, maximum) => {
    expect(add(before, 'new', closed, maximum)).toEqual({
      outcome: 'too-many-requests DMS-10',
      after: before,
    })
  })

  test('AUD-05 · the table decides every command, first on a full list', () => {
    expect(pendingRequestsTransitions.map(({ on, from, when }) => [on, from, when.length])).toEqual([
      ['AddPendingRequest', ['Listed'], 1],
      ['AddPendingRequest', ['Listed'], 0],
    ])
    expectReadableConditions(pendingRequestsTransitions)
  })

  test('DMS-10 · in any order of entering and closing, no more are listed than allowed, and every open one is', () => {
    const seen = branches('added', 'refused', 'pruned', 'refused with no closed ones')
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ closes: fc.nat(9), prunes: fc.boolean() }), { maxLength: 30 }),
        (maximum, steps) => {
          let state = pendingRequestsDecider.initial
          const open = new Set<string>()
          for (const [n, { closes, prunes }] of steps.entries()) {
            const request = `request ${n}`
            const closed = state.requests.filter((id) => seen.hitIf('pruned', prunes && !open.has(id)))
            const { outcome, after } = add(state, request, closed, maximum)
            if (seen.either('added', 'refused', outcome.startsWith('Pending'))) open.add(request)
            state = after
            expect(state.requests.length).toBeLessThanOrEqual(maximum)
            expect([...open].filter((id) => !state.requests.includes(id))).toEqual([])
            if (seen.hitIf('refused with no closed ones', prunes && !outcome.startsWith('Pending')))
              expect(open.size).toBe(maximum)
            open.delete([...open][closes] ?? '')
          }
        },
      ),
    )
    seen.expectAll()
  })
})

test('DMS-10 · the table of a maker’s pending requests', () => {
  expect(pendingRequestsTransitions.map(({ on, from, outcome, rule }) => [on, from, outcome, rule])).toEqual([
    ['AddPendingRequest', ['Listed'], { kind: 'refusal', reason: 'too-many-requests' }, 'DMS-10'],
    [
      'AddPendingRequest',
      ['Listed'],
      { kind: 'events', events: ['PendingRequestAdded'], to: 'same' },
      'DMS-10',
    ],
  ])
})
