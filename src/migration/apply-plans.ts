import { err, ok, type Result } from 'neverthrow'
import { type Account, isExistingAccount } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { RecordChange } from '../engine/record-change.ts'
import { type CommitRefusal, internalError } from '../engine/refusals.ts'
import { transact } from '../engine/unit-of-work.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import { allocatedUserIds } from '../participant/state.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import type { AccountPlan } from './model/account-plan.ts'
import type { ListedAccount } from './model/listing.ts'

/**
 * The outcomes of the listing lines processed so far.
 *
 * @category Migration
 */
export interface ApplyTotals {
  /** Lines processed. */
  readonly lines: number
  /** The last line processed: all lines up to and including it are done. */
  readonly upToLine: number
  /** Accounts imported. */
  readonly imported: number
  /** Accounts that already existed and were left unchanged. */
  readonly present: number
  /** Accounts that had existed and were deleted. They are not imported again. */
  readonly deleted: number
  /** Lines that the plan refused. */
  readonly refused: number
}

/** The totals before any line is processed. */
export const nothingApplied: ApplyTotals = {
  lines: 0,
  upToLine: 0,
  imported: 0,
  present: 0,
  deleted: 0,
  refused: 0,
}

/** The maximum number of accounts imported in one commit. */
const batch = 100

type ChangeFailed = CommitRefusal | typeof internalError

type Outcomes = Pick<ApplyTotals, 'imported' | 'present' | 'deleted' | 'refused'>

/** A User ID that was allocated once is never allocated again, even if its account is gone (ID-12). */
const outcomeOf = (account: Account, isAllocated: boolean): keyof Outcomes => {
  if (isExistingAccount(account)) return 'present'
  return isAllocated ? 'deleted' : 'imported'
}

/**
 * Imports accounts of one participant and adds their User IDs to its record. Existing accounts are unchanged.
 */
const importBatch = (
  context: ServiceContext,
  by: string,
  participant: ParticipantKey,
  accounts: readonly ListedAccount[],
): Promise<Result<Outcomes, ChangeFailed>> => {
  const accountKeys = accounts.map((listed) => [listed.userId, accountKey(listed)] as const)
  const shared = keyOf(participantAggregate, participant, participant)
  return transact<'participant' | UserId, Outcomes, typeof internalError>(context, {
    records: { ...Object.fromEntries(accountKeys), participant: shared },
    contended: 'participant',
    by,
    decide: async ({ records, now: at }) => {
      const allocated = allocatedUserIds(stateOf(participantAggregate, records.participant.before))
      const counts = { imported: 0, present: 0, deleted: 0, refused: 0 }
      const toImport: ListedAccount[] = []
      const registered: RecordChange[] = []
      for (const listed of accounts) {
        const loaded = { key: accountKey(listed), before: records[listed.userId]?.before }
        const account = stateOf(accountAggregate, loaded.before)
        const outcome = outcomeOf(account, allocated.has(listed.userId))
        if (outcome !== 'imported') {
          counts[outcome]++
          continue
        }
        const done = changeFromCommand(accountAggregate, loaded, registering(listed, at), context.policy)
        // The plan refuses what the account would refuse. Should it ever miss a case, no User ID is allocated
        // for it.
        if (done.isErr()) {
          counts.refused++
          continue
        }
        counts.imported++
        registered.push(done.value)
        toImport.push(listed)
      }
      if (toImport.length === 0) return ok({ changes: [], answer: counts })
      const ids = toImport.map(({ userId, role }) => ({ userId, role }))
      const allocation = { type: 'AllocateUserIds', at, ids, enforceMaximum: false } as const
      return changeFromCommand(participantAggregate, records.participant, allocation, context.policy)
        .map((first) => ({ changes: [first, ...registered], answer: counts }))
        .mapErr(() => internalError)
    },
  })
}

const registering = ({ userId, role, profile }: ListedAccount, at: Instant) =>
  ({ type: 'Register', at, userId, role, origin: 'imported', ...profile }) as const

const byParticipant = (plans: readonly AccountPlan[]) => {
  const groups = new Map<ParticipantKey, ListedAccount[]>()
  for (const { status, account } of plans) {
    if (status === 'refused' || account === undefined) continue
    const group = groups.get(account.participant) ?? []
    group.push(account)
    groups.set(account.participant, group)
  }
  return groups
}

/**
 * Applies the plans of a batch of lines. Each participant's accounts are committed separately.
 *
 * @rule MIG-16
 * @rule MIG-21
 */
export const applyPlans = async (
  context: ServiceContext,
  by: string,
  plans: readonly AccountPlan[],
  applied: ApplyTotals,
): Promise<Result<ApplyTotals, ChangeFailed>> => {
  const sum = { ...applied }
  for (const [participant, accounts] of byParticipant(plans))
    for (let from = 0; from < accounts.length; from += batch) {
      const done = await importBatch(context, by, participant, accounts.slice(from, from + batch))
      if (done.isErr()) return err(done.error)
      sum.imported += done.value.imported
      sum.present += done.value.present
      sum.deleted += done.value.deleted
      sum.refused += done.value.refused
    }
  sum.lines += plans.length
  sum.upToLine = plans.at(-1)?.line ?? sum.upToLine
  sum.refused += plans.filter(({ status }) => status === 'refused').length
  return ok(sum)
}
