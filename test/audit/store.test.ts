/** Verifying a whole store through the service: after tampering in SQL, and while others write. */
import Database from 'libsql'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { VerifiedPage } from '../../src/audit/verify-records.ts'
import type { Authentication, StoragePort } from '../../src/index.ts'
import type { Checkpoint } from '../../src/integrity/checkpoint.ts'
import type { RecordFinding } from '../../src/integrity/finding.ts'
import type { ErasedRecord } from '../../src/integrity/personal-data.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { sqliteStorage } from '../../src/stores/sqlite.ts'
import { booksOf, everyKind } from '../support/all-kinds.ts'
import { yielding } from '../support/storages.ts'
import { codeOf, good, opened, refusal, type TestService, testService } from '../support/test-service.ts'
import { initialised, loggedIn, wrongPasswords } from '../support/user-journeys.ts'
import { expectWholeStore } from '../support/whole-store.ts'
import { inShort } from './tampering.ts'

/** Reads all pages to the end. */
const everything = async (
  { audit }: Pick<Authentication, 'audit'>,
  input: { readonly participant?: string; readonly limit?: number } = {},
): Promise<Required<Omit<VerifiedPage, 'after'>> & { readonly pages: number }> => {
  const findings: RecordFinding[] = []
  const erased: ErasedRecord[] = []
  let [records, entries, pages] = [0, 0, 0]
  for (let after: string | undefined; ; ) {
    const page = await good(audit.verify({ ...input, after }))
    findings.push(...page.findings)
    erased.push(...page.erased)
    records += page.records
    entries += page.entries
    pages++
    after = page.after
    if (after === undefined) return { records, entries, pages, findings, erased }
  }
}

const told = (findings: readonly RecordFinding[]) =>
  findings.map((finding) => `${finding.record.kind} ${finding.record.id}: ${inShort(finding)}`)

