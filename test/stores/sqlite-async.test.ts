/** SQLite behind an asynchronous client: `@libsql/client` on a file, and the shape of D1 over it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@libsql/client'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { type LibsqlClient, sqliteAsyncStorage } from 'ccass-2fa/sqlite-async'
import { storageContract } from 'ccass-2fa/testing'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { schemaSteps } from '../../src/stores/sqlite/schema.ts'
import {
  accountAt,
  commitOf,
  committed,
  conditional,
  everythingOf,
  loadOne,
  nextWrite,
  noticeOf,
  waiting,
} from '../../src/testing/storage-contract/fixtures.ts'
import { d1Over } from '../support/async-sqlite.ts'

const key = accountAt()
let folder: string
let file: string
let opened: Client[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  file = join(folder, 'accounts.db')
})
afterEach(() => {
  for (const client of opened) client.close()
  opened = []
  rmSync(folder, { recursive: true, force: true })
})

const connect = (intMode: 'number' | 'bigint' | 'string' = 'number') => {
  const client = createClient({ url: `file:${file}`, intMode })
  opened.push(client)
  return client
}

const clients = {
  'libsql client': () => connect(),
  'libsql client, whole numbers as bigint': () => connect('bigint'),
  'libsql client, whole numbers as texts': () => connect('string'),
  'the shape of D1': () => d1Over(connect()),
}

describe.each(Object.entries(clients))('%s', (name, open) => {
  const make = async () => {
    file = join(mkdtempSync(join(folder, 'case-')), 'accounts.db')
    const path = file
    const second = async () => {
      file = path
      return sqliteAsyncStorage(open())
    }
    return { storage: sqliteAsyncStorage(open()), second }
  }
  const all = storageContract(make)
  // The concurrency cases take most of the time and do not depend on how a client returns rows: they run with
  // one client.
  const cases = name === 'libsql client' ? all : all.filter((each) => !/^races ·/.test(each.name))
  for (const each of cases) test(`LOCK-09 · ${each.name}`, each.run)
})

describe.each([
  ['libsql client', clients['libsql client']],
  ['the shape of D1', clients['the shape of D1']],
] as const)('%s', (_, open) => {
  test('LOCK-09 · a commit is one batch and a load one statement, for any content', async () => {
    const client = open()
    const counts = { one: 0, batches: 0 }
    const counted = new Proxy(client, {
      get: (target, property) => {
        const value = Reflect.get(target, property)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          if (property === 'execute' || property === 'prepare') counts.one++
          if (property === 'batch') counts.batches++
          return value.apply(target, given)
        }
      },
    })
    const storage = sqliteAsyncStorage(counted)
    await loadOne(storage, key)
    const [first, other] = [nextWrite(key, undefined, { entries: 5 }), accountAt('B', 'BNK999')]
    counts.batches = 0
    await committed(storage, [first, nextWrite(other, undefined)], [noticeOf('1'), noticeOf('2')])
    expect(await storage.commit(commitOf([first]))).toBe('conflict')
    expect(counts.batches).toBe(2)
    counts.one = 0
    expect(await storage.load([key, other, key, accountAt('C')])).toHaveLength(4)
    expect(counts.one).toBe(1)
  })

  test('LOCK-09 · a batch that fails halfway for another reason is rolled back, and rejects', async () => {
    const storage = sqliteAsyncStorage(open())
    const first = nextWrite(key, undefined)
    await committed(storage, [first], [noticeOf('sent')])
    const before = await everythingOf(storage, [key])
    const commit = commitOf([nextWrite(key, first.record)], [noticeOf('new'), noticeOf('sent')])
    await expect(storage.commit(commit)).rejects.toThrow('UNIQUE')
    expect(await everythingOf(storage, [key])).toBe(before)
    await committed(storage, [nextWrite(key, first.record)])
  })

  test('LOCK-09 · a record required at two versions is a conflict', async () => {
    const storage = sqliteAsyncStorage(open())
    expect(await storage.commit(conditional([nextWrite(key, undefined)], [key, 0]))).toBe('committed')
    expect(await storage.commit(conditional([], [key, 1], [key, 2]))).toBe('conflict')
  })
})

test('LOCK-09 · a commit of 4 MB is sent in values of less than 2 MB', async () => {
  const client = connect()
  let longest = 0
  const watched: LibsqlClient = {
    execute: (statement) => client.execute(statement),
    batch: (statements, mode) => {
      for (const { args } of statements)
        for (const value of args) longest = Math.max(longest, Buffer.byteLength(String(value)))
      return client.batch(statements, mode)
    },
  }
  const storage = sqliteAsyncStorage(watched)
  const writes = Array.from({ length: 40 }, (_, i) =>
    nextWrite(accountAt(`B01234${i}`), undefined, { state: '密'.repeat(33_000) }),
  )
  await committed(storage, writes)
  expect(longest).toBeGreaterThan(1_000_000)
  expect(longest).toBeLessThan(2_000_000)
  const records = await storage.load(writes.map((write) => write.key))
  expect(records.map((record) => record?.head)).toEqual(writes.map(({ record }) => record.head))
})

test('LOCK-09 · its tables are those of ccass-2fa/sqlite, and each storage opens a file of the other', async () => {
  const storage = sqliteAsyncStorage(connect())
  const first = nextWrite(key, undefined, { state: { a: 1 }, entries: 2 })
  await committed(storage, [first], [noticeOf('sent')])
  const before = await everythingOf(storage, [key])
  const db = new Database(file)
  expect(await everythingOf(sqliteStorage(db), [key])).toBe(before)
  await committed(sqliteStorage(db), [nextWrite(key, first.record, { state: 2 })])
  expect((await loadOne(storage, key))?.state).toBe(2)
  db.close()
})

test('LOCK-09 · two connections that open a new file in parallel create the schema once', async () => {
  const storages = [1, 2, 3, 4].map(() => sqliteAsyncStorage(connect()))
  await Promise.all(storages.map((storage) => storage.participants({ after: '', limit: 1 })))
  const { rows } = await connect().execute('SELECT version FROM ccass_2fa_schema')
  expect(rows).toHaveLength(schemaSteps.length)
})

test('LOCK-09 · a schema of a later release is refused and not changed', async () => {
  const client = connect()
  await client.batch(
    ['CREATE TABLE ccass_2fa_schema (version INTEGER)', 'INSERT INTO ccass_2fa_schema VALUES (99)'],
    'write',
  )
  const storage = sqliteAsyncStorage(client)
  await expect(storage.commit(commitOf([nextWrite(key, undefined)]))).rejects.toThrow('later release')
  await expect(waiting(storage)).rejects.toThrow('later release')
})

test('LOCK-09 · a table of another owner under our name is refused; the host’s tables and user_version do not change', async () => {
  const client = connect()
  await client.execute('CREATE TABLE ccass_2fa_trail (note TEXT)')
  await expect(loadOne(sqliteAsyncStorage(client), key)).rejects.toThrow('already exists')
  await client.execute('PRAGMA user_version = 7')
  await client.execute('CREATE TABLE record (note TEXT)')
  const storage = sqliteAsyncStorage(client, { tablePrefix: 'mine_' })
  await committed(storage, [nextWrite(key, undefined)])
  expect((await client.execute('PRAGMA user_version')).rows[0]).toMatchObject({ user_version: 7 })
})

test('LOCK-09 · a database that is unavailable at the first call is tried again at the next', async () => {
  const client = connect()
  let away = true
  const watched: LibsqlClient = {
    execute: (statement) => (away ? Promise.reject(new Error('away')) : client.execute(statement)),
    batch: (statements, mode) => client.batch(statements, mode),
  }
  const storage = sqliteAsyncStorage(watched)
  await expect(loadOne(storage, key)).rejects.toThrow('away')
  away = false
  expect(await loadOne(storage, key)).toBeUndefined()
})

test('API-02 · a value that is not a client, and an unknown option, are refused when the storage is created', () => {
  for (const client of [undefined, {}, { batch: () => {} }, { prepare: () => {} }])
    expect(() => sqliteAsyncStorage(client as never)).toThrow(TypeError)
  expect(() => sqliteAsyncStorage(connect(), { prefix: 'a_' } as never)).toThrow('"prefix"')
  expect(() => sqliteAsyncStorage(connect(), { tablePrefix: 'a b' })).toThrow(RangeError)
})
