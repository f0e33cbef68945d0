/**
 * Random bytes, encryption (AES-256-GCM) and keyed hashes (HMAC-SHA-256) with Node's `node:crypto`. It is
 * compatible with `ccass-2fa/web-crypto`: with the same keys, each opens what the other sealed. It is about
 * ten times as fast for small inputs, because it works synchronously, while WebCrypto passes each input to
 * another thread.
 *
 * @module ccass-2fa/node-crypto
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto'
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

const algorithm = 'aes-256-gcm'
const tagBytes = 16

/** Random bytes fetched at a time. Fetching fewer costs as much. */
const poolBytes = 4_096

/**
 * Creates a random source over Node's generator. Small amounts come from a pool of 4,096 bytes that is filled
 * at once. Bytes that were handed out are overwritten in the pool.
 *
 * @category Adapters
 */
export const nodeCryptoRandom = (): RandomSource => {
  const pool = new Uint8Array(poolBytes)
  let given = poolBytes
  return {
    bytes: (count) => {
      const pooled = Number.isInteger(count) && count >= 0 && count <= poolBytes / 8
      if (!pooled) return Uint8Array.from(randomBytes(count))
      if (given + count > poolBytes) {
        randomFillSync(pool)
        given = 0
      }
      const bytes = pool.slice(given, given + count)
      pool.fill(0, given, given + count)
      given += count
      return bytes
    },
  }
}

const derive = (named: NamedKey) => {
  const from = (purpose: 'seal' | 'mac') =>
    Buffer.from(hkdfSync('sha256', named.key, new Uint8Array(), infoOf(purpose), 32))
  return { seal: from('seal'), mac: from('mac') }
}

/**
 * Creates a secret box. A sealed text has the form `v1.<key id>.<nonce, ciphertext and tag>`, a keyed hash
 * `v1.<key id>.<hash>`.
 *
 * @param keys - the first key seals and hashes. The others only open what they once sealed. To change a key,
 * put the new one first, and remove the old one when nothing is sealed under it any more.
 * @throws TypeError at construction, for keys that are not 32 bytes, or for malformed or duplicate ids.
 * @rule OTP-06
 * @rule AUD-06
 * @category Adapters
 */
export const nodeCryptoSecretBox = (keys: NamedKeys): SecretBox => {
  const keysOf = derivedOnce(keys, derive)
  const first = keys[0].id
  const hashOf = (id: string, message: string) =>
    createHmac('sha256', keysOf(id).mac).update(message).digest()

  return {
    seal: async (secret, context) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, keysOf(first).seal, nonce).setAAD(Buffer.from(context))
      const sealed = [nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]
      return print(first, Buffer.concat(sealed))
    },

    open: async (sealed, context) => {
      const { id, bytes } = read(sealed)
      const [nonce, body, tag] = [
        bytes.subarray(0, nonceBytes),
        bytes.subarray(nonceBytes, -tagBytes),
        bytes.subarray(-tagBytes),
      ]
      const decipher = createDecipheriv(algorithm, keysOf(id).seal, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
      return Uint8Array.from(Buffer.concat([decipher.update(body), decipher.final()]))
    },

    mac: async (message) => print(first, hashOf(first, message)),

    verifyMac: async (mac, message) => {
      const { id, bytes } = read(mac)
      const expected = hashOf(id, message)
      return bytes.length === expected.length && timingSafeEqual(bytes, expected)
    },
  }
}
