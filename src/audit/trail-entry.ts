import type { RequestContext } from '../fields/request-context.ts'
import type { erasedValue } from '../integrity/personal-data.ts'
import type { PersonalDataErased } from '../ports/personal-data.ts'
import type { RecordKind, TrailEntry, TrailEvent } from '../ports/storage.ts'

/**
 * The events of each kind of record; the composition root supplies them.
 *
 * @rule AUD-01
 */
export type EventsByKind = Record<RecordKind, TrailEvent>

/** One entry of the trail of a record of a given kind. */
export type TrailEntryOf<Events extends EventsByKind, Kind extends RecordKind> = Omit<
  TrailEntry,
  'actor' | 'event' | 'context' | 'personal'
> & {
  /** Who acted: a User ID, `caller`, the name that the host passed, or a Client Connect user name. */
  readonly actor: string
  /** What happened; an erased value reads `[erased]`. */
  readonly event: Events[Kind] | PersonalDataErased
  /** Where the call came from; `[erased]` if that was erased (PRI-01). */
  readonly context?: RequestContext | typeof erasedValue
}