describe('a store in SQLite', () => {
  const db = new Database(':memory:')
  let service: TestService
  let rows: Readonly<Record<'record' | 'trail', readonly Readonly<Record<string, string | number>>[]>>
  const all = (table: string) => db.prepare(`SELECT * FROM ccass_2fa_${table}`).all() as never

  beforeAll(async () => {
    service = await everyKind(sqliteStorage(db))
    rows = { record: all('record'), trail: all('trail') }
  })

  beforeEach(() => {
    for (const [table, content] of Object.entries(rows)) {
      db.exec(`DELETE FROM ccass_2fa_${table}`)
      for (const row of content) {
        const places = Object.keys(row).map(() => '?')
        db.prepare(`INSERT INTO ccass_2fa_${table} VALUES (${places})`).run(...Object.values(row))
      }
    }
  })

  /** The findings after running some SQL. */
  const foundAfter = async (...statements: readonly string[]) => {
    for (const sql of statements) expect(db.prepare(sql).run().changes, sql).toBeGreaterThan(0)
    return told((await everything(service.auth)).findings)
  }
  const own = "participant = 'B01234' AND kind = 'account' AND id = 'B01234X1'"
  const lastOf = `(SELECT max(seq) FROM ccass_2fa_trail WHERE ${own})`

  test('AUD-02 · has no findings if it is unchanged, and every record is verified', async () => {
    const books = await booksOf(service)
    const entries = books.reduce((sum, { trail }) => sum + trail.length, 0)
    expect(await everything(service.auth)).toEqual({
      records: books.length,
      entries,
      pages: 1,
      findings: [],
      erased: [],
    })
    for (const limit of [1, 2, 3, 7])
      expect(await everything(service.auth, { limit })).toMatchObject({
        records: books.length,
        entries,
        findings: [],
      })
    const at = async (participant: string) => (await everything(service.auth, { participant })).records
    expect((await at('B01234')) + (await at('HKABC')) + (await at('HKEX'))).toBe(books.length)
    expect(await at('B09999')).toBe(0)
  })

  test.each([
    [
      'state',
      `UPDATE ccass_2fa_record SET state = json_set(state, '$.email', 'thief@example.com') WHERE ${own}`,
      ['state-differs'],
    ],
    ['vault', `UPDATE ccass_2fa_record SET vault = '{}' WHERE ${own}`, ['vault-differs']],
    ['head', `UPDATE ccass_2fa_record SET head = '${'0'.repeat(64)}' WHERE ${own}`, ['head-mismatch 10']],
    ['version', `UPDATE ccass_2fa_record SET version = 99 WHERE ${own}`, ['version-mismatch 99']],
    [
      'version, lowered',
      `UPDATE ccass_2fa_record SET version = 8 WHERE ${own}`,
      ['head-mismatch 8', 'state-differs', 'trail-ahead 9'],
    ],
    [
      'entry',
      `UPDATE ccass_2fa_trail SET entry = json_set(entry, '$.by', 'someone') WHERE ${own} AND seq = 5`,
      ['entry-changed 5'],
    ],
    [
      'entry, no JSON',
      `UPDATE ccass_2fa_trail SET entry = '{' WHERE ${own} AND seq = 5`,
      ['entry-unreadable 5'],
    ],
    [
      'the last entry, no JSON',
      `UPDATE ccass_2fa_trail SET entry = '' WHERE ${own} AND seq = ${lastOf}`,
      ['entry-unreadable 10'],
    ],
    ['entry gone', `DELETE FROM ccass_2fa_trail WHERE ${own} AND seq = 5`, ['entry-missing 5']],
    ['the first entry gone', `DELETE FROM ccass_2fa_trail WHERE ${own} AND seq = 1`, ['entry-missing 1']],
    ['tail gone', `DELETE FROM ccass_2fa_trail WHERE ${own} AND seq > 6`, ['tail-truncated 7']],
    ['trail gone', `DELETE FROM ccass_2fa_trail WHERE ${own}`, ['tail-truncated 1']],
    [
      'entry added',
      `INSERT INTO ccass_2fa_trail SELECT participant, kind, id, 11, json_set(entry, '$.seq', 11), NULL, 1000000 FROM ccass_2fa_trail WHERE ${own} AND seq = 10`,
      ['trail-ahead 11'],
    ],
    [
      'entry moved to another trail',
      `UPDATE ccass_2fa_trail SET id = 'B0123409' WHERE ${own} AND seq = 3`,
      ['entry-missing 3'],
    ],
  ])('AUD-02 · has a finding at the right place after a change: %s', async (_, sql, expected) => {
    expect(await foundAfter(sql)).toEqual(expected.map((each) => `account B01234X1: ${each}`))
  })

  test('AUD-02 · has a finding for two exchanged entries', async () => {
    const found = await foundAfter(
      `UPDATE ccass_2fa_trail SET seq = 1000 WHERE ${own} AND seq = 5`,
      `UPDATE ccass_2fa_trail SET seq = 5 WHERE ${own} AND seq = 6`,
      `UPDATE ccass_2fa_trail SET seq = 6 WHERE ${own} AND seq = 1000`,
    )
    expect(found).toEqual(['account B01234X1: entry-reordered 5'])
  })

  test('AUD-02 · has a finding for a removed record, for a removed trail, and for both', async () => {
    expect(await foundAfter(`DELETE FROM ccass_2fa_record WHERE ${own}`)).toEqual([
      'account B01234X1: trail-without-record',
    ])
    expect(await foundAfter(`DELETE FROM ccass_2fa_trail WHERE ${own}`)).toEqual([
      'account B01234X1: record-missing',
    ])
  })

  test('AUD-02 · has a finding for an account whose ID was never allocated', async () => {
    const first = "participant = 'HKABC' AND kind = 'participant'"
    expect(
      await foundAfter(
        `DELETE FROM ccass_2fa_record WHERE ${first}`,
        `DELETE FROM ccass_2fa_trail WHERE ${first}`,
      ),
    ).toEqual(['account HKABC101: id-never-allocated'])
  })

  test('AUD-02 · has findings for an account moved with its trail to another key', async () => {
    const moved = "participant = 'B01234', id = 'B0123488'"
    const other = "kind = 'account' AND id = 'HKABC101'"
    const found = await foundAfter(
      `UPDATE ccass_2fa_record SET ${moved} WHERE ${other}`,
      `UPDATE ccass_2fa_trail SET ${moved} WHERE ${other}`,
    )
    expect(found.sort()).toEqual([
      'account B0123488: entry-changed 1',
      'account B0123488: id-never-allocated',
      'account HKABC101: record-missing',
    ])
  })

  test('AUD-02 · has a finding for each unreadable record, by name, and the records after it are verified', async () => {
    const books = await booksOf(service)
    const broken = (ids: string) =>
      `UPDATE ccass_2fa_record SET state = 'x' WHERE kind = 'account' AND id IN (${ids})`
    for (const { key } of books) {
      const sql = `UPDATE ccass_2fa_record SET vault = '{' WHERE participant = '${key.participant}' AND kind = '${key.kind}' AND id = '${key.id}'`
      const findings = await foundAfter(sql)
      expect(findings).toEqual([`${key.kind} ${key.id}: record-unreadable`])
      expect(told((await good(service.auth.audit.verify({ record: key }))).findings)).toEqual(findings)
      db.prepare(`UPDATE ccass_2fa_record SET vault = ? WHERE kind = ? AND id = ?`).run(
        JSON.stringify(books.find((book) => book.key === key)?.record.vault),
        key.kind,
        key.id,
      )
    }
    db.prepare(broken("'B0123401', 'B0123402', 'HKABC101'")).run()
    const { findings } = await everything(service.auth, { limit: 2 })
    expect(findings).toMatchObject([
      { record: { id: 'B0123402' }, code: 'record-unreadable' },
      { record: { id: 'HKABC101' }, code: 'record-unreadable' },
    ])
  })

  test('AUD-02 · can be verified for one record, by its key or its User ID', async () => {
    const record = { participant: 'B01234', kind: 'account', id: 'B01234X1' } as const
    const sound = { records: 1, entries: 10, findings: [], erased: [] }
    expect(await good(service.auth.audit.verify({ userId: 'b01234x1' }))).toEqual(sound)
    expect(await good(service.auth.audit.verify({ record }))).toEqual(sound)
    const noOne = { records: 0, entries: 0, findings: [], erased: [] }
    expect(await good(service.auth.audit.verify({ userId: 'B0123455' }))).toEqual(noOne)
    db.exec(`UPDATE ccass_2fa_trail SET entry = json_set(entry, '$.by', 'x') WHERE ${own} AND seq = 2`)
    expect((await good(service.auth.audit.verify({ userId: 'B01234X1' }))).findings).toEqual([
      { record, code: 'entry-changed', rule: 'AUD-02', seq: 2, suspects: [1, 2] },
    ])
    db.exec(`DELETE FROM ccass_2fa_record WHERE ${own}`)
    expect(told((await good(service.auth.audit.verify({ record }))).findings)).toEqual([
      'account B01234X1: trail-without-record',
    ])
  })
})

