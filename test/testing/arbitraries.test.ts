/** Each arbitrary generates what it promises, and the histories reach every reachable event. */
import {
  acceptablePassword,
  accountHistory,
  attempts,
  type CompositionRuleCode,
  commandHistory,
  type History,
  historySteps,
  passwordFailing,
  policy,
  runHistory,
  userId,
  userIdParts,
  wildCommand,
} from 'ccass-2fa/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountCommandTypes } from '../../src/account/commands.ts'
import { accountTransitions } from '../../src/account/decide.ts'
import { accountStages } from '../../src/account/state.ts'
import { formatUserId, parseUserId, validateUserId } from '../../src/identity/user-id.ts'
import { checkPassword, unmetPasswordRules } from '../../src/password/composition.ts'
import { definePolicy, type PolicyInput } from '../../src/policy/define.ts'
import { policyOverrides } from '../../src/policy/overrides.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { branches } from '../support/branches.ts'

const types = ['HKSCC', 'DB', 'HKCC', 'SEOCH'] as const
const roles = ['DelegatedAdministrator', 'User'] as const
const orders = ['as-example', 'as-written'] as const

describe.each(types.flatMap((type) => roles.map((role) => [type, role] as const)))('%s, %s', (type, role) => {
  test.each(orders)('ID-02, ID-09 · userId generates IDs that a new account may have, %s', (order) => {
    fc.assert(
      fc.property(userId(type, role, order), (id) => {
        const admitted = validateUserId(id, role, 'created', order)._unsafeUnwrap()
        expect(admitted.types).toContain(type)
        expect(admitted.userId).toBe(id)
      }),
    )
  })

  test('ID-02 · userIdParts generates parts that survive printing and parsing', () => {
    fc.assert(
      fc.property(userIdParts(type, role), fc.constantFrom(...orders), (parts, order) => {
        expect(parts).toMatchObject({ type, role })
        const printed = formatUserId(parts, order)._unsafeUnwrap()
        expect(parseUserId(printed, order)._unsafeUnwrap()).toMatchObject({ role, suffix: parts.suffix })
      }),
    )
  })
})

test('ID-02 · without a type and role, IDs of every type and role are generated', () => {
  const kinds = fc.sample(userIdParts(), 500).map(({ type, role }) => `${type} ${role}`)
  expect(new Set(kinds).size).toBe(types.length * roles.length)
  expect(fc.sample(userId(), 50).every((id) => parseUserId(id).isOk())).toBe(true)
})

const codes = [
  'too-short',
  'too-long',
  'no-number',
  'no-lower-case-letter',
  'no-capital-letter',
  'no-special-character',
  'not-well-formed',
] as const satisfies readonly CompositionRuleCode[]

const satisfiable = fc
  .subarray([...codes])
  .filter((broken) => !(broken.includes('too-short') && broken.includes('too-long')))

test('PW-05 · passwordFailing breaks exactly the named rules, under any policy', () => {
  const cases = fc
    .tuple(satisfiable, policy())
    .chain(([broken, under]) =>
      fc.tuple(fc.constant(broken), fc.constant(under), passwordFailing(broken, under)),
    )
  fc.assert(
    fc.property(cases, ([broken, under, password]) => {
      const unmet = unmetPasswordRules(password, under).map(({ code }) => code)
      expect(unmet.toSorted()).toEqual(broken.toSorted())
    }),
  )
})

test('PW-05 · each rule alone can be broken, and both lengths at once cannot', () => {
  for (const code of codes)
    for (const password of fc.sample(passwordFailing([code]), 20))
      expect(unmetPasswordRules(password).map((rule) => rule.code)).toEqual([code])
  expect(() => passwordFailing(['too-long', 'too-short'])).toThrow(RangeError)
})

test('PW-01, PW-06 · acceptablePassword generates acceptable passwords of every allowed length', () => {
  fc.assert(
    fc.property(
      policy().chain((under) => fc.tuple(fc.constant(under), acceptablePassword(under))),
      ([under, password]) => {
        expect(checkPassword(password, under).isOk()).toBe(true)
      },
    ),
  )
  const lengths = fc.sample(acceptablePassword(), 1_000).map((password) => [...password].length)
  expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([16, 128])
})

test('AUD-04 · policy generates frozen policies that definePolicy accepts, with every field also off its default', () => {
  const policies = fc.sample(policy(), 500)
  for (const each of policies) {
    expect(definePolicy(each as PolicyInput)._unsafeUnwrap()).toEqual(each)
    expect(Object.isFrozen(each.password)).toBe(true)
  }
  const departed = new Set(policies.flatMap((each) => policyOverrides(each).map(({ path }) => path)))
  const fieldsOf = (value: object, path = ''): string[] =>
    Object.entries(value).flatMap(([key, field]) =>
      typeof field === 'object' && !Array.isArray(field)
        ? fieldsOf(field, `${path}${key}.`)
        : [`${path}${key}`],
    )
  expect([...departed].sort()).toEqual(fieldsOf(defaultPolicy).sort())
})

