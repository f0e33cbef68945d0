import { type DmsActor, dmsDenial } from '../../access-control/authority.ts'
import type { AccountCommand } from '../../account/commands.ts'
import type { AccountEvent } from '../../account/events.ts'
import { isExistingAccount } from '../../account/state.ts'
import {
  type AuthorisationCodeCommand,
  authorisationCodeDecider,
} from '../../dms/model/authorisation-code.ts'
import { entryDigest, type ProfileEntry, profileDigest, supportNeedsOf } from '../../dms/model/entry.ts'
import type { ProfileRequest, RequestCommand } from '../../dms/model/request.ts'
import { isRequestFromFuture, requestDecider } from '../../dms/model/request-decider.ts'
import { nextUserId } from '../../identity/allocation.ts'
import { parseUserId } from '../../identity/user-id.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { accountTotals, allocatedUserIds } from '../../participant/state.ts'
import type { ConformanceEntry } from '../driver.ts'
import { type Decision, decideIn, sessionDecision, sessionOver } from './account-operations.ts'
import { provisionIn } from './administration.ts'
import {
  accountOf,
  asUserId,
  type Expected,
  type ModelState,
  type OperationOf,
  type SessionName,
} from './model-state.ts'

/** The only participant in the histories. */
export const participant = 'B01234'

interface Outcome {
  readonly after: ModelState
  readonly rule: RuleId
  readonly reason?: string
  readonly bearing?: readonly RuleId[]
  readonly next?: string
  readonly events?: readonly AccountEvent[]
  readonly command?: AccountCommand
}

const answered = ({ rule, bearing = [], events = [], ...rest }: Outcome): Expected => ({
  ...rest,
  ...{ accepted: rest.reason === undefined, rule, bearing, events },
  exercised: [rule, ...bearing, ...events.map((event) => event.rule)],
})

/** Converts an entry to the form that the library's state machines use. */
const entryOf = (entry: ConformanceEntry): ProfileEntry => {
  const userId = asUserId(entry.userId)
  switch (entry.kind) {
    case 'create':
      return { kind: 'create', userId, profile: { email: entry.email } }
    case 'delete':
      return { kind: 'delete', userId }
    case 'unlock':
      return { kind: 'change', userId, changes: {}, unlock: true }
    case 'disable':
    case 'enable':
      return {
        kind: 'change',
        userId,
        changes: { status: entry.kind === 'disable' ? 'DISABLED' : 'ENABLED' },
        unlock: false,
      }
  }
}

const rulesOf = ({ policy: { dms } }: ModelState) => ({ dms, participant })

const requestOf = (model: ModelState, request: string): ProfileRequest =>
  model.requests[request] ?? requestDecider.initial

const onRequest = (model: ModelState, id: string, command: RequestCommand) =>
  requestDecider.decide(requestOf(model, id), command, rulesOf(model)).map((events) => {
    const request = events.reduce(requestDecider.evolve, requestOf(model, id))
    return { request, events, after: { ...model, requests: { ...model.requests, [id]: request } } }
  })

/** Why the holder of a session may not act in DMS. */
const notInDms = (model: ModelState, session: SessionName): Expected | undefined => {
  const check = sessionDecision(model, session)
  const account = accountOf(model, session.userId)
  if (check === undefined) return sessionOver(model, check)
  if (isExistingAccount(account) && account.role === 'User')
    return answered({ after: model, rule: 'MNT-08', reason: 'not-a-delegated-administrator' })
  return check.refused === undefined ? undefined : sessionOver(model, check)
}

/** Why an entry is not allowed for these makers, and under which rule. */
const forbidden = (model: ModelState, makers: readonly string[], entry: ProfileEntry) => {
  const subject = accountOf(model, entry.userId)
  const role = isExistingAccount(subject)
    ? subject.role
    : parseUserId(entry.userId).match(
        (id) => id.role,
        () => 'User' as const,
      )
  const channel =
    subject.stage === 'Initialised'
      ? subject.channel.kind
      : subject.stage === 'Locked'
        ? (subject.channel ?? 'none')
        : 'none'
  for (const need of supportNeedsOf(entry))
    for (const maker of makers) {
      const actor: DmsActor = { userId: maker, participant, role: 'DelegatedAdministrator' }
      const denial = dmsDenial(
        actor,
        { userId: entry.userId, participant, role },
        { need, channel, phase: 'parallel-run' },
      )
      if (denial !== undefined) return denial
    }
  return undefined
}

/** Why an entry is not possible for any maker. */
const impossible = (model: ModelState, entry: ProfileEntry) => {
  const subject = accountOf(model, entry.userId)
  if (entry.kind !== 'create')
    return isExistingAccount(subject) ? undefined : ({ reason: 'unknown-user', rule: 'ID-12' } as const)
  if (subject.stage !== 'Unknown' || allocatedUserIds(model.participant).has(entry.userId))
    return { reason: 'user-id-taken', rule: 'ID-12' } as const
  return accountTotals(model.participant).available < 1
    ? ({ reason: 'quota-exceeded', rule: 'QTA-03' } as const)
    : undefined
}

