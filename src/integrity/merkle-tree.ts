import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

type Hash = Uint8Array

const [leafMark, nodeMark] = [Uint8Array.of(0), Uint8Array.of(1)]

const hashOfLeaf = (leaf: string): Hash => sha256(concatBytes(leafMark, utf8ToBytes(leaf)))
const hashOfNode = (left: Hash, right: Hash): Hash => sha256(concatBytes(nodeMark, left, right))

/** The hash of the empty tree. */
const hashOfNothing = sha256(new Uint8Array())

/** A Merkle tree that is being hashed. */
export interface TreeHasher {
  /** Adds the next leaf. */
  add(leaf: string): void
  /** The number of leaves. */
  count(): number
  /** The Merkle tree hash over all leaves, in hex. */
  root(): string
}

const treeOver = () => {
  /** The roots of complete subtrees from the left, each larger than the next. */
  const peaks: Hash[] = []
  let count = 0
  const add = (leaf: Hash) => {
    let hash = leaf
    for (let n = count; n % 2 === 1; n = (n - 1) / 2) {
      const left = peaks.pop()
      if (left !== undefined) hash = hashOfNode(left, hash)
    }
    peaks.push(hash)
    count++
  }
  const root = () =>
    peaks.reduceRight<Hash | undefined>(
      (right, left) => (right === undefined ? left : hashOfNode(left, right)),
      undefined,
    ) ?? hashOfNothing
  return { add, root, count: () => count }
}

/**
 * Hashes leaves into a Merkle tree as in RFC 6962, section 2.1: leaves and nodes have different prefixes, so
 * that neither can pass as the other. It keeps as many hashes as the number of leaves has binary digits.
 *
 * @rule AUD-02
 */
export const treeHasher = (): TreeHasher => {
  const tree = treeOver()
  return {
    add: (leaf) => tree.add(hashOfLeaf(leaf)),
    count: tree.count,
    root: () => bytesToHex(tree.root()),
  }
}

/** The leaves from `from` (inclusive) to `to` (exclusive). */
interface Range {
  readonly from: number
  readonly to: number
}

/** The size of the left subtree: the largest power of two smaller than the number of leaves. */
const leftOf = (count: number): number => {
  let size = 1
  while (size * 2 < count) size *= 2
  return size
}

/** The sibling subtrees on the way from a leaf up to the root, in this order. */
const beside = (index: number, { from, to }: Range): readonly Range[] => {
  if (to - from === 1) return []
  const middle = from + leftOf(to - from)
  return index < middle
    ? [...beside(index, { from, to: middle }), { from: middle, to }]
    : [...beside(index, { from: middle, to }), { from, to: middle }]
}

/**
 * Computes the audit path of one leaf in a tree of known size, in one pass over the leaves (RFC 6962, section
 * 2.1.1).
 *
 * @returns a function that takes every leaf from the first on, and one that returns the path: hashes in hex.
 */
export const pathHasher = (index: number, count: number) => {
  const subtrees = beside(index, { from: 0, to: count }).map((range) => ({ ...range, tree: treeOver() }))
  let next = 0
  return {
    add: (leaf: string): void => {
      const place = next++
      if (place === index) return
      subtrees.find(({ from, to }) => from <= place && place < to)?.tree.add(hashOfLeaf(leaf))
    },
    path: (): readonly string[] => subtrees.map(({ tree }) => bytesToHex(tree.root())),
  }
}

/** The root of a leaf and its path, in hex; `undefined` if the path has the wrong length. */
export const rootBy = (
  leaf: string,
  {
    index,
    count,
    path,
  }: { readonly index: number; readonly count: number; readonly path: readonly string[] },
): string | undefined => {
  if (!(index >= 0 && index < count && Number.isSafeInteger(index) && Number.isSafeInteger(count)))
    return undefined
  const ranges = beside(index, { from: 0, to: count })
  if (ranges.length !== path.length || path.some((hash) => !/^[0-9a-f]{64}$/.test(hash))) return undefined
  let hash = hashOfLeaf(leaf)
  for (const [i, { from }] of ranges.entries()) {
    const other = hexToBytes(path[i] ?? '')
    hash = from > index ? hashOfNode(hash, other) : hashOfNode(other, hash)
  }
  return bytesToHex(hash)
}
