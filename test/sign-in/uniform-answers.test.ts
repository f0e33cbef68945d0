/** A caller learns nothing about an account from results, or from the work behind them. */
import { expect, test } from 'vitest'
import type { AccountDenialReason } from '../../src/account/refusal-reason.ts'
import { createAuthentication, type ProfileChanges, type SecretBox, type System } from '../../src/index.ts'
import { counting } from '../support/storages.ts'
import {
  boxUnder,
  codeOf,
  eventsOf,
  good,
  lastReason,
  refusal,
  type TestService,
  testService,
} from '../support/test-service.ts'
import { begun, initialised, locked, passwordSet, registered, user } from '../support/user-journeys.ts'

const password = 'Correct-Horse-1!'

/** An account that refuses, and the trail's reason if it is not a counted wrong attempt. */
interface Case {
  readonly name: string
  readonly prepare: (service: TestService) => Promise<unknown>
  readonly reason?: AccountDenialReason
  readonly system?: System
}

const cases: readonly Case[] = [
  { name: 'unknown', prepare: async () => undefined, reason: 'unknown-user' },
  { name: 'wrong password', prepare: (service) => initialised(service) },
  { name: 'wrong password of an email user', prepare: (service) => initialised(service, user, 'Email') },
  {
    name: 'wrong password, no channel yet',
    prepare: async (service) => passwordSet(service, await registered(service, user)),
  },
  { name: 'locked by this attempt', prepare: (service) => fourWrong(service) },
  { name: 'not set up', prepare: (service) => registered(service, user), reason: 'no-password-set' },
  {
    name: 'no email',
    prepare: (service) => registered(service, user, { email: null }),
    reason: 'no-password-set',
  },
  { name: 'disabled', prepare: (service) => change(service, { status: 'DISABLED' }), reason: 'disabled' },
  {
    name: 'not yet enabled',
    prepare: (service) => change(service, { enableFrom: '2030-01-01' }),
    reason: 'not-yet-enabled',
  },
  {
    name: 'no longer enabled',
    prepare: (service) => change(service, { disableAfter: '2020-01-01' }),
    reason: 'no-longer-enabled',
  },
  {
    name: 'locked',
    prepare: async (service) => locked(service, await initialised(service)),
    reason: 'locked',
  },
  { name: 'unlocked', prepare: (service) => unlockedAgain(service), reason: 'no-password-set' },
  { name: 'deleted', prepare: (service) => deleted(service), reason: 'deleted' },
  {
    name: 'sign-in page of the other role',
    prepare: (service) => initialised(service),
    reason: 'users-do-not-enter-dms',
    system: 'DMS',
  },
]

const change = async (service: TestService, changes: ProfileChanges) => {
  await initialised(service, user, 'Email')
  await good(service.auth.registry.change({ userId: user, by: 'HKEX', changes }))
}
const fourWrong = async (service: TestService) => {
  await initialised(service)
  for (let i = 0; i < 4; i++)
    await service.auth.signIn.begin({ userId: user, password: 'Wrong-Horse-00!!', system: 'CCASS/CCMS' })
}
const unlockedAgain = async (service: TestService) => {
  await locked(service, await initialised(service))
  await good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))
}
const deleted = async (service: TestService) => {
  await initialised(service)
  await good(service.auth.registry.delete({ userId: user, by: 'HKEX' }))
}

/** A secret box that counts. */
const countingBox = (inner: SecretBox) => {
  const calls = { seal: 0, open: 0, mac: 0, verifyMac: 0 }
  const counted =
    <A extends unknown[], T>(name: keyof typeof calls, work: (...args: A) => T) =>
    (...args: A) => {
      calls[name]++
      return work(...args)
    }
  const { seal, open, mac, verifyMac } = inner
  return {
    calls,
    seal: counted('seal', seal),
    open: counted('open', open),
    mac: counted('mac', mac),
    verifyMac: counted('verifyMac', verifyMac),
  }
}

interface Given {
  readonly password: string
  readonly system: System
  /** The hasher's present settings; 1 when the account was created. */
  readonly strength?: number
}

/** Prepares the account, tries one sign-in, and returns its cost. */
const oneLogin = async (prepare: Case['prepare'], { strength = 1, ...login }: Given) => {
  const storage = counting()
  const secretBox = countingBox(boxUnder(7))
  const service = testService({ storage, between: (ports) => ({ ...ports, secretBox }) })
  // Another account signs in first, which creates the service's decoy.
  await service.auth.signIn.begin({ userId: 'B0999999', password, system: 'CCASS/CCMS' })
  await prepare(service)
  service.passwordHasher.strength = strength
  const costs = (): Readonly<Record<string, number>> => ({
    ...service.passwordHasher.calls,
    ...storage.trips,
    ...secretBox.calls,
    mails: service.mailer.mails.filter(({ type }) => type === 'code').length,
  })
  const before = costs()
  const answer = await refusal(service.auth.signIn.begin({ userId: user, ...login }))
  const work = Object.fromEntries(
    Object.entries(costs()).map(([what, times]) => [what, times - (before[what] ?? 0)]),
  )
  return { service, answer, work }
}

const uniform = { code: 'sign-in-refused', rule: 'LOCK-11' }
const uniformWork = {
  hash: 0,
  verify: 1,
  load: 1,
  commit: 1,
  trail: 0,
  seal: 0,
  open: 0,
  mac: 0,
  verifyMac: 0,
  mails: 0,
}

