/** The sequential model of a run: the results of the pure deciders for each operation. */
import type { AccountCommand } from '../../src/account/commands.ts'
import { type Account, isExistingAccount } from '../../src/account/state.ts'
import { decideIn } from '../../src/conformance/model/account-operations.ts'
import { provisionIn } from '../../src/conformance/model/administration.ts'
import { applyOperation } from '../../src/conformance/model/apply.ts'
import {
  accountOf,
  type Expected,
  emptyModel,
  type ModelState,
  type Operation,
  type OperationOf,
  type SessionName,
} from '../../src/conformance/model/model-state.ts'
import { requestDecider } from '../../src/dms/model/request-decider.ts'
import type { ClientConnectUser } from '../../src/eservices/model/client-connect.ts'
import type {
  EserviceCommand,
  EserviceCommandOf,
  GivenEserviceCommand,
} from '../../src/eservices/model/commands.ts'
import { eserviceDecider } from '../../src/eservices/model/decide.ts'
import { type Eservice, unknownEservice } from '../../src/eservices/model/state.ts'
import type { UserId } from '../../src/identity/user-id.ts'
import { isFromFuture } from '../../src/kernel/instant.ts'
import { allocatedUserIds } from '../../src/participant/state.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { Commit, Json } from '../../src/ports/storage.ts'

/** A session, and when it was opened. */
export type OpenedSession = SessionName & { readonly signedInAt: number }

/** The operations of a run: those of the conformance kit, and those that it lacks. */
export type Performed =
  | Exclude<Operation, { readonly op: 'getAuthorisationCode' }>
  /** A code is issued for an entry as it was reviewed. */
  | (OperationOf<'getAuthorisationCode'> & { readonly review: string; readonly read: string })
  | {
      readonly op: 'reject'
      readonly id: string
      readonly session: SessionName
      readonly request: string
      readonly review: string
      readonly read: string
    }
  | { readonly op: 'import'; readonly id: string; readonly userIds: readonly string[] }
  | {
      readonly op: 'form'
      readonly id: string
      readonly form: string
      readonly actor: ClientConnectUser
      readonly command: GivenEserviceCommand
    }
  | { readonly op: 'process'; readonly id: string; readonly form: string }
  /** Reads, lists and deliveries: no record changes. */
  | { readonly op: 'read'; readonly id: string; readonly what: string }

/** The state of the model. */
export type SimulationModel = ModelState & { readonly forms: Readonly<Record<string, Eservice>> }

/** A model without records. */
export const emptySimulationModel = (now: number, policy: Policy): SimulationModel => ({
  ...emptyModel(now, policy),
  forms: {},
})

const outcome = (after: ModelState, accepted: boolean, more: Partial<Expected> = {}): Expected => ({
  ...{ after, accepted, rule: 'AUD-05', exercised: [], bearing: [], events: [] },
  ...more,
})

const eventOf = (commit: Commit | undefined, kind: string, type: string): Json | undefined => {
  const entries = commit?.writes.filter(({ key }) => key.kind === kind).flatMap((write) => write.entries)
  return entries?.find(({ event }) => event.type === type)?.event as unknown as Json | undefined
}

/** Imports the accounts of a commit, if the model says that all others already existed or were allocated. */
const importAccounts = (
  model: SimulationModel,
  userIds: readonly string[],
  commit: Commit | undefined,
): Expected => {
  const allocated: ReadonlySet<string> = allocatedUserIds(model.participant)
  const missing = userIds.filter(
    (userId) => accountOf(model, userId).stage === 'Unknown' && !allocated.has(userId),
  )
  const written = commit?.writes.filter(({ key }) => key.kind === 'account').map(({ key }) => key.id) ?? []
  const isSame = missing.length === written.length && missing.every((userId) => written.includes(userId))
  if (commit !== undefined && !isSame)
    return outcome(model, false, { reason: `imports ${written}, where ${missing} are missing` })
  let after: ModelState = model
  for (const userId of commit === undefined ? [] : missing) {
    const id = userId as UserId
    const ids = [{ userId: id, role: 'User' as const }]
    const email = `${userId.toLowerCase()}@participant.example`
    const done = provisionIn(
      after,
      userId,
      { type: 'AllocateUserIds', at: model.now, ids, enforceMaximum: false },
      { type: 'Register', at: model.now, userId: id, role: 'User', origin: 'imported', email },
    )
    if (done.refused !== undefined) return outcome(model, false, { reason: done.refused.reason })
    after = done.after
  }
  return outcome(after, true)
}

const onForm = (model: SimulationModel, form: string, command: EserviceCommand): Expected =>
  eserviceDecider.decide(model.forms[form] ?? unknownEservice, command, model.policy).match(
    (events) => {
      const after = events.reduce(eserviceDecider.evolve, model.forms[form] ?? unknownEservice)
      const next: SimulationModel = { ...model, forms: { ...model.forms, [form]: after } }
      return outcome(next, true)
    },
    ({ reason }) => outcome(model, false, { reason }),
  )

