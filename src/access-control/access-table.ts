import type { Role } from '../identity/role.ts'
import { isOneOf } from '../kernel/membership.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import { entriesOf, keysOf, tableOf } from '../kernel/typed-entries.ts'
import { type Phase, phases } from './timeline.ts'

/**
 * The resource that is accessed: the terminal (CCASS or CCMS), the Security Management Functions, the
 * Overnight Report Distribution, or the Participant Gateway.
 *
 * @rule MIG-11
 * @category Access
 */
export type Resource = 'terminal' | 'DMS' | 'ONRD' | 'PG'

/**
 * The site of the resource: the primary site or the Backup Centre.
 *
 * @category Access
 */
export type Site = 'primary' | 'backup'

/**
 * The resources of the access table.
 *
 * @category Access
 * @rule MIG-11
 */
export const resources = ['terminal', 'DMS', 'ONRD', 'PG'] as const satisfies readonly Resource[]

/**
 * Whether a value, e.g. from a form, is a resource of the access table.
 *
 * @category Access
 * @rule MIG-11
 */
export const isResource: (value: unknown) => value is Resource = /* @__PURE__ */ isOneOf(resources)

/**
 * The sites of the access table.
 *
 * @category Access
 * @rule MIG-15
 */
export const sites = ['primary', 'backup'] as const satisfies readonly Site[]

/**
 * Whether a value, e.g. from a form, is a site.
 *
 * @category Access
 * @rule MIG-15
 */
export const isSite: (value: unknown) => value is Site = /* @__PURE__ */ isOneOf(sites)

/**
 * A sign-in method: the smartcard; password and OTP; or `2fa-set-up`, setting up 2FA for the first time.
 *
 * @category Access
 */
export type AccessMethod = 'smartcard' | '2fa' | '2fa-set-up'

/**
 * The sign-in methods.
 *
 * @category Access
 */
export const accessMethods = ['smartcard', '2fa', '2fa-set-up'] as const satisfies readonly AccessMethod[]

/**
 * Why a method is allowed or denied.
 *
 * @category Access
 */
export type AccessReason =
  /** The request is invalid: a fact is missing or has an unknown value. */
  | 'malformed-request'
  | 'gateway-takes-smartcards-only'
  | 'users-do-not-enter-dms'
  | 'administrators-enter-dms-only'
  | 'administrator-without-business-group'
  | 'before-launch'
  | 'created-from-launch'
  | 'decommissioned'
  | 'backup-centre'
  | 'no-smartcard'
  | 'certificate-expired'
  | 'not-enabled'
  | 'locked'
  | 'already-initialised'
  | 'not-initialised'
  | 'no-registered-email'
  | 'gateway-untouched'
  | 'gateway-keeps-smartcards'
  | 'smartcard-until-launch'
  | 'smartcard-until-decommissioning'
  | 'parallel-run'
  | 'initialise-at-once'
  | 'first-sign-in'

/**
 * The facts on which an access decision depends.
 *
 * @category Access
 */
export interface AccessRequest {
  /** The phase of the account's participant. */
  readonly phase: Phase
  /** Whether the account was created at launch or later. */
  readonly createdFromLaunch: boolean
  readonly role: Role
  /** Whether it has a business user group. Used for Delegated Administrators only. */
  readonly hasBusinessGroup: boolean
  /** Whether its password and OTP channel are complete (ACC-03). */
  readonly initialised: boolean
  readonly hasEmail: boolean
  /** Whether its profile has a smartcard. Ignored after decommissioning, when profiles have none. */
  readonly hasSmartcard: boolean
  /** Whether the smartcard's certificate has expired. Default: `false`. */
  readonly certificateExpired?: boolean
  readonly resource: Resource
  readonly site: Site
  readonly locked: boolean
  /** Whether status and dates allow its use: ENABLED, and today is within Enable From and Disable After. */
  readonly enabled: boolean
  /** The effect of a lock on the smartcard: the policy's `lockout.blocksSmartcard` (LOCK-12). */
  readonly smartcardWhenLocked: 'closed' | 'open'
}

/**
 * Whether a method is allowed, the deciding rule, and the reason as a code.
 *
 * @category Access
 */
export interface AccessDecision {
  readonly decision: 'allow' | 'deny'
  readonly rule: RuleId
  readonly reason: AccessReason
}

/**
 * The decision for each method.
 *
 * @category Access
 */
export type AccessDecisions = Readonly<Record<AccessMethod, AccessDecision>>

/**
 * The conditions of a row: each named fact must have one of the values; other facts can have any.
 *
 * @category Access
 */
export type AccessConditions = { readonly [Fact in keyof AccessRequest]?: readonly AccessRequest[Fact][] }

/**
 * One row of the access table: the decision for some methods if all conditions hold.
 *
 * @category Access
 */
export interface AccessRule extends AccessDecision {
  readonly methods: readonly AccessMethod[]
  readonly when: AccessConditions
}

