/** The recorded results: `test/mutation/scores.json` and `test/mutation/survivors.json`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { inPackage } from '../../docs/generate/tree.ts'
import type { Tier } from './rooms.ts'

/** The number of mutants by outcome. */
export interface Counts {
  readonly mutants: number
  /** A test failed. */
  readonly killed: number
  /** The code no longer terminated, which counts as noticed. */
  readonly timeout: number
  /** Every test that reaches it passed. */
  readonly survived: number
  /** No test of the room reaches it. */
  readonly uncovered: number
}

/** The measurement of one room. */
export interface RoomScore extends Counts {
  readonly room: string
  readonly tier: Tier
  /** One in so many mutants was measured. */
  readonly oneIn: number
  /** The commit that was measured, unchanged. */
  readonly commit: string
  readonly date: string
  readonly seconds: number
  /** Killed and timed-out mutants as a percentage of all. */
  readonly score: number
  readonly files: Readonly<Record<string, Counts>>
}

/** A mutant that no test noticed. */
export interface Survivor {
  readonly room: string
  readonly file: string
  readonly line: number
  readonly mutator: string
  readonly original: string
  readonly replacement: string
  readonly covered: boolean
}

/** A surviving mutant whose change can't be observed. */
export interface Equivalent {
  readonly file: string
  readonly original: string
  readonly replacement: string
  /** At how many places of the file; 1 if absent. */
  readonly places?: number
  readonly why: string
}

const equivalentsFile = 'test/mutation/equivalent.json'
const scoresFile = 'test/mutation/scores.json'
const survivorsFile = 'test/mutation/survivors.json'

const read = <T>(path: string): readonly T[] =>
  existsSync(inPackage(path)) ? (JSON.parse(readFileSync(inPackage(path), 'utf8')) as readonly T[]) : []

export const recordedScores = (): readonly RoomScore[] => read(scoresFile)
/** The equivalent mutants, written by hand, each with its reason. */
export const equivalents = (): readonly Equivalent[] => read(equivalentsFile)
export const recordedSurvivors = (): readonly Survivor[] => read(survivorsFile)

/** A percentage, rounded down to two places, so that it never looks better than it is. */
export const scoreOf = ({
  mutants,
  killed,
  timeout,
}: Pick<Counts, 'mutants' | 'killed' | 'timeout'>): number =>
  mutants === 0 ? 100 : Math.floor(((killed + timeout) / mutants) * 10_000) / 100

/** Counts mutants by outcome; those that do not compile or were not run are ignored. */
export const countsOf = (results: readonly { readonly status: string }[]): Counts => {
  const count = (status: string) => results.filter((result) => result.status === status).length
  const [killed, timeout, survived, uncovered] = [
    count('Killed'),
    count('Timeout'),
    count('Survived'),
    count('NoCoverage'),
  ]
  return { mutants: killed + timeout + survived + uncovered, killed, timeout, survived, uncovered }
}

export const sumOf = (all: readonly Counts[]): Counts => {
  const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0)
  return {
    mutants: sum('mutants'),
    killed: sum('killed'),
    timeout: sum('timeout'),
    survived: sum('survived'),
    uncovered: sum('uncovered'),
  }
}

/** Replaces the recorded result of a room. */
export const record = (score: RoomScore, survivors: readonly Survivor[], order: readonly string[]) => {
  const sorted = <T extends { readonly room: string }>(items: readonly T[]) =>
    [...items].sort((a, b) => order.indexOf(a.room) - order.indexOf(b.room))
  const others = <T extends { readonly room: string }>(items: readonly T[]) =>
    items.filter(({ room }) => room !== score.room)
  const write = (path: string, items: readonly unknown[]) =>
    writeFileSync(inPackage(path), `${JSON.stringify(items, undefined, 2)}\n`)
  write(scoresFile, sorted([...others(recordedScores()), score]))
  write(survivorsFile, sorted([...others(recordedSurvivors()), ...survivors]))
}
