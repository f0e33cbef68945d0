import type { Connection, Envelope, Failure } from './connection.ts'
import type { Pool } from './pool.ts'
import { replyCode } from './reply.ts'

/** No connection became available in time. */
export interface NoConnection {
  readonly step: 'waiting'
}

/**
 * Whether the server had closed the connection while it was idle: nothing of the message was sent, and no
 * reply arrived.
 */
const isStale = ({ step, error }: Failure) =>
  step === 'envelope' && (error.response === undefined || replyCode(error.response) === 421)

/** Returns a usable connection to the pool. Closes one that was never established. */
const settle = (pool: Pool, connection: Connection, failure: Failure | undefined) => {
  if (failure?.step === 'connect' || failure?.step === 'auth') return connection.cut()
  if (failure === undefined) return pool.release(connection)
  // The outcome is already known, so the caller does not wait for this reset.
  connection.forget().then(() => pool.release(connection))
}

/**
 * Passes one message to the server, over an idle or a new connection. If an idle connection turns out to be
 * closed before any byte of the message was sent, it takes another. It repeats nothing else.
 *
 * @param signal - aborts everything in progress when the time is up.
 * @returns nothing if the server accepted the message, otherwise where it failed.
 */
export const sendMessage = async (
  pool: Pool,
  envelope: Envelope,
  message: Uint8Array,
  signal: AbortSignal,
): Promise<Failure | NoConnection | undefined> => {
  for (;;) {
    const taken = await pool.acquire(signal)
    if (taken === undefined) return { step: 'waiting' }
    const { connection, used } = taken
    const timeIsUp = () => connection.cut()
    signal.addEventListener('abort', timeIsUp, { once: true })
    const failure = (used ? undefined : await connection.open()) ?? (await connection.send(envelope, message))
    signal.removeEventListener('abort', timeIsUp)
    settle(pool, connection, failure)
    if (failure === undefined) return undefined
    if (signal.aborted && failure.error.response === undefined)
      return { ...failure, error: { code: 'ETIMEDOUT' } }
    if (!(used && !connection.alive() && isStale(failure))) return failure
  }
}
