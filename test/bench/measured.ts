/** The figures of the last runs, from which `docs/performance.md` is generated. */
import { readFileSync, writeFileSync } from 'node:fs'
import { type AimName, aimOf, isMet } from './aims.ts'

/** A table of figures, as texts. */
export interface FigureTable {
  readonly heading: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The results of one part of the bench: everything that is compared was measured in the same run. */
export interface MeasuredPart {
  readonly at: string
  /** The machine, and its load when the run began. */
  readonly machine: string
  readonly versions: string
  /** The figure of each aim; if there are several, the one furthest from the aim. */
  readonly aims: Readonly<Record<AimName, number>>
  readonly tables: readonly FigureTable[]
}

/** The last figures of each part, by name. */
export type Measured = Readonly<Record<string, MeasuredPart>>

const file = new URL('measured.json', import.meta.url)

/** The figures as they were last written. */
export const readMeasured = (): Measured => JSON.parse(readFileSync(file, 'utf8')) as Measured

let aims: Record<AimName, number> = {}
let tables: FigureTable[] = []

/** Records the figure of an aim. Returns whether it is met. */
export const noteAim = (name: AimName, figure: number): boolean => {
  const aim = aimOf(name)
  const known = aims[name]
  const furthest = 'faster' in aim.limit ? Math.min : Math.max
  aims[name] = known === undefined ? figure : furthest(known, figure)
  return isMet(aim, figure)
}

/** Records a table. */
export const noteTable = (table: FigureTable): void => void tables.push(table)

/** Returns what was recorded since the last part. */
export const takeNotes = (): Pick<MeasuredPart, 'aims' | 'tables'> => {
  const noted = { aims, tables }
  aims = {}
  tables = []
  return noted
}

/** Writes the figures of a part over its previous ones. */
export const writePart = (name: string, part: Omit<MeasuredPart, 'at'>): void => {
  const at = new Date().toISOString().slice(0, 10)
  const all = { ...readMeasured(), [name]: { at, ...part } }
  writeFileSync(file, `${JSON.stringify(all, undefined, 2)}\n`)
}
