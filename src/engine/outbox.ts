import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { OutboxNotice } from '../ports/storage.ts'
import { callPort, instantNow, type ServiceContext } from './context.ts'
import { endpoint } from './endpoint.ts'
import type { OutboxRefusals, PortFailed } from './refusals.ts'

/**
 * The number of notices claimed at a time: small, so that a slow mail server does not take longer than the
 * claim.
 */
const batch = 20
/** The duration of a claim, in milliseconds; also the pause before a failed notice is retried. */
const claimFor = 60_000

/**
 * The result of delivering the pending notices.
 *
 * @category Service
 */
export interface DeliveryReport {
  readonly delivered: number
  /** Notices that the mail server refused permanently: removed from the outbox and reported to `onError`. */
  readonly refused: number
  /** Notices that could not be sent now: still pending, and not retried within the next minute. */
  readonly waiting: number
}

/**
 * Notices that must reach account holders. They are written in the commit that causes them and stay pending
 * until they are sent: at least once, never lost. Any number of processes can send: each claims the notices
 * that it is about to send for one minute, and the claims of a process that has died expire.
 *
 * @rule LOCK-11
 * @category Service
 */
export interface Outbox {
  /**
   * Sends the pending notices. Call it regularly, for example every minute; after each command that leaves a
   * notice, the library also calls it, without blocking the caller. A notice that could not be sent is
   * retried after at least one minute, by the next process that calls.
   *
   * @returns how many notices this call delivered, found permanently refused, or left pending; notices
   * claimed by other processes are not counted. Or `malformed-input` for an argument, because it takes none;
   * `port-failed`.
   * @rule LOCK-11
   */
  deliver(): ResultAsync<DeliveryReport, OutboxRefusals['deliver']>
}

/** Sends one notice, and removes it from the outbox unless it must be retried. */
const deliverOne = async (context: ServiceContext, waiting: OutboxNotice): Promise<keyof DeliveryReport> => {
  const { ports, onError } = context
  const sent = await callPort(context, 'mailer', () => ports.mailer.send(waiting.notice, waiting.id))
  const outcome = sent.unwrapOr('try-again' as const)
  if (outcome === 'refused')
    onError({ port: 'mailer', error: new Error(`the notice ${waiting.id} was refused`) })
  const settled =
    (outcome === 'delivered' || outcome === 'refused') &&
    (await callPort(context, 'storage', () => ports.storage.settleNotice(waiting))).isOk()
  return settled ? outcome : 'waiting'
}

const deliverAll = async (context: ServiceContext): Promise<Result<DeliveryReport, PortFailed>> => {
  const report = { delivered: 0, refused: 0, waiting: 0 }
  const startedAt = await instantNow(context)
  if (startedAt.isErr()) return err(startedAt.error)
  // Claims made here last beyond the start of this call, so that no notice is sent twice and the loop ends.
  let now = startedAt.value
  for (;;) {
    const claim = { now: startedAt.value, until: Math.max(now, startedAt.value) + claimFor, limit: batch }
    const claimed = await callPort(context, 'storage', () => context.ports.storage.claimNotices(claim))
    if (claimed.isErr()) return err(claimed.error)
    for (const waiting of claimed.value) {
      const read = await instantNow(context)
      if (read.isErr()) return err(read.error)
      now = read.value
      // The notices before it took so long that another process may have claimed it by now.
      report[now < claim.until ? await deliverOne(context, waiting) : 'waiting']++
    }
    if (claimed.value.length < batch) return ok(report)
  }
}

/** Sends the pending notices; within this process, one call runs after the other. */
export const deliverOutbox = (context: ServiceContext): Promise<Result<DeliveryReport, PortFailed>> =>
  context.queue.run('notices', () => deliverAll(context))

/** Creates the outbox operations of a service. */
export const outbox = (context: ServiceContext): Outbox => {
  const deliver = endpoint(context, 'outbox.deliver', z.undefined(), (_, context) => deliverOutbox(context))
  return { deliver: () => deliver(undefined) }
}
