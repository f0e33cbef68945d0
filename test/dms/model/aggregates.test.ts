/** What replay needs to know of the records of DMS. */
import { describe, expect, test } from 'vitest'
import {
  authorisationCodeAggregate,
  pendingRequestsAggregate,
  requestAggregate,
} from '../../../src/dms/model/aggregates.ts'
import {
  authorisationCodeDecider,
  type IssuedAuthorisationCode,
} from '../../../src/dms/model/authorisation-code.ts'
import { pendingRequestsDecider } from '../../../src/dms/model/pending-requests.ts'
import type { PendingRequest, ProfileRequest } from '../../../src/dms/model/request.ts'
import type { UserId } from '../../../src/identity/user-id.ts'

const at = Date.UTC(2023, 5, 5, 1)
const day = 86_400_000
const maker = 'B01234X1' as UserId
const entry = { kind: 'delete', userId: 'B0123401' as UserId } as const
const pending: PendingRequest = {
  ...{ stage: 'Pending', entry, entryDigest: 'digest', profileDigest: 'seen', maker, enteredAt: at },
  ...{ expiresAt: at + day, revision: 1, failedConfirmations: 0, codeRound: 0 },
}
const issued: IssuedAuthorisationCode = {
  ...{ stage: 'Issued', request: 'one', entryDigest: 'digest', credential: 'c1' },
  ...{ sessionEpoch: 3, codeRound: 0, expiresAt: at + day },
}

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
    expect([credentialsOf(issued), credentialsOf(initial)]).toEqual([['c1'], []])
    expect(needsPersonalData(issued, issued.expiresAt - 1)).toBe(true)
    expect(needsPersonalData(issued, issued.expiresAt)).toBe(false)
    expect(needsPersonalData(none, at)).toBe(false)
  })
})
