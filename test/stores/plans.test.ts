/** What each statement of a store reads, by the database's own account: no time is measured. */
import { PGlite } from '@electric-sql/pglite'
import { migratePostgres, postgresStorage } from 'ccass-2fa/postgres'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callsOn, fillStorage } from '../support/filled-store.ts'

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

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Rows Removed by Filter'?: number
  readonly 'Shared Hit Blocks'?: number
  readonly 'Shared Read Blocks'?: number
  readonly Plans?: readonly PlanNode[]
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

const own = new Set(['record', 'trail', 'notice'])

/** A server's database, and what each statement of a call read. */
const explaining = async (size: number) => {
  const db = await PGlite.create()
  await migratePostgres(db)
  await fillStorage(postgresStorage(db), size)
  // As after a restore: then all entries are of one transaction.
  await db.exec("UPDATE ccass_2fa.trail SET transaction = '0'")
  await db.exec('VACUUM ANALYZE')
  let plans: PlanNode[] = []
  const storage = postgresStorage({
    query: (text, values) =>
      db.transaction(async (tx) => {
        await tx.query('SAVEPOINT before')
        const { rows } = await tx.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
          `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
          values,
        )
        plans.push(...(rows[0]?.['QUERY PLAN'] ?? []).map(({ Plan }) => Plan))
        await tx.query('ROLLBACK TO before')
        return tx.query(text, values)
      }),
  })
  const read: Record<
    string,
    { readonly tables: readonly string[]; readonly removed: number; readonly pages: number }
  > = {}
  for (const [name, call] of Object.entries(callsOn(storage))) {
    plans = []
    await call()
    const nodes = plans.flatMap(nodesOf)
    read[name] = {
      tables: nodes
        .filter((node) => node['Node Type'] === 'Seq Scan' && own.has(node['Relation Name'] ?? ''))
        .map((node) => node['Relation Name'] ?? ''),
      removed: nodes.reduce((sum, node) => sum + (node['Rows Removed by Filter'] ?? 0), 0),
      pages: plans.reduce(
        (sum, plan) => sum + (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
        0,
      ),
    }
  }
  await db.close()
  return read
}

describe('PostgreSQL', () => {
  test('AUD-01 · no statement reads a whole table, or more pages when unrelated data grows eightfold', async () => {
    const [small, large] = [await explaining(200), await explaining(1_600)]
    for (const [name, { tables, removed, pages }] of Object.entries(large)) {
      expect.soft(tables, name).toEqual([])
      expect.soft(removed, `${name}: rows read in vain`).toBeLessThanOrEqual(20)
      // A level more of an index for each table that is touched, and pages that are less full.
      expect.soft(pages, `${name}: pages`).toBeLessThanOrEqual((small[name]?.pages ?? 0) * 1.5 + 12)
    }
    expect(Object.keys(large)).toHaveLength(15)
  }, 240_000)
})
