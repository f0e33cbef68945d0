import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { PasswordHasher } from 'ccass-2fa'

const digest = (salt: string, password: string) => createHash('sha256').update(salt).update(password).digest()

/**
 * A hasher that costs nothing and protects nothing. With it, a load test measures storage and service. With
 * Argon2id, which production needs, it measures how fast the machine hashes.
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
