import type { ErasedThrough } from '../ports/personal-data.ts'
import type { RecordKey } from '../ports/storage.ts'
import { chainVerifier, type TrailHead } from './chain.ts'
import { entryOf, recordOf } from './entry.ts'
import type { Problem, RecordFinding } from './finding.ts'
import { personalCheck } from './personal-check.ts'
import { type AggregatesByKind, replayOf } from './replay.ts'

/** Where these are found, there is no fold to hold the state against. */
const stops = new Set<Problem['code']>(['tail-truncated', 'entry-missing', 'too-much'])

/**
 * What was found of a record whose trail was read.
 *
 * @category Audit trail
 */
export interface VerifiedTrail {
  /** How many entries were checked. */
  readonly entries: number
  /**
   * A number behind the record's version, if one was seen. All is well if the record has moved on to it by now;
   * whether it has, the caller looks up, and adds `trail-ahead` if not.
   */
  readonly beyond?: number
  /** By kind of personal data, the last entry up to which they were erased, as the trail says (PRI-02). */
  readonly erased: ErasedThrough
  readonly findings: readonly RecordFinding[]
}

/**
 * A record's trail under verification.
 *
 * @category Audit trail
 */
export interface TrailVerifier {
  /** Takes the next entry of the trail, in the storage's order, regardless of its content. */
  add(entry: unknown): void
  /** The storage has something next, and can't read it. */
  skip(): void
  /** Whether so much is wrong already that the rest is not worth a look. */
  isFull(): boolean
  /** What came of it, once the trail was read to its end, or a little behind the record's version. */
  finish(): VerifiedTrail
}

/**
 * Makes the verifier of a record's trail from the aggregates of every kind of record.
 *
 * @rule AUD-01
 * @rule AUD-02
 */
export const trailVerifierOver =
  (aggregates: AggregatesByKind) =>
  (key: RecordKey, stored: unknown, checkpointed?: TrailHead): TrailVerifier => {
    const record = recordOf(stored)
    const chain = chainVerifier(key, record, checkpointed)
    const fold = replayOf(aggregates[key.kind])
    const personal = personalCheck()
    let entries = 0
    let unknown: Problem | undefined
    return {
      add: (entry) => {
        entries++
        const taken = chain.take(entry)
        // What lies behind the record's version is no part of its state.
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
          findings: found.map((problem) => ({ ...problem, record: key }) as RecordFinding),
        }
      },
    }
  }
