/** PostgreSQL as far as PGlite emulates it: a single connection. `test/peers` tests a real server. */
import { PGlite } from '@electric-sql/pglite'
import {
  migratePostgres,
  type PostgresClient,
  postgresMigration,
  postgresStorage,
  type UnsafeSqlClient,
} from 'ccass-2fa/postgres'
import { storageContract } from 'ccass-2fa/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../src/ports/storage.ts'
import {
  accountAt,
  commitOf,
  committed,
  conditional,
  everythingOf,
  loadOne,
  nextWrite,
  noticeOf,
  same,
  trailOf,
  waiting,
} from '../../src/testing/storage-contract/fixtures.ts'
import { countingClient, watchingPartitions } from '../support/postgres-clients.ts'

let db: PGlite
let schemas = 0

beforeAll(async () => {
  db = await PGlite.create()
}, 120_000)
afterAll(() => db?.close())

/** A separate schema with the tables. */
const made = async (options: { partitions?: number } = {}) => {
  const schema = `s${++schemas}`
  await migratePostgres(db, { schema, ...options })
  return schema
}

const fresh = async () => postgresStorage(db, { schema: await made() })

describe('the storage contract', () => {
  // A second storage would use the same connection and show nothing new: its cases are left out.
  const cases = storageContract(async () => ({ storage: await fresh() }))
  // The concurrency cases take half the time, and nothing overlaps on one connection: they run on a real
  // server.
  const here = cases.filter(({ name }) => !/^(races · .*all succeed|two storages)/.test(name))
  for (const { name, run } of here) test(`LOCK-09 · ${name}`, run)
})

/** The part of a contract that one connection can show. */
const shown = (make: Parameters<typeof storageContract>[0]) =>
  storageContract(make).filter(({ name }) => /^commits ·/.test(name))

describe('a client like postgres.js and Bun.SQL: a function with `unsafe`', () => {
  const unsafeClient = (asError: (error: unknown) => unknown): UnsafeSqlClient =>
    Object.assign(() => expect.fail('a template: not used here'), {
      unsafe: async (text: string, values: string[]) => {
        try {
          return (await db.query(text, values)).rows
        } catch (error) {
          throw asError(error)
        }
      },
    })
  /** Like Bun.SQL's errors: the SQLSTATE is in `errno`, and `code` is Bun's own. */
  const bunError = (error: unknown) =>
    Object.assign(new Error('PostgresError'), {
      code: 'ERR_POSTGRES_SERVER_ERROR',
      errno: (error as { readonly code: string }).code,
    })
  const made = async () => {
    const client = unsafeClient(bunError)
    const schema = `s${++schemas}`
    await migratePostgres(client, { schema })
    return { storage: postgresStorage(client, { schema }) }
  }
  for (const { name, run } of shown(made)) test(`LOCK-09 · ${name}`, run)

  test.each([
    ['code', { code: '22012' }],
    ['errno, beside a code of the driver’s own', { code: 'ERR_POSTGRES_SERVER_ERROR', errno: '22012' }],
    ['sqlState', { sqlState: '22012' }],
    ['the cause of a wrapper', { cause: { cause: { code: '22012', errno: 1 } } }],
  ])('LOCK-09 · a lost race is a conflict, with the SQLSTATE in %s', async (_, state) => {
    const failing = { unsafe: async () => Promise.reject(Object.assign(new Error('lost'), state)) }
    const commit = commitOf([nextWrite(accountAt(), undefined)])
    expect(await postgresStorage(failing).commit(commit)).toBe('conflict')
  })

  test.each([
    ['a number', { errno: 22012 }],
    ['another state', { code: 'ERR_POSTGRES_SERVER_ERROR', errno: '22013' }],
    ['none', {}],
  ])('API-02 · any other failure is a rejection: %s', async (_, state) => {
    const commit = commitOf([nextWrite(accountAt(), undefined)])
    const storage = postgresStorage({
      unsafe: async () => Promise.reject(Object.assign(new Error('x'), state)),
    })
    await expect(storage.commit(commit)).rejects.toThrow('x')
  })

  test.each([[undefined], [null], [{}], [{ query: 'SELECT 1' }], [() => {}]])(
    'API-02 · a value that is not a client is refused when the storage is created (%j)',
    async (client) => {
      expect(() => postgresStorage(client as never)).toThrow(TypeError)
      await expect(migratePostgres(client as never)).rejects.toThrow(TypeError)
    },
  )

  test('API-02 · an unknown option is refused by name', async () => {
    expect(() => postgresStorage(db, { schemas: 'x' } as never)).toThrow('"schemas"')
    expect(() => postgresStorage(db, { schema: null } as never)).toThrow(RangeError)
    await expect(migratePostgres(db, { partition: 2 } as never)).rejects.toThrow('"partition"')
  })
})

