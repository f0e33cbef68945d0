/** What a commit contains, what it compares, and what follows it. */
import { describe, expect, test } from 'vitest'
import type { Commit } from '../../src/index.ts'
import { unlock } from '../eservices/model/support.ts'
import { process, sent } from '../eservices/support.ts'
import { changing, confirming, dmsTestService, entered, getCode } from '../support/dms.ts'
import { counting } from '../support/storages.ts'
import {
  codeOf,
  good,
  openedState,
  recordOf,
  refusal,
  testService,
  unsettled,
} from '../support/test-service.ts'
import { begun, codeOfNow, initialised, registered, user, wrongPasswords } from '../support/user-journeys.ts'

const by = 'HKEX'
const userId = user
const registration = { userId, role: 'User', origin: 'imported', by } as const

const kindsOf = ({ writes, unchanged = [] }: Commit) => ({
  written: writes.map(({ key }) => key.kind),
  compared: unchanged.map(({ key, version }) => `${key.kind} ${key.id} ${version}`),
})

describe('LOCK-09 · a commit', () => {
  test('compares the records on which its decision relies and that it does not write', async () => {
    const storage = counting()
    const service = await dmsTestService({ storage })
    const { request } = await entered(service, changing({ surname: 'WONG' }))
    const code = await getCode(service, request)
    storage.commits.length = 0
    await good(confirming(service, request, code))
    const versions = await Promise.all(
      ['B01234X1', 'B01234X2'].map(async (id) => `account ${id} ${(await recordOf(service, id))?.version}`),
    )
    expect(storage.commits.map(kindsOf)).toEqual([
      { written: ['request', 'authorisation', 'account'], compared: versions },
    ])
  })

  test('compares a record that does not exist with version 0', async () => {
    const storage = counting()
    const service = testService({ storage })
    const form = await sent(service, [unlock('B01234X9', 'x9@bank.example')])
    storage.commits.length = 0
    await process(service, form)
    expect(storage.commits.map(kindsOf)[0]).toEqual({
      ...{ written: ['eservice'], compared: ['account B01234X9 0'] },
    })
  })

  test('with cached records compares each of them that it does not write, unless it decides nothing', async () => {
    const storage = counting()
    const service = testService({ storage, recordCache: true })
    const person = await initialised(service)
    await begun(service, person)
    storage.commits.length = 0
    const { challenge } = await begun(service, person)
    await good(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) }))
    expect(storage.commits.map(kindsOf)).toEqual([
      { written: ['account'], compared: [] },
      { written: ['account'], compared: [] },
    ])
  })

  test('of an operation that is never decided on cached records loads them', async () => {
    const storage = counting()
    const service = testService({ storage, recordCache: true })
    await good(service.auth.registry.register(registration))
    const before = storage.trips.load
    await good(service.auth.registry.setMaximum({ participant: 'B01234', maximum: 5, by }))
    expect(storage.trips.load).toBe(before + 1)
  })

  test('that changes nothing is not made', async () => {
    const storage = counting()
    const service = testService({ storage })
    await good(service.auth.registry.register({ ...registration, surname: 'CHAN' }))
    const before = storage.trips.commit
    await good(service.auth.registry.change({ userId, by, changes: { surname: 'CHAN' } }))
    expect(storage.trips.commit).toBe(before)
  })
})

describe('PRI-02, PRI-04 · an erasure', () => {
  const erasuresOf = async (service: ReturnType<typeof testService>) => {
    const text = (await recordOf(service, userId))?.vault['erasures']
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  }

  test('notes in the vault which kinds were erased, and up to which entry; later commits keep and extend the note', async () => {
    const service = testService()
    const { registry, personalData } = service.auth
    const context = { source: '192.0.2.7' }
    await good(registry.register({ ...registration, surname: 'CHAN', email: 'chan@example.com', context }))
    expect(await erasuresOf(service)).toBeUndefined()
    await good(personalData.erase({ userId, by, kinds: ['context'] }))
    expect(await erasuresOf(service)).toEqual({ context: 1 })
    await good(registry.change({ userId, by, changes: { surname: 'WONG' }, context }))
    expect(await erasuresOf(service)).toEqual({ context: 1 })
    await good(registry.delete({ userId, by, context }))
    await good(personalData.erase({ userId, by }))
    const all = (await erasuresOf(service)) as Readonly<Record<string, number>>
    expect(Object.keys(all).sort()).toEqual(['contact', 'context', 'identity'])
    expect(all['context']).toBeGreaterThan(1)
    expect((await good(service.auth.audit.verify({ userId }))).findings).toEqual([])
    const left = JSON.stringify(await recordOf(service, userId))
    for (const secret of ['CHAN', 'WONG', 'chan@example.com', context.source])
      expect(left).not.toContain(secret)
  })

  test('keeps what the state of an existing account still needs', async () => {
    const service = testService()
    const { registry, personalData } = service.auth
    await good(registry.register({ ...registration, surname: 'CHAN', email: 'chan@example.com' }))
    await good(personalData.erase({ userId, by }))
    expect(openedState(await recordOf(service, userId))).toMatchObject({
      surname: 'CHAN',
      email: 'chan@example.com',
    })
  })
})

