/** Every hasher of the package passes the port's contract. */
import { argon2Hasher } from 'ccass-2fa/argon2'
import { pbkdf2Hasher } from 'ccass-2fa/pbkdf2'
import { scryptHasher } from 'ccass-2fa/scrypt'
import { hasherContract } from 'ccass-2fa/testing'
import { describe, test } from 'vitest'

describe('argon2', () => {
  const settings = { memoryKiB: 64, passes: 2, lanes: 1 }
  const make = async () => ({
    hasher: argon2Hasher(settings),
    weaker: argon2Hasher({ ...settings, memoryKiB: 32 }),
  })
  for (const { name, run } of hasherContract(make)) test(`PW-15 · ${name}`, run)
})

describe('scrypt', () => {
  const make = async () => ({ hasher: scryptHasher({ logN: 6 }), weaker: scryptHasher({ logN: 5 }) })
  for (const { name, run } of hasherContract(make)) test(`PW-15 · ${name}`, run)
})

describe('pbkdf2', () => {
  const make = async () => ({
    hasher: pbkdf2Hasher({ iterations: 1_100 }),
    weaker: pbkdf2Hasher({ iterations: 1_000 }),
  })
  for (const { name, run } of hasherContract(make)) test(`PW-15 · ${name}`, run)
})
