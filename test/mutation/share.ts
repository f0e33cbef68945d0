/** The files that CI mutates on a day: another share each day, so that a few runs cover everything. */
import type { Room } from './rooms.ts'
import type { RoomScore } from './scores.ts'

/** The percentage points by which a share can fall short: timeouts vary with the machine. */
export const tolerance = 1

/** The cost of starting the tests of a room, in seconds. */
const start = 20

interface Piece {
  readonly room: Room
  readonly source: string
  readonly seconds: number
}

/** The duration of each measured file, by its part of its room's mutants. */
const piecesOf = (rooms: readonly Room[], recorded: readonly RoomScore[]): readonly Piece[] =>
  rooms.flatMap((room) => {
    const score = recorded.find(({ room: name }) => name === room.name)
    return room.sources.flatMap((source) => {
      const counts = score?.files[source]
      if (score === undefined || counts === undefined) return []
      return [{ room, source, seconds: (score.seconds * counts.mutants) / Math.max(1, score.mutants) }]
    })
  })

/**
 * The files of a day, by room, that take at most `seconds` (at least one file).
 *
 * @param day - the number of the day; successive days rotate through all shares.
 */
export const shareOf = (
  rooms: readonly Room[],
  recorded: readonly RoomScore[],
  day: number,
  seconds: number,
): readonly Room[] => {
  const shares: Piece[][] = []
  let left = 0
  for (const piece of piecesOf(rooms, recorded)) {
    const last = shares.at(-1)
    const cost = piece.seconds + (last?.at(-1)?.room === piece.room ? 0 : start)
    if (last !== undefined && cost <= left) {
      last.push(piece)
      left -= cost
    } else {
      shares.push([piece])
      left = seconds - piece.seconds - start
    }
  }
  const today = shares[day % Math.max(1, shares.length)] ?? []
  const names = [...new Set(today.map(({ room }) => room))]
  return names.map((room) => ({
    ...room,
    sources: today.filter((piece) => piece.room === room).map(({ source }) => source),
  }))
}
