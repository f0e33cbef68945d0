/** The observer is notified of calls and entries after the fact, and changes nothing. */
import { expect, test } from 'vitest'
import {
  type Authentication,
  createAuthentication,
  type ObservedEntry,
  type ObservedOperation,
  type Observer,
  operationNames,
} from '../../src/index.ts'
import { codeOf, portsOf, testService, trailOf } from '../support/test-service.ts'
import { initialised, loggedIn, user } from '../support/user-journeys.ts'

/** An observer that records everything. */
const remembering = () => {
  const operations: ObservedOperation[] = []
  const entries: ObservedEntry[] = []
  const observer: Observer = {
    operation: (observed) => void operations.push(observed),
    entry: (observed) => void entries.push(observed),
  }
  return { operations, entries, observer }
}

/** A service with an observer. */
const observed = (observer: Observer | undefined) =>
  testService({ between: (ports) => (observer === undefined ? ports : { ...ports, observer }) })

const context = { source: '192.0.2.7', userAgent: 'Terminal/1.0', requestId: 'r-1' }

test('OBS-01 · operationNames lists every operation of the service and no other', () => {
  const { auth } = testService()
  const paths = Object.entries(auth as unknown as Record<string, object>)
    .filter(([room]) => room !== 'policy')
    .flatMap(([room, operations]) => Object.keys(operations).map((name) => `${room}.${name}`))
  expect([...operationNames].sort()).toEqual(paths.sort())
})

test('OBS-01 · every operation reports its name, also if its input is malformed', async () => {
  const { operations, observer } = remembering()
  const { auth } = observed(observer)
  for (const name of operationNames) {
    const [room, operation] = name.split('.') as [keyof Authentication, string]
    const call = (auth[room] as unknown as Record<string, (input: unknown) => PromiseLike<unknown>>)[
      operation
    ]
    await call?.({
      session: 7,
      userId: 7,
      lines: 7,
      keep: 7,
      checkpoint: 7,
      need: 7,
      actor: 7,
      after: 7,
      by: 7,
    })
  }
  expect(operations.map(({ operation }) => operation)).toEqual(operationNames)
  expect(operations.filter(({ outcome }) => outcome === 'ok').map(({ operation }) => operation)).toEqual([
    'outbox.deliver',
  ])
})

test('OBS-01, PRI-01 · a call reports its outcome, rule, duration and request context', async () => {
  const { operations, observer } = remembering()
  const service = observed(observer)
  const call = service.auth.signIn.begin({
    userId: user,
    password: 'Wrong-Horse-00!!',
    system: 'DMS',
    context,
  })
  service.clock.pass(25)
  expect(await codeOf(call)).toBe('sign-in-refused')
  const begun = service.clock.now() - 25
  expect(operations).toEqual([
    {
      operation: 'signIn.begin',
      outcome: 'sign-in-refused',
      rule: 'LOCK-11',
      startedAt: begun,
      durationMilliseconds: 25,
      context,
    },
  ])
})

test('OBS-01 · durations are measured with the monotonic clock if there is one', async () => {
  const { operations, observer } = remembering()
  const service = testService({
    between: (ports) => {
      let elapsed = 0
      const clock = {
        now: () => ports.clock.now(),
        monotonic: () => {
          elapsed += 0.5
          return elapsed
        },
      }
      return { ...ports, clock, observer }
    },
  })
  await service.auth.registry.view({ userId: user })
  expect(operations[0]?.durationMilliseconds).toBe(0.5)
})

test('OBS-01 · an observed call reads the clock twice more, and without an observer nothing is measured', async () => {
  const { observer } = remembering()
  /** How often a call reads each reading of the clock. */
  const reads = async (given: Observer | undefined, hasMonotonic: boolean) => {
    const counts = { now: 0, monotonic: 0 }
    const monotonic = () => ++counts.monotonic
    const service = testService({
      between: ({ clock, ...ports }) => ({
        ...ports,
        clock: {
          now: () => {
            counts.now++
            return clock.now()
          },
          ...(hasMonotonic ? { monotonic } : {}),
        },
        ...(given === undefined ? {} : { observer: given }),
      }),
    })
    await service.auth.registry.view({ userId: user })
    return counts
  }
  const { now } = await reads(undefined, false)
  expect(await reads(undefined, true)).toEqual({ now, monotonic: 0 })
  expect(await reads({ entry: () => undefined }, true)).toEqual({ now, monotonic: 0 })
  expect(await reads(observer, false)).toEqual({ now: now + 2, monotonic: 0 })
  expect(await reads(observer, true)).toEqual({ now: now + 1, monotonic: 2 })
})

