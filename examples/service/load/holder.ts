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

const maxAttempts = 30

/** Repeats a sequence of steps until all of them succeed, because a process may die between any two. */
const through = async <T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < maxAttempts; tries++) {
    const done = await attempt()
    if (done !== undefined) return done
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new LoadFailed(`${what}: failed after ${maxAttempts} attempts`)
}

/** The mailed code, which only the process that sent it knows. */
export const mailedCode = async (client: Client, { userId }: LoadHolder, via: string): Promise<string> =>
  field(await client.ask(userId, `insecure-development/codes/${userId}`, undefined, via), 'code')

/** LOG IN with the right password. Resolves with the answer when there is one. */
export const begin = (client: Client, { userId, password, system }: LoadHolder): Promise<Answered> =>
  client.postUntilAnswered(userId, 'sign-in', { userId, password, system })

/** The code that completes a sign-in that has just begun. */
export const rightCode = (client: Client, holder: LoadHolder, started: Answered): Promise<string> =>
  holder.phone === undefined ? mailedCode(client, holder, started.via) : holder.phone.fresh()

const passwordSet = (client: Client, holder: LoadHolder) =>
  through(`password of ${holder.userId}`, async () => {
    const { userId, password } = holder
    const requested = await client.postUntilAnswered(userId, 'password', { userId })
    const challenge = field(requested, 'challenge')
    const code = await mailedCode(client, holder, requested.via)
    // The process died before it could show the code, so another one is requested. Five are allowed in 15
    // minutes.
    if (code === '') return undefined
    await client.postUntilAnswered(userId, 'password/code', { challenge, code })
    const chosen = { challenge, password, confirmation: password }
    const done = await client.postUntilAnswered(userId, 'password/complete', chosen)
    if (done.status === 204) return done
    // The first try had set the password and its answer was lost. A sign-in shows this.
    const started = await begin(client, holder)
    return started.status === 200 ? started : undefined
  })

const channelSet = (client: Client, holder: LoadHolder) =>
  through(`channel of ${holder.userId}`, async () => {
    const { userId, channel } = holder
    const started = await begin(client, holder)
    // The channel was already set up and the answer was lost. The phone has the secret.
    if (field(started, 'next') === 'otp') return started
    if (field(started, 'next') !== 'enrolOtp') return undefined
    const chosen = await client.postUntilAnswered(userId, 'enrolment', {
      challenge: field(started, 'challenge'),
      channel,
    })
    if (chosen.status !== 200) return undefined
    if (channel === 'MobileApp') holder.phone = scanned(field(chosen, 'uri'))
    const code = await rightCode(client, holder, chosen)
    if (code === '') return undefined
    const sent = { challenge: field(chosen, 'challenge'), code }
    const done = await client.postUntilAnswered(userId, 'enrolment/confirm', sent)
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
    const started = await begin(client, holder)
    if (started.status === 429) return ''
    if (started.status !== 200) throw new LoadFailed(`${holder.userId}: ${wordOf(started)}`)
    const code = await rightCode(client, holder, started)
    if (code === '') return undefined
    const done = await client.postUntilAnswered(holder.userId, 'sign-in/otp', {
      ...{ challenge: field(started, 'challenge'), code },
    })
    return done.status === 200 ? field(done, 'token') : undefined
  })
