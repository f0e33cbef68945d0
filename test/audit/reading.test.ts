/** How the audit reads a store: in few round trips, while others write, and where ports fail. */
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import type { StoragePort } from '../../src/index.ts'
import { sqliteStorage } from '../../src/stores/sqlite.ts'
import { good, refusal, type TestService, testService } from '../support/test-service.ts'
import { registered } from '../support/user-journeys.ts'

const participant = 'B01234'
const ids = (count: number) =>
  Array.from({ length: count }, (_, n) => `${participant}${String(n).padStart(2, '0')}`)

/** A service with some users, and another one over a storage that is made of its own. */
const withUsers = async (count: number) => {
  const inner = sqliteStorage(new Database(':memory:'))
  const service = testService({ storage: inner })
  for (const userId of ids(count)) await registered(service, userId)
  const over = (changed: Partial<StoragePort>) => testService({ storage: { ...inner, ...changed } })
  return { inner, service, over }
}

const down = () => Promise.reject(new Error('down'))

/** The storage's calls by name, during some work. */
const callsOf = async (inner: StoragePort, work: (service: TestService) => Promise<unknown>) => {
  const calls: Record<string, number> = {}
  const storage = new Proxy(inner, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as unknown
      if (typeof method !== 'function') return method
      return (...given: unknown[]) => {
        calls[String(name)] = (calls[String(name)] ?? 0) + 1
        return Reflect.apply(method, target, given) as unknown
      }
    },
  })
  await work(testService({ storage }))
  return calls
}

describe('AUD-02 · a page of records', () => {
  const verifyAll = async ({ auth }: TestService) => good(auth.audit.verify({ participant }))

  test('has its short trails read together, and its accounts are not loaded again', async () => {
    const { inner } = await withUsers(3)
    const { load, trail, trails } = await callsOf(inner, async (service) =>
      expect(await verifyAll(service)).toMatchObject({ records: 4, entries: 6, findings: [] }),
    )
    // The participant's record is loaded once more, to see that it allocated the accounts.
    expect([load, trail, trails]).toEqual([1, undefined, 1])
  })

  test('of two records has them read together as well, and a single one is read by itself', async () => {
    const { inner } = await withUsers(1)
    expect(await callsOf(inner, verifyAll)).toMatchObject({ trails: 1 })
    const one = await callsOf(inner, ({ auth }) => good(auth.audit.verify({ userId: String(ids(1)) })))
    expect(one['trails']).toBeUndefined()
  })

  test('is read by a storage that cannot read trails together, with the same result', async () => {
    const { inner, service } = await withUsers(3)
    const { trails: _, ...without } = inner
    const calls = await callsOf(without, async (other) =>
      expect(await verifyAll(other)).toEqual(await verifyAll(service)),
    )
    expect(calls['trail']).toBe(4)
  })

  test('has a long trail read by itself', async () => {
    const { inner, service } = await withUsers(3)
    const [userId = ''] = ids(1)
    for (let n = 0; n < 120; n++)
      await good(service.auth.registry.change({ userId, by: 'HKEX', changes: { surname: `A${n}` } }))
    const asked: string[][] = []
    const storage: StoragePort = {
      ...inner,
      trails: async (keys, limit) => {
        asked.push(keys.map(({ id }) => id))
        return (await inner.trails?.(keys, limit)) ?? []
      },
    }
    const { findings, entries } = await verifyAll(testService({ storage }))
    expect([findings, entries]).toEqual([[], 126])
    expect(asked).toEqual([[...ids(3).slice(1), participant]])
  })

  test('is read trail by trail if reading them together fails, or brings more than their records say', async () => {
    const { inner, service, over } = await withUsers(3)
    const expected = await verifyAll(service)
    const tooMany: StoragePort['trails'] = async (keys, limit) => {
      const trails = (await inner.trails?.(keys, limit)) ?? []
      return trails.map((trail) => [...trail, ...trail])
    }
    for (const trails of [down, tooMany]) expect(await verifyAll(over({ trails }))).toEqual(expected)
  })
})

describe('AUD-02, PRI-04 · personal data that is erased while it is read', () => {
  const [userId = ''] = ids(1)
  /** Runs something once, between the reading of the record and of its trail. */
  const meanwhile = (inner: StoragePort, work: () => Promise<unknown>): Partial<StoragePort> => {
    let isDone = false
    return {
      trail: async (...given) => {
        if (!isDone) {
          isDone = true
          await work()
        }
        return inner.trail(...given)
      },
    }
  }

  test('is no finding: the record says so by now', async () => {
    const { inner, service, over } = await withUsers(1)
    await good(service.auth.registry.delete({ userId, by: 'HKEX' }))
    const erase = () => good(service.auth.personalData.erase({ userId, by: 'privacy officer' }))
    const { auth } = over(meanwhile(inner, erase))
    const verified = await good(auth.audit.verify({ userId }))
    expect(verified.findings).toEqual([])
    expect(verified.erased).toHaveLength(1)
  })

  test('is a finding if no record says so, or if the record cannot be read again', async () => {
    const { inner } = await withUsers(1)
    const stripped: Partial<StoragePort> = {
      trail: async (...given) => (await inner.trail(...given)).map(({ personal: _, ...entry }) => entry),
    }
    const { auth } = testService({ storage: { ...inner, ...stripped } })
    const { findings } = await good(auth.audit.verify({ userId }))
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['personal-data-missing']))
    let loads = 0
    const load: StoragePort['load'] = (keys) => (++loads > 1 ? down() : inner.load(keys))
    const broken = testService({ storage: { ...inner, ...stripped, load } })
    expect(await refusal(broken.auth.audit.verify({ userId }))).toMatchObject({ port: 'storage' })
  })

  test('and a change at the same moment is no finding either, unless the record cannot be read again', async () => {
    const { inner, service, over } = await withUsers(1)
    let changes = 0
    const change = () =>
      good(service.auth.registry.change({ userId, by: 'HKEX', changes: { surname: `A${++changes}` } }))
    expect((await good(over(meanwhile(inner, change)).auth.audit.verify({ userId }))).findings).toEqual([])
    let loads = 0
    const load: StoragePort['load'] = (keys) => (++loads > 1 ? down() : inner.load(keys))
    const broken = testService({ storage: { ...inner, ...meanwhile(inner, change), load } })
    expect(await refusal(broken.auth.audit.verify({ userId }))).toMatchObject({
      ...{ code: 'port-failed', port: 'storage' },
    })
  })
})

