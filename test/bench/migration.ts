/** A listing applied to SQLite and to PostgreSQL, against the bare statements that write the very same rows in the same batches. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import Database from 'libsql'
import { Pool } from 'pg'
import { captureMailer } from '../../dist/capture-mailer.js'
import { type Commit, createAuthentication, defineTimeline, type StoragePort } from '../../dist/index.js'
import { memoryStorage } from '../../dist/memory.js'
import { type ListingLine, readListingRow } from '../../dist/migration.js'
import { migratePostgres, postgresStorage, preparedStatements } from '../../dist/postgres.js'
import { sqliteStorage } from '../../dist/sqlite.js'
import { webCryptoRandom, webCryptoSecretBox } from '../../dist/web-crypto.js'
import { startPostgres } from '../peers/support/postgres.ts'
import { freeHasher } from './free-hasher.ts'
import { type BenchLine, effort, median } from './harness.ts'

const accounts = effort.quick ? 1_000 : 20_000
const perParticipant = 50
/** A round takes long, so few are needed. */
const rounds = effort.quick ? 1 : 3
const launch = Date.UTC(2023, 5, 5, 1)

const lineOf = (n: number): ListingLine => {
  const participant = `B${10_000 + Math.floor(n / perParticipant)}`
  const userId = `${participant}${String(n % perParticipant).padStart(2, '0')}`
  const read = readListingRow({
    Organisation: `${participant} GENERATED`,
    'User ID': userId,
    Surname: 'HOLDER',
    'Other Names': `NUMBER ${n}`,
    Email: `${userId.toLowerCase()}@participant.example`,
    'User Status': 'ENABLED',
    'Enable From': '',
    'Disable After': '',
    'Clearing House Options': 'Cash',
    'Access Channel': 'C3T',
    SRN: n.toString(16).padStart(16, '0'),
    'Certificate Expiry Date': '31-Dec-30 23:59:59',
    Remarks: '',
  })
  return { line: n + 2, read }
}
/** The lines of a listing of a number of accounts, one at a time. */
export function* linesOf(count: number): Generator<ListingLine> {
  for (let n = 0; n < count; n++) yield lineOf(n)
}
const lines = [...linesOf(accounts)]

/** A service over a storage, at launch. */
export const authOver = (storage: StoragePort) =>
  createAuthentication({
    storage,
    clock: { now: () => launch },
    mailer: captureMailer(),
    passwordHasher: freeHasher,
    random: webCryptoRandom(),
    secretBox: webCryptoSecretBox([{ id: 'k1', key: webCryptoRandom().bytes(32) }]),
    timeline: defineTimeline({ launch })._unsafeUnwrap(),
  })

/** An SQLite file as a host would open it. */
const open = (directory: string, name: string) => {
  const db = new Database(join(directory, name))
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  return db
}

const apply = async (storage: StoragePort) => {
  const done = await authOver(storage).migration.apply({ lines, by: 'bench' })
  if (done.isErr() || done.value.imported !== accounts) throw new Error(JSON.stringify(done))
}

/** The rows of each commit, as texts ready to be written. */
const rowsOf = ({ writes }: Commit) =>
  writes.map(({ key, record, entries }) => ({
    key: [key.participant, key.kind, key.id],
    record: [record.version, JSON.stringify(record.state), JSON.stringify(record.vault), record.head],
    entries: entries.map(({ personal, ...entry }) => [
      entry.seq,
      JSON.stringify(entry),
      personal === undefined ? null : JSON.stringify(personal),
    ]),
  }))

/** The commits of applying the listing once. */
const recorded = async (storage: StoragePort) => {
  const commits: ReturnType<typeof rowsOf>[] = []
  const commit: StoragePort['commit'] = (given) => {
    commits.push(rowsOf(given))
    return storage.commit(given)
  }
  await apply({ ...storage, commit })
  return commits
}

