import type { RequestContext } from '../fields/request-context.ts'
import type { erasedValue } from '../integrity/personal-data.ts'
import type { PersonalDataErased } from '../ports/personal-data.ts'
import type { RecordKind, TrailEntry, TrailEvent } from '../ports/storage.ts'

/** The events of every kind of record, which the composition root names. */
export type EventsByKind = Record<RecordKind, TrailEvent>

/** One entry of the trail of a record of some kind. */
export type TrailEntryOf<Events extends EventsByKind, Kind extends RecordKind> = Omit<
  TrailEntry,
  'actor' | 'event' | 'context' | 'personal'
> & {
  /** Who: a User ID, `caller`, the name that the host gave, or a user name at Client Connect. */
  readonly actor: string
  /** What happened; an erased value reads `[erased]`. */
  readonly event: Events[Kind] | PersonalDataErased
  /** Where the call came from that wrote it; `[erased]` if that was erased (PRI-01). */
  readonly context?: RequestContext | typeof erasedValue
}
