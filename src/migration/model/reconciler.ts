import type { Phase } from '../../access-control/timeline.ts'
import type { Account } from '../../account/state.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import { hongKongDay, type Instant } from '../../kernel/instant.ts'
import type { AccountPlan } from './account-plan.ts'
import { type PendingStep, type ReconciledAccount, reconcileOn } from './reconcile.ts'

/**
 * The number of planned accounts by outcome.
 *
 * @category Migration
 */
export interface ReconciliationTotals {
  readonly lines: number
  /** Lines that were planned to be migrated. */
  readonly planned: number
  /** Planned accounts that are in the store. */
  readonly arrived: number
  readonly missing: number
  readonly deleted: number
  /** Arrived accounts that differ from the plan. */
  readonly different: number
  /** Arrived accounts that have initialised 2FA. */
  readonly initialised: number
  /** Arrived accounts that have not initialised 2FA; `waiting` counts them by what they wait for. */
  readonly notInitialised: number
  readonly waiting: Readonly<Record<PendingStep, number>>
  readonly leftOut: number
  readonly unplanned: number
}

/**
 * The reconciliation of one participant.
 *
 * @category Migration
 */
export interface ParticipantReconciliation {
  readonly participant: ParticipantKey
  readonly totals: ReconciliationTotals
  /** The first accounts that are not initialised as planned, as many as the options allow. */
  readonly listed: readonly ReconciledAccount[]
  /** The number of such accounts that are not in `listed`. */
  readonly more: number
}

/**
 * The reconciliation of a whole listing.
 *
 * @category Migration
 */
export interface ListingReconciliation {
  readonly at: Instant
  /** The participants, ordered by key. */
  readonly participants: readonly ParticipantReconciliation[]
  readonly totals: ReconciliationTotals
}

/**
 * Compares plan and store account by account.
 *
 * @category Migration
 */
export interface ListingReconciler {
  /** Compares the next account and returns its outcome. */
  add(plan: AccountPlan, stored: Account): ReconciledAccount
  /** Returns the reconciliation of all accounts added so far. */
  finish(): ListingReconciliation
}

/**
 * The options of a reconciliation. Accounts beyond the limits are counted but not listed.
 *
 * @category Migration
 */
export interface ReconciliationOptions {
  readonly at: Instant
  /** Returns the phase of a participant at that instant, e.g. `(key) => phaseAt(timeline, key, at)`. */
  readonly phaseOf: (participant: ParticipantKey) => Phase
  /** Accounts listed per participant. Default: 100. */
  readonly perParticipant?: number
  /** Accounts listed of all participants together. Default: 10,000. */
  readonly overall?: number
}

type Counts = { -readonly [K in keyof ReconciliationTotals]: ReconciliationTotals[K] } & {
  waiting: Record<PendingStep, number>
}

const nothing = (): Counts => ({
  lines: 0,
  planned: 0,
  arrived: 0,
  missing: 0,
  deleted: 0,
  different: 0,
  initialised: 0,
  notInitialised: 0,
  waiting: { enabling: 0, unlock: 0, email: 0, holder: 0 },
  leftOut: 0,
  unplanned: 0,
})

const counted = (counts: Counts, account: ReconciledAccount): void => {
  counts.lines++
  switch (account.outcome) {
    case 'left-out':
      counts.leftOut++
      return
    case 'unplanned':
      counts.unplanned++
      return
    case 'missing':
      counts.missing++
      break
    case 'deleted':
      counts.deleted++
      break
    case 'different':
      counts.different++
      break
    case 'initialised':
    case 'not-initialised':
      break
  }
  counts.planned++
  if (!account.arrived) return
  counts.arrived++
  if (account.initialised) counts.initialised++
  else counts.notInitialised++
  if (account.pending !== undefined) counts.waiting[account.pending]++
}

interface Bucket {
  readonly counts: Counts
  readonly listed: ReconciledAccount[]
  more: number
}

/**
 * Creates a reconciler that compares a plan with the store, account by account: which accounts arrived, which
 * differ, and which have not initialised 2FA and what they wait for. Memory grows only with the number of
 * participants.
 *
 * @rule MIG-16
 * @category Migration
 */
export const listingReconciler = (options: ReconciliationOptions): ListingReconciler => {
  const { at, phaseOf, perParticipant = 100, overall = 10_000 } = options
  const day = hongKongDay(at)
  const all = nothing()
  const buckets = new Map<ParticipantKey, Bucket>()
  let listed = 0
  const bucketOf = (key: ParticipantKey): Bucket => {
    const bucket = buckets.get(key) ?? { counts: nothing(), listed: [], more: 0 }
    buckets.set(key, bucket)
    return bucket
  }
  const isTwin = ({ findings }: AccountPlan) => findings.some(({ code }) => code === 'duplicate-id')
  return {
    add: (plan, stored) => {
      const storedAccount: Account = isTwin(plan) ? { stage: 'Unknown' } : stored
      const phase = plan.participant === undefined ? 'before-registration' : phaseOf(plan.participant)
      const account = reconcileOn(plan, storedAccount, phase, day)
      counted(all, account)
      if (account.participant === undefined) return account
      const bucket = bucketOf(account.participant)
      counted(bucket.counts, account)
      if (account.outcome === 'initialised' || account.outcome === 'left-out') return account
      if (bucket.listed.length < perParticipant && listed < overall) {
        bucket.listed.push(account)
        listed++
      } else bucket.more++
      return account
    },
    finish: () => ({
      at,
      participants: [...buckets]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([participant, { counts, listed: some, more }]) => ({
          participant,
          totals: copyOf(counts),
          listed: [...some],
          more,
        })),
      totals: copyOf(all),
    }),
  }
}

const copyOf = (counts: Counts): ReconciliationTotals => ({ ...counts, waiting: { ...counts.waiting } })
