import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { isEnabledOn } from '../account/profile.ts'
import { type Account, isExistingAccount } from '../account/state.ts'
import { instantNow, type ServiceContext } from '../engine/context.ts'
import { endpoint } from '../engine/endpoint.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { load } from '../engine/unit-of-work.ts'
import { cursor } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import type { UserId } from '../identity/user-id.ts'
import { hongKongDay, type Instant } from '../kernel/instant.ts'
import type { OperationName } from '../ports/operation.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { type ListedState, listRecords, maxPageSize } from '../records/list-records.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { type Aggregate, type RecordTypes, stateOf } from '../records/model/aggregate.ts'
import type { Session } from '../session/session.ts'
import { sessionSchema as ofSession } from '../session/session-schema.ts'
import { requestAggregate } from './model/aggregates.ts'
import type { ProfileEntry } from './model/entry.ts'
import type { ClosedRequest, PendingRequest, ProfileRequest } from './model/request.ts'
import { pendingOf } from './pending-requests.ts'
import { type ProfileView, profileView } from './profile-view.ts'
import { type Caller, callerOf, isOfOtherClearingHouse } from './queries.ts'
import type { AdministratorRefusal, DmsRefusals } from './refusals.ts'

/**
 * The range of a list page: `after`, the cursor of the previous page; `limit`, the records read per page,
 * 1–1,000.
 *
 * @category DMS
 */
