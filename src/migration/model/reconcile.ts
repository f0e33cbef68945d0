import type { Phase } from '../../access-control/timeline.ts'
import { isEnabledOn, type Profile, profileFields } from '../../account/profile.ts'
import { type Account, type ExistingAccount, isExistingAccount } from '../../account/state.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type HongKongDay, hongKongDay, type Instant } from '../../kernel/instant.ts'
import type { AccountPlan } from './account-plan.ts'

/**
 * The outcome of a planned account. `initialised`, `not-initialised`: it arrived as planned. `different`: it
 * arrived, and differs from the plan. `missing`: it was planned and did not arrive. `deleted`: it arrived and
 * was deleted since. `left-out`: its line was refused, and correctly the account does not exist. `unplanned`:
 * its line was refused, but the account exists.
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
 * What an account waits for before its holder can initialise 2FA: help, or only the holder.
 *
 * @category Migration
 */
export type PendingStep = 'enabling' | 'unlock' | 'email' | 'holder'

/**
 * A field in which the store can differ from the listing.
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
  /** Fields that differ from the listing: changed since, or never imported as listed. */
  readonly differs: readonly ComparedField[]
  /** What the account waits for, if it arrived and has not initialised 2FA. */
  readonly pending?: PendingStep
}

/**
 * The instant of the comparison and the participant's phase.
 *
 * @category Migration
 */
export interface ReconciliationContext {
  readonly at: Instant
  readonly phase: Phase
}

/** Profile fields that a listing has no column for. */
const notListed: readonly (keyof Profile)[] = ['internal', 'userGroups', 'transactionLimits']
const listedFields = /* @__PURE__ */ profileFields.filter((field) => !notListed.includes(field))

const differences = (
  { account: planned }: AccountPlan,
  stored: ExistingAccount,
  phase: Phase,
): readonly ComparedField[] => {
  if (planned === undefined) return []
  // Decommissioning removes smartcards from profiles (MIG-12), but perhaps not from all of them yet.
  const compared = listedFields.filter((field) => field !== 'smartcard' || phase !== 'decommissioned')
  const fields = compared.filter(
    (field) => canonicalJson(planned.profile[field] ?? null) !== canonicalJson(stored[field] ?? null),
  )
  return planned.role === stored.role ? fields : ['role', ...fields]
}

/** What an account that has not initialised 2FA waits for first. */
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
 * Compares a planned account with the stored one. Fields that a listing does not have are not compared, nor
 * is the smartcard after decommissioning.
 *
 * If two lines of the listing have the same User ID, the refused one is `unplanned` here if the other line
 * imported the account. The `listingReconciler` recognises such lines and omits them.
 *
 * @param stored - the account under the plan's User ID; `Unknown` if there is none, or the line has no ID.
 * @rule MIG-16
 * @category Migration
 */
export const reconcileAccount = (
  plan: AccountPlan,
  stored: Account,
  { at, phase }: ReconciliationContext,
): ReconciledAccount => reconcileOn(plan, stored, phase, hongKongDay(at))

/**
 * As {@link reconcileAccount}, for a day that is already known.
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
