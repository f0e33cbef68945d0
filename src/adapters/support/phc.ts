/** A hash in the PHC string format: `$<name>$<parameters>$<salt>$<hash>`, Base64 without padding. */
export interface PhcHash {
  readonly parameters: string
  readonly salt: Uint8Array<ArrayBuffer>
  readonly hash: Uint8Array<ArrayBuffer>
}

/** Bytes of a salt, and of a hash: the first 256 bits. */
export const [saltBytes, hashBytes] = [16, 32] as const

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replaceAll('=', '')

/** The bytes of a text; `undefined` unless it is the one text that these bytes have, of the right length. */
const fromBase64 = (text: string, length: number): Uint8Array<ArrayBuffer> | undefined => {
  if (!/^[A-Za-z0-9+/]+$/.test(text) || text.length % 4 === 1) return undefined
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  return bytes.length === length && toBase64(bytes) === text ? bytes : undefined
}

/** A hash as text. */
export const printPhc = (name: string, { parameters, salt, hash }: PhcHash): string =>
  `$${name}$${parameters}$${toBase64(salt)}$${toBase64(hash)}`

/** The parts of a hash of this name; `undefined` for every other text. A cut hash is none: its length is fixed. */
export const readPhc = (name: string, text: string): PhcHash | undefined => {
  const [before, found, parameters, salt = '', hash = '', ...more] = text.split('$')
  if (before !== '' || found !== name || parameters === undefined || more.length > 0) return undefined
  const bytes = [fromBase64(salt, saltBytes), fromBase64(hash, hashBytes)] as const
  return bytes[0] && bytes[1] && { parameters, salt: bytes[0], hash: bytes[1] }
}

/** What is rejected with where a hash can not be checked; neither the hash nor the password is in it. */
export const notAHash = (name: string): Error => new Error(`not a ${name} hash of this library`)

/** A salt from the runtime's random bytes. */
export const freshSalt = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(saltBytes))

/**
 * The bytes that are hashed. HMAC pads its key with zeros, so that a password and the same with NULs behind it
 * would share a hash; and a lone surrogate has no bytes in UTF-8.
 */
export const passwordBytes = (password: string): Uint8Array<ArrayBuffer> | undefined =>
  password.isWellFormed() && !password.endsWith('\0')
    ? Uint8Array.from(new TextEncoder().encode(password))
    : undefined

/** What is rejected with for a password that can not be told from another one. */
export const unhashable = (): TypeError =>
  new TypeError('a password that is not well-formed Unicode, or ends with NUL, can not be hashed')

/** Compares in a time that depends on the lengths alone. */
export const equalBytes = (one: Uint8Array, other: Uint8Array): boolean => {
  let difference = one.length ^ other.length
  for (let i = 0; i < one.length; i++) difference |= (one[i] ?? 0) ^ (other[i] ?? 0)
  return difference === 0
}
