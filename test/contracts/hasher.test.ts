/** Every hasher of the package is put through the contract of the port. */
import { argon2Hasher } from 'ccass-2fa/argon2'
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
