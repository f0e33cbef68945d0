import { type Client, field } from './client.ts'
import { begin, LoadFailed, type LoadHolder, mailedCode, setUp, signIn } from './holder.ts'

/** What a holder does under load after the set-up. */
export type Scene = (client: Client, holder: LoadHolder) => Promise<void>

const confirm = (client: Client, { userId }: LoadHolder, challenge: string, code: string) =>
  client.ask(userId, 'sign-in/otp', { challenge, code })

/**
 * Signs in, uses the same code in another sign-in, which counts as a failed attempt (OTP-05), and signs in
 * again.
 */
const replays: Scene = async (client, holder) => {
  await signIn(client, holder)
  const started = await begin(client, holder)
  const again = await confirm(client, holder, field(started, 'challenge'), holder.phone?.shown() ?? '')
  if (again.status === 200) throw new LoadFailed(`${holder.userId}: a code was accepted twice`)
  await signIn(client, holder)
}

/**
 * A wrong password and two wrong codes in parallel, then the right ones: nothing is locked, and the count
 * starts again.
 */
const mistypes: Scene = async (client, holder) => {
  const { userId, system } = holder
  await client.ask(userId, 'sign-in', { userId, system, password: 'Wrong-Horse#Battery9' })
  const started = await begin(client, holder)
  const wrong = holder.phone?.wrong(2) ?? []
  await Promise.all(wrong.map((code) => confirm(client, holder, field(started, 'challenge'), code)))
  await signIn(client, holder)
}

/**
 * Guesses at every process in parallel, far beyond the limit, until no guess is checked any more (LOCK-04,
 * LOCK-09).
 */
const guesses: Scene = async (client, holder) => {
  const challenges: string[] = []
  for (let i = 0; i < 8; i++) challenges.push(field(await begin(client, holder), 'challenge'))
  const wrong = holder.phone?.wrong(40) ?? []
  await Promise.all(wrong.map((code, i) => confirm(client, holder, challenges[i % 8] ?? '', code)))
}

/** Codes by mail: requests another one, uses it, and signs in once more. */
const byMail: Scene = async (client, holder) => {
  const { userId } = holder
  const started = await begin(client, holder)
  const challenge = field(started, 'challenge')
  const resent = await client.ask(userId, 'sign-in/resend', { challenge })
  if (resent.status === 204)
    await confirm(client, holder, challenge, await mailedCode(client, holder, resent.via))
  await signIn(client, holder)
}

/** Changes the password, and signs in with the new one (PW-13). */
const changes: Scene = async (client, holder) => {
  const token = await signIn(client, holder)
  const password = 'Another-Horse#Battery9'
  const changed = await client
    .as(token)
    .ask(holder.userId, 'me/password', { current: holder.password, password, confirmation: password })
  if (changed.status === 204) holder.password = password
  // Without an answer, it is unknown whether the password was changed. A sign-in shows it.
  if (changed.status !== 0) await signIn(client, holder)
}

/** All scenes. Holders take them in turn. */
const scenes: readonly { readonly channel: LoadHolder['channel']; readonly play: Scene }[] = [
  { channel: 'MobileApp', play: replays },
  { channel: 'MobileApp', play: mistypes },
  { channel: 'Email', play: byMail },
  { channel: 'MobileApp', play: guesses },
  { channel: 'MobileApp', play: changes },
]

/** What the n-th holder does. */
export const sceneOf = (n: number) => scenes[n % scenes.length] ?? { channel: 'Email', play: byMail }

/** Sets up a holder and plays their scene. */
export const play = async (client: Client, holder: LoadHolder, scene: Scene): Promise<void> => {
  await setUp(client, holder)
  await scene(client, holder)
}
