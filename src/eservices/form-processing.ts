import { err, ok, Result } from 'neverthrow'
import { isExistingAccount } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { LoadedRecord, RecordChange } from '../engine/record-change.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import { internalError } from '../engine/refusals.ts'
import { load, loadNamed, transact } from '../engine/unit-of-work.ts'
import type { GroupDigit } from '../identity/participant.ts'
import { parseUserId } from '../identity/user-id.ts'
import { accountTotals, allocatedUserIds } from '../participant/state.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { listRecords } from '../records/list-records.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import { provision } from '../records/provisioning.ts'
import { eserviceAggregate, hkexPartition, inboxAggregate } from './model/aggregates.ts'
import { type AccountFact, type BatchFacts, type LineAction, planLine } from './model/batch.ts'
import { userIdOf } from './model/lines.ts'
import { eserviceNotices } from './model/notices.ts'
import { type LineOutcome, outstandingLines } from './model/state.ts'
import { type EservicesRefusal, noSuchForm } from './refusals.ts'
import { formKey } from './take-step.ts'

/**
 * A reference to a form that waits for HKEX.
 *
 * @category eServices
 */
export interface SentFormRef {
  readonly reference: string
  readonly participant: string
  readonly id: string
}

/**
 * The outcome of one line of a form.
 *
 * @category eServices
 */
export interface LineReport {
  readonly reference: string
  /** The line's index on the form, from 0. */
  readonly line: number
  readonly outcome: LineOutcome
  /**
   * The action of an accepted line. The host must reset smartcard passwords itself, in the smartcard's own
   * system.
   */
  readonly action?: LineAction
}