test.each([
  ['memory', () => memoryStorage()],
  ['SQLite', () => sqliteStorage(new Database(':memory:'))],
])(
  'AUD-02, API-02 · a failing storage is never reported as tampering: the call ends with port-failed and can be repeated, on %s',
  async (_, open) => {
    const o = await everyKind(open())
    const { findings, records } = await everything(o.auth)
    expect(findings).toEqual([])
    let calls = 0
    let fails = (_call: number, _method: string) => false
    const watched = (method: 'load' | 'list' | 'trail' | 'trails' | 'participants') =>
      ((...args: never[]) =>
        fails(calls++, method)
          ? Promise.reject(new Error('away'))
          : (o.storage[method] as (...given: never[]) => Promise<unknown>)(...args)) as never
    const storage: StoragePort = {
      ...o.storage,
      load: watched('load'),
      list: watched('list'),
      trail: watched('trail'),
      ...(o.storage.trails === undefined ? {} : { trails: watched('trails') }),
      participants: watched('participants'),
    }
    const shaky = testService({ storage })
    await everything(shaky.auth)
    const total = calls
    expect(total).toBeGreaterThan(o.storage.trails === undefined ? records : 10)
    for (let nth = 0; nth < total; nth++) {
      // One call fails: it is repeated, or refused; there are never findings.
      calls = 0
      fails = (call) => call === nth
      const once = await shaky.auth.audit.verify({})
      expect(once.isOk() ? once.value.findings : once.error).toEqual(
        once.isOk() ? [] : { code: 'port-failed', rule: 'API-02', port: 'storage' },
      )
      // The storage fails permanently.
      calls = 0
      fails = (call) => call >= nth
      expect(await refusal(shaky.auth.audit.verify({}))).toMatchObject({
        code: 'port-failed',
        port: 'storage',
      })
    }
  },
)