describe('Citus', () => {
  const [a, b, c] = [accountAt('A'), accountAt('B', 'BNK998'), accountAt('C', 'BNK999')]

  /** The statement of a commit with everything that a commit can contain, of three participants. */
  const statementOf = async () => {
    const asked: { text: string; values: string[] }[] = []
    const query: PostgresClient['query'] = async (text, values) => {
      asked.push({ text, values })
      return { rows: [{ outcome: '1' }] }
    }
    const schema = await made()
    const notices = [noticeOf('1'), { ...noticeOf('2'), participant: 'BNK998' }]
    const writes = [nextWrite(a, undefined, { entries: 2 }), nextWrite(b, { version: 3, head: 'x' })]
    const unchanged = [
      { key: c, version: 0 },
      { key: accountAt('D', 'BNK997'), version: 4 },
    ]
    await postgresStorage({ query }, { schema }).commit({ writes, notices, unchanged })
    return asked[0] ?? expect.fail('a commit is one statement')
  }

  test('LOCK-09 · every part of a commit returns a column, so that it may be an intermediate result', async () => {
    const { text, values } = await statementOf()
    const parts = [...text.matchAll(/^(?:WITH )?(\w+) AS \(/gm)].map(([, name]) => name ?? '')
    expect(parts).toEqual(['step_0', 'step_1', 'step_2', 'step_3', 'trail_0', 'trail_1', 'notices'])
    const last = text.lastIndexOf('SELECT (CASE')
    for (const part of parts) {
      const used = `${text.slice(0, last)} SELECT *, $${values.length}::text AS used FROM ${part}`
      // Parameters that are not named in it have types too: each has a cast.
      const { fields } = await db.query(used, values)
      expect(
        fields.map(({ name }) => name),
        part,
      ).toEqual(['done', 'used'])
    }
  })

  test('LOCK-09 · every sub-query has columns', async () => {
    expect((await statementOf()).text).not.toMatch(/SELECT\s+FROM/i)
  })
})

describe('one statement is enough for', () => {
  const [a, b, c] = [accountAt('A'), accountAt('B'), accountAt('C', 'BNK999')]
  const counted = async () => {
    const schema = await made()
    const { statements, ...client } = countingClient(db)
    const storage = postgresStorage(client, { schema })
    /** The number of statements of some work. */
    const cost = async (work: () => Promise<unknown>) => {
      const before = statements.length
      await work()
      return statements.length - before
    }
    return { storage, cost }
  }

  test('LOCK-09 · a load of any number of keys, and none for no keys', async () => {
    const { storage, cost } = await counted()
    await committed(storage, [nextWrite(a, undefined)])
    expect(await cost(() => storage.load([a]))).toBe(1)
    expect(await cost(() => storage.load([a, b, c, a, { ...a, kind: 'participant' }]))).toBe(1)
    expect(await cost(() => storage.load([]))).toBe(0)
  })

  test('LOCK-09 · a commit with any content: records, entries, notices and conditions, also with conflicts', async () => {
    const { storage, cost } = await counted()
    const first = nextWrite(a, undefined, { entries: 5 })
    expect(await cost(() => committed(storage, [first], [noticeOf('1'), noticeOf('2')]))).toBe(1)
    const second = nextWrite(a, first.record, { entries: 3 })
    const all = { ...conditional([second, nextWrite(b, undefined)], [c, 0]), notices: [noticeOf('3')] }
    expect(await cost(async () => expect(await storage.commit(all)).toBe('committed'))).toBe(1)
    expect(await cost(async () => expect(await storage.commit(all)).toBe('conflict'))).toBe(1)
    expect(await cost(async () => expect(await storage.commit(commitOf([first]))).toBe('conflict'))).toBe(1)
    expect(await waiting(storage)).toHaveLength(3)
  })

  test('LOCK-09 · a list, a page of a trail, the participants, and a settlement', async () => {
    const { storage, cost } = await counted()
    await committed(storage, [nextWrite(a, undefined)], [noticeOf('1')])
    const page = { after: '', limit: 9 }
    expect(await cost(() => storage.list(a.participant, a.kind, page))).toBe(1)
    expect(await cost(() => storage.trail(a, { after: 0, limit: 9 }))).toBe(1)
    expect(await cost(() => storage.participants(page))).toBe(1)
    expect(await cost(() => storage.settleNotice(noticeOf('1')))).toBe(1)
  })
})

describe('partitions', () => {
  const inPartitions = async () => {
    const schema = await made({ partitions: 8 })
    const { touched, ...client } = watchingPartitions((work) => db.transaction((tx) => work(tx)), schema)
    return { storage: postgresStorage(client, { schema }), touched }
  }
  const partitionsOf = (touched: readonly string[][]) =>
    touched.map((tables) => [...new Set(tables.map((table) => table.replace(/^\w+_/, '')))].length)

  test('LOCK-09 · each statement of a waiting caller touches one', async () => {
    const { storage, touched } = await inPartitions()
    const keys = ['A', 'B', 'C'].map((id) => accountAt(id))
    const [a, b, c] = [accountAt('A'), accountAt('B'), accountAt('C')]
    await storage.load(keys)
    const first = nextWrite(a, undefined)
    await committed(storage, [first], [noticeOf('told')])
    await committed(storage, [nextWrite(a, first.record, { entries: 3 })])
    await storage.commit(conditional([nextWrite(b, undefined)], [a, 4], [c, 0]))
    await storage.commit(commitOf([nextWrite(a, undefined), nextWrite(c, undefined)]))
    await storage.list(a.participant, a.kind, { after: '', limit: 10 })
    await storage.trail(a, { after: 0, limit: 10 })
    await storage.settleNotice(noticeOf('told'))
    expect(partitionsOf(touched)).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  })

  test('LOCK-09 · a load or commit of two participants’ records touches only theirs', async () => {
    const { storage, touched } = await inPartitions()
    const keys = [accountAt('A'), accountAt('A', 'BNK999'), accountAt('A', 'BNK998')]
    await storage.load(keys)
    await committed(
      storage,
      keys.map((key) => nextWrite(key, undefined)),
    )
    expect(Math.max(...partitionsOf(touched))).toBeLessThanOrEqual(3)
  })

  test('LOCK-09 · sweeps read all of them, and write to one at a time', async () => {
    const { storage, touched } = await inPartitions()
    const notices = ['B00001', 'B00002', 'B00003'].map((participant) => ({
      ...noticeOf(participant),
      participant,
    }))
    await committed(storage, [], notices)
    touched.length = 0
    same(await storage.claimNotices({ now: 1, until: 2, limit: 3 }), notices, 'all are claimed')
    await storage.participants({ after: '', limit: 10 })
    expect(partitionsOf(touched)).toEqual([8, 1, 1, 1, 8])
  })
})

describe('texts and numbers', () => {
  const state: Json = {
    'NUL \0': 'a\0b\\u0000',
    'lone surrogates': '\ud800 \udc00\ud800',
    numbers: [-0, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53 - 1],
    '9': 1,
    b: 2,
    a: 3,
  }

  test('AUD-01 · all JSON is read back unchanged with its keys in order', async () => {
    const storage = await fresh()
    const write = nextWrite(accountAt(), undefined, { state, vault: { 'NUL \0': '\ud800' } })
    const odd = { ...write.entries[0], event: { ...write.entries[0]?.event, note: state } }
    const entries = [{ ...write.entries[0], ...odd }] as unknown as typeof write.entries
    const notice = { ...noticeOf('odd'), notice: { ...noticeOf('odd').notice, to: '\0\ud800' } }
    await committed(storage, [{ ...write, entries }], [notice])
    const found = await loadOne(storage, accountAt())
    expect(JSON.stringify(found?.state)).toBe(JSON.stringify(state))
    expect(found?.vault).toEqual({ 'NUL \0': '\ud800' })
    expect(await trailOf(storage, accountAt())).toEqual(JSON.parse(JSON.stringify(entries)))
    expect(await waiting(storage)).toEqual([notice])
  })

  test.each(['NUL \0', 'half \ud800'])(
    'API-02 · a key or head that PostgreSQL cannot store is refused, and nothing is written (%j)',
    async (bad) => {
      const storage = await fresh()
      const before = await everythingOf(storage, [])
      const write = nextWrite(accountAt(), undefined)
      for (const commit of [
        commitOf([nextWrite(accountAt(bad), undefined)]),
        commitOf([nextWrite(accountAt('A', bad), undefined)]),
        commitOf([{ ...write, record: { ...write.record, head: bad } }]),
        commitOf([write], [noticeOf(bad)]),
        conditional([write], [accountAt(bad), 0]),
      ])
        await expect(storage.commit(commit)).rejects.toThrow(RangeError)
      await expect(storage.load([accountAt(), accountAt(bad)])).rejects.toThrow(RangeError)
      expect(await everythingOf(storage, [])).toBe(before)
    },
  )
})

describe('commits', () => {
  const [a, b] = [accountAt('A'), accountAt('B')]

  test('LOCK-09 · a record required to be both written and unchanged is written, and at two versions it is a conflict', async () => {
    const storage = await fresh()
    expect(await storage.commit(conditional([nextWrite(a, undefined)], [a, 0]))).toBe('committed')
    expect(await storage.commit(conditional([nextWrite(b, undefined)], [b, 1]))).toBe('conflict')
    expect(await storage.commit(conditional([nextWrite(b, undefined)], [a, 1], [a, 2]))).toBe('conflict')
    expect(await loadOne(storage, b)).toBeUndefined()
  })

  test('LOCK-09 · a record that a commit required to be absent is absent for every reader and can be created', async () => {
    const storage = await fresh()
    const c = accountAt('C', 'BNK999')
    for (let times = 0; times < 2; times++)
      expect(await storage.commit(conditional([], [c, 0]))).toBe('committed')
    expect(await loadOne(storage, c)).toBeUndefined()
    expect(await storage.list(c.participant, c.kind, { after: '', limit: 9 })).toEqual([])
    expect(await storage.participants({ after: '', limit: 9 })).toEqual([])
    expect(await storage.commit(commitOf([nextWrite(c, { version: 1, head: '' })]))).toBe('conflict')
    const write = nextWrite(c, undefined, { state: 'made' })
    await committed(storage, [write])
    same(await loadOne(storage, c), write.record, 'it was made')
    expect(await storage.commit(conditional([], [c, 0]))).toBe('conflict')
  })

  /** A client that fails a number of times with an SQLSTATE, and then works. */
  const failing = (code: string, times: number) => {
    let left = times
    const client: PostgresClient = {
      query: (text, values) =>
        left-- > 0 ? Promise.reject(Object.assign(new Error(code), { code })) : db.query(text, values),
    }
    return client
  }

  test.each(['40001', '40P01'])(
    'LOCK-09 · a statement aborted in favour of another (%s) is retried at most five times',
    async (code) => {
      const schema = await made()
      await committed(postgresStorage(failing(code, 4), { schema }), [nextWrite(a, undefined)])
      const never = postgresStorage(failing(code, 5), { schema })
      await expect(never.commit(commitOf([nextWrite(b, undefined)]))).rejects.toMatchObject({ code })
    },
  )

  test('API-02 · any other failure rejects at once, and its effect is unknown', async () => {
    const schema = await made()
    const storage = postgresStorage(failing('08006', 1), { schema })
    await expect(storage.commit(commitOf([nextWrite(a, undefined)]))).rejects.toMatchObject({ code: '08006' })
    await committed(storage, [nextWrite(a, undefined)])
  })
})

describe('migrations', () => {
  const versions = async (schema: string) =>
    (await db.query(`SELECT version FROM ${schema}.migration ORDER BY version`)).rows

  test('LOCK-09 · each step is made once, for any number of starts and processes', async () => {
    const schema = await made()
    await committed(postgresStorage(db, { schema }), [nextWrite(accountAt(), undefined)])
    await Promise.all([1, 2, 3].map(() => migratePostgres(db, { schema, partitions: 4 })))
    expect(await versions(schema)).toEqual([{ version: 1 }, { version: 2 }])
    expect(await loadOne(postgresStorage(db, { schema }), accountAt())).toBeDefined()
  })

  test('LOCK-09 · tables of the first schema version get the current indexes', async () => {
    const indexes = async (schema: string) =>
      (await db.query(`SELECT indexname FROM pg_indexes WHERE schemaname = '${schema}' ORDER BY indexname`))
        .rows
    const [schema, present] = [await made({ partitions: 2 }), await made({ partitions: 2 })]
    await db.exec(`
      DROP INDEX ${schema}.trail_feed, ${schema}.notice_free;
      CREATE INDEX ON ${schema}.trail (transaction);
      CREATE INDEX ON ${schema}.notice (waiting_since, ordinal);
      DELETE FROM ${schema}.migration WHERE version = 2`)
    await committed(postgresStorage(db, { schema }), [nextWrite(accountAt(), undefined)], [noticeOf('n')])
    await migratePostgres(db, { schema })
    expect(await indexes(schema)).toEqual(await indexes(present))
    expect(await waiting(postgresStorage(db, { schema }))).toHaveLength(1)
  })

  test('LOCK-09 · a schema of a later release is refused and not changed', async () => {
    const schema = await made()
    await db.query(`INSERT INTO ${schema}.migration (version) VALUES (99)`)
    await expect(migratePostgres(db, { schema })).rejects.toThrow('schema 99 was created by a later release')
    expect(await versions(schema)).toEqual([{ version: 1 }, { version: 2 }, { version: 99 }])
  })

  test('LOCK-09 · a step that fails halfway is rolled back as a whole', async () => {
    const schema = `s${++schemas}`
    await db.exec(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.notice (mine text)`)
    await expect(migratePostgres(db, { schema })).rejects.toThrow('already exists')
    const { rows } = await db.query(
      `SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace`,
    )
    expect(rows).toEqual([{ relname: 'notice' }])
  })

  test('LOCK-09 · the tables are in the configured schema, by default ccass_2fa', async () => {
    await migratePostgres(db)
    const storage = postgresStorage(db)
    await committed(storage, [nextWrite(accountAt(), undefined)])
    expect((await db.query('SELECT id FROM ccass_2fa.record')).rows).toEqual([{ id: 'B0123401' }])
  })

  test.each(['', 'A', 'a b', 'a"b', '1a', 'pg_a', 'a;', 'é', 'a'.repeat(64)])(
    'API-02 · a schema cannot be named %j',
    async (schema) => {
      expect(() => postgresStorage(db, { schema })).toThrow(RangeError)
      expect(() => postgresMigration({ schema })).toThrow(RangeError)
      await expect(migratePostgres(db, { schema })).rejects.toThrow(RangeError)
    },
  )

  test.each([0, 1, 1.5, 1_025, Number.NaN])(
    'API-02 · the number of partitions cannot be %j',
    async (partitions) => {
      await expect(migratePostgres(db, { partitions })).rejects.toThrow(RangeError)
    },
  )
})
