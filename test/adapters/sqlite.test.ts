import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  accountAt,
  assertWhole,
  commitOf,
  committed,
  everythingOf,
  loadOne,
  nextWrite,
  noticeOf,
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

const versionOf = (db: Database.Database) =>
  (db.prepare('PRAGMA user_version').get() as { readonly user_version: number }).user_version

describe('the schema', () => {
  test('LOCK-09 · is made at the first use, and not before', async () => {
    const db = connect()
    const storage = sqliteStorage(db)
    expect(versionOf(db)).toBe(0)
    expect(await loadOne(storage, key)).toBeUndefined()
    expect(versionOf(db)).toBe(1)
  })

  test('LOCK-09 · is made once by two connections that open a fresh file at once', async () => {
    const [one, other] = [sqliteStorage(connect()), sqliteStorage(connect())]
    expect(await Promise.all([loadOne(one, key), loadOne(other, key)])).toEqual([undefined, undefined])
    await committed(one, [nextWrite(key, undefined, { state: 'one' })])
    expect((await loadOne(other, key))?.state).toBe('one')
  })

  test('LOCK-09 · of a later release is refused, for reading and writing, and left as it is', async () => {
    const db = connect()
    db.exec('CREATE TABLE record (something TEXT); PRAGMA user_version = 2')
    const storage = sqliteStorage(db)
    await expect(storage.load([key])).rejects.toThrow('later release')
    await expect(storage.commit(commitOf([nextWrite(key, undefined)]))).rejects.toThrow('later release')
    await expect(storage.pendingNotices({ after: 0, limit: 1 })).rejects.toThrow('later release')
    expect(versionOf(db)).toBe(2)
    expect(db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()).toMatchObject({ tables: 1 })
  })

  test('LOCK-09 · leaves alone what else the host keeps in the database', async () => {
    const db = connect()
    db.exec("CREATE TABLE host (note TEXT); INSERT INTO host VALUES ('kept')")
    await committed(sqliteStorage(db), [nextWrite(key, undefined)])
    expect(db.prepare('SELECT note FROM host').get()).toMatchObject({ note: 'kept' })
  })
})

test('LOCK-09 · what was committed survives closing and opening again', async () => {
  const db = connect()
  const storage = sqliteStorage(db)
  const first = nextWrite(key, undefined, { state: { a: ['é😀'] }, vault: { b: 'c' }, entries: 3 })
  await committed(storage, [first], [noticeOf('told')])
  await committed(storage, [nextWrite(key, first.record, { state: 2 })])
  const before = await everythingOf(storage, [key])
  db.close()
  expect(await everythingOf(sqliteStorage(connect()), [key])).toBe(before)
})

test('LOCK-09 · a commit that fails halfway is undone, and the next one goes through', async () => {
  const db = connect()
  const storage = sqliteStorage(db)
  const first = nextWrite(key, undefined)
  await committed(storage, [first], [noticeOf('told')])
  const before = await everythingOf(storage, [key])
  const second = nextWrite(key, first.record)
  // The name of a notice is used twice: the database refuses the last statement of the commit.
  await expect(storage.commit(commitOf([second], [noticeOf('new'), noticeOf('told')]))).rejects.toThrow()
  expect(await everythingOf(storage, [key])).toBe(before)
  await committed(storage, [second])
})

test('LOCK-09 · who finds the file busy for too long is told by a rejection, and nothing is written', async () => {
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

  test('LOCK-09 · open a fresh file at once and write one record: the schema is made once, no write is lost', async () => {
    const [names, times] = [['one', 'two', 'three'], 20]
    const children = await Promise.all(names.map((name) => started(name, times)))
    const answers = children.map((child) => once(child, 'message'))
    for (const child of children) child.send('go')
    expect((await Promise.all(answers)).flat().filter((answer) => typeof answer === 'string')).toEqual(
      names.map(() => 'done'),
    )
    const storage = sqliteStorage(connect())
    expect((await loadOne(storage, key))?.version).toBe(names.length * times)
    const acts = (await assertWhole(storage, key)).map(({ act }) => act)
    const expected = names.flatMap((name) => Array.from({ length: times }, (_, i) => `${name}-${i}`))
    expect(acts.toSorted()).toEqual(expected.toSorted())
  })
})
