import { canonicalJson } from '../kernel/canonical-json.ts'
import type { Staged } from '../kernel/decider.ts'
import type { RecordKind, StoredRecord, TrailEntry } from '../ports/storage.ts'
import { isObject } from './entry.ts'
import type { Problem } from './finding.ts'
import { type Upcasters, upcast } from './upcasting.ts'
import { credentialIdOf } from './vault.ts'

/** What replaying a trail needs of one kind of record; events come from storage and may be anything. */
export interface ReplayedAggregate {
  readonly decider: {
    readonly initial: Staged
    // Method syntax on purpose: each kind's own `evolve` takes its own events, and replay passes what it read.
    evolve(state: Staged, event: unknown): Staged | undefined
  }
  credentialsOf(state: Staged): readonly string[]
  /** How events stored under older names or schemas are read. */
  readonly upcasters: Upcasters
}

/** The aggregate of every kind of record. */
export type AggregatesByKind = Readonly<Record<RecordKind, ReplayedAggregate>>

/** What garbage makes of a function that is total for everything it was written for: nothing. */
const tried = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Whether stored data is what was computed, as JSON. */
const isSame = (stored: unknown, computed: unknown): boolean => {
  const text = tried(() => canonicalJson(stored))
  return text !== undefined && text === tried(() => canonicalJson(computed))
}

const vaultProblem = (vault: unknown, referredTo: readonly string[]): Problem | undefined => {
  const held: readonly (readonly [string, unknown])[] = isObject(vault) ? Object.entries(vault) : []
  const names = new Set(held.map(([name]) => name))
  const lacks = [...new Set(referredTo)].filter((name) => !names.has(name)).sort()
  const surplus = [...names].filter((name) => !referredTo.includes(name)).sort()
  const altered = held
    .filter(([name, proof]) => typeof proof !== 'string' || credentialIdOf(proof) !== name)
    .map(([name]) => name)
    .sort()
  if (isObject(vault) && lacks.length + surplus.length + altered.length === 0) return undefined
  return { code: 'vault-differs', rule: 'AUD-06', lacks, surplus, altered }
}

/**
 * The replay of one trail, event by event; at the end it is held against the record. As soon as an event is
 * lost, or none of this kind's, there is no fold, and nothing is said of the state.
 *
 * @rule AUD-01
 * @rule AUD-06
 */
export const replayOf = ({ decider, credentialsOf, upcasters }: ReplayedAggregate) => {
  let state: Staged | undefined = decider.initial
  return {
    /** The next entry, or none where it could not be had. */
    take: (entry: TrailEntry | undefined): Problem | undefined => {
      const before = state
      if (before === undefined) return undefined
      const event = entry && tried(() => upcast(upcasters, entry))
      state = event && tried(() => decider.evolve(before, event))
      return state === undefined && entry !== undefined
        ? { code: 'event-unknown', rule: 'AUD-01', seq: entry.seq }
        : undefined
    },
    /** The state so far, if there is one. */
    state: () => state,
    /** What is wrong with a record that should hold this fold. */
    compare: (record: StoredRecord): readonly Problem[] => {
      const folded = state
      if (folded === undefined) return []
      const referredTo = tried(() => credentialsOf(folded)) ?? []
      const vault = vaultProblem(record.vault, referredTo)
      const differs: Problem = { code: 'state-differs', rule: 'AUD-01' }
      return [...(isSame(record.state, folded) ? [] : [differs]), ...(vault ? [vault] : [])]
    },
  }
}
