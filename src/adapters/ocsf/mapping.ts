import type { RecordEvents } from '../../aggregates.ts'
import type { RecordKind, TrailEvent } from '../../ports/storage.ts'
import type { Activity, Severity } from './classes.ts'
import type { OcsfEvent } from './event.ts'

/** What an event contributes beyond its classification. */
export type Details = Partial<
  Pick<OcsfEvent, 'service' | 'session' | 'is_mfa' | 'auth_factors' | 'privileges' | 'entity' | 'unmapped'>
>

/** When a row applies: in words, and as a test of the event. */
export interface Condition<Event> {
  readonly says: string
  readonly holds: (event: Event) => boolean
}

/** How an event is reported. */
export interface MappingRow<Event> {
  /** Absent: in all other cases. */
  readonly when?: Condition<Event>
  readonly activity: Activity
  /** Of the activity Other: its name, by default the type of the event. */
  readonly name?: string
  /** What happened, in a few words. */
  readonly says: string
  /** Of a failure: its code. */
  readonly failure?: string | ((event: Event) => string)
  /** By default Informational, and Low for a failure. */
  readonly severity?: Severity
  /** Only what is named here leaves the trail: personal data of profiles and forms, vault names and digests stay. */
  readonly details?: (event: Event) => Details
}

/** Of one type of event: the first row that applies decides, and the last always applies. */
export type Mapping<Event> = readonly [...MappingRow<Event>[], MappingRow<Event>]

/** The events of a kind that have a type. */
export type EventOf<Kind extends RecordKind, Type extends string> = Extract<
  RecordEvents[Kind],
  { readonly type: Type }
>

/** A mapping for each type of event of a kind of record: one that is missing does not compile. */
export type KindMapping<Kind extends RecordKind> = {
  readonly [Type in RecordEvents[Kind]['type']]: Mapping<EventOf<Kind, Type>>
}

/** A condition on one field. */
export const fieldIs = <Event, Field extends keyof Event & string>(
  field: Field,
  ...values: readonly (Event[Field] & string)[]
): Condition<Event> => ({
  says: `\`${field}\` is ${values.map((value) => `\`${value}\``).join(' or ')}`,
  holds: (event) => values.some((value) => value === event[field]),
})

/**
 * One row for each operation that can be refused, and one for those that this version does not know.
 *
 * @param activities - of each operation.
 */
export const refusedOperations = <
  Event extends TrailEvent & { readonly operation: string; readonly reason: string },
>(
  activities: Readonly<Record<string, Activity>>,
  row: Pick<MappingRow<Event>, 'says' | 'severity' | 'details'> & { readonly otherwise: Activity },
): Mapping<Event> => {
  const { otherwise, details, ...rest } = row
  const common = {
    ...rest,
    failure: ({ reason }: Event) => reason,
    details: (event: Event): Details => {
      const more = details?.(event) ?? {}
      return { ...more, unmapped: { operation: event.operation, ...more.unmapped } }
    },
  }
  const rows = Object.entries(activities).map(
    ([operation, activity]): MappingRow<Event> => ({
      ...common,
      when: {
        says: `\`operation\` is \`${operation}\``,
        holds: (event) => event.operation === operation,
      },
      activity,
      name: operation,
    }),
  )
  return [...rows, { ...common, activity: otherwise }]
}
