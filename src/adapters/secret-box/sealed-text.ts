/** A master key with a name. Everything sealed says under which it was. */
export interface NamedKey {
  /** 1–32 letters, digits, `-` and `_`. */
  readonly id: string
  /** 32 bytes, from a random source. */
  readonly key: Uint8Array
}

/** The keys of a box: the first seals and hashes; the others still open what they once sealed. */
export type NamedKeys = readonly [NamedKey, ...NamedKey[]]

/** For which use a key is made from the master key (HKDF, RFC 5869): each is for its own use alone. */
export const infoOf = (purpose: 'seal' | 'mac'): string => `ccass-2fa:${purpose}`

/** How many bytes of a sealed text are the nonce. */
export const nonceBytes = 12

/** Throws for what is no key. */
export const checkKey = ({ id, key }: NamedKey): void => {
  if (!/^[\w-]{1,32}$/.test(id) || key.length !== 32) throw new Error('a key needs a name, and 32 bytes')
}

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

/** Bytes as the text of a box. */
export const print = (id: string, bytes: Uint8Array): string => `v1.${id}.${toBase64(bytes)}`

/** The bytes in a text of a box, and the name of their key; throws for what no box has made. */
export const read = (text: string): { readonly id: string; readonly bytes: Uint8Array<ArrayBuffer> } => {
  const [version, id, body] = text.split('.')
  if (version !== 'v1' || id === undefined || body === undefined) throw new Error('not sealed by this box')
  const bytes = fromBase64(body)
  // Base64 has several texts for the same bytes; only the one that was made here is taken.
  if (print(id, bytes) !== text) throw new Error('not sealed by this box')
  return { id, bytes }
}

/** Derived keys by name: each is made once, when it is first asked for. */
export const derivedOnce = <Keys>(keys: NamedKeys, derive: (key: NamedKey) => Keys) => {
  const derived = new Map<string, Keys>()
  return (id: string): Keys => {
    const named = keys.find((key) => key.id === id)
    if (named === undefined) throw new Error('sealed under an unknown key')
    const known = derived.get(id) ?? derive(named)
    derived.set(id, known)
    return known
  }
}
