/** The audit's limits: pages, counts, many findings, and records that are written while it reads. */
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { trailVerifier } from '../../src/aggregates.ts'
import type { ParticipantKey, Refusal, ResultAsync, StoragePort, TrailEntry } from '../../src/index.ts'
import { checkpointBuilder, manifestLine, parseManifestLine } from '../../src/integrity/checkpoint.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { sqliteStorage } from '../../src/stores/sqlite.ts'
import { booksOf, everyKind } from '../support/all-kinds.ts'
import { codeOf, good, refusal, type TestService, testService } from '../support/test-service.ts'
import { registered } from '../support/user-journeys.ts'

const takenBy = async ({ auth }: Pick<TestService, 'auth'>) => {
  const manifest: string[] = []
  return {
    checkpoint: await good(auth.audit.checkpoint({ keep: (lines) => void manifest.push(...lines) })),
    manifest,
  }
}

test('AUD-02 · missing entries count towards the limit of findings, and the rest of such a trail is not verified', () => {
  const key = { participant: 'B01234', kind: 'participant', id: 'B01234' } as const
  const record = { version: 1_000_000, head: 'f'.repeat(64), vault: {}, state: { stage: 'Unknown' } }
  const verifier = trailVerifier(key, record)
  let taken = 0
  while (!verifier.isFull() && taken < 1_000) {
    taken++
    const event = { type: 'MaximumSet', at: 0, rule: 'QTA-01', maximum: 1 } as const
    const entry: TrailEntry = {
      seq: 2 * taken,
      actor: 'x',
      operationId: '1',
      event,
      eventVersion: 1,
      hash: 'f'.repeat(64),
    }
    verifier.add(entry)
  }
  expect(taken).toBe(100)
})

test.each([1, 2, 3, 4, 5, 7, 1_000])(
  'AUD-01 · pages of %d records list every record once and never exceed the limit',
  async (limit) => {
    const o = await everyKind()
    const all = await booksOf(o)
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await good(o.auth.audit.records({ limit, after }))
      expect(page.records.length).toBeLessThanOrEqual(limit)
      seen.push(...page.records.map(({ participant, kind, id }) => `${participant} ${kind} ${id}`))
      after = page.after
      if (after === undefined) break
    }
    expect(seen).toEqual(all.map(({ key: { participant, kind, id } }) => `${participant} ${kind} ${id}`))
  },
)

test('AUD-01, API-01 · a cursor of another participant is refused in a query for one participant', async () => {
  const { auth } = await everyKind()
  const cursorOf = (participant: string) => JSON.stringify([participant, 'account', ''])
  type Page = { readonly participant?: ParticipantKey; readonly after: string }
  const reads: readonly ((page: Page) => ResultAsync<unknown, Refusal>)[] = [
    (page) => auth.audit.records(page),
    (page) => auth.audit.verify(page),
  ]
  for (const read of reads) {
    expect(await refusal(read({ participant: 'B01234', after: cursorOf('B09999') }))).toMatchObject({
      code: 'malformed-input',
      field: 'after',
    })
    expect(await codeOf(read({ participant: 'B01234', after: cursorOf('B01234') }))).toBe('ok')
    expect(await codeOf(read({ after: cursorOf('B09999') }))).toBe('ok')
  }
})

describe('AUD-02 · a line of a checkpoint manifest', () => {
  const head = 'f'.repeat(64)

  test('is read back as it was written, and no other text is accepted', () => {
    const line = manifestLine({ participant: 'B01234', kind: 'account', id: 'B0123401', version: 7, head })
    expect(parseManifestLine(line)).toEqual({
      participant: 'B01234',
      kind: 'account',
      id: 'B0123401',
      version: 7,
      head,
    })
    const odd: readonly unknown[] = [
      ['B01234', 'account', 5, 7, head],
      ['B01234', 'account', null, 7, head],
      ['B01234', 'account', 'B0123401', 7, 5],
      ['B01234', 'account', 'B0123401', 7, null],
      [5, 'account', 'B0123401', 7, head],
      ['B01234', 'person', 'B0123401', 7, head],
      ['B01234', 'account', 'B0123401', 7.5, head],
      ['B01234', 'account', 'B0123401', '7', head],
      ['B01234', 'account', 'B0123401', 7, head, 1],
      {},
      null,
    ]
    for (const each of odd) expect(parseManifestLine(JSON.stringify(each))).toBeUndefined()
    for (const text of ['', '[', ` ${line}`, `${line} `, line.replace(',7,', ',7.0,')])
      expect(parseManifestLine(text)).toBeUndefined()
  })

  test('is counted by the root but never looked up if it names no record', async () => {
    const service = testService()
    const manifest = ['["B01234","account",5,1,"x"]', '["B01234","account","B0123401",1,5]']
    const builder = checkpointBuilder(0)
    for (const line of manifest) builder.add(line)
    const answer = await good(service.auth.audit.verifyCheckpoint({ checkpoint: builder.build(), manifest }))
    expect(answer).toEqual({ manifestValid: true, records: 0, entries: 0, findings: [], more: 0 })
  })
})

test('AUD-02 · a record created between two reads of the manifest is verified', async () => {
  const inner = memoryStorage()
  let hidden = 0
  const storage: StoragePort = {
    ...inner,
    load: async (keys) => {
      const records = await inner.load(keys)
      if (hidden-- <= 0) return records
      return records.map(() => undefined)
    },
  }
  const service = testService({ storage })
  await registered(service, 'B0123401')
  const kept = await takenBy(service)
  hidden = 1
  expect(await good(service.auth.audit.verifyCheckpoint(kept))).toMatchObject({
    manifestValid: true,
    findings: [],
    records: kept.manifest.length,
  })
  hidden = 1
  const one = await good(service.auth.audit.verify({ userId: 'B0123401' }))
  expect(one).toMatchObject({ records: 1, findings: [] })
  expect(one.entries).toBeGreaterThan(0)
})

test('AUD-02 · of 1,300 findings 1,000 are listed and the rest are counted', async () => {
  const db = new Database(':memory:')
  const service = testService({ storage: sqliteStorage(db) })
  for (let i = 0; i < 650; i++) {
    const userId = `B${10_000 + Math.floor(i / 50)}${String(i % 50).padStart(2, '0')}`
    await good(service.auth.registry.register({ userId, role: 'User', origin: 'imported', by: 'HKEX' }))
  }
  const kept = await takenBy(service)
  db.exec(
    `UPDATE ccass_2fa_record SET vault = '{"more":"x"}', state = json_set(state, '$.more', 1) WHERE kind = 'account'`,
  )
  const { findings, more } = await good(service.auth.audit.verifyCheckpoint(kept))
  expect([findings.length, more]).toEqual([1_000, 300])
})

test('AUD-02 · an unreadable record is located by the record before it, or by none if it is the first', async () => {
  const found = async (id: string) => {
    const db = new Database(':memory:')
    const service = testService({ storage: sqliteStorage(db) })
    for (const userId of ['B0123401', 'B0123402']) await registered(service, userId)
    db.exec(`UPDATE ccass_2fa_record SET state = '{' WHERE kind = 'account' AND id = '${id}'`)
    const { findings } = await good(service.auth.audit.verify({ participant: 'B01234' }))
    return findings.find(({ record }) => record.id === id)
  }
  expect(await found('B0123402')).toMatchObject({ code: 'record-unreadable', after: 'B0123401' })
  const first = await found('B0123401')
  expect(first).toMatchObject({ code: 'record-unreadable' })
  expect(first).not.toHaveProperty('after')
})
