import type { RequestContext } from '../fields/request-context.ts'
import { type Openings, openingsOf, personalReferences, sealer } from '../integrity/personal-data.ts'
import { type AggregatesByKind, foldStored } from '../integrity/replay.ts'
import { type EntryContents, genesisHash, newEntries } from '../integrity/trail-hash.ts'
import { erasuresIn, erasuresName } from '../integrity/vault.ts'
import { personalDataKinds } from '../ports/personal-data.ts'
import type { Json, RecordWrite, StoredRecord } from '../ports/storage.ts'
import type { RecordChange } from './record-change.ts'

/** The values that all entries of one commit share. */
export interface EntrySource {
  readonly operationId: string
  readonly by: string | { readonly person: string }
  readonly request: RequestContext | undefined
  readonly salt: () => string
  readonly aggregates: AggregatesByKind
}

const contentsOf = (
  change: RecordChange,
  { by, request, salt, aggregates }: EntrySource,
): readonly EntryContents[] =>
  change.events.map((event) => {
    const { seal, sealFields, openings } = sealer(salt)
    const sealed = sealFields(event, aggregates[change.key.kind].personalFields)
    const actor = typeof by === 'string' ? by : seal('identity', by.person)
    const context = request === undefined ? {} : { context: seal('context', request) }
    const personal = openings()
    const kept = Object.keys(personal).length === 0 ? {} : { personal }
    return { actor, event: sealed, ...context, ...kept }
  })

/** The openings of the values to which a state refers, without erased ones. */
const heldOpenings = (state: unknown, known: Openings, { erase }: RecordChange): Openings => {
  return Object.fromEntries(
    personalReferences(state).flatMap(({ personal, digest }) => {
      const opening = known[digest]
      return opening === undefined || erase?.held.includes(personal) ? [] : [[digest, opening]]
    }),
  )
}

const erasures = (before: StoredRecord | undefined, { erase }: RecordChange): Openings => {
  const former = erasuresIn(before?.vault)
  if (erase === undefined) return former === undefined ? {} : { [erasuresName]: JSON.stringify(former) }
  const merged = { ...former }
  for (const kind of personalDataKinds) {
    const through = Math.max(former?.[kind] ?? 0, erase.through[kind] ?? 0)
    if (through > 0) merged[kind] = through
  }
  return { [erasuresName]: JSON.stringify(merged) }
}

/**
 * The storage write for a change: its events as trail entries, with personal data by reference, and the
 * state, which is the fold of exactly these entries.
 *
 * @rule AUD-01
 * @rule AUD-02
 * @rule PRI-01
 * @rule PRI-02
 */
export const recordWrite = (change: RecordChange, source: EntrySource): RecordWrite => {
  const { key, before, vault, erase } = change
  const aggregate = source.aggregates[key.kind]
  const trail = before ?? { version: 0, head: genesisHash(key) }
  const contents = contentsOf(change, source)
  const entries = newEntries(trail, source.operationId, contents, aggregate.upcasters)
  const events = entries.map(({ event }) => event)
  const state = foldStored(aggregate, before?.state ?? aggregate.decider.initial, events)
  const known: Openings = { ...before?.vault, ...openingsOfAll(entries) }
  const record: StoredRecord = {
    version: trail.version + entries.length,
    // States are plain data; an interface has no index signature, which `Json` demands.
    state: state as unknown as Json,
    vault: { ...vault, ...heldOpenings(state, known, change), ...erasures(before, change) },
    head: entries.at(-1)?.hash ?? trail.head,
  }
  const erased = erase === undefined ? {} : { erase: erase.through }
  return { key, expectedVersion: trail.version, record, entries, ...erased }
}

const openingsOfAll = (entries: RecordWrite['entries']): Openings =>
  Object.assign({}, ...entries.map(({ personal }) => openingsOf(personal)))
