import type { Decider } from '../../kernel/decider.ts'
import { decideBy, decisionTable, type Of, type Transition } from '../../kernel/decision-table.ts'
import { type Instant, isFromFuture, SECOND } from '../../kernel/instant.ts'
import type { Policy } from '../../policy/policy.ts'
import {
  type ClosedRequest,
  type PendingRequest,
  type ProfileRequest,
  type RequestCommand,
  type RequestDenialReason,
  type RequestEvent,
  unknownRequest,
} from './request.ts'

/**
 * The policy and the participant that a request's rules need.
 *
 * @category DMS
 */
export interface RequestRules extends Pick<Policy, 'dms'> {
  readonly participant: string
}

/** The types of a request's state machine, bundled. */
export interface RequestTypes {
  readonly state: ProfileRequest
  readonly command: RequestCommand
  readonly event: RequestEvent
  readonly reason: RequestDenialReason
  readonly rules: RequestRules
}

const { on, guard } = /* @__PURE__ */ decisionTable<RequestTypes>()

const closed = ['Confirmed', 'Rejected', 'Withdrawn', 'Expired', 'Stale'] as const

const expiry = (at: Instant, { dms }: Pick<Policy, 'dms'>) => at + dms.requestValidSeconds * SECOND

const expired = guard(
  'it has expired',
  ({ expiresAt }: PendingRequest, { at }: RequestCommand) => at >= expiresAt,
)
/**
 * Whether a request was entered or amended under a clock that was ahead, so that it would stay open for longer than
 * it may. It cannot be reviewed, confirmed or rejected; its maker can amend or withdraw it.
 *
 * @rule API-03
 * @internal
 */
export const isRequestFromFuture = (
  { expiresAt }: PendingRequest,
  at: Instant,
  rules: Pick<Policy, 'dms'>,
): boolean => isFromFuture(expiresAt, expiry(at, rules))

const fromFuture = guard(
  'it was entered or amended under a clock that was ahead (API-03)',
  (request: PendingRequest, { at }: RequestCommand, rules) => isRequestFromFuture(request, at, rules),
)
const notTheMaker = guard(
  'the caller is not the maker',
  ({ maker }: PendingRequest, command: { readonly maker: string }) => maker !== command.maker,
)
const makerAsChecker = guard(
  'maker and checker are the same, and the participant may not have one person do both',
  ({ maker }: PendingRequest, { checker }: { readonly checker: string }, { participant, dms }) =>
    maker === checker && !dms.onePersonParticipants.includes(participant),
)
const otherEntry = guard(
  'the checker approved another entry',
  ({ entryDigest: digest }: PendingRequest, { approved }: Of<RequestCommand, 'Confirm'>) =>
    approved !== digest,
  ['approved'],
)
const readOtherEntry = guard(
  'the checker read another entry',
  (request: PendingRequest, { entryDigest: digest }: Of<RequestCommand, 'Reject'>) =>
    digest !== request.entryDigest,
)
const otherProfile = guard(
  'the profile has changed since the maker saw it',
  (request: PendingRequest, { profileDigest: seen }: Of<RequestCommand, 'Confirm'>) =>
    seen !== request.profileDigest,
)

const lastWrongConfirmation = guard(
  'it is the last wrong confirmation allowed',
  ({ failedConfirmations }: PendingRequest, _: unknown, { dms }: RequestRules) =>
    failedConfirmations + 1 >= dms.authorisationCode.failedAttempts,
)

/** The rows of a command that only a pending request accepts. */
const onlyPending = (type: Exclude<RequestCommand['type'], 'Enter'>) => [
  on(type).from('Unknown').refuse('no-such-request', 'DMS-01'),
  on(type)
    .from(...closed)
    .refuse('request-closed', 'DMS-05'),
  on(type)
    .from('Pending')
    .when(expired)
    .emit(['RequestExpired'], 'Expired', 'DMS-05', (_, { at }) => [
      { type: 'RequestExpired', at, rule: 'DMS-05' },
    ]),
]

