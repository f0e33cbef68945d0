import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { AccountPlan, ReadLine } from './model/account-plan.ts'
import { brokenLine } from './model/listing.ts'
import type { ListingPlanner } from './model/plan.ts'
import type { MigrationRefusal } from './refusals.ts'

/**
 * One line of a listing: its number and the result of reading it. `ccass-2fa/listing-csv` yields these.
 *
 * @category Migration
 */
export interface ListingLine {
  /** A whole number from 1; ascending. */
  readonly line: number
  readonly read: ReadLine
}

/**
 * The lines of a listing: an iterable that starts from the beginning each time it is iterated.
 *
 * @category Migration
 */
export type ListingLines = Iterable<ListingLine> | AsyncIterable<ListingLine>

/** The number of lines processed together. */
const windowSize = 500

/** A value that is not a listing line counts as a line that can't be read. */
const readOf = (given: ListingLine): ReadLine =>
  typeof given?.read?.isErr === 'function' ? given.read : err(brokenLine)

/** A line without a number gets the number after the previous one. */
const numberOf = (given: ListingLine, before: number): number =>
  Number.isSafeInteger(given?.line) ? given.line : before + 1

/**
 * Plans the lines in batches of `windowSize`. After the signal aborts, it reads no further line; lines that
 * were already planned are still yielded.
 */
export async function* plansOf(
  lines: ListingLines,
  planner: ListingPlanner,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly AccountPlan[], void> {
  let window: AccountPlan[] = []
  let line = 0
  for await (const each of lines) {
    if (signal?.aborted) break
    line = numberOf(each, line)
    window.push(planner.add(line, readOf(each)))
    if (window.length < windowSize) continue
    yield window
    window = []
  }
  if (window.length > 0) yield window
}

/**
 * How a listing run ended.
 *
 * @category Migration
 */
export type RunStatus = 'finished' | 'stopped'

/** Processes the plans of a batch of lines. */
export type Step<E> = (plans: readonly AccountPlan[]) => Promise<Result<void, E>>

/** The host's lines failed. This is reported separately from errors within a step, such as a failing port. */
type ListingBrokeOff = WithCode<MigrationRefusal, 'listing-interrupted'>

class ListingInterrupted extends Error {}

async function* guarded(lines: ListingLines): AsyncGenerator<ListingLine, void> {
  const each = (async function* () {
    yield* lines
  })()
  try {
    for (;;) {
      const next = await each.next().catch((cause: unknown) => {
        throw new ListingInterrupted('the listing stopped before its end', { cause })
      })
      if (next.done) return
      yield next.value
    }
  } finally {
    // Releases the host's source even if the run ends before the source does.
    await each.return(undefined).catch(() => undefined)
  }
}

/**
 * Streams a listing through a step, one batch at a time: a batch begins after the previous one has ended. A
 * refusal or the host's signal ends the run.
 *
 * @returns how the run ended; or the step's refusal; or `listing-interrupted` if the host's lines failed.
 */
export const streamListing = async <E>(
  context: ServiceContext,
  lines: ListingLines,
  planner: ListingPlanner,
  signal: AbortSignal | undefined,
  step: Step<E>,
): Promise<Result<RunStatus, E | ListingBrokeOff>> => {
  let line = 0
  try {
    for await (const plans of plansOf(guarded(lines), planner, signal)) {
      const done = await step(plans)
      if (done.isErr()) return err(done.error)
      line = plans.at(-1)?.line ?? line
    }
  } catch (error) {
    if (!(error instanceof ListingInterrupted)) throw error
    context.onError({ port: 'library', error: error.cause })
    return err({ code: 'listing-interrupted', rule: 'MIG-16', line })
  }
  return ok(signal?.aborted ? 'stopped' : 'finished')
}