/** The forms that wait for HKEX, by reference, from a cursor in the inbox. */
export const sentForms = async (
  context: ServiceContext,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Result<{ readonly forms: readonly SentFormRef[]; readonly after?: string }, PortFailed>> => {
  const page = await listRecords(context, inboxAggregate, hkexPartition, { after, limit })
  return page.map(({ records, ...next }) => {
    const forms = records.flatMap(({ id: reference, state: item }) =>
      item.stage === 'Waiting' ? [{ reference, participant: item.participant, id: item.form }] : [],
    )
    return { forms, ...next }
  })
}

const notLoaded = { reason: 'no-account-loaded' } as const

/** The changes that a line's action makes to the account and its participant. */
const actionChanges = (
  { policy }: ServiceContext,
  action: LineAction | undefined,
  { participant, account }: Known,
  at: number,
): Result<readonly RecordChange[], { readonly reason: string }> => {
  if (action === undefined) return ok([])
  switch (action.type) {
    case 'raise-maximum': {
      const raise = { type: 'RaiseMaximum', at, by: action.by } as const
      return changeFromCommand(participantAggregate, participant, raise, policy).map((change) => [change])
    }
    case 'reset-smartcard-password':
      return ok([])
    case 'register': {
      if (account === undefined) return err(notLoaded)
      const { userId, role, profile } = action
      const registered = { ...profile, userId, role, origin: 'created' } as const
      const command = { ...registered, type: 'Register', at, enforceMaximum: true } as const
      return provision({ participant, account }, command, policy)
    }
    case 'delete':
      if (account === undefined) return err(notLoaded)
      return provision({ participant, account }, { type: 'Delete', at, userId: action.userId }, policy)
    case 'change-profile': {
      if (account === undefined) return err(notLoaded)
      const change = { type: 'ChangeProfile', at, changes: action.changes } as const
      return changeFromCommand(accountAggregate, account, change, policy).map((done) => [done])
    }
    case 'unlock':
      if (account === undefined) return err(notLoaded)
      return changeFromCommand(accountAggregate, account, { type: 'Unlock', at }, policy).map((done) => [
        done,
      ])
  }
}

/**
 * The records needed for a line, loaded as of one instant: the participant, the form and the line's account.
 */
interface Known {
  readonly participant: LoadedRecord
  readonly form: LoadedRecord
  readonly account?: LoadedRecord
}

/** The facts by which a line is planned. */
const factsOf = ({ participant: shared, account }: Known, group: GroupDigit | undefined): BatchFacts => {
  const holder = stateOf(accountAggregate, account?.before)
  const participant = stateOf(participantAggregate, shared.before)
  const accounts = new Map<string, AccountFact>()
  if (isExistingAccount(holder)) {
    const { userId, role, email, smartcard, enableFrom, disableAfter } = holder
    accounts.set(userId, { role, email, enableFrom, disableAfter, smartcard: smartcard !== undefined })
  }
  const { available } = accountTotals(participant)
  return { accounts, available, taken: allocatedUserIds(participant), group }
}

/**
 * Loads the records, with the account that the line names or would create. It repeats the load until the
 * account stays the same, because another commit can allocate a free ID in between.
 */
const loadNamedAccount = async (
  context: ServiceContext,
  line: number,
  seen: Known,
  group: GroupDigit | undefined,
): Promise<Result<Known, PortFailed>> => {
  const { policy } = context
  const form = stateOf(eserviceAggregate, seen.form.before)
  const entered = form.stage === 'SentToHkex' ? form.contents.lines[line] : undefined
  const action = planLine(form, line, factsOf(seen, group), policy)?.action
  const typed = entered && (userIdOf(entered) ?? (action?.type === 'register' ? action.userId : undefined))
  const named = typed === undefined ? undefined : parseUserId(typed, policy.userId.seochAdministratorOrder)
  if (!named?.isOk() || named.value.userId === seen.account?.key.id) return ok(seen)
  const known = await loadNamed(context, {
    participant: seen.participant.key,
    form: seen.form.key,
    account: accountKey(named.value),
  })
  return known.isErr() ? err(known.error) : loadNamedAccount(context, line, known.value, group)
}

type LineFailed = EservicesRefusal | typeof internalError

/**
 * Processes one line: action and outcome are one commit. Returns `undefined` if the line is already
 * processed.
 */
const processLine = (
  context: ServiceContext,
  { reference, participant, id }: SentFormRef,
  line: number,
  { by, group }: { readonly by: string; readonly group: GroupDigit | undefined },
): Promise<Result<LineReport | undefined, LineFailed | CommitRefusal>> => {
  return transact<'participant' | 'form', LineReport | undefined, LineFailed | PortFailed>(context, {
    records: {
      participant: keyOf(participantAggregate, participant, participant),
      form: formKey(participant, id),
    },
    contended: 'participant',
    by,
    decide: async ({ records, now: at }) => {
      const known = await loadNamedAccount(context, line, records, group)
      if (known.isErr()) return err(known.error)
      const { form, account } = known.value
      const state = stateOf(eserviceAggregate, form.before)
      const planned = planLine(state, line, factsOf(known.value, group), context.policy)
      if (planned === undefined) return ok({ changes: [], answer: undefined })
      const { outcome, action } = planned
      const command = { type: 'ProcessLine', at, line, outcome } as const
      const changes = Result.combine([
        changeFromCommand(eserviceAggregate, form, command, context.policy).map((step) => [step]),
        actionChanges(context, action, known.value, at),
      ])
      // The plan has judged all that the form, the account and the participant judge: none refuses.
      if (changes.isErr()) return err(internalError)
      const answer = { reference, line, outcome, ...(action === undefined ? {} : { action }) }
      // The commit also verifies that the record on which the plan relies is unchanged, for example the email
      // of the account, or the remaining quota, whether the line writes it or not.
      return ok({
        changes: changes.value.flat(),
        unchanged: [account ?? known.value.participant],
        answer,
      })
    },
  })
}

/**
 * Completes a form after its last line: removes it from the inbox and notifies maker and checker.
 *
 * @returns `form-refused` if its checker has reclaimed it in the meantime (ESV-16).
 */
const complete = (context: ServiceContext, { reference, participant, id }: SentFormRef, by: string) => {
  return transact<'form' | 'inbox', undefined, EservicesRefusal>(context, {
    records: { form: formKey(participant, id), inbox: keyOf(inboxAggregate, hkexPartition, reference) },
    contended: 'form',
    by,
    decide: async ({ records: { form, inbox }, now: at }) => {
      const done = changeFromCommand(eserviceAggregate, form, { type: 'Complete', at }, context.policy)
      if (done.isErr()) {
        // Its checker reclaimed it before the first line, and perhaps sent it again since.
        const { stage } = stateOf(eserviceAggregate, form.before)
        return stage === 'SentToHkex'
          ? ok({ changes: [], answer: undefined })
          : err({ code: 'form-refused', rule: 'ESV-16', reason: 'wrong-status' })
      }
      const put = changeFromCommand(inboxAggregate, inbox, { type: 'Archive', at }, undefined)
      const notices = eserviceNotices(done.value.after, done.value.events, [])
      const changes: RecordChange[] = [{ ...done.value, notices }, ...(put.isOk() ? [put.value] : [])]
      return ok({ changes, answer: undefined })
    },
  })
}

/**
 * Processes the outstanding lines of one form, each in its own commit. After an interruption it continues
 * where it stopped. If the reference belongs to another form, nothing is done, so that the other form keeps
 * its place in the inbox.
 */
export const processForm = async (
  context: ServiceContext,
  form: SentFormRef,
  options: { readonly by: string; readonly group: GroupDigit | undefined },
): Promise<Result<readonly LineReport[], LineFailed | CommitRefusal>> => {
  const read = await load(context, [formKey(form.participant, form.id)])
  if (read.isErr()) return err(read.error)
  const found = stateOf(eserviceAggregate, read.value[0])
  if (!('reference' in found) || found.reference !== form.reference) return err(noSuchForm)
  if (found.stage !== 'SentToHkex' && found.stage !== 'Completed')
    return err({ code: 'form-refused', rule: 'ESV-02', reason: 'wrong-status' })
  const reports: LineReport[] = []
  for (const line of outstandingLines(found)) {
    const report = await processLine(context, form, line, options)
    if (report.isErr()) return err(report.error)
    if (report.value !== undefined) reports.push(report.value)
  }
  const completed = await complete(context, form, options.by)
  return completed.map(() => reports)
}
