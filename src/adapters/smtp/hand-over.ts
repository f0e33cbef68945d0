import type { Envelope, Failure, Line } from './line.ts'
import type { Pool } from './pool.ts'

/** No connection became free in time. */
export interface NoTurn {
  readonly step: 'waiting'
}

/** A line that the server let go while it was idle: nothing of the message was sent, and no reply heard. */
const wentStale = ({ step, error }: Failure) =>
  step === 'envelope' && (error.responseCode === undefined || error.responseCode === 421)

/** Gives a line back that another message can go over; cuts off one that never came to be. */
const putAway = (pool: Pool, line: Line, failure: Failure | undefined) => {
  if (failure?.step === 'connect' || failure?.step === 'login') return line.cut()
  if (failure === undefined) return pool.giveBack(line)
  // The answer is known: no one waits for the server to forget the message.
  line.forget().then(() => pool.giveBack(line))
}

/**
 * Hands one message to the server, over an idle line or a new one. If the idle line turns out to be dead
 * before a byte of the message went over it, another is taken: that alone is tried again.
 *
 * @param signal - the time is up: anything under way is cut off.
 * @returns nothing if the server took it; or where it broke off.
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
