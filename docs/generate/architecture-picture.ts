/** The picture in docs/architecture.md: the rooms of src and their imports, read from the source files. */
import { posix } from 'node:path'
import ts from 'typescript'
import type { Picture } from './picture.ts'
import type { SourceText } from './tree.ts'

/** Which rooms a room imports. */
export type Imports = ReadonlyMap<string, ReadonlySet<string>>

const roomOf = (path: string) => path.split('/')[1]?.replace(/\.ts$/, '') ?? path

/** The imports between the rooms of src, without those of the given rooms. */
export const importsBetween = (sources: readonly SourceText[], without: readonly string[]): Imports => {
  const rooms = new Map<string, Set<string>>()
  for (const { path, text } of sources) {
    const from = roomOf(path)
    if (without.includes(from)) continue
    const own = rooms.get(from) ?? new Set<string>()
    rooms.set(from, own)
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (!fileName.startsWith('.')) continue
      const to = roomOf(posix.join(posix.dirname(path), fileName))
      if (to !== from && !without.includes(to)) own.add(to)
    }
  }
  return rooms
}

/** The row of a room, counted from the bottom. Row 0 imports nothing. A circular import throws. */
const heightOf = (room: string, imports: Imports, above: readonly string[] = []): number => {
  if (above.includes(room)) throw new Error(`a circle of imports: ${[...above, room].join(' → ')}`)
  const below = [...(imports.get(room) ?? [])]
  return below.length === 0
    ? 0
    : 1 + Math.max(...below.map((next) => heightOf(next, imports, [...above, room])))
}

const reaches = (from: string, to: string, imports: Imports): boolean =>
  [...(imports.get(from) ?? [])].some((next) => next === to || reaches(next, to, imports))

/**
 * The rooms in rows, each above everything it imports. Imports that follow from others have no arrow: with `a
 * → b → c`, there is no `a → c`.
 */
export const architecturePicture = (imports: Imports): Picture => {
  const rooms = [...imports.keys()].sort()
  const heights = new Map(rooms.map((room) => [room, heightOf(room, imports)]))
  const top = Math.max(...heights.values())
  const rows = Array.from({ length: top + 1 }, (_, row) =>
    rooms.filter((room) => heights.get(room) === top - row),
  )
  const widest = Math.max(...rows.map((row) => row.length))
  return {
    title: 'The rooms of src, and their imports',
    cell: { width: 190, height: 84 },
    boxes: rows.flatMap((row, index) =>
      row.map((room, column) => ({
        id: room,
        lines: [room],
        column: column + (widest - row.length) / 2,
        row: index,
        span: 1.3,
      })),
    ),
    arrows: rooms.flatMap((from) =>
      [...(imports.get(from) ?? [])]
        .filter(
          (to) => ![...(imports.get(from) ?? [])].some((via) => via !== to && reaches(via, to, imports)),
        )
        .sort()
        .map((to) => ({ from, to })),
    ),
  }
}
