import { createHash, randomBytes } from 'node:crypto'
import type { PasswordHasher } from '../../src/index.ts'

/** A hasher for tests: fast and insecure. It counts its calls. */
export interface StubHasher extends PasswordHasher {
  readonly calls: { hash: number; verify: number }
  /** The strength of new hashes; hashes of a lower one need a rehash. */
  strength: number
}

const digest = (salt: string, password: string) =>
  createHash('sha256').update(salt).update(password).digest('base64url')

const randomSalt = () => randomBytes(8).toString('hex')

/**
 * The stub hasher of all tests; its hashes are `stub$<strength>$<salt>$<digest>`. Three places have their own: the
 * examples are published without the tests, `ccass-2fa/testing` also runs where `node:crypto` does not exist, and the
 * benchmarks need a hasher that costs nothing.
 *
 * @param salt - draws a salt; a simulation passes its seeded source, so that runs repeat.
 */
export const stubHasher = (salt: () => string = randomSalt): StubHasher => {
  const hasher: StubHasher = {
    calls: { hash: 0, verify: 0 },
    strength: 1,
    hash: async (password) => {
      hasher.calls.hash++
      const drawn = salt()
      return `stub$${hasher.strength}$${drawn}$${digest(drawn, password)}`
    },
    verify: async (hash, password) => {
      hasher.calls.verify++
      const [kind, , drawn = '', expected] = hash.split('$')
      if (kind !== 'stub') throw new Error('not a hash of the stub hasher')
      return digest(drawn, password) === expected
    },
    needsRehash: (hash) => Number(hash.split('$')[1]) < hasher.strength,
  }
  return hasher
}
