import type { Phase } from '../../access-control/timeline.ts'
import { isEnabledOn, type Profile, profileFields } from '../../account/profile.ts'
import { type Account, type ExistingAccount, isExistingAccount } from '../../account/state.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type HongKongDay, hongKongDay, type Instant } from '../../kernel/instant.ts'
import type { AccountPlan } from './account-plan.ts'

/**
 * What became of a planned account. `initialised`, `not-initialised`: it arrived as planned; `different`: it
 * arrived, and no longer is as planned; `missing`: it was to arrive and did not; `deleted`: it arrived and was
 * deleted since; `left-out`: its line was refused, and rightly it is not there; `unplanned`: its line was
 * refused, and it is there.
 *
 * @rule MIG-16
 * @category Migration
 */
export type ReconciliationOutcome =
  | 'initialised'
  | 'not-initialised'
  | 'different'
  | 'missing'
  | 'deleted'
  | 'left-out'
  | 'unplanned'

/**
 * Every outcome.
 *
 * @category Migration
 */
export const reconciliationOutcomes = [
  'initialised',
  'not-initialised',
  'different',
  'missing',
  'deleted',
  'left-out',
  'unplanned',
] as const satisfies readonly ReconciliationOutcome[]

/**
 * What an account waits for before 2FA is initialised: help, or its holder alone.
 *
 * @category Migration
 */
export type PendingStep = 'enabling' | 'unlock' | 'email' | 'holder'

/**
 * A field in which the store may differ from the listing.
 *
 * @category Migration
 */
export type ComparedField = keyof Profile | 'role'

/**
 * A planned account compared with the store.
 *
 * @category Migration
 */
export interface ReconciledAccount {
  readonly line: number
  readonly userId: string
  readonly participant?: ParticipantKey
  readonly outcome: ReconciliationOutcome
  readonly arrived: boolean
  readonly initialised: boolean
  /** What is no longer as the listing had it: since changed by someone, or never arrived so. */
  readonly differs: readonly ComparedField[]
  /** Of an account that arrived and has not initialised. */
  readonly pending?: PendingStep
}

/**
 * As of when, and where the participant stands.
 *
 * @category Migration
 */
export interface ReconciliationContext {
  readonly at: Instant
  readonly phase: Phase
}

/** What a listing has no column for. */
const notListed: readonly (keyof Profile)[] = ['internal', 'userGroups', 'transactionLimits']
const listedFields = /* @__PURE__ */ profileFields.filter((field) => !notListed.includes(field))

const differences = (
  { account: planned }: AccountPlan,
  stored: ExistingAccount,
  phase: Phase,
): readonly ComparedField[] => {
  if (planned === undefined) return []
  // Once decommissioned, smartcards have left the profiles (MIG-12), but perhaps not all of them yet.
  const compared = listedFields.filter((field) => field !== 'smartcard' || phase !== 'decommissioned')
  const fields = compared.filter(
    (field) => canonicalJson(planned.profile[field] ?? null) !== canonicalJson(stored[field] ?? null),
  )
  return planned.role === stored.role ? fields : ['role', ...fields]
}

/** What an account that has not initialised 2FA waits for, first things first. */
export const pendingStep = (stored: ExistingAccount, day: HongKongDay): PendingStep => {
  if (!isEnabledOn(stored, day)) return 'enabling'
  if (stored.stage === 'Locked') return 'unlock'
  return stored.email === undefined ? 'email' : 'holder'
}

const outcomeOf = (
  plan: AccountPlan,
  stored: Account,
  differs: readonly ComparedField[],
): ReconciliationOutcome => {
  if (!isExistingAccount(stored)) {
    if (plan.status === 'refused') return 'left-out'
    return stored.stage === 'Deleted' ? 'deleted' : 'missing'
  }
  if (plan.status === 'refused') return 'unplanned'
  if (differs.length > 0) return 'different'
  return stored.stage === 'Initialised' ? 'initialised' : 'not-initialised'
}

/**
 * Compares a planned account with the stored one. Fields that a listing does not have are not compared; nor,
 * once decommissioned, the smartcard.
 *
 * A line refused because its User ID stands in the listing twice is `unplanned` where the other line brought
 * the account in: the `listingReconciler` knows such lines, and leaves them out.
 *
 * @param stored - the account under the plan's User ID; `Unknown` where there is none, or the line has no ID.
 * @rule MIG-16
 * @category Migration
 */
export const reconcileAccount = (
  plan: AccountPlan,
  stored: Account,
  { at, phase }: ReconciliationContext,
): ReconciledAccount => reconcileOn(plan, stored, phase, hongKongDay(at))

/**
 * As {@link reconcileAccount}, on a day that is known already.
 *
 * @internal
 */
export const reconcileOn = (
  plan: AccountPlan,
  stored: Account,
  phase: Phase,
  day: HongKongDay,
): ReconciledAccount => {
  const { line, userId, participant } = plan
  const arrived = isExistingAccount(stored)
  const differs = arrived && plan.status !== 'refused' ? differences(plan, stored, phase) : []
  const initialised = stored.stage === 'Initialised'
  return {
    line,
    userId,
    ...(participant === undefined ? {} : { participant }),
    outcome: outcomeOf(plan, stored, differs),
    arrived,
    initialised,
    differs,
    ...(arrived && !initialised ? { pending: pendingStep(stored, day) } : {}),
  }
}
