/** What an attacker with write access can do to one place of a trail, and the finding that must result. */
import { createHash } from 'node:crypto'
import { trailVerifier } from '../../src/aggregates.ts'
import type { RecordKey, TrailEntry } from '../../src/index.ts'
import type { RecordFinding } from '../../src/integrity/finding.ts'
import { entryHash } from '../../src/integrity/trail-hash.ts'
import type { Book } from '../support/all-kinds.ts'

/** A trail after tampering: its entries can have any shape. */
export type Tampered = readonly unknown[]

/** One way of tampering with a trail at an index (from 0), where possible, and the expected findings. */
export interface Way {
  readonly way: string
  readonly at: (trail: readonly TrailEntry[], i: number) => Tampered | undefined
  /** `code seq` of the findings about the trail, in order. */
  readonly found: (seq: number, length: number) => readonly string[]
}

const changed = (entry: TrailEntry): TrailEntry => ({ ...entry, operationId: `${entry.operationId}.` })
const replaced = (trail: readonly TrailEntry[], i: number, ...by: readonly unknown[]): Tampered => [
  ...trail.slice(0, i),
  ...by,
  ...trail.slice(i + 1),
]
const garbage = (entry: unknown): Pick<Way, 'at' | 'found'> => ({
  at: (trail, i) => replaced(trail, i, entry),
  found: (seq) => [`entry-malformed ${seq}`],
})
const hashBefore = (trail: readonly TrailEntry[], i: number) => trail[i - 1]?.hash
const otherHash = createHash('sha256').update('another').digest('hex')
/** The hash that depends on a changed entry: the next entry's, or the head. */
const behind = (seq: number, length: number) =>
  seq === length ? [`head-mismatch ${seq}`] : [`entry-changed ${seq + 1}`]

/** Each finding is as exact as the stored data allow. */
export const ways: readonly Way[] = [
  {
    way: 'contents changed',
    at: (trail, i) => trail[i] && replaced(trail, i, changed(trail[i])),
    found: (seq) => [`entry-changed ${seq}`],
  },
  {
    way: 'contents changed, the hash made to fit',
    at: (trail, i) => {
      const [entry, before] = [trail[i], hashBefore(trail, i)]
      if (entry === undefined || before === undefined) return undefined
      return replaced(trail, i, { ...changed(entry), hash: entryHash(before, changed(entry)) })
    },
    found: behind,
  },
  {
    way: 'the hash alone changed',
    at: (trail, i) => trail[i] && replaced(trail, i, { ...trail[i], hash: otherHash }),
    found: (seq) => [`entry-changed ${seq}`],
  },
  {
    way: 'a field more',
    at: (trail, i) => trail[i] && replaced(trail, i, { ...trail[i], note: null }),
    found: (seq) => [`entry-changed ${seq}`],
  },
  {
    way: 'missing',
    at: (trail, i) => replaced(trail, i),
    found: (seq, length) => [`${seq === length ? 'tail-truncated' : 'entry-missing'} ${seq}`],
  },
  {
    way: 'the tail cut off',
    at: (trail, i) => trail.slice(0, i),
    found: (seq) => [`tail-truncated ${seq}`],
  },
  {
    way: 'exchanged with the next one',
    at: (trail, i) => {
      const next = trail[i + 1]
      return next && [...trail.slice(0, i), next, trail[i], ...trail.slice(i + 2)]
    },
    found: (seq) => [`entry-reordered ${seq}`],
  },
  {
    way: 'put at the end',
    at: (trail, i) => (i + 2 < trail.length ? [...replaced(trail, i), trail[i]] : undefined),
    found: (seq) => [`entry-reordered ${seq}`],
  },
  {
    way: 'doubled on the spot',
    at: (trail, i) => replaced(trail, i, trail[i], trail[i]),
    found: (seq) => [`entry-duplicated ${seq}`],
  },
  {
    way: 'another one put before it, under its number',
    at: (trail, i) => {
      const [entry, before] = [trail[i], hashBefore(trail, i)]
      if (entry === undefined || before === undefined) return undefined
      const fake = { ...changed(entry), hash: entryHash(before, changed(entry)) }
      return replaced(trail, i, fake, entry)
    },
    found: (seq) => [`entry-duplicated ${seq}`],
  },
  {
    way: 'another one put behind it, under the next number',
    at: (trail, i) => {
      const entry = trail[i]
      if (entry === undefined || i + 1 === trail.length) return undefined
      const fake = { ...changed(entry), seq: entry.seq + 1 }
      return replaced(trail, i, entry, { ...fake, hash: entryHash(entry.hash, fake) })
    },
    found: (seq) => [`entry-duplicated ${seq + 1}`],
  },
  {
    way: 'taken out, and those behind it numbered again',
    at: (trail, i) => [
      ...trail.slice(0, i),
      ...trail.slice(i + 1).map((entry) => ({ ...entry, seq: entry.seq - 1 })),
    ],
    found: (seq, length) => [
      ...Array.from({ length: length - seq }, (_, i) => `entry-changed ${seq + i}`),
      // The head still is the hash of the last entry, and only the record's version contradicts it.
      `${seq === length ? 'tail-truncated' : 'version-mismatch'} ${seq === length ? seq : length}`,
    ],
  },
  ...[null, 7, 'text', [], {}, { seq: 1 }].map((entry) => ({
    way: `replaced by ${JSON.stringify(entry)}`,
    ...garbage(entry),
  })),
  {
    way: 'its event no object',
    at: (trail, i) => trail[i] && replaced(trail, i, { ...trail[i], event: 'Registered' }),
    found: (seq) => [`entry-malformed ${seq}`],
  },
]

/** A finding as text: the code and the place. */
export const inShort = (finding: RecordFinding) => {
  if (finding.code === 'version-mismatch') return `${finding.code} ${finding.version}`
  return 'seq' in finding ? `${finding.code} ${finding.seq}` : finding.code
}

/** All findings of a tampered record and trail. */
export const findingsIn = (
  { key, record }: { readonly key: RecordKey; readonly record: unknown },
  trail: Tampered,
) => {
  const verifier = trailVerifier(key, record)
  for (const entry of trail) verifier.add(entry)
  return verifier.finish().findings
}

/** The findings about the trail itself, as text, without those about the state. */
export const foundInTrail = (book: Book, trail: Tampered) =>
  findingsIn(book, trail)
    .filter(({ code }) => !['state-differs', 'event-unknown', 'vault-differs'].includes(code))
    .map(inShort)
