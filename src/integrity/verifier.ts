import type { RecordKey } from '../ports/storage.ts'
import { chainVerifier, type TrailHead } from './chain.ts'
import { recordOf } from './entry.ts'
import type { Problem, RecordFinding } from './finding.ts'
import { replayOf } from './replay.ts'

/** Where these are found, there is no fold to hold the state against. */
const stops = new Set<Problem['code']>(['tail-truncated', 'entry-missing', 'too-much'])

/** What was found of a record whose trail was read. */
export interface VerifiedTrail {
  /** How many entries were looked at. */
  readonly entries: number
  /**
   * A number behind the record's version, if one was seen. All is well if the record has moved on to it by now;
   * whether it has, the caller looks up, and adds `trail-ahead` if not.
   */
  readonly beyond?: number
  readonly findings: readonly RecordFinding[]
}

/** A record's trail under verification. */
export interface TrailVerifier {
  /** Takes the next entry of the trail, in the storage's order, whatever it is. */
  take(entry: unknown): void
  /** The storage has something next, and can't read it. */
  skip(): void
  /** Whether so much is wrong already that the rest is not worth a look. */
  full(): boolean
  /** What came of it, once the trail was read to its end, or a little behind the record's version. */
  end(): VerifiedTrail
}

/**
 * Verifies one record against its trail: that no entry was changed, reordered, doubled, put in, taken out or
 * cut off; that the head is the last entry's hash; that the state is the fold of the events, and the vault
 * holds what the state refers to. Record and entries may be anything at all: nothing throws. Entries are
 * given one by one, and not kept: the memory is bounded.
 *
 * @param key - where the record lives; its trail hangs on it.
 * @param stored - the record, read *before* the trail: a trail only grows, so that it holds all of it.
 * @param checkpointed - what a checkpoint says of the record: its version then, and its head.
 * @example
 * ```ts
 * const verifier = trailVerifier(key, record)
 * for (const entry of trail) verifier.take(entry)
 * const { findings } = verifier.end()
 * ```
 * @rule AUD-01
 * @rule AUD-02
 */
export const trailVerifier = (key: RecordKey, stored: unknown, checkpointed?: TrailHead): TrailVerifier => {
  const record = recordOf(stored)
  const chain = chainVerifier(key, record, checkpointed)
  const fold = replayOf(key.kind)
  let entries = 0
  let unknown: Problem | undefined
  return {
    take: (entry) => {
      entries++
      const taken = chain.take(entry)
      // What lies behind the record's version is no part of its state.
      if (taken !== 'beyond') unknown = fold.take(taken === 'lost' ? undefined : taken) ?? unknown
    },
    skip: () => {
      entries++
      if (chain.skip() === 'lost') fold.take(undefined)
    },
    full: chain.full,
    end: () => {
      chain.end()
      const beyond = chain.beyond()
      const { problems } = chain
      const whole = !problems.some(({ code }) => stops.has(code))
      const found: readonly Problem[] = [
        ...problems,
        ...(unknown === undefined ? [] : [unknown]),
        ...(record === undefined ? [{ code: 'record-malformed', rule: 'AUD-01' } as const] : []),
        ...(record !== undefined && whole ? fold.compare(record) : []),
      ]
      return {
        entries,
        ...(beyond === undefined ? {} : { beyond }),
        findings: found.map((problem) => ({ ...problem, record: key }) as RecordFinding),
      }
    },
  }
}
