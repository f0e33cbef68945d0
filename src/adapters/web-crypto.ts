/**
 * Random bytes, sealing (AES-256-GCM) and keyed hashes (HMAC-SHA-256) by the WebCrypto that Node,
 * browsers and other runtimes bring along.
 *
 * @module
 */
import type { RandomSource } from '../ports/random.ts'
import type { SecretBox } from '../ports/secret-box.ts'

/** The runtime's random bytes. */
export const webCryptoRandom = (): RandomSource => ({
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
})

/** A master key with a name. Everything sealed says under which it was. */
export interface NamedKey {
  /** 1–32 letters, digits, `-` and `_`. */
  readonly id: string
  /** 32 bytes, from a random source. */
  readonly key: Uint8Array
}

const encoder = new TextEncoder()
const nonceBytes = 12

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

interface Keys {
  readonly seal: CryptoKey
  readonly mac: CryptoKey
}

/** Two keys from one, each for its own use alone (HKDF, RFC 5869). */
const derive = async ({ id, key }: NamedKey): Promise<Keys> => {
  if (!/^[\w-]{1,32}$/.test(id) || key.length !== 32) throw new Error('a key needs a name, and 32 bytes')
  const master = await crypto.subtle.importKey('raw', Uint8Array.from(key), 'HKDF', false, ['deriveKey'])
  const from = (purpose: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: encoder.encode(`ccass-2fa:${purpose}`),
  })
  const [seal, mac] = await Promise.all([
    crypto.subtle.deriveKey(from('seal'), master, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
    crypto.subtle.deriveKey(from('mac'), master, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, [
      'sign',
      'verify',
    ]),
  ])
  return { seal, mac }
}

/**
 * A secret box. Sealed text reads `v1.<key id>.<nonce and ciphertext>`, a keyed hash `v1.<key id>.<hash>`.
 *
 * @param keys - the first seals and hashes; the others still open what they once sealed. So a key is
 * changed by putting a new one first, and taken away when nothing is sealed under it any more.
 * @rule OTP-06
 * @rule AUD-06
 */
export const webCryptoSecretBox = (keys: readonly [NamedKey, ...NamedKey[]]): SecretBox => {
  const derived = new Map<string, Promise<Keys>>()
  const keysOf = (id: string): Promise<Keys> => {
    const named = keys.find((key) => key.id === id)
    if (named === undefined) return Promise.reject(new Error('sealed under an unknown key'))
    const known = derived.get(id) ?? derive(named)
    derived.set(id, known)
    return known
  }
  const first = keys[0].id
  const read = (text: string) => {
    const [version, id, body] = text.split('.')
    if (version !== 'v1' || id === undefined || body === undefined) throw new Error('not sealed by this box')
    const bytes = fromBase64(body)
    // Base64 has several texts for the same bytes; only the one that was made here is taken.
    if (`v1.${id}.${toBase64(bytes)}` !== text) throw new Error('not sealed by this box')
    return { id, bytes }
  }

  return {
    seal: async (secret, context) => {
      const { seal } = await keysOf(first)
      const iv = crypto.getRandomValues(new Uint8Array(nonceBytes))
      const additionalData = encoder.encode(context)
      const sealed = new Uint8Array(
        await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, seal, Uint8Array.from(secret)),
      )
      const body = new Uint8Array(nonceBytes + sealed.length)
      body.set(iv)
      body.set(sealed, nonceBytes)
      return `v1.${first}.${toBase64(body)}`
    },

    open: async (sealed, context) => {
      const { id, bytes } = read(sealed)
      const { seal } = await keysOf(id)
      const additionalData = encoder.encode(context)
      const iv = bytes.slice(0, nonceBytes)
      return new Uint8Array(
        await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, seal, bytes.slice(nonceBytes)),
      )
    },

    mac: async (message) => {
      const { mac } = await keysOf(first)
      return `v1.${first}.${toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', mac, encoder.encode(message))))}`
    },

    verifyMac: async (given, message) => {
      const { id, bytes } = read(given)
      const { mac } = await keysOf(id)
      return crypto.subtle.verify('HMAC', mac, bytes, encoder.encode(message))
    },
  }
}
