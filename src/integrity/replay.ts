import { canonicalJson } from '../kernel/canonical-json.ts'
import type { Staged } from '../kernel/decision-table.ts'
import type { RecordKind, StoredRecord, TrailEntry } from '../ports/storage.ts'
import {
  accountAggregate,
  authorisationCodeAggregate,
  eserviceAggregate,
  inboxAggregate,
  participantAggregate,
  referenceCounterAggregate,
  requestAggregate,
} from '../records/aggregates.ts'
import { isObject } from './entry.ts'
import type { Problem } from './finding.ts'
import { credentialIdOf } from './vault.ts'

/** What the machine of each kind folds with. */
const machines = {
  account: accountAggregate,
  participant: participantAggregate,
  request: requestAggregate,
  authorisation: authorisationCodeAggregate,
  eservice: eserviceAggregate,
  'reference-counter': referenceCounterAggregate,
  inbox: inboxAggregate,
} as const satisfies Readonly<Record<RecordKind, { readonly kind: RecordKind }>>

/** A machine that is given whatever was stored: its events may be none. */
interface Folding {
  readonly decider: {
    readonly initial: Staged
    readonly evolve: (state: Staged, event: unknown) => Staged | undefined
  }
  readonly credentialsOf: (state: Staged) => readonly string[]
}

/** What garbage makes of a function that is total for whatever it was written for: nothing. */
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
 * The fold of one trail, event by event; at the end it is held against the record. As soon as an event is lost,
 * or none of this kind's, there is no fold, and nothing is said of the state.
 *
 * @rule AUD-01
 * @rule AUD-06
 */
export const replayOf = (kind: RecordKind) => {
  const { decider, credentialsOf } = machines[kind] as unknown as Folding
  let state: Staged | undefined = decider.initial
  return {
    /** The next entry, or none where it could not be had. */
    take: (entry: TrailEntry | undefined): Problem | undefined => {
      const before = state
      if (before === undefined) return undefined
      state = entry && tried(() => decider.evolve(before, entry.event))
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
