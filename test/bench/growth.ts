/**
 * How the cost of an operation grows with what is in the store: accounts, participants, the trail of an
 * account, pending requests, notices. It is the processor time of this process and of the server's processes,
 * because an operation also waits for the disk and for other work on the machine. Stores of all sizes exist at
 * the same time and take turns.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import Database from 'libsql'
import { Pool } from 'pg'
import type { StoragePort } from '../../dist/index.js'
import { migratePostgres, postgresStorage, preparedStatements } from '../../dist/postgres.js'
import { sqliteStorage } from '../../dist/sqlite.js'
import { startPostgres } from '../peers/support/postgres.ts'
import { growthDimensions, growthStores } from './aims.ts'
import { type Contents, growthStore, type Operation } from './growth-store.ts'
import { effort } from './harness.ts'
import { noteAim, noteTable } from './measured.ts'
import { hasPostgres } from './postgres.ts'

/** What every store contains; one number grows. */
const base: Contents = {
  own: 0,
  accounts: 100,
  participants: 2,
  trail: 100,
  requests: 100,
  claimed: 100,
  waiting: 0,
}

const sizes: Readonly<Record<keyof typeof growthDimensions, readonly number[]>> = {
  accounts: [1e2, 1e3, 1e4, 1e5],
  participants: [1e2, 1e3, 1e4],
  trail: [1e2, 1e3, 1e4],
  requests: [1e2, 1e3, 1e4],
  claimed: [1e2, 1e3, 1e4],
  waiting: [1e2, 1e3, 1e4],
  market: [1e2, 1e6],
  own: [1e2, 1e3],
}

const rounds = effort.quick ? 1 : 15
/** In each turn an operation runs so many times, or until the time is over. */
const [callsPerTurn, msPerTurn] = [8, 60]

interface GrownStore {
  readonly size: number
  readonly operations: Readonly<Record<string, Operation>>
  readonly spent: () => number
  /** Milliseconds of each call, by operation. */
  readonly times: Map<string, number[]>
}

const takeTurn = async ({ operations, spent, times }: GrownStore, name: string): Promise<void> => {
  const operation = operations[name]
  const own = times.get(name) ?? []
  times.set(name, own)
  const begun = performance.now()
  for (let i = 0; i < callsPerTurn && performance.now() - begun < msPerTurn; i++) {
    await operation?.before?.()
    const before = spent()
    await operation?.run()
    own.push(spent() - before)
    await operation?.after?.()
  }
}

/** The lower quartile of the calls: slower ones were mostly interrupted, or collected garbage. */
const timeOf = ({ times }: GrownStore, name: string): number => {
  const sorted = [...(times.get(name) ?? [])].sort((a, b) => a - b)
  return sorted[sorted.length >> 2] ?? Number.NaN
}

const measure = async (stores: readonly GrownStore[]): Promise<readonly string[]> => {
  const names = Object.keys(stores[0]?.operations ?? {})
  for (let round = 0; round <= rounds; round++) {
    for (const name of names)
      for (let i = 0; i < stores.length; i++) {
        const store = stores[(i + round) % stores.length]
        if (store) await takeTurn(store, name)
      }
    if (round === 0 && !effort.quick) for (const { times } of stores) times.clear() // until the compiler was done
  }
  return names
}

interface Opened {
  readonly storage: StoragePort
  /** Milliseconds of processor time that this process and the server spent so far. */
  readonly spent: () => number
  readonly close: () => Promise<void>
}

const ownMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Milliseconds of processor time of another process (Linux). */
const msOf = (pid: number) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6

/** Measures one kind of growth on one kind of store. Returns the number of missed aims. */
const growthTable = async (
  dimension: keyof typeof growthDimensions,
  on: keyof typeof growthStores,
  open: () => Promise<Opened>,
): Promise<number> => {
  const opened: Opened[] = []
  const stores: GrownStore[] = []
  for (const size of sizes[dimension].slice(0, effort.quick ? 1 : undefined)) {
    const store = await open()
    opened.push(store)
    const operations = await growthStore(store.storage, {
      ...base,
      [dimension === 'market' ? 'accounts' : dimension]: size,
    })
    stores.push({ size, operations, spent: store.spent, times: new Map() })
  }
  const names = await measure(stores)
  for (const { close } of opened) await close()

  const [smallest, largest] = [stores[0], stores.at(-1)]
  if (smallest === undefined || largest === undefined) return 0
  const ratioOf = (name: string, store: GrownStore) => timeOf(store, name) / timeOf(smallest, name)
  const heading = `Growth with ${growthDimensions[dimension]}, on ${growthStores[on]}`
  const head = ['operation', ...stores.map(({ size }) => size.toLocaleString('en'))]
  const rows = names.map((name) => [
    name,
    ...stores.map((store) => {
      const ms = `${timeOf(store, name).toFixed(2)} ms`
      return store === smallest ? ms : `${ms}, ${ratioOf(name, store).toFixed(2)}×`
    }),
  ])
  noteTable({ heading, head, rows })
  console.log(`\n${heading}`)
  for (const row of [head, ...rows])
    console.log(`  ${row.map((cell, i) => cell.padEnd(i === 0 ? 40 : 20)).join('')}`.trimEnd())
  if (stores.length === 1) return 0

  let missed = 0
  for (const name of names) {
    if (noteAim(`growth-${dimension}-${on}`, ratioOf(name, largest))) continue
    missed++
    console.log(`  ${name}: aim ≤ 2× MISSED`)
  }
  return missed
}

type Dimension = keyof typeof growthDimensions

/** What takes minutes to fill is a part of its own. */
const market = ['market', 'own'] as const satisfies readonly Dimension[]
const others = (Object.keys(growthDimensions) as Dimension[]).filter(
  (dimension) => !market.some((name) => name === dimension),
)

const onSqlite = async (dimensions: readonly Dimension[]): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-bench-'))
  let files = 0
  const open = async () => {
    const db = new Database(join(folder, `${++files}.sqlite`))
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    return { storage: sqliteStorage(db), spent: ownMs, close: async () => void db.close() }
  }
  try {
    let missed = 0
    for (const dimension of dimensions) missed += await growthTable(dimension, 'sqlite', open)
    return missed
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const onPostgres = async (dimensions: readonly Dimension[]): Promise<number> => {
  const server = await startPostgres({ settings: { synchronous_commit: 'on', fsync: 'on' } })
  const open = async () => {
    const pool = new Pool({ connectionString: await server.database(), max: 4, idleTimeoutMillis: 0 })
    const backends: number[] = []
    pool.on('connect', (client) => {
      backends.push((client as typeof client & { readonly processID: number }).processID)
    })
    await migratePostgres(pool)
    return {
      storage: postgresStorage(preparedStatements(pool)),
      spent: () => backends.reduce((sum, pid) => sum + msOf(pid), ownMs()),
      close: () => pool.end(),
    }
  }
  try {
    let missed = 0
    for (const dimension of dimensions) missed += await growthTable(dimension, 'postgres', open)
    return missed
  } finally {
    await server.close()
  }
}

const tablesOf = async (dimensions: readonly Dimension[]): Promise<number> =>
  (await onSqlite(dimensions)) + (hasPostgres() ? await onPostgres(dimensions) : 0)

/** Prints and records the tables of most kinds of growth. Returns the number of missed aims. */
export const growthTables = () => tablesOf(others)

/** A market of a million accounts, and a participant of a thousand. Returns the number of missed aims. */
export const marketTables = () => tablesOf(market)
