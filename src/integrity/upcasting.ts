import type { TrailEvent } from '../ports/storage.ts'

/** An event as it was stored: its data, and the version of its schema. */
export interface VersionedEvent {
  readonly event: TrailEvent
  readonly eventVersion: number
}

/**
 * Turns an event of one schema version into the next: another version of the same type, or a version of the
 * type that replaced it. Pure; it never changes what is stored.
 */
export type Upcaster = (event: TrailEvent) => VersionedEvent

/**
 * The upcasters of one kind of record, by the stored type and version they start from, e.g.
 * `'OldDeviceProved@1'`. A type without an entry is at its current version.
 */
export type Upcasters = Readonly<Record<string, Upcaster>>

/** An upcaster that never reaches a current version is a mistake in the table: this many steps are allowed. */
const maxSteps = 100

const keyOf = ({ event, eventVersion }: VersionedEvent) => `${event.type}@${eventVersion}`

/**
 * The event that the current code understands, from the one that is stored.
 *
 * @returns the event in its current schema; or `undefined` if the table leads in a circle.
 * @rule AUD-07
 */
export const upcast = (upcasters: Upcasters, stored: VersionedEvent): TrailEvent | undefined => {
  let versioned = stored
  for (let step = 0; step < maxSteps; step++) {
    const next = Object.hasOwn(upcasters, keyOf(versioned)) ? upcasters[keyOf(versioned)] : undefined
    if (next === undefined) return versioned.event
    versioned = next(versioned.event)
  }
  return undefined
}

/**
 * The schema version under which an event of a type is written now: one more than the highest version that an
 * upcaster starts from.
 *
 * @rule AUD-07
 */
export const currentEventVersion = (upcasters: Upcasters, type: string): number => {
  let version = 1
  while (Object.hasOwn(upcasters, `${type}@${version}`)) version++
  return version
}
