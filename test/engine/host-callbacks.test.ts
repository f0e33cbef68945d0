/**
 * Callbacks of the host that do everything that a host can do: throw, reject, never settle, change what they get, and call the
 * service. Each run is compared with the same run without them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { smtpMailer } from '../../src/adapters/smtp.ts'
import { checkConformance } from '../../src/conformance/index.ts'
import { type Authentication, createAuthentication, type Mailer, type Observer } from '../../src/index.ts'
import { secondSystem } from '../conformance/second-system.ts'
import { migratingService, supplied } from '../support/migration.ts'
import { codeOf, good, portsOf, type TestService, testService, trailOf } from '../support/test-service.ts'
import { begun, initialised, mailed, user } from '../support/user-journeys.ts'

/** What a callback does with what it gets; it can reach the service that calls it. */
type Behaviour = (given: unknown, auth: () => Authentication) => unknown

/** Changes everything in reach. */
const spoil = (value: unknown, depth = 0): void => {
  if (typeof value !== 'object' || value === null || depth > 6) return
  for (const [key, inner] of Object.entries(value)) {
    spoil(inner, depth + 1)
    Reflect.set(value, key, 'spoilt')
  }
  if (Array.isArray(value) && !Object.isFrozen(value)) value.push('spoilt')
}

const throwing = () => {
  throw new Error('a callback')
}

/** Calls that change nothing, refused at once and after a read, among them the outbox, which runs one at a time. */
const callBack = ({ registry, sessions, outbox }: Authentication): readonly Promise<unknown>[] => [
  codeOf(sessions.check({ session: null as never })),
  codeOf(registry.view({ userId: user })),
  codeOf(registry.view({ userId: 'none' })),
  codeOf(outbox.deliver()),
]

/** A service that never stops calling itself would only show that the host does not. */
const enough = 300

const behaviours: Readonly<Record<string, () => Behaviour>> = {
  throws: () => throwing,
  rejects: () => async () => throwing(),
  'never settles': () => () => new Promise(() => {}),
  'changes what it gets': () => (given) => spoil(given),
  'calls the service': () => (_, auth) => void callBack(auth()),
  'calls the service and throws': () => (_, auth) => {
    callBack(auth())
    throwing()
  },
  'calls the service and waits for it': () => async (_, auth) => {
    for (const answer of callBack(auth())) await answer
  },
  'calls the service later': () => {
    let calls = 0
    return async (_, auth) => {
      await undefined
      if (calls++ < enough) await Promise.all(callBack(auth()))
    }
  },
}

/** A mailer that delivers codes; its notices fail, and are reported. */
const failingForNotices = (mailer: Mailer): Mailer => ({
  send: async (mail, id) => {
    if (mail.type !== 'code') throw new Error('no connection')
    return mailer.send(mail, id)
  },
})

/** A set-up, a wrong and a correct sign-in, and a failed delivery: the answers and the trail. */
const signingIn = async (service: TestService): Promise<unknown> => {
  const person = await initialised(service, user, 'Email')
  const { userId, system } = person
  const answers = [await codeOf(service.auth.signIn.begin({ userId, password: 'Wrong-Horse-1!!!', system }))]
  const { challenge } = await begun(service, person)
  answers.push(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: mailed(service, userId) })))
  service.clock.pass(120_000)
  const delivery = await good(service.auth.outbox.deliver())
  const trail = await trailOf(service, user)
  return {
    answers,
    delivery,
    trail: trail.map(({ seq, actor, event }) => [seq, actor, event.type, event.at]),
  }
}

interface Hooks {
  readonly observer?: Observer
  readonly onError?: (error: unknown) => void
}

/** A service over the same kind of ports each time, with these callbacks. */
const hookedService = (hooksOf: (auth: () => Authentication) => Hooks): TestService => {
  const service = testService()
  const auth: Authentication = createAuthentication({
    ...portsOf(service),
    mailer: failingForNotices(service.mailer),
    ...hooksOf(() => auth),
  })
  return { ...service, auth }
}

type Run = (callback: (given: unknown, auth: () => Authentication) => undefined) => Promise<unknown>