/**
 * Every fact of an access request with all its values, in the order in which {@link accessTable} iterates.
 *
 * @rule MIG-15
 * @category Access
 */
export const accessAttributes: {
  readonly [Fact in keyof AccessRequest]-?: readonly Required<AccessRequest>[Fact][]
} = {
  resource: resources,
  site: sites,
  role: ['User', 'DelegatedAdministrator'],
  phase: phases,
  createdFromLaunch: [false, true],
  initialised: [false, true],
  hasEmail: [true, false],
  hasSmartcard: [true, false],
  certificateExpired: [false, true],
  hasBusinessGroup: [false, true],
  enabled: [true, false],
  locked: [false, true],
  smartcardWhenLocked: ['closed', 'open'],
}

const all = accessMethods
const twoFactor = ['2fa', '2fa-set-up'] as const
const beforeLaunch = ['before-registration', 'registration'] as const
const untilDecommissioned = [...beforeLaunch, 'parallel-run'] as const

/**
 * ONRD has the same decisions as the terminal: the briefing names it together with terminal access and says
 * nothing else about it.
 */
const likeTerminal = ['terminal', 'ONRD'] as const
const inScope = [...likeTerminal, 'DMS'] as const

const row =
  (decision: AccessDecision['decision']) =>
  (
    methods: readonly AccessMethod[],
    when: AccessConditions,
    rule: RuleId,
    reason: AccessReason,
  ): AccessRule =>
    Object.freeze({ methods, when: Object.freeze(when), decision, rule, reason })
const deny = row('deny')
const allow = row('allow')

/**
 * The access table: the rows by which {@link evaluateAccess} decides. For each method the first matching row
 * decides; the last row always matches. Permanent reasons come before temporary ones: a holder who can never
 * use a method does not learn that the account is disabled.
 *
 * @rule MIG-15
 * @category Access
 */
export const accessRules: readonly AccessRule[] = /* @__PURE__ */ Object.freeze([
  // The Participant Gateway is unchanged: the host's existing flow decides on access.
  deny(twoFactor, { resource: ['PG'] }, 'MIG-10', 'gateway-takes-smartcards-only'),

  // Roles and resources.
  deny(all, { resource: ['DMS'], role: ['User'] }, 'ACC-13', 'users-do-not-enter-dms'),
  deny(
    all,
    { resource: likeTerminal, role: ['DelegatedAdministrator'], phase: untilDecommissioned },
    'ACC-13',
    'administrators-enter-dms-only',
  ),
  deny(
    all,
    { resource: likeTerminal, role: ['DelegatedAdministrator'], hasBusinessGroup: [false] },
    'ACC-13',
    'administrator-without-business-group',
  ),

  // Phases and sites.
  deny(['2fa'], { phase: beforeLaunch }, 'MIG-03', 'before-launch'),
  deny(['2fa-set-up'], { phase: beforeLaunch }, 'MIG-07', 'before-launch'),
  deny(['smartcard'], { resource: inScope, phase: ['decommissioned'] }, 'MIG-12', 'decommissioned'),
  deny(['smartcard'], { createdFromLaunch: [true] }, 'MIG-04', 'created-from-launch'),
  deny(
    ['smartcard'],
    { resource: inScope, site: ['backup'], phase: ['parallel-run'] },
    'MIG-09',
    'backup-centre',
  ),

  // Credentials.
  deny(['smartcard'], { hasSmartcard: [false], phase: untilDecommissioned }, 'MIG-05', 'no-smartcard'),
  deny(['smartcard'], { certificateExpired: [true] }, 'MIG-17', 'certificate-expired'),
  deny(['2fa-set-up'], { initialised: [true] }, 'ACC-03', 'already-initialised'),

  // The state of the account.
  deny(all, { enabled: [false] }, 'ACC-06', 'not-enabled'),
  deny(['smartcard'], { locked: [true], smartcardWhenLocked: ['closed'] }, 'LOCK-12', 'locked'),
  deny(twoFactor, { locked: [true] }, 'LOCK-12', 'locked'),
  deny(['2fa'], { initialised: [false] }, 'ACC-03', 'not-initialised'),
  deny(['2fa-set-up'], { hasEmail: [false] }, 'ACC-02', 'no-registered-email'),

  // No denial applies.
  allow(['smartcard'], { resource: ['PG'], phase: ['decommissioned'] }, 'MIG-14', 'gateway-keeps-smartcards'),
  allow(['smartcard'], { resource: ['PG'] }, 'MIG-10', 'gateway-untouched'),
  allow(['smartcard'], { phase: beforeLaunch }, 'MIG-03', 'smartcard-until-launch'),
  allow(['smartcard'], { initialised: [true] }, 'MIG-08', 'smartcard-until-decommissioning'),
  allow(['smartcard'], {}, 'MIG-03', 'parallel-run'),
  allow(['2fa'], { site: ['backup'] }, 'MIG-09', 'backup-centre'),
  allow(['2fa'], { phase: ['decommissioned'] }, 'MIG-12', 'decommissioned'),
  allow(['2fa'], { createdFromLaunch: [true] }, 'MIG-04', 'created-from-launch'),
  allow(['2fa'], {}, 'MIG-03', 'parallel-run'),
  allow(['2fa-set-up'], { phase: ['parallel-run'] }, 'MIG-07', 'initialise-at-once'),
  allow(['2fa-set-up'], {}, 'ACC-01', 'first-sign-in'),
])

