import type { Decider } from '../../kernel/decider.ts'
import { decideBy, decisionTable, type Of, type Transition } from '../../kernel/decision-table.ts'
import { type Instant, isFromFuture, SECOND } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { Policy } from '../../policy/policy.ts'

/**
 * The smartcard with which a checker signed in.
 *
 * @category DMS
 */
export interface SmartcardRead {
  readonly site: 'primary' | 'backup'
  readonly srn?: string
}

/**
 * A code issued to a checker in one session, for one request as they reviewed it.
 *
 * @category DMS
 */
export interface IssuedAuthorisationCode {
  readonly stage: 'Issued'
  readonly request: string
  /** The digest of the entry that the checker reviewed (DMS-05). */
  readonly entryDigest: string
  /** The vault's name for the code's keyed hash. */
  readonly credential: string
  /** The first instant at which it is no longer valid, at the latest when the checker's session expires. */
  readonly expiresAt: Instant
  /** The sessionEpoch of the checker's account at that sign-in. */
  readonly sessionEpoch: number
  /** For a sign-in by smartcard: the card, and where it was read. */
  readonly card?: SmartcardRead
  /** The code round of the request in which it was issued (DMS-09). */
  readonly codeRound: number
}

/**
 * The state of a checker's Authorisation Codes: only the newest is valid.
 *
 * @rule DMS-04
 * @category DMS
 */
export type AuthorisationCodeState = { readonly stage: 'None' } | IssuedAuthorisationCode

/**
 * The state of a checker's codes before the first event.
 *
 * @category DMS
 */
export const noAuthorisationCode: AuthorisationCodeState = /* @__PURE__ */ Object.freeze({ stage: 'None' })

/**
 * A command of a checker's codes.
 *
 * @category DMS
 */
export type AuthorisationCodeCommand = { readonly at: Instant } & (
  | {
      readonly type: 'IssueAuthorisationCode'
      readonly request: string
      readonly entryDigest: string
      readonly codeRound: number
      readonly credential: string
      readonly sessionEpoch: number
      /** The expiry of the session in which the code is issued. */
      readonly sessionExpiresAt: Instant
      readonly card?: SmartcardRead
    }
  /** The code is entered for a request in a code round; `matches` if it is the newest one issued. */
  | {
      readonly type: 'UseAuthorisationCode'
      readonly request: string
      readonly codeRound: number
      readonly sessionEpoch: number
      readonly matches: boolean
    }
)

/**
 * An event of a checker's codes.
 *
 * @category DMS
 */
export type AuthorisationCodeEvent = { readonly at: Instant; readonly rule: RuleId } & (
  | {
      readonly type: 'AuthorisationCodeIssued'
      readonly request: string
      readonly entryDigest: string
      readonly codeRound: number
      readonly credential: string
      readonly sessionEpoch: number
      readonly expiresAt: Instant
      readonly card?: SmartcardRead
    }
  | { readonly type: 'AuthorisationCodeUsed'; readonly request: string }
  | {
      readonly type: 'AuthorisationCodeRevoked'
      readonly reason: 'too-many-attempts' | 'session-ended'
    }
)

/**
 * Why a code is refused.
 *
 * @category DMS
 */
export type AuthorisationCodeDenialReason =
  | 'no-code-issued'
  | 'code-expired'
  | 'instant-from-the-future'
  | 'code-for-another-request'
  | 'wrong-code'

type Rules = Pick<Policy, 'dms'>
/** The types of the state machine of a checker's codes, bundled. */
export interface AuthorisationCodeTypes {
  readonly state: AuthorisationCodeState
  readonly command: AuthorisationCodeCommand
  readonly event: AuthorisationCodeEvent
  readonly reason: AuthorisationCodeDenialReason
  readonly rules: Rules
}

const { on, guard } = /* @__PURE__ */ decisionTable<AuthorisationCodeTypes>()

type Using = Of<AuthorisationCodeCommand, 'UseAuthorisationCode'>