describe('API-02 · the audit is refused if the storage fails', () => {
  test('for the trail of an account that is missing', async () => {
    const { inner } = await withUsers(2)
    const [lost = ''] = ids(1)
    const load: StoragePort['load'] = async (keys) =>
      (await inner.load(keys)).map((record, i) => (keys[i]?.id === lost ? undefined : record))
    const list: StoragePort['list'] = async (...given) =>
      (await inner.list(...given)).filter(({ id }) => id !== lost)
    const trail: StoragePort['trail'] = (key, page) =>
      key.id === lost && page.after === 0 ? down() : inner.trail(key, page)
    const found = async (changed: Partial<StoragePort>) => {
      const { auth } = testService({ storage: { ...inner, load, list, ...changed } })
      return auth.audit.verify({ participant })
    }
    expect((await found({}))._unsafeUnwrap().findings).toMatchObject([
      { code: 'trail-without-record', record: { id: lost } },
    ])
    // An entry that cannot be read was corrupted; a storage that reads none has failed.
    expect((await found({ trail }))._unsafeUnwrap().findings).toMatchObject([
      { code: 'trail-without-record', record: { id: lost } },
    ])
    expect((await found({ trail: down, trails: down }))._unsafeUnwrapErr()).toMatchObject({
      code: 'port-failed',
      port: 'storage',
    })
  })

  test('for a list of which no record can be made out', async () => {
    const { over } = await withUsers(2)
    const { auth } = over({ list: down })
    expect(await refusal(auth.audit.verify({ participant }))).toMatchObject({ code: 'port-failed' })
    // It lists beyond all ids and nothing else, so that the id of the unreadable record cannot be found.
    const beyond = over({
      list: async (_, __, { after }) => (after.startsWith('\u007f') ? [] : down()),
    })
    expect(await refusal(beyond.auth.audit.verify({ participant }))).toMatchObject({ code: 'port-failed' })
  })

  test('and names the manifest if that is what fails', async () => {
    const { service } = await withUsers(1)
    const kept: string[] = []
    const checkpoint = await good(
      service.auth.audit.checkpoint({ keep: (lines) => void kept.push(...lines) }),
    )
    const verify = (manifest: Iterable<string>) =>
      refusal(service.auth.audit.verifyCheckpoint({ checkpoint, manifest }))
    function* torn(): Generator<string> {
      yield kept[0] ?? ''
      throw new Error('torn')
    }
    const closed: Iterable<string> = {
      [Symbol.iterator]: () => {
        throw new Error('closed')
      },
    }
    for (const manifest of [torn(), closed])
      expect(await verify(manifest)).toMatchObject({ code: 'port-failed', port: 'manifest' })
  })
})

test('API-01 · input of the audit is refused by its field, and says what it must be', async () => {
  const { auth } = testService()
  const record = { participant, kind: 'account', id: 'B0123401' }
  const checkpoint = { format: 'ccass-2fa/checkpoint/1', at: 0, count: 0, root: 'a'.repeat(64) }
  const printable = 'must be 1 to 256 printable ASCII characters'
  const hex = 'must be SHA-256 in hex'
  const cursor = 'must be the cursor of an earlier page'
  const either = 'either it, or a record, must be given'
  const one = 'must be one record, or a page of them'
  const given = async (operation: keyof typeof auth.audit, input: object) => {
    const { field, problem } = (await refusal(auth.audit[operation](input as never) as never)) as never
    return [field, problem]
  }
  expect(await given('trail', {})).toEqual(['userId', either])
  expect(await given('trail', { userId: 'B0123401', record })).toEqual(['userId', either])
  for (const id of ['', 'é', 'éB0123401', 'B0123401é', '\u007f', 'x'.repeat(257)])
    expect(await given('trail', { record: { ...record, id } })).toEqual(['record.id', printable])
  for (const input of [
    { userId: 'B0123401', limit: 1 },
    { userId: 'B0123401', record },
    { record, participant },
  ])
    expect(await given('verify', input)).toEqual(['', one])
  for (const after of [
    '',
    'x',
    '[]',
    JSON.stringify([participant, 'account']),
    JSON.stringify([participant, 'x', '']),
  ])
    expect(await given('verify', { after })).toEqual(['after', cursor])
  for (const root of ['a'.repeat(63), 'a'.repeat(65), 'A'.repeat(64), `g${'a'.repeat(63)}`])
    expect(await given('verifyCheckpoint', { checkpoint: { ...checkpoint, root }, manifest: [] })).toEqual([
      'checkpoint.root',
      hex,
    ])
  for (const manifest of [null, 7, {}])
    expect(await given('verifyCheckpoint', { checkpoint, manifest })).toEqual([
      'manifest',
      'must be the lines of a manifest',
    ])
  for (const after of ['', 'x', '{}', '["1"]', '["",""]', JSON.stringify(['1', 'x'.repeat(65)])])
    expect(await given('feed', { after })).toEqual(['after', cursor])
})
