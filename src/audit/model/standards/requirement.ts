import type { OtpChannel } from '../../../identity/otp-channel.ts'
import type { RuleId } from '../../../kernel/rule-id.ts'
import type { PolicyPath } from '../../../policy/overrides.ts'
import type { Policy } from '../../../policy/policy.ts'

/**
 * A published standard with which a policy is compared.
 *
 * @rule AUD-04
 * @category Audit trail
 */
export interface Standard {
  readonly id:
    | 'nist-800-63b-4'
    | 'asvs-5'
    | 'rfc-4226'
    | 'rfc-6238'
    | 'pci-dss-4.0.1'
    | 'sfc-hacking'
    | 'sfc-circulars'
    | 'hkma-tm-e-1'
    | 'hkma-svf'
  readonly title: string
  readonly edition: string
  readonly address: string
  /** The source of the requirements: the text itself, or publications about it. */
  readonly read: 'text' | 'summary'
  /** What was not verified, and whom the standard is written for. */
  readonly note: string
}

/**
 * Whether a policy meets a requirement. `conflict`: the policy, or the briefing that it implements, requires
 * something else. `host`: the library cannot decide it. `not-applicable`: the requirement concerns something
 * that does not exist here.
 *
 * @rule AUD-04
 * @category Audit trail
 */
export type StandardVerdict = 'met' | 'conflict' | 'host' | 'not-applicable'

/**
 * The scope of a comparison with standards, in addition to the policy.
 *
 * @rule AUD-04
 * @category Audit trail
 */
export interface StandardsScope {
  /** The channels of one-time codes that the host's users have. Default: both. */
  readonly channels?: readonly OtpChannel[] | undefined
}

/** The policy and scope that a requirement judges. */
export interface Judged {
  readonly policy: Policy
  /** Whether any user receives codes by email. */
  readonly email: boolean
  /** Whether any user has an authenticator app. */
  readonly app: boolean
}

/** A verdict with its reason. */
export type Judgement = readonly [verdict: StandardVerdict, why: string]

/** A requirement in our own words, and the function that judges a policy by it. */
export interface Requirement {
  /** The number in the standard. */
  readonly number: string
  readonly requirement: string
  readonly rules: readonly RuleId[]
  /** The fields of the policy that can change the verdict. */
  readonly fields: readonly PolicyPath[]
  readonly judge: (judged: Judged) => Judgement
}

/** Creates a requirement whose verdict depends on no field. */
export const fixed = (
  number: string,
  requirement: string,
  rules: readonly RuleId[],
  ...judgement: Judgement
): Requirement => ({ number, requirement, rules, fields: [], judge: () => judgement })

/** Creates a requirement whose verdict is computed from the policy. */
export const computed = (
  number: string,
  requirement: string,
  rules: readonly RuleId[],
  fields: readonly PolicyPath[],
  judge: Requirement['judge'],
): Requirement => ({ number, requirement, rules, fields, judge })

/** Returns `met` or `conflict`, with the same reason for both: the reason states the value. */
export const holds = (isMet: boolean, why: string): Judgement => [isMet ? 'met' : 'conflict', why]
