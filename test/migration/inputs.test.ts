/** What the operations of the migration take, and what they make of lines and callbacks that are not right. */
import { expect, test } from 'vitest'
import type { ListingLine } from '../../src/migration/listing-stream.ts'
import type { AccountPlan } from '../../src/migration/model/account-plan.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { generated, migratingService, supplied } from '../support/migration.ts'
import { codeOf, good, refusal } from '../support/test-service.ts'

const by = 'HKEX'
const participant = 'B01234'
const lines = supplied()

test('API-01 · a listing’s input is refused by the field that is wrong', async () => {
  const { auth } = migratingService()
  const wrong: readonly (readonly [string, object, string?])[] = [
    ['lines', {}],
    ['lines', { lines: 7 }, 'must be an iterable of listing lines'],
    ['lines', { lines: null }],
    ['lines', { lines: {} }],
    ['signal', { lines, signal: {} }, 'must be an AbortSignal'],
    ['onProgress', { lines, onProgress: 'loudly' }, 'must be a function'],
    ['onAccount', { lines, onAccount: {} }, 'must be a function'],
    ['participants.0', { lines, participants: ['b1'] }],
    ['maxima.noOne', { lines, maxima: { noOne: 1 } }],
    ['maxima.B01234', { lines, maxima: { B01234: -1 } }],
    ['maxima.B01234', { lines, maxima: { B01234: 1.5 } }],
    ['declared.B01234.0', { lines, declared: { B01234: [8] } }],
    ['declared.B01234.0', { lines, declared: { B01234: [0] } }],
    ['listing.ready', { lines, listing: { ready: -1 } }],
    ['maxParticipants', { lines, maxParticipants: 0 }],
  ]
  for (const [field, input, problem] of wrong)
    for (const answer of [
      auth.migration.plan(input as never),
      auth.migration.apply({ ...input, by } as never),
      auth.migration.reconcile(input as never),
    ])
      expect([field, await refusal(answer)]).toEqual([
        field,
        {
          ...{ code: 'malformed-input', rule: 'API-01', field },
          problem: problem ?? expect.any(String),
        },
      ])
  for (const [field, input] of [
    ['by', { lines, by: '' }],
    ['by', { lines }],
    ['afterLine', { lines, by, afterLine: -1 }],
    ['afterLine', { lines, by, afterLine: 1.5 }],
  ] as const)
    expect(await refusal(auth.migration.apply(input as never))).toMatchObject({ field })
})

test('API-01 · a page’s input is refused by the field that is wrong, and accepted at its bounds', async () => {
  const { auth } = migratingService()
  const before = 0
  const pages = (input: object) => [
    auth.migration.notInitialised(input as never),
    auth.migration.expiring({ ...input, before } as never),
    auth.migration.lateRegistrations(input as never),
  ]
  for (const [field, input] of [
    ['participant', { participant: 'b1' }],
    ['limit', { participant, limit: 0 }],
    ['limit', { participant, limit: 1_001 }],
    ['after', { participant, after: 7 }],
  ] as const)
    for (const answer of pages(input)) expect((await answer)._unsafeUnwrapErr()).toMatchObject({ field })
  for (const limit of [1, 1_000])
    for (const answer of pages({ participant, limit }))
      expect((await answer)._unsafeUnwrap()).toEqual({ accounts: [] })
  expect(await refusal(auth.migration.expiring({ participant } as never))).toMatchObject({ field: 'before' })
  expect(await refusal(auth.migration.expiring({ participant, before: 0.5 }))).toMatchObject({
    field: 'before',
  })
})

test('MIG-16 · a plan has as many participants, and names as many lines, as the host asks for', async () => {
  const { auth } = migratingService()
  const { plan } = await good(auth.migration.plan({ lines, maxParticipants: 1 }))
  expect(plan.participants.map(({ participant: key }) => key)).toEqual([participant])
  expect(plan.totals).toMatchObject({ lines: 13, refused: 7 })

  const listed = async (listing: { notReady?: number; ready?: number; overall?: number }) =>
    (await good(auth.migration.plan({ lines, listing }))).plan.participants[0]?.listed.map(
      ({ status }) => status,
    )
  expect(await listed({})).toEqual(['ready', 'ready', 'blocked', 'blocked', 'ready', 'ready'])
  expect(await listed({ ready: 1 })).toEqual(['ready', 'blocked', 'blocked'])
  expect(await listed({ notReady: 0, ready: 2 })).toEqual(['ready', 'ready'])
  expect(await listed({ overall: 3 })).toHaveLength(3)
})

