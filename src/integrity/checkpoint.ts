import { canonicalJson } from '../kernel/canonical-json.ts'
import { type RecordKey, recordKinds } from '../ports/storage.ts'
import type { TrailHead } from './chain.ts'
import { pathHasher, rootBy, treeHasher } from './merkle-tree.ts'

/** The format of what follows: another one has another number. */
const format = 'ccass-2fa/checkpoint/1'

/**
 * What every record was at some time, in 32 bytes: the root over the heads of all trails. Kept where anyone who can
 * write to the store can't, it shows later whether any trail was rewritten, wound back, or taken away.
 *
 * @rule AUD-02
 * @category Audit trail
 */
export interface Checkpoint {
  readonly format: typeof format
  /** When it was begun: epoch milliseconds, by the host's clock. */
  readonly at: number
  /** How many records there were. */
  readonly count: number
  /** The Merkle tree hash (RFC 6962, SHA-256, hex) over the lines of its manifest. */
  readonly root: string
}

/**
 * A record as it is listed: where it lives, how long its trail is, and the hash of the last entry.
 *
 * @category Audit trail
 */
export interface RecordHead extends RecordKey, TrailHead {}

/**
 * The text of a checkpoint, to be signed, printed or sent: its JSON with the keys in order (RFC 8785).
 *
 * @rule AUD-02
 * @category Audit trail
 */
export const formatCheckpoint = ({ at, count, root }: Checkpoint): string =>
  canonicalJson({ format, at, count, root })

/**
 * The line of a record in a manifest: `["B01234","account","B0123401",14,"9f…"]`. It is the leaf of the tree.
 *
 * @rule AUD-02
 * @category Audit trail
 */
export const manifestLine = ({ participant, kind, id, version, head }: RecordHead): string =>
  canonicalJson([participant, kind, id, version, head])

/** What a line says; `undefined` where it is none. */
export const parseManifestLine = (line: string): RecordHead | undefined => {
  try {
    const [participant, kind, id, version, head] = JSON.parse(line) as readonly unknown[]
    const known = recordKinds.find((each) => each === kind)
    const shaped =
      known !== undefined &&
      typeof participant === 'string' &&
      typeof id === 'string' &&
      typeof head === 'string' &&
      Number.isSafeInteger(version)
    if (!shaped) return undefined
    const read = { participant, kind: known, id, version: version as number, head }
    return manifestLine(read) === line ? read : undefined
  } catch {
    return undefined
  }
}

/** A checkpoint in the making: the lines of its manifest pass by. */
export const checkpointBuilder = (at: number) => {
  const tree = treeHasher()
  return {
    add: tree.add,
    made: (): Checkpoint => ({ format, at, count: tree.count(), root: tree.root() }),
  }
}

/** Whether a checkpoint says the same of the same number of records. */
export const sameCheckpoint = (one: Checkpoint, other: Checkpoint): boolean =>
  one.count === other.count && one.root === other.root

/**
 * That a line is in a checkpoint's manifest, for anyone who has the checkpoint and not the manifest: an auditor of
 * one account, say, who is to see no other.
 *
 * @category Audit trail
 */
export interface InclusionProof {
  readonly line: string
  /** Its place in the manifest, from 0. */
  readonly index: number
  /** Hashes beside the way up to the root, in hex, as RFC 6962, 2.1.1, has them. */
  readonly path: readonly string[]
}

/**
 * Proves that a line is in a manifest. The manifest is read twice, a line at a time.
 *
 * @returns the proof; `undefined` where the line is not in it.
 * @rule AUD-02
 * @category Audit trail
 */
export const proveInclusion = (line: string, manifest: Iterable<string>): InclusionProof | undefined => {
  let [index, count] = [-1, 0]
  for (const each of manifest) {
    if (each === line) index = count
    count++
  }
  if (index < 0) return undefined
  const hasher = pathHasher(index, count)
  for (const each of manifest) hasher.add(each)
  return { line, index, path: hasher.path() }
}

/**
 * Whether a proof holds: whether the line was in the manifest of the checkpoint.
 *
 * @rule AUD-02
 * @category Audit trail
 */
export const isIncluded = (
  { line, index, path }: InclusionProof,
  { root, count }: Pick<Checkpoint, 'root' | 'count'>,
): boolean => rootBy(line, { index, count, path }) === root
