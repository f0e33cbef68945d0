import { setTimeout as pause } from 'node:timers/promises'
import type { Seen } from './ledger.ts'

/** An answer over HTTP. `status` is 0 if there was no answer. */
export interface Answered {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  /** The process that was called. */
  readonly via: string
}

/** The name of an answer in the ledger. */
export const wordOf = ({ status, body }: Answered): string =>
  status === 0 ? 'none' : status < 300 ? 'ok' : String(body['code'] ?? status)

/** A client of several processes of the same service. */
export interface Client {
  /** Calls one process, or the given one, once. The result is recorded in the ledger. */
  ask(userId: string, path: string, body?: object, to?: string): Promise<Answered>
  /**
   * Like {@link Client.ask}, but repeats the call if there is no answer or a retry is requested. Only for
   * operations that may run twice.
   */
  postUntilAnswered(userId: string, path: string, body?: object): Promise<Answered>
  /** Authenticates with a sealed session or the internal token. */
  as(token: string): Client
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** A field of an answer if it is a text. */
export const field = ({ body }: Answered, name: string): string => text(body[name])

const json = async (response: Response): Promise<Answered['body']> => {
  const read = await response.text()
  return read === '' ? {} : (JSON.parse(read) as Answered['body'])
}

/** Creates a client that calls the processes in turn. */
export const clientOf = (
  urls: readonly string[],
  ledger: { add(line: Seen): void },
  token?: string,
  turns = { taken: 0 },
): Client => {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  const fetched = async (via: string, path: string, body: object | undefined): Promise<Answered> => {
    try {
      const sent = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
      const response = await fetch(`${via}/${path}`, { ...sent, signal: AbortSignal.timeout(20_000) })
      return { status: response.status, body: await json(response), via }
    } catch {
      return { status: 0, body: {}, via }
    }
  }
  const ask: Client['ask'] = async (userId, path, body, to) => {
    const via = to ?? urls[turns.taken++ % urls.length] ?? ''
    const answered = await fetched(via, path, body)
    const { signedInAt } = answered.body
    ledger.add({
      ...{ operation: path, userId, answer: wordOf(answered), via },
      ...(path === 'sign-in/otp' && typeof signedInAt === 'number' ? { signedInAt } : {}),
    })
    return answered
  }
  return {
    ask,
    postUntilAnswered: async (userId, path, body) => {
      for (let tries = 1; ; tries++) {
        const answered = await ask(userId, path, body)
        if ((answered.status !== 0 && answered.status < 500) || tries === 60) return answered
        await pause(Math.min(50 * tries, 500))
      }
    },
    as: (other) => clientOf(urls, ledger, other, turns),
  }
}
