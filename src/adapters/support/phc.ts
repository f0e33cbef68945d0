/**
 * A hash in the PHC string format: `$<name>$<parameters>$<salt>$<hash>`, in Base64 without padding.
 *
 * @rule PW-15
 */
export interface PhcHash {
  readonly parameters: string
  readonly salt: Uint8Array<ArrayBuffer>
  readonly hash: Uint8Array<ArrayBuffer>
}

/** The length of a salt and of a hash, in bytes. */
export const [saltBytes, hashBytes] = [16, 32] as const

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replaceAll('=', '')

/**
 * Decodes Base64. Returns `undefined` unless the text is the canonical encoding of the right number of bytes.
 */
const fromBase64 = (text: string, length: number): Uint8Array<ArrayBuffer> | undefined => {
  if (!/^[A-Za-z0-9+/]+$/.test(text) || text.length % 4 === 1) return undefined
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  return bytes.length === length && toBase64(bytes) === text ? bytes : undefined
}

/** Formats a hash as text. */
export const printPhc = (name: string, { parameters, salt, hash }: PhcHash): string =>
  `$${name}$${parameters}$${toBase64(salt)}$${toBase64(hash)}`

/**
 * Parses a hash with this name, or returns `undefined`. Lengths are fixed, so a truncated hash is not
 * accepted.
 */
export const readPhc = (name: string, text: string): PhcHash | undefined => {
  const [before, found, parameters, salt = '', hash = '', ...more] = text.split('$')
  if (before !== '' || found !== name || parameters === undefined || more.length > 0) return undefined
  const bytes = [fromBase64(salt, saltBytes), fromBase64(hash, hashBytes)] as const
  return bytes[0] && bytes[1] && { parameters, salt: bytes[0], hash: bytes[1] }
}

/** The error for a text that is not a hash. It contains neither the text nor the password. */
export const notAHash = (name: string): Error => new Error(`not a ${name} hash of this library`)

/** A salt from the runtime's random generator. */
export const freshSalt = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(saltBytes))

/**
 * The bytes to hash. `undefined` for a password that ends with NUL, because HMAC pads its key with zeros and
 * the password without the NULs would have the same hash, and for one with a lone surrogate, which has no
 * bytes in UTF-8.
 */
export const passwordBytes = (password: string): Uint8Array<ArrayBuffer> | undefined =>
  password.isWellFormed() && !password.endsWith('\0')
    ? Uint8Array.from(new TextEncoder().encode(password))
    : undefined

/** The error for a password that cannot be distinguished from another one. */
export const unhashable = (): TypeError =>
  new TypeError('a password that is not well-formed Unicode, or ends with NUL, cannot be hashed')

/** Compares in a time that depends only on the lengths. */
export const equalBytes = (one: Uint8Array, other: Uint8Array): boolean => {
  let difference = one.length ^ other.length
  for (let i = 0; i < one.length; i++) difference |= (one[i] ?? 0) ^ (other[i] ?? 0)
  return difference === 0
}
