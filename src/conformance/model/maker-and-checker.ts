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
import { requestDecider } from '../../dms/model/request-decider.ts'
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
  type OperationOf,
  type SessionName,
  type World,
} from './world.ts'

/** The only participant in the histories. */
export const participant = 'B01234'

interface Outcome {
  readonly after: World
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

const rulesOf = ({ policy: { dms } }: World) => ({ dms, participant })

const requestOf = (world: World, request: string): ProfileRequest =>
  world.requests[request] ?? requestDecider.initial

const onRequest = (world: World, id: string, command: RequestCommand) =>
  requestDecider.decide(requestOf(world, id), command, rulesOf(world)).map((events) => {
    const request = events.reduce(requestDecider.evolve, requestOf(world, id))
    return { request, events, after: { ...world, requests: { ...world.requests, [id]: request } } }
  })

/** Why the holder of a session may not act in DMS. */
const notInDms = (world: World, session: SessionName): Expected | undefined => {
  const held = sessionDecision(world, session)
  const account = accountOf(world, session.userId)
  if (held === undefined) return sessionOver(world, held)
  if (isExistingAccount(account) && account.role === 'User')
    return answered({ after: world, rule: 'MNT-08', reason: 'not-a-delegated-administrator' })
  return held.refused === undefined ? undefined : sessionOver(world, held)
}

/** Why an entry is not allowed for these makers, and under which rule. */
const forbidden = (world: World, makers: readonly string[], entry: ProfileEntry) => {
  const subject = accountOf(world, entry.userId)
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
const impossible = (world: World, entry: ProfileEntry) => {
  const subject = accountOf(world, entry.userId)
  if (entry.kind !== 'create')
    return isExistingAccount(subject) ? undefined : ({ reason: 'unknown-user', rule: 'ID-12' } as const)
  if (subject.stage !== 'Unknown' || allocatedUserIds(world.participant).has(entry.userId))
    return { reason: 'user-id-taken', rule: 'ID-12' } as const
  return accountTotals(world.participant).available < 1
    ? ({ reason: 'quota-exceeded', rule: 'QTA-03' } as const)
    : undefined
}

/** Enters a request or amends it, as its maker. */
export const enterRequest = (world: World, input: OperationOf<'enterRequest' | 'amendRequest'>): Expected => {
  const denied = notInDms(world, input.session)
  if (denied !== undefined) return denied
  const maker = asUserId(input.session.userId)
  const id = input.op === 'enterRequest' ? input.id : input.request
  const entry = entryOf(input.entry)
  const why = forbidden(world, [maker], entry) ?? impossible(world, entry)
  if (why !== undefined) return answered({ after: world, ...why })
  const former = requestOf(world, id)
  const seen = profileDigest(accountOf(world, entry.userId), entry)
  const digest = entryDigest(id, entry, seen, former.stage === 'Pending' ? former.revision + 1 : 1)
  const entered = { at: world.now, maker, entry, entryDigest: digest, profileDigest: seen }
  return onRequest(world, id, { type: input.op === 'enterRequest' ? 'Enter' : 'Amend', ...entered }).match(
    ({ request, after }) =>
      request.stage === 'Pending'
        ? answered({ after, rule: 'DMS-01', bearing: input.op === 'amendRequest' ? ['DMS-05'] : [] })
        : answered({ after, rule: 'DMS-05', reason: 'request-expired' }),
    (refused) => answered({ after: world, ...refused }),
  )
}

/** Withdraws a request, as its maker. */
export const withdrawRequest = (
  world: World,
  { session, request }: OperationOf<'withdrawRequest'>,
): Expected => {
  const denied = notInDms(world, session)
  if (denied !== undefined) return denied
  const command = { type: 'Withdraw', at: world.now, maker: asUserId(session.userId) } as const
  return onRequest(world, request, command).match(
    (done) =>
      done.request.stage === 'Withdrawn'
        ? answered({ after: done.after, rule: 'DMS-01', bearing: ['DMS-05'] })
        : answered({ after: done.after, rule: 'DMS-05', reason: 'request-expired' }),
    (refused) => answered({ after: world, ...refused }),
  )
}

const onCodes = (world: World, checker: string, command: AuthorisationCodeCommand) => {
  const state = world.issued[checker] ?? authorisationCodeDecider.initial
  return authorisationCodeDecider.decide(state, command, world.policy).map((events) => {
    const issued = { ...world.issued, [checker]: events.reduce(authorisationCodeDecider.evolve, state) }
    return { events, after: { ...world, issued } }
  })
}

const epochOf = (world: World, userId: string) => {
  const account = accountOf(world, userId)
  return isExistingAccount(account) ? account.sessionEpoch : -1
}

/** Reads a request and gets an Authorisation Code for it, as a checker. */
export const getAuthorisationCode = (world: World, input: OperationOf<'getAuthorisationCode'>): Expected => {
  const { session } = input
  const denied = notInDms(world, session)
  if (denied !== undefined) return denied
  const request = requestOf(world, input.request)
  if (request.stage === 'Unknown')
    return answered({ after: world, rule: 'DMS-01', reason: 'no-such-request' })
  if (request.stage !== 'Pending' || world.now >= request.expiresAt)
    return answered({ after: world, rule: 'DMS-05', reason: 'request-closed' })
  if (request.maker === session.userId)
    return answered({ after: world, rule: 'DMS-02', reason: 'maker-as-checker' })
  return onCodes(world, session.userId, {
    type: 'IssueAuthorisationCode',
    at: world.now,
    request: input.request,
    entryDigest: request.entryDigest,
    codeRound: request.codeRound,
    credential: input.id,
    sessionEpoch: epochOf(world, session.userId),
    sessionExpiresAt: session.expiresAt,
  }).match(
    ({ after }) => answered({ after, rule: 'DMS-04' }),
    (refused) => answered({ after: world, ...refused }),
  )
}

/** Applies a confirmed entry. */
const effect = (world: World, entry: ProfileEntry): Decision => {
  const at = world.now
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
      return provisionIn(world, userId, allocate, register)
    }
    case 'delete':
      return provisionIn(world, userId, { type: 'ReleaseQuota', at, userId }, { type: 'Delete', at })
    case 'change': {
      const changed = decideIn(world, userId, { type: 'ChangeProfile', at, changes: entry.changes })
      return entry.unlock && changed.refused === undefined
        ? decideIn(changed.after, userId, { type: 'Unlock', at })
        : changed
    }
  }
}

