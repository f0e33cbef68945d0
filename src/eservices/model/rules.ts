import type { Policy } from '../../policy/policy.ts'

/**
 * The part of the policy that forms need: how User IDs are parsed, and the maximum of DA profiles on one
 * form.
 *
 * @rule ESV-05
 * @category eServices
 */
export type EserviceRules = Pick<Policy, 'userId' | 'eservice' | 'profile'>
