/** Ports that fail: at each call of each, before and after it took effect, over whole journeys. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAuthentication } from '../../src/index.ts'
import { faulty, mannersOf, type Plan } from '../support/faults.ts'
import {
  another,
  initialised,
  locked,
  loggedIn,
  registered,
  setUp,
  unlocked,
  user,
} from '../support/journeys.ts'
import { expectBooksInOrder } from '../support/ledger.ts'
import { type Bag, bagOf, type Step, steps } from '../support/steps.ts'
import { codeOf, count, good, type World, world } from '../support/world.ts'

interface Journey {
  readonly name: string
  /** How it stands before; nothing fails there. */
  readonly before: (w: World) => Promise<Bag>
  readonly steps: readonly Step[]
  /** How often what must stand in the trail of these steps. */
  readonly leaves: Readonly<Record<string, number>>
}

const { ask, prove, misprove, set, begin, misbegin, choose, complete, confirm, misconfirm } = steps
const changeOwn = steps.change(another(3))
const { resend, cancel, check, carry, mischange, changeDevice, unlock, deliver } = steps

const firstLogin = (channel: 'MobileApp' | 'Email') => [
  ...[ask, misprove, prove, set(another(1)), begin],
  ...[choose(channel), complete, begin, confirm, check],
]

const journeys: readonly Journey[] = [
  ...(['MobileApp', 'Email'] as const).map((channel) => ({
    name: `first login by ${channel}`,
    before: async (w: World) => bagOf({ userId: await registered(w, user) }),
    steps: firstLogin(channel),
    leaves: { SetUpCodeRejected: 1, PasswordSet: 1, ChannelSet: 1, LoginCompleted: 1 },
  })),
  {
    name: 'wrong codes, a resend, a cancel, and a login by email',
    before: async (w) => bagOf(await initialised(w, user, 'Email')),
    steps: [
      begin,
      misconfirm(),
      resend,
      misconfirm(),
      cancel,
      begin,
      misconfirm('challenge-ended'),
      begin,
      confirm,
    ],
    leaves: { LoginCodeRejected: 3, LoginCompleted: 1 },
  },
  {
    name: 'a login whose hash is replaced',
    before: async (w) => {
      const bag = bagOf(await initialised(w))
      w.passwordHasher.strength = 2
      return bag
    },
    steps: [misbegin, begin, misconfirm(), confirm, carry, check],
    leaves: { PasswordRejected: 1, PasswordAccepted: 1, LoginCodeRejected: 1, LoginCompleted: 1 },
  },
  {
    name: 'a forgotten password',
    before: async (w) => bagOf(await initialised(w)),
    steps: [ask, prove, set(another(2)), begin, confirm],
    leaves: { PasswordSet: 1, LoginCompleted: 1 },
  },
  {
    name: 'a password changed, and a device',
    before: async (w) => {
      const person = await initialised(w)
      return { ...bagOf(person), principal: await loggedIn(w, person) }
    },
    steps: [
      mischange,
      changeOwn,
      changeDevice,
      begin,
      confirm,
      choose('MobileApp'),
      complete,
      begin,
      confirm,
    ],
    leaves: { PasswordRejected: 1, PasswordSet: 1, OldDeviceProved: 1, ChannelSet: 1, LoginCompleted: 1 },
  },
  {
    name: 'a lock with its notice',
    before: async (w) => bagOf(await initialised(w)),
    steps: [misbegin, misbegin, misbegin, misbegin, misbegin, misbegin, deliver],
    leaves: { PasswordRejected: 5, Locked: 1 },
  },
  {
    name: 'an unlock, and the set-up after it',
    before: async (w) => bagOf(await locked(w, await initialised(w))),
    steps: [unlock, ...firstLogin('MobileApp')],
    leaves: { Unlocked: 1, PasswordSet: 1, ChannelSet: 1, LoginCompleted: 1 },
  },
]

/** A world whose ports can be made to fail, with every port in use. */
const fragile = () => {
  const faults = faulty()
  const w = world({
    policy: { password: { history: 2, blocklist: true } },
    passwordBlocklist: { includes: async () => false },
    between: faults.between,
  })
  return { w, faults }
}

const untilNow = (w: World, types: readonly string[]) =>
  Promise.all(types.map((type) => count(w, user, type)))

/**
 * How a fault may be answered. A seal that does not open is a void principal: a box rejects what was
 * altered as it rejects what it can't tell.
 */
const clear = ['port-failed', 'delivery-failed', 'principal-void']

/** Runs a journey by a plan that fails once: each step is answered as expected, or clearly and then as expected. */
const travel = async ({ before, steps: way, leaves }: Journey, plan: Plan) => {
  const { w, faults } = fragile()
  const bag = await before(w)
  await good(w.auth.notices.deliver())
  const types = Object.keys(leaves)
  const had = await untilNow(w, types)
  faults.begin(plan)
  for (const { act, expected } of way) {
    const answer = await codeOf(act(w, bag))
    if (answer === expected) continue
    expect(clear).toContain(answer)
    expect(await codeOf(act(w, bag))).toBe(expected)
  }
  const calls = faults.calls()
  faults.begin(() => undefined)
  const have = await untilNow(w, types)
  expect(Object.fromEntries(types.map((type, i) => [type, (have[i] ?? 0) - (had[i] ?? 0)]))).toEqual(leaves)
  await good(w.auth.notices.deliver())
  expect(await w.storage.pendingNotices({ after: 0, limit: 10 })).toEqual([])
  if ('Locked' in leaves)
    expect(w.mailer.mails.filter(({ type }) => type === 'account-locked').length).toBeGreaterThan(0)
  await expectBooksInOrder(w, user)
  return calls
}