const bare = (db: Database.Database, commits: Awaited<ReturnType<typeof recorded>>) => {
  const insertRecord = db.prepare(
    'INSERT OR REPLACE INTO ccass_2fa_record (participant, kind, id, version, state, vault, head) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const insertEntry = db.prepare(
    'INSERT INTO ccass_2fa_trail (participant, kind, id, seq, entry, personal, ordinal) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  let ordinal = 0
  for (const commit of commits) {
    db.exec('BEGIN IMMEDIATE')
    for (const { key, record, entries } of commit) {
      insertRecord.run(...key, ...record)
      for (const entry of entries) insertEntry.run(...key, ...entry, ++ordinal)
    }
    db.exec('COMMIT')
  }
}

const timed = async (work: () => Promise<void> | void) => {
  const begun = performance.now()
  await work()
  return ((performance.now() - begun) * 1e6) / accounts
}

/** The row for SQLite: planning and applying, per account. */
export const migrationLines = async (): Promise<readonly BenchLine[]> => {
  const directory = mkdtempSync(join(tmpdir(), 'ccass-2fa-bench-'))
  try {
    const first = open(directory, 'recorded.sqlite')
    const commits = await recorded(sqliteStorage(first))
    first.close()
    const times: { readonly ours: number; readonly bare: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const [ours, theirs] = [open(directory, `ours-${round}`), open(directory, `bare-${round}`)]
      const storage = sqliteStorage(theirs)
      await storage.load([{ participant: 'B10000', kind: 'account', id: 'B1000000' }]) // makes the tables
      const mine = await timed(() => apply(sqliteStorage(ours)))
      times.push({ ours: mine, bare: await timed(() => bare(theirs, commits)) })
      ours.close()
      theirs.close()
    }
    return [
      {
        what: `a line planned and applied, ${accounts} of them`,
        ours: median(times.map(({ ours }) => ours)),
        peer: { name: 'bare inserts of the same rows', time: median(times.map((each) => each.bare)) },
        aim: 'listing-sqlite',
        ratio: median(times.map((each) => each.ours / each.bare)),
      },
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/**
 * The rows of one commit by column, and one statement per table that writes them: the minimum that must be
 * sent.
 */
const bareOnPostgres = async (pool: Pool, commits: Awaited<ReturnType<typeof recorded>>) => {
  for (const commit of commits) {
    const records = commit.map(({ key, record }) => [...key, ...record].map(String))
    const entries = commit.flatMap(({ key, entries: own }) => own.map((entry) => [...key, ...entry]))
    const columns = <T>(rows: readonly (readonly T[])[]) =>
      (rows[0] ?? []).map((_, i) => rows.map((row) => row[i]))
    const client = await pool.connect()
    await client.query('BEGIN')
    await client.query({
      name: 'records',
      text: `INSERT INTO ccass_2fa.record (participant, kind, id, version, state, vault, head)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::json[], $6::json[], $7::text[])
        ON CONFLICT (participant, kind, id) DO UPDATE
        SET version = excluded.version, state = excluded.state, vault = excluded.vault, head = excluded.head`,
      values: columns(records),
    })
    await client.query({
      name: 'entries',
      text: `INSERT INTO ccass_2fa.trail (participant, kind, id, seq, entry, personal)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::json[], $6::json[])`,
      values: columns(entries),
    })
    await client.query('COMMIT')
    client.release()
  }
}

/** The row for PostgreSQL: planning and applying, per account. */
export const postgresMigrationLines = async (): Promise<readonly BenchLine[]> => {
  const server = await startPostgres({ settings: { synchronous_commit: 'on', fsync: 'on' } })
  try {
    const commits = await recorded(memoryStorage())
    const times: { readonly ours: number; readonly bare: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const pools: Pool[] = []
      for (let i = 0; i < 2; i++) pools.push(new Pool({ connectionString: await server.database(), max: 4 }))
      const [ours, theirs] = pools as [Pool, Pool]
      await Promise.all([migratePostgres(ours), migratePostgres(theirs)])
      const mine = await timed(() => apply(postgresStorage(preparedStatements(ours))))
      times.push({ ours: mine, bare: await timed(() => bareOnPostgres(theirs, commits)) })
      await Promise.all([ours.end(), theirs.end()])
    }
    return [
      {
        what: `a line planned and applied, ${accounts} of them`,
        ours: median(times.map((each) => each.ours)),
        peer: {
          name: 'bare multi-row inserts of the same rows',
          time: median(times.map((each) => each.bare)),
        },
        aim: 'listing-postgres',
        ratio: median(times.map((each) => each.ours / each.bare)),
      },
    ]
  } finally {
    await server.close()
  }
}
