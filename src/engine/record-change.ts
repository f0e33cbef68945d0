import type { Notice } from '../ports/mailer.ts'
import type { RecordKey, StoredRecord, TrailEvent } from '../ports/storage.ts'

/** What happens to one record. */
export interface RecordChange {
  readonly key: RecordKey
  readonly before: StoredRecord | undefined
  readonly events: readonly TrailEvent[]
  /** The state after the events. */
  readonly after: unknown
  /** The vault after the events: what the state refers to, and nothing else. */
  readonly vault: StoredRecord['vault']
  /** What must be told because of them. */
  readonly notices?: readonly Notice[]
}