describe.each(journeys)('API-02 · whatever call of a port fails on the way, once: $name', (journey) => {
  test('the answer is clear, the next try goes on, and the books are in order', async () => {
    const calls = await travel(journey, () => undefined)
    expect(calls.size).toBeGreaterThan(4)
    for (const [name, times] of calls)
      for (let n = 0; n < times; n++)
        for (const manner of mannersOf(name, n))
          await travel(journey, (call, nth) => (call === name && nth === n ? manner : undefined))
  })
})

test('API-02 · each port is named where it fails, the hasher’s settings included', async () => {
  const named = async (name: string, by: (w: World, bag: Bag) => ReturnType<Step['act']>) => {
    const { w, faults } = fragile()
    const bag = bagOf(await initialised(w))
    faults.begin((call) => (call === name ? 'throws' : undefined))
    const answer = await by(w, bag)
    return answer.isErr() ? answer.error : 'ok'
  }
  for (const [name, port] of [
    ['storage.load', 'storage'],
    ['storage.commit', 'storage'],
    ['clock.now', 'clock'],
    ['random.bytes', 'random'],
    ['secretBox.mac', 'secretBox'],
    ['passwordHasher.verify', 'passwordHasher'],
    ['passwordHasher.needsRehash', 'passwordHasher'],
  ] as const)
    expect(await named(name, begin.act)).toEqual({ code: 'port-failed', rule: 'API-02', port })
})

test('API-02 · a commit whose answer was lost is looked up: a wrong password is counted once, a login stands', async () => {
  const { w, faults } = fragile()
  const bag = bagOf(await initialised(w))
  faults.begin((call) => (call === 'storage.commit' ? 'rejects afterwards' : undefined))
  for (const { act, expected } of [misbegin, begin, misconfirm(), confirm, check])
    expect(await codeOf(act(w, bag))).toBe(expected)
  expect(await untilNow(w, ['PasswordRejected', 'LoginCodeRejected', 'LoginCompleted'])).toEqual([1, 1, 1])
  await expectBooksInOrder(w, user)
})

test('API-02 · where even that fails, nothing is revealed: the lookup is no guess', async () => {
  const { w, faults } = fragile()
  const bag = bagOf(await initialised(w))
  faults.begin((call) =>
    call === 'storage.commit' ? 'rejects afterwards' : call === 'storage.trail' ? 'rejects' : undefined,
  )
  for (const { act } of [misbegin, begin]) expect(await codeOf(act(w, bag))).toBe('port-failed')
  await expectBooksInOrder(w, user)
})

test('API-02 · a decoy that could not be made is tried again at the next login', async () => {
  const { w, faults } = fragile()
  const bag = bagOf({ userId: user })
  faults.begin((call) => (call === 'passwordHasher.hash' ? 'rejects' : undefined))
  expect(await codeOf(misbegin.act(w, bag))).toBe('port-failed')
  faults.begin(() => undefined)
  expect(await codeOf(misbegin.act(w, bag))).toBe('sign-in-refused')
})

test('API-02 · the host’s onFault is told of the error underneath; one that throws does no harm', async () => {
  const { w, faults } = fragile()
  faults.begin((call) => (call === 'storage.load' ? 'rejects' : undefined))
  await misbegin.act(w, bagOf({ userId: user }))
  expect(w.faults).toEqual([{ port: 'storage', error: new Error('the port rejects') }])
  const auth = createAuthentication({
    ...faults.between(w),
    onFault: () => {
      throw new Error('the logger is out of order')
    },
  })
  expect(await codeOf(misbegin.act({ ...w, auth }, bagOf({ userId: user })))).toBe('port-failed')
})

/** A plan by which any call may fail, and the next one too. */
const anyPlan = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 40, maxLength: 120 }),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([draws, often]): Plan => {
    let drawn = 0
    return (call) => {
      const draw = draws[drawn++ % draws.length] ?? 99
      const ways = mannersOf(call, drawn)
      return draw < often ? ways[draw % ways.length] : undefined
    }
  })

/** Steps that only whoever is logged in can take. */
const forLoggedIn = new Set([check, carry, mischange, changeOwn, changeDevice].map(({ act }) => act))

test('API-02, AUD-01 · whatever fails, and however often: no throw, books in order, no login told that is not there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: journeys.length - 1 }), anyPlan, async (nth, plan) => {
      const { before, steps: way } = journeys[nth] as Journey
      const { w, faults } = fragile()
      const bag = await before(w)
      const had = await count(w, user, 'LoginCompleted')
      let told = 0
      faults.begin(plan)
      for (const { act } of way) {
        if (bag.principal === undefined && forLoggedIn.has(act)) continue
        if (w.mailer.codeFor(user) === undefined && act !== ask.act) continue
        for (let tries = 0; tries < 3; tries++) {
          const { principal } = bag
          const answer = await codeOf(act(w, bag))
          if (act === confirm.act && bag.principal !== principal) told++
          if (!clear.includes(answer)) break
        }
      }
      faults.begin(() => undefined)
      await expectBooksInOrder(w, user)
      expect((await count(w, user, 'LoginCompleted')) - had).toBeGreaterThanOrEqual(told)

      await unlocked(w, { userId: user })
      w.clock.pass(30_000)
      await loggedIn(w, await setUp(w, user, 'MobileApp', another(4)))
      await good(w.auth.notices.deliver())
      expect(await w.storage.pendingNotices({ after: 0, limit: 10 })).toEqual([])
      await expectBooksInOrder(w, user)
    }),
    { numRuns: 60 },
  )
})
