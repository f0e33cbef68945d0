import type { RuleId } from '../../../kernel/rule-id.ts'
import type { PolicyPath } from '../../../policy/overrides.ts'
import type { Policy } from '../../../policy/policy.ts'
import { catalogue } from './catalogue.ts'
import type { Standard, StandardsScope, StandardVerdict } from './requirement.ts'

/**
 * A requirement of a standard, and whether a policy meets it.
 *
 * @rule AUD-04
 * @category Audit trail
 */
export interface StandardFinding {
  readonly standard: Standard['id']
  /** The number in the standard, with a word added if one number requires several things. */
  readonly number: string
  /** What it requires, in our own words. */
  readonly requirement: string
  /** Our rules that meet or contradict it. */
  readonly rules: readonly RuleId[]
  /** The policy fields from which the verdict was computed. */
  readonly fields: readonly PolicyPath[]
  readonly verdict: StandardVerdict
  readonly why: string
}

/**
 * A policy compared with published standards.
 *
 * @rule AUD-04
 * @category Audit trail
 */
export interface StandardsReport {
  readonly standards: readonly Standard[]
  readonly findings: readonly StandardFinding[]
}

/**
 * Compares a policy with NIST SP 800-63B-4, OWASP ASVS 5.0, RFC 4226, RFC 6238, PCI DSS 4.0.1 and the published
 * requirements of the SFC and the HKMA. Verdicts are computed from the policy. It is a comparison by the authors of this
 * library, neither legal advice nor a certification.
 *
 * @param policy - the policy in force; it is not validated again.
 * @param scope - the channels that the host's users have. Default: both.
 * @rule AUD-04
 * @category Audit trail
 */
export const standardsReport = (policy: Policy, scope: StandardsScope = {}): StandardsReport => {
  const { channels = ['MobileApp', 'Email'] } = scope
  const judged = { policy, email: channels.includes('Email'), app: channels.includes('MobileApp') }
  return {
    standards: catalogue.map(([standard]) => standard),
    findings: catalogue.flatMap(([standard, requirements]) =>
      requirements.map(({ number, requirement, rules, fields, judge }) => {
        const [verdict, why] = judge(judged)
        return { standard: standard.id, number, requirement, rules, fields, verdict, why }
      }),
    ),
  }
}
