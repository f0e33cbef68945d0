import type { AccountCommand } from '../../account/commands.ts'
import { accountDecider } from '../../account/decide.ts'
import type { AccountEvent } from '../../account/events.ts'
import type { AccountDenialReason } from '../../account/refusal-reason.ts'
import { type Account, credentialsOf } from '../../account/state.ts'
import type { Policy } from '../../policy/policy.ts'
import { noticesOfAccount } from './account-notices.ts'
import type { Aggregate } from './aggregate.ts'

/** One account. */
export const accountAggregate: Aggregate<Account, AccountCommand, AccountEvent, AccountDenialReason, Policy> =
  {
    kind: 'account',
    upcasters: {},
    decider: accountDecider,
    credentialsOf,
    noticesOf: noticesOfAccount,
  }
