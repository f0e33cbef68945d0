/**
 * Password hashing with PBKDF2-HMAC-SHA-512 (RFC 8018), by WebCrypto: for runtimes that have nothing better, such
 * as Cloudflare Workers and browsers. Where Argon2id or scrypt can be had, take one of those.
 *
 * @module ccass-2fa/pbkdf2
 */
import type { PasswordHasher } from '../ports/password-hasher.ts'
import { checkOptionNames, wholeNumber } from './support/known-options.ts'
import {
  equalBytes,
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
 * What a hash costs.
 *
 * @category Adapters
 */
export interface Pbkdf2Settings {
  /**
   * Iterations, 1,000–10,000,000. Default: 210,000, as OWASP recommends for SHA-512. Cloudflare Workers take at most
   * 100,000.
   */
  readonly iterations?: number
}

const name = 'pbkdf2-sha512'
const [minIterations, maxIterations] = [1_000, 10_000_000] as const
const parameters = /^i=([1-9]\d{3,7})$/

/** A stored hash with its iterations; `undefined` for other texts, and for iterations out of their bounds. */
const read = (text: string): { readonly hashed: PhcHash; readonly iterations: number } | undefined => {
  const hashed = readPhc(name, text)
  const iterations = Number((hashed && parameters.exec(hashed.parameters)?.[1]) ?? Number.NaN)
  return hashed !== undefined && iterations >= minIterations && iterations <= maxIterations
    ? { hashed, iterations }
    : undefined
}

const derive = async (
  password: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
) => {
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash: 'SHA-512', salt, iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 8 * hashBytes))
}

/**
 * PBKDF2-HMAC-SHA-512. A hash reads `$pbkdf2-sha512$i=210000$<salt>$<hash>`: 16 and 32 bytes in Base64.
 *
 * - `hash` rejects for a password that ends with NUL or is not well-formed Unicode; `verify` answers `false`.
 * - `verify` rejects for what is no such hash, or one with iterations out of the bounds of {@link Pbkdf2Settings}.
 * - `needsRehash` is true for what is no such hash, or one with fewer iterations than today's.
 *
 * @throws RangeError for a setting out of its bounds, TypeError for an unknown name.
 * @rule PW-15
 * @category Adapters
 */
export const pbkdf2Hasher = (settings: Pbkdf2Settings = {}): PasswordHasher => {
  checkOptionNames('pbkdf2Hasher', settings, ['iterations'])
  const present = wholeNumber('iterations', settings.iterations ?? 210_000, minIterations, maxIterations)
  return {
    hash: async (password) => {
      const bytes = passwordBytes(password)
      if (bytes === undefined) throw unhashable()
      const salt = freshSalt()
      const hash = await derive(bytes, salt, present)
      return printPhc(name, { parameters: `i=${present}`, salt, hash })
    },

    verify: async (text, password) => {
      const found = read(text)
      if (found === undefined) throw notAHash(name)
      const bytes = passwordBytes(password)
      // The same work for a password that can not be the one: its time tells nothing.
      const hash = await derive(bytes ?? new Uint8Array(), found.hashed.salt, found.iterations)
      return equalBytes(hash, found.hashed.hash) && bytes !== undefined
    },

    needsRehash: (text) => (read(text)?.iterations ?? 0) < present,
  }
}
