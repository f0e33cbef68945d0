import type { Notice } from '../ports/mailer.ts'
import type { PersonalDataErased } from '../ports/personal-data.ts'
import type { RecordKey, StoredRecord, TrailEvent } from '../ports/storage.ts'

/**
 * A record as it was loaded: its key, and the stored record.
 *
 * @rule AUD-01
 */
export interface LoadedRecord {
  readonly key: RecordKey
  readonly before: StoredRecord | undefined
}

/** A change to one record. */
export interface RecordChange extends LoadedRecord {
  readonly events: readonly TrailEvent[]
  /**
   * The state after the events, with its personal data. The stored state is the fold of the stored events.
   */
  readonly after: unknown
  /** The vault after the events: exactly the credentials to which the state refers. */
  readonly vault: StoredRecord['vault']
  /** The personal data to erase from the trail, and the kinds to erase from the vault as well. */
  readonly erase?: Pick<PersonalDataErased, 'through' | 'held'>
  /** The notices that the events require. */
  readonly notices?: readonly Notice[]
}
