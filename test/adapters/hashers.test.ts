/** scrypt and PBKDF2: the format of their hashes, their bounds, and the algorithm against another implementation. */
import { pbkdf2 as noblePbkdf2 } from '@noble/hashes/pbkdf2.js'
import { scrypt as nobleScrypt } from '@noble/hashes/scrypt.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { pbkdf2Hasher } from 'ccass-2fa/pbkdf2'
import { scryptHasher } from 'ccass-2fa/scrypt'
import { describe, expect, test } from 'vitest'
import type { PasswordHasher } from '../../src/ports/password-hasher.ts'

const password = 'Correct horse battery 5! 密碼'
const small = { logN: 6, blockSize: 4, parallelization: 2 }
const partsOf = (hash: string) => {
  const [, , , salt = '', digest = ''] = hash.split('$')
  return [Buffer.from(salt, 'base64'), digest] as const
}
const printed = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '')

test('PW-15 · scrypt computes the same values as another implementation', async () => {
  const hash = await scryptHasher(small).hash(password)
  expect(hash).toMatch(/^\$scrypt\$ln=6,r=4,p=2\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  const [salt, digest] = partsOf(hash)
  expect(digest).toBe(printed(nobleScrypt(password, salt, { N: 64, r: 4, p: 2, dkLen: 32 })))
})

test('PW-15 · PBKDF2 computes the same PBKDF2-HMAC-SHA-512 values as another implementation', async () => {
  const hash = await pbkdf2Hasher({ iterations: 1_000 }).hash(password)
  expect(hash).toMatch(/^\$pbkdf2-sha512\$i=1000\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  const [salt, digest] = partsOf(hash)
  expect(digest).toBe(printed(noblePbkdf2(sha512, password, salt, { c: 1_000, dkLen: 32 })))
})

test('PW-15 · the defaults are those that OWASP recommends: N = 2^17, r = 8, p = 1; 210,000 iterations', async () => {
  expect(await scryptHasher().hash(password)).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$/)
  expect(await pbkdf2Hasher().hash(password)).toMatch(/^\$pbkdf2-sha512\$i=210000\$/)
})

describe('PW-15 · settings are checked when the hasher is created', () => {
  test.each([
    ['logN', [3, 23, 1.5, Number.NaN, '17']],
    ['blockSize', [0, 33, Number.POSITIVE_INFINITY]],
    ['parallelization', [0, 65]],
  ])('scrypt refuses an out-of-range %s', (name, values) => {
    for (const value of values) {
      expect(() => scryptHasher({ [name]: value }), String(value)).toThrow(RangeError)
      expect(() => scryptHasher({ [name]: value })).toThrow(name)
    }
  })

  test('scrypt accepts settings that need up to 1 GiB together, and refuses more', () => {
    expect(() => scryptHasher({ logN: 20, blockSize: 8 })).not.toThrow()
    expect(() => scryptHasher({ logN: 20, blockSize: 9 })).toThrow('1 GiB')
  })

  test.each([999, 10_000_001, 1_000.5, Number.NaN, '210000'])(
    'PBKDF2 refuses %j iterations',
    (iterations) => {
      expect(() => pbkdf2Hasher({ iterations: iterations as number })).toThrow(RangeError)
    },
  )

  test('an unknown option is refused instead of being replaced by the default', () => {
    expect(() => scryptHasher({ N: 2 ** 17 } as never)).toThrow('unknown option "N"')
    expect(() => scryptHasher({ cost: 17 } as never)).toThrow('unknown option "cost"')
    expect(() => pbkdf2Hasher({ rounds: 1 } as never)).toThrow('unknown option "rounds"')
  })
})

describe.each<[string, PasswordHasher, readonly string[]]>([
  [
    'scrypt',
    scryptHasher(small),
    [
      'ln=23,r=8,p=1',
      'ln=20,r=9,p=1',
      'ln=3,r=8,p=1',
      'ln=6,r=0,p=1',
      'r=4,ln=6,p=2',
      'ln=6,r=4',
      'ln=-6,r=4,p=2',
    ],
  ],
  [
    'pbkdf2',
    pbkdf2Hasher({ iterations: 1_000 }),
    ['i=10000001', 'i=999', 'i=0', 'i=01000', 'i=1e9', 'i=', 'c=1000'],
  ],
])('%s', (_, hasher, outOfBounds) => {
  test('PW-15 · a stored hash cannot dictate its cost: settings out of bounds are rejected without being computed', async () => {
    const hash = await hasher.hash(password)
    for (const parameters of outOfBounds) {
      const [, name, , salt, digest] = hash.split('$')
      const other = ['', name, parameters, salt, digest].join('$')
      await expect(hasher.verify(other, password), parameters).rejects.toThrow('not a')
      expect(hasher.needsRehash(other), parameters).toBe(true)
    }
  })

  test('PW-15 · a hash has one valid encoding: other Base64, truncations, additions and other names are invalid', async () => {
    const hash = await hasher.hash(password)
    const last = hash.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    // The last character of 32 bytes has two unused bits.
    const twin = hash.slice(0, -1) + (alphabet[alphabet.indexOf(last) ^ 1] ?? '')
    const texts = [
      twin,
      `${hash}=`,
      `${hash}$`,
      `${hash}A`,
      hash.slice(0, -1),
      hash.slice(0, -11),
      ` ${hash}`,
    ]
    for (const text of [
      ...texts,
      hash.slice(1),
      hash.replace(/^\$\w/, '$x'),
      hash.replaceAll('$', '$$$$'),
      '',
      '$',
    ]) {
      await expect(hasher.verify(text, password), text).rejects.toThrow('not a')
      expect(hasher.needsRehash(text), text).toBe(true)
    }
  })

  test('PW-15 · a password that ends with NUL or is not well-formed never matches the hash of another', async () => {
    for (const other of [`${password}\0`, `${password}\0\0`, `${password}\ud800`]) {
      const error = await hasher.hash(other).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(TypeError)
      expect(String((error as Error).stack)).not.toContain(password)
    }
    const hash = await hasher.hash(password)
    for (const other of [`${password}\0`, `${password}\0\0`])
      expect(await hasher.verify(hash, other)).toBe(false)
    const replaced = await hasher.hash(`${password}\uFFFD`)
    expect(await hasher.verify(replaced, `${password}\ud800`)).toBe(false)
  })

  test('PW-15 · a password that cannot be hashed never matches the hash of the empty password', async () => {
    const empty = await hasher.hash('')
    expect(await hasher.verify(empty, '')).toBe(true)
    expect(await hasher.verify(empty, '\0')).toBe(false)
    expect(await hasher.verify(empty, '\ud800')).toBe(false)
  })
})

test('PW-15 · needsRehash is true for each setting that is weaker, and for no other', async () => {
  const hasher = scryptHasher(small)
  for (const [name, value] of [
    ['logN', 5],
    ['blockSize', 3],
    ['parallelization', 1],
  ] as const)
    expect(hasher.needsRehash(await scryptHasher({ ...small, [name]: value }).hash(password)), name).toBe(
      true,
    )
  for (const [name, value] of [
    ['logN', 7],
    ['blockSize', 5],
    ['parallelization', 3],
  ] as const)
    expect(hasher.needsRehash(await scryptHasher({ ...small, [name]: value }).hash(password)), name).toBe(
      false,
    )
  const [less, more] = [pbkdf2Hasher({ iterations: 1_000 }), pbkdf2Hasher({ iterations: 1_001 })]
  expect(more.needsRehash(await less.hash(password))).toBe(true)
  expect(less.needsRehash(await more.hash(password))).toBe(false)
})
