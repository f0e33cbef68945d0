import type { Authentication, StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { sqlite, yielding } from './storages.ts'
import { onServer, type Resource } from './test-beds.ts'
import { codeOf, world } from './test-service.ts'
import { begun, type ClientConnectPerson } from './user-journeys.ts'

/** Where storms are let loose: a storage, and how many services stand over it. */
export interface Ground extends Resource {
  readonly services: 1 | 2
  /** Whether each service decides on the records that it remembers. */
  readonly recordCache: boolean
}

const slow = (open: () => StoragePort) => () => yielding(open())

export const grounds: readonly Ground[] = onServer(
  { ground: 'memory', open: memoryStorage },
  { ground: 'SQLite', open: sqlite },
  { ground: 'memory that takes its time', open: slow(memoryStorage) },
  { ground: 'memory that takes its time, two services', open: slow(memoryStorage) },
  { ground: 'SQLite that takes its time, two services', open: slow(sqlite) },
  { ground: 'memory that takes its time, cached, two services', open: slow(memoryStorage) },
  { ground: 'SQLite, cached', open: sqlite },
)
  // A real server: the first place once more, with the cache.
  .flatMap((place, i) =>
    i === 0 && place.ground.startsWith('PostgreSQL')
      ? [place, { ...place, ground: `cached, ${place.ground}` }]
      : [place],
  )
  .map((place) => ({
    ...place,
    services: place.ground.endsWith('two services') ? 2 : 1,
    recordCache: place.ground.includes('cached'),
  }))

/** How often each answer was given. */
const tally = (answers: readonly string[]) => {
  const found: Record<string, number> = {}
  for (const answer of answers) found[answer] = (found[answer] ?? 0) + 1
  return found
}

/** A world on such ground, and what raises storms in it. */
export const storm = ({ open, services: howMany, recordCache }: Ground) => {
  const w = world({
    storage: open(),
    recordCache,
    policy: { challenge: { maxOpen: 64 }, emailCode: { rateLimit: { max: 100 } } },
  })
  const services: readonly Authentication[] = howMany === 1 ? [w.auth] : [w.auth, w.another()]
  const service = (i: number) => services[i % services.length] ?? w.auth

  /** Many at once, in turns by each service: how often each answer was given. */
  const atOnce = async (
    times: number,
    operation: (auth: Authentication, i: number) => ReturnType<typeof codeOf>,
  ) => tally(await Promise.all(Array.from({ length: times }, (_, i) => operation(service(i), i))))

  /** So many sign-ins of one account, one begun after the other. */
  const logins = async (person: ClientConnectPerson, times: number) => {
    const challenges: string[] = []
    for (let i = 0; i < times; i++) challenges.push((await begun(w, person)).challenge)
    return challenges
  }

  return { w, services, service, atOnce, logins }
}

/** A code given in a sign-in. */
export const giving = (challenge: string, code: string) => (auth: Authentication) =>
  codeOf(auth.signIn.confirmOtp({ challenge, code }))