test.each([
  ['memory', () => yielding(memoryStorage())],
  ['SQLite', () => yielding(sqliteStorage(new Database(':memory:')))],
])(
  'AUD-02 · while sign-ins continue, on %s, there are no findings, and checkpoints verify',
  async (_, open) => {
    const service = testService({ storage: open(), policy: { emailCode: { rateLimit: { max: 100 } } } })
    const people = []
    for (const id of ['B0123401', 'B0123402', 'HKABC101', 'BNK99901'])
      people.push(await initialised(service, id, 'Email'))
    let busy = true
    const signIns = (async () => {
      for (let round = 0; round < 12; round++)
        await Promise.all(
          people.map(async (person, i) => {
            await wrongPasswords(service, person, 1)
            await loggedIn(service, person)
            await codeOf(
              service.auth.registry.register({
                ...{ userId: `B01234${round + 10}`, role: 'User', origin: 'imported', by: `HKEX ${i}` },
              }),
            )
          }),
        )
    })().finally(() => {
      busy = false
    })
    let rounds = 0
    const checkpoints: { readonly checkpoint: Checkpoint; readonly manifest: readonly string[] }[] = []
    const { entries } = await everything(service.auth)
    while (busy) {
      const page = await everything(service.auth, { limit: 3 })
      expect(page.findings).toEqual([])
      const manifest: string[] = []
      const keep = (lines: readonly string[]) => void manifest.push(...lines)
      checkpoints.push({ checkpoint: await good(service.auth.audit.checkpoint({ keep })), manifest })
      for (const each of checkpoints.slice(-2))
        expect(await good(service.auth.audit.verifyCheckpoint(each))).toMatchObject({
          manifestValid: true,
          findings: [],
        })
      rounds++
    }
    await signIns
    expect(rounds).toBeGreaterThan(2)
    const at = await everything(service.auth)
    expect(at.findings).toEqual([])
    expect(at.entries).toBeGreaterThan(entries)
    for (const each of checkpoints)
      expect(await good(service.auth.audit.verifyCheckpoint(each))).toMatchObject({
        manifestValid: true,
        findings: [],
        more: 0,
      })
  },
)

test('API-01 · malformed input of the audit operations is refused by field before anything is read', async () => {
  const { auth } = testService()
  const record = { participant: 'B01234', kind: 'account', id: 'B0123401' }
  const bad: readonly unknown[] = [
    ...[
      null,
      7,
      [],
      'x',
      { limit: 0 },
      { limit: 1_001 },
      { participant: '' },
      { participant: 'é' },
      { after: '' },
    ],
    ...[
      { after: '[]' },
      { after: '["B01234","account"]' },
      { after: '["B01234","person","x"]' },
      { more: 1 },
    ],
    ...[{ record }, { record: { ...record, kind: 'person' } }, { record: {} }].slice(1),
  ]
  for (const input of bad) {
    expect(await codeOf(auth.audit.verify(input as never)), JSON.stringify(input)).toBe('malformed-input')
    if (!(input !== null && typeof input === 'object' && 'record' in input))
      expect(await codeOf(auth.audit.records(input as never)), JSON.stringify(input)).toBe('malformed-input')
  }
  expect(await codeOf(auth.audit.verify({ userId: 'B012340' }))).toBe('malformed-user-id')
  expect(await codeOf(auth.audit.trail({ record: { ...record, id: '' } } as never))).toBe('malformed-input')
})

