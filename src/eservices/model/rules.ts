import type { Policy } from '../../policy/policy.ts'

/**
 * What the forms ask of the policy: how User IDs are read, and how many DA profiles one form may hold.
 *
 * @rule ESV-05
 * @category eServices
 */
export type EserviceRules = Pick<Policy, 'userId' | 'eservice' | 'profile'>
