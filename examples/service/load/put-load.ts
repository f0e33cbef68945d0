import { type Client, clientOf } from './client.ts'
import { createInDms } from './desk.ts'
import { LoadFailed, type LoadHolder } from './holder.ts'
import type { Seen } from './ledger.ts'
import { play, sceneOf } from './scenes.ts'

/** The parameters of a load test. */
export interface Load {
  /** The addresses of the processes. */
  readonly urls: readonly string[]
  /** The INTERNAL_TOKEN, for registering accounts. */
  readonly internalToken: string
  /** The number of users. Each does what {@link sceneOf} says. */
  readonly users: number
  /** How many users are active at the same time. */
  readonly atOnce: number
  readonly ledger: { add(line: Seen): void }
  /** Called after each user. */
  readonly onProgress?: (users: number) => void
}

/** Users per participant, without its two Delegated Administrators. */
const perParticipant = 10

/**
 * The number of the next participant. It starts at random because earlier runs may have used the same
 * storage.
 */
let nextPlace = 10_000 + Math.floor(Math.random() * 85_000)

const holder = (userId: string, channel: LoadHolder['channel']): LoadHolder => {
  const system = /[XYZ][1-9]$/.test(userId) ? 'DMS' : 'CCASS/CCMS'
  return { userId, system, channel, password: 'Correct-Horse#Battery9' }
}

const register = async (client: Client, { userId, system }: LoadHolder): Promise<void> => {
  const role = system === 'DMS' ? 'DelegatedAdministrator' : 'User'
  const email = `${userId.toLowerCase()}@participant.example`
  const created = await client.postUntilAnswered(userId, 'internal/accounts', {
    ...{ userId, role, email, origin: 'created', by: 'load' },
  })
  // It was already registered and the answer was lost.
  if (created.status !== 200 && created.body['code'] !== 'user-id-taken')
    throw new LoadFailed(`could not register ${userId}: HTTP ${created.status}`)
}

/** Runs jobs with a limited number of workers. */
const inTurns = async (jobs: readonly (() => Promise<void>)[], atOnce: number) => {
  const waiting = jobs.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const job of waiting) await job()
    }),
  )
}

/**
 * Puts load on a service: accounts are registered, set up over HTTP with codes from `otpauth` or by mail, and
 * used in all ways, right and wrong, in parallel. The first user of each participant is created in DMS.
 *
 * @throws LoadFailed if an operation that must succeed fails repeatedly.
 */
export const putLoad = async ({
  urls,
  internalToken,
  users,
  atOnce,
  ledger,
  onProgress,
}: Load): Promise<void> => {
  const client = clientOf(urls, ledger)
  const system = client.as(internalToken)
  const index = nextPlace
  nextPlace += Math.ceil(users / perParticipant)
  let served = 0
  const jobs = Array.from({ length: users }, (_, n) => async () => {
    const participant = `B${String(index + Math.floor(n / perParticipant))}`
    const { channel, play: scene } = sceneOf(n)
    const user = holder(`${participant}${String(n % perParticipant).padStart(2, '0')}`, channel)
    if (n % perParticipant === 0) {
      const desk = [holder(`${participant}X1`, 'MobileApp'), holder(`${participant}X2`, 'MobileApp')] as const
      await system.postUntilAnswered(`${participant}X1`, 'internal/maximum', {
        participant,
        maximum: 50,
        by: 'load',
      })
      for (const each of desk) await register(system, each)
      await createInDms(client, ...desk, user)
    } else await register(system, user)
    await play(client, user, scene)
    onProgress?.(++served)
  })
  await inTurns(jobs, atOnce)
}
