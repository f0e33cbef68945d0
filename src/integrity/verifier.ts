import type { ErasedThrough } from '../ports/personal-data.ts'
import type { RecordKey } from '../ports/storage.ts'
import { chainVerifier, type TrailHead } from './chain.ts'
import { entryOf, recordOf } from './entry.ts'
import type { Problem, RecordFinding } from './finding.ts'
import { personalCheck } from './personal-check.ts'
import { type AggregatesByKind, replayOf } from './replay.ts'
import { rememberingCredentialIds } from './vault.ts'

/** Findings that leave no replayed state to compare with. */
const stops = new Set<Problem['code']>(['tail-truncated', 'entry-missing', 'too-much'])

/**
 * The result of verifying a record's trail.
 *
 * @category Audit trail
 */
export interface VerifiedTrail {
  /** The number of entries checked. */
  readonly entries: number
  /**
   * A sequence number beyond the record's version, if there was one. It is valid if the record has reached it
   * by now. The caller must check that and add `trail-ahead` if it has not.
   */
  readonly beyond?: number
  /** The last erased entry for each kind of personal data, according to the trail (PRI-02). */
  readonly erased: ErasedThrough
  readonly findings: readonly RecordFinding[]
}

/**
 * Verifies one record's trail.
 *
 * @category Audit trail
 */
export interface TrailVerifier {
  /** Takes the next entry of the trail in the storage's order, regardless of its content. */
  add(entry: unknown): void
  /** Skips an item that the storage can't read. */
  skip(): void
  /** Whether there are already so many problems that the rest need not be read. */
  isFull(): boolean
  /** Returns the result after the trail was read to its end, or slightly beyond the record's version. */
  finish(): VerifiedTrail
}

/**
 * Creates a trail verifier from the aggregates of all kinds of records.
 *
 * @rule AUD-01
 * @rule AUD-02
 */
export const trailVerifierOver =
  (aggregates: AggregatesByKind) =>
  (key: RecordKey, stored: unknown, checkpointed?: TrailHead): TrailVerifier => {
    const record = recordOf(stored)
    const chain = chainVerifier(key, record, checkpointed)
    const idOf = rememberingCredentialIds()
    const fold = replayOf(aggregates[key.kind], idOf)
    const personal = personalCheck(idOf)
    let entries = 0
    let unknown: Problem | undefined
    return {
      add: (entry) => {
        entries++
        const taken = chain.take(entry)
        // Entries beyond the record's version are not part of its state.
        if (taken !== 'beyond') {
          unknown = fold.take(taken === 'lost' ? undefined : taken) ?? unknown
          const shaped = taken === 'lost' ? entryOf(entry) : taken
          if (shaped !== undefined) personal.take(shaped)
        }
      },
      skip: () => {
        entries++
        if (chain.skip() === 'lost') fold.take(undefined)
      },
      isFull: chain.full,
      finish: () => {
        chain.end()
        const beyond = chain.beyond()
        const { problems } = chain
        const whole = !problems.some(({ code }) => stops.has(code))
        const found: readonly Problem[] = [
          ...problems,
          ...personal.problems(),
          ...(unknown === undefined ? [] : [unknown]),
          ...(record === undefined ? [{ code: 'record-malformed', rule: 'AUD-01' } as const] : []),
          ...(record !== undefined && whole ? fold.compare(record) : []),
        ]
        return {
          entries,
          ...(beyond === undefined ? {} : { beyond }),
          erased: personal.erased(),
          // A problem is a finding without its record; a spread of a union is no union to the compiler.
          findings: found.map((problem) => ({ ...problem, record: key }) as RecordFinding),
        }
      },
    }
  }
