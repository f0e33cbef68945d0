/**
 * A part of the verification bench in a process of its own, so that its peak memory is its own: `apply` fills
 * the store from a listing; `verify` verifies every trail page by page, and creates and verifies a
 * checkpoint.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import Database from 'libsql'
import { Pool } from 'pg'
import { migratePostgres, postgresStorage, preparedStatements } from '../../dist/postgres.js'
import { sqliteStorage } from '../../dist/sqlite.js'
import { authOver, linesOf } from './migration.ts'

/** The work of a process. */
export interface VerifyTask {
  readonly work: 'apply' | 'verify'
  readonly store: { readonly file: string } | { readonly url: string }
  readonly accounts: number
  /** The path for the manifest. */
  readonly manifest: string
}

/** The result of a process: seconds by step. */
export interface VerifyResult {
  readonly seconds: Readonly<Record<string, number>>
  readonly records: number
  readonly entries: number
  /** Resident memory before the first record, and its peak. */
  readonly beforeMB: number
  readonly peakMB: number
}

const must = <T>(result: { isErr(): boolean; _unsafeUnwrap(): T }): T => result._unsafeUnwrap()

type Auth = ReturnType<typeof authOver>

/** Verifies every record in pages. The cursor of a page is also where a stopped run continues. */
const verifyAll = async (auth: Auth) => {
  let [records, entries, after] = [0, 0, undefined as string | undefined]
  do {
    const page = must(await auth.audit.verify({ after, limit: 1_000 }))
    if (page.findings.length > 0) throw new Error(JSON.stringify(page.findings.slice(0, 3)))
    if (Math.floor((records + page.records) / 1e5) > Math.floor(records / 1e5))
      console.log(`  ${(records + page.records).toLocaleString('en')} records verified`)
    records += page.records
    entries += page.entries
    after = page.after
  } while (after !== undefined)
  return { records, entries }
}

const createCheckpoint = async (auth: Auth, path: string) => {
  const file = createWriteStream(path)
  const keep = async (lines: readonly string[]) => {
    if (!file.write(lines.map((line) => `${line}\n`).join('')))
      await new Promise<void>((drained) => file.once('drain', drained))
  }
  const made = must(await auth.audit.checkpoint({ keep }))
  await new Promise<void>((ended) => file.end(ended))
  return made
}

const open = async (store: VerifyTask['store']) => {
  if ('file' in store) {
    const db = new Database(store.file)
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    return { auth: authOver(sqliteStorage(db)), close: async () => void db.close() }
  }
  const pool = new Pool({ connectionString: store.url, max: 4 })
  await migratePostgres(pool)
  return { auth: authOver(postgresStorage(preparedStatements(pool))), close: () => pool.end() }
}

const run = async ({ work, store, accounts, manifest }: VerifyTask): Promise<VerifyResult> => {
  const { auth, close } = await open(store)
  const seconds: Record<string, number> = {}
  const timed = async <T>(step: string, of: () => Promise<T>): Promise<T> => {
    const begun = performance.now()
    const result = await of()
    seconds[step] = (performance.now() - begun) / 1_000
    return result
  }
  const beforeMB = process.memoryUsage.rss() / 2 ** 20
  let counted = { records: 0, entries: 0 }
  if (work === 'apply')
    await timed('applied', async () =>
      must(await auth.migration.apply({ lines: linesOf(accounts), by: 'bench' })),
    )
  else {
    counted = await timed('verified', () => verifyAll(auth))
    const checkpoint = await timed('created', () => createCheckpoint(auth, manifest))
    await timed('compared', async () => {
      const lines = createInterface({ input: createReadStream(manifest) })
      const verified = must(await auth.audit.verifyCheckpoint({ checkpoint, manifest: lines }))
      if (!verified.manifestValid || verified.findings.length > 0)
        throw new Error(JSON.stringify(verified.findings.slice(0, 3)))
    })
  }
  await close()
  return { seconds, ...counted, beforeMB, peakMB: process.resourceUsage().maxRSS / 2 ** 10 }
}

process.send?.(await run(JSON.parse(process.argv[2] ?? '') as VerifyTask))
process.disconnect?.()
