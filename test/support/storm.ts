import type { Authentication, StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { sqlite, yielding } from './storages.ts'
import { onServer, type TestBed } from './test-beds.ts'
import { codeOf, testService } from './test-service.ts'
import { begun, type ClientConnectPerson } from './user-journeys.ts'

/** The test beds of storms: a storage, and the number of services over it. */
export interface StormTestBed extends TestBed {
  readonly services: 1 | 2
  /** Whether each service decides with cached records. */
  readonly recordCache: boolean
}

const slow = (open: () => StoragePort) => () => yielding(open())

export const stormTestBeds: readonly StormTestBed[] = onServer(
  { name: 'memory', open: memoryStorage },
  { name: 'SQLite', open: sqlite },
  { name: 'memory that takes its time', open: slow(memoryStorage) },
  { name: 'memory that takes its time, two services', open: slow(memoryStorage) },
  { name: 'SQLite that takes its time, two services', open: slow(sqlite) },
  { name: 'memory that takes its time, cached, two services', open: slow(memoryStorage) },
  { name: 'SQLite, cached', open: sqlite },
)
  // A real server: the first test bed again, with the cache.
  .flatMap((testBed, i) =>
    i === 0 && testBed.name.startsWith('PostgreSQL')
      ? [testBed, { ...testBed, name: `cached, ${testBed.name}` }]
      : [testBed],
  )
  .map((testBed) => ({
    ...testBed,
    services: testBed.name.endsWith('two services') ? 2 : 1,
    recordCache: testBed.name.includes('cached'),
  }))

/** The number of results by code. */
const tally = (answers: readonly string[]) => {
  const found: Record<string, number> = {}
  for (const answer of answers) found[answer] = (found[answer] ?? 0) + 1
  return found
}

/** A test service on such a test bed, with functions for storms. */
export const storm = ({ open, services: howMany, recordCache }: StormTestBed) => {
  const w = testService({
    storage: open(),
    recordCache,
    policy: { challenge: { maxOpen: 64 }, emailCode: { rateLimit: { max: 100 } } },
  })
  const services: readonly Authentication[] = howMany === 1 ? [w.auth] : [w.auth, w.another()]
  const service = (i: number) => services[i % services.length] ?? w.auth

  /** Runs many calls at once, distributed over the services, and counts their results by code. */
  const atOnce = async (
    times: number,
    operation: (auth: Authentication, i: number) => ReturnType<typeof codeOf>,
  ) => tally(await Promise.all(Array.from({ length: times }, (_, i) => operation(service(i), i))))

  /** Begins a number of sign-ins of one account, one after the other. */
  const logins = async (person: ClientConnectPerson, times: number) => {
    const challenges: string[] = []
    for (let i = 0; i < times; i++) challenges.push((await begun(w, person)).challenge)
    return challenges
  }

  return { w, services, service, atOnce, logins }
}

/** Enters a code in a sign-in. */
export const giving = (challenge: string, code: string) => (auth: Authentication) =>
  codeOf(auth.signIn.confirmOtp({ challenge, code }))
