import { canonicalJson } from '../kernel/canonical-json.ts'
import { type RecordKey, recordKinds } from '../ports/storage.ts'
import type { TrailHead } from './chain.ts'
import { pathHasher, rootBy, treeHasher } from './merkle-tree.ts'

/** The format's name and version; a different format gets a different number. */
const format = 'ccass-2fa/checkpoint/1'

/**
 * The state of all records at one time in 32 bytes: the root hash over the heads of all trails. If it is kept
 * where people with write access to the store cannot change it, it later shows whether any trail was
 * rewritten, rolled back or removed.
 *
 * @rule AUD-02
 * @category Audit trail
 */
export interface Checkpoint {
  readonly format: typeof format
  /** When the checkpoint was started, in epoch milliseconds by the host's clock. */
  readonly at: number
  /** The number of records. */
  readonly count: number
  /** The Merkle tree hash (RFC 6962, SHA-256, hex) over the lines of its manifest. */
  readonly root: string
}

/**
 * The key of a record, the length of its trail, and the hash of the last entry.
 *
 * @category Audit trail
 */
export interface RecordHead extends RecordKey, TrailHead {}

/**
 * Formats a checkpoint as text to be signed, printed or sent: JSON with sorted keys (RFC 8785).
 *
 * @rule AUD-02
 * @category Audit trail
 */
export const formatCheckpoint = ({ at, count, root }: Checkpoint): string =>
  canonicalJson({ format, at, count, root })

/**
 * Formats a record's line in a manifest: `["B01234","account","B0123401",14,"9f…"]`. It is a leaf of the
 * tree.
 *
 * @rule AUD-02
 * @category Audit trail
 */
export const manifestLine = ({ participant, kind, id, version, head }: RecordHead): string =>
  canonicalJson([participant, kind, id, version, head])

/** Parses a line of a manifest; `undefined` if it is malformed. */
export const parseManifestLine = (line: string): RecordHead | undefined => {
  try {
    const parsed: unknown = JSON.parse(line)
    const [participant, kind, id, version, head]: readonly unknown[] = Array.isArray(parsed) ? parsed : []
    const known = recordKinds.find((each) => each === kind)
    const shaped =
      known !== undefined &&
      typeof participant === 'string' &&
      typeof id === 'string' &&
      typeof head === 'string' &&
      typeof version === 'number' &&
      Number.isSafeInteger(version)
    if (!shaped) return undefined
    const read = { participant, kind: known, id, version, head }
    return manifestLine(read) === line ? read : undefined
  } catch {
    return undefined
  }
}

/** Builds a checkpoint from the lines of its manifest, without keeping them. */
export const checkpointBuilder = (at: number) => {
  const tree = treeHasher()
  return {
    add: tree.add,
    build: (): Checkpoint => ({ format, at, count: tree.count(), root: tree.root() }),
  }
}

/** Whether two checkpoints have the same count and root. */
export const sameCheckpoint = (one: Checkpoint, other: Checkpoint): boolean =>
  one.count === other.count && one.root === other.root

/**
 * Proves that a line is in a checkpoint's manifest, to someone who has the checkpoint but not the manifest,
 * for example an auditor who may see only one account.
 *
 * @category Audit trail
 */
export interface InclusionProof {
  readonly line: string
  /** The line's index in the manifest, from 0. */
  readonly index: number
  /** The sibling hashes on the way to the root, in hex, as in RFC 6962, section 2.1.1. */
  readonly path: readonly string[]
}

/**
 * Creates the proof that a line is in a manifest. The manifest is read twice, one line at a time.
 *
 * @returns the proof; `undefined` if the line is not in the manifest.
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
 * Verifies a proof that a line was in the checkpoint's manifest.
 *
 * @rule AUD-02
 * @category Audit trail
 */
export const isIncluded = (
  { line, index, path }: InclusionProof,
  { root, count }: Pick<Checkpoint, 'root' | 'count'>,
): boolean => rootBy(line, { index, count, path }) === root
