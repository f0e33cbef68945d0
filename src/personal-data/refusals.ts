import type { ChangeRefusal } from '../engine/refusals.ts'
import type { IdentityRefusal } from '../identity/refusals.ts'
import type { WithCode } from '../kernel/coded.ts'

/**
 * The refusals of each operation on personal data.
 *
 * @rule API-04
 */
export interface PersonalDataRefusals {
  readonly erase: ChangeRefusal | WithCode<IdentityRefusal, 'malformed-user-id'>
  readonly applyRetention: ChangeRefusal
}
