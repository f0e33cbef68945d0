/**
 * What an observer adds to the processor time of a sign-in, with a hasher that costs nothing: over a store in
 * memory, and over one that keeps what it is given.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import type { Observer, StoragePort } from '../../dist/index.js'
import { memoryStorage } from '../../dist/memory.js'
import { openTelemetryObserver } from '../../dist/opentelemetry.js'
import { sqliteStorage } from '../../dist/sqlite.js'
import { freeHasher } from './free-hasher.ts'
import { type BenchLine, effort, median } from './harness.ts'
import { holder } from './login.ts'

/** Sign-ins of a batch: few, so that contestants alternate often. */
const batch = 5

/** An observer that counts calls and entries by what happened, as a host without a metrics library does. */
const counting = (): Observer => {
  const counts = new Map<string, number>()
  const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1)
  return {
    operation: ({ operation, outcome }) => count(`${operation} ${outcome}`),
    entry: ({ event }) => count(event.type),
  }
}

/** The contestants. The second one without an observer shows how exact the measurement is. */
const contestants = {
  without: { what: 'without an observer, measured twice', observer: () => undefined },
  again: { what: 'without an observer', observer: () => undefined },
  counting: { what: 'an observer that counts', observer: counting },
  openTelemetry: { what: '`ccass-2fa/opentelemetry` without an SDK', observer: openTelemetryObserver },
} as const

type Name = keyof typeof contestants
const names = Object.keys(contestants) as Name[]

const shuffled = <T>(items: readonly T[]): readonly T[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)

/** Processor time of the whole process, in nanoseconds: WebCrypto works on other threads. */
const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1_000
}

/** The bounds between which the median lies with 95 % confidence, for any distribution. */
const medianBounds = (values: readonly number[]): readonly [number, number] => {
  const sorted = [...values].sort((a, b) => a - b)
  const reach = 0.98 * Math.sqrt(sorted.length)
  const at = (index: number) =>
    sorted[Math.max(0, Math.min(sorted.length - 1, Math.round(index)))] ?? Number.NaN
  const middle = (sorted.length - 1) / 2
  return [at(middle - reach), at(middle + reach)]
}

/**
 * The rows of the table. All contestants sign in within each turn, in random order, so that other work on the
 * machine affects all of them equally. A ratio is of the same turn.
 */
const linesOver = async (store: string, open: () => StoragePort): Promise<readonly BenchLine[]> => {
  const services = new Map(
    await Promise.all(
      names.map(async (name) => {
        const own = { observer: contestants[name].observer(), storage: open() }
        return [name, await holder(freeHasher, own)] as const
      }),
    ),
  )
  const run = async (name: Name): Promise<number> => {
    const service = services.get(name)
    if (service === undefined) throw new Error(`${name} has no service`)
    let total = 0
    for (let i = 0; i < batch; i++) {
      const code = service.nextCode()
      const before = processorTime()
      await service.login(code)
      total += processorTime() - before
    }
    return total / batch
  }
  const turns: Record<Name, number>[] = []
  const warmUp = effort.turns / 10
  for (let turn = -warmUp; turn < effort.turns; turn++) {
    const took = { without: 0, again: 0, counting: 0, openTelemetry: 0 }
    for (const name of shuffled(names)) took[name] = await run(name)
    if (turn >= 0) turns.push(took)
  }
  const lineOf = (name: Name, aim?: string): BenchLine => {
    const ratios = turns.map((took) => took[name] / took.without)
    const [low, high] = medianBounds(ratios)
    return {
      what: `${store}: ${contestants[name].what} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)})`,
      ours: median(turns.map((took) => took[name])),
      peer: { name: 'without', time: median(turns.map(({ without }) => without)) },
      ratio: median(ratios),
      ...(aim === undefined ? {} : { aim: `${aim}-${store.toLowerCase()}` }),
    }
  }
  return [
    lineOf('again'),
    lineOf('counting', 'observer-counts'),
    lineOf('openTelemetry', 'observer-opentelemetry'),
  ]
}

/** The rows of the table, for both stores. */
export const observerLines = async (): Promise<readonly BenchLine[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-bench-'))
  const open: Database.Database[] = []
  try {
    const inMemory = await linesOver('Memory', memoryStorage)
    const onDisk = await linesOver('SQLite', () => {
      const db = new Database(join(folder, `${open.length}.sqlite`))
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
      open.push(db)
      return sqliteStorage(db)
    })
    return [...inMemory, ...onDisk]
  } finally {
    for (const db of open) db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
