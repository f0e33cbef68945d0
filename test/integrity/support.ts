import { genesisHash, newEntries } from '../../src/integrity/trail-hash.ts'
import type { RecordKey, TrailEntry } from '../../src/ports/storage.ts'

export const key: RecordKey = { participant: 'B01234', kind: 'account', id: 'B0123401' }

/** A chain of so many entries. */
export const chainOf = (length: number): readonly TrailEntry[] =>
  newEntries(
    { version: 0, head: genesisHash(key) },
    'operation',
    Array.from({ length }, (_, at) => ({
      actor: 'bench',
      event: { type: 'SignInRefused', at, rule: 'PW-11', reason: 'wrong-password' } as const,
    })),
    {},
  )
