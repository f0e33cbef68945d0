import type { RecordKey, TrailEntry } from '../ports/storage.ts'
import { entryHashesAfter, entryOf } from './entry.ts'
import { maxFindings, type Problem } from './finding.ts'
import { genesisHash } from './trail-hash.ts'

/**
 * A version with the hash of its entry, as a record or a checkpoint states it.
 *
 * @category Audit trail
 */
export interface TrailHead {
  readonly version: number
  readonly head: string
}

/** Sequence numbers that were skipped: their entries are missing, unless they follow later. */
interface Gap {
  readonly from: number
  readonly to: number
}

/** The gaps after a late entry; `undefined` if the entry is in none of them, which makes it a duplicate. */
const filled = (gaps: readonly Gap[], seq: number): readonly Gap[] | undefined => {
  const gap = gaps.find(({ from, to }) => from <= seq && seq <= to)
  if (gap === undefined) return undefined
  const rest = [
    { from: gap.from, to: seq - 1 },
    { from: seq + 1, to: gap.to },
  ]
  return [...gaps.filter((each) => each !== gap), ...rest.filter(({ from, to }) => from <= to)]
}

/**
 * Verifies the chain of one trail, entry by entry in the storage's order, up to the version of its record. It
 * keeps a handful of hashes, regardless of the trail's length, and at most {@link maxFindings} problems.
 *
 * @rule AUD-02
 */
export const chainVerifier = (key: RecordKey, record: TrailHead | undefined, checkpointed?: TrailHead) => {
  // Without a version, no entry is beyond it.
  const { version, head } = record ?? { version: Number.POSITIVE_INFINITY, head: '' }
  const problems: Problem[] = []
  let gaps: readonly Gap[] = []
  /** The next expected sequence number. */
  let next = 1
  /**
   * The hashes that the next entry can be chained to: the previous entry's stated hash, or its correct one.
   * Empty after a gap.
   */
  let links: readonly string[] = [genesisHash(key)]
  /** Whether every entry so far is at its place, so that the events can be folded. */
  let whole = true
  /** The hashes that are possible at the checkpoint's version. */
  let then: readonly string[] | undefined
  let beyond: number | undefined

  const note = (problem: Problem) => void problems.push(problem)

  /**
   * Entry `seq` is chained to its predecessor's correct hash instead of the stated one, so only that hash is
   * wrong.
   */
  const clear = (seq: number) => {
    const last = problems.at(-1)
    if (last?.code === 'entry-changed' && last.seq === seq - 1)
      problems[problems.length - 1] = { ...last, suspects: [seq - 1] }
  }

  const attach = (entry: TrailEntry) => {
    const { seq, hash } = entry
    const fitting = entryHashesAfter(links, entry)
    const place = fitting.indexOf(hash)
    if (links.length === 0 || place === 0) return [hash]
    if (place > 0) {
      clear(seq)
      return [hash]
    }
    note({ code: 'entry-changed', rule: 'AUD-02', seq, suspects: seq === 1 ? [1] : [seq - 1, seq] })
    return [hash, ...fitting.slice(0, 1)]
  }

  const behind = (seq: number): 'beyond' => {
    beyond = Math.max(beyond ?? 0, seq)
    return 'beyond'
  }

  /** Skips what is stored at `next`, because it can't be used. */
  const pass = (code: 'entry-malformed' | 'entry-unreadable'): 'beyond' | 'lost' => {
    if (next > version) return behind(next)
    note({ code, rule: 'AUD-02', seq: next++ })
    links = []
    whole = false
    return 'lost'
  }

  const late = (entry: TrailEntry): 'lost' => {
    const { seq, hash } = entry
    const left = filled(gaps, seq)
    note({ code: left === undefined ? 'entry-duplicated' : 'entry-reordered', rule: 'AUD-02', seq })
    // Which of two entries is the genuine one may show from the next entry, which is chained to it.
    if (left === undefined && links.length > 0) links = [...links, hash].slice(0, 4)
    gaps = left ?? gaps
    whole = false
    return 'lost'
  }

  return {
    problems,
    /** The highest number beyond the record's version: from a concurrent writer, or from tampering. */
    beyond: () => beyond,
    /**
     * Takes the next item. Returns it as long as every entry is at its place, so that the events can be
     * folded.
     */
    take: (value: unknown): TrailEntry | 'beyond' | 'lost' => {
      const entry = entryOf(value)
      if (entry === undefined) return pass('entry-malformed')
      const { seq } = entry
      if (seq > version) return behind(seq)
      if (seq < next) return late(entry)
      if (seq > next) {
        gaps = [...gaps, { from: next, to: seq - 1 }]
        links = []
        whole = false
      }
      links = attach(entry)
      if (seq === checkpointed?.version) then = links
      next = seq + 1
      return whole ? entry : 'lost'
    },
    /** Skips an item that the storage can't read. */
    skip: () => pass('entry-unreadable'),
    /** Whether there are so many problems that the rest need not be read. */
    full: () => problems.length + gaps.length >= maxFindings,
    /** Ends the trail. */
    end: () => {
      const last = next - 1
      const [lastHash] = links
      for (const { from: seq, to } of gaps) note({ code: 'entry-missing', rule: 'AUD-02', seq, to })
      if (problems.length >= maxFindings) return note({ code: 'too-much', rule: 'AUD-02', seq: next })
      if (record === undefined) return
      if (last < version)
        note(
          lastHash === head
            ? { code: 'version-mismatch', rule: 'AUD-02', version, entries: last }
            : { code: 'tail-truncated', rule: 'AUD-02', seq: next, to: version },
        )
      else if (links.length > 0 && !links.includes(head))
        note({ code: 'head-mismatch', rule: 'AUD-02', seq: version })
      if (checkpointed === undefined) return
      const { version: seq } = checkpointed
      if (version < seq) note({ code: 'rolled-back', rule: 'AUD-02', seq, version })
      else if (then !== undefined && !then.includes(checkpointed.head))
        note({ code: 'rewritten', rule: 'AUD-02', seq })
    },
  }
}
