import { accountDecider } from '../../account/decide.ts'
import { credentialsOf, isExistingAccount } from '../../account/state.ts'
import type { AccountTypes } from '../../account/table.ts'
import { noticesOfAccount } from './account-notices.ts'
import type { Aggregate } from './aggregate.ts'

/**
 * The aggregate of one account.
 *
 * @rule AUD-01
 */
export const accountAggregate: Aggregate<AccountTypes> = {
  kind: 'account',
  upcasters: {},
  decider: accountDecider,
  credentialsOf,
  personalFields: { surname: 'identity', otherNames: 'identity', email: 'contact' },
  needsPersonalData: isExistingAccount,
  noticesOf: noticesOfAccount,
}