/** Enters a request or amends it, as its maker. */
export const enterRequest = (
  model: ModelState,
  input: OperationOf<'enterRequest' | 'amendRequest'>,
): Expected => {
  const denied = notInDms(model, input.session)
  if (denied !== undefined) return denied
  const maker = asUserId(input.session.userId)
  const id = input.op === 'enterRequest' ? input.id : input.request
  const entry = entryOf(input.entry)
  const why = forbidden(model, [maker], entry) ?? impossible(model, entry)
  if (why !== undefined) return answered({ after: model, ...why })
  const former = requestOf(model, id)
  const seen = profileDigest(accountOf(model, entry.userId), entry)
  const digest = entryDigest(id, entry, seen, former.stage === 'Pending' ? former.revision + 1 : 1)
  const entered = { at: model.now, maker, entry, entryDigest: digest, profileDigest: seen }
  return onRequest(model, id, { type: input.op === 'enterRequest' ? 'Enter' : 'Amend', ...entered }).match(
    ({ request, after }) =>
      request.stage === 'Pending'
        ? answered({ after, rule: 'DMS-01', bearing: input.op === 'amendRequest' ? ['DMS-05'] : [] })
        : answered({ after, rule: 'DMS-05', reason: 'request-expired' }),
    (refused) => answered({ after: model, ...refused }),
  )
}

/** Withdraws a request, as its maker. */
export const withdrawRequest = (
  model: ModelState,
  { session, request }: OperationOf<'withdrawRequest'>,
): Expected => {
  const denied = notInDms(model, session)
  if (denied !== undefined) return denied
  const command = { type: 'Withdraw', at: model.now, maker: asUserId(session.userId) } as const
  return onRequest(model, request, command).match(
    (done) =>
      done.request.stage === 'Withdrawn'
        ? answered({ after: done.after, rule: 'DMS-01', bearing: ['DMS-05'] })
        : answered({ after: done.after, rule: 'DMS-05', reason: 'request-expired' }),
    (refused) => answered({ after: model, ...refused }),
  )
}

const onCodes = (model: ModelState, checker: string, command: AuthorisationCodeCommand) => {
  const state = model.issued[checker] ?? authorisationCodeDecider.initial
  return authorisationCodeDecider.decide(state, command, model.policy).map((events) => {
    const issued = { ...model.issued, [checker]: events.reduce(authorisationCodeDecider.evolve, state) }
    return { events, after: { ...model, issued } }
  })
}

const epochOf = (model: ModelState, userId: string) => {
  const account = accountOf(model, userId)
  return isExistingAccount(account) ? account.sessionEpoch : -1
}

/** Reads a request and gets an Authorisation Code for it, as a checker. */
export const getAuthorisationCode = (
  model: ModelState,
  input: OperationOf<'getAuthorisationCode'>,
): Expected => {
  const { session } = input
  const denied = notInDms(model, session)
  if (denied !== undefined) return denied
  const request = requestOf(model, input.request)
  if (request.stage === 'Unknown')
    return answered({ after: model, rule: 'DMS-01', reason: 'no-such-request' })
  if (request.stage !== 'Pending' || model.now >= request.expiresAt)
    return answered({ after: model, rule: 'DMS-05', reason: 'request-closed' })
  if (isRequestFromFuture(request, model.now, model.policy))
    return answered({ after: model, rule: 'API-03', reason: 'instant-from-the-future' })
  if (request.maker === session.userId)
    return answered({ after: model, rule: 'DMS-02', reason: 'maker-as-checker' })
  return onCodes(model, session.userId, {
    type: 'IssueAuthorisationCode',
    at: model.now,
    request: input.request,
    entryDigest: request.entryDigest,
    codeRound: request.codeRound,
    credential: input.id,
    sessionEpoch: epochOf(model, session.userId),
    sessionExpiresAt: session.expiresAt,
  }).match(
    ({ after }) => answered({ after, rule: 'DMS-04' }),
    (refused) => answered({ after: model, ...refused }),
  )
}

/** Applies a confirmed entry. */
const effect = (model: ModelState, entry: ProfileEntry): Decision => {
  const at = model.now
  const { userId } = entry
  switch (entry.kind) {
    case 'create': {
      const ids = [{ userId, role: 'User' as const }]
      const allocate = { type: 'AllocateUserIds', at, ids, enforceMaximum: true } as const
      const register = {
        type: 'Register',
        at,
        userId,
        role: 'User',
        origin: 'created',
        ...entry.profile,
      } as const
      return provisionIn(model, userId, allocate, register)
    }
    case 'delete':
      return provisionIn(model, userId, { type: 'ReleaseQuota', at, userId }, { type: 'Delete', at })
    case 'change': {
      const changed = decideIn(model, userId, { type: 'ChangeProfile', at, changes: entry.changes })
      return entry.unlock && changed.refused === undefined
        ? decideIn(changed.after, userId, { type: 'Unlock', at })
        : changed
    }
  }
}

