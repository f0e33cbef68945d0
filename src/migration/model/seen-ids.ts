import type { UserId } from '../../identity/user-id.ts'

/** Bits in a word; with one more, its value would be no small integer. */
const width = 30

/**
 * A set of User IDs that remembers a million of them in a few megabytes: for every six characters at the
 * front one bit per ending, as far as the highest that came.
 *
 * @internal
 */
export const seenIds = () => {
  const byFront = new Map<string, number[]>()
  const placeOf = (userId: UserId) => {
    const ending = Number.parseInt(userId.slice(6), 36)
    return { front: userId.slice(0, 6), word: Math.floor(ending / width), bit: 1 << (ending % width) }
  }
  return {
    has: (userId: UserId): boolean => {
      const { front, word, bit } = placeOf(userId)
      return ((byFront.get(front)?.[word] ?? 0) & bit) !== 0
    },
    /** Whether the ID was not there yet; from now on it is. */
    add: (userId: UserId): boolean => {
      const { front, word, bit } = placeOf(userId)
      const bits = byFront.get(front) ?? []
      byFront.set(front, bits)
      while (bits.length <= word) bits.push(0)
      const before = bits[word] ?? 0
      bits[word] = before | bit
      return (before & bit) === 0
    },
  }
}
