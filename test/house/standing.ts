import ts from 'typescript'
import { importsOf, parse, roomOf, type SourceText } from './sources.ts'

/** The plan of the rooms. */
export interface Plan {
  /**
   * From the top floor down. A room may import every floor below its own, unless `standsOn` says otherwise.
   */
  readonly floors: readonly (readonly string[])[]
  /** The only rooms that a room may import; `type otp`: only its types. */
  readonly standsOn: Readonly<Record<string, readonly string[]>>
}

const floorOf = ({ floors }: Plan, room: string) => floors.findIndex((floor) => floor.includes(room))

const mayStandOn = (plan: Plan, room: string, on: string, typeOnly: boolean): boolean => {
  if (room === on) return true
  const named = plan.standsOn[room]
  if (named !== undefined) return named.includes(on) || (typeOnly && named.includes(`type ${on}`))
  const [own, other] = [floorOf(plan, room), floorOf(plan, on)]
  return own >= 0 && other > own
}

/** Imports that do not point down, files in rooms that the plan lacks, and imports from outside src. */
export const misplaced = (sources: readonly SourceText[], plan: Plan): readonly string[] => {
  const rooms = [...plan.floors.flat(), ...Object.keys(plan.standsOn)]
  const strangers = sources
    .filter(({ path }) => !rooms.includes(roomOf(path)))
    .map(({ path }) => `${path}: no room of the plan`)
  const climbing = sources.flatMap(importsOf).flatMap(({ from, to, typeOnly }) => {
    if (to === undefined) return []
    if (!to.startsWith('src/')) return [`${from} → ${to}: out of src`]
    const [room, on] = [roomOf(from), roomOf(to)]
    if (mayStandOn(plan, room, on, typeOnly)) return []
    return [`${from} → ${to}: ${room} does not stand on ${typeOnly ? 'types of ' : ''}${on}`]
  })
  return [...strangers, ...climbing]
}

/**
 * Import cycles between files, including type imports: at least one path for each strongly connected
 * component.
 */
export const circles = (sources: readonly SourceText[]): readonly string[] => {
  const targets = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap(({ to }) => (to === undefined ? [] : [to])),
    ]),
  )
  const found = new Set<string>()
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]) => {
    const begun = trail.indexOf(path)
    if (begun >= 0) found.add([...trail.slice(begun), path].join(' → '))
    if (begun >= 0 || done.has(path)) return
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path])
    done.add(path)
  }
  for (const path of targets.keys()) walk(path, [])
  return [...found]
}

/** Files that contain only imports and re-exports. */
export const barrels = (sources: readonly SourceText[], published: readonly string[]): readonly string[] =>
  sources
    .filter(({ path }) => !published.includes(path))
    .filter((source) => {
      const { statements } = parse(source)
      return (
        statements.some(ts.isExportDeclaration) &&
        statements.every((each) => ts.isExportDeclaration(each) || ts.isImportDeclaration(each))
      )
    })
    .map(({ path }) => `${path}: a barrel`)

/** Rooms with more than a share of all lines; files directly in src count as separate rooms. */
export const oversized = (sources: readonly SourceText[], maxShare: number): readonly string[] => {
  const lines = new Map<string, number>()
  for (const { path, text } of sources)
    lines.set(roomOf(path), (lines.get(roomOf(path)) ?? 0) + text.split('\n').length - 1)
  const total = [...lines.values()].reduce((sum, count) => sum + count, 0)
  const max = Math.floor(total * maxShare)
  return [...lines]
    .filter(([, count]) => count > max)
    .map(([room, count]) => `src/${room}: ${count} of ${total} lines, at most ${max} allowed`)
}
