import { nodeCryptoRandom, nodeCryptoSecretBox } from 'ccass-2fa/node-crypto'
import { type NamedKey, webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { branches } from '../support/branches.ts'

const cryptos = [
  { name: 'web-crypto', boxOf: webCryptoSecretBox, randomOf: webCryptoRandom },
  { name: 'node-crypto', boxOf: nodeCryptoSecretBox, randomOf: nodeCryptoRandom },
] as const

describe.each(cryptos)('$name', ({ boxOf, randomOf }) => {
  const keyOf = (id: string, byte: number): NamedKey => ({ id, key: new Uint8Array(32).fill(byte) })
  const box = boxOf([keyOf('k1', 1)])
  const context = 'totp-secret:B0123401'

  const secrets = fc.uint8Array({ maxLength: 200 })
  const texts = fc.string({ unit: 'grapheme', maxLength: 60 })
  const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 37) % 256)

  describe('sealing', () => {
    test('AUD-06 · a sealed text can be opened under its context', async () => {
      await fc.assert(
        fc.asyncProperty(secrets, texts, async (secret, place) => {
          const sealed = await box.seal(secret, place)
          expect(await box.open(sealed, place)).toEqual(Uint8Array.from(secret))
          expect(sealed).toMatch(/^v1\.k1\.[A-Za-z0-9+/]+={0,2}$/)
        }),
      )
    })

    test('AUD-06 · secrets of every length are sealed, also as a view of a larger buffer', async () => {
      for (const length of [0, 1, 2, 3, 15, 16, 17, 20, 32, 64, 1_000, 10_000])
        expect(await box.open(await box.seal(bytesOf(length), context), context)).toEqual(bytesOf(length))
      const view = bytesOf(100).subarray(10, 30)
      expect(await box.open(await box.seal(view, context), context)).toEqual(bytesOf(100).slice(10, 30))
    })

    test('AUD-06 · a sealed text cannot be opened under another context', async () => {
      const seen = branches('another context')
      await fc.assert(
        fc.asyncProperty(secrets, texts, texts, async (secret, place, other) => {
          fc.pre(seen.hitIf('another context', place !== other))
          await expect(box.open(await box.seal(secret, place), other)).rejects.toThrow()
        }),
      )
      seen.expectAll()
    })

    test('AUD-06 · sealing twice gives two different texts, and neither contains the secret', async () => {
      const secret = new TextEncoder().encode('a secret that may not be seen')
      const sealed = await Promise.all(Array.from({ length: 200 }, () => box.seal(secret, context)))
      expect(new Set(sealed.map((text) => text.slice(0, 'v1.k1.'.length + 16))).size).toBe(200)
      for (const text of sealed) expect(atob(text.split('.')[2] ?? '')).not.toContain('secret')
    })

    test('AUD-06 · sealing does not change the secret', async () => {
      const secret = bytesOf(20)
      await box.seal(secret, context)
      expect(secret).toEqual(bytesOf(20))
    })
  })

  describe('a text that was tampered with cannot be opened', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

    test.each([20, 21, 22, 32])(
      'AUD-06 · with a letter changed at any position of a secret of %i bytes',
      async (length) => {
        const sealed = await box.seal(bytesOf(length), context)
        for (let place = 0; place < sealed.length; place++) {
          const letter = sealed.charAt(place)
          const others = [alphabet.charAt((alphabet.indexOf(letter) + 1) % 64), '.', '-', ' ', '\u0000']
          for (const other of others.filter((each) => each !== letter)) {
            const altered = sealed.slice(0, place) + other + sealed.slice(place + 1)
            await expect(box.open(altered, context), `${JSON.stringify(other)} at ${place}`).rejects.toThrow()
          }
        }
      },
    )

    test('AUD-06 · truncated at any position', async () => {
      const sealed = await box.seal(bytesOf(20), context)
      for (let end = 0; end < sealed.length; end++)
        await expect(box.open(sealed.slice(0, end), context), `cut at ${end}`).rejects.toThrow()
    })

    test('AUD-06 · extended, or with a part exchanged', async () => {
      const sealed = await box.seal(bytesOf(20), context)
      for (const altered of [
        `${sealed}A`,
        `${sealed}AAAA`,
        `${sealed}.`,
        `${sealed}.AAAA`,
        ` ${sealed}`,
        `${sealed}\n`,
      ])
        await expect(box.open(altered, context), JSON.stringify(altered)).rejects.toThrow()
    })

    test('AUD-06 · joined from two sealed texts', async () => {
      const [one, other] = [await box.seal(bytesOf(20), context), await box.seal(bytesOf(20), context)]
      const half = Math.floor(one.length / 2)
      await expect(box.open(one.slice(0, half) + other.slice(half), context)).rejects.toThrow()
    })

    test.each([
      '',
      'v1',
      'v1.k1',
      'v1.k1.',
      'v1.k1.AAAA',
      'v2.k1.AAAA',
      'v1..AAAA',
      'v1.k1.!!!!',
      'v1.__proto__.AAAA',
      '..',
      'null',
    ])('AUD-06 · replaced by %j', async (text) => {
      await expect(box.open(text, context)).rejects.toThrow()
    })

    test('AUD-06 · replaced by any text', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(
            fc.string(),
            fc.base64String().map((body) => `v1.k1.${body}`),
          ),
          async (text) => {
            await expect(box.open(text, context)).rejects.toThrow()
          },
        ),
      )
    })
  })

  describe('keys', () => {
    const [old, fresh] = [keyOf('2023', 1), keyOf('2024', 2)]

    test('AUD-06 · a new first key seals; text sealed by the old key opens until that key is removed', async () => {
      const sealed = await boxOf([old]).seal(bytesOf(20), context)
      const rotated = boxOf([fresh, old])
      expect(await rotated.open(sealed, context)).toEqual(bytesOf(20))
      const renewed = await rotated.seal(bytesOf(20), context)
      expect([sealed, renewed].map((text) => text.split('.')[1])).toEqual(['2023', '2024'])
      expect(await boxOf([fresh]).open(renewed, context)).toEqual(bytesOf(20))
      await expect(boxOf([fresh]).open(sealed, context)).rejects.toThrow('unknown key')
    })

    test('AUD-06 · another key with the same name does not open a text', async () => {
      const sealed = await box.seal(bytesOf(20), context)
      await expect(boxOf([keyOf('k1', 2)]).open(sealed, context)).rejects.toThrow()
    })

    test('AUD-06 · a text that names a key other than its own does not open', async () => {
      const both = boxOf([fresh, old])
      const sealed = await both.seal(bytesOf(20), context)
      await expect(both.open(sealed.replace('2024', '2023'), context)).rejects.toThrow()
    })

    const good = (id: string) => ({ id, key: new Uint8Array(32) })
    test.each([
      ['too short', [{ id: 'k', key: new Uint8Array(31) }]],
      ['too long', [{ id: 'k', key: new Uint8Array(33) }]],
      ['none', [{ id: 'k', key: new Uint8Array() }]],
      ['a text', [{ id: 'k', key: 'x'.repeat(32) }]],
      ['of other numbers', [{ id: 'k', key: new Uint16Array(32) }]],
      ['without a name', [{ id: '', key: new Uint8Array(32) }]],
      ['with a dot in its name', [{ id: 'a.b', key: new Uint8Array(32) }]],
      ['with too long a name', [{ id: 'k'.repeat(33), key: new Uint8Array(32) }]],
      ['with a line end in its name', [{ id: 'k\n', key: new Uint8Array(32) }]],
      ['with a number for a name', [{ id: 1, key: new Uint8Array(32) }]],
      ['with a misspelled field', [{ ...good('k'), keyId: 'k' }]],
      ['too short, behind a good one', [good('new'), { id: 'old', key: new Uint8Array(16) }]],
      ['missing behind a good one', [good('new'), undefined]],
      ['of the name of another', [good('2024'), good('2023'), good('2024')]],
      ['missing altogether', []],
      ['instead of a list of keys', good('k')],
    ])('AUD-06 · a key %s is refused when the box is created', (_, keys) => {
      expect(() => boxOf(keys as never)).toThrow(TypeError)
      expect(() => boxOf(keys as never)).toThrow(/^secret box: (keys\[\d\]|needs)/)
    })

    test('AUD-06 · a secret box copies its keys, so the host can overwrite its own', async () => {
      const key = bytesOf(32)
      const box = boxOf([{ id: 'k', key }])
      const other = boxOf([{ id: 'k', key: Uint8Array.from(key) }])
      key.fill(0)
      const sealed = await box.seal(bytesOf(20), context)
      expect(await other.open(sealed, context)).toHaveLength(20)
    })
  })

  describe('keyed hashes', () => {
    test('OTP-06 · a hash is valid for its message only', async () => {
      const seen = branches('another message')
      await fc.assert(
        fc.asyncProperty(texts, texts, async (message, other) => {
          const mac = await box.mac(message)
          expect(await box.verifyMac(mac, message)).toBe(true)
          expect(await box.mac(message)).toBe(mac)
          if (seen.hitIf('another message', other !== message))
            expect(await box.verifyMac(mac, other)).toBe(false)
        }),
      )
      seen.expectAll()
    })

    test('OTP-06 · another key makes another hash, and a hash of an old key is still accepted', async () => {
      const mac = await box.mac('message')
      expect(await boxOf([keyOf('k1', 2)]).verifyMac(mac, 'message')).toBe(false)
      expect(await boxOf([keyOf('k2', 2), keyOf('k1', 1)]).verifyMac(mac, 'message')).toBe(true)
      expect(await boxOf([keyOf('k2', 2), keyOf('k1', 1)]).mac('message')).not.toBe(mac)
    })

    test('OTP-06 · a truncated or random hash is never accepted', async () => {
      const mac = await box.mac('message')
      const right = (text: string) => box.verifyMac(text, 'message').catch(() => false)
      for (let end = 0; end < mac.length - 1; end++)
        expect(await right(mac.slice(0, end)), `cut at ${end}`).toBe(false)
      for (const text of [
        '',
        'v1',
        'v1.k1.',
        'v1.other.AAAA',
        'v1.k1.!!',
        'v1.k1.AAAA',
        mac.replace('v1', 'v2'),
      ])
        expect(await right(text), text).toBe(false)
    })

    test('AUD-06 · a keyed hash cannot be opened, and a sealed text is not accepted as a keyed hash', async () => {
      const sealed = await box.seal(new TextEncoder().encode('message'), 'message')
      expect(await box.verifyMac(sealed, 'message')).toBe(false)
      await expect(box.open(await box.mac('message'), 'message')).rejects.toThrow()
    })
  })

  test('API-02 · random bytes of any number are drawn once and never overwritten later', () => {
    const random = randomOf()
    const drawn = Array.from({ length: 400 }, (_, i) => random.bytes((i * 7) % 600))
    const texts = drawn.map((bytes) => Buffer.from(bytes).toString('hex'))
    const eights = texts.flatMap((text) => text.match(/.{16}/g) ?? [])
    expect(eights.length).toBeGreaterThan(10_000)
    expect(new Set(eights).size).toBe(eights.length)
    expect(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(texts)
  })

  test('API-02 · the requested number of random bytes is returned, different each time', () => {
    const random = randomOf()
    for (const count of [1, 8, 12, 16, 20, 32, 64]) expect(random.bytes(count)).toHaveLength(count)
    const drawn = Array.from({ length: 1_000 }, () => random.bytes(16).join())
    expect(new Set(drawn).size).toBe(1_000)
  })
})

test('AUD-06, OTP-06 · each box opens and accepts what the other has sealed or hashed', async () => {
  const keys = [{ id: 'k1', key: new Uint8Array(32).fill(9) }] as const
  const boxes = cryptos.map(({ boxOf }) => boxOf(keys))
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), fc.string(), async (secret, text) => {
      for (const one of boxes)
        for (const other of boxes) {
          expect(await other.open(await one.seal(secret, text), text)).toEqual(Uint8Array.from(secret))
          expect(await other.verifyMac(await one.mac(text), text)).toBe(true)
          expect(await other.mac(text)).toBe(await one.mac(text))
        }
    }),
  )
})
