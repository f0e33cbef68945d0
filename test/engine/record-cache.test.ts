/**
 * Decisions with cached records: the statements they save, and that a stale record never changes a result.
 */
import { describe, expect, test } from 'vitest'
import { recordCache } from '../../src/engine/record-cache.ts'
import { createAuthentication, type StoredRecord } from '../../src/index.ts'
import { counting, yielding } from '../support/storages.ts'
import { codeOf, count, good, lastReason, testService } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import {
  another,
  begun,
  codeOfNow,
  initialised,
  locked,
  loggedIn,
  unlocked,
  user,
  view,
  wrong,
  wrongPasswords,
} from '../support/user-journeys.ts'

/** Two services with caches on one storage, and the statements of both. */
const remembering = () => {
  const storage = counting()
  const service = testService({ storage, recordCache: true })
  const other = service.another()
  const spent = async <T>(work: () => Promise<T>) => {
    const [load, commit, verify] = [
      storage.trips.load,
      storage.trips.commit,
      service.passwordHasher.calls.verify,
    ]
    const answer = await work()
    return {
      answer,
      load: storage.trips.load - load,
      commit: storage.trips.commit - commit,
      verify: service.passwordHasher.calls.verify - verify,
    }
  }
  return { service, other, spent }
}

describe('LOCK-17 · with a record cache', () => {
  test.each(['MobileApp', 'Email'] as const)(
    'a sign-in on cached records takes two commits and no load (%s)',
    async (channel) => {
      const { service, spent } = remembering()
      const person = await initialised(service, user, channel)
      const { challenge } = await begun(service, person)
      await good(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) }))
      service.clock.pass(30_000)
      const signIn = async () => {
        const step = await begun(service, person)
        return codeOf(
          service.auth.signIn.confirmOtp({ challenge: step.challenge, code: codeOfNow(service, person) }),
        )
      }
      expect(await spent(signIn)).toMatchObject({ answer: 'ok', load: 0, commit: 2, verify: 1 })
      await expectTrailVerifies(service, user)
    },
  )

  test('a stale record costs one more load and commit; the password is hashed once and the attempt counted once', async () => {
    const { service, other, spent } = remembering()
    const person = await initialised(service)
    await begun(service, person)
    const wrongly = { ...person, password: 'Wrong-Horse-00!!' }
    expect(await codeOf(other.signIn.begin(wrongly))).toBe('sign-in-refused') // service.auth does not know of it
    expect(await spent(() => codeOf(service.auth.signIn.begin(wrongly)))).toEqual({
      answer: 'sign-in-refused',
      load: 1,
      commit: 2,
      verify: 1,
    })
    expect((await view(service, person)).failedAttempts.passwords).toBe(2)
    expect(await count(service, user, 'PasswordRejected')).toBe(2)
  })

  test('a lock, an unlock and a new password in another process take effect at once', async () => {
    const { service, other } = remembering()
    const person = await initialised(service)
    await begun(service, person)
    await locked({ ...service, auth: other }, person)
    expect(await codeOf(service.auth.signIn.begin(person))).toBe('sign-in-refused')
    expect(await lastReason(service, user)).toBe('locked')
    await unlocked({ ...service, auth: other }, person)
    expect(await codeOf(service.auth.signIn.begin(person))).toBe('sign-in-refused')
    expect(await lastReason(service, user)).not.toBe('locked')
    await expectTrailVerifies(service, user)
  })

  test('after a password change in another process the former is refused and the new one accepted', async () => {
    const { service, other, spent } = remembering()
    const person = await initialised(service)
    const session = await loggedIn(service, person)
    const password = another(1)
    service.clock.pass(30_000)
    await good(
      other.selfService.changePassword({
        session,
        current: person.password,
        password,
        confirmation: password,
      }),
    )
    expect(await spent(() => codeOf(service.auth.signIn.begin(person)))).toMatchObject({
      answer: 'sign-in-refused',
    })
    await other.signIn.begin({ ...person, password })
    expect(await codeOf(service.auth.signIn.begin({ ...person, password }))).toBe('ok')
  })

  test('a refusal for a locked account is also verified against the storage, although the operation writes another record', async () => {
    const { service, other, spent } = remembering()
    const person = await initialised(service)
    await locked(service, person)
    await codeOf(service.auth.signIn.begin(person)) // both records are remembered now
    const again = await spent(() => codeOf(service.auth.signIn.begin(person)))
    expect(again).toMatchObject({ answer: 'sign-in-refused', load: 0, commit: 1 })
    await unlocked({ ...service, auth: other }, person)
    const after = await spent(() => codeOf(service.auth.signIn.begin(person)))
    expect(after).toMatchObject({ load: 1, commit: 2 })
    expect(await lastReason(service, user)).not.toBe('locked')
  })

  test('session checks, views and lists load records, and a session ended in another process is refused at once', async () => {
    const { service, other, spent } = remembering()
    const person = await initialised(service)
    const session = await loggedIn(service, person)
    expect(await spent(() => codeOf(service.auth.sessions.check({ session })))).toMatchObject({
      answer: 'ok',
      load: 1,
    })
    await locked({ ...service, auth: other }, person)
    expect(await codeOf(service.auth.sessions.check({ session }))).toBe('session-ended')
  })

  test('of 200 parallel wrong passwords in four services, mostly with stale records, exactly five are counted', async () => {
    const service = testService({ storage: yielding(), recordCache: true })
    const services = [service.auth, service.another(), service.another(), service.another()]
    const person = await initialised(service)
    for (const each of services) await each.signIn.begin(person)
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        codeOf((services[i % 4] ?? service.auth).signIn.begin({ ...person, password: `Wrong-Horse-${i}!!` })),
      ),
    )
    expect(new Set(answers)).toEqual(new Set(['sign-in-refused']))
    expect(await view(service, person)).toMatchObject({ locked: true, failedAttempts: { passwords: 5 } })
    expect([await count(service, user, 'PasswordRejected'), await count(service, user, 'Locked')]).toEqual([
      5, 1,
    ])
    await expectTrailVerifies(service, user)
  })

  test('one correct code in four stale services completes one sign-in, and wrong codes in turns are counted up to fifteen', async () => {
    const service = testService({ storage: yielding(), recordCache: true })
    const services = [service.auth, service.another(), service.another(), service.another()]
    const person = await initialised(service)
    const { challenge } = await begun(service, person)
    const code = codeOfNow(service, person)
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        codeOf((services[i % 4] ?? service.auth).signIn.confirmOtp({ challenge, code })),
      ),
    )
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(1)
    for (let i = 0; i < 40; i++) {
      const auth = services[i % 4] ?? service.auth
      const step = await auth.signIn.begin(person)
      if (step.isErr()) continue
      await (services[(i + 1) % 4] ?? service.auth).signIn.confirmOtp({
        challenge: step.value.challenge,
        code: wrong(codeOfNow(service, person)),
      })
    }
    expect((await view(service, person)).locked).toBe(true)
    expect(await count(service, user, 'SignInCodeRejected')).toBe(15)
    await expectTrailVerifies(service, user)
  })

  test('LOCK-11 · a lock decided on a cached record notifies its holder without a further call', async () => {
    const { service, spent } = remembering()
    const person = await initialised(service)
    await wrongPasswords(service, person, 4)
    const before = service.mailer.mails.length
    expect(await spent(() => wrongPasswords(service, person, 1))).toMatchObject({ load: 0, commit: 1 })
    await expect
      .poll(() => service.mailer.mails.slice(before).map(({ type }) => type))
      .toEqual(['account-locked'])
  })

  test('a failed commit is not cached, and the next call loads', async () => {
    const { service, spent } = remembering()
    const person = await initialised(service)
    await begun(service, person)
    const { commit } = service.storage
    let failing = true
    Object.assign(service.storage, {
      commit: async (each: Parameters<typeof commit>[0]) => {
        if (failing) throw new Error('gone')
        return commit(each)
      },
    })
    expect(await codeOf(service.auth.signIn.begin(person))).toBe('port-failed')
    failing = false
    expect(await spent(() => codeOf(service.auth.signIn.begin(person)))).toMatchObject({
      answer: 'ok',
      load: 1,
    })
  })
})

