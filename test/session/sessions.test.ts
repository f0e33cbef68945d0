/** Sessions: only a completed sign-in creates one; and how long it is valid. */
import { expect, test } from 'vitest'
import type { Authentication } from '../../src/index.ts'
import type { Session } from '../../src/session/session.ts'
import { codeOf, good, lastReason, refusal, type TestService, testService } from '../support/test-service.ts'
import {
  another,
  begun,
  codeOfNow,
  initialised,
  locked,
  loggedIn,
  passwordSet,
  setUp,
  user,
  wrongPasswords,
} from '../support/user-journeys.ts'

const hours = 3_600_000
const isVoid = { code: 'session-ended', rule: 'ACC-15' }

const loggedInto = async (service: TestService) => {
  const person = await initialised(service)
  return { person, session: await loggedIn(service, person) }
}

/** Every function that takes a session, called with a given value. */
const everyUse = ({ sessions, selfService }: Authentication, session: Session) =>
  Promise.all([
    codeOf(sessions.check({ session })),
    codeOf(sessions.seal({ session })),
    codeOf(selfService.changeDevice({ session })),
    codeOf(
      selfService.changePassword({
        ...{ session, current: 'Correct-Horse-1!', password: another(1), confirmation: another(1) },
      }),
    ),
  ])

const endings: readonly [string, (service: TestService) => Promise<unknown>][] = [
  ['unlocked', (service) => good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))],
  ['locked', (service) => locked(service, { userId: user } as Parameters<typeof locked>[1])],
  ['reset', (service) => passwordSet(service, user, another(2))],
  ['deleted', (service) => good(service.auth.registry.delete({ userId: user, by: 'HKEX' }))],
  [
    'disabled',
    (service) =>
      good(service.auth.registry.change({ userId: user, by: 'HKEX', changes: { status: 'DISABLED' } })),
  ],
  [
    'out of date',
    (service) =>
      good(
        service.auth.registry.change({ userId: user, by: 'HKEX', changes: { disableAfter: '2023-05-01' } }),
      ),
  ],
]

test('ACC-15 · a session has an account, a system, a method, a start and an end', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  const at = service.clock.now()
  const done = await good(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) }))
  if (done.next !== 'done') throw new Error(done.next)
  const { userId, participant, role, system, method, signedInAt, expiresAt } = done.session
  expect({ userId, participant, role, system, method, signedInAt, expiresAt }).toEqual({
    userId: user,
    participant: 'B01234',
    role: 'User',
    system: 'CCASS/CCMS',
    method: 'MobileApp',
    signedInAt: at,
    expiresAt: at + 8 * hours,
  })
  expect(await good(service.auth.sessions.check({ session: done.session }))).toBe(done.session)
})

test('ACC-15 · it expires after eight hours, to the millisecond', async () => {
  const service = testService()
  const { session } = await loggedInto(service)
  service.clock.set(session.expiresAt - 1)
  const sealed = await good(service.auth.sessions.seal({ session }))
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('ok')
  expect(await codeOf(service.auth.sessions.open({ sealed }))).toBe('ok')
  service.clock.set(session.expiresAt)
  expect(await refusal(service.auth.sessions.check({ session }))).toEqual(isVoid)
  expect(await refusal(service.auth.sessions.open({ sealed }))).toEqual(isVoid)
  expect(await everyUse(service.auth, session)).toEqual(Array(4).fill('session-ended'))
})

test('ACC-15 · the policy sets the lifetime of a session', async () => {
  const service = testService({ policy: { session: { validSeconds: 60 } } })
  const { session } = await loggedInto(service)
  expect(session.expiresAt - session.signedInAt).toBe(60_000)
})

test.each(endings)(
  'ACC-15 · a session, sealed or not, is void as soon as the account is %s',
  async (_, end) => {
    const service = testService()
    const { session } = await loggedInto(service)
    const sealed = await good(service.auth.sessions.seal({ session }))
    await end(service)
    const { sessions, selfService } = service.auth
    expect(await refusal(sessions.check({ session }))).toEqual(isVoid)
    expect(await refusal(selfService.changeDevice({ session }))).toEqual(isVoid)
    const fresh = { current: 'Correct-Horse-1!', password: another(1), confirmation: another(1) }
    expect(await refusal(selfService.changePassword({ session, ...fresh }))).toEqual(isVoid)
    expect(await refusal(sessions.seal({ session }))).toEqual(isVoid)
    expect(await refusal(sessions.open({ sealed }))).toEqual(isVoid)
  },
)

test('ACC-15 · a session that ended when the account was disabled is not restored when it is enabled', async () => {
  const service = testService()
  const { session } = await loggedInto(service)
  for (const status of ['DISABLED', 'ENABLED'] as const)
    await good(service.auth.registry.change({ userId: user, by: 'HKEX', changes: { status } }))
  expect(await refusal(service.auth.sessions.check({ session }))).toEqual(isVoid)
})

test('ACC-15 · a session survives other sign-ins, its own password change, and changes of other accounts', async () => {
  const service = testService()
  const { person, session } = await loggedInto(service)
  await loggedIn(service, person)
  const fresh = { password: another(1), confirmation: another(1) }
  await good(service.auth.selfService.changePassword({ session, current: person.password, ...fresh }))
  await locked(service, await initialised(service, 'B0123402'))
  await wrongPasswords(service, person, 4)
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('ok')
})

test('ACC-15 · a session is valid in another service over the same storage, sealed or not', async () => {
  const service = testService()
  const { session } = await loggedInto(service)
  const there = service.another()
  expect(await codeOf(there.sessions.check({ session }))).toBe('ok')
  const sealed = await good(service.auth.sessions.seal({ session }))
  const opened = await good(there.sessions.open({ sealed }))
  expect(opened).not.toBe(session)
  expect(opened).toMatchObject({ userId: user, participant: 'B01234', expiresAt: session.expiresAt })
  expect(await codeOf(there.sessions.check({ session: opened }))).toBe('ok')
})

test('ACC-15 · a seal carries the whole session, also of an account that was unlocked once', async () => {
  const service = testService()
  const person = await initialised(service)
  await good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))
  const session = await loggedIn(service, await setUp(service, user, 'Email'))
  const sealed = await good(service.auth.sessions.seal({ session }))
  const opened = await good(service.auth.sessions.open({ sealed }))
  expect(await codeOf(service.auth.sessions.check({ session: opened }))).toBe('ok')
  const fields = ['userId', 'participant', 'role', 'system', 'method', 'signedInAt', 'expiresAt'] as const
  for (const field of fields) expect(opened[field]).toBe(session[field])
  expect(person.userId).toBe(opened.userId)
})

test('ACC-15, LOCK-07 · a void session cannot be used to try passwords: none is verified, correct or wrong', async () => {
  const service = testService()
  const { person, session } = await loggedInto(service)
  await passwordSet(service, user, another(1))
  const work = async (current: string) => {
    const before = { ...service.passwordHasher.calls }
    const fresh = { password: another(2), confirmation: another(2) }
    expect(await codeOf(service.auth.selfService.changePassword({ session, current, ...fresh }))).toBe(
      'session-ended',
    )
    const { hash, verify } = service.passwordHasher.calls
    return { hash: hash - before.hash, verify: verify - before.verify }
  }
  expect(await work(another(1))).toEqual(await work(person.password))
  expect(await lastReason(service, user)).toBe('session-of-former-epoch')
})
