/** Bounds of the operations on personal data: periods, pages, long trails, storages that fail, and input. */
import { describe, expect, test } from 'vitest'
import type { RecordKey, StoragePort } from '../../src/index.ts'
import { DAY } from '../../src/kernel/instant.ts'
import { recordKinds } from '../../src/ports/storage.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { booksOf, everyKind } from '../support/all-kinds.ts'
import { good, refusal, testService } from '../support/test-service.ts'
import { registered, user } from '../support/user-journeys.ts'

const by = 'privacy officer'
const context = { source: '192.0.2.77' }

describe('PRI-03 · at the end of a period', () => {
  test('data is erased one millisecond after it, of an entry as of the state, and by its own rule', async () => {
    const service = testService({
      policy: { personalData: { contextDays: 30, identityDays: 60, contactDays: 90 } },
    })
    const { auth, clock } = service
    await registered(service, user, { surname: 'CHAN', email: 'chan@example.com' })
    await good(auth.registry.delete({ userId: user, by }))
    const sweep = async () =>
      (await good(auth.personalData.applyRetention({ participant: 'B01234', by }))).erased.map(
        ({ record, through }) => `${record.kind} ${Object.keys(through)}`,
      )
    clock.pass(60 * DAY)
    expect(await sweep()).toEqual([])
    clock.pass(1)
    expect(await sweep()).toEqual(['account identity'])
    const trail = await good(auth.audit.trail({ userId: user }))
    expect(trail.at(-1)?.event).toMatchObject({ rule: 'PRI-03', reason: 'retention' })
  })

  test('a sweep visits each kind of record in turn, and a full page is continued after its last record', async () => {
    const service = testService()
    for (const id of ['B0123401', 'B0123402']) await registered(service, id)
    const cursors: (string | undefined)[] = []
    for (let after: string | undefined; ; ) {
      const page = await good(
        service.auth.personalData.applyRetention({ participant: 'B01234', by, after, limit: 1 }),
      )
      after = page.after
      cursors.push(after)
      if (after === undefined) break
    }
    expect(cursors.slice(0, 3)).toEqual(['account/B0123401', 'account/B0123402', 'refusals/'])
    expect(cursors.at(-1)).toBeUndefined()
    expect(cursors.slice(2, -1).filter((cursor) => cursor?.endsWith('/'))).toEqual(
      recordKinds.slice(1).map((kind) => `${kind}/`),
    )
    const whole = await good(service.auth.personalData.applyRetention({ participant: 'B01234', by }))
    expect(whole).toEqual({ records: 2, erased: [], after: 'refusals/' })
  })
})

describe('PRI-04 · on request', () => {
  test('the closed requests about a User ID are erased with its account, and no others', async () => {
    const o = await everyKind()
    const requests = (await booksOf(o)).filter(({ key }) => key.kind === 'request')
    const about = (state: unknown) => (state as { readonly entry: { readonly userId?: string } }).entry.userId
    const isClosed = (state: unknown) => (state as { readonly stage: string }).stage === 'Confirmed'
    const closed = requests.find(({ record: { state } }) => isClosed(state) && about(state) !== undefined)
    const userId = about(closed?.record.state) ?? expect.fail()
    const own = requests.filter(({ record }) => about(record.state) === userId)
    const erased = await good(o.auth.personalData.erase({ userId, by }))
    const ids = new Set(own.map(({ key }) => key.id))
    const erasedRequests = erased.filter(({ record }) => record.kind === 'request')
    expect(erasedRequests.length).toBeGreaterThan(0)
    for (const { record } of erasedRequests) expect(ids).toContain(record.id)
    expect(requests.length).toBeGreaterThan(own.length)
  })

  test('requests beyond the first thousand of a participant are found', async () => {
    const o = await everyKind()
    const requests = (await booksOf(o)).filter(({ key }) => key.kind === 'request')
    const filler = (await o.storage.list('B01234', 'request', { after: '', limit: 1 }))[0] ?? expect.fail()
    const others = Array.from({ length: 1_000 }, (_, n) => ({
      id: `!${String(n).padStart(4, '0')}`,
      record: { ...filler.record, state: { stage: 'Pending' } },
    }))
    const asked: string[] = []
    const storage: StoragePort = {
      ...o.storage,
      list: async (participant, kind, page) => {
        if (kind !== 'request') return o.storage.list(participant, kind, page)
        asked.push(page.after)
        return page.after === '' ? others : o.storage.list(participant, kind, { ...page, after: '' })
      },
    }
    const ofUser = requests.flatMap(({ record }) => {
      const { entry } = record.state as { readonly entry?: { readonly userId?: string } }
      return entry?.userId === undefined ? [] : [entry.userId]
    })
    const { auth } = testService({ storage })
    const erased = await Promise.all(
      [...new Set(ofUser)].map((userId) => good(auth.personalData.erase({ userId, by }))),
    )
    expect(erased.flat().some(({ record }) => record.kind === 'request')).toBe(true)
    expect(new Set(asked)).toEqual(new Set(['', '!0999']))
  })

  test('a trail of more than one page is erased to its end', async () => {
    const service = testService()
    const challenge = `${user}.${'0'.repeat(32)}`
    for (let n = 0; n < 520; n++) await service.auth.signIn.cancel({ challenge, context })
    const erased = await good(service.auth.personalData.erase({ userId: user, by, kinds: ['context'] }))
    expect(erased).toEqual([
      { record: { participant: 'B01234', kind: 'refusals', id: user }, through: { context: 520 } },
    ])
    expect(JSON.stringify(await booksOf(service))).not.toContain(context.source)
  })

  test('an address that an account still needs is kept, and goes with the account', async () => {
    const service = testService()
    await registered(service, user, { surname: 'CHAN', email: 'chan@example.com' })
    const { auth } = service
    await good(auth.personalData.erase({ userId: user, by, kinds: ['contact'] }))
    expect(JSON.stringify(await booksOf(service))).toContain('chan@example.com')
    await good(auth.registry.delete({ userId: user, by }))
    await good(auth.personalData.erase({ userId: user, by, kinds: ['contact'] }))
    expect(JSON.stringify(await booksOf(service))).not.toContain('chan@example.com')
    expect((await good(auth.audit.verify({ userId: user }))).findings).toEqual([])
  })

  test('nothing is written for a User ID without records, or a second time', async () => {
    const { auth } = testService()
    expect(await good(auth.personalData.erase({ userId: user, by }))).toEqual([])
  })
})

