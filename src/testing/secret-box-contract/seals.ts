import assert from 'node:assert/strict'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { SecretBox } from '../../ports/secret-box.ts'
import { settled } from '../contract.ts'

/**
 * The secret box that {@link secretBoxContract} tests.
 *
 * @category Testing kit
 */
export interface SecretBoxUnderTest {
  readonly box: SecretBox
  /** A box with a different key. If keys have names, it has the same name. */
  readonly other?: SecretBox
  /** Another box with the same key, as in another process. */
  readonly second?: SecretBox
  /** Called when a case has ended, successfully or not. */
  readonly close?: () => Promise<void>
}

/** What a case does with its secret box. */
export type SecretBoxCheck = (given: SecretBoxUnderTest) => Promise<void>

const context = 'totp-secret:B0123401'

/** This many bytes, covering every value. */
const secretOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 151 + 7) % 256)
const secret = secretOf(20)

const same = (actual: unknown, expected: Uint8Array, what: string) => {
  assert.ok(actual instanceof Uint8Array, 'opening returns bytes')
  assert.equal(bytesToHex(Uint8Array.from(actual)), bytesToHex(expected), what)
}

/** The text with each character changed in turn, truncated, and lengthened. */
export const alterations = (text: string): readonly string[] => [
  ...[...text].map(
    (character, i) => `${text.slice(0, i)}${character === 'A' ? 'B' : 'A'}${text.slice(i + 1)}`,
  ),
  ...[1, 2, 4, Math.floor(text.length / 2), text.length].map((cut) => text.slice(0, -cut)),
  ...['A', '=', ' ', '\n', '.', text].map((more) => text + more),
  ` ${text}`,
  text.slice(1),
]

const roundTrip: SecretBoxCheck = async ({ box }) => {
  for (const length of [1, 10, 20, 32, 64, 256, 1_000]) {
    const given = secretOf(length)
    const sealed = await box.seal(given, context)
    assert.equal(typeof sealed, 'string', 'sealing returns text')
    assert.match(sealed, /^[\x20-\x7e]+$/, 'a sealed text is printable ASCII')
    same(await box.open(sealed, context), secretOf(length), `${length} bytes are opened as they were sealed`)
    same(given, secretOf(length), 'sealing does not modify its input')
  }
}

const view: SecretBoxCheck = async ({ box }) => {
  const around = secretOf(60)
  const sealed = await box.seal(around.subarray(20, 40), context)
  same(await box.open(sealed, context), around.slice(20, 40), 'only the bytes of a view are sealed')
}

const fresh: SecretBoxCheck = async ({ box }) => {
  const sealed = await Promise.all(Array.from({ length: 20 }, () => box.seal(secret, context)))
  assert.equal(new Set(sealed).size, sealed.length, 'the same secret is sealed differently each time')
  for (const text of sealed) same(await box.open(text, context), secret, 'each sealed text can be opened')
}

const hidden: SecretBoxCheck = async ({ box }) => {
  const sealed = await box.seal(secret, context)
  const base64 = btoa(String.fromCharCode(...secret)).slice(0, 24)
  for (const form of [bytesToHex(secret), bytesToHex(secret).toUpperCase(), base64])
    assert.ok(!sealed.includes(form), 'the sealed text does not contain the secret')
}

const bound: SecretBoxCheck = async ({ box }) => {
  const sealed = await box.seal(secret, context)
  const others = [
    '',
    'totp-secret:B0123402',
    `${context} `,
    context.slice(0, -1),
    context.toLowerCase(),
    'session',
  ]
  for (const other of others)
    assert.equal(
      await settled(() => box.open(sealed, other)),
      'rejected',
      `a sealed text cannot be opened in another context: ${JSON.stringify(other)}`,
    )
}

const tampered: SecretBoxCheck = async ({ box }) => {
  const sealed = await box.seal(secret, context)
  for (const [i, text] of alterations(sealed).entries())
    assert.equal(
      await settled(() => box.open(text, context)),
      'rejected',
      i < sealed.length
        ? `a text altered at position ${i} cannot be opened`
        : 'a shortened or lengthened text cannot be opened',
    )
}

const otherKey: SecretBoxCheck = async ({ box, other }) => {
  if (other === undefined) return
  const sealed = await box.seal(secret, context)
  assert.equal(
    await settled(() => other.open(sealed, context)),
    'rejected',
    'a sealed text cannot be opened with another key',
  )
}

const sameKey: SecretBoxCheck = async ({ box, second }) => {
  if (second === undefined) return
  same(
    await second.open(await box.seal(secret, context), context),
    secret,
    'another process opens a sealed text',
  )
  same(
    await box.open(await second.seal(secret, context), context),
    secret,
    'this process opens a text sealed by another',
  )
}

/** A sealed secret is opened completely and in its context, or not at all. */
export const sealChecks: Readonly<Record<string, SecretBoxCheck>> = {
  'seal · opening returns what was sealed, regardless of its length': roundTrip,
  'seal · of a view, only the bytes it covers are sealed': view,
  'seal · sealing the same secret again gives a different text': fresh,
  'seal · the text does not contain the secret': hidden,
  'seal · it opens only in its own context': bound,
  'seal · altered anywhere, shortened or lengthened, it does not open': tampered,
  'seal · with another key it does not open': otherKey,
  'seal · another box with the same key opens it': sameKey,
}
