/**
 * A named master key. Every sealed text contains the name of its key.
 *
 * @rule AUD-06
 */
export interface NamedKey {
  /** 1–32 letters, digits, `-` and `_`. */
  readonly id: string
  /** 32 bytes from a random source. */
  readonly key: Uint8Array
}

/** The keys of a secret box. The first seals and hashes. The others only open what they once sealed. */
export type NamedKeys = readonly [NamedKey, ...NamedKey[]]

/** The HKDF info (RFC 5869) for deriving a key from the master key. Each derived key has a single purpose. */
export const infoOf = (purpose: 'seal' | 'mac'): string => `ccass-2fa:${purpose}`

/** The length of the nonce at the start of the sealed bytes. */
export const nonceBytes = 12

/**
 * Describes what is wrong with the keys of a box, without any part of a key. `undefined` if they are valid.
 */
const problemOf = (keys: NamedKeys): string | undefined => {
  if (!Array.isArray(keys) || keys.length === 0) return 'needs at least one key'
  const ids = new Set<string>()
  // What a caller without types may have put in the list.
  for (const [i, named] of (keys as readonly (NamedKey | null | undefined)[]).entries()) {
    if (typeof named !== 'object' || named === null) return `keys[${i}] must be { id, key }`
    const { id, key } = named
    if (typeof id !== 'string' || !/^[\w-]{1,32}$/.test(id))
      return `keys[${i}].id must be 1–32 letters, digits, - and _`
    if (!(key instanceof Uint8Array) || key.length !== 32) return `keys[${i}].key must be 32 bytes`
    if (Object.keys(named).length !== 2) return `keys[${i}] must have only id and key`
    if (ids.has(id)) return `keys[${i}].id is already used by another key: ${id}`
    ids.add(id)
  }
  return undefined
}

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))

/** Decodes Base64. Several texts can encode the same bytes, and only the canonical one is accepted. */
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  const binary = atob(text)
  if (btoa(binary) !== text) return undefined
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/** Formats bytes as a sealed text or keyed hash. */
export const print = (id: string, bytes: Uint8Array): string => `v1.${id}.${toBase64(bytes)}`

/** Parses a sealed text or keyed hash. Throws if its format is wrong. */
export const read = (text: string): { readonly id: string; readonly bytes: Uint8Array<ArrayBuffer> } => {
  const [version, id, body, ...more] = text.split('.')
  const bytes = body === undefined ? undefined : fromBase64(body)
  if (version !== 'v1' || id === undefined || bytes === undefined || more.length > 0)
    throw new Error('not sealed by this box')
  return { id, bytes }
}

/**
 * Derives keys by name. Each key is derived once, at its first use, from a copy of its master key.
 *
 * @throws TypeError for invalid keys, wrong lengths or duplicate ids.
 */
export const derivedOnce = <Keys>(keys: NamedKeys, derive: (key: NamedKey) => Keys) => {
  const problem = problemOf(keys)
  if (problem !== undefined) throw new TypeError(`secret box: ${problem}`)
  const copies = new Map(keys.map(({ id, key }) => [id, { id, key: Uint8Array.from(key) }]))
  const derived = new Map<string, Keys>()
  return (id: string): Keys => {
    const named = copies.get(id)
    if (named === undefined) throw new Error('sealed under an unknown key')
    const known = derived.get(id) ?? derive(named)
    derived.set(id, known)
    return known
  }
}
