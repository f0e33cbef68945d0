import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { OutboxNotice } from '../ports/storage.ts'
import { callPort, instantNow, type ServiceContext } from './context.ts'
import { endpoint } from './endpoint.ts'
import type { OutboxRefusals, PortFailed } from './refusals.ts'

/** How many notices are claimed at a time: few, so that a slow mail server does not outlast the claim. */
const batch = 20
/** How long a claim lasts, in milliseconds; also the pause before what failed is tried again. */
const claimFor = 60_000

/**
 * What became of the notices that were waiting.
 *
 * @category Service
 */
export interface DeliveryReport {
  readonly delivered: number
  /** Refused permanently by the mail server: taken off the list, and reported to `onError`. */
  readonly refused: number
  /** Not just now: still waiting, and not tried again within the next minute. */
  readonly waiting: number
}

/**
 * Notices that must reach their holder. They are written in the commit that causes them and wait until they
 * are sent: at least once, never lost. Any number of processes may send: each claims what it is about to send
 * for a minute, and the claims of a process that died expire.
 *
 * @rule LOCK-11
 * @category Service
 */
export interface Outbox {
  /**
   * Sends what is waiting. Call it from time to time, e.g. every minute; after each act that leaves a notice
   * the library does so by itself, without making the caller wait. What could not be sent is tried again no
   * sooner than a minute later, by whichever process calls then.
   *
   * @returns how many this call delivered, found refused permanently, and left waiting; what others have
   * claimed is not among them. Or `port-failed`.
   * @rule LOCK-11
   */
  deliver(): ResultAsync<DeliveryReport, OutboxRefusals['deliver']>
}

/** Sends one notice, and takes it off the list if that settles it. */
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
  const begun = await instantNow(context)
  if (begun.isErr()) return err(begun.error)
  // What is claimed here stays claimed beyond the beginning: no notice comes twice, and there is an end.
  let now = begun.value
  for (;;) {
    const claim = { now: begun.value, until: Math.max(now, begun.value) + claimFor, limit: batch }
    const claimed = await callPort(context, 'storage', () => context.ports.storage.claimNotices(claim))
    if (claimed.isErr()) return err(claimed.error)
    for (const waiting of claimed.value) {
      const read = await instantNow(context)
      if (read.isErr()) return err(read.error)
      now = read.value
      // Those before it took so long that someone else may have claimed it by now.
      report[now < claim.until ? await deliverOne(context, waiting) : 'waiting']++
    }
    if (claimed.value.length < batch) return ok(report)
  }
}

/** Sends what is waiting; in this process one run after the other. */
export const deliverOutbox = (context: ServiceContext): Promise<Result<DeliveryReport, PortFailed>> =>
  context.queue.run('notices', () => deliverAll(context))

/** The notices of a service. */
export const outbox = (context: ServiceContext): Outbox => {
  const deliver = endpoint(context, 'outbox.deliver', z.undefined(), () => deliverOutbox(context))
  return { deliver: () => deliver(undefined) }
}
