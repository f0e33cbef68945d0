/** Forged, copied or altered sessions are always refused. */
import { expect, test } from 'vitest'
import type { Authentication } from '../../src/index.ts'
import { Session } from '../../src/session/session.ts'
import { boxUnder, codeOf, good, refusal, type TestService, testService } from '../support/test-service.ts'
import { another, initialised, loggedIn, user } from '../support/user-journeys.ts'

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

/** The public class as JavaScript sees it: `private` and `@internal` have an effect only in TypeScript. */
const open = Session as unknown as {
  new (...args: unknown[]): Session
  detailsOf?: (value: unknown) => Record<string, unknown> | undefined
}

test('ACC-15 · a seal that was altered, truncated, or made with another key opens no session', async () => {
  const service = testService()
  const { session } = await loggedInto(service)
  const sealed = await good(service.auth.sessions.seal({ session }))
  const foreign = testService({ between: (ports) => ({ ...ports, secretBox: boxUnder(8) }) })
  expect(await refusal(foreign.auth.sessions.open({ sealed }))).toEqual(isVoid)
  const renamed = sealed.replace('key-7', 'key-8')
  const body = sealed.lastIndexOf('.') + 1
  const altered = Array.from({ length: 12 }, (_, i) => {
    const at = body + Math.floor(((sealed.length - body - 4) * i) / 12)
    return sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
  })
  for (const forged of [...altered, renamed, '', '.', 'v1.key-7.', sealed.slice(0, -8), `${sealed}AAAA`])
    expect(await codeOf(service.auth.sessions.open({ sealed: forged }))).toBe('session-ended')
})

test('ACC-15 · no other text sealed by the same box is accepted as a session', async () => {
  const service = testService()
  await initialised(service)
  const encoder = new TextEncoder()
  for (const content of ['', 'null', '{}', '[]', '{"userId":"B0123401"}', 'not JSON'])
    for (const context of ['session', 'totp-secret:B0123401']) {
      const sealed = await service.secretBox.seal(encoder.encode(content), context)
      expect(await codeOf(service.auth.sessions.open({ sealed })), content).toBe('session-ended')
    }
})

test('ACC-15 · a session cannot be forged by look-alikes, copies, bare prototypes or subclasses', async () => {
  const service = testService()
  const { session } = await loggedInto(service)
  const { userId, participant, role, system, method, signedInAt, expiresAt } = session
  const login = { userId, participant, role, system, method, signedInAt, expiresAt, sessionEpoch: 0 }
  const forged = [
    login,
    { ...session },
    structuredClone({ ...login }),
    JSON.parse(JSON.stringify(session)),
    Object.create(Session.prototype),
    Object.assign(Object.create(Session.prototype), { '#login': login }),
    Object.create(session),
    Object.setPrototypeOf({ ...login }, Session.prototype),
    new Proxy(session, {}),
    null,
    undefined,
    userId,
  ]
  for (const each of forged) {
    const uses = await everyUse(service.auth, each as Session)
    expect(uses).toEqual(Array(4).fill('malformed-input'))
  }
})

test('ACC-15 · its constructor, private only in TypeScript, creates no accepted session', async () => {
  const service = testService()
  const { session } = await loggedInto(service)
  const { userId, participant, role, system, method } = session
  const times = { signedInAt: service.clock.now(), expiresAt: Number.MAX_SAFE_INTEGER }
  const login = { userId, participant, role, system, method, ...times, sessionEpoch: 0 }
  class Heir extends open {}
  const keys = [login, undefined, null, 'principal', Symbol('principal'), Symbol.for('principal'), Symbol()]
  const given = [
    [login],
    ...keys.flatMap((key) => [
      [key, login],
      [login, key],
    ]),
  ]
  const constructors = [open, Heir, session.constructor as typeof open]
  for (const builder of constructors)
    for (const args of given) {
      let made: Session
      try {
        made = Reflect.construct(builder, args) as Session
      } catch {
        continue // it would not even be made
      }
      expect(await codeOf(service.auth.sessions.check({ session: made }))).not.toBe('ok')
      expect(await codeOf(service.auth.sessions.seal({ session: made }))).not.toBe('ok')
    }
})

test('ACC-15 · a session cannot be modified, from outside or through internal fields', async () => {
  const service = testService()
  const { session } = await loggedInto(service)
  const { expiresAt } = session
  expect(Object.isFrozen(session)).toBe(true)
  const inside = open.detailsOf?.(session)
  try {
    Object.assign(inside ?? {}, { userId: 'B0123499', expiresAt: Number.MAX_SAFE_INTEGER, sessionEpoch: 5 })
  } catch {
    // It would not be changed, which is correct.
  }
  expect([session.userId, session.expiresAt]).toEqual([user, expiresAt])
})
