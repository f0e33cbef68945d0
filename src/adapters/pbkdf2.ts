/**
 * Password hashing with PBKDF2-HMAC-SHA-512 (RFC 8018) in WebCrypto, for runtimes without a better algorithm,
 * such as Cloudflare Workers and browsers. Use Argon2id or scrypt where they are available.
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
 * The cost settings of PBKDF2.
 *
 * @category Adapters
 */
export interface Pbkdf2Settings {
  /**
   * Iterations, 1,000–10,000,000. Default: 210,000, as OWASP recommends for SHA-512. Cloudflare Workers allow
   * at most 100,000.
   */
  readonly iterations?: number
}

const name = 'pbkdf2-sha512'
const [minIterations, maxIterations] = [1_000, 10_000_000] as const
const parameters = /^i=([1-9]\d{3,7})$/

/** Parses a stored hash. Returns `undefined` for any other text, and for iterations out of bounds. */
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
 * Creates a PBKDF2-HMAC-SHA-512 password hasher. A hash has the form `$pbkdf2-sha512$i=210000$<salt>$<hash>`,
 * with 16 and 32 bytes in Base64.
 *
 * - `hash` rejects a password that ends with NUL or is not well-formed Unicode. `verify` returns `false` for
 *   it.
 * - `verify` rejects if the text is not such a hash, or its iterations are outside the bounds of {@link
 *   Pbkdf2Settings}.
 * - `needsRehash` returns true if the text is not such a hash, or has fewer iterations than the current
 *   setting.
 *
 * @throws RangeError for a setting outside its bounds. TypeError for an unknown name.
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
      // A password that cannot match costs the same work, so that the response time reveals nothing.
      const hash = await derive(bytes ?? new Uint8Array(), found.hashed.salt, found.iterations)
      return equalBytes(hash, found.hashed.hash) && bytes !== undefined
    },

    needsRehash: (text) => (read(text)?.iterations ?? 0) < present,
  }
}
