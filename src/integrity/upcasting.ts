import type { TrailEvent } from '../ports/storage.ts'

/** An event as it was stored, with the version of its schema. */
export interface VersionedEvent {
  readonly event: TrailEvent
  readonly eventVersion: number
}

/**
 * Converts an event to the next schema version: of the same type, or of the type that replaced it. Pure; it
 * never changes stored data.
 */
export type Upcaster = (event: TrailEvent) => VersionedEvent

/**
 * The upcasters of one kind of record, by the stored type and version that they convert, e.g.
 * `'OldDeviceProved@1'`. A type without an upcaster is at its current version.
 */
export type Upcasters = Readonly<Record<string, Upcaster>>

/** The maximum number of steps: more of them mean that the table has a cycle. */
const maxSteps = 100

const keyOf = ({ event, eventVersion }: VersionedEvent) => `${event.type}@${eventVersion}`

/**
 * Converts a stored event to the current schema.
 *
 * @returns the event in its current schema; or `undefined` if its version is later than the current one, whose
 * meaning is not known here, or if the table has a cycle.
 * @rule AUD-07
 */
export const upcast = (upcasters: Upcasters, stored: VersionedEvent): TrailEvent | undefined => {
  let versioned = stored
  for (let step = 0; step < maxSteps; step++) {
    const next = Object.hasOwn(upcasters, keyOf(versioned)) ? upcasters[keyOf(versioned)] : undefined
    if (next === undefined)
      return versioned.eventVersion > currentEventVersion(upcasters, versioned.event.type)
        ? undefined
        : versioned.event
    versioned = next(versioned.event)
  }
  return undefined
}

/**
 * The schema version under which events of a type are written now: one more than the highest version that has
 * an upcaster.
 *
 * @rule AUD-07
 */
export const currentEventVersion = (upcasters: Upcasters, type: string): number => {
  let version = 1
  while (Object.hasOwn(upcasters, `${type}@${version}`)) version++
  return version
}