describe('LOCK-11 · the outbox', () => {
  test('sends a notice after its commit without a further call', async () => {
    const service = testService({ policy: { lockout: { failedSignIns: 2 } } })
    const person = await initialised(service)
    await good(service.auth.outbox.deliver())
    const sentBefore = service.mailer.mails.length
    await wrongPasswords(service, person, 2)
    await good(service.auth.outbox.deliver())
    expect(service.mailer.mails.slice(sentBefore).map(({ type }) => type)).toEqual(['account-locked'])
    expect(await unsettled(service)).toEqual([])
  })

  /** A service whose mails about a number of credentials wait; the mailer answers with `outcome`. */
  const waiting = async (count: number, outcome: 'delivered' | 'refused') => {
    let isDown = true
    const service = testService({
      between: (ports) => ({
        ...ports,
        mailer: {
          send: async (mail) =>
            mail.type === 'code' || !isDown
              ? mail.type === 'code'
                ? ports.mailer.send(mail)
                : outcome
              : 'try-again',
        },
      }),
    })
    for (let n = 0; n < count; n++) {
      const id = `B01234${String(n).padStart(2, '0')}`
      await registered(service, id)
      await good(service.auth.registry.change({ userId: id, by, changes: { email: `new${n}@example.com` } }))
    }
    await good(service.auth.outbox.deliver())
    isDown = false
    service.clock.pass(3_600_000)
    return service
  }

  test.each([19, 20, 21, 40])('delivers all of %i notices in one call', async (count) => {
    const service = await waiting(count, 'delivered')
    const before = (await unsettled(service)).length
    expect(before).toBeGreaterThanOrEqual(count)
    service.clock.pass(3_600_000)
    expect(await good(service.auth.outbox.deliver())).toEqual({ delivered: before, refused: 0, waiting: 0 })
    expect(await unsettled(service)).toEqual([])
  })

  test('removes a notice that is refused for good, and reports it by its id', async () => {
    const service = await waiting(1, 'refused')
    const notices = await unsettled(service)
    service.clock.pass(3_600_000)
    service.faults.length = 0
    const { length: refused } = notices
    expect(await good(service.auth.outbox.deliver())).toEqual({ delivered: 0, refused, waiting: 0 })
    expect(service.faults.map(({ port, error }) => `${port}: ${(error as Error).message}`)).toEqual(
      notices.map(({ id }) => `mailer: the notice ${id} was refused`),
    )
    expect(await unsettled(service)).toEqual([])
  })
})

describe('API-02 · a port that answers nonsense has failed', () => {
  test.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY, 8.64e15 + 1, -8.64e15 - 1])(
    'a clock that says %d',
    async (now) => {
      const service = testService({ between: (ports) => ({ ...ports, clock: { now: () => now } }) })
      expect(await refusal(service.auth.registry.register(registration))).toMatchObject({ port: 'clock' })
      expect(service.faults).toMatchObject([
        {
          port: 'clock',
          error: {
            message: 'the clock must return whole epoch milliseconds, from -8.64e15 to 8.64e15',
          },
        },
      ])
    },
  )

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'a rate limiter that limits for %d seconds',
    async (retryAfterSeconds) => {
      const service = testService({
        rateLimiter: { consume: async () => ({ allowed: false, retryAfterSeconds }) },
      })
      const attempt = {
        userId,
        password: 'Wrong-Horse-1!!!',
        system: 'CCASS/CCMS',
        context: { source: 'a' },
      } as const
      expect(await refusal(service.auth.signIn.begin(attempt))).toMatchObject({ port: 'rateLimiter' })
    },
  )
})

test('FLD-05 · an account has at most 256 transaction limits', async () => {
  const service = testService()
  const limits = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`L${n}`, '1']))
  const register = (count: number) =>
    service.auth.registry.register({ ...registration, transactionLimits: limits(count) })
  expect(await refusal(register(257))).toMatchObject({
    ...{ code: 'malformed-input', field: 'transactionLimits', problem: 'must be at most 256 limits' },
  })
  expect(await codeOf(register(256))).toBe('ok')
})

test('OBS-01 · an observer of operations alone is enough', async () => {
  const seen: string[] = []
  const observer = { operation: ({ operation }: { operation: string }) => void seen.push(operation) }
  const service = testService({ between: (ports) => ({ ...ports, observer }) as typeof ports })
  await good(service.auth.registry.register(registration))
  expect([seen, service.faults]).toEqual([['registry.register'], []])
})
