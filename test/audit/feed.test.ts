/** The audit feed: every entry, in order, from a cursor on, while others write. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { feedPages } from 'ccass-2fa/audit'
import { sqliteAsyncStorage } from 'ccass-2fa/sqlite-async'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { FeedEntry } from '../../src/aggregates.ts'
import { type Audit, type RecordKey, recordKinds, type StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { everyKind } from '../support/all-kinds.ts'
import { branches } from '../support/branches.ts'
import { sqlite, yielding } from '../support/storages.ts'
import { good, refusal, testService } from '../support/test-service.ts'
import { initialised, loggedIn, user, wrongPasswords } from '../support/user-journeys.ts'

const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-feed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const asyncSqlite = () => sqliteAsyncStorage(createClient({ url: `file:${join(folder, `${++files}.db`)}` }))

const stores: readonly (readonly [string, () => StoragePort])[] = [
  ['memory', memoryStorage],
  ['SQLite', sqlite],
  ['asynchronous SQLite', asyncSqlite],
]

const nameOf = ({ record: { participant, kind, id }, seq, hash }: FeedEntry) =>
  `${participant} ${kind} ${id} ${seq} ${hash}`

/** Reads everything from a cursor on. */
const readAll = async (audit: Audit, after?: string, limit = 7) => {
  const entries: FeedEntry[] = []
  let last = after
  for await (const page of feedPages(audit, { after, limit })) {
    const read = page._unsafeUnwrap()
    expect(read.entries.length).toBeLessThanOrEqual(limit)
    entries.push(...read.entries)
    last = read.after
  }
  return { entries, after: last }
}

/** The contents of all trails, record by record. */
const trailsOf = async (audit: Audit) => {
  const names: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await good(audit.records({ after, limit: 50 }))
    for (const { participant, kind, id } of page.records) {
      const record = { participant, kind, id } as RecordKey
      const trail = await good(audit.trail({ record, limit: 1_000 }))
      names.push(...trail.map(({ seq, hash }) => `${participant} ${kind} ${id} ${seq} ${hash}`))
    }
    if (page.after === undefined) return names
    after = page.after
  }
}

/** Checks that the entries of each record are numbered 1, 2, 3, … */
const expectOrder = (entries: readonly FeedEntry[]) => {
  const versions = new Map<string, number>()
  for (const { record, seq } of entries) {
    const key = JSON.stringify([record.participant, record.kind, record.id])
    expect(seq).toBe((versions.get(key) ?? 0) + 1)
    versions.set(key, seq)
  }
}

test.each(stores)(
  'AUD-09 · on %s the feed has every entry of every kind of record once, in order for each record, from any cursor on',
  async (_, open) => {
    const { auth } = await everyKind(open())
    const { entries } = await readAll(auth.audit)
    expectOrder(entries)
    expect(new Set(entries.map(({ record }) => record.kind))).toEqual(new Set(recordKinds))
    expect(entries.map(nameOf).sort()).toEqual((await trailsOf(auth.audit)).sort())
    for (const limit of [1, 13, 1_000])
      expect((await readAll(auth.audit, undefined, limit)).entries.map(nameOf)).toEqual(entries.map(nameOf))

    // From the middle, as another process would continue after a crash.
    const { after } = await good(auth.audit.feed({ limit: 20 }))
    const resumed = await readAll(auth.audit, after)
    expect(resumed.entries.map(nameOf)).toEqual(entries.slice(20).map(nameOf))

    // At the end there are no entries and the cursor is unchanged; later calls return only new entries.
    const end = await good(auth.audit.feed({ after: resumed.after }))
    expect(end).toEqual({ entries: [], after: resumed.after, more: false })
    await wrongPasswords({ auth } as never, { userId: 'B0123499' }, 1)
    expect((await readAll(auth.audit, end.after)).entries).toMatchObject([
      {
        record: { kind: 'refusals', id: 'B0123499' },
        event: { type: 'CommandRefused', reason: 'unknown-user' },
      },
    ])
  },
)

