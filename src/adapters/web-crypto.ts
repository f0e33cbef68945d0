/**
 * Random bytes, encryption (AES-256-GCM) and keyed hashes (HMAC-SHA-256) with WebCrypto, which Node, browsers
 * and other runtimes include.
 *
 * @module ccass-2fa/web-crypto
 */
import type { RandomSource } from '../ports/random.ts'
import type { SecretBox } from '../ports/secret-box.ts'
import {
  derivedOnce,
  infoOf,
  type NamedKey,
  type NamedKeys,
  nonceBytes,
  print,
  read,
} from './secret-box/sealed-text.ts'

export type { NamedKey, NamedKeys }

/**
 * Creates a random source over the runtime's generator.
 *
 * @category Adapters
 */
export const webCryptoRandom = (): RandomSource => ({
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
})

const encoder = new TextEncoder()

interface Keys {
  readonly seal: CryptoKey
  readonly mac: CryptoKey
}

/** Derives two keys from one, each for a single purpose (HKDF, RFC 5869). */
const derive = async (named: NamedKey): Promise<Keys> => {
  const key = Uint8Array.from(named.key)
  const master = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey'])
  const from = (purpose: 'seal' | 'mac') => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: encoder.encode(infoOf(purpose)),
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
 * Creates a secret box. A sealed text has the form `v1.<key id>.<nonce and ciphertext>`, a keyed hash
 * `v1.<key id>.<hash>`.
 *
 * @param keys - the first key seals and hashes. The others only open what they once sealed. To change a key,
 * put the new one first, and remove the old one when nothing is sealed under it any more.
 * @throws TypeError at construction, for keys that are not 32 bytes, or for malformed or duplicate ids.
 * @rule OTP-06
 * @rule AUD-06
 * @category Adapters
 */
export const webCryptoSecretBox = (keys: NamedKeys): SecretBox => {
  const keysOf = derivedOnce(keys, derive)
  const first = keys[0].id

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
      return print(first, body)
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
      return print(first, new Uint8Array(await crypto.subtle.sign('HMAC', mac, encoder.encode(message))))
    },

    verifyMac: async (given, message) => {
      const { id, bytes } = read(given)
      const { mac } = await keysOf(id)
      return crypto.subtle.verify('HMAC', mac, bytes, encoder.encode(message))
    },
  }
}
