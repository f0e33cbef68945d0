import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { PersonalReference } from '../ports/personal-data.ts'
import type { RecordKey, TrailEntry, TrailEvent } from '../ports/storage.ts'
import { currentEventVersion, type Upcasters } from './upcasting.ts'

/**
 * The SHA-256 of a text, in hex.
 *
 * @rule AUD-02
 */
export const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

/** The format's name and version; a different format of the chain gets a different number. */
const format = 'ccass-2fa/trail/1'

/**
 * The hash that the first entry of a record's trail is chained to. In another place, the chain is invalid
 * (AUD-02).
 */
export const genesisHash = ({ participant, kind, id }: RecordKey): string =>
  digest(format + canonicalJson([participant, kind, id]))

/** The hash of an entry: over the previous hash and everything except personal data (AUD-02, PRI-02). */
export const entryHash = (
  before: string,
  { hash: _, personal: __, ...entry }: Omit<TrailEntry, 'hash'> & { hash?: string },
) => digest(before + canonicalJson(entry))

/** The contents of new trail entries, without their number and hash. */
export interface EntryContents {
  readonly actor: TrailEntry['actor']
  readonly event: TrailEvent
  readonly context?: PersonalReference
  readonly personal?: TrailEntry['personal'] & {}
}

/** Creates the next entries of a trail, each chained to the one before it. */
export const newEntries = (
  trail: { readonly version: number; readonly head: string },
  operationId: string,
  contents: readonly EntryContents[],
  upcasters: Upcasters,
): readonly TrailEntry[] => {
  let { version: seq, head } = trail
  return contents.map(({ actor, event, context, personal }) => {
    const entry = {
      seq: ++seq,
      actor,
      operationId,
      event,
      eventVersion: currentEventVersion(upcasters, event.type),
      ...(context === undefined ? {} : { context }),
    }
    head = entryHash(head, entry)
    return { ...entry, ...(personal === undefined ? {} : { personal }), hash: head }
  })
}
