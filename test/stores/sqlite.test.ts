import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type SqliteDatabase, type SqliteStatement, sqliteStorage } from 'ccass-2fa/sqlite'
import { storageContract } from 'ccass-2fa/testing'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RecordWrite } from '../../src/ports/storage.ts'
import { createSchemaTable, schemaSteps } from '../../src/stores/sqlite/schema.ts'
import { sqliteTables } from '../../src/stores/sqlite/tables.ts'
import {
  accountAt,
  assertWhole,
  commitOf,
  committed,
  everythingOf,
  loadOne,
  nextWrite,
  noticeOf,
  same,
  waiting,
} from '../../src/testing/storage-contract/fixtures.ts'

const key = accountAt()
let folder: string
let file: string
let opened: Database.Database[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  file = join(folder, 'accounts.db')
})
afterEach(() => {
  for (const db of opened) if (db.open) db.close()
  opened = []
  rmSync(folder, { recursive: true, force: true })
})

const connect = () => {
  const db = new Database(file)
  db.exec('PRAGMA busy_timeout = 10000')
  db.exec('PRAGMA journal_mode = WAL')
  opened.push(db)
  return db
}

const tablesOf = (db: Database.Database) =>
  (
    db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all() as {
      name: string
    }[]
  )
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('sqlite_'))

describe('the schema', () => {
  test('LOCK-09 · is created at the first use and not before', async () => {
    const db = connect()
    const storage = sqliteStorage(db)
    expect(tablesOf(db)).toEqual([])
    expect(await loadOne(storage, key)).toBeUndefined()
    expect(tablesOf(db)).toEqual(
      ['conflict', 'notice', 'record', 'schema', 'trail'].map((name) => `ccass_2fa_${name}`),
    )
  })

  test('LOCK-09 · is created once by two connections that open a new file in parallel', async () => {
    const [one, other] = [sqliteStorage(connect()), sqliteStorage(connect())]
    expect(await Promise.all([loadOne(one, key), loadOne(other, key)])).toEqual([undefined, undefined])
    await committed(one, [nextWrite(key, undefined, { state: 'one' })])
    expect((await loadOne(other, key))?.state).toBe('one')
  })

  test('LOCK-09 · is migrated from the first version to the current one with all data', async () => {
    const db = connect()
    const tables = sqliteTables()
    for (const sql of [createSchemaTable(tables), ...(schemaSteps[0]?.(tables) ?? [])]) db.exec(sql)
    db.exec(`INSERT INTO ${tables.schema} (version) VALUES (1)`)
    const keys = ['B', 'A', 'C'].map((id) => ({ ...key, id }))
    db.exec(
      `INSERT INTO ${tables.record} VALUES ('B00001', 'account', 'X', 1, '{}', '{}', 'h');
       INSERT INTO ${tables.trail} VALUES ('B00001', 'account', 'X', 1, '{"seq":1}', '{"identity":{}}', 7);
       INSERT INTO ${tables.notice} (participant, id, notice) VALUES ('B00001', 'n', '{}')`,
    )
    const storage = sqliteStorage(db)
    const old = { participant: 'B00001', kind: 'account', id: 'X' } as const
    same(await loadOne(storage, old), { version: 1, state: {}, vault: {}, head: 'h' }, 'the record')
    const entry = { seq: 1, personal: { identity: {} } }
    same(
      await storage.journal({ from: '', limit: 9 }),
      [{ position: '7', key: old, entry }],
      'the entry in its place',
    )
    same(await waiting(storage), [{ participant: 'B00001', id: 'n', notice: {} }], 'the notice')
    await storage.settleNotice(noticeOf('n'))
    for (const each of keys) await committed(storage, [nextWrite(each, undefined)], [noticeOf(each.id)])
    const positions = (await storage.journal({ from: '', limit: 9 })).map(({ position }) => position)
    expect(positions).toEqual(['7', '8', '9', '10'])
    expect(await everythingOf(sqliteStorage(connect()), keys)).toBe(await everythingOf(storage, keys))
    expect(tablesOf(db).filter((name) => name.endsWith('former'))).toEqual([])
  })

  test('LOCK-09 · of a later release is refused for reading and writing, and not changed', async () => {
    const db = connect()
    db.exec('CREATE TABLE ccass_2fa_schema (version INTEGER); INSERT INTO ccass_2fa_schema VALUES (99)')
    const storage = sqliteStorage(db)
    await expect(storage.load([key])).rejects.toThrow('later release')
    await expect(storage.commit(commitOf([nextWrite(key, undefined)]))).rejects.toThrow('later release')
    await expect(waiting(storage)).rejects.toThrow('later release')
    await expect(storage.participants({ after: '', limit: 1 })).rejects.toThrow('later release')
    expect(tablesOf(db)).toEqual(['ccass_2fa_schema'])
  })
})

