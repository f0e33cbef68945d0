import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { Refusal } from '../kernel/refusal.ts'
import { ask, type Context } from './context.ts'
import { face } from './face.ts'

/** How many notices are taken at a time. */
const batch = 100

/** What became of the notices that were waiting. */
export interface NoticeReport {
  readonly delivered: number
  /** Refused for good by the mail server: taken off the list, and reported to `onFault`. */
  readonly refused: number
  /** Not just now: still waiting. */
  readonly waiting: number
}

/**
 * Messages that must reach their holder. They are written in the commit that causes them, and wait there
 * until they are sent: at least once, never lost.
 *
 * @rule LOCK-11
 */
export interface Notices {
  /**
   * Sends what is waiting. Call it from time to time, e.g. every minute; after each act that leaves a
   * notice the library does so by itself, without making the caller wait.
   *
   * @returns how many were delivered, refused for good, and are waiting still; or `port-failed`.
   * @rule LOCK-11
   */
  deliver(): ResultAsync<NoticeReport, Refusal>
}

const deliverAll = async (context: Context): Promise<Result<NoticeReport, Refusal>> => {
  const { ports, onFault } = context
  const report = { delivered: 0, refused: 0, waiting: 0 }
  let after = 0
  for (;;) {
    const page = { after, limit: batch }
    const pending = await ask(context, 'storage', () => ports.storage.pendingNotices(page))
    if (pending.isErr()) return err(pending.error)
    for (const waiting of pending.value) {
      after = waiting.ordinal
      const sent = await ask(context, 'mailer', () => ports.mailer.send(waiting.notice, waiting.id))
      const outcome = sent.unwrapOr('try-again' as const)
      if (outcome === 'refused')
        onFault({ port: 'mailer', error: new Error(`the notice ${waiting.id} was refused`) })
      const settled =
        (outcome === 'delivered' || outcome === 'refused') &&
        (await ask(context, 'storage', () => ports.storage.settleNotice(waiting))).isOk()
      report[settled ? outcome : 'waiting']++
    }
    if (pending.value.length < batch) return ok(report)
  }
}

/** Sends what is waiting, each once; one run after the other, lest one is sent twice. */
export const deliverNotices = (context: Context): Promise<Result<NoticeReport, Refusal>> =>
  context.queue.run('notices', () => deliverAll(context))

/** The notices of a service. */
export const notices = (context: Context): Notices => {
  const deliver = face(context, z.undefined(), () => deliverNotices(context))
  return { deliver: () => deliver(undefined) }
}