/** Each callback of a service: a run in which it is called, and that returns everything that the run answered. */
const callbacks: Readonly<Record<string, Run>> = {
  'observer.operation': (callback) =>
    signingIn(hookedService((auth) => ({ observer: { operation: (given) => callback(given, auth) } }))),
  'observer.entry': (callback) =>
    signingIn(hookedService((auth) => ({ observer: { entry: (given) => callback(given, auth) } }))),
  onError: (callback) => signingIn(hookedService((auth) => ({ onError: (given) => callback(given, auth) }))),
  onDeliveryFailure: async (callback) => {
    const service = testService()
    // Nothing listens on port 9.
    const mailer = smtpMailer({
      ...{ host: '127.0.0.1', port: 9, tls: 'none', from: 'no-reply@participant.example' },
      onDeliveryFailure: (given) => callback(given, () => auth),
    })
    const auth: Authentication = createAuthentication({
      ...portsOf(service),
      mailer: {
        send: (mail, id) => (mail.type === 'code' ? service.mailer.send(mail, id) : mailer.send(mail, id)),
      },
    })
    const answers = await signingIn({ ...service, auth })
    await mailer.close()
    return answers
  },
  'a callback of a migration': async (callback) => {
    const { auth } = migratingService()
    const onProgress = (given: unknown) => callback(given, () => auth)
    const both = { onProgress, onAccount: onProgress }
    return [
      await good(auth.migration.plan({ lines: supplied(), ...both })),
      await good(auth.migration.apply({ lines: supplied(), by: 'HKEX', onProgress })),
      await good(auth.migration.reconcile({ lines: supplied(), ...both })),
    ]
  },
  'a callback of a conformance check': async (callback) => {
    const { auth } = testService()
    const { text } = await checkConformance(secondSystem(), {
      ...{ histories: 1, seed: 1, clients: 1 },
      onProgress: (given) => callback(given, () => auth),
    })
    return text
  },
}

const matrix = Object.keys(callbacks).flatMap((callback) =>
  Object.keys(behaviours).map((behaviour) => [callback, behaviour] as const),
)

/** Runs with a callback, and counts its calls when everything that it started has ended. */
const runWith = async (callback: string, behaviour: Behaviour | undefined) => {
  let calls = 0
  const answers = await callbacks[callback]?.((given, auth) => {
    calls++
    // What a callback returns is not used; an async one returns a promise.
    return behaviour?.(given, auth) as undefined
  })
  await sleep(20)
  return { answers, calls }
}

test.each(matrix)(
  'OBS-01, API-02 · %s that %s changes no answer, blocks nothing, and does not call itself without end',
  async (callback, behaviour) => {
    const plain = await runWith(callback, undefined)
    expect(plain.calls).toBeGreaterThan(0)
    const { answers, calls } = await runWith(callback, behaviours[behaviour]?.())
    expect(answers).toEqual(plain.answers)
    // Calls that a callback makes before it returns are not reported to it; later calls are.
    if (behaviour !== 'calls the service later') expect(calls).toBe(plain.calls)
    else expect(calls).toBeLessThanOrEqual(plain.calls + enough * 6)
  },
  20_000,
)

test('API-02 · an onError that calls a service whose clock throws is called once for each call of the host', async () => {
  const service = testService()
  let calls = 0
  const auth: Authentication = createAuthentication({
    ...portsOf(service),
    clock: { now: throwing },
    onError: () => {
      calls++
      void auth.registry.view({ userId: user })
      void auth.sessions.check({ session: null as never })
      void auth.signIn.begin({ userId: user, password: 'Wrong-Horse-1!!!', system: 'CCASS/CCMS' })
    },
  })
  for (let call = 1; call <= 3; call++) {
    expect(await codeOf(auth.passwordSetUp.begin({ userId: user }))).toBe('port-failed')
    await sleep(5)
    expect(calls).toBe(call)
  }
})

test('OBS-01 · an observer that makes the refused call it hears of is called once for each call of the host', async () => {
  const service = testService()
  let calls = 0
  const auth: Authentication = createAuthentication({
    ...portsOf(service),
    observer: {
      operation: () => {
        calls++
        void auth.sessions.check({ session: null as never })
      },
    },
  })
  for (let call = 1; call <= 3; call++) {
    await codeOf(auth.sessions.check({ session: null as never }))
    await sleep(5)
    expect(calls).toBe(call)
  }
})