describe('a file shared with the host', () => {
  const userVersion = (db: Database.Database) => db.prepare('PRAGMA user_version').get()

  test.each([0, 1, 2, 2_147_483_647])(
    'LOCK-09 · keeps the host’s tables of the same plain names and its user_version %i, and both work',
    async (version) => {
      const db = connect()
      db.exec(`PRAGMA user_version = ${version}`)
      for (const name of ['record', 'trail', 'notice', 'schema', 'migration'])
        db.exec(`CREATE TABLE ${name} (note TEXT); INSERT INTO ${name} VALUES ('kept')`)
      const storage = sqliteStorage(db)
      await committed(storage, [nextWrite(key, undefined)], [noticeOf('sent')])
      same(await waiting(storage), [noticeOf('sent')], 'the notice')
      expect(userVersion(db)).toMatchObject({ user_version: version })
      for (const name of ['record', 'trail', 'notice', 'schema', 'migration'])
        expect(db.prepare(`SELECT note FROM ${name}`).all()).toMatchObject([{ note: 'kept' }])
      db.exec(`PRAGMA user_version = 7`)
      expect((await loadOne(sqliteStorage(connect()), key))?.version, 'a migration of the host').toBe(1)
    },
  )

  test('LOCK-09 · holds two storages under two prefixes', async () => {
    const db = connect()
    const [one, other] = [sqliteStorage(db), sqliteStorage(db, { tablePrefix: 'second_' })]
    await committed(one, [nextWrite(key, undefined)], [noticeOf('sent')])
    expect(await loadOne(other, key)).toBeUndefined()
    expect(await waiting(other)).toEqual([])
    await committed(other, [nextWrite(key, undefined)], [noticeOf('sent')])
    expect(await waiting(one)).toHaveLength(1)
  })

  test('LOCK-09 · is refused if a table of another owner has our name, and nothing is created', async () => {
    const db = connect()
    db.exec('CREATE TABLE ccass_2fa_notice (note TEXT)')
    await expect(loadOne(sqliteStorage(db), key)).rejects.toThrow('already exists')
    expect(tablesOf(db)).toEqual(['ccass_2fa_notice'])
  })

  test.each(['', '1a', 'a b', 'a"', 'sqlite_', 'SQLITE_x', 'é', 'a'.repeat(33), 'a;--'])(
    'API-02 · cannot use the table prefix %j',
    (tablePrefix) => {
      expect(() => sqliteStorage(connect(), { tablePrefix })).toThrow(RangeError)
    },
  )

  test('API-02 · is refused with an unknown option, by name', () => {
    expect(() => sqliteStorage(connect(), { prefix: 'a_' } as never)).toThrow('"prefix"')
  })

  test('LOCK-09 · keeps an open transaction of the host, and the call is refused', async () => {
    const db = connect()
    const storage = sqliteStorage(db)
    await loadOne(storage, key)
    db.exec('CREATE TABLE host (note TEXT)')
    db.exec("BEGIN; INSERT INTO host VALUES ('mine')")
    await expect(storage.commit(commitOf([nextWrite(key, undefined)]))).rejects.toThrow()
    db.exec('COMMIT')
    expect(db.prepare('SELECT note FROM host').all()).toMatchObject([{ note: 'mine' }])
    expect(await loadOne(storage, key)).toBeUndefined()
  })
})

describe('drivers', () => {
  const cases = (open: () => SqliteDatabase) =>
    storageContract(async () => ({ storage: sqliteStorage(open()) })).filter(
      ({ name }) => !/^(races · .*all succeed|two storages)/.test(name),
    )

  describe('that return whole numbers as bigint', () => {
    const open = () => new Database(':memory:').defaultSafeIntegers(true)
    for (const { name, run } of cases(open)) test(`LOCK-09 · ${name}`, run)
    test('LOCK-09 · versions are compared as numbers', () => {
      expect(open().prepare('SELECT 1 AS one').get()).toMatchObject({ one: 1n })
    })
  })

  describe('that return null for a missing row, as bun:sqlite does', () => {
    const open = (): SqliteDatabase => {
      const db = new Database(':memory:')
      const prepare = (sql: string) => {
        const statement = db.prepare(sql)
        const get: SqliteStatement['get'] = (...values) => statement.get(...values) ?? null
        return { run: statement.run.bind(statement), all: statement.all.bind(statement), get }
      }
      return { exec: (sql) => db.exec(sql), prepare: prepare as SqliteDatabase['prepare'] }
    }
    for (const { name, run } of cases(open)) test(`LOCK-09 · ${name}`, run)
  })

  test('API-02 · a driver that returns rows as arrays is refused at the first use, with a named error', async () => {
    const db = new Database(':memory:')
    const arrays = { exec: (sql: string) => db.exec(sql), prepare: (sql: string) => db.prepare(sql).raw() }
    await expect(loadOne(sqliteStorage(arrays as never), key)).rejects.toThrow('rows as objects')
  })
})

