/** What each statement of a store reads, by the database's own account: no time is measured. */
import { PGlite } from '@electric-sql/pglite'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callsOn, fillStorage } from '../support/filled-store.ts'
import { explaining } from '../support/statement-plans.ts'

describe('SQLite', () => {
  const db = new Database(':memory:')
  const statements = new Set<string>()
  const storage = sqliteStorage({
    exec: (sql) => db.exec(sql),
    prepare: (sql) => {
      statements.add(sql)
      return db.prepare(sql)
    },
  })
  beforeAll(() => fillStorage(storage, 200))
  afterAll(() => void db.close())

  const planOf = (sql: string) =>
    (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { readonly detail: string }[]).map(
      ({ detail }) => detail,
    )

  test('AUD-01 · every statement finds its rows by an index, and none reads a whole table or sorts more than it returns', async () => {
    for (const call of Object.values(callsOn(storage))) await call()
    const ours = [...statements].filter((sql) => !sql.includes('sqlite_master'))
    expect(ours.length).toBeGreaterThan(12)
    const scans = ours.flatMap((sql) =>
      planOf(sql)
        .filter((detail) => /^SCAN (?!\w+ VIRTUAL TABLE)|TEMP B-TREE/.test(detail))
        .map((detail) => `${detail}: ${sql}`),
    )
    expect(scans).toEqual([])
  })
})

describe('PostgreSQL', () => {
  test('AUD-01 · no statement reads a whole table, or more pages when unrelated data grows eightfold', async () => {
    const explained = async (size: number) => {
      const db = await PGlite.create()
      const read = await explaining(db, size)
      await db.close()
      return read
    }
    const [small, large] = [await explained(200), await explained(1_600)]
    for (const [name, { tables, removed, pages }] of Object.entries(large)) {
      expect.soft(tables, name).toEqual([])
      expect.soft(removed, `${name}: rows read in vain`).toBeLessThanOrEqual(20)
      // A level more of an index for each table that is touched, and pages that are less full.
      expect.soft(pages, `${name}: pages`).toBeLessThanOrEqual((small[name]?.pages ?? 0) * 1.5 + 12)
    }
    expect(Object.keys(large)).toHaveLength(17)
  }, 240_000)
})
