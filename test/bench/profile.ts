/** Where the CPU time of a sign-in is spent: a sampling profile, by room of `src` and by dependency. */
import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
import { freeHasher } from './free-hasher.ts'
import { effort } from './harness.ts'
import { holder } from './login.ts'
import { noteTable } from './measured.ts'

/** Microseconds between two samples. */
const interval = 100

/** Time spent in a place itself, without its callees. */
interface ProfileLine {
  readonly where: string
  readonly share: number
  readonly microseconds: number
}

const maps = new Map<string, SourceMap | undefined>()

const mapOf = (file: string): SourceMap | undefined => {
  if (!maps.has(file)) {
    try {
      maps.set(file, new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8'))))
    } catch {
      maps.set(file, undefined) // Not a file of this project.
    }
  }
  return maps.get(file)
}

interface Place {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
  readonly columnNumber: number
}

/** The source of a frame: `src/engine/unit-of-work.ts`, `zod`, `node`, `(garbage collector)`. */
const sourceOf = ({ functionName, url, lineNumber, columnNumber }: Place): string => {
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  if (dependency !== undefined) return dependency
  if (url.startsWith('node:')) return 'node'
  if (!url.startsWith('file:')) return functionName.startsWith('(') ? functionName : 'V8 built-ins'
  const file = fileURLToPath(url)
  const entry = mapOf(file)?.findEntry(lineNumber, columnNumber)
  const source = entry !== undefined && 'originalSource' in entry ? entry.originalSource : file
  return source.replace(/^.*?(src|test)\//, '$1/')
}

/** Runs work repeatedly under the profiler. Returns where its time was spent, most first. */
const profiled = async (times: number, work: () => Promise<void>): Promise<readonly ProfileLine[]> => {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval })
  await session.post('Profiler.start')
  for (let i = 0; i < times; i++) await work()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  const { nodes, samples = [], timeDeltas = [] } = profile
  const places = new Map(
    nodes.map(({ id, callFrame }) => {
      return [id, sourceOf(callFrame)]
    }),
  )
  const spent = new Map<string, number>()
  for (const [i, id] of samples.entries()) {
    const where = places.get(id) ?? ''
    if (!where.includes('(idle)')) spent.set(where, (spent.get(where) ?? 0) + (timeDeltas[i] ?? 0))
  }
  const total = [...spent.values()].reduce((sum, each) => sum + each, 0)
  return [...spent]
    .map(([where, microseconds]) => ({
      where,
      share: microseconds / total,
      microseconds: microseconds / times,
    }))
    .sort((a, b) => b.microseconds - a.microseconds)
}

/** Prints and records where a sign-in on a memory store spends its time. */
export const profileTable = async (): Promise<number> => {
  const { login, nextCode } = await holder(freeHasher)
  const signIn = async () => login(nextCode())
  const times = effort.quick ? 50 : 3_000
  for (let i = 0; i < times; i++) await signIn()
  const heading = 'Where the processor time of a sign-in goes, store in memory'
  const rows = (await profiled(times, signIn))
    .filter(({ share }) => share >= 0.01)
    .map(({ where, share, microseconds }) => [
      where,
      `${(100 * share).toFixed(0)} %`,
      `${microseconds.toFixed(0)} µs`,
    ])
  noteTable({ heading, head: ['where', 'share', 'itself'], rows })
  console.log(`\n${heading}`)
  for (const [where = '', share = '', itself = ''] of rows)
    console.log(`  ${where.padEnd(48)} ${share.padStart(5)} ${itself.padStart(8)}`)
  return 0
}
