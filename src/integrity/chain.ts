import type { RecordKey, TrailEntry } from '../ports/storage.ts'
import { entryOf, hashesOn } from './entry.ts'
import { maxFindings, type Problem } from './finding.ts'
import { genesisHash } from './trail-hash.ts'

/**
 * A version with the hash of its entry, as a record or a checkpoint has it.
 *
 * @category Audit trail
 */
export interface TrailHead {
  readonly version: number
  readonly head: string
}

/** Numbers passed over: their entries are missing, unless they come late. */
interface Gap {
  readonly from: number
  readonly to: number
}

/** The gaps once a late entry has come, or `undefined` if it is in none of them: then it is a second one. */
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
 * The chain of one trail, entry by entry in the order of the storage, up to the version of its record. It keeps
 * a handful of hashes, regardless of the length of the trail; its memory is bounded by {@link maxFindings}.
 *
 * @rule AUD-02
 */
export const chainVerifier = (key: RecordKey, record: TrailHead | undefined, checkpointed?: TrailHead) => {
  // Where there is no version, nothing is behind it.
  const { version, head } = record ?? { version: Number.POSITIVE_INFINITY, head: '' }
  const problems: Problem[] = []
  let gaps: readonly Gap[] = []
  /** The number that comes next. */
  let next = 1
  /** What the next entry may hang on: the hash that stands before it, or what that should be. None behind a gap. */
  let links: readonly string[] = [genesisHash(key)]
  /** Every entry so far stands in its place: their events can be folded. */
  let whole = true
  /** What may stand at the checkpoint's version. */
  let then: readonly string[] | undefined
  let beyond: number | undefined

  const note = (problem: Problem) => void problems.push(problem)

  /** Entry `seq` hangs on what its predecessor should say, not on what it says: that one's hash alone is wrong. */
  const clear = (seq: number) => {
    const last = problems.at(-1)
    if (last?.code === 'entry-changed' && last.seq === seq - 1)
      problems[problems.length - 1] = { ...last, suspects: [seq - 1] }
  }

  const hang = (entry: TrailEntry) => {
    const { seq, hash } = entry
    const fitting = hashesOn(links, entry)
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

  /** Nothing can be made of what stands at `next`. */
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
    // Which of two is the real one, the next entry may tell by hanging on it.
    if (left === undefined && links.length > 0) links = [...links, hash].slice(0, 4)
    gaps = left ?? gaps
    whole = false
    return 'lost'
  }

  return {
    problems,
    /** The highest number behind the record's version: of who wrote meanwhile, or who tampers. */
    beyond: () => beyond,
    /** Takes the next item; answers it as long as every entry is in its place, so that they can be folded. */
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
      links = hang(entry)
      if (seq === checkpointed?.version) then = links
      next = seq + 1
      return whole ? entry : 'lost'
    },
    /** The storage has something next, and can't read it. */
    skip: () => pass('entry-unreadable'),
    /** Whether so much is wrong that the rest is not worth a look. */
    full: () => problems.length + gaps.length >= maxFindings,
    /** Nothing comes any more. */
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