test('AUD-01, AUD-03 · the trail of every kind of record can be read, and its records can be listed', async () => {
  const o = await everyKind()
  const books = await booksOf(o)
  const { records, after } = await good(o.auth.audit.records())
  expect(after).toBeUndefined()
  expect(records).toEqual(books.map(({ key, record: { version, head } }) => ({ ...key, version, head })))
  for (const { key, trail } of books) {
    expect(await good(o.auth.audit.trail({ record: key, limit: 1_000 }))).toEqual(trail.map(opened))
    expect(await good(o.auth.audit.trail({ record: key, after: 1, limit: 2 }))).toEqual(
      trail.slice(1, 3).map(opened),
    )
  }
  const pages = []
  for (let from: string | undefined; ; ) {
    const page = await good(o.auth.audit.records({ participant: 'B01234', limit: 3, after: from }))
    pages.push(...page.records)
    from = page.after
    if (from === undefined) break
  }
  expect(pages).toEqual(records.filter(({ participant }) => participant === 'B01234'))
})

test('AUD-01 · a store with every kind of record verifies, and an operation that occurs twice in a trail is found', async () => {
  const { storage } = await everyKind()
  const books = await booksOf({ storage })
  const { records, acts } = await expectWholeStore(storage)
  expect(records).toBe(books.length)
  expect(acts).toBeGreaterThan(20)
  const twice: StoragePort = {
    ...storage,
    trail: async (...args) => {
      const entries = await storage.trail(...args)
      return entries.map((entry, i) =>
        i === 3 ? { ...entry, operationId: entries[0]?.operationId ?? '' } : entry,
      )
    },
  }
  await expect(expectWholeStore(twice)).rejects.toThrow()
})

test('AUD-02 · a page of 300 accounts takes a few calls of a storage that reads trails together', async () => {
  const inner = sqliteStorage(new Database(':memory:'))
  const calls: Record<string, number> = {}
  const storage = new Proxy(inner, {
    get: (_, name: keyof StoragePort) => {
      calls[name] = (calls[name] ?? 0) + 1
      return inner[name]
    },
  })
  const service = testService({ storage })
  for (let i = 0; i < 300; i++) {
    const userId = `B${10_000 + Math.floor(i / 60)}${String(i % 60).padStart(2, '0')}`
    await good(service.auth.registry.register({ userId, role: 'User', origin: 'imported', by: 'HKEX' }))
  }
  const kept: string[] = []
  const checkpoint = await good(service.auth.audit.checkpoint({ keep: (lines) => void kept.push(...lines) }))
  for (const name of Object.keys(calls)) delete calls[name]
  expect(await everything(service.auth, { limit: 1_000 })).toMatchObject({
    records: 305,
    entries: 600,
    findings: [],
  })
  expect(await good(service.auth.audit.verifyCheckpoint({ checkpoint, manifest: kept }))).toMatchObject({
    manifestValid: true,
    records: 305,
    findings: [],
  })
  expect(calls['trail'] ?? 0).toBe(0)
  expect(Object.values(calls).reduce((sum, each) => sum + each, 0)).toBeLessThan(100)
})

test('AUD-02 · the rest of the process runs between two pages of a verification, also with a storage that never waits', async () => {
  const { auth } = await everyKind()
  const { after } = await good(auth.audit.verify({ limit: 3 }))
  let hasRun = false
  setTimeout(() => {
    hasRun = true
  })
  await good(auth.audit.verify({ after: after ?? expect.fail(), limit: 3 }))
  expect(hasRun).toBe(true)
})
