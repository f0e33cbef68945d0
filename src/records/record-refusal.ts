import type { AccountTypes } from '../account/table.ts'
import type { RecordPlace } from '../engine/record-change.ts'
import type { RefusedBy } from '../kernel/decider.ts'
import type { Instant } from '../kernel/instant.ts'
import { accountAggregate } from './model/account-aggregate.ts'
import { type AggregateChange, changeFromEvents } from './model/aggregate.ts'

/** What is tried, and on which User ID or request: as the trail will say. */
export interface AdministrativeOperation {
  readonly operation: string
  readonly subject: string
}

/**
 * Records that an administrative operation was refused, in the trail of one account: the one that tried, or the
 * one that it was about.
 *
 * @rule AUD-03
 * @rule DMS-08
 */
export const recordRefusal = (
  place: RecordPlace,
  { operation, subject }: AdministrativeOperation,
  at: Instant,
  { reason, rule }: RefusedBy<string>,
): AggregateChange<AccountTypes> =>
  changeFromEvents(accountAggregate, place, [
    { type: 'AdministrationRefused', at, rule, operation, reason, subject },
  ])