export interface DmsPageInput extends WithRequestContext {
  readonly session: Session
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

/**
 * A pending request in a list; a review shows its contents.
 *
 * @category DMS
 */
export interface PendingRequestSummary {
  readonly request: string
  readonly kind: ProfileEntry['kind']
  readonly userId: UserId
  readonly maker: UserId
  readonly enteredAt: Instant
  readonly expiresAt: Instant
}

/**
 * A pending request of the maker who lists it, with the entry.
 *
 * @category DMS
 */
export interface OwnRequest extends PendingRequestSummary {
  readonly entry: ProfileEntry
  readonly digest: string
}

/**
 * One line of the SRN Listing.
 *
 * @category DMS
 */
export interface SerialNumberLine extends Pick<ProfileView, 'userId' | 'surname' | 'otherNames'> {
  readonly srn: string
  readonly certificateExpiry: Instant
}

/**
 * One line of the User Group Listing: a user and one of their groups.
 *
 * @category DMS
 */
export interface UserGroupLine extends Pick<ProfileView, 'userId' | 'surname' | 'otherNames'> {
  readonly userGroup: string
}

/**
 * One line of the User Profile Maintenance Report.
 *
 * @category DMS
 */
export interface MaintenanceLine {
  readonly request: string
  readonly outcome: ClosedRequest['stage']
  readonly entry: ProfileEntry
  readonly maker: UserId
  readonly enteredAt: Instant
  /** The checker who confirmed or rejected it. */
  readonly checker?: UserId
  readonly closedAt: Instant
  readonly remark?: string
}

/**
 * A page of a list; `after` is the cursor of the next page, absent on the last page. A page can be empty.
 *
 * @category DMS
 */
export interface ListPage<Line> {
  readonly lines: readonly Line[]
  readonly after?: string
}

type Paged<Operation extends keyof DmsRefusals, Line> = ResultAsync<ListPage<Line>, DmsRefusals[Operation]>

/**
 * The lists of DMS, in pages, limited to the caller's own participant. Refusals: `not-authorised`,
 * `session-ended`, `malformed-input`, `busy`, `port-failed`; `busy` because a refusal is recorded.
 *
 * @rule DMS-12
 * @rule DMS-13
 * @category DMS
 */
export interface DmsLists {
  /**
   * Lists the pending requests that the caller can check, which excludes their own.
   *
   * @returns a page, or `not-authorised`, `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-13
   */
  pending(input: DmsPageInput): Paged<'pending', PendingRequestSummary>
  /**
   * Lists the caller's own pending requests, to amend, withdraw or confirm.
   *
   * @returns a page, or `not-authorised`, `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-13
   */
  ownRequests(input: DmsPageInput): Paged<'ownRequests', OwnRequest>
  /**
   * Disabled User Listing: lists users whose status is DISABLED, or whose dates exclude today.
   *
   * @returns a page, or `not-authorised`, `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-12
   */
  disabledUsers(input: DmsPageInput): Paged<'disabledUsers', ProfileView>
  /**
   * SRN Listing: lists every smartcard that a profile shows, with its certificate's expiry.
   *
   * @returns a page, or `not-authorised`, `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-12
   */
  serialNumbers(input: DmsPageInput): Paged<'serialNumbers', SerialNumberLine>
  /**
   * User Group Listing: lists one line per user and group.
   *
   * @returns a page, or `not-authorised`, `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-12
   */
  userGroups(input: DmsPageInput): Paged<'userGroups', UserGroupLine>
  /**
   * User Profile Maintenance Report: lists the requests closed in a period, with maker and checker. Changes
   * by HKEX, on a form or through the registry, are not in this report but in the trails of the accounts.
   *
   * @param input - `from` and `to` in epoch milliseconds; `to` is excluded.
   * @returns a page, or `not-authorised`, `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-12
   */
  maintenanceReport(
    input: DmsPageInput & { readonly from: Instant; readonly to: Instant },
  ): Paged<'maintenanceReport', MaintenanceLine>
}

/** Makes lines of the records of a page. */
type LinesOf<State, Line> = (
  caller: Caller,
  records: readonly ListedState<State>[],
  now: Instant,
) => readonly Line[] | Promise<Result<readonly Line[], PortFailed>>

/** Reads one page of records of a kind, and converts them to lines. */
const listPage = async <M extends RecordTypes, Line>(
  context: ServiceContext,
  { session, after = '', limit = maxPageSize }: DmsPageInput,
  operation: OperationName,
  aggregate: Aggregate<M>,
  linesOf: LinesOf<M['state'], Line>,
): Promise<Result<ListPage<Line>, AdministratorRefusal>> => {
  const caller = await callerOf(context, session, operation)
  if (caller.isErr()) return err(caller.error)
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const { participant } = caller.value.administrator
  const page = await listRecords(context, aggregate, participant, { after, limit })
  if (page.isErr()) return err(page.error)
  const { records, ...next } = page.value
  const built = await linesOf(caller.value, records, now.value)
  const lines = 'isOk' in built ? built : ok(built)
  return lines.map((all) => ({ lines: all, ...next }))
}

/** Removes requests about accounts of the other clearing house under the same key (MNT-12). */
const visible = async <T extends { readonly entry: ProfileEntry }>(
  context: ServiceContext,
  caller: Caller,
  items: readonly T[],
): Promise<Result<readonly T[], PortFailed>> => {
  if (caller.clearingHouse === undefined || items.length === 0) return ok(items)
  const { participant } = caller.administrator
  const keys = items.map(({ entry }) => accountKey({ participant, userId: entry.userId }))
  const records = await load(context, keys)
  return records.map((found) =>
    items.filter((_, n) => !isOfOtherClearingHouse(context, caller, stateOf(accountAggregate, found[n]))),
  )
}

const summaryOf = (
  request: string,
  { entry, maker, enteredAt, expiresAt }: PendingRequest,
): PendingRequestSummary => ({ request, kind: entry.kind, userId: entry.userId, maker, enteredAt, expiresAt })

const accountLines =
  <Line>(
    context: ServiceContext,
    lineOf: (view: ProfileView, account: Account, now: Instant) => readonly Line[],
  ) =>
  (caller: Caller, records: readonly ListedState<Account>[], now: Instant): readonly Line[] =>
    records.flatMap(({ state: account }) => {
      if (isOfOtherClearingHouse(context, caller, account)) return []
      const view = profileView(account, caller.phase)
      return view === undefined ? [] : lineOf(view, account, now)
    })

const namesOf = ({ userId, surname, otherNames }: ProfileView) => ({
  userId,
  ...(surname === undefined ? {} : { surname }),
  ...(otherNames === undefined ? {} : { otherNames }),
})

/** Creates the DMS lists of a service. */
export const dmsLists = (context: ServiceContext): DmsLists => {
  const ofPage = {
    session: ofSession,
    after: cursor.optional(),
    limit: z.int().min(1).max(maxPageSize).optional(),
  }
  const paged = z.object(ofPage)
  const ofAccounts = <Line>(
    operation: OperationName,
    lineOf: (view: ProfileView, account: Account, now: Instant) => readonly Line[],
  ) =>
    endpoint(context, operation, paged, (input, context) =>
      listPage(context, input, operation, accountAggregate, accountLines(context, lineOf)),
    )
  const ofRequests = <Line>(
    context: ServiceContext,
    operation: OperationName,
    input: DmsPageInput,
    linesOf: LinesOf<ProfileRequest, Line>,
  ) => listPage(context, input, operation, requestAggregate, linesOf)
  return {
    pending: endpoint(context, 'dms.pending', paged, (input, context) =>
      ofRequests(context, 'dms.pending', input, async (caller, records, now) => {
        const { userId, participant } = caller.administrator
        const alone = context.policy.dms.onePersonParticipants.includes(participant)
        const others = pendingOf(records, now).filter(({ maker }) => alone || maker !== userId)
        const seen = await visible(context, caller, others)
        return seen.map((all) => all.map(({ id, ...request }) => summaryOf(id, request)))
      }),
    ),
    ownRequests: endpoint(context, 'dms.ownRequests', paged, (input, context) =>
      ofRequests(context, 'dms.ownRequests', input, (caller, records, now) =>
        pendingOf(records, now)
          .filter(({ maker }) => maker === caller.administrator.userId)
          .map(({ id, ...request }) => ({
            ...summaryOf(id, request),
            entry: request.entry,
            digest: request.entryDigest,
          })),
      ),
    ),
    disabledUsers: ofAccounts('dms.disabledUsers', (view, account, now) =>
      isExistingAccount(account) && !isEnabledOn(account, hongKongDay(now)) ? [view] : [],
    ),
    serialNumbers: ofAccounts('dms.serialNumbers', (view) =>
      view.smartcard === undefined ? [] : [{ ...namesOf(view), ...view.smartcard }],
    ),
    userGroups: ofAccounts('dms.userGroups', (view) =>
      (view.userGroups ?? []).map((userGroup) => ({ ...namesOf(view), userGroup })),
    ),
    maintenanceReport: endpoint(
      context,
      'dms.maintenanceReport',
      z.object({ ...ofPage, from: z.int(), to: z.int() }),
      ({ from, to, ...input }, context) =>
        ofRequests(context, 'dms.maintenanceReport', input, async (caller, records) => {
          const closed = records.flatMap(({ id, state: request }) => {
            if (!('closedAt' in request)) return []
            const { stage: outcome, ...rest } = request
            return rest.closedAt >= from && rest.closedAt < to ? [{ request: id, outcome, ...rest }] : []
          })
          return visible<MaintenanceLine>(context, caller, closed)
        }),
    ),
  }
}
