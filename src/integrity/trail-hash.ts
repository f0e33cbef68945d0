import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { RecordKey, TrailEntry, TrailEvent } from '../ports/storage.ts'
import { currentEventVersion, type Upcasters } from './upcasting.ts'

/** SHA-256 of a text, in hex. */
export const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

/** What every trail begins with; another format of the chain would have another number. */
const format = 'ccass-2fa/trail/1'

/** What the first entry of a record's trail hangs on: in any other place, its chain does not hold (AUD-02). */
export const genesisHash = ({ participant, kind, id }: RecordKey): string =>
  digest(format + canonicalJson([participant, kind, id]))

/** The hash of an entry, over all it says and the hash of the one before it (AUD-02). */
export const entryHash = (
  before: string,
  { hash: _, ...entry }: Omit<TrailEntry, 'hash'> & { hash?: string },
) => digest(before + canonicalJson(entry))

/** Events as the next entries of a trail, each chained to the one before it. */
export const newEntries = (
  trail: { readonly version: number; readonly head: string },
  actor: string,
  operationId: string,
  events: readonly TrailEvent[],
  upcasters: Upcasters,
): readonly TrailEntry[] => {
  let { version: seq, head } = trail
  return events.map((event) => {
    const entry = {
      seq: ++seq,
      actor,
      operationId,
      event,
      eventVersion: currentEventVersion(upcasters, event.type),
    }
    head = entryHash(head, entry)
    return { ...entry, hash: head }
  })
}