const rows = [
  on('Enter')
    .from('Unknown')
    .emit(
      ['RequestEntered'],
      'Pending',
      'DMS-01',
      (_, { at, maker, entry, entryDigest: digest, profileDigest: seen }, rules) => [
        {
          type: 'RequestEntered',
          at,
          rule: 'DMS-01',
          maker,
          entry,
          entryDigest: digest,
          profileDigest: seen,
          expiresAt: expiry(at, rules),
        },
      ],
    ),
  on('Enter')
    .from('Pending', ...closed)
    .refuse('request-exists', 'DMS-01'),

  ...onlyPending('Amend'),
  on('Amend').from('Pending').when(notTheMaker).refuse('not-the-maker', 'DMS-01'),
  on('Amend')
    .from('Pending')
    .emit(
      ['RequestAmended'],
      'same',
      'DMS-05',
      (_, { at, entry, entryDigest: digest, profileDigest: seen }, rules) => [
        {
          type: 'RequestAmended',
          at,
          rule: 'DMS-05',
          entry,
          entryDigest: digest,
          profileDigest: seen,
          expiresAt: expiry(at, rules),
        },
      ],
    ),

  ...onlyPending('Confirm'),
  on('Confirm').from('Pending').when(fromFuture).refuse('instant-from-the-future', 'API-03'),
  on('Confirm').from('Pending').when(makerAsChecker).refuse('maker-as-checker', 'DMS-02'),
  on('Confirm').from('Pending').when(notTheMaker).refuse('not-the-maker', 'DMS-01'),
  on('Confirm')
    .from('Pending')
    .when(otherProfile)
    .emit(['RequestStale'], 'Stale', 'DMS-05', (_, { at }) => [{ type: 'RequestStale', at, rule: 'DMS-05' }]),
  on('Confirm').from('Pending').when(otherEntry).refuse('entry-changed', 'DMS-05'),
  on('Confirm')
    .from('Pending')
    .emit(['RequestConfirmed'], 'Confirmed', 'DMS-01', (_, { at, checker }) => [
      { type: 'RequestConfirmed', at, rule: 'DMS-01', checker },
    ]),

  ...onlyPending('Reject'),
  on('Reject').from('Pending').when(fromFuture).refuse('instant-from-the-future', 'API-03'),
  on('Reject').from('Pending').when(makerAsChecker).refuse('maker-as-checker', 'DMS-02'),
  on('Reject').from('Pending').when(readOtherEntry).refuse('entry-changed', 'DMS-05'),
  on('Reject')
    .from('Pending')
    .emit(['RequestRejected'], 'Rejected', 'DMS-01', (_, { at, checker, remark }) => [
      {
        type: 'RequestRejected',
        at,
        rule: 'DMS-01',
        checker,
        ...(remark === undefined ? {} : { remark }),
      },
    ]),

  ...onlyPending('Withdraw'),
  on('Withdraw').from('Pending').when(notTheMaker).refuse('not-the-maker', 'DMS-01'),
  on('Withdraw')
    .from('Pending')
    .emit(['RequestWithdrawn'], 'Withdrawn', 'DMS-01', (_, { at }) => [
      { type: 'RequestWithdrawn', at, rule: 'DMS-01' },
    ]),

  ...onlyPending('RejectConfirmation'),
  on('RejectConfirmation').from('Pending').when(notTheMaker).refuse('not-the-maker', 'DMS-01'),
  on('RejectConfirmation')
    .from('Pending')
    .when(lastWrongConfirmation)
    .emit(['ConfirmationRejected', 'RequestCodesRevoked'], 'same', 'DMS-09', (_, { at }) => [
      { type: 'ConfirmationRejected', at, rule: 'DMS-09' },
      { type: 'RequestCodesRevoked', at, rule: 'DMS-09' },
    ]),
  on('RejectConfirmation')
    .from('Pending')
    .emit(['ConfirmationRejected'], 'same', 'DMS-09', (_, { at }) => [
      { type: 'ConfirmationRejected', at, rule: 'DMS-09' },
    ]),
]

/**
 * The transition table of a request as data.
 *
 * @rule AUD-05
 * @category DMS
 */
export const requestTransitions: readonly Transition<RequestTypes>[] = rows

const decider = /* @__PURE__ */ decideBy(rows)

/**
 * Returns the next outside fact that a request's decision depends on. What the Authorisation Code approves
 * (`approved`) is requested only if the request can still be confirmed, so that no code is used for another.
 *
 * @internal
 */
export const nextRequestFact = decider.nextFact

const close = (
  { entry, maker, enteredAt }: PendingRequest,
  stage: ClosedRequest['stage'],
  closedAt: number,
  by: Pick<ClosedRequest, 'checker' | 'remark'> = {},
): ClosedRequest => ({ stage, entry, maker, enteredAt, closedAt, ...by })

const evolvePending = (request: PendingRequest, event: RequestEvent): ProfileRequest => {
  switch (event.type) {
    case 'RequestEntered':
      return request
    case 'RequestAmended': {
      const { entry, entryDigest: digest, profileDigest: seen, expiresAt } = event
      const revision = request.revision + 1
      return { ...request, entry, entryDigest: digest, profileDigest: seen, revision, expiresAt }
    }
    case 'ConfirmationRejected':
      return { ...request, failedConfirmations: request.failedConfirmations + 1 }
    case 'RequestCodesRevoked':
      return { ...request, failedConfirmations: 0, codeRound: request.codeRound + 1 }
    case 'RequestConfirmed':
      return close(request, 'Confirmed', event.at, { checker: event.checker })
    case 'RequestRejected': {
      const { checker, remark } = event
      return close(request, 'Rejected', event.at, { checker, ...(remark === undefined ? {} : { remark }) })
    }
    case 'RequestWithdrawn':
      return close(request, 'Withdrawn', event.at)
    case 'RequestExpired':
      return close(request, 'Expired', event.at)
    case 'RequestStale':
      return close(request, 'Stale', event.at)
  }
}

const evolve = (request: ProfileRequest, event: RequestEvent): ProfileRequest => {
  if (request.stage === 'Pending') return evolvePending(request, event)
  if (request.stage !== 'Unknown' || event.type !== 'RequestEntered') return request
  const { entry, entryDigest: digest, profileDigest: seen, maker, at: enteredAt, expiresAt } = event
  return {
    stage: 'Pending',
    entry,
    entryDigest: digest,
    profileDigest: seen,
    revision: 1,
    failedConfirmations: 0,
    codeRound: 0,
    maker,
    enteredAt,
    expiresAt,
  }
}

/**
 * The state machine of a change to a user profile, between maker and checker.
 *
 * @rule DMS-01
 * @rule DMS-02
 * @rule DMS-05
 * @rule DMS-09
 * @category DMS
 */
export const requestDecider: Decider<RequestTypes> = {
  initial: unknownRequest,
  decide: decider.decide,
  evolve,
}