test('AUD-09, PRI-01 · a sign-in refused for an unknown User ID has its source and reason, and an erased source is shown as erased', async () => {
  const { auth } = testService()
  const from = { source: '203.0.113.9', userAgent: 'curl/8.5' }
  const entered = { userId: 'BNK99901', password: 'Guess-Horse-1!', system: 'CCASS/CCMS' } as const
  await refusal(auth.signIn.begin({ ...entered, context: from }))
  const { entries } = await good(auth.audit.feed())
  expect(entries).toMatchObject([
    { actor: 'caller', context: from, event: { type: 'CommandRefused', reason: 'unknown-user' } },
  ])
  expect(JSON.stringify(entries)).not.toContain(entered.password)

  const service = testService()
  const person = await initialised(service)
  await service.auth.signIn.begin({ ...person, password: 'Guess-Horse-1!', context: from })
  const record = { participant: 'B01234', kind: 'account', id: user } as const
  const [before] = (await readAll(service.auth.audit)).entries.slice(-1)
  expect(before?.context).toEqual(from)
  await good(service.auth.personalData.erase({ userId: user, by: 'operator' }))
  const after = (await readAll(service.auth.audit)).entries.find(
    ({ record: { kind, id }, seq }) => kind === record.kind && id === record.id && seq === before?.seq,
  )
  expect(after?.context).toBe('[erased]')
})

test('AUD-09 · a cursor whose entry is gone starts at the beginning and reports it; a malformed cursor is refused', async () => {
  const service = testService()
  const person = await initialised(service)
  const { after, entries } = await good(service.auth.audit.feed())
  // The same store restored from a backup: fewer entries, then different ones at their positions.
  const restored = testService()
  await initialised(restored, 'B0123499')
  await loggedIn(restored, { ...person, userId: 'B0123499' } as never).catch(() => undefined)
  const page = await good(restored.auth.audit.feed({ after }))
  expect(page.restarted).toBe(true)
  expect(page.entries[0]?.seq).toBe(1)
  expect(entries.length).toBeGreaterThan(0)
  for (const bad of ['', 'x', '[]', '["",""]', '["1"]', `["${'1'.repeat(5_000)}","x"]`])
    expect(await refusal(service.auth.audit.feed({ after: bad }))).toMatchObject({ code: 'malformed-input' })
  for (const limit of [0, 1_001, 1.5])
    expect(await refusal(service.auth.audit.feed({ limit }))).toMatchObject({ code: 'malformed-input' })
})

test('AUD-09, API-02 · a failing storage ends the pages with port-failed, and the previous cursor can continue', async () => {
  const inner = memoryStorage()
  let fails = false
  const storage: StoragePort = {
    ...inner,
    journal: (page) => (fails ? Promise.reject(new Error('away')) : inner.journal(page)),
  }
  const service = testService({ storage })
  await initialised(service)
  const { entries } = await readAll(service.auth.audit)
  const read: FeedEntry[] = []
  let after: string | undefined
  for (let round = 0; round < entries.length; round++)
    for await (const page of feedPages(service.auth.audit, { after, limit: 2 })) {
      if (page.isErr()) expect(page.error).toMatchObject({ code: 'port-failed', port: 'storage' })
      else {
        read.push(...page.value.entries)
        after = page.value.after
      }
      fails = !fails
    }
  expect(read.map(nameOf)).toEqual(entries.map(nameOf))
})

test.each(stores)(
  'AUD-09 · on %s a reader that crashes at any page, beside writers, gets every entry at least once and in order',
  async (_, open) => {
    const seen = branches('a crash', 'a page stored', 'ended')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ limit: fc.integer({ min: 1, max: 5 }), crashes: fc.boolean() }), {
          minLength: 3,
          maxLength: 8,
        }),
        async (steps) => {
          const service = testService({ storage: yielding(open()) })
          const people = ['B0123401', 'B0123402', 'BNK99901']
          const writers = people.map(async (userId) => {
            for (let n = 0; n < 3; n++) await wrongPasswords(service, { userId }, 1)
          })
          const delivered: FeedEntry[] = []
          let stored: string | undefined
          let writing = true
          const reader = (async () => {
            for (let round = 0; ; round++) {
              const done = !writing
              const { limit, crashes } = steps[round % steps.length] ?? { limit: 1, crashes: false }
              let crashed = false
              for await (const page of feedPages(service.auth.audit, { after: stored, limit })) {
                const { entries, after } = page._unsafeUnwrap()
                delivered.push(...entries)
                // Killed after delivering, before storing the cursor.
                if (seen.either('a crash', 'a page stored', crashes && !done)) {
                  crashed = true
                  break
                }
                stored = after
              }
              if (seen.hitIf('ended', done && !crashed)) return
              await new Promise((resolve) => setImmediate(resolve))
            }
          })()
          await Promise.all(writers)
          writing = false
          await reader
          const first = delivered.filter(
            (each, i) => delivered.findIndex((other) => nameOf(other) === nameOf(each)) === i,
          )
          expectOrder(first)
          expect(first.map(nameOf).sort()).toEqual((await trailsOf(service.auth.audit)).sort())
        },
      ),
      { numRuns: 8 },
    )
    seen.expectAll()
  },
)