const key = (id: string) => ({ participant: 'B01234', kind: 'account', id }) as const
const record = (version: number): StoredRecord => ({ version, state: {}, vault: {}, head: '' })

describe('LOCK-17 · the record cache', () => {
  test('is bounded by count and age, and is emptied when the clock goes back', () => {
    const cache = recordCache({ maxRecords: 2, maxAge: 1_000 })
    for (const id of ['A', 'B', 'C']) cache.remember(key(id), record(1), 0)
    expect(['A', 'B', 'C'].map((id) => cache.recall(key(id), 0) !== undefined)).toEqual([false, true, true])
    expect(cache.recall(key('B'), 999)).toEqual({ record: record(1) })
    expect(cache.recall(key('B'), 1_000)).toBeUndefined()
    cache.remember(key('D'), undefined, 5_000)
    expect(cache.recall(key('D'), 4_999)).toBeUndefined()
  })

  test('caches the absence of a record, keeps the newer of two versions, and returns copies', () => {
    const cache = recordCache({})
    cache.remember(key('A'), undefined, 0)
    expect(cache.recall(key('A'), 0)).toEqual({ record: undefined })
    cache.remember(key('A'), record(3), 0)
    cache.remember(key('A'), record(2), 0)
    expect(cache.recall(key('A'), 0)?.record).toEqual(record(3))
    expect(cache.recall(key('A'), 0)?.record).not.toBe(cache.recall(key('A'), 0)?.record)
    cache.forget(key('A'))
    expect(cache.recall(key('A'), 0)).toBeUndefined()
  })

  test.each([
    [{ maxRecords: 0 }, 'recordCache.maxRecords must be a whole number from 1 to 1000000, got 0'],
    [{ maxAge: Number.NaN }, 'recordCache.maxAge must be a whole number from 1 to 600000, got NaN'],
    [{ size: 1 }, 'recordCache.size is not an option; the options are maxRecords, maxAge'],
    [7, 'recordCache must be true, false or an object, got number'],
  ])('refuses the setting %j at construction', (recordCacheOption, problem) => {
    const { storage, clock, mailer, passwordHasher, random, secretBox } = testService()
    const options = { storage, clock, mailer, passwordHasher, random, secretBox }
    expect(() => createAuthentication({ ...options, recordCache: recordCacheOption as never })).toThrow(
      problem,
    )
  })
})
