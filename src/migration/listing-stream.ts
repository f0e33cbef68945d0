import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { AccountPlan, ReadLine } from './model/account-plan.ts'
import { brokenLine } from './model/listing.ts'
import type { ListingPlanner } from './model/plan.ts'
import type { MigrationRefusal } from './refusals.ts'

/**
 * One line of a listing: its number, and what was read. `ccass-2fa/listing-csv` yields such.
 *
 * @category Migration
 */
export interface ListingLine {
  /** Whole, from 1; ascending. */
  readonly line: number
  readonly read: ReadLine
}

/**
 * A listing: anything that yields its lines, once from the beginning each time it is asked.
 *
 * @category Migration
 */
export type ListingLines = Iterable<ListingLine> | AsyncIterable<ListingLine>

/** How many lines are looked at together. */
const windowSize = 500

/** What has no form of a line counts as one that can't be read. */
const readOf = (given: ListingLine): ReadLine =>
  typeof given?.read?.isErr === 'function' ? given.read : err(brokenLine)

/** A line without a number is the next one. */
const numberOf = (given: ListingLine, before: number): number =>
  Number.isSafeInteger(given?.line) ? given.line : before + 1

/**
 * The plans of the lines, this many at a time. Asked to stop, it reads no further; what was planned, is done.
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
 * Where a listing run ended.
 *
 * @category Migration
 */
export type RunStatus = 'finished' | 'stopped'

/** What is done with the plans of some lines. */
export type Step<E> = (plans: readonly AccountPlan[]) => Promise<Result<void, E>>

/** The lines of the host failed, not a port: told apart from anything that fails within a step. */
type ListingBrokeOff = WithCode<MigrationRefusal, 'listing-interrupted'>

class ListingInterrupted extends Error {}

async function* guarded(lines: ListingLines): AsyncGenerator<ListingLine, void> {
  const each = (async function* () {
    yield* lines
  })()
  try {
    for (;;) {
      const next = await each.next().catch((cause: unknown) => {
        throw new ListingInterrupted('the listing broke off', { cause })
      })
      if (next.done) return
      yield next.value
    }
  } finally {
    // The host's source is released, even if the run ends before it does.
    await each.return(undefined).catch(() => undefined)
  }
}

/**
 * Runs through a listing. Each step ends before the next one begins; a refusal or the host's signal ends the
 * run.
 *
 * @returns how it ended; or the step's refusal; or `listing-interrupted` where the host's lines failed.
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
