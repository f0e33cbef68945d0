import type { PasswordHasher } from '../../dist/index.js'

/** A hasher that costs nothing, so that only the cost of the library is measured; the stub of the tests computes a digest. */
export const freeHasher: PasswordHasher = {
  hash: async (text) => `free:${text}`,
  verify: async (hashed, text) => hashed === `free:${text}`,
  needsRehash: () => false,
}
