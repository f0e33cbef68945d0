/** The notice that an account was locked. */
import { expect, test } from 'vitest'
import type { DeliveryResult, Mail, StoragePort } from '../../src/index.ts'
import { codeOf, good, morning, type TestService, testService, unsettled } from '../support/test-service.ts'
import { initialised, user, wrongCodes, wrongPasswords } from '../support/user-journeys.ts'

test('LOCK-11 · the holder is notified by email once when the account locks, at the registered address', async () => {
  const service = testService()
  const person = await initialised(service)
  const before = service.mailer.mails.length
  await wrongPasswords(service, person, 7)
  await good(service.auth.outbox.deliver())
  expect(service.mailer.mails.slice(before)).toEqual([
    { type: 'account-locked', to: 'b0123401@example.com', userId: user, at: service.clock.now() },
  ])
  expect(await unsettled(service)).toEqual([])
})

test('LOCK-11 · the notice of a lock by wrong codes is kept until the mail server accepts it', async () => {
  const service = testService()
  const person = await initialised(service)
  service.mailer.answer('try-again')
  await wrongCodes(service, person, 15)
  await good(service.auth.outbox.deliver())
  service.clock.pass(60_000)
  expect(await good(service.auth.outbox.deliver())).toEqual({ delivered: 0, refused: 0, waiting: 1 })
  service.mailer.answer('delivered')
  service.clock.pass(60_000)
  expect(await good(service.auth.outbox.deliver())).toEqual({ delivered: 1, refused: 0, waiting: 0 })
  expect(service.mailer.mails.at(-1)).toMatchObject({ type: 'account-locked', userId: user })
  expect(await good(service.auth.outbox.deliver())).toEqual({ delivered: 0, refused: 0, waiting: 0 })
})

test('LOCK-11 · a permanently refused notice is removed from the outbox, and the host is notified', async () => {
  const service = testService()
  const person = await initialised(service)
  service.mailer.answer('refused')
  await wrongPasswords(service, person, 5)
  await good(service.auth.outbox.deliver())
  expect(await unsettled(service)).toEqual([])
  expect(service.faults.map(({ port }) => port)).toEqual(['mailer'])
})

/** A number of notices that no operation wrote, each to a different holder. */
const noticesFor = async ({ storage }: Pick<TestService, 'storage'>, howMany: number) => {
  const userIds = Array.from({ length: howMany }, (_, i) => `B0${String(1000 + i)}01`)
  for (const [i, userId] of userIds.entries()) {
    const notice = { type: 'account-locked', to: `${userId}@example.com`, userId, at: morning } as const
    await storage.commit({ writes: [], notices: [{ id: `n${i}`, participant: userId.slice(0, 6), notice }] })
  }
  return userIds
}

/** A service with another mailer. */
const mailedBy = (
  send: (mail: Mail, service: TestService) => Promise<DeliveryResult>,
  storage?: StoragePort,
): TestService => {
  const service: TestService = testService({
    ...(storage === undefined ? {} : { storage }),
    between: (ports) => ({ ...ports, mailer: { send: (mail) => send(mail, service) } }),
  })
  return service
}

test('LOCK-11 · with more notices than one claim takes, undeliverable notices do not delay deliverable ones', async () => {
  const stuck = new Set<string>()
  const service = mailedBy(async (mail, { mailer }) =>
    'userId' in mail && stuck.has(mail.userId) ? 'try-again' : mailer.send(mail),
  )
  for (const userId of (await noticesFor(service, 130)).slice(0, 110)) stuck.add(userId)
  expect(await good(service.auth.outbox.deliver())).toEqual({ delivered: 20, refused: 0, waiting: 110 })
  expect(service.mailer.mails.length).toBe(20)
})

test('LOCK-11 · a notice that could not be sent is retried after a minute and not earlier', async () => {
  const tried: number[] = []
  const service = mailedBy(async (_, { clock }) => {
    tried.push(clock.now() - morning)
    return 'try-again'
  })
  await noticesFor(service, 1)
  for (const pass of [0, 0, 59_999, 1, 0, 60_000]) {
    service.clock.pass(pass)
    await good(service.auth.outbox.deliver())
  }
  expect(tried).toEqual([0, 60_000, 120_000])
})

test('LOCK-11 · a delivery run ends, and tries each notice once at most, however slow and unreliable the mail server is', async () => {
  const tried: string[] = []
  const service = mailedBy(async (mail, { clock }) => {
    tried.push(mail.to)
    clock.pass(25_000)
    throw new Error('the line was dropped')
  })
  await noticesFor(service, 50)
  // Three notices of each batch start before the claim expires; the rest is left for others to claim.
  expect(await good(service.auth.outbox.deliver())).toEqual({ delivered: 0, refused: 0, waiting: 50 })
  expect([tried.length, new Set(tried).size]).toEqual([9, 9])
  expect(await unsettled(service)).toHaveLength(50)
})

test('LOCK-11 · two services that send in parallel send each notice once', async () => {
  const service = testService()
  await noticesFor(service, 90)
  const reports = await Promise.all(
    [service.auth, service.another(), service.another()].map((auth) => good(auth.outbox.deliver())),
  )
  expect(reports.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(90)
  expect(service.mailer.mails.length).toBe(90)
  expect(await unsettled(service)).toEqual([])
})

test('LOCK-11 · if a process dies between claiming and sending, another sends the notice once the claim has expired', async () => {
  const service = testService()
  await noticesFor(service, 3)
  const now = service.clock.now()
  expect(await service.storage.claimNotices({ now, until: now + 60_000, limit: 20 })).toHaveLength(3)
  expect(await good(service.auth.outbox.deliver())).toEqual({ delivered: 0, refused: 0, waiting: 0 })
  service.clock.pass(60_000)
  expect(await good(service.auth.outbox.deliver())).toEqual({ delivered: 3, refused: 0, waiting: 0 })
})

test('LOCK-11, API-02 · a storage that returns nonsense during delivery changes no result and is reported', async () => {
  const service = testService({
    between: (ports) => ({
      ...ports,
      storage: { ...ports.storage, claimNotices: async () => undefined as unknown as [] },
    }),
  })
  const person = await initialised(service)
  await wrongPasswords(service, person, 5)
  expect(await codeOf(service.auth.outbox.deliver())).toBe('internal-error')
  expect(new Set(service.faults.map(({ port }) => port))).toEqual(new Set(['library']))
})

test('LOCK-11 · the lock notice is sent without a call to deliver', async () => {
  const service = testService()
  const person = await initialised(service)
  await wrongPasswords(service, person, 5)
  await expect
    .poll(() => service.mailer.mails.filter(({ type }) => type === 'account-locked'))
    .toHaveLength(1)
  await expect.poll(() => unsettled(service)).toEqual([])
})
