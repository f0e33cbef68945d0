/**
 * A database whose connection breaks during a commit. After a restart it can show commits that its replica
 * has not received; if it then fails permanently, they are lost. A commit that is only visible is therefore
 * not yet confirmed.
 */
import { expect, test } from 'vitest'
import type { Commit, StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { codeOf, count, testService } from '../support/test-service.ts'
import { begun, codeOfNow, initialised, user } from '../support/user-journeys.ts'

/**
 * A primary with a synchronous replica. `breaks` selects the commits that are written here but get no answer.
 */
const replicated = () => {
  const primary = memoryStorage()
  const replica = memoryStorage()
  const missing: Commit[] = []
  let breaks: (commit: Commit) => boolean = () => false
  const storage: StoragePort = {
    ...primary,
    commit: async (commit) => {
      const outcome = await primary.commit(commit)
      if (outcome === 'conflict') return outcome
      missing.push(commit)
      if (breaks(commit)) throw new Error('the connection is lost')
      for (const each of missing.splice(0)) await replica.commit(each)
      return outcome
    },
  }
  return {
    storage,
    replica,
    begin: (next: typeof breaks) => {
      breaks = next
    },
  }
}

const writes = ({ writes: written }: Commit) => written.length > 0

test.each([
  ['with a cache of records', true],
  ['without one', false],
])(
  'API-02 · a sign-in whose commit lost its answer counts once the replica has received it, %s',
  async (_, recordCache) => {
    const { storage, replica, begin } = replicated()
    const service = testService({ storage, recordCache })
    const person = await initialised(service)
    const { challenge } = await begun(service, person)
    begin(writes)
    expect(
      await codeOf(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) })),
    ).toBe('ok')
    expect(await count({ storage: replica }, user, 'SignInCompleted')).toBe(1)
  },
)

test('API-02 · while the replica receives nothing, no success is returned that it lacks', async () => {
  const { storage, replica, begin } = replicated()
  const service = testService({ storage })
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  begin(() => true)
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) }))).toBe(
    'port-failed',
  )
  expect(await count(service, user, 'SignInCompleted')).toBe(1)
  expect(await count({ storage: replica }, user, 'SignInCompleted')).toBe(0)
})

test('API-02 · a record that changed while a lost answer was looked up is verified in its current state', async () => {
  const { storage, replica, begin } = replicated()
  const service = testService({ storage })
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  const other = service.another()
  let refused = 0
  begin((commit) => {
    if (writes(commit)) return refused === 0
    return false
  })
  const trail = storage.trail
  Object.assign(storage, {
    trail: async (...given: Parameters<typeof trail>) => {
      const found = await trail(...given)
      if (refused++ === 0) await other.signIn.begin({ ...person, password: 'Wrong-Horse-1!!!' })
      return found
    },
  })
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) }))).toBe(
    'ok',
  )
  expect(await count({ storage: replica }, user, 'SignInCompleted')).toBe(1)
  expect(await count({ storage: replica }, user, 'PasswordRejected')).toBe(1)
})