test.each(cases)(
  'LOCK-11 · the refusal and the work are the same as for any wrong password: $name',
  async ({ prepare, reason, system = 'CCASS/CCMS' }) => {
    const { service, answer, work } = await oneLogin(prepare, { password: 'Wrong-Horse-00!!', system })
    expect(answer).toEqual(uniform)
    expect(work).toEqual(uniformWork)
    if (reason !== undefined) expect(await lastReason(service, user)).toBe(reason)
  },
)

const refusedThoughRight = cases.filter(({ reason }) => reason !== undefined)

test.each(refusedThoughRight)(
  'LOCK-11 · the correct password reveals nothing while it cannot complete a sign-in: $name',
  async ({ prepare, reason, system = 'CCASS/CCMS' }) => {
    const { service, answer, work } = await oneLogin(prepare, { password, system })
    expect(answer).toEqual(uniform)
    expect(work).toEqual(uniformWork)
    expect(await lastReason(service, user)).toBe(reason)
  },
)

test.each(refusedThoughRight)(
  'LOCK-11, PW-15 · the correct password also reveals nothing if its hash has weaker settings: $name',
  async ({ prepare, system = 'CCASS/CCMS' }) => {
    const { answer, work } = await oneLogin(prepare, { password, system, strength: 2 })
    expect(answer).toEqual(uniform)
    // The decoy has the weaker settings too: each case makes one weak verification, and the missing one.
    expect(work).toEqual({ ...uniformWork, verify: 2 })
  },
)

test('LOCK-11, PW-15 · a weak hash costs an additional verification with current settings, whether the password matches or not', async () => {
  const verified: string[] = []
  const service = testService({
    between: (ports) => ({
      ...ports,
      passwordHasher: {
        ...ports.passwordHasher,
        hash: (given) => ports.passwordHasher.hash(given),
        needsRehash: (hash) => ports.passwordHasher.needsRehash(hash),
        verify: (hash, given) => {
          verified.push(hash.split('$')[1] ?? '')
          return ports.passwordHasher.verify(hash, given)
        },
      },
    }),
  })
  await initialised(service)
  service.passwordHasher.strength = 2
  const fresh = service.another()
  const work = async (userId: string, given: string) => {
    verified.length = 0
    await fresh.signIn.begin({ userId, password: given, system: 'CCASS/CCMS' })
    return verified.filter((strength) => strength === '2').length
  }
  await good(service.auth.registry.change({ userId: user, by: 'HKEX', changes: { status: 'DISABLED' } }))
  expect(await work('B0199901', password)).toBe(1)
  expect(await work(user, 'Wrong-Horse-00!!')).toBe(1)
  expect(await work(user, password)).toBe(1)
})

test('PW-15 · the hash is replaced after the sign-in is committed, and nothing is hashed for a sign-in that is not', async () => {
  const service = testService()
  const person = await initialised(service)
  service.passwordHasher.strength = 2
  const { clock, mailer, passwordHasher, random, secretBox, storage } = service
  const conflicting = createAuthentication({
    ...{ clock, mailer, passwordHasher, random, secretBox },
    storage: { ...storage, commit: async () => 'conflict' },
  })
  const before = service.passwordHasher.calls.hash
  expect(await codeOf(conflicting.signIn.begin(person))).toBe('busy')
  // One hash is the decoy of the new service.
  expect(service.passwordHasher.calls.hash - before).toBe(1)
  await begun(service, person)
  expect((await eventsOf(service, user)).map(({ type }) => type).slice(-2)).toEqual([
    'PasswordAccepted',
    'PasswordRehashed',
  ])
})

test('LOCK-11 · the first call to a service costs the same for every caller', async () => {
  const work = async (prepare: (service: TestService) => Promise<unknown>) => {
    const storage = counting()
    await prepare(testService({ storage }))
    const fresh = testService({ storage })
    const wrong = { userId: user, password: 'Wrong-Horse-00!!', system: 'CCASS/CCMS' } as const
    expect(await refusal(fresh.auth.signIn.begin(wrong))).toEqual(uniform)
    return fresh.passwordHasher.calls
  }
  expect(await work(async () => undefined)).toEqual(await work((service) => initialised(service)))
})

test('LOCK-11 · a challenge that is not open costs no verification and reveals nothing about the account', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  await locked(service, person)
  const random = 'ab'.repeat(16)
  const answers = []
  for (const handle of [challenge, `${user}.${random}`, `B0199901.${random}`, 'nonsense'])
    answers.push(await refusal(service.auth.signIn.confirmOtp({ challenge: handle, code: '123456' })))
  expect(answers).toEqual(Array(4).fill({ code: 'challenge-ended', rule: 'LOCK-05' }))
})

test('LOCK-11, ACC-02 · a missing email or too many codes is revealed only after the correct password', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  for (let i = 0; i < 5; i++) await begun(service, person)
  const begin = (given: string) => refusal(service.auth.signIn.begin({ ...person, password: given }))
  expect([await begin('Wrong-Horse-00!!'), await begin(person.password)]).toEqual([
    uniform,
    expect.objectContaining({ code: 'too-many-codes' }),
  ])
  await good(service.auth.registry.change({ userId: user, by: 'HKEX', changes: { email: null } }))
  expect([await begin('Wrong-Horse-00!!'), await begin(person.password)]).toEqual([
    uniform,
    { code: 'no-registered-email', rule: 'ACC-02' },
  ])
})

test('ACC-16 · the request for a password code gets the same answer for every account, served or not', async () => {
  for (const { prepare } of cases) {
    const service = testService()
    await prepare(service)
    const answer = await good(service.auth.passwordSetUp.begin({ userId: user }))
    expect(answer).toEqual({ challenge: expect.stringMatching(/^B0123401\.[0-9a-f]{32}$/) })
  }
})
