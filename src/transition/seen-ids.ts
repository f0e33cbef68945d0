import type { UserId } from '../identity/user-id.ts'

/** All pairs of 36 characters, as bits. */
const words = Math.ceil((36 * 36) / 32)

/**
 * A set of User IDs that remembers a million of them in a few megabytes: for every six characters at the
 * front one bit per possible ending.
 *
 * @internal
 */
export const seenIds = () => {
  const byFront = new Map<string, Uint32Array>()
  return {
    has: (userId: UserId): boolean => {
      const ending = Number.parseInt(userId.slice(6), 36)
      return (((byFront.get(userId.slice(0, 6))?.[ending >> 5] ?? 0) >>> (ending & 31)) & 1) === 1
    },
    /** Whether the ID was not there yet; from now on it is. */
    add: (userId: UserId): boolean => {
      const front = userId.slice(0, 6)
      const bits = byFront.get(front) ?? new Uint32Array(words)
      byFront.set(front, bits)
      const ending = Number.parseInt(userId.slice(6), 36)
      const before = bits[ending >> 5] ?? 0
      const after = before | (1 << (ending & 31))
      bits[ending >> 5] = after
      return before !== after >>> 0
    },
  }
}
