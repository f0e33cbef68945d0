import { type Client, field } from './client.ts'
import { begin, LoadFailed, type LoadHolder, logIn, mailedCode, setUp } from './holder.ts'

/** What one holder does under load, once set up. */
export type Scene = (client: Client, holder: LoadHolder) => Promise<void>

const confirm = (client: Client, { userId }: LoadHolder, challenge: string, code: string) =>
  client.ask(userId, 'sign-in/otp', { challenge, code })

/** Signs in; gives the same code once more in another sign-in, which is a miss (OTP-05); signs in again. */
const replays: Scene = async (client, holder) => {
  await logIn(client, holder)
  const begun = await begin(client, holder)
  const again = await confirm(client, holder, field(begun, 'challenge'), holder.phone?.shown() ?? '')
  if (again.status === 200) throw new LoadFailed(`${holder.userId}: a code was good twice`)
  await logIn(client, holder)
}

/** A wrong password, two wrong codes at once, then the right ones: nothing is locked, and the count begins again. */
const mistypes: Scene = async (client, holder) => {
  const { userId, system } = holder
  await client.ask(userId, 'sign-in', { userId, system, password: 'Wrong-Horse#Battery9' })
  const begun = await begin(client, holder)
  const wrong = holder.phone?.wrong(2) ?? []
  await Promise.all(wrong.map((code) => confirm(client, holder, field(begun, 'challenge'), code)))
  await logIn(client, holder)
}

/** Guesses at every process at once, far beyond the budget, until nothing is told any more (LOCK-04, LOCK-09). */
const guesses: Scene = async (client, holder) => {
  const challenges: string[] = []
  for (let i = 0; i < 8; i++) challenges.push(field(await begin(client, holder), 'challenge'))
  const wrong = holder.phone?.wrong(40) ?? []
  await Promise.all(wrong.map((code, i) => confirm(client, holder, challenges[i % 8] ?? '', code)))
}

/** Codes by mail: asks for another one, gives it, and signs in once more. */
const byMail: Scene = async (client, holder) => {
  const { userId } = holder
  const begun = await begin(client, holder)
  const challenge = field(begun, 'challenge')
  const resent = await client.ask(userId, 'sign-in/resend', { challenge })
  if (resent.status === 204)
    await confirm(client, holder, challenge, await mailedCode(client, holder, resent.via))
  await logIn(client, holder)
}

/** Changes the password, and signs in with the new one (PW-13). */
const changes: Scene = async (client, holder) => {
  const token = await logIn(client, holder)
  const password = 'Another-Horse#Battery9'
  const changed = await client
    .as(token)
    .ask(holder.userId, 'me/password', { current: holder.password, password, confirmation: password })
  if (changed.status === 204) holder.password = password
  // No answer: it may have been changed. Which of the two it is, a sign-in tells, as it would tell anyone.
  if (changed.status !== 0) await logIn(client, holder)
}

/** The scenes, in turns. */
const scenes: readonly { readonly channel: LoadHolder['channel']; readonly play: Scene }[] = [
  { channel: 'MobileApp', play: replays },
  { channel: 'MobileApp', play: mistypes },
  { channel: 'Email', play: byMail },
  { channel: 'MobileApp', play: guesses },
  { channel: 'MobileApp', play: changes },
]

/** What the n-th holder does. */
export const sceneOf = (n: number) => scenes[n % scenes.length] ?? { channel: 'Email', play: byMail }

/** A holder comes: is set up, and plays. */
export const play = async (client: Client, holder: LoadHolder, scene: Scene): Promise<void> => {
  await setUp(client, holder)
  await scene(client, holder)
}
