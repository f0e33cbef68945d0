/**
 * Personal data in trails and states are stored by reference and can be erased; erased data are distinguished
 * from changed ones.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { aggregates, trailVerifier } from '../../src/aggregates.ts'
import type { Authentication, RecordKey, StoragePort, TrailEntry } from '../../src/index.ts'
import { erasedValue, openingsOf, unseal } from '../../src/integrity/personal-data.ts'
import { foldStored } from '../../src/integrity/replay.ts'
import { DAY } from '../../src/kernel/instant.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { sqliteStorage } from '../../src/stores/sqlite.ts'
import { type Book, booksOf, everyKind } from '../support/all-kinds.ts'
import { good, refusal, testService, trailOf } from '../support/test-service.ts'
import { initialised, loggedIn, registered, user } from '../support/user-journeys.ts'

const context = { source: '192.0.2.77', userAgent: 'Terminal/9.9', requestId: 'request-77' }
const by = 'privacy officer'

/** Every operation of a service, called with a request context. */
const from = (auth: Authentication): Authentication =>
  Object.fromEntries(
    Object.entries(auth).map(([room, operations]) => [
      room,
      room === 'policy' || room === 'outbox'
        ? operations
        : Object.fromEntries(
            Object.entries(operations).map(([name, call]) => [
              name,
              (input: object) => (call as (given: object) => unknown)({ ...input, context }),
            ]),
          ),
    ]),
  ) as unknown as Authentication

const chained = ({ personal: _, ...entry }: TrailEntry) => entry

const findingsOf = ({ key, record }: Book, trail: readonly unknown[]) => {
  const verifier = trailVerifier(key, record)
  for (const entry of trail) verifier.add(entry)
  return verifier.finish().findings.map((finding) => {
    const at = 'seq' in finding ? ` ${finding.seq}` : ''
    return `${finding.code}${'kind' in finding ? ` ${finding.kind}` : ''}${at}`
  })
}

test('PRI-01 · the auditor sees the request context with every entry of its call', async () => {
  const service = testService()
  const auth = from(service.auth)
  await registered({ ...service, auth }, user)
  await auth.signIn.begin({ userId: user, password: 'Wrong-Horse-00!!', system: 'DMS' })
  await auth.signIn.begin({ userId: 'B0123499', password: 'Wrong-Horse-00!!', system: 'DMS' })
  const trail = await good(service.auth.audit.trail({ userId: user }))
  expect(trail.length).toBeGreaterThan(0)
  for (const entry of trail) expect(entry).toMatchObject({ context })
  expect(await good(service.auth.audit.refusals({ userId: 'B0123499' }))).toMatchObject([{ context }])
})

test('PRI-01 · no context is recorded if none is given', async () => {
  const service = testService()
  await registered(service, user)
  for (const entry of await trailOf(service, user)) {
    expect('context' in entry).toBe(false)
    expect(Object.keys(entry.personal ?? {})).not.toContain('context')
  }
})

test('PRI-02 · in every kind of record the state and what the chain covers contain no name, address or context', async () => {
  const o = await everyKind()
  const books = await booksOf(o)
  const told = JSON.stringify(books.map(({ record, trail }) => [record.state, trail.map(chained)]))
  for (const word of ['LEE', 'WONG', 'Cheung', '@example.com', '+852']) expect(told).not.toContain(word)
  const beside = JSON.stringify(
    books.map(({ record, trail }) => [record.vault, trail.map((e) => e.personal)]),
  )
  for (const word of ['LEE', 'WONG', 'Cheung', '@example.com']) expect(beside).toContain(word)
})

test('PRI-02, AUD-01 · with the values inserted again, the state is the replay of the events, in every kind of record', async () => {
  const books = await booksOf(await everyKind())
  for (const { key, record, trail } of books) {
    const { decider } = aggregates[key.kind]
    const plain = trail.map((entry) => unseal(entry.event, openingsOf(entry.personal)))
    const folded = foldStored(aggregates[key.kind], decider.initial, plain)
    expect(JSON.parse(JSON.stringify(folded))).toEqual(unseal(record.state, record.vault))
  }
})

test('PRI-02 · equal values have different digests, so they cannot be linked', async () => {
  const service = testService()
  const auth = from(service.auth)
  for (let i = 0; i < 5; i++) await auth.signIn.cancel({ challenge: `${user}.${'0'.repeat(32)}` })
  const { storage } = service
  const trail = await storage.trail(
    { participant: 'B01234', kind: 'refusals', id: user },
    { after: 0, limit: 9 },
  )
  const digests = trail.flatMap(({ context: reference }) => (reference ? [reference.digest] : []))
  expect(new Set(digests).size).toBe(5)
})

