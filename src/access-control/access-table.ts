import type { Role } from '../identity/role.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import { type Phase, phases } from './timeline.ts'

/**
 * Where someone wants to get in: the terminal (CCASS or CCMS), the Security Management Functions, the
 * Overnight Report Distribution, the Participant Gateway.
 *
 * @rule MIG-11
 */
export type Resource = 'terminal' | 'DMS' | 'ONRD' | 'PG'

/** Where a place stands: at the primary site, or at the Backup Centre. */
export type Site = 'primary' | 'backup'

/**
 * A way in: with the smartcard; with password and OTP; `2fa-set-up`: anyone who has not yet initialised 2FA may
 * do so.
 */
export type AccessMethod = 'smartcard' | '2fa' | '2fa-set-up'

/** Every method. */
export const accessMethods = ['smartcard', '2fa', '2fa-set-up'] as const satisfies readonly AccessMethod[]

/** Why a way in is open, or shut. */
export type AccessReason =
  /** Not a question at all: a fact is missing, or none of its values. */
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

/** All that the answer depends on. */
export interface AccessRequest {
  /** The phase in which the account's participant is. */
  readonly phase: Phase
  /** Whether the account was created at launch or later. */
  readonly createdFromLaunch: boolean
  readonly role: Role
  /** Whether it has a business user group. Asked of Delegated Administrators alone. */
  readonly hasBusinessGroup: boolean
  /** Whether its password and OTP channel are complete (ACC-03). */
  readonly initialised: boolean
  readonly hasEmail: boolean
  /** Whether its profile has a smartcard. Not asked once decommissioned: profiles hold none then. */
  readonly hasSmartcard: boolean
  /** Whether the smartcard's certificate has expired; left out: it has not, as far as one knows. */
  readonly certificateExpired?: boolean
  readonly resource: Resource
  readonly site: Site
  readonly locked: boolean
  /** Status and dates together: ENABLED, and today is within Enable From and Disable After. */
  readonly enabled: boolean
  /** What a lock does to the smartcard: the policy's `lockout.blocksSmartcard` (LOCK-12). */
  readonly smartcardWhenLocked: 'closed' | 'open'
}

/** Whether a way in is open, the rule that says so, and the reason as a code. */
export interface AccessDecision {
  readonly decision: 'allow' | 'deny'
  readonly rule: RuleId
  readonly reason: AccessReason
}

/** The answer for each way in. */
export type AccessDecisions = Readonly<Record<AccessMethod, AccessDecision>>

/** The conditions of a row: each fact named must have one of the values; facts not named may have any. */
export type AccessConditions = { readonly [Fact in keyof AccessRequest]?: readonly AccessRequest[Fact][] }

/** One row of the access table: for these methods, where all of this holds, this is the answer. */
export interface AccessRule extends AccessDecision {
  readonly methods: readonly AccessMethod[]
  readonly when: AccessConditions
}

/**
 * Every fact of a question with all its values, in the order in which {@link accessTable} counts.
 *
 * @rule MIG-15
 */
