import type { Notice } from '../ports/mailer.ts'
import type { PersonalDataErased } from '../ports/personal-data.ts'
import type { RecordKey, StoredRecord, TrailEvent } from '../ports/storage.ts'

/** A record as it was loaded: its key, and what is stored under it. */
export interface RecordPlace {
  readonly key: RecordKey
  readonly before: StoredRecord | undefined
}

/** What happens to one record. */
export interface RecordChange extends RecordPlace {
  readonly events: readonly TrailEvent[]
  /** The state after the events, with its personal data; what is stored is the fold of the stored events. */
  readonly after: unknown
  /** The credentials in the vault after the events: what the state refers to, and nothing else. */
  readonly vault: StoredRecord['vault']
  /** Personal data to be erased from its trail, and the kinds to be erased from its vault too. */
  readonly erase?: Pick<PersonalDataErased, 'through' | 'held'>
  /** What must be told because of them. */
  readonly notices?: readonly Notice[]
}
