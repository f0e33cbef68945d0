/**
 * Password hashing with scrypt (RFC 7914) in Node's `node:crypto`. There is no package to install or compile.
 *
 * @module ccass-2fa/scrypt
 */
import { scrypt, timingSafeEqual } from 'node:crypto'
import type { PasswordHasher } from '../ports/password-hasher.ts'
import { checkOptionNames, wholeNumber } from './support/known-options.ts'
import {
  freshSalt,
  hashBytes,
  notAHash,
  type PhcHash,
  passwordBytes,
  printPhc,
  readPhc,
  unhashable,
} from './support/phc.ts'

/**
 * The cost settings of scrypt. A hash takes `128 × 2^logN × blockSize` bytes of memory.
 *
 * @category Adapters
 */
export interface ScryptSettings {
  /** The cost as a power of two, 4–22. Default: 17. */
  readonly logN?: number
  /** The block size r, 1–32. Default: 8. */
  readonly blockSize?: number
  /** The parallelization p, 1–64. Default: 1. */
  readonly parallelization?: number
}

type Settings = Required<ScryptSettings>

const name = 'scrypt'
/**
 * 1 GiB. Higher costs are refused in settings and in stored hashes, so that a stored hash cannot dictate its
 * cost.
 */
const maxBytes = 2 ** 30

/** The memory of one hash, in bytes. */
const bytesOf = ({ logN, blockSize }: Settings) => 128 * 2 ** logN * blockSize

const settingsOf = ({ logN = 17, blockSize = 8, parallelization = 1 }: ScryptSettings): Settings => {
  const settings = {
    logN: wholeNumber('logN', logN, 4, 22),
    blockSize: wholeNumber('blockSize', blockSize, 1, 32),
    parallelization: wholeNumber('parallelization', parallelization, 1, 64),
  }
  if (bytesOf(settings) > maxBytes)
    throw new RangeError('logN and blockSize must require at most 1 GiB (128 × 2^logN × blockSize bytes)')
  return settings
}

const parameters = /^ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})$/

/** Parses a stored hash. Returns `undefined` for any other text, and for settings out of bounds. */
const read = (text: string): { readonly hashed: PhcHash; readonly settings: Settings } | undefined => {
  const hashed = readPhc(name, text)
  const [, logN, blockSize, parallelization] = (hashed && parameters.exec(hashed.parameters)) || []
  if (hashed === undefined || logN === undefined) return undefined
  try {
    const numbers = [Number(logN), Number(blockSize), Number(parallelization)] as const
    const settings = settingsOf({ logN: numbers[0], blockSize: numbers[1], parallelization: numbers[2] })
    return { hashed, settings }
  } catch {
    return undefined
  }
}

const derive = (password: Uint8Array, salt: Uint8Array, settings: Settings) =>
  new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    const cost = { N: 2 ** settings.logN, r: settings.blockSize, p: settings.parallelization }
    // Node also counts its own buffers. Twice what scrypt needs is enough.
    const options = { ...cost, maxmem: 2 * bytesOf(settings) + 1024 * 128 * settings.blockSize }
    // Without an error, the value is `null`, or `undefined` in Bun.
    scrypt(password, salt, hashBytes, options, (error, hash) =>
      error ? reject(error) : resolve(Uint8Array.from(hash)),
    )
  })

/**
 * Creates a scrypt password hasher. The defaults are OWASP's recommendation: N = 2^17, r = 8, p = 1, which
 * takes 128 MiB per hash. A hash has the form `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`, with 16 and 32 bytes in
 * Base64.
 *
 * - `hash` rejects a password that ends with NUL or is not well-formed Unicode. `verify` returns `false` for
 *   it.
 * - `verify` rejects if the text is not such a hash, or its settings are outside the bounds of {@link
 *   ScryptSettings}.
 * - `needsRehash` returns true if the text is not such a hash, or if any of its settings is below the current
 *   one.
 *
 * @throws RangeError for a setting outside its bounds. TypeError for an unknown name.
 * @rule PW-15
 * @category Adapters
 */
export const scryptHasher = (settings: ScryptSettings = {}): PasswordHasher => {
  checkOptionNames('scryptHasher', settings, ['logN', 'blockSize', 'parallelization'])
  const present = settingsOf(settings)
  return {
    hash: async (password) => {
      const bytes = passwordBytes(password)
      if (bytes === undefined) throw unhashable()
      const salt = freshSalt()
      const { logN, blockSize, parallelization } = present
      const hash = await derive(bytes, salt, present)
      return printPhc(name, { parameters: `ln=${logN},r=${blockSize},p=${parallelization}`, salt, hash })
    },

    verify: async (text, password) => {
      const found = read(text)
      if (found === undefined) throw notAHash(name)
      const bytes = passwordBytes(password)
      // A password that cannot match costs the same work, so that the response time reveals nothing.
      const hash = await derive(bytes ?? new Uint8Array(), found.hashed.salt, found.settings)
      return timingSafeEqual(hash, found.hashed.hash) && bytes !== undefined
    },

    needsRehash: (text) => {
      const old = read(text)?.settings
      return (
        old === undefined ||
        old.logN < present.logN ||
        old.blockSize < present.blockSize ||
        old.parallelization < present.parallelization
      )
    },
  }
}
