import type { Decider } from '../../kernel/decider.ts'
import {
  decideBy,
  decisionTable,
  type Of,
  type RefusedBy,
  type Transition,
} from '../../kernel/decision-table.ts'
import { type Instant, SECOND } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { Policy } from '../../policy/policy.ts'

/** The smartcard by which a checker is logged in. */
export interface CardRead {
  readonly site: 'primary' | 'backup'
  readonly srn?: string
}

/** A code that a checker has drawn, for one request as it read it, out of one login. */
export interface DrawnCode {
  readonly stage: 'Drawn'
  readonly request: string
  /** Of the entry that the checker read (DMS-05). */
  readonly digest: string
  /** Under which the vault keeps the code's keyed hash. */
  readonly credential: string
  /** The first instant at which it is no longer good: its own time is over, or the checker's login. */
  readonly expiresAt: Instant
  /** The generation of the checker's account at that login. */
  readonly generation: number
  /** Of a login by smartcard: where the card was read, and which. */
  readonly card?: CardRead
  /** Wrong entries. */
  readonly misses: number
}

/**
 * The state of a checker's Authorisation Codes: the newest alone is good.
 *
 * @rule DMS-04
 */
export type Authorisation = { readonly stage: 'None' } | DrawnCode

/** The state before the first event. */
export const noAuthorisation: Authorisation = /* @__PURE__ */ Object.freeze({ stage: 'None' })

/** What a checker's codes can be told to do. */
export type AuthorisationCommand = { readonly at: Instant } & (
  | {
      readonly type: 'DrawCode'
      readonly request: string
      readonly digest: string
      readonly credential: string
      readonly generation: number
      /** When the login lapses out of which it is drawn. */
      readonly loginExpiresAt: Instant
      readonly card?: CardRead
    }
  /** The code is entered for a request; `matches`, if it is the one that was drawn last. */
  | {
      readonly type: 'UseCode'
      readonly request: string
      readonly generation: number
      readonly matches: boolean
    }
)

/** What can happen to a checker's codes. */
export type AuthorisationEvent = { readonly at: Instant; readonly rule: RuleId } & (
  | {
      readonly type: 'CodeDrawn'
      readonly request: string
      readonly digest: string
      readonly credential: string
      readonly generation: number
      readonly expiresAt: Instant
      readonly card?: CardRead
    }
  | { readonly type: 'CodeUsed'; readonly request: string }
  | { readonly type: 'CodeMissed'; readonly request: string }
  | { readonly type: 'CodeVoided'; readonly why: 'misses' | 'other-request' | 'login-void' }
)

/** Why a code is refused. */
export type AuthorisationRefusalReason = 'no-code-drawn' | 'code-expired'

type Rules = Pick<Policy, 'dms'>
const { on, guard } = /* @__PURE__ */ decisionTable<
  Authorisation,
  AuthorisationCommand,
  AuthorisationEvent,
  AuthorisationRefusalReason,
  Rules
>()

type Using = Of<AuthorisationCommand, 'UseCode'>

const expired = guard('it has expired', ({ expiresAt }: DrawnCode, { at }: Using) => !(at < expiresAt))
const loginVoid = guard(
  "the checker's login is void since",
  (drawn: DrawnCode, { generation }: Using) => drawn.generation !== generation,
)
const otherRequest = guard(
  'it was drawn for another request',
  (drawn: DrawnCode, { request, matches }: Using) => matches && drawn.request !== request,
)
const wrong = guard('the code is wrong', (_: DrawnCode, { matches }: Using) => !matches)
const lastMiss = guard(
  'it is the last wrong entry allowed',
  ({ misses }: DrawnCode, _: Using, { dms }: Rules) => misses + 1 >= dms.authorisationCode.misses,
)

const use = on('UseCode').from('Drawn')

const rows = [
  on('DrawCode')
    .from('None', 'Drawn')
    .give(['CodeDrawn'], 'Drawn', 'DMS-04', (_, command, { dms }) => {
      const { at, request, digest, credential, generation, loginExpiresAt, card } = command
      const expiresAt = Math.min(loginExpiresAt, at + dms.authorisationCode.validSeconds * SECOND)
      const drawn = { request, digest, credential, generation, expiresAt }
      return [{ type: 'CodeDrawn', at, rule: 'DMS-04', ...drawn, ...(card === undefined ? {} : { card }) }]
    }),
  on('UseCode').from('None').refuse('no-code-drawn', 'DMS-04'),
  use.when(expired).refuse('code-expired', 'DMS-04'),
  use
    .when(loginVoid)
    .give(['CodeVoided'], 'None', 'DMS-02', (_, { at }) => [
      { type: 'CodeVoided', at, rule: 'DMS-02', why: 'login-void' },
    ]),
  use
    .when(otherRequest)
    .give(['CodeVoided'], 'None', 'DMS-05', (_, { at }) => [
      { type: 'CodeVoided', at, rule: 'DMS-05', why: 'other-request' },
    ]),
  use
    .when(wrong)
    .when(lastMiss)
    .give(['CodeMissed', 'CodeVoided'], 'None', 'DMS-04', (_, { at, request }) => [
      { type: 'CodeMissed', at, rule: 'DMS-04', request },
      { type: 'CodeVoided', at, rule: 'DMS-04', why: 'misses' },
    ]),
  use
    .when(wrong)
    .give(['CodeMissed'], 'same', 'DMS-04', (_, { at, request }) => [
      { type: 'CodeMissed', at, rule: 'DMS-04', request },
    ]),
  use.give(['CodeUsed'], 'None', 'DMS-04', (_, { at, request }) => [
    { type: 'CodeUsed', at, rule: 'DMS-04', request },
  ]),
]

/** The transition table of a checker's codes, as data. */
export const authorisationTransitions: readonly Transition<
  Authorisation['stage'],
  AuthorisationCommand['type'],
  AuthorisationEvent['type'],
  AuthorisationRefusalReason
>[] = rows

const evolve = (authorisation: Authorisation, event: AuthorisationEvent): Authorisation => {
  switch (event.type) {
    case 'CodeDrawn': {
      const { type: _type, at: _at, rule: _rule, ...drawn } = event
      return { stage: 'Drawn', ...drawn, misses: 0 }
    }
    case 'CodeMissed':
      return authorisation.stage === 'Drawn'
        ? { ...authorisation, misses: authorisation.misses + 1 }
        : authorisation
    case 'CodeUsed':
    case 'CodeVoided':
      return noAuthorisation
  }
}

/**
 * The Authorisation Codes of one checker: drawn after their own login, good once, for the request they
 * were drawn for, for a short time, and void after three wrong entries.
 *
 * @rule DMS-04
 */
export const authorisationDecider: Decider<
  Authorisation,
  AuthorisationCommand,
  AuthorisationEvent,
  RefusedBy<AuthorisationRefusalReason>,
  Rules
> = { initial: noAuthorisation, decide: decideBy(rows).decide, evolve }