test('MIG-16 · something that is not a listing line is refused, with the number after the previous line', async () => {
  const { auth } = migratingService()
  const [first, second] = lines as unknown as readonly [ListingLine, ListingLine]
  const broken = [null, undefined, 7, {}, { read: null }, { line: 'x', read: {} }]
  const told: AccountPlan[] = []
  const { plan } = await good(
    auth.migration.plan({
      lines: [{ ...first, line: 10 }, ...broken, { ...second, line: 40 }] as never,
      onAccount: (each) => told.push(each),
    }),
  )
  expect(told.map(({ line, status }) => [line, status])).toEqual([
    ...[[10, 'ready']],
    ...broken.map((_, i) => [11 + i, 'refused']),
    ...[[40, 'ready']],
  ])
  expect(plan.totals).toMatchObject({ ready: 2, refused: 6 })
  const { reconciliation } = await good(
    auth.migration.reconcile({ lines: [{ ...first, line: 10 }, ...broken] as never }),
  )
  expect(reconciliation.totals).toMatchObject({ lines: 7, planned: 1, missing: 1 })
})

test('MIG-16 · a fault outside the listing’s iterator is not reported as an interrupted listing', async () => {
  const service = migratingService()
  const { signal } = new AbortController()
  Object.defineProperty(signal, 'aborted', {
    get: () => {
      throw new Error('no signal')
    },
  })
  expect(await codeOf(service.auth.migration.plan({ lines, signal }))).toBe('internal-error')
  expect(service.faults).toMatchObject([{ port: 'library', error: { message: 'no signal' } }])
})

test('MIG-16 · an interruption before the first batch is after line 0', async () => {
  const { auth } = migratingService()
  function* failing(): Generator<ListingLine> {
    yield* lines.slice(0, 3)
    throw new Error('the disk is gone')
  }
  expect(await refusal(auth.migration.apply({ lines: failing(), by }))).toEqual({
    ...{ code: 'listing-interrupted', rule: 'MIG-16', line: 0 },
  })
})

test('MIG-16 · a batch whose records cannot be loaded ends a reconciliation and is not reported as done', async () => {
  const inner = memoryStorage()
  await good(migratingService({ storage: inner }).auth.migration.apply({ lines: generated(3, 300), by }))
  let loads = 0
  const storage = {
    ...inner,
    load: (keys: Parameters<typeof inner.load>[0]) =>
      ++loads > 2 ? Promise.reject(new Error('down')) : inner.load(keys),
  }
  const told: number[] = []
  const { auth } = migratingService({ storage })
  const answer = auth.migration.reconcile({
    lines: generated(3, 300),
    onProgress: ({ upToLine }) => told.push(upToLine),
  })
  expect(await codeOf(answer)).toBe('port-failed')
  expect(told).toEqual([501])
})

test('API-02 · a run is refused if the clock fails', async () => {
  const { auth } = migratingService({
    between: (ports) => ({ ...ports, clock: { now: () => Number.NaN } }),
  })
  for (const answer of [
    auth.migration.plan({ lines }),
    auth.migration.apply({ lines, by }),
    auth.migration.reconcile({ lines }),
  ])
    expect(await codeOf(answer)).toBe('port-failed')
})

test('MIG-16, ID-12 · an account that was deleted, but whose User ID the participant’s record lost, is refused', async () => {
  const service = migratingService()
  await good(service.auth.migration.apply({ lines, by }))
  await good(service.auth.registry.delete({ userId: 'B0123401', by }))
  const storage = {
    ...service.storage,
    load: async (keys: Parameters<typeof service.storage.load>[0]) =>
      (await service.storage.load(keys)).map((record, i) =>
        keys[i]?.kind === 'participant' ? undefined : record,
      ),
  }
  const report = await good(migratingService({ storage }).auth.migration.apply({ lines, by }))
  expect(report).toMatchObject({ imported: 0, present: 12, deleted: 0, refused: 1 })
})

test('OBS-01 · each operation is observed under its own name', async () => {
  const names: string[] = []
  const observer = { operation: ({ operation }: { operation: string }) => names.push(operation) }
  const { auth } = migratingService({ between: (ports) => ({ ...ports, observer }) as typeof ports })
  const input = { participant, by, lines, before: 0 }
  const operations = Object.keys(auth.migration) as (keyof typeof auth.migration)[]
  for (const name of operations) await auth.migration[name](input as never)
  expect(names).toEqual(operations.map((name) => `migration.${name}`))
})