const expired = guard(
  'it has expired',
  ({ expiresAt }: IssuedAuthorisationCode, { at }: Using) => !(at < expiresAt),
)
const fromFuture = guard(
  'it was issued under a clock that was ahead (API-03)',
  ({ expiresAt }: IssuedAuthorisationCode, { at }: Using, { dms }: Rules) =>
    isFromFuture(expiresAt, at + dms.authorisationCode.validSeconds * SECOND),
)
const sessionEnded = guard(
  "the checker's session is no longer valid",
  (issued: IssuedAuthorisationCode, { sessionEpoch }: Using) => issued.sessionEpoch !== sessionEpoch,
)
const otherRequest = guard(
  'it was issued for another request',
  (issued: IssuedAuthorisationCode, { request }: Using) => issued.request !== request,
)
const revoked = guard(
  'the codes of its request have been revoked',
  (issued: IssuedAuthorisationCode, { codeRound }: Using) => issued.codeRound !== codeRound,
)
const wrong = guard('the code is wrong', (_: IssuedAuthorisationCode, { matches }: Using) => !matches, [
  'matches',
])

const use = on('UseAuthorisationCode').from('Issued')

const rows = [
  on('IssueAuthorisationCode')
    .from('None', 'Issued')
    .emit(['AuthorisationCodeIssued'], 'Issued', 'DMS-04', (_, command, { dms }) => {
      const { at, request, entryDigest, codeRound, credential, sessionEpoch, sessionExpiresAt, card } =
        command
      const expiresAt = Math.min(sessionExpiresAt, at + dms.authorisationCode.validSeconds * SECOND)
      const issued = { request, entryDigest, codeRound, credential, sessionEpoch, expiresAt }
      return [
        {
          type: 'AuthorisationCodeIssued',
          at,
          rule: 'DMS-04',
          ...issued,
          ...(card === undefined ? {} : { card }),
        },
      ]
    }),
  on('UseAuthorisationCode').from('None').refuse('no-code-issued', 'DMS-04'),
  use.when(expired).refuse('code-expired', 'DMS-04'),
  use
    .when(sessionEnded)
    .emit(['AuthorisationCodeRevoked'], 'None', 'DMS-02', (_, { at }) => [
      { type: 'AuthorisationCodeRevoked', at, rule: 'DMS-02', reason: 'session-ended' },
    ]),
  use.when(otherRequest).refuse('code-for-another-request', 'DMS-04'),
  use
    .when(revoked)
    .emit(['AuthorisationCodeRevoked'], 'None', 'DMS-09', (_, { at }) => [
      { type: 'AuthorisationCodeRevoked', at, rule: 'DMS-09', reason: 'too-many-attempts' },
    ]),
  use.when(fromFuture).refuse('instant-from-the-future', 'API-03'),
  use.when(wrong).refuse('wrong-code', 'DMS-04'),
  use.emit(['AuthorisationCodeUsed'], 'None', 'DMS-04', (_, { at, request }) => [
    { type: 'AuthorisationCodeUsed', at, rule: 'DMS-04', request },
  ]),
]

/**
 * The transition table of a checker's codes as data.
 *
 * @rule AUD-05
 * @category DMS
 */
export const authorisationCodeTransitions: readonly Transition<AuthorisationCodeTypes>[] = rows

const decider = /* @__PURE__ */ decideBy(rows)

/**
 * Returns the next outside fact that the decision on a code depends on: whether it `matches`, but only if the
 * code could still be used.
 *
 * @internal
 */
export const nextAuthorisationCodeFact = decider.nextFact

const evolve = (_: AuthorisationCodeState, event: AuthorisationCodeEvent): AuthorisationCodeState => {
  switch (event.type) {
    case 'AuthorisationCodeIssued': {
      const { type: _type, at: _at, rule: _rule, ...issued } = event
      return { stage: 'Issued', ...issued }
    }
    case 'AuthorisationCodeUsed':
    case 'AuthorisationCodeRevoked':
      return noAuthorisationCode
  }
}

/**
 * The Authorisation Codes of one checker. A code is issued within the checker's session and is valid once,
 * for its request, for a short time. Three wrong confirmations of that request revoke it.
 *
 * @rule DMS-04
 * @rule DMS-09
 * @category DMS
 */
export const authorisationCodeDecider: Decider<AuthorisationCodeTypes> = {
  initial: noAuthorisationCode,
  decide: decider.decide,
  evolve,
}
