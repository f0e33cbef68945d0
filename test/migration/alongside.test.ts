/** MIG-16, MIG-21: a listing is applied during sign-ins, changes and creations, and no change is lost. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoragePort } from '../../src/index.ts'
import { branches } from '../support/branches.ts'
import { generated, launch, migratingService } from '../support/migration.ts'
import { sqlite, yielding } from '../support/storages.ts'
import { codeOf, eventsOf, good, recordOf, type TestService } from '../support/test-service.ts'
import { registered, setUp } from '../support/user-journeys.ts'

const by = 'HKEX'
const participant = 'B10000'
const lines = generated(1, 100)
const userIdOf = (n: number) => `${participant}${n.toString(36).toUpperCase().padStart(2, '0')}`

/** A storage in which another operation runs immediately before chosen commits. */
const interrupted = (inner: StoragePort, acts: ReadonlyMap<number, () => Promise<unknown>>): StoragePort => {
  let commits = 0
  return {
    ...inner,
    commit: async (commit) => {
      const operation = acts.get(commits++)
      await operation?.()
      return inner.commit(commit)
    },
  }
}

const others = {
  signIn: ({ auth }: TestService, n: number) =>
    auth.signIn.begin({ userId: userIdOf(n), password: 'Wrong-Horse-1!!!', system: 'CCASS/CCMS' }),
  creation: ({ auth }: TestService, n: number) =>
    auth.registry.register({
      ...{ userId: userIdOf(n), role: 'User', origin: 'created', by: 'B10000X1' },
      email: 'created@example.com',
    }),
  change: ({ auth }: TestService, n: number) =>
    auth.registry.change({ userId: userIdOf(n), by: 'B10000X1', changes: { surname: 'WONG' } }),
  deletion: ({ auth }: TestService, n: number) =>
    auth.registry.delete({ userId: userIdOf(n), by: 'B10000X1' }),
} as const
type Other = keyof typeof others

test('MIG-16, MIG-21 · commands between reading and writing are not lost, and all accounts are imported', async () => {
  const acts = fc.array(
    fc.record({
      before: fc.nat({ max: 5 }),
      other: fc.constantFrom(...(Object.keys(others) as Other[])),
      n: fc.nat({ max: 99 }),
    }),
    { maxLength: 6, size: 'max' },
  )
  const beforeTheListing = (['creation', 'change', 'deletion'] as const).map((other, before) => ({
    ...{ before, other, n: 5 },
  }))
  const seen = branches('sign-in refused', 'creation', 'change', 'deletion', 'change refused')
  await fc.assert(
    fc.asyncProperty(acts, async (given) => {
      const inner = migratingService()
      inner.clock.set(launch)
      const done: { other: Other; n: number }[] = []
      const plan = new Map(
        given.map(({ before, other, n }) => [
          before,
          async () => {
            const isDone = (await others[other](inner, n)).isOk()
            if (other === 'signIn') seen.hitIf('sign-in refused', !isDone)
            else if (seen.hitIf(other, isDone)) done.push({ other, n })
            seen.hitIf('change refused', other === 'change' && !isDone)
          },
        ]),
      )
      const service = migratingService({ storage: interrupted(inner.storage, plan) })
      service.clock.set(launch)
      const first = await good(service.auth.migration.apply({ lines, by }))
      const again = await good(service.auth.migration.apply({ lines, by }))
      expect(first.imported + first.present + first.deleted).toBe(102)
      expect(again).toMatchObject({ imported: 0, present: 102 - again.deleted })

      const deleted = new Set(done.filter(({ other }) => other === 'deletion').map(({ n }) => n))
      expect(again.deleted).toBe(deleted.size)
      for (const { other, n } of done) {
        const events = await eventsOf(service, userIdOf(n))
        const registrations = events.filter(({ type }) => type === 'Registered')
        if (other === 'change') expect(events.map(({ type }) => type)).toContain('ProfileChanged')
        // A refused operation can precede it in the trail.
        if (other === 'creation') expect(registrations[0]).toMatchObject({ origin: 'created' })
        expect(registrations).toHaveLength(1)
      }
      const { total } = await good(service.auth.registry.totals({ participant }))
      expect(total).toBe(102 - deleted.size)
    }),
    // Random ones seldom delete an account that is there already.
    { examples: [[beforeTheListing]] },
  )
  seen.expectAll()
})

test.each([
  ['memory', () => yielding()],
  ['SQLite', () => yielding(sqlite())],
])(
  'MIG-16 · %s, two processes apply the same listing while users set up 2FA and accounts are created',
  async (_, open) => {
    const storage = open()
    const [one, two, people] = [
      migratingService({ storage }),
      migratingService({ storage }),
      migratingService({ storage }),
    ]
    for (const service of [one, two, people]) service.clock.set(launch)
    await registered(people, userIdOf(100))
    const [first, second, person, ...created] = await Promise.all([
      good(one.auth.migration.apply({ lines, by })),
      good(two.auth.migration.apply({ lines, by: 'another' })),
      setUp(people, userIdOf(100), 'MobileApp'),
      ...Array.from({ length: 20 }, (__, i) => codeOf(others.creation(people, 101 + i))),
    ])
    expect(created).toEqual(Array(20).fill('ok'))
    expect(first.imported + second.imported).toBe(102)
    expect(first.present + second.present).toBe(102)
    expect((await recordOf(people, person.userId))?.state).toMatchObject({ stage: 'Initialised' })
    expect((await good(people.auth.registry.totals({ participant }))).total).toBe(123)
  },
)

test('MIG-16 · of two parallel runs the one that loses the race finds the accounts present, and nothing is lost', async () => {
  const storage = yielding()
  const services = [1, 2, 3].map(() => migratingService({ storage }))
  const reports = await Promise.all(
    services.map((service) => good(service.auth.migration.apply({ lines, by }))),
  )
  expect(reports.reduce((sum, { imported }) => sum + imported, 0)).toBe(102)
  for (const { line } of lines) expect(line).toBeGreaterThan(1)
  for (let n = 0; n < 100; n++)
    expect((await eventsOf(services[0] as TestService, userIdOf(n))).map(({ type }) => type)).toEqual([
      'Registered',
    ])
})
