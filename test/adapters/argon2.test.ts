import { hash } from '@node-rs/argon2'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { acceptablePassword } from 'ccass-2fa/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { branches } from '../support/branches.ts'

/** The least work that Argon2 allows: these tests cover the adapter, not the algorithm. */
const small = { memoryKiB: 64, passes: 2, lanes: 1 }
const hasher = argon2Hasher(small)
const password = 'Correct horse battery 5!'

test('PW-15 · verify accepts a password with its own hash and refuses any other', async () => {
  const seen = branches('another password')
  await fc.assert(
    fc.asyncProperty(acceptablePassword(), acceptablePassword(), async (right, other) => {
      const hashed = await hasher.hash(right)
      expect(await hasher.verify(hashed, right)).toBe(true)
      if (seen.hitIf('another password', other !== right))
        expect(await hasher.verify(hashed, other)).toBe(false)
      expect(hasher.needsRehash(hashed)).toBe(false)
    }),
    { numRuns: 30 },
  )
  seen.expectAll()
})

test('PW-15 · every character of a password counts: case, blanks, combining marks, and everything after a NUL', async () => {
  const hashed = await hasher.hash(`${password}\u0000é`)
  for (const other of [
    password,
    `${password}\u0000`,
    `${password}\u0000É`,
    `${password}\u0000e\u0301`,
    ` ${password}\u0000é`,
  ])
    expect(await hasher.verify(hashed, other)).toBe(false)
  expect(await hasher.verify(hashed, `${password}\u0000é`)).toBe(true)
})

test('PW-15 · a hash names its algorithm and settings, has its own salt, and does not contain the password', async () => {
  const [first, second] = [await hasher.hash(password), await hasher.hash(password)]
  expect(first).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$/)
  expect(first).not.toBe(second)
  expect(first).not.toContain(password)
})

test('PW-15 · the default is the second recommended option of RFC 9106: 64 MiB, 3 passes, 4 lanes', async () => {
  const hashed = await argon2Hasher().hash(password)
  expect(hashed).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=4\$/)
  expect(await argon2Hasher().verify(hashed, password)).toBe(true)
  expect(argon2Hasher().needsRehash(hashed)).toBe(false)
})

test('PW-15 · a hash with other settings is still verified, with its own settings', async () => {
  const hashed = await argon2Hasher({ ...small, memoryKiB: 128, passes: 3, lanes: 2 }).hash(password)
  expect(await hasher.verify(hashed, password)).toBe(true)
  expect(await hasher.verify(hashed, `${password}?`)).toBe(false)
})

describe('PW-15 · needsRehash', () => {
  const madeWith = (settings: Partial<typeof small>) => argon2Hasher({ ...small, ...settings }).hash(password)
  /** The package's `Algorithm` is only a type and does not exist at run time. */
  const oldAlgorithms = { Argon2d: 0, Argon2i: 1 }

  test('is true for less memory or fewer passes', async () => {
    expect(hasher.needsRehash(await madeWith({ memoryKiB: 63 }))).toBe(true)
    expect(hasher.needsRehash(await madeWith({ passes: 1 }))).toBe(true)
    expect(hasher.needsRehash(await madeWith({ memoryKiB: 1_024, passes: 1 }))).toBe(true)
  })

  test('is false for the same settings or stronger ones', async () => {
    expect(hasher.needsRehash(await madeWith({}))).toBe(false)
    expect(hasher.needsRehash(await madeWith({ memoryKiB: 65, passes: 3 }))).toBe(false)
  })

  test.each(Object.entries(oldAlgorithms))(
    'is true for another algorithm of the family: %s',
    async (_, algorithm) => {
      const hashed = await hash(password, { algorithm, memoryCost: 65_536, timeCost: 4, parallelism: 1 })
      expect(hasher.needsRehash(hashed)).toBe(true)
      expect(await hasher.verify(hashed, password)).toBe(true)
    },
  )

  test.each([
    ['nothing', ''],
    ['garbage', 'not a hash'],
    ['bcrypt', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'],
    ['an older version of Argon2', '$argon2id$v=16$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA'],
    ['no version', '$argon2id$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA'],
    ['settings in another order', '$argon2id$v=19$t=3,m=65536,p=4$c29tZXNhbHQ$aGFzaA'],
    ['something before it', ' $argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA'],
  ])('is true for %s', (_, hashed) => {
    expect(hasher.needsRehash(hashed)).toBe(true)
  })
})

test('PW-15 · verify rejects text that is not a hash, and its error does not contain the password', async () => {
  for (const hashed of [
    '',
    'not a hash',
    '$argon2id$v=19$m=65536,t=3,p=4$',
    '$argon2id$v=19$m=1,t=0,p=0$!!$!!',
  ]) {
    const error = await hasher.verify(hashed, password).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(Error)
    expect(String((error as Error).stack)).not.toContain(password)
  }
})

describe('PW-15 · settings are checked when the hasher is created', () => {
  test.each([
    ['memoryKiB', 7],
    ['memoryKiB', 31],
    ['memoryKiB', 4_194_305],
    ['memoryKiB', Number.NaN],
    ['memoryKiB', 65_536.5],
    ['memoryKiB', '65536'],
    ['passes', 0],
    ['passes', 256],
    ['lanes', 0],
    ['lanes', 256],
  ])('%s %j is refused, and the error names the field', (name, value) => {
    const settings = { [name]: value } as never
    expect(() => argon2Hasher(settings)).toThrow(RangeError)
    expect(() => argon2Hasher(settings)).toThrow(name)
  })

  test.each(['memoryCost', 'timeCost', 'parallelism', 'memoryKib', 'algorithm'])(
    'an unknown option is refused instead of being replaced by the default: %s',
    (name) => {
      expect(() => argon2Hasher({ [name]: 1 })).toThrow(`unknown option "${name}"`)
    },
  )

  test('the bounds are accepted', () => {
    expect(() => argon2Hasher({ memoryKiB: 8, passes: 1, lanes: 1 })).not.toThrow()
    expect(() => argon2Hasher({ memoryKiB: 4_194_304, passes: 255, lanes: 255 })).not.toThrow()
  })
})