describe('API-02 · a storage that fails', () => {
  const failing = async (method: 'list' | 'trail', nth: number) => {
    const storage = memoryStorage()
    const before = testService({ storage })
    await registered(before, user, { surname: 'CHAN', email: 'chan@example.com' })
    let calls = 0
    const broken = {
      ...storage,
      [method]: async (...args: readonly never[]) => {
        if (++calls === nth) throw new Error('no storage')
        return (storage[method] as (...given: readonly never[]) => unknown)(...args)
      },
    } as StoragePort
    return testService({ storage: broken }).auth.personalData
  }
  const expected = { code: 'port-failed', rule: 'API-02', port: 'storage' }

  test('while the requests are listed, or a trail is read, or its last entry', async () => {
    for (const [method, nth] of [
      ['list', 1],
      ['trail', 1],
      ['trail', 2],
    ] as const)
      expect(await refusal((await failing(method, nth)).erase({ userId: user, by }))).toEqual(expected)
  })

  test('while a sweep lists its records, or reads a trail', async () => {
    for (const method of ['list', 'trail'] as const)
      expect(await refusal((await failing(method, 1)).applyRetention({ participant: 'B01234', by }))).toEqual(
        expected,
      )
  })
})

test('API-01 · input out of bounds is refused by its field and its problem', async () => {
  const { auth } = testService()
  const problem = async (answer: Parameters<typeof refusal>[0]) => {
    const refused = (await refusal(answer)) as { readonly field?: string; readonly problem?: string }
    return `${refused.field}: ${refused.problem}`
  }
  const { personalData } = auth
  const record: RecordKey = { participant: 'B01234', kind: 'account', id: user }
  for (const id of ['', `é${user}`, `${user}é`, 'x'.repeat(257)])
    expect(await problem(personalData.erase({ record: { ...record, id }, by } as never))).toBe(
      'record.id: must be 1 to 256 printable ASCII characters',
    )
  expect(await problem(personalData.erase({ by } as never))).toBe(
    'userId: either it, or a record, must be given',
  )
  const sweep = { participant: 'B01234', by }
  for (const after of ['account', '/x', 'accounts/x', 'x'])
    expect(await problem(personalData.applyRetention({ ...sweep, after }))).toBe(
      'after: must be the cursor of an earlier page',
    )
  for (const limit of [0, 1_001, 1.5])
    expect(await problem(personalData.applyRetention({ ...sweep, limit }))).toMatch(/^limit: /)
  for (const limit of [1, 1_000]) await good(personalData.applyRetention({ ...sweep, limit }))
})

test('OBS-01 · the operations are observed by their names', async () => {
  const seen: string[] = []
  const { auth } = testService({
    between: (ports) => ({ ...ports, observer: { operation: ({ operation }) => void seen.push(operation) } }),
  })
  await good(auth.personalData.erase({ userId: user, by }))
  await good(auth.personalData.applyRetention({ participant: 'B01234', by }))
  expect(seen).toEqual(['personalData.erase', 'personalData.applyRetention'])
})
