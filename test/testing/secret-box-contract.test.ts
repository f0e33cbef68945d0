/** The contract of the secret box port finds boxes that violate it. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { secretBoxContract } from 'ccass-2fa/testing'
import { describe, expect, test } from 'vitest'
import type { SecretBox } from '../../src/ports/secret-box.ts'
import { boxUnder } from '../support/test-service.ts'
import { failuresOf } from './failures.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** AES-CTR: it encrypts, but does not authenticate. */
const unauthenticated = (): Partial<SecretBox> => {
  const key = new Uint8Array(32).fill(1)
  const run = (make: typeof createCipheriv, text: Uint8Array, iv: Uint8Array) =>
    Buffer.concat([make('aes-256-ctr', key, iv).update(text)])
  let drawn = 0
  return {
    seal: async (secret) => {
      const iv = new Uint8Array(16).fill(drawn++)
      return hex(Buffer.concat([iv, run(createCipheriv, secret, iv)]))
    },
    open: async (sealed) => {
      const bytes = Buffer.from(sealed, 'hex')
      const opened = run(createDecipheriv as never, bytes.subarray(16), bytes.subarray(0, 16))
      return Uint8Array.from(opened)
    },
  }
}

const plainHash = (algorithm: string, encoding: 'hex' | 'base64'): Partial<SecretBox> => {
  const mac = (message: string) => createHash(algorithm).update(message).digest(encoding)
  return {
    mac: async (message) => mac(message),
    verifyMac: async (given, message) => given === mac(message),
  }
}

const breakages: Readonly<
  Record<string, readonly [breaking: (inner: SecretBox) => Partial<SecretBox>, caught: RegExp]>