export const accessAttributes: {
  readonly [Fact in keyof AccessRequest]-?: readonly Required<AccessRequest>[Fact][]
} = {
  resource: ['terminal', 'DMS', 'ONRD', 'PG'],
  site: ['primary', 'backup'],
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

/** ONRD has the terminal's doors: it is in scope with terminal access, and the briefing names no others. */
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
 * The access table: the very rows by which {@link evaluateAccess} answers. Of the rows of a method the first whose
 * conditions all hold decides; the last has none. What lasts comes before what can be helped: someone
 * whom a door never admits is not told that their account is disabled.
 *
 * @rule MIG-15
 */
export const accessRules: readonly AccessRule[] = /* @__PURE__ */ Object.freeze([
  // The Participant Gateway is not touched. Who enters there, the existing flow knows.
  deny(twoFactor, { resource: ['PG'] }, 'MIG-10', 'gateway-takes-smartcards-only'),

  // Who enters where.
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

  // When.
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

  // With what.
  deny(['smartcard'], { hasSmartcard: [false], phase: untilDecommissioned }, 'MIG-05', 'no-smartcard'),
  deny(['smartcard'], { certificateExpired: [true] }, 'MIG-17', 'certificate-expired'),
  deny(['2fa-set-up'], { initialised: [true] }, 'ACC-03', 'already-initialised'),

  // In which state the account is.
  deny(all, { enabled: [false] }, 'ACC-06', 'not-enabled'),
  deny(['smartcard'], { locked: [true], smartcardWhenLocked: ['closed'] }, 'LOCK-12', 'locked'),
  deny(twoFactor, { locked: [true] }, 'LOCK-12', 'locked'),
  deny(['2fa'], { initialised: [false] }, 'ACC-03', 'not-initialised'),
  deny(['2fa-set-up'], { hasEmail: [false] }, 'ACC-02', 'no-registered-email'),

  // Nothing is against it.
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

const facts = Object.keys(accessAttributes) as readonly (keyof Facts)[]

const among = (values: readonly unknown[] | undefined, value: unknown) =>
  values === undefined || values.includes(value)

const holds = ({ when }: AccessRule, question: Facts) =>
  facts.every((fact) => among(when[fact], question[fact]))

/**
 * Which ways in are open for an account, at a place, in a phase: of each method whether it is open, by
 * which rule, and why. Every sign-in asks this and nothing else.
 *
 * - Before launch no one signs in by 2FA, nor sets it up (MIG-03, MIG-07).
 * - ONRD has the doors of the terminal (MIG-11): users; Delegated Administrators once decommissioned, with a
 *   business user group (ACC-13).
 * - The Participant Gateway takes smartcards only, before and after, from either site (MIG-10): that the
 *   Backup Centre takes 2FA only (MIG-09) is said of terminals. Accounts created from launch on have no
 *   card (MIG-04). Once decommissioned, profiles no longer know the cards: that there is one, the existing
 *   flow knows.
 * - A disabled or locked account has no way in at the Gateway either (ACC-06, LOCK-12).
 *
 * @param question - all facts; one that is missing or has another value shuts every way in.
 * @example
 * ```ts
 * accessOf({ phase: 'parallel-run', place: 'terminal', site: 'backup', … }).smartcard
 * // { decision: 'deny', rule: 'MIG-09', reason: 'backup-centre' }
 * ```
 * @rule MIG-15
 * @rule ACC-13
 * @rule MIG-18
 */
export const evaluateAccess = (question: AccessRequest): AccessDecisions => {
  const asked = { ...question, certificateExpired: question?.certificateExpired ?? false }
  const wellFormed = facts.every((fact) => among(accessAttributes[fact], asked[fact]))
  const answer = (method: AccessMethod): AccessDecision => {
    const found =
      wellFormed && accessRules.find((each) => each.methods.includes(method) && holds(each, asked))
    return found ? { decision: found.decision, rule: found.rule, reason: found.reason } : malformed
  }
  return { smartcard: answer('smartcard'), '2fa': answer('2fa'), '2fa-set-up': answer('2fa-set-up') }
}

/**
 * The whole table: every combination of the facts with its answer; 32,768 without anything fixed.
 *
 * @param fixed - facts that are to have one value; the others take all of theirs.
 * @rule MIG-15
 */
export function* accessTable(
  fixed: Partial<AccessRequest> = {},
): Generator<{ readonly question: Required<AccessRequest>; readonly access: AccessDecisions }, void> {
  const domains = facts.map((fact) => (fact in fixed ? [fixed[fact]] : accessAttributes[fact]))
  const size = domains.reduce((product, { length }) => product * length, 1)
  for (let index = 0; index < size; index++) {
    let rest = index
    const values: [keyof Facts, unknown][] = []
    for (let at = facts.length - 1; at >= 0; at--) {
      const domain = domains[at] ?? []
      const fact = facts[at]
      if (fact !== undefined) values.unshift([fact, domain[rest % domain.length]])
      rest = Math.floor(rest / domain.length)
    }
    const question = Object.fromEntries(values) as unknown as Facts
    yield { question, access: evaluateAccess(question) }
  }
}