/**
 * A store with records of every kind, written with a request context, after erasing everything that can be
 * erased.
 */
const filled = async (storage: StoragePort) => {
  const o = await everyKind(storage)
  const auth = from(o.auth)
  const person = await initialised({ ...o, auth }, 'B0123455', 'Email')
  await loggedIn({ ...o, auth }, person)
  await good(auth.registry.change({ userId: 'B0123455', by, changes: { surname: 'SECRETNAME' } }))
  await good(auth.registry.change({ userId: 'B0123455', by, changes: { email: 'gone@secret.example' } }))
  await good(auth.registry.delete({ userId: 'B0123455', by }))
  return o
}

const words = ['SECRETNAME', 'gone@secret.example', context.source, context.userAgent, context.requestId]

/** The account's data, and the request contexts of its registration and deletion. */
const eraseAll = async ({ personalData }: Authentication) => {
  await good(personalData.erase({ userId: 'B0123455', by }))
  const record = { participant: 'B01234', kind: 'participant', id: 'B01234' } as const
  await good(personalData.erase({ record, by }))
}

/** Everything that a store and an auditor receive. */
const dump = async (storage: StoragePort, auth: Authentication): Promise<string> => {
  const books = await booksOf({ storage })
  const read = await Promise.all(
    books.map(({ key }) => good(auth.audit.trail({ record: key, limit: 1_000 }))),
  )
  return JSON.stringify([books, read])
}

describe('PRI-02, PRI-04 · erased data is nowhere in the store, nor in an export', () => {
  test('in memory', async () => {
    const storage = memoryStorage()
    const { auth } = await filled(storage)
    const before = await dump(storage, auth)
    for (const word of words) expect(before).toContain(word)
    await eraseAll(auth)
    const after = await dump(storage, auth)
    for (const word of words) expect(after).not.toContain(word)
    expect(after).toContain(erasedValue)
  })

  test('in the SQLite file, byte by byte', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'personal-'))
    const path = join(folder, 'store.db')
    const db = new Database(path)
    const bytes = () =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'latin1'))
        .join()
    try {
      const storage = sqliteStorage(db)
      const { auth, outbox } = await filled(storage).then((o) => ({ auth: o.auth, outbox: o.auth.outbox }))
      await good(outbox.deliver())
      for (const word of words) expect(bytes()).toContain(word)
      await eraseAll(auth)
      for (const word of words) expect(bytes()).not.toContain(word)
    } finally {
      db.close()
      rmSync(folder, { recursive: true })
    }
  })
})

test('PRI-02, PRI-04 · after an erasure every verification passes and reports the erased data', async () => {
  const o = await filled(memoryStorage())
  const lines: string[] = []
  const checkpoint = await good(o.auth.audit.checkpoint({ keep: (some) => void lines.push(...some) }))
  const done = await good(o.auth.personalData.erase({ userId: 'B0123455', by }))
  expect(done.map(({ record }) => record.kind)).toEqual(['account'])
  const { findings, erased } = await good(o.auth.audit.verify({ limit: 1_000 }))
  expect(findings).toEqual([])
  expect(erased).toEqual(done)
  expect(await good(o.auth.audit.verifyCheckpoint({ checkpoint, manifest: lines }))).toMatchObject({
    manifestValid: true,
    findings: [],
  })
  expect((await good(o.auth.audit.trail({ userId: 'B0123455', limit: 1_000 }))).at(-1)).toMatchObject({
    actor: by,
    event: { type: 'PersonalDataErased', rule: 'PRI-04', reason: 'request' },
  })
  expect(await good(o.auth.personalData.erase({ userId: 'B0123455', by }))).toEqual([])
})

test('PRI-04 · the data of closed requests and completed forms is erased, and open ones keep it', async () => {
  const o = await everyKind()
  const before = await booksOf(o)
  for (const { key } of before) await good(o.auth.personalData.erase({ record: key, by }))
  expect((await good(o.auth.audit.verify({ limit: 1_000 }))).findings).toEqual([])
  const open = (stage: string) => !['Confirmed', 'Completed', 'Deleted'].includes(stage)
  let [kept, lost] = [0, 0]
  for (const { key, record } of await booksOf(o)) {
    const { stage } = record.state as { readonly stage: string }
    const text = JSON.stringify(unseal(record.state, record.vault))
    if (key.kind !== 'request' && key.kind !== 'eservice') continue
    if (open(stage)) kept += Number(!text.includes(erasedValue))
    else lost += Number(!/example\.com|WONG|LEE|Cheung/.test(text))
    expect(text.includes(erasedValue), `${key.kind} ${stage}`).toBe(!open(stage) && text.includes('[erased]'))
  }
  expect(kept).toBeGreaterThan(0)
  expect(lost).toBeGreaterThan(2)
})