test('OBS-01 · the observer receives every committed entry, in order, with actor, rule and reason', async () => {
  const { entries, observer } = remembering()
  const service = observed(observer)
  const person = await initialised(service)
  await service.auth.signIn.begin({ ...person, password: 'Wrong-Horse-00!!', context })
  const stored = await trailOf(service, person.userId)
  const told = entries.filter(({ record }) => record.kind === 'account')
  expect(told.map(({ seq, actor, event }) => [seq, actor, event.type, event.at, event.rule])).toEqual(
    stored.map(({ seq, actor, event }) => [seq, actor, event.type, event.at, event.rule]),
  )
  expect(told.at(-1)).toMatchObject({ event: { type: 'PasswordRejected' }, context })
  await service.auth.signIn.begin({ ...person, userId: 'B0123499' })
  expect(entries.at(-1)).toMatchObject({
    record: { kind: 'refusals', id: 'B0123499' },
    actor: 'caller',
    event: { type: 'CommandRefused', reason: expect.any(String) },
  })
})

const throwing = () => {
  throw new Error('observer')
}
const rejecting = async () => throwing()

test.each([
  ['throws', { operation: throwing, entry: throwing }],
  ['is asynchronous and rejects', { operation: rejecting, entry: rejecting }],
] as const)(
  'OBS-01 · an observer that %s changes no result, and the error is reported',
  async (_, broken: Observer) => {
    const [plain, service] = [observed(undefined), observed(broken)]
    for (const each of [plain, service]) await loggedIn(each, await initialised(each))
    const typesOf = async (each: typeof service) => (await trailOf(each, user)).map(({ event }) => event.type)
    expect(await typesOf(service)).toEqual(await typesOf(plain))
    expect((await typesOf(service)).at(-1)).toBe('SignInCompleted')
    expect(new Set(service.faults.map(({ port }) => port))).toEqual(new Set(['observer']))
  },
)

test('OBS-01 · the observer receives no secret', async () => {
  const { operations, entries, observer } = remembering()
  const service = observed(observer)
  const person = await initialised(service)
  await loggedIn(service, person)
  const told = JSON.stringify([operations, entries])
  expect(told).toContain('SignInCompleted')
  const codes = service.mailer.mails.flatMap((mail) => ('code' in mail ? [mail.code] : []))
  const { vault } =
    (await service.storage.load([{ participant: 'B01234', kind: 'account', id: user }]))[0] ?? {}
  const secrets = [person.password, ...codes, ...Object.values(vault ?? {})]
  expect(secrets.length).toBeGreaterThan(2)
  for (const secret of secrets) expect(told).not.toContain(secret)
})

test('OBS-01 · an observer that is not an object, or whose members are not functions, is refused at construction', () => {
  const ports = portsOf(testService())
  expect(() => createAuthentication({ ...ports, observer: 7 as never })).toThrow('observer must be an object')
  expect(() => createAuthentication({ ...ports, observer: { entry: 7 as never } })).toThrow(
    'observer.entry must be a function',
  )
})

test('PRI-01, API-01 · a request context out of its bounds is refused by field', async () => {
  const service = testService()
  const of = async (given: unknown) => {
    const answer = await service.auth.registry.view({ userId: user, context: given as never })
    return answer.isErr() && answer.error.code === 'malformed-input' ? answer.error.field : 'taken'
  }
  expect(await of({})).toBe('taken')
  expect(
    await of({ source: 'x'.repeat(256), userAgent: 'x'.repeat(1_024), requestId: 'x'.repeat(128) }),
  ).toBe('taken')
  expect(await of({ source: 'x'.repeat(257) })).toBe('context.source')
  expect(await of({ userAgent: 7 })).toBe('context.userAgent')
  expect(await of({ requestId: 'a\nb' })).toBe('context.requestId')
  expect(await of({ source: '' })).toBe('context.source')
  expect(await of({ other: 'x' })).toBe('context')
  expect(await of('x')).toBe('context')
})
