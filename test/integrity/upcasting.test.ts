/** Trails written under older event names and schemas are read, folded and verified (AUD-07). */
import { expect, test } from 'vitest'
import { aggregates } from '../../src/aggregates.ts'
import { genesisHash, newEntries } from '../../src/integrity/trail-hash.ts'
import { currentEventVersion, type Upcasters, upcast } from '../../src/integrity/upcasting.ts'
import { trailVerifierOver } from '../../src/integrity/verifier.ts'
import type { RecordKey, TrailEvent } from '../../src/ports/storage.ts'

const key: RecordKey = { participant: 'B01234', kind: 'participant', id: 'B01234' }
const at = Date.UTC(2023, 5, 5)

/** Upcasters as if the quota's events had once had another name and another field. */
const upcasters: Upcasters = {
  'QuotaSet@1': (event) => {
    const { total, ...rest } = event as TrailEvent & { readonly total: number }
    return { event: { ...rest, type: 'MaximumSet', maximum: total } as TrailEvent, eventVersion: 1 }
  },
  'QuotaSet@0': (event) => ({ event, eventVersion: 1 }),
}
const renamed = { ...aggregates, participant: { ...aggregates.participant, upcasters } }

const older = { type: 'QuotaSet', at, rule: 'QTA-01', total: 7 } as unknown as TrailEvent
const newer = { type: 'MaximumSet', at: at + 1, rule: 'QTA-01', maximum: 9 } as TrailEvent
const ids = {
  type: 'UserIdsAllocated',
  at,
  rule: 'ID-12',
  ids: [{ userId: 'B0123401', role: 'User' }],
} as TrailEvent

const by = (event: TrailEvent) => ({ actor: 'HKEX', event })

/** A trail whose first entries were written before the renaming. */
const written = () => {
  const before = newEntries({ version: 0, head: genesisHash(key) }, 'one', [older, ids].map(by), {})
  const last = before.at(-1)
  const after = newEntries({ version: 2, head: last?.hash ?? '' }, 'two', [newer].map(by), upcasters)
  const entries = [...before, ...after]
  const head = entries.at(-1)?.hash ?? ''
  const state = { stage: 'Known', allocated: { B0123401: 'User' }, maximum: 9 }
  return { entries, record: { version: 3, head, vault: {}, state } }
}

const findings = (over: typeof aggregates, entries: readonly unknown[], record: unknown) => {
  const verifier = trailVerifierOver(over)(key, record)
  for (const entry of entries) verifier.add(entry)
  return verifier.finish().findings.map(({ code }) => code)
}

test('AUD-07, AUD-01, AUD-02 · a trail written with an older event name can still be replayed and verified', () => {
  const { entries, record } = written()
  expect(entries.map(({ event, eventVersion }) => `${event.type}@${eventVersion}`)).toEqual([
    'QuotaSet@1',
    'UserIdsAllocated@1',
    'MaximumSet@1',
  ])
  expect(findings(renamed, entries, record)).toEqual([])
})

test('AUD-07 · without the upcaster the replayed state differs', () => {
  const { entries, record } = written()
  expect(findings(aggregates, entries, record)).not.toEqual([])
})

test('AUD-07, AUD-02 · the hash covers the schema version: a changed version is found', () => {
  const { entries, record } = written()
  const changed = entries.map((entry, i) => (i === 0 ? { ...entry, eventVersion: 2 } : entry))
  expect(findings(renamed, changed, record)).toContain('entry-changed')
})

test('AUD-07 · a version later than the current one is not replayed, also after a conversion', () => {
  const event = { type: 'MaximumSet', at, rule: 'QTA-01', maximum: 9 } as TrailEvent
  expect(upcast(upcasters, { event, eventVersion: 1 })).toBe(event)
  for (const eventVersion of [2, 99, Number.MAX_SAFE_INTEGER])
    expect(upcast(upcasters, { event, eventVersion })).toBeUndefined()
  const beyond: Upcasters = { 'MaximumSet@1': (old) => ({ event: old, eventVersion: 3 }) }
  expect(upcast(beyond, { event, eventVersion: 1 })).toBeUndefined()
})

test('AUD-07 · an entry without a schema version is malformed', () => {
  const { entries, record } = written()
  const [{ eventVersion: _, ...first } = { eventVersion: 1 }, ...rest] = entries
  expect(findings(renamed, [first, ...rest], record)).toContain('entry-malformed')
})

test('AUD-07 · upcasters are applied in sequence, a circular sequence is refused, and a new event has the next version', () => {
  const two: Upcasters = {
    'A@1': (event) => ({ event: { ...event, type: 'B' }, eventVersion: 1 }),
    'B@1': (event) => ({ event: { ...event, rule: 'AUD-02' }, eventVersion: 2 }),
    'C@1': (event) => ({ event, eventVersion: 1 }),
  }
  const event = (type: string): TrailEvent => ({ type, at, rule: 'AUD-01' })
  expect(upcast(two, { event: event('A'), eventVersion: 1 })).toEqual({ type: 'B', at, rule: 'AUD-02' })
  expect(upcast(two, { event: event('D'), eventVersion: 1 })).toEqual(event('D'))
  expect(upcast(two, { event: event('C'), eventVersion: 1 })).toBeUndefined()
  expect(['A', 'B', 'D'].map((type) => currentEventVersion(two, type))).toEqual([2, 2, 1])
})
