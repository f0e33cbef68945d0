/**
 * Entries of the audit trail as events of the Open Cybersecurity Schema Framework (OCSF), for a system that monitors
 * security events (SIEM). Pure: it runs wherever the library runs.
 *
 * @module ccass-2fa/ocsf
 */
import type { FeedEntry } from '../aggregates.ts'
import type { PersonalDataErased } from '../ports/personal-data.ts'
import type { RecordKind } from '../ports/storage.ts'
import { accountMapping, commandRefused } from './ocsf/account.ts'
import {
  authorisationMapping,
  eserviceMapping,
  inboxMapping,
  participantMapping,
  pendingRequestsMapping,
  referenceCounterMapping,
  requestMapping,
} from './ocsf/administration.ts'
import {
  category,
  classificationOf,
  entityTypes,
  schemaVersion,
  severities,
  userTypes,
} from './ocsf/classes.ts'
import type { OcsfEntity, OcsfEvent, OcsfProduct, OcsfUser } from './ocsf/event.ts'
import type { KindMapping, Mapping, MappingRow } from './ocsf/mapping.ts'
import { sourceEndpoint } from './ocsf/source-endpoint.ts'
import { checkOptionNames } from './support/known-options.ts'

export type { OcsfAuthFactor, OcsfEntity, OcsfEvent, OcsfProduct, OcsfUser } from './ocsf/event.ts'

/**
 * What {@link toOcsf} needs to know of the host.
 *
 * @category Audit trail
 */
export interface OcsfOptions {
  /** What reports the events: your system, with its version. Default: `{ name: 'ccass-2fa' }`. */
  readonly product?: OcsfProduct
}

/**
 * A row of the mapping: how a type of event is reported, and in which case.
 *
 * @category Audit trail
 */
export interface OcsfMapping {
  readonly kind: RecordKind
  /** The type of the event in the trail. */
  readonly event: string
  /** In which case; absent: in all others. */
  readonly when?: string
  /** Class and activity, e.g. `Authentication: Logon`. */
  readonly type: string
  readonly typeUid: number
  readonly status: 'Success' | 'Failure'
  readonly severity: string
  /** What the `message` begins with. */
  readonly message: string
}

const mappings: { readonly [Kind in RecordKind]: KindMapping<Kind> } = {
  account: accountMapping,
  refusals: { CommandRefused: commandRefused },
  participant: participantMapping,
  request: requestMapping,
  'pending-requests': pendingRequestsMapping,
  authorisation: authorisationMapping,
  eservice: eserviceMapping,
  'reference-counter': referenceCounterMapping,
  inbox: inboxMapping,
}

/** Personal data can be erased from a record of any kind. */
const erasure: Mapping<PersonalDataErased> = [
  {
    activity: 'Entity Management: Update',
    says: 'Personal data erased',
    details: ({ through, held, reason }) => ({ unmapped: { through: { ...through }, held, reason } }),
  },
]

/** An event that this version does not know, written by a later one. */
const unknown: Mapping<FeedEntry['event']> = [
  { activity: 'Entity Management: Other', says: 'Event of a later version' },
]

type AnyMapping = Mapping<FeedEntry['event']>

const mappingOf = ({ record, event }: FeedEntry): AnyMapping => {
  // The casts: a mapping takes events of its own type, and it is looked up by the type of this event.
  if (event.type === 'PersonalDataErased') return erasure as AnyMapping
  const ofKind = mappings[record.kind] as Readonly<Record<string, AnyMapping>>
  return (Object.hasOwn(ofKind, event.type) ? ofKind[event.type] : undefined) ?? unknown
}

const erased = '[erased]'

const userOf = (name: string): OcsfUser => (name === erased ? { name } : { name, uid: name })

/** The holder of the account that a record belongs to. */
const holderOf = ({ record, event }: FeedEntry): OcsfUser => {
  const org = { uid: record.participant }
  if (event.type !== 'Registered') return { ...userOf(record.id), org }
  const type = event.role === 'DelegatedAdministrator' ? 'Admin' : 'User'
  return { ...userOf(record.id), type, type_id: userTypes[type], org }
}

const entityKinds: Readonly<Record<Exclude<RecordKind, 'account' | 'refusals' | 'participant'>, string>> = {
  request: 'DMS request',
  'pending-requests': "a maker's pending DMS requests",
  authorisation: 'DMS Authorisation Code',
  eservice: 'eService form',
  'reference-counter': 'eService reference counter',
  inbox: 'eService inbox',
}

const entityOf = (entry: FeedEntry): OcsfEntity => {
  const { kind, id } = entry.record
  if (kind === 'participant')
    return { type: 'Organization', type_id: entityTypes.Organization, uid: id, org: { uid: id } }
  if (kind === 'account' || kind === 'refusals')
    return { type: 'User', type_id: entityTypes.User, uid: id, user: holderOf(entry) }
  return { type: entityKinds[kind], type_id: entityTypes.Other, uid: id }
}

const requestOf = ({ context }: FeedEntry): Pick<OcsfEvent, 'src_endpoint' | 'http_request'> => {
  if (context === undefined || typeof context === 'string') return {}
  const { source, userAgent, requestId } = context
  const http = {
    ...(requestId === undefined ? {} : { uid: requestId }),
    ...(userAgent === undefined ? {} : { user_agent: userAgent }),
  }
  return {
    ...(source === undefined ? {} : { src_endpoint: sourceEndpoint(source) }),
    ...(Object.keys(http).length === 0 ? {} : { http_request: http }),
  }
}

