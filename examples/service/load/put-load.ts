import { type Client, clientOf } from './client.ts'
import { createInDms } from './desk.ts'
import { LoadFailed, type LoadHolder } from './holder.ts'
import type { Seen } from './ledger.ts'
import { play, sceneOf } from './scenes.ts'

/** What a load is made of. */
export interface Load {
  /** The processes. */
  readonly urls: readonly string[]
  /** The INTERNAL_TOKEN, to register accounts. */
  readonly internalToken: string
  /** How many users come; each does what {@link sceneOf} says. */
  readonly users: number
  /** How many are served at a time. */
  readonly atOnce: number
  readonly ledger: { add(line: Seen): void }
  /** Told after each user. */
  readonly onProgress?: (users: number) => void
}

/** Users of a participant, its two Delegated Administrators aside. */
const perParticipant = 10

/** The number of the next participant: other runs may have put a load on the same storage before. */
let nextPlace = 10_000 + Math.floor(Math.random() * 85_000)

const holder = (userId: string, channel: LoadHolder['channel']): LoadHolder => {
  const system = /[XYZ][1-9]$/.test(userId) ? 'DMS' : 'CCASS/CCMS'
  return { userId, system, channel, password: 'Correct-Horse#Battery9' }
}

const register = async (client: Client, { userId, system }: LoadHolder): Promise<void> => {
  const role = system === 'DMS' ? 'DelegatedAdministrator' : 'User'
  const email = `${userId.toLowerCase()}@participant.example`
  const made = await client.insist(userId, 'internal/accounts', {
    ...{ userId, role, email, origin: 'created', by: 'load' },
  })
  // It was registered already, and the answer was lost.
  if (made.status !== 200 && made.body['code'] !== 'user-id-taken')
    throw new LoadFailed(`${userId} could not be registered: ${made.status}`)
}

/** As many workers as may be at work at once take one job after the other. */
const inTurns = async (jobs: readonly (() => Promise<void>)[], atOnce: number) => {
  const waiting = jobs.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const job of waiting) await job()
    }),
  )
}

/**
 * Puts a load on a service: accounts are registered, set up over HTTP with codes by `otpauth` or by mail, and used
 * in every way, right and wrong, all at once. The first user of each participant is created in DMS.
 *
 * @throws LoadFailed where something that must go well does not, however often it is tried.
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
  const place = nextPlace
  nextPlace += Math.ceil(users / perParticipant)
  let served = 0
  const jobs = Array.from({ length: users }, (_, n) => async () => {
    const participant = `B${String(place + Math.floor(n / perParticipant))}`
    const { channel, play: scene } = sceneOf(n)
    const user = holder(`${participant}${String(n % perParticipant).padStart(2, '0')}`, channel)
    if (n % perParticipant === 0) {
      const desk = [holder(`${participant}X1`, 'MobileApp'), holder(`${participant}X2`, 'MobileApp')] as const
      await system.insist(`${participant}X1`, 'internal/maximum', { participant, maximum: 50, by: 'load' })
      for (const each of desk) await register(system, each)
      await createInDms(client, ...desk, user)
    } else await register(system, user)
    await play(client, user, scene)
    onProgress?.(++served)
  })
  await inTurns(jobs, atOnce)
}
