import { type Answered, type Client, field, wordOf } from './client.ts'
import { type LoadPhone, scanned } from './phone.ts'

/** A simulated account holder. */
export interface LoadHolder {
  readonly userId: string
  readonly system: 'CCASS/CCMS' | 'DMS'
  readonly channel: 'MobileApp' | 'Email'
  password: string
  /** Only for users of the app. */
  phone?: LoadPhone
}

/** Thrown when an operation fails that must succeed. */
export class LoadFailed extends Error {}

const mostTries = 30

/** Repeats a sequence of steps until all of them succeed, because a process may die between any two. */
const through = async <T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < mostTries; tries++) {
    const done = await attempt()
    if (done !== undefined) return done
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new LoadFailed(`${what}: failed after ${mostTries} attempts`)
}

/** The mailed code, which only the process that sent it knows. */
export const mailedCode = async (client: Client, { userId }: LoadHolder, via: string): Promise<string> =>
  field(await client.ask(userId, `insecure-development/codes/${userId}`, undefined, via), 'code')

/** LOG IN with the right password. Resolves with the answer when there is one. */
export const begin = (client: Client, { userId, password, system }: LoadHolder): Promise<Answered> =>
  client.insist(userId, 'sign-in', { userId, password, system })

/** The code that completes a sign-in that has just begun. */
export const rightCode = (client: Client, holder: LoadHolder, begun: Answered): Promise<string> =>
  holder.phone === undefined ? mailedCode(client, holder, begun.via) : holder.phone.fresh()

const passwordSet = (client: Client, holder: LoadHolder) =>
  through(`password of ${holder.userId}`, async () => {
    const { userId, password } = holder
    const asked = await client.insist(userId, 'password', { userId })
    const challenge = field(asked, 'challenge')
    const code = await mailedCode(client, holder, asked.via)
    // The process died before it could show the code, so another one is requested. Five are allowed in 15
    // minutes.
    if (code === '') return undefined
    await client.insist(userId, 'password/code', { challenge, code })
    const chosen = { challenge, password, confirmation: password }
    const done = await client.insist(userId, 'password/complete', chosen)
    if (done.status === 204) return done
    // The first try had set the password and its answer was lost. A sign-in shows this.
    const begun = await begin(client, holder)
    return begun.status === 200 ? begun : undefined
  })

const channelSet = (client: Client, holder: LoadHolder) =>
  through(`channel of ${holder.userId}`, async () => {
    const { userId, channel } = holder
    const begun = await begin(client, holder)
    // The channel was already set up and the answer was lost. The phone has the secret.
    if (field(begun, 'next') === 'otp') return begun
    if (field(begun, 'next') !== 'enrolOtp') return undefined
    const chosen = await client.insist(userId, 'enrolment', { challenge: field(begun, 'challenge'), channel })
    if (chosen.status !== 200) return undefined
    if (channel === 'MobileApp') holder.phone = scanned(field(chosen, 'uri'))
    const code = await rightCode(client, holder, chosen)
    if (code === '') return undefined
    const sent = { challenge: field(chosen, 'challenge'), code }
    const done = await client.insist(userId, 'enrolment/confirm', sent)
    return done.status === 200 ? done : undefined
  })

/** Sets up password and channel over HTTP, as any holder would (ACC-01). */
export const setUp = async (client: Client, holder: LoadHolder): Promise<void> => {
  await passwordSet(client, holder)
  await channelSet(client, holder)
}

/**
 * A complete sign-in. Resolves with its token. Lost steps are started again, and it fails if no more codes
 * can be mailed (OTP-07).
 */
export const signIn = (client: Client, holder: LoadHolder): Promise<string> =>
  through(`sign-in of ${holder.userId}`, async () => {
    const begun = await begin(client, holder)
    if (begun.status === 429) return ''
    if (begun.status !== 200) throw new LoadFailed(`${holder.userId}: ${wordOf(begun)}`)
    const code = await rightCode(client, holder, begun)
    if (code === '') return undefined
    const done = await client.insist(holder.userId, 'sign-in/otp', {
      ...{ challenge: field(begun, 'challenge'), code },
    })
    return done.status === 200 ? field(done, 'token') : undefined
  })
