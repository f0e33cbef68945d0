/** A listing applied to SQLite, against the bare statements that write the very same rows in the same batches. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import Database from 'libsql'
import { captureMailer } from '../../dist/capture-mailer.js'
import { type Commit, createAuthentication, defineTimeline, type StoragePort } from '../../dist/index.js'
import { type ListingLine, readListingRow } from '../../dist/migration.js'
import { sqliteStorage } from '../../dist/sqlite.js'
import { webCryptoRandom, webCryptoSecretBox } from '../../dist/web-crypto.js'
import { type BenchLine, effort, median } from './harness.ts'

const accounts = effort.quick ? 1_000 : 20_000
const perParticipant = 50
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
const lines = Array.from({ length: accounts }, (_, n) => lineOf(n))

const authOver = (storage: StoragePort) =>
  createAuthentication({
    storage,
    clock: { now: () => launch },
    mailer: captureMailer(),
    passwordHasher: {
      hash: async (password) => password,
      verify: async () => false,
      needsRehash: () => false,
    },
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
    entries: entries.map((entry) => [entry.seq, JSON.stringify(entry)] as const),
  }))

/** The commits that applying makes, by applying once. */
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
    'INSERT INTO ccass_2fa_trail (participant, kind, id, seq, entry) VALUES (?, ?, ?, ?, ?)',
  )
  for (const commit of commits) {
    db.exec('BEGIN IMMEDIATE')
    for (const { key, record, entries } of commit) {
      insertRecord.run(...key, ...record)
      for (const [seq, entry] of entries) insertEntry.run(...key, seq, entry)
    }
    db.exec('COMMIT')
  }
}

const timed = async (work: () => Promise<void> | void) => {
  const begun = performance.now()
  await work()
  return ((performance.now() - begun) * 1e6) / accounts
}

/** The line of the table: an account, planned and applied. */
export const migrationLines = async (): Promise<readonly BenchLine[]> => {
  const directory = mkdtempSync(join(tmpdir(), 'ccass-2fa-bench-'))
  try {
    const first = open(directory, 'recorded.sqlite')
    const commits = await recorded(sqliteStorage(first))
    first.close()
    const times: { readonly ours: number; readonly bare: number }[] = []
    for (let round = 0; round < effort.rounds; round++) {
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
        aim: { within: 2 },
        ratio: median(times.map((each) => each.ours / each.bare)),
      },
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
