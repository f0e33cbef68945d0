import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../../account/commands.ts'
import { exists } from '../../account/state.ts'
import { type AccountFact, type LineAction, planLine } from '../../administration/eservice/batch.ts'
import { userIdOf } from '../../administration/eservice/lines.ts'
import { eserviceNotices } from '../../administration/eservice/notices.ts'
import { type LineOutcome, outstandingLines } from '../../administration/eservice/state.ts'
import type { GroupDigit } from '../../identity/participant.ts'
import { parseUserId } from '../../identity/user-id.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { ParticipantCommand } from '../../participant/decide.ts'
import { idsGiven, totalsOf } from '../../participant/state.ts'
import { ask, type Context } from '../context.ts'
import { accountKey } from '../execute.ts'
import {
  accountMachine,
  change,
  eserviceMachine,
  hkex,
  inboxMachine,
  keyOf,
  participantMachine,
  stateOf,
} from '../machines.ts'
import { type Change, type Decided, load, transact } from '../transact.ts'
import { formKey } from './step.ts'

/** A form that waits for HKEX. */
export interface SentForm {
  readonly reference: string
  readonly participant: string
  readonly id: string
}

/** What became of one line of a form. */
export interface LineReport {
  readonly reference: string
  /** Its place on the form, from 0. */
  readonly line: number
  readonly outcome: LineOutcome
  /** What an accepted line stands for. The smartcard's own system is the host's: a reset there is yet to be made. */
  readonly action?: LineAction
}

