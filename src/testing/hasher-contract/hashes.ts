import assert from 'node:assert/strict'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { settled } from '../contract.ts'
import { type HasherCheck, usual } from './passwords.ts'

const salted: HasherCheck = async ({ hasher }) => {
  const hashes = await Promise.all(Array.from({ length: 4 }, () => hasher.hash(usual)))
  assert.equal(
    new Set(hashes).size,
    hashes.length,
    'two hashes of one password differ, because each has its own salt',
  )
  for (const hash of hashes)
    assert.equal(await hasher.verify(hash, usual), true, 'each hash verifies, because it contains its salt')
}

const silent: HasherCheck = async ({ hasher }) => {
  const hash = await hasher.hash(usual)
  const forms = [usual, bytesToHex(utf8ToBytes(usual)), btoa(usual).replaceAll('=', '')]
  for (const form of forms)
    assert.ok(!hash.toLowerCase().includes(form.toLowerCase()), 'the hash does not contain the password')
}

const storable: HasherCheck = async ({ hasher }) => {
  const hash = await hasher.hash(usual)
  assert.equal(typeof hash, 'string', 'a hash is text')
  assert.match(hash, /^[\x20-\x7e]+$/, 'a hash is printable ASCII')
  const roundTripped: { readonly hash: string } = JSON.parse(JSON.stringify({ hash }))
  assert.equal(await hasher.verify(roundTripped.hash, usual), true, 'a hash that was stored still verifies')
}

/** Alters a character well inside the hash. The last Base64 digits may not encode any bits. */
const altered = (hash: string) => {
  const at = hash.length - 10
  return `${hash.slice(0, at)}${hash[at] === 'A' ? 'B' : 'A'}${hash.slice(at + 1)}`
}

const broken: HasherCheck = async ({ hasher }) => {
  const hash = await hasher.hash(usual)
  const others = await hasher.hash(`${usual}!`)
  const wrong: Readonly<Record<string, string>> = {
    nothing: '',
    'text that is not a hash': 'x',
    'the password itself': usual,
    'half of a hash': hash.slice(0, hash.length / 2),
    'a truncated hash': hash.slice(0, -10),
    'an altered hash': altered(hash),
    'the hash of another password': others,
  }
  for (const [what, given] of Object.entries(wrong)) {
    const answer = await settled(() => hasher.verify(given, usual))
    assert.ok(answer === false || answer === 'rejected', `a broken hash never verifies: ${what}`)
  }
}

const fresh: HasherCheck = async ({ hasher }) => {
  const hash = await hasher.hash(usual)
  assert.equal(hasher.needsRehash(hash), false, 'a new hash does not need rehashing')
}

const strengthened: HasherCheck = async ({ hasher, weaker }) => {
  if (weaker === undefined) return
  const [old, present] = [await weaker.hash(usual), await hasher.hash(usual)]
  assert.equal(hasher.needsRehash(old), true, 'a hash with weaker settings needs rehashing')
  assert.equal(weaker.needsRehash(present), false, 'a hash with stronger settings does not need rehashing')
  assert.equal(await hasher.verify(old, usual), true, 'a hash with weaker settings verifies')
  assert.equal(
    await hasher.verify(old, `${usual}!`),
    false,
    'a hash with weaker settings refuses another password',
  )
  assert.equal(
    await weaker.verify(present, usual),
    true,
    'the weaker hasher verifies a hash with stronger settings',
  )
}

/** A hash reveals nothing, contains what it needs, and cannot be forged. */
export const hashChecks: Readonly<Record<string, HasherCheck>> = {
  'hashes · of one password differ, and each verifies': salted,
  'hashes · do not contain the password': silent,
  'hashes · are text that any storage can store': storable,
  'hashes · that are malformed, shortened or of another password never verify': broken,
  'settings · a new hash does not need rehashing': fresh,
  'settings · a hash with weaker settings verifies and needs rehashing': strengthened,
}
