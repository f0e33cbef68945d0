import assert from 'node:assert/strict'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { settled } from '../contract.ts'
import { type HasherCheck, usual } from './passwords.ts'

const salted: HasherCheck = async ({ hasher }) => {
  const hashes = await Promise.all(Array.from({ length: 4 }, () => hasher.hash(usual)))
  assert.equal(new Set(hashes).size, hashes.length, 'two hashes of one password differ: each has its salt')
  for (const hash of hashes)
    assert.equal(await hasher.verify(hash, usual), true, 'each of them verifies: the salt is in it')
}

const silent: HasherCheck = async ({ hasher }) => {
  const hash = await hasher.hash(usual)
  const forms = [usual, bytesToHex(utf8ToBytes(usual)), btoa(usual).replaceAll('=', '')]
  for (const form of forms)
    assert.ok(!hash.toLowerCase().includes(form.toLowerCase()), 'the hash does not hold the password')
}

const storable: HasherCheck = async ({ hasher }) => {
  const hash = await hasher.hash(usual)
  assert.equal(typeof hash, 'string', 'a hash is text')
  assert.match(hash, /^[\x20-\x7e]+$/, 'a hash is printable ASCII, fit for any storage')
  const back: { readonly hash: string } = JSON.parse(JSON.stringify({ hash }))
  assert.equal(await hasher.verify(back.hash, usual), true, 'a hash that was stored still verifies')
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
    'no hash at all': 'x',
    'the password itself': usual,
    'half of it': hash.slice(0, hash.length / 2),
    'all but some of its end': hash.slice(0, -10),
    'an altered one': altered(hash),
    "another password's": others,
  }
  for (const [what, given] of Object.entries(wrong)) {
    const answer = await settled(() => hasher.verify(given, usual))
    assert.ok(answer === false || answer === 'rejected', `a broken hash never verifies: ${what}`)
  }
}

const fresh: HasherCheck = async ({ hasher }) => {
  const hash = await hasher.hash(usual)
  assert.equal(hasher.needsRehash(hash), false, 'a hash made just now is as strong as today’s')
}

const strengthened: HasherCheck = async ({ hasher, weaker }) => {
  if (weaker === undefined) return
  const [old, present] = [await weaker.hash(usual), await hasher.hash(usual)]
  assert.equal(hasher.needsRehash(old), true, 'a hash of weaker settings needs another')
  assert.equal(weaker.needsRehash(present), false, 'one of stronger settings needs none')
  assert.equal(await hasher.verify(old, usual), true, 'it verifies nevertheless: its settings are in it')
  assert.equal(await hasher.verify(old, `${usual}!`), false, '…and only with its password')
  assert.equal(await weaker.verify(present, usual), true, 'and the other way round')
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