/** Confirms a request on the maker's page, with Checker ID and Authorisation Code. */
export const confirmRequest = (world: World, input: OperationOf<'confirmRequest'>): Expected => {
  const { session, issuedBy } = input
  const denied = notInDms(world, session)
  if (denied !== undefined) return denied
  const at = world.now
  const maker = asUserId(session.userId)
  const checker = parseUserId(input.checkerId).match(
    ({ userId }) => userId,
    () => undefined,
  )
  const request = requestOf(world, input.request)
  const subjectDigest =
    request.stage === 'Pending' ? profileDigest(accountOf(world, request.entry.userId), request.entry) : ''
  const confirm = (from: World, approved: string) =>
    onRequest(from, input.request, {
      ...{ type: 'Confirm', at, maker, checker: checker ?? asUserId(''), approved },
      profileDigest: subjectDigest,
    })
  const possible = confirm(world, request.stage === 'Pending' ? request.entryDigest : '')
  if (possible.isErr()) return answered({ after: world, ...possible.error })
  if (request.stage !== 'Pending' || possible.value.request.stage !== 'Confirmed')
    return answered({
      after: possible.value.after,
      rule: 'DMS-05',
      reason: `request-${possible.value.request.stage}`,
    })

  const wrong = (from: World, reason: string, rule: RuleId): Expected =>
    onRequest(from, input.request, { type: 'RejectConfirmation', at, maker }).match(
      ({ after }) => answered({ after, rule, reason, bearing: ['DMS-09'] }),
      (refused) => answered({ after: from, ...refused }),
    )
  const account = checker === undefined ? undefined : accountOf(world, checker)
  if (checker === undefined || account === undefined) return wrong(world, 'malformed-user-id', 'DMS-09')
  if (!isExistingAccount(account) || account.role !== 'DelegatedAdministrator')
    return wrong(world, 'checker-not-of-the-participant', 'DMS-02')
  const issued = world.issued[checker] ?? authorisationCodeDecider.initial
  if (issued.stage === 'Issued') {
    const able = decideIn(world, checker, { type: 'CheckSession', at, sessionEpoch: issued.sessionEpoch })
    if (able.refused !== undefined) return wrong(world, `checker-${able.refused.reason}`, 'DMS-02')
  }
  const used = onCodes(world, checker, {
    type: 'UseAuthorisationCode',
    at,
    request: input.request,
    codeRound: request.codeRound,
    sessionEpoch: account.sessionEpoch,
    matches: issued.stage === 'Issued' && issued.credential === issuedBy,
  })
  if (used.isErr()) return wrong(world, used.error.reason, used.error.rule)
  const [event] = used.value.events
  if (event?.type !== 'AuthorisationCodeUsed')
    return wrong(used.value.after, 'code-revoked', event?.rule ?? 'DMS-04')
  const confirmed = confirm(used.value.after, issued.stage === 'Issued' ? issued.entryDigest : '')
  if (confirmed.isErr()) return answered({ after: world, ...confirmed.error })
  const why = forbidden(world, [maker, checker], request.entry)
  if (why !== undefined) return answered({ after: world, ...why })
  const done = effect(confirmed.value.after, request.entry)
  if (done.refused !== undefined)
    return answered({ after: world, rule: done.refused.rule, reason: done.refused.reason })
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
export const proposeUserId = (world: World, { session }: OperationOf<'proposeUserId'>): Expected => {
  const denied = notInDms(world, session)
  if (denied !== undefined) return denied
  const place = { type: 'HKSCC', role: 'User', participantId: participant } as const
  return nextUserId(place, allocatedUserIds(world.participant)).match(
    (next) => answered({ after: world, rule: 'ID-12', next }),
    ({ rule, code }) => answered({ after: world, rule, reason: code }),
  )
}