/** Confirms a request on the maker's page, with Checker ID and Authorisation Code. */
export const confirmRequest = (model: ModelState, input: OperationOf<'confirmRequest'>): Expected => {
  const { session, issuedBy } = input
  const denied = notInDms(model, session)
  if (denied !== undefined) return denied
  const at = model.now
  const maker = asUserId(session.userId)
  const checker = parseUserId(input.checkerId).match(
    ({ userId }) => userId,
    () => undefined,
  )
  const request = requestOf(model, input.request)
  const subjectDigest =
    request.stage === 'Pending' ? profileDigest(accountOf(model, request.entry.userId), request.entry) : ''
  const confirm = (from: ModelState, approved: string) =>
    onRequest(from, input.request, {
      ...{ type: 'Confirm', at, maker, checker: checker ?? asUserId(''), approved },
      profileDigest: subjectDigest,
    })
  const possible = confirm(model, request.stage === 'Pending' ? request.entryDigest : '')
  if (possible.isErr()) return answered({ after: model, ...possible.error })
  if (request.stage !== 'Pending' || possible.value.request.stage !== 'Confirmed')
    return answered({
      after: possible.value.after,
      rule: 'DMS-05',
      reason: `request-${possible.value.request.stage}`,
    })

  const wrong = (from: ModelState, reason: string, rule: RuleId): Expected =>
    onRequest(from, input.request, { type: 'RejectConfirmation', at, maker }).match(
      ({ after }) => answered({ after, rule, reason, bearing: ['DMS-09'] }),
      (refused) => answered({ after: from, ...refused }),
    )
  const account = checker === undefined ? undefined : accountOf(model, checker)
  if (checker === undefined || account === undefined) return wrong(model, 'malformed-user-id', 'DMS-09')
  if (!isExistingAccount(account) || account.role !== 'DelegatedAdministrator')
    return wrong(model, 'checker-not-of-the-participant', 'DMS-02')
  const issued = model.issued[checker] ?? authorisationCodeDecider.initial
  if (issued.stage === 'Issued') {
    const able = decideIn(model, checker, { type: 'CheckSession', at, sessionEpoch: issued.sessionEpoch })
    if (able.refused !== undefined) return wrong(model, `checker-${able.refused.reason}`, 'DMS-02')
  }
  const used = onCodes(model, checker, {
    type: 'UseAuthorisationCode',
    at,
    request: input.request,
    codeRound: request.codeRound,
    sessionEpoch: account.sessionEpoch,
    matches: issued.stage === 'Issued' && issued.credential === issuedBy,
  })
  if (used.isErr())
    return used.error.reason === 'instant-from-the-future'
      ? answered({ after: model, ...used.error })
      : wrong(model, used.error.reason, used.error.rule)
  const [event] = used.value.events
  if (event?.type !== 'AuthorisationCodeUsed')
    return wrong(used.value.after, 'code-revoked', event?.rule ?? 'DMS-04')
  const confirmed = confirm(used.value.after, issued.stage === 'Issued' ? issued.entryDigest : '')
  if (confirmed.isErr()) return answered({ after: model, ...confirmed.error })
  const why = forbidden(model, [maker, checker], request.entry)
  if (why !== undefined) return answered({ after: model, ...why })
  const done = effect(confirmed.value.after, request.entry)
  if (done.refused !== undefined)
    return answered({ after: model, rule: done.refused.rule, reason: done.refused.reason })
  const unlocks = request.entry.kind === 'change' && request.entry.unlock
  return answered({
    ...{ after: done.after, rule: 'DMS-01', events: done.events, command: done.command },
    bearing: [
      'DMS-04',
      ...(unlocks ? (['ACC-08'] as const) : []),
      ...(request.entry.kind === 'create' ? (['QTA-03', 'ID-12'] as const) : []),
    ],
  })
}

/** Generate User ID: the lowest one that was never allocated. */
export const proposeUserId = (model: ModelState, { session }: OperationOf<'proposeUserId'>): Expected => {
  const denied = notInDms(model, session)
  if (denied !== undefined) return denied
  const place = { type: 'HKSCC', role: 'User', participantId: participant } as const
  return nextUserId(place, allocatedUserIds(model.participant)).match(
    (next) => answered({ after: model, rule: 'ID-12', next }),
    ({ rule, code }) => answered({ after: model, rule, reason: code }),
  )
}
