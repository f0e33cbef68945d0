import { err, ok, type Result } from 'neverthrow'
import type { Timeline } from '../access-control/timeline.ts'
import { instantNow, phaseOf, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { callHost } from '../kernel/call-host.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { Instant } from '../kernel/instant.ts'
import { type ApplyTotals, applyPlans, nothingApplied } from './apply-plans.ts'
import { comparePlans } from './compare-plans.ts'
import { type ListingLines, type RunStatus, streamListing } from './listing-stream.ts'
import type { AccountPlan } from './model/account-plan.ts'
import { type ListingPlan, type ListingPlanner, listingPlanner, type PlanOptions } from './model/plan.ts'
import type { ReconciledAccount } from './model/reconcile.ts'
import { type ListingReconciliation, listingReconciler } from './model/reconciler.ts'
import type { MigrationRefusal, MigrationRefusals } from './refusals.ts'

/**
 * The listing and the known facts about its participants: the common input of planning, applying and
 * reconciling.
 *
 * @category Migration
 */
export interface ListingInput
  extends WithRequestContext,
    Pick<PlanOptions, 'participants' | 'maxima' | 'declared' | 'listing' | 'maxParticipants'> {
  /** The lines, for example from `ccass-2fa/listing-csv`. Each call reads them once, as it needs them. */
  readonly lines: ListingLines
  /** Stops the run before the next line. Lines that were already read are completed. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The progress of a listing run, reported after every few hundred lines.
 *
 * @category Migration
 */
export interface Progress {
  readonly lines: number
  readonly upToLine: number
}

/**
 * The result of a listing run: how it ended, and the plan of the lines that were read.
 *
 * @category Migration
 */
export interface ListingRun {
  readonly status: RunStatus
  readonly plan: ListingPlan
}

/**
 * The input of a dry run.
 *
 * @category Migration
 */
export interface PlanInput extends ListingInput {
  /** Called with the plan of each line, in order. */
  readonly onAccount?: ((plan: AccountPlan) => void) | undefined
  /** Called with the progress after every few hundred lines. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/**
 * The input of an import.
 *
 * @category Migration
 */
export interface ApplyInput extends ListingInput {
  /** The actor recorded in the trail: 1 to 128 characters. */
  readonly by: string
  /**
   * The last line that an earlier run completed (its `upToLine`). Lines up to it are only planned, not
   * applied.
   */
  readonly afterLine?: number | undefined
  /** Called with the totals after each commit. */
  readonly onProgress?: ((progress: ApplyTotals) => void) | undefined
}

/**
 * The input of a reconciliation.
 *
 * @category Migration
 */
export interface ReconcileInput extends ListingInput {
  /** Called with the outcome of each line. Within a few hundred lines, the order is by participant. */
  readonly onAccount?: ((account: ReconciledAccount) => void) | undefined
  /** Called with the progress after every few hundred lines. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/**
 * The totals of an import, its plan, and how the run ended.
 *
 * @category Migration
 */
export type ApplyReport = ListingRun & ApplyTotals

/**
 * The reconciliation of a listing, and how the run ended.
 *
 * @category Migration
 */
export interface ReconcileReport extends ListingRun {
  readonly reconciliation: ListingReconciliation
}

const noTimeline: WithCode<MigrationRefusal, 'no-timeline'> = { code: 'no-timeline', rule: 'MIG-02' }

/** A planner with the service's timeline and policy, as of now. */
const plannerOf = async (
  context: ServiceContext,
  { participants, maxima, declared, listing, maxParticipants }: ListingInput,
): Promise<
  Result<{ planning: ListingPlanner; timeline: Timeline; at: Instant }, typeof noTimeline | PortFailed>
> => {
  const { timeline, policy } = context
  if (timeline === undefined) return err(noTimeline)
  const now = await instantNow(context)
  return now.map((at) => ({
    at,
    timeline,
    planning: listingPlanner(timeline, {
      at,
      ...policy.migration,
      onePersonParticipants: policy.dms.onePersonParticipants,
      ...(participants === undefined ? {} : { participants }),
      ...(maxima === undefined ? {} : { maxima }),
      ...(declared === undefined ? {} : { declared }),
      ...(listing === undefined ? {} : { listing }),
      ...(maxParticipants === undefined ? {} : { maxParticipants }),
    }),
  }))
}

/**
 * Calls a callback of the host with a deep copy, so that what it does to it changes nothing here. An error in it is
 * reported and does not end the run: a run ends by its signal.
 */
const notify = <T extends object>(
  { onError }: ServiceContext,
  callback: ((value: T) => void) | undefined,
  value: T,
): void => {
  if (callback === undefined) return
  callHost(
    () => callback(structuredClone(value)),
    (error) => onError({ port: 'library', error }),
  )
}

/** Counts the lines of a run and reports the progress. */
const counter = (context: ServiceContext, onProgress: ((progress: Progress) => void) | undefined) => {
  const seen = { lines: 0, upToLine: 0 }
  return (plans: readonly AccountPlan[]) => {
    seen.lines += plans.length
    seen.upToLine = plans.at(-1)?.line ?? seen.upToLine
    notify(context, onProgress, seen)
  }
}

/**
 * Plans a listing without changing anything (the dry run).
 *
 * @rule MIG-16
 */
export const plan = async (
  context: ServiceContext,
  input: PlanInput,
): Promise<Result<ListingRun, MigrationRefusals['plan']>> => {
  const ready = await plannerOf(context, input)
  if (ready.isErr()) return err(ready.error)
  const { planning } = ready.value
  const counted = counter(context, input.onProgress)
  const run = await streamListing(context, input.lines, planning, input.signal, async (plans) => {
    for (const each of plans) notify(context, input.onAccount, each)
    counted(plans)
    return ok(undefined)
  })
  return run.map((status) => ({ status, plan: planning.finish() }))
}

/**
 * Imports the accounts that the plan does not refuse.
 *
 * @rule MIG-16
 */
export const apply = async (
  context: ServiceContext,
  input: ApplyInput,
): Promise<Result<ApplyReport, MigrationRefusals['apply']>> => {
  const ready = await plannerOf(context, input)
  if (ready.isErr()) return err(ready.error)
  const { planning } = ready.value
  const { afterLine = 0, by, onProgress } = input
  let applied = nothingApplied
  const run = await streamListing(context, input.lines, planning, input.signal, async (plans) => {
    const left = plans.filter(({ line }) => line > afterLine)
    const done = await applyPlans(context, by, left, applied)
    if (done.isErr()) return err(done.error)
    applied = done.value
    notify(context, onProgress, applied)
    return ok(undefined)
  })
  return run.map((status) => ({ status, plan: planning.finish(), ...applied }))
}

/**
 * Compares the plan with the store.
 *
 * @rule MIG-16
 */
export const reconcile = async (
  context: ServiceContext,
  input: ReconcileInput,
): Promise<Result<ReconcileReport, MigrationRefusals['reconcile']>> => {
  const ready = await plannerOf(context, input)
  if (ready.isErr()) return err(ready.error)
  const { planning, at } = ready.value
  const reconciler = listingReconciler({ at, phaseOf: (participant) => phaseOf(context, participant, at) })
  const counted = counter(context, input.onProgress)
  const run = await streamListing(context, input.lines, planning, input.signal, async (plans) => {
    const done = await comparePlans(context, plans, reconciler, (account) =>
      notify(context, input.onAccount, account),
    )
    if (done.isOk()) counted(plans)
    return done
  })
  return run.map((status) => ({ status, plan: planning.finish(), reconciliation: reconciler.finish() }))
}
