import type { AccountTypes } from '../account/table.ts'
import type { LoadedRecord } from '../engine/record-change.ts'
import type { RefusedBy } from '../kernel/decider.ts'
import type { Instant } from '../kernel/instant.ts'
import { accountAggregate } from './model/account-aggregate.ts'
import { type AggregateChange, changeFromEvents } from './model/aggregate.ts'

/** The attempted operation, and its User ID or request, as recorded in the trail. */
export interface AdministrativeOperation {
  readonly operation: string
  readonly subject: string
}

/**
 * Records the refusal of an administrative operation in the trail of one account: the acting account, or the
 * account that the operation concerns.
 *
 * @rule AUD-03
 * @rule DMS-08
 */
export const recordRefusal = (
  loaded: LoadedRecord,
  { operation, subject }: AdministrativeOperation,
  at: Instant,
  { reason, rule }: RefusedBy<string>,
): AggregateChange<AccountTypes> =>
  changeFromEvents(accountAggregate, loaded, [
    { type: 'AdministrationRefused', at, rule, operation, reason, subject },
  ])
