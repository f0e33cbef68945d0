/**
 * Password hashing with Argon2id, by `@node-rs/argon2` (an optional peer: install it beside this package).
 *
 * @module
 */
import { hash, verify } from '@node-rs/argon2'
import type { PasswordHasher } from '../ports/password-hasher.ts'

/** What a hash costs. */
export interface Argon2Settings {
  /** Memory in KiB, 8–4,194,304. */
  readonly memoryKiB?: number
  /** Passes over it, 1–255. */
  readonly passes?: number
  /** Lanes, 1–255. */
  readonly lanes?: number
}

/** `$argon2id$v=19$m=65536,t=3,p=4$…` */
const settingsOf = /^\$argon2id\$v=(?<v>\d+)\$m=(?<m>\d+),t=(?<t>\d+),p=(?<p>\d+)\$/

/** `Algorithm.Argon2id`: the enumeration is a type alone, and not there at run time. */
const argon2id = 2

/**
 * Argon2id. The defaults are the second recommended option of RFC 9106: 64 MiB, 3 passes, 4 lanes.
 *
 * @rule PW-15
 */
export const argon2Hasher = ({
  memoryKiB = 65_536,
  passes = 3,
  lanes = 4,
}: Argon2Settings = {}): PasswordHasher => ({
  hash: (password) =>
    hash(password, { algorithm: argon2id, memoryCost: memoryKiB, timeCost: passes, parallelism: lanes }),
  verify: (hashed, password) => verify(hashed, password),
  needsRehash: (hashed) => {
    const { v, m, t } = settingsOf.exec(hashed)?.groups ?? {}
    return Number(v) !== 19 || Number(m) < memoryKiB || Number(t) < passes
  },
})
