/** The kit's given/when/then: it passes for the right outcome, and fails for every other. */
import { deciderSpecification } from 'ccass-2fa/testing'
import { expect, test } from 'vitest'
import { accountDecider } from '../../src/account/decide.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { event, happened, history, t0 } from '../support/random-histories.ts'

const { given } = deciderSpecification(accountDecider, defaultPolicy)
const unlock = { type: 'Unlock', at: t0 } as const
const remove = { type: 'Delete', at: t0 } as const
const locked = given(...history.app, ...Array.from({ length: 5 }, happened.wrongPassword))

test('AUD-01 · given/when/then passes for the decider’s outcome and returns the resulting state', () => {
  const after = given(...history.registered)
    .when(remove)
    .then(event('Deleted', 'ID-12', {}))
  expect(after.stage).toBe('Deleted')
  given().when(unlock).thenRefused('unknown-user', 'ID-12')
})

test('AUD-01 · given/when/then fails for other events, for a refusal, and for another reason', () => {
  expect(() =>
    given(...history.registered)
      .when(remove)
      .then(),
  ).toThrow()
  expect(() => given().when(unlock).then()).toThrow('Unlock was refused: unknown-user (ID-12)')
  expect(() =>
    given(...history.registered)
      .when(remove)
      .thenRefused('deleted', 'ID-12'),
  ).toThrow('Delete was not refused')
  expect(() => given().when(unlock).thenRefused('deleted', 'ID-12')).toThrow()
  expect(() => locked.when(unlock).then()).toThrow()
})