> = {
  'does not authenticate': [unauthenticated, /^seal · altered anywhere/],
  'does not authenticate, nor bind': [unauthenticated, /^seal · it opens only in its own context/],
  'ignores the context': [
    (inner) => ({
      seal: (secret) => inner.seal(secret, ''),
      open: (sealed) => inner.open(sealed, ''),
    }),
    /^seal · it opens only in its own context/,
  ],
  'takes contexts that begin alike for the same': [
    (inner) => ({
      seal: (secret, context) => inner.seal(secret, context.slice(0, 10)),
      open: (sealed, context) => inner.open(sealed, context.slice(0, 10)),
    }),
    /^seal · it opens only in its own context/,
  ],
  'seals the same text again': [
    (inner) => {
      const known = new Map<string, Promise<string>>()
      return {
        seal: (secret, context) => {
          const name = `${context} ${hex(secret)}`
          const sealed = known.get(name) ?? inner.seal(secret, context)
          known.set(name, sealed)
          return sealed
        },
      }
    },
    /^seal · sealing the same secret again/,
  ],
  'encodes, and hides nothing': [
    () => ({
      seal: async (secret, context) => `${hex(secret)}.${context}`,
      open: async (sealed, context) => {
        const [text = '', of] = sealed.split('.')
        if (of !== context) throw new Error('not of this place')
        return Uint8Array.from(Buffer.from(text, 'hex'))
      },
    }),
    /^seal · the text does not contain/,
  ],
  'seals 32 bytes, and no more': [
    (inner) => ({ seal: (secret, context) => inner.seal(secret.slice(0, 32), context) }),
    /^seal · opening returns/,
  ],
  'seals text, not bytes': [
    (inner) => ({
      seal: (secret, context) =>
        inner.seal(new TextEncoder().encode(new TextDecoder().decode(secret)), context),
    }),
    /^seal · opening returns/,
  ],
  'wipes what it was given': [
    (inner) => ({
      seal: async (secret, context) => {
        const sealed = await inner.seal(secret, context)
        secret.fill(0)
        return sealed
      },
    }),
    /^seal · opening returns/,
  ],
  'seals what lies around a view': [
    (inner) => ({
      seal: (secret, context) => inner.seal(new Uint8Array(secret.buffer).slice(0, secret.length), context),
    }),
    /^seal · of a view/,
  ],
  'reads as far as it understands': [
    (inner) => ({
      open: (sealed, context) =>
        inner.open(
          sealed.trim().replace(/[=.]+$/, (end) => end.slice(0, 1)),
          context,
        ),
    }),
    /^seal · altered anywhere/,
  ],
  'answers something for what does not open': [
    (inner) => ({
      open: async (sealed, context) => inner.open(sealed, context).catch(() => new Uint8Array(20)),
    }),
    /^seal · altered anywhere/,
  ],
  'has one key for everyone': [() => boxUnder(9), /^seal · with another key/],
  'has one key for everyone’s hashes': [() => boxUnder(9), /^mac · does not verify with another key/],
  'has a key of its own each time': [
    () => boxUnder(Math.floor(Math.random() * 256)),
    /^(seal|mac) · another box with the same key/,
  ],
  'hashes without a key': [() => plainHash('sha256', 'hex'), /^mac · needs the key/],
  'hashes without a key, in Base64': [() => plainHash('sha1', 'base64'), /^mac · needs the key/],
  'knows any message': [() => ({ verifyMac: async () => true }), /^mac · verifies for no other/],
  'knows no message': [() => ({ verifyMac: async () => false }), /^mac · verifies for its message/],
  'hashes a message’s beginning': [
    (inner) => ({
      mac: (message) => inner.mac(message.slice(0, 31)),
      verifyMac: (mac, message) => inner.verifyMac(mac, message.slice(0, 31)),
    }),
    /^mac · verifies for no other/,
  ],
  'hashes in small letters': [
    (inner) => ({
      mac: (message) => inner.mac(message.toLowerCase()),
      verifyMac: (mac, message) => inner.verifyMac(mac, message.toLowerCase()),
    }),
    /^mac · verifies for no other/,
  ],
  'hashes low bytes': [
    (inner) => {
      const low = (message: string) => Buffer.from(message, 'latin1').toString('hex')
      return {
        mac: (message) => inner.mac(low(message)),
        verifyMac: (mac, message) => inner.verifyMac(mac, low(message)),
      }
    },
    /^mac · verifies for no other/,
  ],
  'compares as far as there is something to compare': [
    (inner) => {
      const made = async (message: string) => createHash('sha256').update(`a key ${message}`).digest('hex')
      return {
        mac: made,
        verifyMac: async (mac, message) =>
          (await made(message)).startsWith(mac) || inner.verifyMac(mac, message),
      }
    },
    /^mac · altered/,
  ],
  'a keyed hash is good once': [
    (inner) => {
      const seen = new Set<string>()
      return {
        verifyMac: async (mac, message) => {
          const first = !seen.has(mac)
          seen.add(mac)
          return first && inner.verifyMac(mac, message)
        },
      }
    },
    /^mac · verifies for its message/,
  ],
  'a keyed hash is the message, sealed': [
    (inner) => ({
      mac: (message) => inner.seal(new TextEncoder().encode(message), 'context'),
      verifyMac: async (mac, message) =>
        new TextDecoder().decode(await inner.open(mac, 'context')) === message,
    }),
    /^mac · is not accepted as/,
  ],
}

const cases = (breaking: (inner: SecretBox) => Partial<SecretBox>) => {
  const made = (fill: number) => {
    const inner = boxUnder(fill)
    return { ...inner, ...breaking(inner) }
  }
  return secretBoxContract(async () => ({ box: made(1), other: made(2), second: made(1) }))
}

test('AUD-06 · a correct secret box passes the contract, with others and alone', async () => {
  expect(await failuresOf(cases(() => ({})))).toEqual([])
  expect(await failuresOf(secretBoxContract(async () => ({ box: boxUnder(1) })))).toEqual([])
})

describe('AUD-06 · the contract catches a box that', () => {
  test.each(Object.entries(breakages))('%s', async (_, [breaking, caught]) => {
    expect(await failuresOf(cases(breaking))).toContainEqual(expect.stringMatching(caught))
  })
})