/** Processes one line of a form, with its effect on the account that it names. */
const processLine = (model: SimulationModel, form: string, commit: Commit): Expected => {
  const processed = eventOf(commit, 'eservice', 'LineProcessed') as
    | EserviceCommandOf<'ProcessLine'>
    | undefined
  if (processed === undefined) return onForm(model, form, { type: 'Complete', at: model.now })
  const { line, outcome: decided } = processed
  const done = onForm(model, form, { type: 'ProcessLine', at: model.now, line, outcome: decided })
  const before = model.forms[form]
  const entered = before !== undefined && 'contents' in before ? before.contents.lines[line] : undefined
  if (!done.accepted || decided.kind !== 'accepted' || entered?.type !== 'status') return done
  const at = model.now
  const command: AccountCommand =
    entered.action === 'unlock'
      ? { type: 'Unlock', at }
      : {
          type: 'ChangeProfile',
          at,
          changes: { status: entered.action === 'enable' ? 'ENABLED' : 'DISABLED' },
        }
  const effect = decideIn(done.after, entered.userId, command)
  if (effect.refused !== undefined) return outcome(model, false, { reason: effect.refused.reason })
  return outcome(effect.after, true, { events: effect.events, command })
}

/** The expected result of an operation that may have committed. */
export const expectedOf = (
  model: SimulationModel,
  operation: Performed,
  commit: Commit | undefined,
): Expected => {
  const at = model.now
  const session = 'session' in operation ? (operation.session as OpenedSession) : undefined
  // A session opened by a clock ahead of this one is not valid (API-03).
  if (session !== undefined && isFromFuture(session.signedInAt, at))
    return outcome(model, false, { reason: 'instant-from-the-future' })
  switch (operation.op) {
    case 'read':
      return outcome(model, true)
    case 'import':
      return importAccounts(model, operation.userIds, commit)
    case 'form': {
      const { command } = operation
      const numbered = eventOf(commit, 'eservice', 'FormSubmitted') as { reference?: string } | undefined
      const reference = numbered?.reference ?? ''
      const given = command.type === 'Submit' ? { ...command, reference } : command
      return onForm(model, operation.form, { ...given, at } as EserviceCommand)
    }
    case 'process':
      return commit === undefined ? outcome(model, true) : processLine(model, operation.form, commit)
    case 'reject': {
      const held = applyOperation(model, { op: 'checkSession', id: operation.id, session: operation.session })
      if (!held.accepted) return held
      const request = model.requests[operation.request] ?? requestDecider.initial
      const { read: entryDigest } = operation
      const checker = operation.session.userId as UserId
      return requestDecider
        .decide(
          request,
          { type: 'Reject', at, checker, entryDigest },
          { dms: model.policy.dms, participant: 'B01234' },
        )
        .match(
          (events) => {
            const after = events.reduce(requestDecider.evolve, request)
            const isRejected = after.stage === 'Rejected'
            return outcome(
              { ...model, requests: { ...model.requests, [operation.request]: after } },
              isRejected,
            )
          },
          ({ reason }) => outcome(model, false, { reason }),
        )
    }
    case 'getAuthorisationCode': {
      const request = model.requests[operation.request]
      const isRead = request?.stage !== 'Pending' || request.entryDigest === operation.read
      return isRead ? applyOperation(model, operation) : outcome(model, false, { reason: 'entry-changed' })
    }
    default:
      return applyOperation(model, operation)
  }
}

/**
 * The part of an account that must be equal in store and model: everything except names and personal data.
 */
export const projectionOf = (account: Account): object => {
  if (!isExistingAccount(account)) return { stage: account.stage }
  const { stage, status, role, origin, failedAttempts, sessionEpoch, codesIssued } = account
  return {
    ...{ stage, status, role, origin, failedAttempts, sessionEpoch, codesIssued },
    failedEnrolments: account.failedEnrolmentAttempts,
    sessions: account.sessions.map(({ system, signedInAt, expiresAt }) => ({
      system,
      signedInAt,
      expiresAt,
    })),
    challenges: account.challenges.map(({ awaits, expiresAt }) => ({ awaits, expiresAt })),
    codes: Object.entries(account.codes).map(([purpose, code]) => [purpose, code?.expiresAt]),
    ...('password' in account ? { changedAt: account.password.changedAt } : {}),
    ...(account.stage === 'Initialised'
      ? {
          channel: account.channel.kind,
          ...(account.channel.kind === 'MobileApp' ? { step: account.channel.lastAcceptedStep } : {}),
          deviceChangePending: account.deviceChangePending,
        }
      : {}),
  }
}