test('PRI-04 · an existing account keeps its address and works, and a replaced address is erased', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  await good(service.auth.registry.change({ userId: user, by, changes: { email: 'later@example.com' } }))
  await good(service.auth.personalData.erase({ userId: user, by }))
  expect(await good(service.auth.registry.view({ userId: user }))).toMatchObject({
    email: 'later@example.com',
  })
  await loggedIn(service, person)
  expect((await good(service.auth.audit.verify({ userId: user }))).findings).toEqual([])
  const events = (await good(service.auth.audit.trail({ userId: user, limit: 100 }))).map(
    ({ event }) => event,
  )
  expect(JSON.stringify(events)).not.toContain('@example.com')
})

test('PRI-04 · only the named kinds are erased', async () => {
  const service = testService()
  const auth = from(service.auth)
  await registered({ ...service, auth }, user, { surname: 'CHAN', email: 'chan@example.com' })
  await good(service.auth.personalData.erase({ userId: user, by, kinds: ['context'] }))
  const [first] = await trailOf(service, user)
  expect(Object.keys(first?.personal ?? {}).sort()).toEqual(['contact', 'identity'])
})

describe('PRI-02 · a personal value that does not match its digest is a finding, in any kind of record', () => {
  const books = everyKind().then(booksOf)
  const tampered = async (change: (entry: TrailEntry) => TrailEntry, code: string) => {
    let tried = 0
    for (const book of await books)
      for (const [i, entry] of book.trail.entries()) {
        if (entry.personal === undefined) continue
        tried++
        const found = findingsOf(book, book.trail.with(i, change(entry)))
        expect(found, `${book.key.kind} ${entry.seq}`).toContain(code.replace('#', String(entry.seq)))
      }
    expect(tried).toBeGreaterThan(10)
  }
  const each = (entry: TrailEntry, by: (opening: string) => string): TrailEntry => ({
    ...entry,
    personal: Object.fromEntries(
      Object.entries(entry.personal ?? {}).map(([kind, openings]) => [
        kind,
        Object.fromEntries(Object.entries(openings).map(([name, opening]) => [name, by(opening)])),
      ]),
    ),
  })

  test('if it was changed', () =>
    tampered((entry) => each(entry, (opening) => opening.replace(/.{2}$/, 'x"]')), 'personal-data-changed #'))

  test('if it was inserted', () =>
    tampered(
      (entry) => ({
        ...entry,
        personal: { ...entry.personal, contact: { ...entry.personal?.contact, x: '[]' } },
      }),
      'personal-data-changed #',
    ))

  test('if another text with the same encoding was put in its place: a lone surrogate for U+FFFD', async () => {
    const service = testService()
    await registered(service, user, { surname: 'CHAN\ufffd', email: 'chan@example.com' })
    const book = (await booksOf(service)).find(({ key }) => key.kind === 'account') as Book
    expect(findingsOf(book, book.trail)).toEqual([])
    const [first] = book.trail
    const changed = each(first as TrailEntry, (opening) => opening.replace('\ufffd', '\ud800'))
    expect(changed).not.toEqual(first)
    expect(findingsOf(book, book.trail.with(0, changed))).toContain('personal-data-changed 1')
  })

  test('if it was removed', async () => {
    for (const book of await books)
      for (const [i, entry] of book.trail.entries()) {
        const kinds = Object.keys(entry.personal ?? {}).sort()
        const found = findingsOf(book, book.trail.with(i, chained(entry)))
        expect(found.filter((code) => code.startsWith('personal')).sort()).toEqual(
          kinds.map((kind) => `personal-data-missing ${kind} ${entry.seq}`),
        )
      }
  })

  test('if it was restored after its erasure', async () => {
    const service = testService()
    await registered(service, user, { surname: 'CHAN', email: 'chan@example.com' })
    const former = await trailOf(service, user)
    await good(service.auth.registry.delete({ userId: user, by }))
    await good(service.auth.personalData.erase({ userId: user, by }))
    const book = (await booksOf(service)).find(({ key }) => key.kind === 'account') as Book
    expect(findingsOf(book, book.trail)).toEqual([])
    expect(findingsOf(book, [...former, ...book.trail.slice(former.length)])).toEqual([
      'personal-data-not-erased identity 1',
      'personal-data-not-erased contact 1',
    ])
  })

  test('if it was changed in the vault', async () => {
    for (const book of await books) {
      const [name] = JSON.stringify(book.record.state).match(/(?<="digest":")[0-9a-f]{64}/) ?? []
      if (name === undefined) continue
      const { [name]: opening, ...rest } = book.record.vault
      const without = { ...book, record: { ...book.record, vault: rest } }
      expect(findingsOf(without, book.trail)).toEqual(['vault-differs'])
      const other = { ...rest, [name]: String(opening).replace(/.{2}$/, 'x"]') }
      expect(findingsOf({ ...book, record: { ...book.record, vault: other } }, book.trail)).toEqual([
        'vault-differs',
      ])
    }
  })
})

test('PRI-03 · each kind is erased when its period ends and not before, and an erasure without effect is not recorded', async () => {
  const service = testService({
    policy: { personalData: { contextDays: 30, identityDays: 60, contactDays: 90 } },
  })
  const auth = from(service.auth)
  await registered({ ...service, auth }, user, { surname: 'CHAN', email: 'chan@example.com' })
  await good(
    auth.registry.change({ userId: user, by, changes: { surname: 'LEE', email: 'lee@example.com' } }),
  )
  await good(auth.registry.delete({ userId: user, by }))
  const sweep = async () => {
    const erased: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await good(
        service.auth.personalData.applyRetention({ participant: 'B01234', after, by, limit: 1 }),
      )
      for (const { record, through } of page.erased) erased.push(`${record.kind} ${Object.keys(through)}`)
      after = page.after
      if (after === undefined) return erased
    }
  }
  const length = async () => (await trailOf(service, user)).length
  service.clock.pass(30 * DAY)
  expect(await sweep()).toEqual([])
  service.clock.pass(1)
  expect(await sweep()).toEqual(['account context', 'participant context'])
  expect(await length()).toBe(4)
  expect(await sweep()).toEqual([])
  expect(await length()).toBe(4)
  service.clock.pass(30 * DAY)
  expect(await sweep()).toEqual(['account identity'])
  service.clock.pass(30 * DAY)
  expect(await sweep()).toEqual(['account contact'])
  expect(await sweep()).toEqual([])
  expect(JSON.stringify(await booksOf(service))).not.toMatch(/CHAN|LEE|example|192\.0\.2/)
  expect((await good(service.auth.audit.verify({}))).findings).toEqual([])
})

test('PRI-03 · data newer than its period is kept', async () => {
  const service = testService()
  const auth = from(service.auth)
  await registered({ ...service, auth }, user)
  service.clock.pass(366 * DAY)
  await good(auth.registry.unlock({ userId: user, by }))
  await good(service.auth.personalData.applyRetention({ participant: 'B01234', by }))
  const trail = await good(service.auth.audit.trail({ userId: user }))
  expect(trail.map((entry) => entry.context)).toEqual([
    ...trail.slice(0, -2).map(() => erasedValue),
    context,
    undefined,
  ])
})

test('PRI-02 · an erasure during verification and work causes no finding and loses nothing', async () => {
  const service = testService()
  const auth = from(service.auth)
  const person = await initialised({ ...service, auth }, user, 'Email')
  const outcomes = await Promise.all([
    ...Array.from({ length: 8 }, () => service.auth.audit.verify({ userId: user })),
    ...Array.from({ length: 4 }, () => service.auth.personalData.erase({ userId: user, by })),
    ...Array.from({ length: 4 }, () =>
      auth.signIn.begin({ ...person, password: 'Wrong-Horse-00!!', system: 'DMS' }),
    ),
  ])
  for (const outcome of outcomes)
    if (outcome.isOk()) expect(outcome.value).not.toMatchObject({ findings: [{}] })
  expect((await good(service.auth.audit.verify({ userId: user }))).findings).toEqual([])
})

test('API-01, PRI-04 · an erasure requires one record or User ID, and an actor', async () => {
  const { auth } = testService()
  const record: RecordKey = { participant: 'B01234', kind: 'account', id: user }
  const field = async (input: object) => {
    const answer = await refusal(auth.personalData.erase(input as never))
    return answer.code === 'malformed-input' ? answer.field : answer.code
  }
  expect(await field({ by })).toBe('userId')
  expect(await field({ userId: user, record, by })).toBe('userId')
  expect(await field({ userId: user })).toBe('by')
  expect(await field({ userId: 'x', by })).toBe('malformed-user-id')
  expect(await field({ userId: user, by, kinds: ['secrets'] })).toBe('kinds.0')
  expect(await field({ userId: user, by, kinds: [] })).toBe('kinds')
})
