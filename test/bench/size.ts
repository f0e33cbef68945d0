/**
 * Verifies a large store: an SQLite file with accounts from a listing, every trail verified page by page, a
 * checkpoint created and verified. `npm run bench -- --only=size --size=1000000 --file=big.sqlite`: with a
 * file, a stopped run continues, because applying a listing again leaves existing accounts unchanged.
 */
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import Database from 'libsql'
import { sqliteStorage } from '../../dist/sqlite.js'
import { noteTable } from './measured.ts'
import { authOver, linesOf } from './migration.ts'

const option = (name: string) =>
  process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3)

/** The duration of some work, and the highest resident memory during it. */
const watched = async <T>(work: () => Promise<T>) => {
  let peak = process.memoryUsage.rss()
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const begun = performance.now()
  try {
    const result = await work()
    return { result, seconds: (performance.now() - begun) / 1_000, megabytes: peak / 2 ** 20 }
  } finally {
    clearInterval(timer)
  }
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

const checkpoint = async (auth: Auth, path: string) => {
  const file = createWriteStream(path)
  const keep = async (lines: readonly string[]) => {
    if (!file.write(lines.map((line) => `${line}\n`).join('')))
      await new Promise<void>((drained) => file.once('drain', drained))
  }
  const made = must(await auth.audit.checkpoint({ keep }))
  await new Promise<void>((ended) => file.end(ended))
  return made
}

const rowOf = async (accounts: number, folder: string, file: string): Promise<readonly string[]> => {
  const db = new Database(file)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const auth = authOver(sqliteStorage(db))
  const applied = await watched(async () =>
    must(await auth.migration.apply({ lines: linesOf(accounts), by: 'bench' })),
  )
  const verified = await watched(() => verifyAll(auth))
  const manifest = join(folder, 'manifest')
  const made = await watched(() => checkpoint(auth, manifest))
  const compared = await watched(async () => {
    const lines = createInterface({ input: createReadStream(manifest) })
    const held = must(await auth.audit.verifyCheckpoint({ checkpoint: made.result, manifest: lines }))
    if (!held.manifestValid || held.findings.length > 0)
      throw new Error(JSON.stringify(held.findings.slice(0, 3)))
  })
  db.close()
  const { records, entries } = verified.result
  const each = (seconds: number, count: number) =>
    `${seconds.toFixed(1)} s, ${((seconds * 1e6) / count).toFixed(0)} µs each`
  const peak = Math.max(applied.megabytes, verified.megabytes, made.megabytes, compared.megabytes)
  return [
    accounts.toLocaleString('en'),
    records.toLocaleString('en'),
    entries.toLocaleString('en'),
    each(applied.seconds, accounts),
    each(verified.seconds, records),
    each(made.seconds, records),
    each(compared.seconds, records),
    `${peak.toFixed(0)} MB`,
  ]
}

/** Prints and records a row for each size. */
export const sizeTable = async (): Promise<number> => {
  const sizes = option('size')?.split(',').map(Number) ?? [1_000]
  const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-bench-'))
  const heading = 'Verification at size, on SQLite'
  const head = [
    'accounts',
    'records',
    'entries',
    'applied',
    'verified',
    'checkpoint made',
    'and verified',
    'peak memory',
  ]
  try {
    console.log(`\n${heading}\n  ${head.join(' · ')}`)
    const rows: (readonly string[])[] = []
    for (const accounts of sizes) {
      const row = await rowOf(accounts, folder, option('file') ?? join(folder, `${accounts}.sqlite`))
      console.log(`  ${row.join(' · ')}`)
      rows.push(row)
    }
    noteTable({ heading, head, rows })
    return 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
