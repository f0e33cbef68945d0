import assert from 'node:assert/strict'
import { hmac } from '@noble/hashes/hmac.js'
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { settled } from '../contract.ts'
import { alterations, type SecretBoxCheck } from './seals.ts'

const message = 'email-code:sign-in:B0123401:123456'

const right: SecretBoxCheck = async ({ box }) => {
  for (const each of [message, 'x', '密碼😀', 'x'.repeat(1_000)]) {
    const mac = await box.mac(each)
    assert.match(mac, /^[\x20-\x7e]+$/, 'a keyed hash is printable ASCII')
    for (let i = 0; i < 3; i++)
      assert.equal(await box.verifyMac(mac, each), true, 'a keyed hash verifies with its message, each time')
  }
}

const others: SecretBoxCheck = async ({ box }) => {
  const mac = await box.mac(message)
  const resembling = ['', message.slice(0, -1), `${message}7`, `${message} `, message.toLowerCase()]
  for (const other of [...resembling, message.replace('sign-in', 'password'), message.replace('401', '402')])
    assert.equal(
      await box.verifyMac(mac, other),
      false,
      `a keyed hash does not verify with another message: ${JSON.stringify(other)}`,
    )
  const wide = await box.mac('code-😀-ā')
  for (const other of ['code-😁-ā', 'code-??-?', 'code-😀-\u0001'])
    assert.equal(
      await box.verifyMac(wide, other),
      false,
      `a keyed hash distinguishes characters of any script: ${JSON.stringify(other)}`,
    )
}

const tampered: SecretBoxCheck = async ({ box }) => {
  const mac = await box.mac(message)
  for (const text of [...alterations(mac), '', 'x', await box.mac(`${message}!`)]) {
    const answer = await settled(() => box.verifyMac(text, message))
    assert.ok(answer === false || answer === 'rejected', 'an altered keyed hash does not verify')
  }
}

/** What anyone could compute: hashes of the message without a key, or with an empty one. */
const keyed: SecretBoxCheck = async ({ box }) => {
  const mac = await box.mac(message)
  const bytes = utf8ToBytes(message)
  const none = new Uint8Array()
  const open = [
    md5(bytes),
    sha1(bytes),
    sha256(bytes),
    sha512(bytes),
    hmac(sha1, none, bytes),
    hmac(sha256, none, bytes),
  ]
  for (const digest of open) {
    const [hex, base64] = [bytesToHex(digest), btoa(String.fromCharCode(...digest)).slice(0, 20)]
    const found = mac.toLowerCase().includes(hex) || mac.includes(base64)
    assert.ok(
      !found,
      'a keyed hash cannot be computed without the key, because six digits are quickly guessed',
    )
  }
  assert.ok(!mac.includes('123456'), 'a keyed hash does not contain the message')
}

const otherKey: SecretBoxCheck = async ({ box, other }) => {
  if (other === undefined) return
  const answer = await settled(async () => other.verifyMac(await box.mac(message), message))
  assert.ok(answer === false || answer === 'rejected', 'a keyed hash does not verify with another key')
}

const sameKey: SecretBoxCheck = async ({ box, second }) => {
  if (second === undefined) return
  assert.equal(
    await second.verifyMac(await box.mac(message), message),
    true,
    'a keyed hash verifies in another process',
  )
}

const apart: SecretBoxCheck = async ({ box }) => {
  const mac = await box.mac(message)
  const sealed = await box.seal(utf8ToBytes(message), 'context')
  assert.equal(await settled(() => box.open(mac, 'context')), 'rejected', 'a keyed hash cannot be opened')
  const answer = await settled(() => box.verifyMac(sealed, message))
  assert.ok(answer === false || answer === 'rejected', 'a sealed text does not verify as a keyed hash')
}

/** A keyed hash belongs to one message and needs the key. */
export const macChecks: Readonly<Record<string, SecretBoxCheck>> = {
  'mac · verifies for its message': right,
  'mac · verifies for no other message': others,
  'mac · altered anywhere, shortened or lengthened, does not verify': tampered,
  'mac · needs the key': keyed,
  'mac · does not verify with another key': otherKey,
  'mac · another box with the same key verifies it': sameKey,
  'mac · is not accepted as a sealed text, nor a sealed text as a mac': apart,
}
