import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { PasswordHasher } from 'ccass-2fa'

const digest = (salt: string, password: string) => createHash('sha256').update(salt).update(password).digest()

/**
 * A fast hasher that protects nothing: with it a load measures storage and service; with Argon2id, which production
 * needs, it measures how fast the machine hashes. The tests have their own stub: the examples are published without them.
 */
export const insecureStubHasher = (): PasswordHasher => ({
  hash: async (password) => {
    const salt = randomBytes(16).toString('hex')
    return `insecure-stub$${salt}$${digest(salt, password).toString('hex')}`
  },
  verify: async (hash, password) => {
    const [kind, salt = '', expected = ''] = hash.split('$')
    if (kind !== 'insecure-stub') throw new Error('not hashed by the stub')
    return timingSafeEqual(digest(salt, password), Buffer.from(expected, 'hex'))
  },
  needsRehash: () => false,
})
