import type { Envelope, Failure, Line } from './line.ts'
import type { Pool } from './pool.ts'

/** No connection became available in time. */
export interface NoTurn {
  readonly step: 'waiting'
}

/**
 * Whether the server had closed the connection while it was idle: nothing of the message was sent, and no
 * reply arrived.
 */
const wentStale = ({ step, error }: Failure) =>
  step === 'envelope' && (error.responseCode === undefined || error.responseCode === 421)

/** Returns a usable connection to the pool. Closes one that was never established. */
const putAway = (pool: Pool, line: Line, failure: Failure | undefined) => {
  if (failure?.step === 'connect' || failure?.step === 'login') return line.cut()
  if (failure === undefined) return pool.giveBack(line)
  // The outcome is already known, so the caller does not wait for this reset.
  line.forget().then(() => pool.giveBack(line))
}

/**
 * Passes one message to the server, over an idle or a new connection. If an idle connection turns out to be
 * closed before any byte of the message was sent, it takes another. It repeats nothing else.
 *
 * @param signal - aborts everything in progress when the time is up.
 * @returns nothing if the server accepted the message, otherwise where it failed.
 */
export const handOver = async (
  pool: Pool,
  envelope: Envelope,
  message: Uint8Array,
  signal: AbortSignal,
): Promise<Failure | NoTurn | undefined> => {
  for (;;) {
    const taken = await pool.take(signal)
    if (taken === undefined) return { step: 'waiting' }
    const { line, used } = taken
    const timeIsUp = () => line.cut()
    signal.addEventListener('abort', timeIsUp, { once: true })
    const failure = (used ? undefined : await line.open()) ?? (await line.send(envelope, message))
    signal.removeEventListener('abort', timeIsUp)
    putAway(pool, line, failure)
    if (failure === undefined) return undefined
    if (signal.aborted && failure.error.responseCode === undefined)
      return { ...failure, error: { code: 'ETIMEDOUT' } }
    if (!(used && !line.alive() && wentStale(failure))) return failure
  }
}
