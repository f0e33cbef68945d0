import type { Json } from '../../ports/storage.ts'

/**
 * A user in OCSF: the holder of an account, or who acted. An erased name reads `[erased]`, and has no `uid`.
 *
 * @category Audit trail
 */
export interface OcsfUser {
  readonly name: string
  readonly uid?: string
  readonly type?: 'User' | 'Admin'
  readonly type_id?: number
  /** The participant. */
  readonly org?: { readonly uid: string }
}

/**
 * An authentication factor in OCSF.
 *
 * @category Audit trail
 */
export interface OcsfAuthFactor {
  readonly factor_type: string
  readonly factor_type_id: number
  readonly is_totp?: boolean
}

/**
 * A managed entity in OCSF: the record whose trail has the entry.
 *
 * @category Audit trail
 */
export interface OcsfEntity {
  readonly type: string
  readonly type_id: number
  readonly uid?: string
  readonly name?: string
  readonly user?: OcsfUser
  readonly org?: { readonly uid: string }
}

/**
 * The product that reports an event, in OCSF.
 *
 * @category Audit trail
 */
export interface OcsfProduct {
  readonly name: string
  readonly vendor_name?: string
  readonly version?: string
  readonly uid?: string
}

/**
 * An event of the Open Cybersecurity Schema Framework (OCSF), version 1.8.0, as plain JSON data. The names of its fields are the
 * schema's.
 *
 * @category Audit trail
 */
export interface OcsfEvent {
  readonly category_uid: number
  readonly category_name: string
  readonly class_uid: number
  readonly class_name: string
  readonly activity_id: number
  /** The caption of `activity_id`; of 99 (Other) the name of the event or operation in the trail. */
  readonly activity_name: string
  /** `class_uid * 100 + activity_id`. */
  readonly type_uid: number
  readonly type_name: string
  readonly severity_id: number
  readonly severity: string
  /** 1 for what was done, 2 for a refusal or a failed attempt. */
  readonly status_id: 1 | 2
  readonly status: 'Success' | 'Failure'
  /** Why it failed: the reason in the trail, which the caller did not see. */
  readonly status_code?: string
  /** Epoch milliseconds. */
  readonly time: number
  readonly message: string
  readonly metadata: {
    readonly version: string
    readonly product: OcsfProduct
    /** Unique to the entry: a second delivery has the same. */
    readonly uid: string
    /** The entry's place: participant, kind and id of the record, and `seq`. */
    readonly original_event_uid: string
    /** The type of the event in the trail. */
    readonly event_code: string
    readonly log_name: string
    /** The version of the event's schema. */
    readonly log_version: string
    /** The same for all entries of one operation. */
    readonly correlation_uid: string
    /** The entry's number in its trail. */
    readonly sequence: number
    /** The participant. */
    readonly tenant_uid: string
  }
  /** Who acted; absent for a caller who was not signed in. */
  readonly actor?: { readonly user: OcsfUser }
  /** Where the call came from, if the host said so and it is not erased. */
  readonly src_endpoint?: { readonly ip: string } | { readonly name: string }
  readonly http_request?: { readonly uid?: string; readonly user_agent?: string }
  /** The account, in the classes that have one. */
  readonly user?: OcsfUser
  /** Of Authentication: what was signed in to, or the product where the trail does not say. */
  readonly service?: { readonly name: string }
  readonly session?: {
    readonly uid: string
    readonly created_time?: number
    readonly expiration_time?: number
    readonly expiration_reason?: string
  }
  readonly is_mfa?: boolean
  readonly auth_factors?: readonly OcsfAuthFactor[]
  /** Of User Access Management: the business user groups. */
  readonly privileges?: readonly string[]
  /** Of Entity Management: the record. */
  readonly entity?: OcsfEntity
  /** What the schema has no field for: the rule, the record, and fields of the event by their own names. */
  readonly unmapped: { readonly [name: string]: Json }
}
