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

const loggedInto = async (w: TestService) => {
  const person = await initialised(w)
  return { person, session: await loggedIn(w, person) }
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

const endings: readonly [string, (w: TestService) => Promise<unknown>][] = [
  ['unlocked', (w) => good(w.auth.registry.unlock({ userId: user, by: 'HKEX' }))],
  ['locked', (w) => locked(w, { userId: user } as Parameters<typeof locked>[1])],
  ['reset', (w) => passwordSet(w, user, another(2))],
  ['deleted', (w) => good(w.auth.registry.delete({ userId: user, by: 'HKEX' }))],
  [
    'disabled',
    (w) => good(w.auth.registry.change({ userId: user, by: 'HKEX', changes: { status: 'DISABLED' } })),
  ],
  [
    'out of date',
    (w) =>
      good(w.auth.registry.change({ userId: user, by: 'HKEX', changes: { disableAfter: '2023-05-01' } })),
  ],
]

test('ACC-15 · a session has an account, a system, a method, a start and an end', async () => {
  const w = testService()
  const person = await initialised(w)
  const { challenge } = await begun(w, person)
  const at = w.clock.now()
  const done = await good(w.auth.signIn.confirmOtp({ challenge, code: codeOfNow(w, person) }))
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
  expect(await good(w.auth.sessions.check({ session: done.session }))).toBe(done.session)
})

test('ACC-15 · it expires after eight hours, to the millisecond', async () => {
  const w = testService()
  const { session } = await loggedInto(w)
  w.clock.set(session.expiresAt - 1)
  const sealed = await good(w.auth.sessions.seal({ session }))
  expect(await codeOf(w.auth.sessions.check({ session }))).toBe('ok')
  expect(await codeOf(w.auth.sessions.open({ sealed }))).toBe('ok')
  w.clock.set(session.expiresAt)
  expect(await refusal(w.auth.sessions.check({ session }))).toEqual(isVoid)
  expect(await refusal(w.auth.sessions.open({ sealed }))).toEqual(isVoid)
  expect(await everyUse(w.auth, session)).toEqual(Array(4).fill('session-ended'))
})

test('ACC-15 · the policy sets the lifetime of a session', async () => {
  const w = testService({ policy: { session: { validSeconds: 60 } } })
  const { session } = await loggedInto(w)
  expect(session.expiresAt - session.signedInAt).toBe(60_000)
})

test.each(endings)(
  'ACC-15 · a session, sealed or not, is void as soon as the account is %s',
  async (_, end) => {
    const w = testService()
    const { session } = await loggedInto(w)
    const sealed = await good(w.auth.sessions.seal({ session }))
    await end(w)
    const { sessions, selfService } = w.auth
    expect(await refusal(sessions.check({ session }))).toEqual(isVoid)
    expect(await refusal(selfService.changeDevice({ session }))).toEqual(isVoid)
    const fresh = { current: 'Correct-Horse-1!', password: another(1), confirmation: another(1) }
    expect(await refusal(selfService.changePassword({ session, ...fresh }))).toEqual(isVoid)
    expect(await refusal(sessions.seal({ session }))).toEqual(isVoid)
    expect(await refusal(sessions.open({ sealed }))).toEqual(isVoid)
  },
)

test('ACC-15 · a session that ended when the account was disabled is not restored when it is enabled', async () => {
  const w = testService()
  const { session } = await loggedInto(w)
  for (const status of ['DISABLED', 'ENABLED'] as const)
    await good(w.auth.registry.change({ userId: user, by: 'HKEX', changes: { status } }))
  expect(await refusal(w.auth.sessions.check({ session }))).toEqual(isVoid)
})

test('ACC-15 · a session survives other sign-ins, its own password change, and changes of other accounts', async () => {
  const w = testService()
  const { person, session } = await loggedInto(w)
  await loggedIn(w, person)
  const fresh = { password: another(1), confirmation: another(1) }
  await good(w.auth.selfService.changePassword({ session, current: person.password, ...fresh }))
  await locked(w, await initialised(w, 'B0123402'))
  await wrongPasswords(w, person, 4)
  expect(await codeOf(w.auth.sessions.check({ session }))).toBe('ok')
})

test('ACC-15 · a session is valid in another service over the same storage, sealed or not', async () => {
  const w = testService()
  const { session } = await loggedInto(w)
  const there = w.another()
  expect(await codeOf(there.sessions.check({ session }))).toBe('ok')
  const sealed = await good(w.auth.sessions.seal({ session }))
  const opened = await good(there.sessions.open({ sealed }))
  expect(opened).not.toBe(session)
  expect(opened).toMatchObject({ userId: user, participant: 'B01234', expiresAt: session.expiresAt })
  expect(await codeOf(there.sessions.check({ session: opened }))).toBe('ok')
})

test('ACC-15 · a seal carries the whole session, also of an account that was unlocked once', async () => {
  const w = testService()
  const person = await initialised(w)
  await good(w.auth.registry.unlock({ userId: user, by: 'HKEX' }))
  const session = await loggedIn(w, await setUp(w, user, 'Email'))
  const sealed = await good(w.auth.sessions.seal({ session }))
  const opened = await good(w.auth.sessions.open({ sealed }))
  expect(await codeOf(w.auth.sessions.check({ session: opened }))).toBe('ok')
  const fields = ['userId', 'participant', 'role', 'system', 'method', 'signedInAt', 'expiresAt'] as const
  for (const field of fields) expect(opened[field]).toBe(session[field])
  expect(person.userId).toBe(opened.userId)
})

test('ACC-15, LOCK-07 · a void session cannot be used to try passwords: none is verified, correct or wrong', async () => {
  const w = testService()
  const { person, session } = await loggedInto(w)
  await passwordSet(w, user, another(1))
  const work = async (current: string) => {
    const before = { ...w.passwordHasher.calls }
    const fresh = { password: another(2), confirmation: another(2) }
    expect(await codeOf(w.auth.selfService.changePassword({ session, current, ...fresh }))).toBe(
      'session-ended',
    )
    const { hash, verify } = w.passwordHasher.calls
    return { hash: hash - before.hash, verify: verify - before.verify }
  }
  expect(await work(another(1))).toEqual(await work(person.password))
  expect(await lastReason(w, user)).toBe('session-of-former-epoch')
})
