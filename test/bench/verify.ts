/**
 * Verifies large stores: accounts from a listing, every trail verified page by page, a checkpoint created and
 * verified. `--size=1000,1000000` measures other sizes. `npm run bench -- --only=verify --size=1000000 --file=big.sqlite`:
 * with a file, a stopped run continues, because applying a listing again leaves existing accounts unchanged.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '../peers/support/postgres.ts'
import { effort } from './harness.ts'
import { noteAim, noteTable } from './measured.ts'
import { hasPostgres } from './postgres.ts'
import type { VerifyResult, VerifyTask } from './verify-process.ts'

/**
 * The heap of a process, in megabytes, at every size. Without a limit, V8 lets its heap grow before it collects, and
 * the peak says nothing about what is needed. Applying a listing remembers the User IDs of its lines, verifying nothing.
 */
const heap = { apply: 128, verify: 64, young: 4 }

const option = (name: string) =>
  process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3)

const inProcessOfItsOwn = async (task: VerifyTask): Promise<VerifyResult> => {
  const limits = [`--max-old-space-size=${heap[task.work]}`, `--max-semi-space-size=${heap.young}`]
  const execArgv = [...process.execArgv, ...limits]
  const path = fileURLToPath(new URL('verify-process.ts', import.meta.url))
  const child = fork(path, [JSON.stringify(task)], { execArgv })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${task.work} ended with ${code}`)
  })
  failed.catch(() => {})
  const [answer] = await Promise.race([once(child, 'message'), failed])
  return answer as VerifyResult
}

const head = [
  'store',
  'accounts',
  'records',
  'entries',
  'applied',
  'verified',
  'checkpoint created',
  'and verified',
  'peak memory (of it before the first record)',
]

/** Fills a store and verifies it. */
const verified = async (
  name: string,
  task: Omit<VerifyTask, 'work'>,
): Promise<{ readonly result: VerifyResult; readonly row: readonly string[] }> => {
  const applied = await inProcessOfItsOwn({ ...task, work: 'apply' })
  const result = await inProcessOfItsOwn({ ...task, work: 'verify' })
  const { records, entries, seconds, peakMB, beforeMB } = result
  const each = (taken = Number.NaN) =>
    `${taken.toFixed(1)} s, ${((taken * 1e6) / records).toFixed(0)} µs each`
  const row = [
    name,
    ...[task.accounts, records, entries].map((count) => count.toLocaleString('en')),
    each(applied.seconds['applied']),
    each(seconds['verified']),
    each(seconds['created']),
    each(seconds['compared']),
    `${peakMB.toFixed(0)} MB (${beforeMB.toFixed(0)} MB)`,
  ]
  console.log(`  ${row.join(' · ')}`)
  return { result, row }
}

const onPostgres = async (sizes: readonly number[], manifest: string) => {
  const server = await startPostgres({ settings: { synchronous_commit: 'on', fsync: 'on' } })
  try {
    const rows: (readonly string[])[] = []
    for (const accounts of sizes) {
      const store = { url: await server.database() }
      rows.push((await verified('PostgreSQL', { store, accounts, manifest })).row)
    }
    return rows
  } finally {
    await server.close()
  }
}

/** Prints and records a row for each size. Returns the number of missed aims. */
export const verifyTable = async (): Promise<number> => {
  const chosen = option('size')?.split(',').map(Number)
  const sizes = chosen ?? (effort.quick ? [1e3] : [1e3, 1e4, 1e5, 1e6])
  const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-bench-'))
  const manifest = join(folder, 'manifest')
  const heading = 'Verification at size'
  try {
    console.log(`\n${heading}\n  ${head.join(' · ')}`)
    const results: VerifyResult[] = []
    const rows: (readonly string[])[] = []
    for (const accounts of sizes) {
      const file = option('file') ?? join(folder, `${accounts}.sqlite`)
      const { result, row } = await verified('SQLite', { store: { file }, accounts, manifest })
      results.push(result)
      rows.push(row)
    }
    if (hasPostgres() && option('file') === undefined)
      rows.push(...(await onPostgres(effort.quick ? [1e3] : [1e4], manifest)))
    noteTable({ heading, head, rows })
    const [smallest, largest] = [results[0], results.at(-1)]
    if (effort.quick || smallest === undefined || largest === undefined || smallest === largest) return 0
    const each = ({ seconds, records }: VerifyResult) => (seconds['verified'] ?? Number.NaN) / records
    const met = [
      noteAim('verify-flat', each(largest) / each(smallest)),
      noteAim('verify-memory', largest.peakMB / smallest.peakMB),
    ]
    return met.filter((isMet) => !isMet).length
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