/** Forms that wait for HKEX, by reference, from a place in the inbox on. */
export const sentForms = async (
  context: Context,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Result<{ readonly forms: readonly SentForm[]; readonly after?: string }, Refusal>> => {
  const page = await ask(context, 'storage', () =>
    context.ports.storage.list(hkex, inboxMachine.kind, { after, limit }),
  )
  return page.map((places) => {
    const last = places.length === limit ? places.at(-1) : undefined
    const forms = places.flatMap(({ id: reference, record }) => {
      const place = stateOf(inboxMachine, record)
      return place.stage === 'Waiting' ? [{ reference, participant: place.participant, id: place.form }] : []
    })
    return { forms, ...(last === undefined ? {} : { after: last.id }) }
  })
}

/** What an action tells the participant's record, and the account. */
const commandsOf = (
  action: LineAction,
  at: number,
): { readonly participant?: ParticipantCommand; readonly account?: AccountCommand } => {
  switch (action.type) {
    case 'register': {
      const { userId, role, profile } = action
      return {
        participant: { type: 'GiveIds', at, ids: [{ userId, role }], withinMaximum: true },
        account: { type: 'Register', at, userId, role, origin: 'created', ...profile },
      }
    }
    case 'change-profile':
      return { account: { type: 'ChangeProfile', at, changes: action.changes } }
    case 'unlock':
      return { account: { type: 'Unlock', at } }
    case 'delete':
      return {
        participant: { type: 'FreePlace', at, userId: action.userId },
        account: { type: 'Delete', at },
      }
    case 'raise-maximum':
      return { participant: { type: 'RaiseMaximum', at, by: action.by } }
    case 'reset-smartcard-password':
      return {}
  }
}

type Place = Pick<Change, 'key' | 'before'>

const actionChanges = (
  { policy }: Context,
  action: LineAction | undefined,
  participant: Place,
  account: Place | undefined,
  at: number,
): Result<readonly Change[], { readonly reason: string }> => {
  if (action === undefined) return ok([])
  const commands = commandsOf(action, at)
  const changes: Change[] = []
  if (commands.participant !== undefined) {
    const shared = change(participantMachine, participant, commands.participant, policy)
    if (shared.isErr()) return err(shared.error)
    changes.push(shared.value)
  }
  if (commands.account !== undefined && account !== undefined) {
    const own = change(accountMachine, account, commands.account, policy)
    if (own.isErr()) return err(own.error)
    changes.push(own.value)
  }
  return ok(changes)
}

/** One line: the action and its outcome in one commit; `undefined` if it is done with already. */
const processLine = (
  context: Context,
  { reference, participant, id }: SentForm,
  line: number,
  { by, group }: { readonly by: string; readonly group: GroupDigit | undefined },
): Promise<Result<LineReport | undefined, Refusal>> => {
  const { policy } = context
  const shared = keyOf(participantMachine, participant, participant)
  const key = formKey(participant, id)
  const place = async (userId: string): Promise<Result<Place, Refusal>> => {
    const parsed = parseUserId(userId, policy.userId.seochAdministratorOrder)
    if (parsed.isErr()) return err(parsed.error)
    const own = accountKey(parsed.value)
    return (await load(context, [own])).map(([before]) => ({ key: own, before }))
  }
  return transact<LineReport | undefined>(context, {
    keys: [shared, key],
    by,
    decide: async ({
      records: [sharedRecord, before],
      now: at,
    }): Promise<Result<Decided<LineReport | undefined>, Refusal>> => {
      const form = stateOf(eserviceMachine, before)
      const known = stateOf(participantMachine, sharedRecord)
      if (form.stage !== 'SentToHkex') return ok({ changes: [], answer: undefined })
      const accounts = new Map<string, AccountFact>()
      const entered = form.contents.lines[line]
      const named = entered === undefined ? undefined : userIdOf(entered)
      const subject = named === undefined ? undefined : await place(named)
      if (subject?.isErr() && subject.error.code === 'port-failed') return err(subject.error)
      if (subject?.isOk()) {
        const holder = stateOf(accountMachine, subject.value.before)
        if (exists(holder)) {
          const { userId, role, email, smartcard } = holder
          accounts.set(userId, {
            role,
            ...(email === undefined ? {} : { email }),
            smartcard: smartcard !== undefined,
          })
        }
      }
      const facts = {
        accounts,
        available: totalsOf(known).available,
        taken: idsGiven(known),
        ...(group === undefined ? {} : { group }),
      }
      const planned = planLine(form, line, facts, policy)
      if (planned === undefined) return ok({ changes: [], answer: undefined })
      const { outcome, action } = planned
      const target = action?.type === 'register' ? await place(action.userId) : subject
      if (action !== undefined && target?.isErr()) return err(target.error)
      const account = target?.isOk() ? target.value : undefined
      const done = actionChanges(context, action, { key: shared, before: sharedRecord }, account, at)
      if (done.isErr()) return err({ code: 'internal-fault', rule: 'API-02' })
      const step = change(
        eserviceMachine,
        { key, before },
        { type: 'ProcessLine', at, line, outcome },
        policy,
      )
      if (step.isErr()) return err({ code: 'form-refused', ...step.error })
      const answer = { reference, line, outcome, ...(action === undefined ? {} : { action }) }
      // What was looked at and is not written, must be as it was: an email that a line named, say, or the
      // places left. A change that changes nothing writes nothing.
      const real = done.value.filter(({ events }) => events.length > 0)
      const written = new Set(real.map(({ key: { kind, id: name } }) => `${kind}/${name}`))
      const looked = subject?.isOk() ? [subject.value] : [{ key: shared, before: sharedRecord }]
      const unchanged = looked.filter(({ key: { kind, id: name } }) => !written.has(`${kind}/${name}`))
      return ok({ changes: [step.value, ...done.value], unchanged, answer })
    },
  })
}

/** Once every line has its outcome, the form is completed, put away, and both are told. */
const complete = (context: Context, { reference, participant, id }: SentForm, by: string) => {
  const key = formKey(participant, id)
  const inbox = keyOf(inboxMachine, hkex, reference)
  return transact<boolean>(context, {
    keys: [key, inbox],
    by,
    decide: async ({ records: [before, inboxRecord], now: at }) => {
      const done = change(eserviceMachine, { key, before }, { type: 'Complete', at }, context.policy)
      // Completed already, by another run at the same moment.
      if (done.isErr()) return ok({ changes: [], answer: false })
      const put = change(
        inboxMachine,
        { key: inbox, before: inboxRecord },
        { type: 'PutAway', at },
        undefined,
      )
      const notices = eserviceNotices(done.value.after, done.value.events, [])
      const changes: Change[] = [{ ...done.value, notices }, ...(put.isOk() ? [put.value] : [])]
      return ok({ changes, answer: true })
    },
  })
}

/**
 * Processes one form: what is outstanding, line by line, each in a commit of its own. Broken off anywhere
 * and run again, it goes on where it stood. A reference is its own form's: under another's nothing is done,
 * lest that one's place in the inbox is put away.
 */
export const processForm = async (
  context: Context,
  form: SentForm,
  options: { readonly by: string; readonly group: GroupDigit | undefined },
): Promise<Result<readonly LineReport[], Refusal>> => {
  const read = await load(context, [formKey(form.participant, form.id)])
  if (read.isErr()) return err(read.error)
  const found = stateOf(eserviceMachine, read.value[0])
  if (!('reference' in found) || found.reference !== form.reference)
    return err({ code: 'form-refused', rule: 'ESV-02', reason: 'no-such-form' })
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
