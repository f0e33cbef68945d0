import {
  type AuthorisationCodeCommand,
  authorisationCodeDecider,
} from '../../src/dms/model/authorisation-code.ts'
import type { RequestCommand } from '../../src/dms/model/request.ts'
import { requestDecider } from '../../src/dms/model/request-decider.ts'
import type { UserId } from '../../src/identity/user-id.ts'
import { HOUR } from '../../src/kernel/instant.ts'
import { type ParticipantCommand, participantDecider } from '../../src/participant/decide.ts'
import { accountTotals } from '../../src/participant/state.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { runVectors } from './vector-files.ts'

interface QuotaStep {
  readonly do: 'set-maximum' | 'buy' | 'create' | 'import' | 'delete'
  readonly maximum: number
  readonly count: number
  readonly userId: UserId
  readonly role: 'User' | 'DelegatedAdministrator'
}

const quotaCommand = (step: QuotaStep): ParticipantCommand => {
  const at = 0
  switch (step.do) {
    case 'set-maximum':
      return { type: 'SetMaximum', at, maximum: step.maximum }
    case 'buy':
      return { type: 'RaiseMaximum', at, by: step.count }
    case 'delete':
      return { type: 'ReleaseQuota', at, userId: step.userId }
    case 'create':
    case 'import': {
      const ids = [{ userId: step.userId, role: step.role }]
      return { type: 'AllocateUserIds', at, ids, enforceMaximum: step.do === 'create' }
    }
  }
}

runVectors('quota', ({ steps }) => {
  let participant = participantDecider.initial
  const refused = steps.flatMap((step: QuotaStep, place: number) =>
    participantDecider.decide(participant, quotaCommand(step), defaultPolicy).match(
      (events) => {
        participant = events.reduce(participantDecider.evolve, participant)
        return []
      },
      ({ reason, rule }) => [{ step: place, reason, rule }],
    ),
  )
  return { refused, totals: accountTotals(participant) }
})

interface RequestStep {
  readonly after: number
  readonly do: 'enter' | 'amend' | 'confirm' | 'reject' | 'withdraw'
  readonly by: UserId
  readonly but?: 'other-entry' | 'other-profile'
}

runVectors('dms-request', ({ enteredAt, steps }) => {
  let request = requestDecider.initial
  let entries = 0
  const commandOf = ({ after, do: what, by, but }: RequestStep): RequestCommand => {
    const at = enteredAt + after
    const entry = { kind: 'delete', userId: 'B0123401' as UserId } as const
    const seen = but === 'other-profile' ? 'profile-2' : 'profile-1'
    const digest = but === 'other-entry' ? 'entry-0' : `entry-${entries}`
    switch (what) {
      case 'enter':
      case 'amend': {
        const entered = { entry, entryDigest: `entry-${++entries}`, profileDigest: seen }
        return { type: what === 'enter' ? 'Enter' : 'Amend', at, maker: by, ...entered }
      }
      case 'confirm':
        return {
          type: 'Confirm',
          at,
          maker: 'B01234X1' as UserId,
          checker: by,
          approved: digest,
          profileDigest: seen,
        }
      case 'reject':
        return { type: 'Reject', at, checker: by, entryDigest: digest }
      case 'withdraw':
        return { type: 'Withdraw', at, maker: by }
    }
  }
  const outcomes = steps.map((step: RequestStep) =>
    requestDecider.decide(request, commandOf(step), { participant: 'B01234', dms: defaultPolicy.dms }).match(
      (events): unknown => {
        request = events.reduce(requestDecider.evolve, request)
        return { status: request.stage }
      },
      ({ reason }) => ({ refused: reason }),
    ),
  )
  return { outcomes }
})

interface CodeStep {
  readonly after: number
  readonly do: 'issue' | 'use' | 'end-session' | 'session-until'
  readonly request: string
  readonly code: 'right' | 'wrong'
  readonly until: number
}

runVectors('authorisation-code', ({ issuedAt, steps }) => {
  let codes = authorisationCodeDecider.initial
  let sessionEpoch = 0
  const counted = new Map<string, { wrong: number; round: number }>()
  const of = (request: string) => counted.get(request) ?? { wrong: 0, round: 0 }
  /** The wrong confirmations that the request has counted (DMS-09). */
  const count = (request: string) => {
    const { wrong, round } = of(request)
    const last = wrong + 1 >= defaultPolicy.dms.authorisationCode.failedAttempts
    counted.set(request, last ? { wrong: 0, round: round + 1 } : { wrong: wrong + 1, round })
  }
  let sessionExpiresAt = issuedAt + 8 * HOUR
  const perform = (command: AuthorisationCodeCommand) =>
    authorisationCodeDecider.decide(codes, command, defaultPolicy).match(
      (events): unknown => {
        codes = events.reduce(authorisationCodeDecider.evolve, codes)
        const types = events.map(({ type }) => type)
        if (types.includes('AuthorisationCodeRevoked')) {
          count(command.request)
          return { outcome: 'revoked' }
        }
        if (types.includes('AuthorisationCodeUsed')) return { outcome: 'used' }
        return { outcome: 'issued' }
      },
      ({ reason }) => {
        count(command.request)
        return { refused: reason }
      },
    )
  const outcomes = steps.map((step: CodeStep): unknown => {
    const at = issuedAt + step.after
    const { request } = step
    switch (step.do) {
      case 'end-session':
        sessionEpoch++
        return { outcome: 'ended' }
      case 'session-until':
        sessionExpiresAt = issuedAt + step.until
        return { outcome: 'set' }
      case 'issue': {
        const codeRound = of(request).round
        const issued = {
          request,
          entryDigest: request,
          codeRound,
          credential: 'code',
          sessionEpoch,
          sessionExpiresAt,
        }
        return perform({ type: 'IssueAuthorisationCode', at, ...issued })
      }
      default:
        return perform({
          type: 'UseAuthorisationCode',
          at,
          request,
          codeRound: of(request).round,
          sessionEpoch,
          matches: step.code === 'right',
        })
    }
  })
  return { outcomes }
})
