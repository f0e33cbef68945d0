/** The contract of the hasher port finds hashers that violate it. */
import { createHash, randomBytes, scryptSync } from 'node:crypto'
import { hasherContract } from 'ccass-2fa/testing'
import { describe, expect, test } from 'vitest'
import type { PasswordHasher } from '../../src/ports/password-hasher.ts'
import { failuresOf } from './failures.ts'

/**
 * scrypt at its cheapest, applied to the password's digest: HMAC, and scrypt with it, pads a short key with
 * zeros, so that a trailing NUL would not count.
 */
const digestOf = (password: string, cost: number, salt: string) =>
  scryptSync(createHash('sha256').update(password).digest(), salt, 32, { N: cost }).toString('hex')

/** A correct hasher for tests: `h$<cost>$<salt>$<digest>`. */
const honest = (cost = 4): PasswordHasher => {
  return {
    hash: async (password) => {
      const salt = randomBytes(8).toString('hex')
      return `h$${cost}$${salt}$${digestOf(password, cost, salt)}`
    },
    verify: async (hash, password) => {
      const [, by, salt, expected] = /^h\$(\d+)\$([0-9a-f]{16})\$([0-9a-f]{64})$/.exec(hash) ?? []
      if (by === undefined || salt === undefined) throw new Error('no hash')
      return digestOf(password, Number(by), salt) === expected
    },
    needsRehash: (hash) => Number(hash.split('$')[1]) < cost,
  }
}

/** Changes the password before it is hashed. */
const seeing = (seen: (password: string) => string) => (inner: PasswordHasher) => ({
  hash: (password: string) => inner.hash(seen(password)),
  verify: (hash: string, password: string) => inner.verify(hash, seen(password)),
})

const breakages: Readonly<
  Record<string, readonly [breaking: (inner: PasswordHasher) => Partial<PasswordHasher>, caught: RegExp]>
> = {
  'lets everyone in': [() => ({ verify: async () => true }), /^passwords · the correct one/],
  'lets no one in': [() => ({ verify: async () => false }), /^passwords · the correct one/],
  'takes capital and small letters for the same': [
    seeing((password) => password.toLowerCase()),
    /^passwords · the correct one/,
  ],
  trims: [seeing((password) => password.trim()), /^passwords · leading and trailing spaces/],
  'reads 72 bytes, as bcrypt does': [
    seeing((password) => Buffer.from(password).subarray(0, 72).toString('latin1')),
    /^passwords · a long one/,
  ],
  'reads 1,024 bytes': [
    seeing((password) => Buffer.from(password).subarray(0, 1_024).toString('latin1')),
    /^passwords · a long one/,
  ],
  'reads up to a NUL, as C does': [seeing((password) => password.split('\0')[0] ?? ''), /^passwords · a NUL/],
  'reads low bytes': [
    seeing((password) => Buffer.from(password, 'latin1').toString('hex')),
    /^passwords · characters of any script/,
  ],
  'leaves out what is not ASCII': [
    seeing((password) => password.replace(/[^\x20-\x7e]/gu, '?')),
    /^passwords · characters of any script/,
  ],
  'mixes up what goes on at once': [
    (inner) => {
      let current = ''
      return {
        hash: async (password) => {
          current = password
          await undefined
          return inner.hash(current)
        },
      }
    },
    /^passwords · concurrent ones/,
  ],
  'has no salt': [
    () => {
      const digest = (password: string) => createHash('sha256').update(password).digest('hex')
      return {
        hash: async (password) => digest(password),
        verify: async (hash, password) => hash === digest(password),
      }
    },
    /^hashes · of one password differ/,
  ],
  'keeps the salt to itself': [
    (inner) => {
      const kept = new Map<string, string>()
      return {
        hash: async (password) => {
          const hash = await inner.hash(password)
          kept.set(password, hash)
          return hash
        },
        verify: async (hash, password) => kept.get(password) === hash,
      }
    },
    /^hashes · of one password differ/,
  ],
  'keeps the password in the hash': [
    (inner) => ({
      hash: async (password) => `${await inner.hash(password)}$${Buffer.from(password).toString('base64')}`,
      verify: (hash, password) => inner.verify(hash.split('$').slice(0, 4).join('$'), password),
    }),
    /^hashes · do not contain/,
  ],
  'gives bytes for text': [
    (inner) => ({
      hash: async (password) => `${await inner.hash(password)}\u0000\u00ff`,
      verify: (hash, password) => inner.verify(hash.slice(0, -2), password),
    }),
    /^hashes · are text/,
  ],
  'takes the password itself for its hash': [
    (inner) => ({ verify: async (hash, password) => hash === password || inner.verify(hash, password) }),
    /^hashes · that are malformed/,
  ],
  'compares as far as there is something to compare': [
    (inner) => ({
      verify: async (hash, password) => {
        const [head, cost, salt] = hash.split('$')
        if (salt === undefined || salt.length < 16) return false
        const made = digestOf(password, Number(cost), salt)
        return `${head}$${cost}$${salt}$${made}`.startsWith(hash) || inner.verify(hash, password)
      },
    }),
    /^hashes · that are malformed/,
  ],
  'an empty hash is no one’s, so anyone’s': [
    (inner) => ({ verify: async (hash, password) => hash === '' || inner.verify(hash, password) }),
    /^hashes · that are malformed/,
  ],
  'would hash again at each sign-in': [() => ({ needsRehash: () => true }), /^settings · a new/],
  'never hashes again': [() => ({ needsRehash: () => false }), /^settings · a hash with weaker/],
  'verifies by its own settings alone': [
    (inner) => ({
      verify: async (hash, password) => inner.verify(hash.replace(/^h\$\d+/, 'h$4'), password),
    }),
    /^settings · a hash with weaker/,
  ],
}

const cases = (breaking: (inner: PasswordHasher) => Partial<PasswordHasher>) => {
  const made = (cost: number) => {
    const inner = honest(cost)
    return { ...inner, ...breaking(inner) }
  }
  return hasherContract(async () => ({ hasher: made(4), weaker: made(2) }))
}

test('PW-15 · a correct hasher passes the contract, with and without a weaker one', async () => {
  expect(await failuresOf(cases(() => ({})))).toEqual([])
  expect(await failuresOf(hasherContract(async () => ({ hasher: honest() })))).toEqual([])
})

describe('PW-15 · the contract catches a hasher that', () => {
  test.each(Object.entries(breakages))('%s', async (_, [breaking, caught]) => {
    expect(await failuresOf(cases(breaking))).toContainEqual(expect.stringMatching(caught))
  })
})
