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
  same,
  trailOf,
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

/** What the release before this one left: its schema to the letter, a record, its trail, and two notices. */
const databaseOfVersion1 = `
  CREATE TABLE record (
    participant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    vault TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (participant, kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE trail (
    participant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (participant, kind, id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE notice (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    participant TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    notice TEXT NOT NULL
  ) STRICT;
  PRAGMA user_version = 1;
  INSERT INTO record VALUES ('B01234', 'account', 'B0123401', 2, '{"a":1}', '{"b":"c"}', 'h2');
  INSERT INTO trail VALUES
    ('B01234', 'account', 'B0123401', 1,
      '{"seq":1,"by":"x","act":"a","event":{"type":"T","at":1,"rule":"AUD-01"},"hash":"h1"}'),
    ('B01234', 'account', 'B0123401', 2,
      '{"seq":2,"by":"x","act":"a","event":{"type":"T","at":2,"rule":"AUD-01"},"hash":"h2"}');
  INSERT INTO notice (ordinal, participant, id, notice) VALUES
    (7, 'B01234', 'old', '${JSON.stringify(noticeOf('old').notice)}'),
    (9, 'B01234', 'new', '${JSON.stringify(noticeOf('new').notice)}');
`

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
    expect(versionOf(db)).toBe(2)
  })

  test('LOCK-09 · is made once by two connections that open a fresh file at once', async () => {
    const [one, other] = [sqliteStorage(connect()), sqliteStorage(connect())]
    expect(await Promise.all([loadOne(one, key), loadOne(other, key)])).toEqual([undefined, undefined])
    await committed(one, [nextWrite(key, undefined, { state: 'one' })])
    expect((await loadOne(other, key))?.state).toBe('one')
  })

  test('LOCK-09 · of a later release is refused, for reading and writing, and left as it is', async () => {
    const db = connect()
    db.exec('CREATE TABLE record (something TEXT); PRAGMA user_version = 3')
    const storage = sqliteStorage(db)
    await expect(storage.load([key])).rejects.toThrow('later release')
    await expect(storage.commit(commitOf([nextWrite(key, undefined)]))).rejects.toThrow('later release')
    await expect(waiting(storage)).rejects.toThrow('later release')
    await expect(storage.participants({ after: '', limit: 1 })).rejects.toThrow('later release')
    expect(versionOf(db)).toBe(3)
    expect(db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()).toMatchObject({ tables: 1 })
  })

  test('LOCK-09 · of version 1 is brought to the present one, by whoever comes first, with all that is in it', async () => {
    connect().exec(databaseOfVersion1)
    const [one, other] = [sqliteStorage(connect()), sqliteStorage(connect())]
    const before = { version: 2, state: { a: 1 }, vault: { b: 'c' }, head: 'h2' }
    same(await Promise.all([loadOne(one, key), loadOne(other, key)]), [before, before], 'the record')
    expect(versionOf(connect())).toBe(2)
    same((await trailOf(one, key)).length, 2, 'its trail')
    const claim = { now: 1_000, until: 2_000, limit: 1 }
    same(await one.claimNotices(claim), [noticeOf('old')], 'the oldest notice, which nobody had claimed')
    same(await other.claimNotices(claim), [noticeOf('new')], 'and the next')
    await committed(other, [nextWrite(key, before)], [noticeOf('newest')])
    same(await waiting(one), ['old', 'new', 'newest'].map(noticeOf), 'what comes now stands behind')
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
    const acts = (await assertWhole(storage, key)).map(({ operationId: operation }) => operation)
    const expected = names.flatMap((name) => Array.from({ length: times }, (_, i) => `${name}-${i}`))
    expect(acts.toSorted()).toEqual(expected.toSorted())
  })
})
