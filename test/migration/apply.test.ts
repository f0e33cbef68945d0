/** MIG-16: a migration is planned, applied, interrupted, continued and reconciled. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StoragePort } from '../../src/index.ts'
import type { ApplyTotals } from '../../src/migration/apply-plans.ts'
import type { ListingLine } from '../../src/migration/listing-stream.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { arriving, generated, migratingService, supplied } from '../support/migration.ts'
import { counting } from '../support/storages.ts'
import { localTestBeds } from '../support/test-beds.ts'
import {
  codeOf,
  count,
  eventsOf,
  good,
  opened,
  openedState,
  recordOf,
  refusal,
  refusalsOf,
  type TestService,
  testService,
  trailOf,
} from '../support/test-service.ts'

const by = 'HKEX transition'
const participants = ['B01234', 'BNK999', 'HKABC']

/** Everything that a listing writes to a store: the records and their trails. */
const wholeOf = async ({ storage }: Pick<TestService, 'storage'>, keys: readonly string[] = participants) => {
  const whole: unknown[] = []
  for (const participant of keys)
    for (const kind of ['participant', 'account'] as const)
      for (const { id, record } of await storage.list(participant, kind, { after: '', limit: 1_000 })) {
        const trail = await storage.trail({ participant, kind, id }, { after: 0, limit: 1_000 })
        whole.push({ participant, kind, id, state: record.state, events: trail.map(({ event }) => event) })
      }
  return whole
}

/** As {@link wholeOf}, without the order in which IDs were allocated, because batches can differ. */
const contentsOf = async (service: Pick<TestService, 'storage'>, keys?: readonly string[]) =>
  (await wholeOf(service, keys)).map((each) => {
    const { events: _, ...rest } = each as { events: unknown; kind: string }
    return rest
  })

describe.each(localTestBeds)('on $name', ({ open }) => {
  const applied = async (lines: readonly ListingLine[] = supplied()) => {
    const service = migratingService({ storage: open() })
    const report = await good(service.auth.migration.apply({ lines, by }))
    return { service, report }
  }

  test('MIG-16, MIG-05 · every account of the supplied listing is imported, with or without email', async () => {
    const { service, report } = await applied()
    expect(report).toMatchObject({
      status: 'finished',
      lines: 13,
      upToLine: 14,
      imported: 13,
      present: 0,
      deleted: 0,
      refused: 0,
    })
    expect(report.plan.totals).toMatchObject({ ready: 10, blocked: 3, refused: 0 })
    const record = await recordOf(service, 'B0123401')
    expect(openedState(record)).toMatchObject({
      ...{ stage: 'Registered', origin: 'imported', role: 'User', email: 'tu01@abc-securities.example' },
      ...{ organisation: 'B01234 ABC SECURITIES', smartcard: { srn: '0101101200012AB2' } },
    })
    expect((await recordOf(service, 'B01234X1'))?.state).toMatchObject({ role: 'DelegatedAdministrator' })
    expect(await good(service.auth.registry.totals({ participant: 'B01234' }))).toMatchObject({
      total: 6,
      administrators: 2,
      users: 4,
    })
  })

  test('AUD-01 · each account names its importer, and the ID is in the participant’s record', async () => {
    const { service } = await applied()
    expect(await trailOf(service, 'B0123403')).toMatchObject([{ actor: by, event: { type: 'Registered' } }])
    const given = await service.storage.trail(
      { participant: 'B01234', kind: 'participant', id: 'B01234' },
      { after: 0, limit: 10 },
    )
    expect(given.map(({ event }) => event.type)).toEqual(['UserIdsAllocated'])
  })

  test('MIG-16 · applying a listing a second time writes nothing', async () => {
    const { service } = await applied()
    const before = await wholeOf(service)
    service.clock.pass(1_000)
    const again = await good(
      service.auth.migration.apply({ lines: arriving(supplied()), by: 'someone else' }),
    )
    expect(again).toMatchObject({ imported: 0, present: 13, deleted: 0 })
    expect(await wholeOf(service)).toEqual(before)
  })

  test('MIG-21 · an account that was changed since stays changed, and a deleted one stays deleted', async () => {
    const { service } = await applied()
    const userId = 'B0123403'
    await good(service.auth.registry.change({ userId, by, changes: { email: 'new@abc-securities.example' } }))
    await good(service.auth.registry.delete({ userId: 'B0123402', by }))
    const again = await good(service.auth.migration.apply({ lines: supplied(), by }))
    expect(again).toMatchObject({ imported: 0, present: 12, deleted: 1 })
    expect(openedState(await recordOf(service, userId))).toMatchObject({
      email: 'new@abc-securities.example',
    })
    expect((await recordOf(service, 'B0123402'))?.state).toMatchObject({ stage: 'Deleted' })
  })

  test('MIG-16, AUD-08 · an account is imported although its User ID has a trail of refused attempts', async () => {
    const service = migratingService({ storage: open() })
    await service.auth.signIn.begin({
      userId: 'B0123401',
      password: 'Not known here 1!',
      system: 'CCASS/CCMS',
    })
    const report = await good(service.auth.migration.apply({ lines: supplied(), by }))
    expect(report.imported).toBe(13)
    expect((await eventsOf(service, 'B0123401')).map(({ type }) => type)).toEqual(['Registered'])
    expect((await refusalsOf(service, 'B0123401')).map(({ event }) => event.type)).toEqual(['CommandRefused'])
  })

  test('MIG-16 · refused lines are skipped and the rest are applied', async () => {
    const lines = supplied().map((line) => (line.line === 3 ? { ...line, read: 'what?' as never } : line))
    const twice = [...lines, { ...lines[0], line: 15 } as ListingLine]
    const { service, report } = await applied(twice)
    expect(report).toMatchObject({ lines: 14, imported: 12, refused: 2 })
    expect(await recordOf(service, 'B0123402')).toBeUndefined()
    expect(await count(service, 'B0123401', 'Registered')).toBe(1)
  })

  test('MIG-16 · a run that the host stops reports its last line, and can be resumed there', async () => {
    const lines = generated(4, 300)
    const stop = new AbortController()
    const service = migratingService({ storage: open() })
    const told: ApplyTotals[] = []
    const first = await good(
      service.auth.migration.apply({
        lines: arriving(lines),
        by,
        signal: stop.signal,
        onProgress: (progress) => {
          told.push(progress)
          stop.abort()
        },
      }),
    )
    expect(first).toMatchObject({ status: 'stopped', lines: 500, upToLine: 501, imported: 500 })
    expect(told).toHaveLength(1)
    const second = await good(service.auth.migration.apply({ lines, by, afterLine: first.upToLine }))
    expect(second).toMatchObject({ status: 'finished', imported: 708, present: 0, lines: 708 })
    expect(second.plan.totals).toMatchObject({ lines: 1_208, ready: 1_208 })
    const keys = ['B10000', 'B10001', 'B10002', 'B10003']
    const whole = await applied(lines)
    expect(await contentsOf(service, keys)).toEqual(await contentsOf(whole.service, keys))
  })
})

