/**
 * The Merkle tree of RFC 6962, against its published test data and an independent implementation of its
 * definition.
 */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathHasher, rootBy, treeHasher } from '../../src/integrity/merkle-tree.ts'
import { branches } from '../support/branches.ts'

/** The leaves and roots with which implementations of Certificate Transparency are tested. */
const leaves = ['', '\u0000', '\u0010', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno']
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const rootOf = (all: readonly string[]) => {
  const tree = treeHasher()
  for (const leaf of all) tree.add(leaf)
  expect(tree.count()).toBe(all.length)
  return tree.root()
}

const pathOf = (all: readonly string[], index: number) => {
  const hasher = pathHasher(index, all.length)
  for (const leaf of all) hasher.add(leaf)
  return hasher.path()
}

/** RFC 6962, section 2.1, transcribed literally. */
const defined = (all: readonly string[]): Buffer => {
  const sha256 = (...parts: readonly (Buffer | string)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
  if (all.length === 0) return sha256('')
  if (all.length === 1) return sha256(Buffer.of(0), all[0] ?? '')
  const k = 2 ** Math.ceil(Math.log2(all.length) - 1)
  return sha256(Buffer.of(1), defined(all.slice(0, k)), defined(all.slice(k)))
}

test('AUD-02 · the roots equal those of RFC 6962’s test data', () => {
  for (const [count, root] of roots.entries()) expect(rootOf(leaves.slice(0, count))).toBe(root)
})

test('AUD-02 · the root of any number of leaves equals that of the definition', () => {
  for (let count = 0; count < 70; count++) {
    const all = Array.from({ length: count }, (_, i) => `é${i}`)
    expect(rootOf(all)).toBe(defined(all).toString('hex'))
  }
})

test('AUD-02 · each leaf’s path leads to the root, and to no other position, leaf, size or tree', () => {
  for (let count = 1; count < 20; count++) {
    const all = Array.from({ length: count }, (_, i) => `${i}`)
    const root = rootOf(all)
    for (const [index, leaf] of all.entries()) {
      const path = pathOf(all, index)
      expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)))
      expect(rootBy(leaf, { index, count, path })).toBe(root)
      expect(rootBy(`${leaf}!`, { index, count, path })).not.toBe(root)
      for (let other = 0; other < count; other++)
        if (other !== index) expect(rootBy(leaf, { index: other, count, path })).not.toBe(root)
      for (const [i, hash] of path.entries()) {
        const turned = [
          ...path.slice(0, i),
          hash.replace(/^./, (c) => (c === '0' ? '1' : '0')),
          ...path.slice(i + 1),
        ]
        expect(rootBy(leaf, { index, count, path: turned })).not.toBe(root)
      }
      expect(rootBy(leaf, { index, count, path: [...path, root] })).toBeUndefined()
      if (path.length > 0) expect(rootBy(leaf, { index, count, path: path.slice(1) })).toBeUndefined()
    }
  }
})

test('AUD-02 · an inner node is not accepted as a leaf', () => {
  const inner = createHash('sha256')
    .update(Buffer.of(1))
    .update(defined(['a']))
    .update(defined(['b']))
    .digest()
  const forged = `\u0001${Buffer.concat([defined(['a']), defined(['b'])]).toString('latin1')}`
  expect(rootOf([forged])).not.toBe(inner.toString('hex'))
  expect(rootOf(['a', 'b'])).toBe(inner.toString('hex'))
})

test('AUD-02 · any input as a path is handled without throwing', () => {
  const anywhere = fc.oneof(fc.integer(), fc.double(), fc.constant(Number.NaN))
  // Small places and hashes in the right form: only they lead to a root.
  const place = fc.oneof(anywhere, fc.nat(4))
  const hash = fc.stringMatching(/^[0-9a-f]{64}$/)
  const paths = fc.oneof(fc.array(fc.string()), fc.array(hash, { maxLength: 2 }))
  const seen = branches('a root', 'no root')
  const example: [string, number, number, string[]] = ['0', 1, 2, ['0'.repeat(64)]]
  fc.assert(
    fc.property(fc.string(), place, place, paths, (leaf, index, count, path) => {
      const root = rootBy(leaf, { index, count, path })
      if (seen.either('a root', 'no root', root !== undefined)) expect(root).toMatch(/^[0-9a-f]{64}$/)
    }),
    { examples: [example] },
  )
  seen.expectAll()
})

test('AUD-02 · a position that is not a whole number, or a hash in another form, leads to no root', () => {
  const all = ['0', '1', '2', '3']
  const path = pathOf(all, 1)
  expect(rootBy('1', { index: 1, count: 4, path })).toBe(rootOf(all))
  for (const index of [0.5, 1.5, -1, 4, Number.NaN, Number.POSITIVE_INFINITY])
    expect(rootBy('1', { index, count: 4, path })).toBeUndefined()
  for (const count of [3.5, 4.5, 0, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])
    expect(rootBy('1', { index: 1, count, path })).toBeUndefined()
  for (const form of [
    (hash: string) => hash.toUpperCase().replace(/^./, 'A'),
    (hash: string) => `zz${hash.slice(2)}`,
    (hash: string) => hash.slice(2),
    (hash: string) => `${hash}00`,
    () => '',
  ])
    expect(rootBy('1', { index: 1, count: 4, path: path.map(form) })).toBeUndefined()
})