const malformed: AccessDecision = { decision: 'deny', rule: 'API-01', reason: 'malformed-request' }

type Facts = Required<AccessRequest>

const facts = /* @__PURE__ */ keysOf(accessAttributes)

const isAttribute = (fact: keyof Facts, value: unknown) => {
  const values: readonly unknown[] = accessAttributes[fact]
  return values.includes(value)
}

/**
 * The rows of each method in order, with the conditions that they have: computed once, because every sign-in
 * reads them.
 */
const rowsOf = (method: AccessMethod) =>
  accessRules
    .filter(({ methods }) => methods.includes(method))
    .map((rule) => ({
      rule,
      conditions: entriesOf<keyof Facts, readonly unknown[]>(rule.when),
    }))
const rowsByMethod = /* @__PURE__ */ tableOf(accessMethods, rowsOf)

/**
 * Evaluates access of an account to a resource, at a site, in a phase: one decision per method, with its rule
 * and reason. Every sign-in uses only this function.
 *
 * - Before launch, no account signs in by 2FA or sets it up (MIG-03, MIG-07).
 * - ONRD has the terminal's decisions (MIG-11): users; after decommissioning also Delegated Administrators with a
 *   business user group (ACC-13).
 * - The Participant Gateway accepts only smartcards, in every phase and from either site (MIG-10): the rule that
 *   the Backup Centre accepts only 2FA (MIG-09) concerns terminals. Accounts created from launch on have no card
 *   (MIG-04). After decommissioning, profiles no longer contain cards, and the host's existing flow decides
 *   whether there is one.
 * - A disabled or locked account has no access to the Gateway either (ACC-06, LOCK-12).
 *
 * @param request - all facts; a missing fact or an unknown value denies every method.
 * @example
 * ```ts
 * const facts = { phase: 'parallel-run', resource: 'terminal', site: 'backup', role: 'User', enabled: true } as const
 * const profile = { createdFromLaunch: false, hasBusinessGroup: false, hasEmail: true, hasSmartcard: true } as const
 * const state = { initialised: true, locked: false, smartcardWhenLocked: 'closed' } as const
 * evaluateAccess({ ...facts, ...profile, ...state }).smartcard
 * // { decision: 'deny', rule: 'MIG-09', reason: 'backup-centre' }
 * ```
 * @rule MIG-15
 * @rule ACC-13
 * @rule MIG-18
 * @category Access
 */
export const evaluateAccess = (request: AccessRequest): AccessDecisions => {
  const asked = { ...request, certificateExpired: request?.certificateExpired ?? false }
  const wellFormed = facts.every((fact) => isAttribute(fact, asked[fact]))
  const answer = (method: AccessMethod): AccessDecision => {
    const found =
      wellFormed &&
      rowsByMethod[method].find(({ conditions }) =>
        conditions.every(([fact, values]) => values.includes(asked[fact])),
      )?.rule
    return found ? { decision: found.decision, rule: found.rule, reason: found.reason } : malformed
  }
  return { smartcard: answer('smartcard'), '2fa': answer('2fa'), '2fa-set-up': answer('2fa-set-up') }
}

/**
 * Iterates over the whole table: every combination of facts with its decisions; 32,768 if no fact is fixed.
 *
 * @param fixed - facts with a fixed value; the others take all their values.
 * @rule MIG-15
 * @category Access
 */
export function* accessTable(
  fixed: Partial<AccessRequest> = {},
): Generator<{ readonly request: Required<AccessRequest>; readonly access: AccessDecisions }, void> {
  const domains = facts.map((fact) => [fact, fact in fixed ? [fixed[fact]] : accessAttributes[fact]] as const)
  const size = domains.reduce((product, [, { length }]) => product * length, 1)
  // The last fact varies fastest.
  const lastFirst = [...domains].reverse()
  for (let index = 0; index < size; index++) {
    let rest = index
    const values: [keyof Facts, unknown][] = []
    for (const [fact, domain] of lastFirst) {
      values.unshift([fact, domain[rest % domain.length]])
      rest = Math.floor(rest / domain.length)
    }
    // One value for each fact, out of the domain of that fact: no type says so of a list of pairs.
    const request = Object.fromEntries(values) as unknown as Facts
    yield { request, access: evaluateAccess(request) }
  }
}