/** A storage that fails at its k-th commit, before or after it took effect, and at every later call. */
const diesAt = (inner: StoragePort, k: number, takesEffect: boolean): StoragePort => {
  let commits = 0
  const dead = () => Promise.reject(new Error('the power is out'))
  const alive = () => commits < k
  return {
    ...inner,
    load: (keys) => (alive() ? inner.load(keys) : dead()),
    trail: (key, page) => (alive() ? inner.trail(key, page) : dead()),
    commit: async (commit) => {
      commits++
      if (alive()) return inner.commit(commit)
      if (takesEffect && commits === k) await inner.commit(commit)
      return dead()
    },
  }
}

describe('MIG-16 · a run interrupted after any commit and resumed has the result of one run', () => {
  /** Three participants, each in one commit. */
  const lines = [...generated(1, 98), ...generated(3, 60).slice(62)].map((each, i) => ({
    ...each,
    line: i + 2,
  }))
  const keys = ['B10000', 'B10001', 'B10002']

  test.each(
    [1, 2, 3].flatMap((k) => [
      { k, takesEffect: false },
      { k, takesEffect: true },
    ]),
  )('at commit $k, which took effect: $takesEffect', async ({ k, takesEffect }) => {
    const once = migratingService()
    await good(once.auth.migration.apply({ lines, by }))
    const inner = memoryStorage()
    const dying = migratingService({ storage: diesAt(inner, k, takesEffect) })
    expect(await codeOf(dying.auth.migration.apply({ lines, by }))).toBe('port-failed')
    const next = migratingService({ storage: inner })
    const report = await good(next.auth.migration.apply({ lines, by }))
    expect(report.imported + report.present).toBe(lines.length)
    expect(await wholeOf(next, keys)).toEqual(await wholeOf(once, keys))
  })

  test('interrupted at random and repeatedly, on a larger listing', async () => {
    const large = generated(30, 12)
    const keysOfLarge = Array.from({ length: 30 }, (_, p) => `B${10_000 + p}`)
    const once = migratingService()
    await good(once.auth.migration.apply({ lines: large, by }))
    const whole = await wholeOf(once, keysOfLarge)
    const breaks = fc.array(fc.record({ k: fc.integer({ min: 1, max: 12 }), takesEffect: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(breaks, async (given) => {
        const inner = memoryStorage()
        for (const { k, takesEffect } of given)
          await migratingService({ storage: diesAt(inner, k, takesEffect) }).auth.migration.apply({
            lines: large,
            by,
          })
        const last = migratingService({ storage: inner })
        expect((await last.auth.migration.apply({ lines: large, by })).isOk()).toBe(true)
        expect(await wholeOf(last, keysOfLarge)).toEqual(whole)
      }),
      { numRuns: 15 },
    )
  })

  test('the listing has exactly the commits that are interrupted here', async () => {
    const storage = counting()
    await good(migratingService({ storage }).auth.migration.apply({ lines, by }))
    expect(storage.trips.commit).toBe(3)
  })
})

test('MIG-16 · if the host’s iterator fails halfway, earlier lines are applied and the error is reported', async () => {
  const service = migratingService()
  const lines = generated(2, 300)
  async function* failing() {
    yield* lines.slice(0, 550)
    throw new Error('the disk is gone')
  }
  const answer = await refusal(service.auth.migration.apply({ lines: failing(), by }))
  expect(answer).toEqual({ code: 'listing-interrupted', rule: 'MIG-16', line: 501 })
  expect(service.faults).toMatchObject([{ error: { message: 'the disk is gone' } }])
  const again = await good(service.auth.migration.apply({ lines, by }))
  expect(again).toMatchObject({ imported: 104, present: 500 })
})

test('ID-12, MIG-21 · an allocated ID is not reused, even where its account cannot be found', async () => {
  const service = migratingService()
  const userId = 'B0123402'
  await good(service.auth.registry.register({ userId, role: 'User', origin: 'created', by }))
  const losing: StoragePort = {
    ...service.storage,
    load: async (wanted) => {
      const records = await service.storage.load(wanted)
      return records.map((record, i) => (wanted[i]?.id === userId ? undefined : record))
    },
  }
  const report = await good(
    migratingService({ storage: losing }).auth.migration.apply({ lines: supplied(), by }),
  )
  expect(report).toMatchObject({ imported: 12, deleted: 1 })
  expect(await count(service, userId, 'Registered')).toBe(1)
})

test('MIG-16 · the host’s iterator is released however the run ends', async () => {
  const service = migratingService()
  let closed = 0
  async function* source() {
    try {
      yield* generated(2, 300)
    } finally {
      closed++
    }
  }
  const stop = new AbortController()
  const onProgress = () => stop.abort()
  await good(service.auth.migration.plan({ lines: source(), signal: stop.signal, onProgress }))
  expect(closed).toBe(1)
  const broken = migratingService({ storage: diesAt(memoryStorage(), 1, false) })
  await broken.auth.migration.apply({ lines: source(), by })
  expect(closed).toBe(2)
})

test('MIG-02 · without a timeline nothing can be planned, applied or reconciled', async () => {
  const { auth } = testService()
  for (const answer of [
    auth.migration.plan({ lines: [] }),
    auth.migration.apply({ lines: [], by }),
    auth.migration.reconcile({ lines: [] }),
  ])
    expect(await refusal(answer)).toEqual({ code: 'no-timeline', rule: 'MIG-02' })
})

test('MIG-16 · a text is iterable but yields no lines: each character is refused', async () => {
  const { auth } = migratingService()
  expect((await good(auth.migration.apply({ lines: ['a', 'b'] as never, by }))).refused).toBe(2)
})

/** What a callback of a careless or hostile host does with what it gets. */
const callbacks: readonly (readonly [string, (given: object) => unknown])[] = [
  [
    'changes what it is given',
    (given) => Object.assign(given, { lines: 9_999, imported: -1, status: 'ready' }),
  ],
  [
    'throws',
    () => {
      throw new Error('a callback')
    },
  ],
  ['rejects', async () => Promise.reject(new Error('a callback'))],
  ['never resolves', () => new Promise(() => {})],
]

test.each(callbacks)(
  'MIG-16, API-02 · a callback that %s neither changes nor ends a run',
  async (_, callback) => {
    const service = migratingService()
    const input = { lines: supplied(), onProgress: callback, onAccount: callback } as const
    const silent = { lines: supplied() } as const
    const { auth } = service
    expect(await good(auth.migration.plan(input))).toEqual(await good(auth.migration.plan(silent)))
    const applied = await good(auth.migration.apply({ lines: supplied(), by, onProgress: callback }))
    expect(applied).toMatchObject({ status: 'finished', lines: supplied().length })
    expect(applied.imported).toBe(applied.plan.totals.ready + applied.plan.totals.blocked)
    expect(await good(auth.migration.reconcile(input))).toEqual(await good(auth.migration.reconcile(silent)))
    await new Promise((resolve) => setTimeout(resolve))
    const isReported = callback !== callbacks[0]?.[1] && callback !== callbacks[3]?.[1]
    expect(service.faults.length > 0).toBe(isReported)
  },
)

test('OBS-01 · an observer that modifies its arguments does not change the trail', async () => {
  const context = { source: '192.0.2.7' }
  const forging = (given: object) => {
    const { context, record } = given as { context?: { source: string }; record?: { participant: string } }
    if (context !== undefined) context.source = '203.0.113.66'
    if (record !== undefined) record.participant = 'B66666'
  }
  const observer = { operation: forging, entry: forging }
  const service = migratingService({ between: (ports) => ({ ...ports, observer }) })
  const lines = generated(2, 110)
  await good(service.auth.migration.apply({ lines, by, context }))
  for (const id of ['B1000001', 'B1000101', 'B1000132'])
    for (const entry of await trailOf(service, id)) expect(opened(entry).context).toEqual(context)
  expect((await good(service.auth.audit.verify({ limit: 1_000 }))).findings).toEqual([])
})
