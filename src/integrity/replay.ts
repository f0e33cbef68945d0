import { isSameJson } from '../kernel/canonical-json.ts'
import type { Staged } from '../kernel/decider.ts'
import type { Instant } from '../kernel/instant.ts'
import {
  type ErasedThrough,
  type PersonalDataErased,
  type PersonalDataKind,
  personalDataKinds,
} from '../ports/personal-data.ts'
import type { RecordKind, StoredRecord, TrailEntry } from '../ports/storage.ts'
import { isObject } from './entry.ts'
import type { Problem } from './finding.ts'
import { erasureIn } from './personal-check.ts'
import { type PersonalFields, personalReferences } from './personal-data.ts'
import { type Upcasters, upcast } from './upcasting.ts'
import { type credentialIdOf, erasuresName, notesErasures } from './vault.ts'

/**
 * The part of a record's aggregate that replaying a trail needs. Events come from storage and can have any
 * shape.
 */
export interface ReplayedAggregate {
  readonly decider: {
    readonly initial: Staged
    // Method syntax on purpose: the `evolve` of each kind takes its own events, while replay passes what it
    // read.
    evolve(state: Staged, event: unknown): Staged | undefined
  }
  credentialsOf(state: Staged): readonly string[]
  /** The fields of events and states that hold personal data (PRI-02). */
  readonly personalFields: PersonalFields
  /** Whether a state still needs the personal data that it refers to (PRI-04). */
  needsPersonalData(state: Staged, now: Instant): boolean
  /** The upcasters for events that were stored under older names or schemas. */
  readonly upcasters: Upcasters
  /** The types of the events of this kind of record. */
  readonly eventTypes: Readonly<Record<string, true>>
}

/** The aggregate of each kind of record. */
export type AggregatesByKind = Readonly<Record<RecordKind, ReplayedAggregate>>

/**
 * Folds events as they are stored: personal data in events and states are references (PRI-02). An erasure
 * does not change the state.
 */
export const foldStored = (
  { decider }: ReplayedAggregate,
  state: unknown,
  events: readonly unknown[],
): Staged =>
  events.reduce<Staged>(
    (folded, event) => (erasureIn(event) === undefined ? (decider.evolve(folded, event) ?? folded) : folded),
    // As it is stored; `evolve` takes what it reads from storage, of any shape.
    state as Staged,
  )

/**
 * Runs a function that is total for valid input, and returns `undefined` if invalid stored data makes it
 * throw.
 */
const tried = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Whether stored data equals what was computed, compared as JSON. */
const isSame = (stored: unknown, computed: unknown): boolean =>
  tried(() => isSameJson(stored, computed)) === true

const vaultProblem = (
  idOf: typeof credentialIdOf,
  vault: unknown,
  referredTo: readonly string[],
  erasures: ErasedThrough | undefined,
): Problem | undefined => {
  const held: readonly (readonly [string, unknown])[] = isObject(vault) ? Object.entries(vault) : []
  const names = new Set(held.map(([name]) => name))
  const missing = [...new Set(referredTo)].filter((name) => !names.has(name)).sort()
  const surplus = [...names].filter((name) => !referredTo.includes(name)).sort()
  const altered = held
    .filter(([name, proof]) =>
      name === erasuresName
        ? erasures === undefined || !notesErasures(proof, erasures)
        : typeof proof !== 'string' || !proof.isWellFormed() || idOf(proof) !== name,
    )
    .map(([name]) => name)
    .sort()
  if (isObject(vault) && missing.length + surplus.length + altered.length === 0) return undefined
  return { code: 'vault-differs', rule: 'AUD-06', missing, surplus, altered }
}

/**
 * Replays one trail, event by event, and compares the result with the record. After a missing event or one
 * that is not of this kind, there is no result, and nothing is said about the state.
 *
 * @rule AUD-01
 * @rule AUD-06
 */
export const replayOf = (
  { decider, credentialsOf, upcasters, eventTypes }: ReplayedAggregate,
  idOf: typeof credentialIdOf,
) => {
  let state: Staged | undefined = decider.initial
  let erasures: ErasedThrough | undefined
  /** The references of the state that were erased. */
  let erased: ReadonlySet<string> = new Set()
  const erase = ({ through, held }: PersonalDataErased) => {
    const merged: Partial<Record<PersonalDataKind, number>> = { ...erasures }
    for (const kind of personalDataKinds)
      if (through[kind] !== undefined) merged[kind] = Math.max(merged[kind] ?? 0, through[kind])
    erasures = merged
    const gone = personalReferences(state).filter(({ personal }) => held.includes(personal))
    erased = new Set([...erased, ...gone.map(({ digest }) => digest)])
  }
  return {
    /** Takes the next entry; `undefined` if it could not be read. */
    take: (entry: TrailEntry | undefined): Problem | undefined => {
      const before = state
      if (before === undefined) return undefined
      const event = entry && tried(() => upcast(upcasters, entry))
      const erasure = erasureIn(event)
      if (erasure !== undefined) {
        erase(erasure)
        return undefined
      }
      // `evolve` is total: at some stages it ignores any event, so the type is looked up.
      const isKnown = event !== undefined && Object.hasOwn(eventTypes, event.type)
      state = isKnown ? tried(() => decider.evolve(before, event)) : undefined
      return state === undefined && entry !== undefined
        ? { code: 'event-unknown', rule: 'AUD-01', seq: entry.seq }
        : undefined
    },
    /** The state so far; `undefined` if replay was not possible. */
    state: () => state,
    /** The problems of a record that should hold this state. */
    compare: (record: StoredRecord): readonly Problem[] => {
      const folded = state
      if (folded === undefined) return []
      const credentials = tried(() => credentialsOf(folded)) ?? []
      const personal = personalReferences(folded).map(({ digest }) => digest)
      const notes = erasures === undefined ? [] : [erasuresName]
      const referredTo = [...credentials, ...personal.filter((digest) => !erased.has(digest)), ...notes]
      const vault = vaultProblem(idOf, record.vault, referredTo, erasures)
      const differs: Problem = { code: 'state-differs', rule: 'AUD-01' }
      return [...(isSame(record.state, folded) ? [] : [differs]), ...(vault ? [vault] : [])]
    },
  }
}