const metadataOf = (entry: FeedEntry, product: OcsfProduct): OcsfEvent['metadata'] => {
  const { record, seq, operationId, event, eventVersion } = entry
  const place = [record.participant, record.kind, record.id, seq]
    .map((part) => encodeURIComponent(part))
    .join('/')
  return {
    version: schemaVersion,
    product,
    // After a restored backup another entry can have the same place, never the same operation.
    uid: `${place}/${operationId}`,
    original_event_uid: place,
    event_code: event.type,
    log_name: 'ccass-2fa audit trail',
    log_version: String(eventVersion),
    correlation_uid: operationId,
    sequence: seq,
    tenant_uid: record.participant,
  }
}

/**
 * An entry of the feed as an event of OCSF 1.8.0: Authentication (3002), Account Change (3001), Entity Management (3004)
 * or User Access Management (3005). Refusals and failed attempts have `status_id` 2 and the reason of the trail as
 * `status_code`.
 *
 * Of personal data it contains who acted and, unless erased, where the call came from. Values of profiles and forms,
 * remarks, digests and names of vault entries are never in it.
 *
 * @param entry - an entry of `audit.feed`.
 * @param options - what reports the events.
 * @returns plain data; an event that this version does not know is reported as Entity Management: Other.
 * @throws TypeError for an unknown option.
 * @example
 * ```ts
 * for await (const page of feedPages(auth.audit)) {
 *   if (page.isErr()) break
 *   for (const entry of page.value.entries) console.log(JSON.stringify(toOcsf(entry)))
 * }
 * ```
 * @rule AUD-09
 * @category Audit trail
 */
export const toOcsf = (entry: FeedEntry, options: OcsfOptions = {}): OcsfEvent => {
  checkOptionNames('toOcsf', options, ['product'])
  const { product = { name: 'ccass-2fa' } } = options
  const { event, record, actor, context } = entry
  const row = mappingOf(entry).find(({ when }) => when?.holds(event) ?? true) ?? unknown[0]
  const { className, classUid, activityName, activityId } = classificationOf(row.activity)
  const { severity, status } = outcomeOf(row)
  const code = typeof row.failure === 'function' ? row.failure(event) : row.failure
  const { unmapped, entity = entityOf(entry), ...details } = row.details?.(event) ?? {}
  const ofClass =
    className === 'Entity Management'
      ? { entity }
      : {
          user: holderOf(entry),
          ...(className === 'Authentication' ? { service: { name: product.name } } : {}),
        }
  return {
    category_uid: category.uid,
    category_name: category.name,
    class_uid: classUid,
    class_name: className,
    activity_id: activityId,
    activity_name: activityName === 'Other' ? (row.name ?? event.type) : activityName,
    type_uid: classUid * 100 + activityId,
    type_name: row.activity,
    severity_id: severities[severity],
    severity,
    status_id: status === 'Success' ? 1 : 2,
    status,
    ...(code === undefined ? {} : { status_code: code }),
    time: event.at,
    message: code === undefined ? row.says : `${row.says}: ${code}`,
    metadata: metadataOf(entry, product),
    ...(actor === 'caller' ? {} : { actor: { user: userOf(actor) } }),
    ...requestOf(entry),
    ...ofClass,
    ...details,
    unmapped: {
      rule: event.rule,
      record: { participant: record.participant, kind: record.kind, id: record.id },
      ...(context === erased ? { context } : {}),
      ...unmapped,
    },
  }
}

const outcomeOf = <Event>({ failure, severity }: MappingRow<Event>) =>
  failure === undefined
    ? ({ status: 'Success', severity: severity ?? 'Informational' } as const)
    : ({ status: 'Failure', severity: severity ?? 'Low' } as const)

const tableRow =
  (kind: RecordKind, event: string) =>
  (row: MappingRow<never>): OcsfMapping => {
    const { classUid, activityId } = classificationOf(row.activity)
    return {
      kind,
      event,
      ...(row.when === undefined ? {} : { when: row.when.says }),
      type: row.activity,
      typeUid: classUid * 100 + activityId,
      ...outcomeOf(row),
      message: row.says,
    }
  }

/**
 * The mapping as data: of each type of event the first row that applies decides. `PersonalDataErased`, which can be in
 * the trail of any kind of record, is reported as Entity Management: Update.
 *
 * @rule AUD-09
 * @category Audit trail
 */
export const ocsfMappings: readonly OcsfMapping[] = /* @__PURE__ */ Object.entries(mappings).flatMap(
  ([kind, ofKind]) =>
    // Read by name: the types of the events differ from kind to kind, and the keys are kinds of records.
    Object.entries(ofKind as Readonly<Record<string, Mapping<never>>>).flatMap(([event, rows]) =>
      rows.map(tableRow(kind as RecordKind, event)),
    ),
)

/**
 * The version of the OCSF schema that the events follow.
 *
 * @rule AUD-09
 * @category Audit trail
 */
export const ocsfVersion: string = schemaVersion
