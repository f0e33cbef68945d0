import type { Authentication, StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { allAtOnce, inTurn } from '../../src/testing/service-contract/storm.ts'
import { sqlite, yielding } from './storages.ts'
import { onServer, type TestBed } from './test-beds.ts'
import { codeOf, type TestService, testService } from './test-service.ts'
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

type Act = (auth: Authentication, i: number) => PromiseLike<string>

/** The services of a test bed over the ports of a test service; `atOnce` distributes many calls over them and counts the results by code. */
export const stormOn = (
  service: Pick<TestService, 'auth' | 'another'>,
  { services: howMany }: StormTestBed,
) => {
  const services: readonly [Authentication, ...Authentication[]] =
    howMany === 1 ? [service.auth] : [service.auth, service.another()]
  const serviceAt = inTurn(services)
  return {
    ...{ services, serviceAt },
    atOnce: (times: number, operation: Act) => allAtOnce(times, (i) => operation(serviceAt(i), i)),
  }
}

/** A service on a test bed, and functions that send it many operations at once. */
export const storm = (testBed: StormTestBed) => {
  const service = testService({
    storage: testBed.open(),
    recordCache: testBed.recordCache,
    policy: { challenge: { maxOpen: 64 }, emailCode: { rateLimit: { max: 100 } } },
  })

  /** Begins a number of sign-ins of one account, one after the other. */
  const logins = async (person: ClientConnectPerson, times: number) => {
    const challenges: string[] = []
    for (let i = 0; i < times; i++) challenges.push((await begun(service, person)).challenge)
    return challenges
  }

  return { service, ...stormOn(service, testBed), logins }
}

/** Enters a code in a sign-in. */
export const giving = (challenge: string, code: string) => (auth: Authentication) =>
  codeOf(auth.signIn.confirmOtp({ challenge, code }))
