/** The parts of DMS, each by itself: what replay needs, members that are absent, and impossible events. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { unknownAccount } from '../../../src/account/state.ts'
import {
  authorisationCodeAggregate,
  pendingRequestsAggregate,
  requestAggregate,
} from '../../../src/dms/model/aggregates.ts'
import { authorisationCodeDecider } from '../../../src/dms/model/authorisation-code.ts'
import { profileDigest } from '../../../src/dms/model/entry.ts'
import {
  pendingRequestsDecider,
  pendingRequestsTransitions,
} from '../../../src/dms/model/pending-requests.ts'
import { type ProfileRequest, type RequestEvent, unknownRequest } from '../../../src/dms/model/request.ts'
import { requestDecider } from '../../../src/dms/model/request-decider.ts'
import type { UserId } from '../../../src/identity/user-id.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'

const at = Date.UTC(2023, 5, 5, 1)
const day = 86_400_000
const rules = { dms: defaultPolicy.dms, participant: 'B01234' }
const [maker, checker] = ['B01234X1', 'B01234X2'] as [UserId, UserId]
const entry = { kind: 'delete', userId: 'B0123401' as UserId } as const
const entered = { entry, entryDigest: 'digest', profileDigest: 'seen' }
const pending: ProfileRequest & { readonly stage: 'Pending' } = {
  ...{ stage: 'Pending', ...entered, maker, enteredAt: at, expiresAt: at + day },
  ...{ revision: 1, failedConfirmations: 0, codeRound: 0 },
}
const issue = {
  ...{ type: 'IssueAuthorisationCode', at, request: 'r1', entryDigest: 'digest', codeRound: 0 },
  ...{ credential: 'c1', sessionEpoch: 0, sessionExpiresAt: at + day },
} as const
const issued = authorisationCodeDecider
  .decide(authorisationCodeDecider.initial, issue as never, rules as never)
  ._unsafeUnwrap()
const codeAfter = issued.reduce(authorisationCodeDecider.evolve, authorisationCodeDecider.initial)

describe('AUD-01 · what a replay needs to know of each record', () => {
  test('a request: its events, what is personal, and until when it needs that', () => {
    const { eventTypes, personalFields, needsPersonalData, credentialsOf } = requestAggregate
    expect(requestAggregate).toMatchObject({ kind: 'request', upcasters: {} })
    expect(eventTypes).toStrictEqual({
      ...{ RequestEntered: true, RequestAmended: true, RequestConfirmed: true, RequestRejected: true },
      ...{ RequestWithdrawn: true, ConfirmationRejected: true, RequestCodesRevoked: true },
      ...{ RequestExpired: true, RequestStale: true },
    })
    expect(personalFields).toStrictEqual({
      ...{ surname: 'identity', otherNames: 'identity', email: 'contact', remark: 'identity' },
      ...{ entryDigest: 'identity', profileDigest: 'identity' },
    })
    expect(credentialsOf(pending)).toEqual([])
    const withdrawn: ProfileRequest = {
      ...{ stage: 'Withdrawn', entry, maker, enteredAt: at, closedAt: at + 1 },
      ...{ expiresAt: at + day },
    } as ProfileRequest
    expect(needsPersonalData(pending, pending.expiresAt - 1)).toBe(true)
    expect(needsPersonalData(pending, pending.expiresAt)).toBe(false)
    expect(needsPersonalData(withdrawn, at)).toBe(false)
  })

  test('a maker’s pending requests hold nothing personal', () => {
    const { initial } = pendingRequestsDecider
    expect(initial).toEqual({ stage: 'Listed', requests: [] })
    expect(pendingRequestsAggregate).toMatchObject({ kind: 'pending-requests', upcasters: {} })
    expect(pendingRequestsAggregate.eventTypes).toStrictEqual({ PendingRequestAdded: true })
    expect(pendingRequestsAggregate.personalFields).toEqual({})
    expect(pendingRequestsAggregate.credentialsOf(initial)).toEqual([])
    expect(pendingRequestsAggregate.needsPersonalData(initial, at)).toBe(false)
  })

  test('an Authorisation Code has its credential and its entry as long as it can be used', () => {
    const { eventTypes, personalFields, needsPersonalData, credentialsOf } = authorisationCodeAggregate
    expect(authorisationCodeAggregate).toMatchObject({ kind: 'authorisation', upcasters: {} })
    expect(eventTypes).toStrictEqual({
      ...{ AuthorisationCodeIssued: true, AuthorisationCodeUsed: true, AuthorisationCodeRevoked: true },
    })
    expect(personalFields).toStrictEqual({ entryDigest: 'identity' })
    const { initial } = authorisationCodeDecider
    const none = { ...initial, expiresAt: at + day } as typeof initial
    expect([credentialsOf(codeAfter), credentialsOf(initial)]).toEqual([['c1'], []])
    const ends = at + defaultPolicy.dms.authorisationCode.validSeconds * 1_000
    expect(needsPersonalData(codeAfter, ends - 1)).toBe(true)
    expect(needsPersonalData(codeAfter, ends)).toBe(false)
    expect(needsPersonalData(none, at)).toBe(false)
  })
})

test('DMS-10 · the table of a maker’s pending requests', () => {
  expect(pendingRequestsTransitions.map(({ on, from, outcome, rule }) => [on, from, outcome, rule])).toEqual([
    ['AddPendingRequest', ['Listed'], { kind: 'refusal', reason: 'too-many-requests' }, 'DMS-10'],
    [
      'AddPendingRequest',
      ['Listed'],
      { kind: 'events', events: ['PendingRequestAdded'], to: 'same' },
      'DMS-10',
    ],
  ])
})

describe('DMS-01, DMS-04 · what was not given has no member', () => {
  test('a rejection without a remark', () => {
    const reject = { type: 'Reject', at: at + 1, checker, entryDigest: 'digest' } as const
    const events = requestDecider.decide(pending, reject, rules as never)._unsafeUnwrap()
    expect(events).toStrictEqual([{ type: 'RequestRejected', at: at + 1, rule: 'DMS-01', checker }])
    expect(events.reduce<ProfileRequest>(requestDecider.evolve, pending)).toStrictEqual({
      ...{ stage: 'Rejected', entry, maker, enteredAt: at, closedAt: at + 1, checker },
    })
  })

  test('a code that is issued without a card', () => {
    expect(issued.map((event) => 'card' in event)).toEqual([false])
    const card = 'card-1'
    const [event] = authorisationCodeDecider
      .decide(authorisationCodeDecider.initial, { ...issue, card } as never, rules as never)
      ._unsafeUnwrap()
    expect(event).toMatchObject({ card })
  })
})

test('API-03 · a request from the future is neither confirmed nor rejected, and the reason says so', () => {
  const future = { ...pending, enteredAt: at + 2 * day, expiresAt: at + 3 * day }
  const outcome = (command: object) =>
    requestDecider.decide(future, command as never, rules as never).match(
      () => 'accepted',
      ({ reason, rule }) => `${reason} ${rule}`,
    )
  const confirm = { type: 'Confirm', at, maker, checker, approved: 'digest', profileDigest: 'seen' }
  expect(outcome(confirm)).toBe('instant-from-the-future API-03')
  expect(outcome({ type: 'Reject', at, checker, entryDigest: 'digest' })).toBe(
    'instant-from-the-future API-03',
  )
})

test('AUD-01 · a request is entered once, and begins with its entry', () => {
  const again = { type: 'RequestEntered', at: at + 1, rule: 'DMS-01', maker: checker, ...entered } as never
  expect(requestDecider.evolve(pending, again)).toBe(pending)
  for (const type of ['RequestAmended', 'RequestConfirmed', 'RequestExpired', 'RequestStale'])
    expect(requestDecider.evolve(unknownRequest, { type, at, rule: 'DMS-05' } as RequestEvent)).toBe(
      unknownRequest,
    )
})

test('DMS-05 · an account that does not exist has a digest of its own', () => {
  const expected = createHash('sha256').update('{"none":true}').digest('hex')
  expect(profileDigest(unknownAccount, entry)).toBe(expected)
})
