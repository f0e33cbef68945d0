import type { Notice } from '../ports/mailer.ts'
import type { RecordKey, StoredRecord, TrailEvent } from '../ports/storage.ts'

/** A record as it was loaded: its key, and what is stored under it. */
export interface RecordPlace {
  readonly key: RecordKey
  readonly before: StoredRecord | undefined
}

/** What happens to one record. */
export interface RecordChange extends RecordPlace {
  readonly events: readonly TrailEvent[]
  /** The state after the events. */
  readonly after: unknown
  /** The vault after the events: what the state refers to, and nothing else. */
  readonly vault: StoredRecord['vault']
  /** What must be told because of them. */
  readonly notices?: readonly Notice[]
}
