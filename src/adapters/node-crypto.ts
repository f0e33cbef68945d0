/**
 * Random bytes, sealing (AES-256-GCM) and keyed hashes (HMAC-SHA-256) by Node's own `node:crypto`. What one box
 * has sealed, that of `ccass-2fa/web-crypto` opens under the same keys, and the other way round. It answers at
 * once, where WebCrypto sends each few bytes to another thread: some ten times as fast.
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

/** How many random bytes are drawn at a time: to draw few costs as much as to draw these. */
const poolBytes = 4_096

/**
 * Node's random bytes. Small amounts come from a pool of 4,096 bytes, drawn at once; what was given out is
 * overwritten in the pool.
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
 * A secret box. Sealed text reads `v1.<key id>.<nonce, ciphertext and tag>`, a keyed hash `v1.<key
 * id>.<hash>`.
 *
 * @param keys - the first seals and hashes; the others still open what they once sealed. So a key is changed
 * by putting a new one first, and taken away when nothing is sealed under it any more.
 * @throws TypeError for keys that are not 32 bytes, or ids that are malformed or duplicate; at construction.
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
