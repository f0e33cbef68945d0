/** API-02: what a storage says about a client that is not one, and about a database that is not as it left it. */
import { createClient } from '@libsql/client'
import { type PostgresClient, postgresStorage } from 'ccass-2fa/postgres'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { sqliteAsyncStorage } from 'ccass-2fa/sqlite-async'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { sqlState } from '../../src/stores/postgres/client.ts'
import {
  accountAt,
  commitOf,
  committed,
  loadOne,
  nextWrite,
} from '../../src/testing/storage-contract/fixtures.ts'

const key = accountAt()
const work = () => {}
const primitives = [undefined, null, 7, 'client', true, Symbol('client')]

describe('API-02 · a client', () => {
  test('of PostgreSQL has query or unsafe; anything else is refused with what is missing', () => {
    for (const client of [...primitives, {}, { query: 'SELECT 1' }, { unsafe: 1 }, work])
      expect(() => postgresStorage(client as never)).toThrow(
        new TypeError('the PostgreSQL client must have query(text, values), or unsafe(text, values)'),
      )
    for (const client of [{ query: work }, Object.assign(() => {}, { unsafe: work })])
      expect(() => postgresStorage(client as never)).not.toThrow()
  })

  test('of asynchronous SQLite has batch, and execute or prepare', () => {
    const others = [
      { batch: work },
      { execute: work },
      { prepare: work },
      { execute: work, prepare: work },
      { batch: 1, execute: work, prepare: work },
      { batch: work, execute: 1 },
      { batch: work, prepare: 1 },
    ]
    for (const client of [...primitives, {}, ...others])
      expect(() => sqliteAsyncStorage(client as never)).toThrow(
        new TypeError('the SQLite client must be a client of @libsql/client or a D1 database'),
      )
    for (const client of [
      { batch: work, execute: work },
      { batch: work, prepare: work },
    ])
      expect(() => sqliteAsyncStorage(client as never)).not.toThrow()
  })

  test.each([[undefined], [null], [7], [['1']], [{ other: 1 }], [{ found: 'x' }]])(
    'of SQLite returns rows as objects keyed by column, and not %j',
    async (row) => {
      const odd = { exec: work, prepare: () => ({ get: () => row, run: work, all: () => [row] }) }
      await expect(loadOne(sqliteStorage(odd as never), key)).rejects.toThrow(
        new TypeError('the SQLite driver must return rows as objects keyed by column'),
      )
    },
  )
})

test('API-02 · the state of a database error is found where drivers put it, up to three causes deep', () => {
  const within = (error: unknown, depth: number): unknown =>
    depth === 0 ? error : { cause: within(error, depth - 1) }
  for (const name of ['code', 'errno', 'sqlState'])
    expect(sqlState(Object.assign(new Error('x'), { [name]: '40001' }))).toBe('40001')
  for (const error of [
    '40001',
    undefined,
    null,
    40_001,
    {},
    { code: '4000' },
    { code: '400011' },
    { code: 40_001 },
  ])
    expect(sqlState(error)).toBeUndefined()
  expect(sqlState({ code: 'ERR_OTHER', cause: { code: '40P01' } })).toBe('40P01')
  expect(sqlState(within({ code: '40001' }, 3))).toBe('40001')
  expect(sqlState(within({ code: '40001' }, 4))).toBeUndefined()
  expect(sqlState({ cause: 'a text' })).toBeUndefined()
})

describe('LOCK-09 · a file whose schema is current', () => {
  test('is opened without a transaction', async () => {
    const db = new Database(':memory:')
    await committed(sqliteStorage(db), [nextWrite(key, undefined)])
    const executed: string[] = []
    const watched = {
      prepare: (sql: string) => db.prepare(sql),
      exec: (sql: string) => {
        executed.push(sql)
        return db.exec(sql)
      },
    }
    expect(await loadOne(sqliteStorage(watched as never), key)).toBeDefined()
    expect(executed.filter((sql) => /BEGIN|CREATE|INSERT/.test(sql))).toEqual([])
  })

  test('is opened without a batch', async () => {
    const client = createClient({ url: ':memory:' })
    await committed(sqliteAsyncStorage(client), [nextWrite(key, undefined)])
    let batches = 0
    const watched = {
      execute: (statement: Parameters<typeof client.execute>[0]) => client.execute(statement),
      batch: (...given: Parameters<typeof client.batch>) => {
        batches++
        return client.batch(...given)
      },
    }
    expect(await loadOne(sqliteAsyncStorage(watched as never), key)).toBeDefined()
    expect(batches).toBe(0)
    client.close()
  })
})