test('LOCK-03 · attempts generates bounded sequences of every kind of attempt', () => {
  const runs = fc.sample(attempts({ maxLength: 30 }), 200)
  expect(new Set(runs.flat()).size).toBe(7)
  expect(Math.max(...runs.map(({ length }) => length))).toBe(30)
  expect(Math.max(...fc.sample(attempts(), 500).map(({ length }) => length))).toBeGreaterThan(50)
})

test('AUD-01 · wildCommand generates every command', () => {
  const sampled = new Set(fc.sample(wildCommand(), 2_000).map(({ type }) => type))
  expect([...sampled].sort()).toEqual([...accountCommandTypes].sort())
})

describe('generated histories', () => {
  const sampled = (histories: readonly History[]) => ({
    stages: new Set(histories.flatMap(({ decisions }) => decisions.map(({ after }) => after.stage))),
    channels: new Set(
      histories.flatMap(({ decisions }) =>
        decisions.flatMap(({ after }) => (after.stage === 'Initialised' ? [after.channel.kind] : [])),
      ),
    ),
    events: new Set(histories.flatMap(({ events }) => events.map(({ type }) => type))),
    commands: new Set(histories.flatMap(({ commands }) => commands.map(({ type }) => type))),
    reasons: new Set(histories.flatMap(({ refusals }) => refusals.map(({ reason }) => reason))),
    causes: new Set(
      histories.flatMap(({ events }) =>
        events.flatMap((event) => (event.type === 'PasswordSet' ? [event.reason] : [])),
      ),
    ),
  })

  /** Every event that a row of the account's table can emit, and that of a refusal. */
  const possible = new Set([
    'CommandRefused',
    ...accountTransitions.flatMap(({ outcome }) =>
      outcome.kind === 'events' ? outcome.events.map((event) => event.replace('?', '')) : [],
    ),
  ])

  test.each([
    ['the default policy', defaultPolicy],
    ['any policy', policy()],
  ])(
    'AUD-01 · reach every stage, event and command, both channels and a change of device, under %s',
    (_, under) => {
      const histories = fc.sample(accountHistory(under), 2_000)
      const reached = sampled(histories)
      expect([...reached.stages].sort()).toEqual([...accountStages].sort())
      expect([...reached.channels].sort()).toEqual(['Email', 'MobileApp'])
      expect([...reached.events].sort()).toEqual([...possible].sort())
      expect([...reached.commands].sort()).toEqual([...accountCommandTypes].sort())
      expect([...reached.causes].sort()).toEqual(['expired', 'first-sign-in', 'forgotten', 'voluntary'])
      expect(reached.reasons).toContain('challenge-expired')
      const pairs = histories.flatMap(({ commands }) =>
        commands.slice(1).map(({ at }, i) => at - (commands[i]?.at ?? 0)),
      )
      expect(pairs).toContain(0)
      expect(pairs.some((wait) => wait < 0)).toBe(true)
    },
  )

  test('AUD-01 · mostly reach a password, and often a sign-in', () => {
    const histories = fc.sample(accountHistory(), 500)
    const share = (type: string) =>
      histories.filter(({ events }) => events.some((event) => event.type === type)).length / histories.length
    expect(share('PasswordSet')).toBeGreaterThan(0.6)
    expect(share('ChannelEnrolled')).toBeGreaterThan(0.35)
    expect(share('SignInCompleted')).toBeGreaterThan(0.2)
    expect(share('Locked')).toBeGreaterThan(0.2)
  })

  test('AUD-01 · are the same for the same steps', () => {
    fc.assert(
      fc.property(historySteps({ maxLength: 10 }), policy(), (steps, under) => {
        expect(runHistory(steps, under)).toEqual(runHistory(steps, under))
      }),
    )
  })

  test('AUD-03 · contain refusals as events, which change nothing', () => {
    const seen = branches('taken', 'refused')
    fc.assert(
      fc.property(accountHistory(), ({ decisions }) => {
        for (const { refusal, events, before, after } of decisions)
          if (seen.either('refused', 'taken', refusal !== undefined)) {
            expect(events).toMatchObject([{ type: 'CommandRefused', ...refusal }])
            expect(after).toBe(before)
          }
      }),
    )
    seen.expectAll()
  })

  test('AUD-01 · are made of the commands that commandHistory generates', () => {
    const all = fc.sample(commandHistory(), 50)
    expect(all.flat().every(({ type }) => accountCommandTypes.includes(type))).toBe(true)
    expect(all.some(({ length }) => length > 20)).toBe(true)
  })
})