describe('data that an unlock destroys', () => {
  const accounts = 100
  const secretOf = (what: string, i: number) => `${what}-of-${String(i).padStart(4, '0')}-${'x'.repeat(70)}`

  /** The bytes of destroyed secrets in the file after accounts of changing sizes were unlocked. */
  const remainsIn = async (mode: 'WAL' | 'DELETE', secureDelete: boolean) => {
    const db = new Database(file)
    db.exec(`PRAGMA journal_mode = ${mode}`)
    const storage = sqliteStorage(db)
    await storage.participants({ after: '', limit: 1 })
    if (!secureDelete) db.exec('PRAGMA secure_delete = OFF')
    const records = new Map<number, RecordWrite['record']>()
    const write = async (i: number, vault: RecordWrite['record']['vault'], size: number) => {
      const next = nextWrite(accountAt(`B01234${i}`), records.get(i), { vault, state: 'a'.repeat(size) })
      await committed(storage, [next])
      records.set(i, next.record)
    }
    const all = Array.from({ length: accounts }, (_, i) => i)
    for (const i of all) await write(i, { hash: secretOf('hash', i) }, 100 + ((i * 53) % 300))
    for (const i of all)
      await write(i, { hash: secretOf('hash', i), device: secretOf('device', i) }, 100 + ((i * 71) % 900))
    for (const i of all) await write(i, {}, 80)
    if (mode === 'WAL') db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()
    const text = ['', '-wal', '-journal']
      .map((suffix) => file + suffix)
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'latin1'))
      .join('')
    return all.flatMap((i) => ['hash', 'device'].filter((what) => text.includes(secretOf(what, i)))).length
  }

  test.each(['WAL', 'DELETE'] as const)(
    'AUD-06 · after 100 unlocks, a checkpoint and closing (%s) the file contains no former hash or sealed secret',
    async (mode) => {
      expect(await remainsIn(mode, true)).toBe(0)
    },
  )

  test('AUD-06 · is erased by secure_delete: without it the file contains the former values', async () => {
    expect(await remainsIn('WAL', false)).toBeGreaterThan(50)
  })
})

test('LOCK-09 · committed data survives closing and reopening', async () => {
  const db = connect()
  const storage = sqliteStorage(db)
  const first = nextWrite(key, undefined, { state: { a: ['é😀'] }, vault: { b: 'c' }, entries: 3 })
  await committed(storage, [first], [noticeOf('told')])
  await committed(storage, [nextWrite(key, first.record, { state: 2 })])
  const before = await everythingOf(storage, [key])
  db.close()
  expect(await everythingOf(sqliteStorage(connect()), [key])).toBe(before)
})

test('LOCK-09 · a commit that fails halfway is rolled back, and the next one succeeds', async () => {
  const db = connect()
  const storage = sqliteStorage(db)
  const first = nextWrite(key, undefined)
  await committed(storage, [first], [noticeOf('told')])
  const before = await everythingOf(storage, [key])
  const second = nextWrite(key, first.record)
  // The name of a notice is used twice, so the database refuses the last statement of the commit.
  await expect(storage.commit(commitOf([second], [noticeOf('new'), noticeOf('told')]))).rejects.toThrow()
  expect(await everythingOf(storage, [key])).toBe(before)
  await committed(storage, [second])
})

test('LOCK-09 · a caller that finds the file busy for too long gets a rejection, and nothing is written', async () => {
  const db = connect()
  const storage = sqliteStorage(db)
  await committed(storage, [nextWrite(key, undefined)])
  const before = await everythingOf(storage, [key])
  const other = connect()
  db.exec('PRAGMA busy_timeout = 20')
  other.exec('BEGIN IMMEDIATE')
  await expect(storage.commit(commitOf([nextWrite(key, await loadOne(storage, key))]))).rejects.toThrow()
  other.exec('ROLLBACK')
  expect(await everythingOf(storage, [key])).toBe(before)
  await committed(storage, [nextWrite(key, await loadOne(storage, key))])
})

describe('several processes', () => {
  const writer = fileURLToPath(new URL('sqlite-writer.ts', import.meta.url))

  const started = async (name: string, times: number): Promise<ChildProcess> => {
    const child = fork(writer, [file, name, String(times)], { execArgv: ['--import', 'tsx'] })
    await once(child, 'message')
    return child
  }

  test('LOCK-09 · that open a new file in parallel and write one record create the schema once and lose no write', async () => {
    const [names, times] = [['one', 'two', 'three'], 20]
    const children = await Promise.all(names.map((name) => started(name, times)))
    const answers = children.map((child) => once(child, 'message'))
    for (const child of children) child.send('go')
    expect((await Promise.all(answers)).flat().filter((answer) => typeof answer === 'string')).toEqual(
      names.map(() => 'done'),
    )
    const storage = sqliteStorage(connect())
    expect((await loadOne(storage, key))?.version).toBe(names.length * times)
    const acts = (await assertWhole(storage, key)).map(({ operationId: operation }) => operation)
    const expected = names.flatMap((name) => Array.from({ length: times }, (_, i) => `${name}-${i}`))
    expect(acts.toSorted()).toEqual(expected.toSorted())
  })
})
