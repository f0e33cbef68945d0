/**
 * Password hashing with Argon2id, based on `@node-rs/argon2` (an optional peer dependency: install it
 * alongside this package).
 *
 * @module ccass-2fa/argon2
 */
import { hash, verify } from '@node-rs/argon2'
import type { PasswordHasher } from '../ports/password-hasher.ts'
import { checkOptionNames, wholeNumber } from './support/known-options.ts'

/**
 * The cost settings of Argon2id.
 *
 * @category Adapters
 */
export interface Argon2Settings {
  /** Memory in KiB, 8–4,194,304, and at least 8 for each lane. Default: 65,536. */
  readonly memoryKiB?: number
  /** Passes over the memory, 1–255. Default: 3. */
  readonly passes?: number
  /** Lanes, 1–255. Default: 4. */
  readonly lanes?: number
}

/** `$argon2id$v=19$m=65536,t=3,p=4$…` */
const settingsOf = /^\$argon2id\$v=(?<v>\d+)\$m=(?<m>\d+),t=(?<t>\d+),p=(?<p>\d+)\$/

/** `Algorithm.Argon2id`. The enumeration exists only as a type, not at run time. */
const argon2id = 2

/**
 * Creates an Argon2id password hasher. The defaults are the second recommended option of RFC 9106: 64 MiB, 3
 * passes, 4 lanes.
 *
 * @throws RangeError for a setting outside its bounds. TypeError for an unknown name.
 * @rule PW-15
 * @category Adapters
 */
export const argon2Hasher = (settings: Argon2Settings = {}): PasswordHasher => {
  checkOptionNames('argon2Hasher', settings, ['memoryKiB', 'passes', 'lanes'])
  const passes = wholeNumber('passes', settings.passes ?? 3, 1, 255)
  const lanes = wholeNumber('lanes', settings.lanes ?? 4, 1, 255)
  const memoryKiB = wholeNumber('memoryKiB', settings.memoryKiB ?? 65_536, 8 * lanes, 4_194_304)
  return {
    hash: (password) =>
      hash(password, { algorithm: argon2id, memoryCost: memoryKiB, timeCost: passes, parallelism: lanes }),
    verify: (hashed, password) => verify(hashed, password),
    needsRehash: (hashed) => {
      const { v, m, t } = settingsOf.exec(hashed)?.groups ?? {}
      return Number(v) !== 19 || Number(m) < memoryKiB || Number(t) < passes
    },
  }
}
