/** A real PostgreSQL as a test bed for the storms of the default suite: directly, and through PgBouncer. */
import { Pool } from 'pg'
import type { StoragePort } from '../../../src/index.ts'
import { migratePostgres, postgresStorage } from '../../../src/stores/postgres.ts'
import type { TestBed } from '../../support/test-beds.ts'

/** A pool that does not keep its process alive, and survives the end of its server. */
export const poolOf = (connectionString: string, max = 10): Pool => {
  const pool = new Pool({ connectionString, max, allowExitOnIdle: true })
  pool.on('error', () => {})
  return pool
}

/** A storage that is created later. */
export const soon = (coming: Promise<StoragePort>): StoragePort => ({
  load: async (keys) => (await coming).load(keys),
  commit: async (commit) => (await coming).commit(commit),
  list: async (participant, kind, page) => (await coming).list(participant, kind, page),
  trail: async (key, page) => (await coming).trail(key, page),
  journal: async (page) => (await coming).journal(page),
  participants: async (page) => (await coming).participants(page),
  claimNotices: async (claim) => (await coming).claimNotices(claim),
  settleNotice: async (notice) => (await coming).settleNotice(notice),
})

let schemas = 0

const openAt = (pool: Pool) => {
  const open = async () => {
    const schema = `storm_${process.pid}_${++schemas}`
    await migratePostgres(pool, { schema })
    return postgresStorage(pool, { schema })
  }
  return soon(open())
}

const testBed = (name: string, url = ''): TestBed => {
  const pool = poolOf(url)
  return { name: name, open: () => openAt(pool) }
}

/** The connection strings of what `start.ts` started. */
export const postgresTestBeds: readonly [TestBed, TestBed] = [
  testBed('PostgreSQL, two services', process.env['POSTGRES_URL']),
  testBed('PostgreSQL through PgBouncer, two services', process.env['PGBOUNCER_URL']),
]
