/** The number of storage round trips per operation. */
import { expect, test } from 'vitest'
import type { StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { counting } from '../support/storages.ts'
import { codeOf, count, good, testService } from '../support/test-service.ts'
import { begun, codeOfNow, initialised, locked, loggedIn, user } from '../support/user-journeys.ts'

test.each(['MobileApp', 'Email'] as const)(
  'LOCK-09 · a full sign-in costs two loads and two commits (%s)',
  async (channel) => {
    const storage = counting()
    const service = testService({ storage })
    const person = await initialised(service, user, channel)
    const before = { ...storage.trips }
    const { challenge } = await begun(service, person)
    await good(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) }))
    expect({ load: storage.trips.load - before.load, commit: storage.trips.commit - before.commit }).toEqual({
      load: 2,
      commit: 2,
    })
    expect(storage.trips.trail).toBe(0)
  },
)

test('AUD-01, LOCK-11 · state, entries and the notice of a lock are one commit', async () => {
  const storage = counting()
  const service = testService({ storage })
  await locked(service, await initialised(service))
  const last = storage.commits.at(-1)
  expect(last).toMatchObject({
    writes: [{ entries: [{ event: { type: 'PasswordRejected' } }, { event: { type: 'Locked' } }] }],
    notices: [{ notice: { type: 'account-locked' } }],
  })
  const [write] = last?.writes ?? []
  expect(new Set(write?.entries.map(({ operationId: operation }) => operation)).size).toBe(1)
  for (const { writes } of storage.commits) {
    // Registering an account also writes its participant's record, which holds the allocated IDs.
    expect(['account', 'participant+account']).toContain(writes.map(({ key }) => key.kind).join('+'))
    for (const { expectedVersion, record, entries } of writes)
      expect(record.version).toBe(expectedVersion + entries.length)
  }
})

test('ACC-15, ACC-19 · checking, listing, sealing or opening a session, or viewing a profile, takes one load and writes nothing', async () => {
  const storage = counting()
  const service = testService({ storage })
  const session = await loggedIn(service, await initialised(service))
  const before = { ...storage.trips }
  await good(service.auth.sessions.check({ session }))
  await good(service.auth.registry.view({ userId: user }))
  const sealed = await good(service.auth.sessions.seal({ session }))
  await good(service.auth.sessions.open({ sealed }))
  await good(service.auth.sessions.list({ session }))
  expect(storage.trips).toEqual({ ...before, load: before.load + 5 })
})

test('LOCK-09 · a storage that always conflicts gives `busy` after a bounded number of attempts, and nothing is counted', async () => {
  let conflicting = false
  let tries = 0
  const inner = memoryStorage()
  const storage: StoragePort = {
    ...inner,
    commit: async (commit) => {
      if (!conflicting) return inner.commit(commit)
      tries++
      return 'conflict'
    },
  }
  const service = testService({ storage })
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  conflicting = true
  const verified = service.passwordHasher.calls.verify
  expect(await codeOf(service.auth.signIn.begin({ ...person, password: 'Wrong-Horse-00!!' }))).toBe('busy')
  expect(service.passwordHasher.calls.verify).toBe(verified + 1) // costly answers are remembered
  expect(tries).toBeGreaterThan(10)
  expect(tries).toBeLessThan(100)
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe('busy')
  conflicting = false
  expect(await count(service, user, 'PasswordRejected')).toBe(0)
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe('ok')
})