describe('AUD-07 · the journal of PostgreSQL', () => {
  /** The values of the query that reads the journal from a position. */
  const valuesFrom = async (from: string, distributed: readonly unknown[] = []) => {
    const asked: string[][] = []
    const query: PostgresClient['query'] = async (text, values) => {
      if (text.includes('citus_truncate_trigger')) return { rows: [...distributed] }
      asked.push([...values])
      return { rows: [] }
    }
    await postgresStorage({ query }).journal({ from, limit: 5 })
    return asked[0]
  }

  test('begins at the beginning for a text that is not one of its positions', async () => {
    const beginning = await valuesFrom('')
    const [transaction, place, kind, id, seq] = ['12', 'B01234', 'account', 'B0123401', '3']
    for (const other of [
      '7',
      'null',
      '{}',
      '"12"',
      JSON.stringify({ length: 5, 0: transaction, 4: seq }),
      JSON.stringify([transaction, place, kind, id]),
      JSON.stringify([transaction, place, kind, id, seq, '']),
      JSON.stringify([transaction, place, kind, 7, seq]),
      JSON.stringify([transaction, place, kind, 'a\u0000b', seq]),
      JSON.stringify(['', place, kind, id, seq]),
      JSON.stringify(['-1', place, kind, id, seq]),
      JSON.stringify(['1'.repeat(19), place, kind, id, seq]),
      JSON.stringify([transaction, place, kind, id, '']),
      JSON.stringify([transaction, place, kind, id, '1'.repeat(16)]),
      JSON.stringify([transaction, place, kind, id, '1; DROP TABLE trail']),
    ])
      expect(await valuesFrom(other), other).toEqual(beginning)
    const position = [transaction, place, kind, id, seq]
    expect(await valuesFrom(JSON.stringify(position))).toEqual(expect.arrayContaining(position))
  })

  test('is refused where Citus has distributed the trail', async () => {
    await expect(valuesFrom('', [{ distributed: 1 }])).rejects.toThrow('is distributed by Citus')
  })
})

describe('LOCK-09 · the statement of PostgreSQL', () => {
  const asked = async (work: (storage: ReturnType<typeof postgresStorage>) => Promise<unknown>) => {
    const texts: string[] = []
    const query: PostgresClient['query'] = async (text) => {
      texts.push(text)
      return { rows: [{ outcome: '1' }] }
    }
    await work(postgresStorage({ query }))
    return texts.join('\n')
  }
  const [a, b, c] = [accountAt('A'), accountAt('B'), accountAt('C')]
  const commit = (...writes: Parameters<typeof commitOf>[0]) =>
    asked((storage) => storage.commit(commitOf(writes)))

  test('for one record needs no look at the snapshot, and nothing that undoes a half of it', async () => {
    for (const write of [nextWrite(a, undefined), nextWrite(a, { version: 3, head: 'x' })]) {
      const text = await commit(write)
      expect(text).not.toMatch(/NOT EXISTS|1 \/ \(CASE/)
      expect(text).toMatch(/SELECT \(CASE WHEN EXISTS \(SELECT 1 FROM step_0\) THEN 1 {2}ELSE 0 END\)/)
    }
  })

  test('for several records looks at the snapshot once, compares one id and not an array of one, and is undone as a whole', async () => {
    const text = await commit(nextWrite(a, undefined), nextWrite(b, { version: 3, head: 'x' }))
    expect(text.match(/NOT EXISTS/g)).toHaveLength(1)
    expect(text).not.toContain('ANY')
    expect(text).toContain('1 / (CASE')
    // Each further part depends on the one before it.
    expect(text.match(/EXISTS \(SELECT 1 FROM step_0\)/g)?.length).toBeGreaterThan(1)
    expect(await commit(nextWrite(a, undefined), nextWrite(b, undefined))).toContain('id = ANY (')
  })

  test('has one part of the trail for each participant, and none for a record without entries', async () => {
    const silent = { ...nextWrite(b, { version: 3, head: 'x' }), entries: [] }
    expect(await commit(silent)).not.toContain('trail_0')
    const text = await commit(nextWrite(a, undefined), silent, nextWrite(accountAt('D', 'BNK999'), undefined))
    expect(text.match(/trail_\d AS/g)).toEqual(['trail_0 AS', 'trail_1 AS'])
  })

  test('of a load compares a few ids one by one, and more of them as an array', async () => {
    const load = (keys: readonly (typeof a)[]) => asked((storage) => storage.load(keys))
    for (const keys of [[a], [a, b, c], [a, b, c, accountAt('D')]])
      expect(await load(keys)).not.toContain('ANY')
    const many = Array.from({ length: 9 }, (_, n) => accountAt(`N${n}`))
    expect(await load(many)).toMatch(/= ANY \(/)
    expect(await load([...many, a, a, a])).toMatch(/= ANY \(/)
  })
})
