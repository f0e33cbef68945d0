import type { UserId } from '../../identity/user-id.ts'

/**
 * Bits in a word; one more would exceed the engine's small integers.
 *
 * @rule MIG-16
 */
const width = 30

/**
 * A set of User IDs that holds a million of them in a few megabytes: for each prefix of six characters it has
 * one bit per suffix, up to the highest suffix seen.
 *
 * @internal
 */
export const seenIds = () => {
  const byFront = new Map<string, number[]>()
  const placeOf = (userId: UserId) => {
    const suffix = Number.parseInt(userId.slice(6), 36)
    return { front: userId.slice(0, 6), word: Math.floor(suffix / width), bit: 1 << (suffix % width) }
  }
  return {
    has: (userId: UserId): boolean => {
      const { front, word, bit } = placeOf(userId)
      return ((byFront.get(front)?.[word] ?? 0) & bit) !== 0
    },
    /** Adds the ID. Returns whether it is new. */
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
