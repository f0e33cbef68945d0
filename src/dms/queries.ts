import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import {
  accountChannels,
  type SupportDecision,
  type SupportRequest,
  supportNeeds,
  supportRouteFor,
} from '../access-control/authority.ts'
import { phases } from '../access-control/timeline.ts'
import { type Account, isExistingAccount } from '../account/state.ts'
import { instantNow, phaseOf, type ServiceContext } from '../engine/context.ts'
import { endpoint } from '../engine/endpoint.ts'
import { load, loadNamed } from '../engine/unit-of-work.ts'
import { cursor, userIdText } from '../fields/identifiers.ts'
import { personName } from '../fields/person-name.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { nextUserId } from '../identity/allocation.ts'
import type { GroupDigit } from '../identity/participant.ts'
import { roles } from '../identity/role.ts'
import { parseUserId, type UserId } from '../identity/user-id.ts'
import { type AccountTotals, accountTotals, allocatedUserIds } from '../participant/state.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { type ListedState, listRecords, maxPageSize } from '../records/list-records.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { keyOf, stateOf } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import { unknownAccount } from '../records/refusals.ts'
import { sessionEnded } from '../session/refusals.ts'
import type { Session } from '../session/session.ts'
import { sessionSchema as ofSession } from '../session/session-schema.ts'
import { administratorOf, isSessionCurrent, refuseOperation } from './administrator.ts'
import { clearingHouseOfHolder } from './entry-checks.ts'
import { type ProfileView, profileView } from './profile-view.ts'
import type { DmsRefusals } from './refusals.ts'

/**
 * A page of the User Profile Listing.
 *
 * @category DMS
 */
export interface ListingPage {
  readonly profiles: readonly ProfileView[]
  readonly totals: AccountTotals
  /** The cursor of the next page; absent on the last page. */
  readonly after?: string
}

/**
 * DMS queries, limited to the participant's own records.
 *
 * @category DMS
 */
export interface DmsQueries {
  /**
   * Enquire User Profile: finds a profile by User ID.
   *
   * @returns the profile; or `unknown-account`, `not-authorised` if it is another participant's,
   * `session-ended`, `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-06
   * @rule MNT-08
   */
  find(
    input: WithRequestContext & { readonly session: Session; readonly userId: string },
  ): ResultAsync<ProfileView, DmsRefusals['find']>

  /**
   * Enquire User Profile: finds every profile whose surname and other names contain the text, in either
   * order. Letter case and Unicode composition are ignored, and a name also matches without its blanks. It
   * reads the participant's records, one round trip per thousand.
   *
   * @param input - `name`: 1–128 characters.
   * @returns the profiles, by User ID; or `not-authorised`, `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-06
   */
  findByName(
    input: WithRequestContext & {
      readonly session: Session
      readonly name: string
    },
  ): ResultAsync<readonly ProfileView[], DmsRefusals['findByName']>

  /**
   * User Profile Listing: lists profiles in pages, with the four totals.
   *
   * @param input - `after`: the cursor of the previous page (empty for the first); `limit`: records read per
   * page, 1–1,000, default 1,000.
   * @returns the page; or `not-authorised`, `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule QTA-01
   * @rule DMS-06
   */
  listing(
    input: WithRequestContext & {
      readonly session: Session
      readonly after?: string | undefined
      readonly limit?: number | undefined
    },
  ): ResultAsync<ListingPage, DmsRefusals['listing']>

  /**
   * Generate User ID: proposes the lowest free one. Another can be chosen. Whether it is still free is
   * decided when the checker confirms.
   *
   * @param input - `group`: for HKCC and SEOCH, default the group of the calling DA.
   * @returns the ID; or `user-ids-exhausted`, `malformed-user-id`, `not-authorised`, `session-ended`,
   * `malformed-input`, `busy`, `port-failed`.
   * @rule ID-12
   */
  proposeUserId(
    input: WithRequestContext & {
      readonly session: Session
      readonly group?: GroupDigit | undefined
    },
  ): ResultAsync<UserId, DmsRefusals['proposeUserId']>

  /**
   * Returns who can help an account holder with a need, and how. Open to every caller; nothing is loaded.
   *
   * @returns the route and its rule; or `malformed-input`.
   * @rule MNT-11
   */
  supportRoute(
    input: SupportRequest & WithRequestContext,
  ): ResultAsync<SupportDecision, DmsRefusals['supportRoute']>
}

/** Loads the calling DA and its participant, in one round trip. */
export const callerOf = async (context: ServiceContext, session: Session, act: string, about = '') => {
  const administrator = await administratorOf(context, session, { operation: act, subject: about })
  if (administrator.isErr()) return err(administrator.error)
  const { participant, key } = administrator.value
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const records = await loadNamed(context, {
    own: key,
    participant: keyOf(participantAggregate, participant, participant),
  })
  if (records.isErr()) return err(records.error)
  const own = records.value.own.before
  if (isSessionCurrent(context, administrator.value, own, now.value))
    return ok({
      administrator: administrator.value,
      participant: stateOf(participantAggregate, records.value.participant.before),
      clearingHouse: clearingHouseOfHolder(
        context.policy,
        administrator.value,
        stateOf(accountAggregate, own),
      ),
      phase: phaseOf(context, participant, now.value),
    })
  const why = { reason: 'session-ended', rule: 'ACC-15' } as const
  return refuseOperation(context, administrator.value, { operation: act, subject: about }, why, sessionEnded)
}

/** The calling DA, with its participant, clearing house and phase. */
export type Caller = Awaited<ReturnType<typeof callerOf>> extends Result<infer Found, unknown> ? Found : never

/** Whether an account is known to belong to the other clearing house that shares the key (MNT-12). */
export const isOfOtherClearingHouse = (
  { policy }: ServiceContext,
  { clearingHouse }: Pick<Caller, 'clearingHouse'>,
  account: Account,
): boolean => {
  const its = isExistingAccount(account) ? clearingHouseOfHolder(policy, account, account) : undefined
  return clearingHouse !== undefined && its !== undefined && its !== clearingHouse
}

const views = (
  context: ServiceContext,
  caller: Caller,
  records: readonly ListedState<Account>[],
): readonly ProfileView[] =>
  records.flatMap(({ state: account }) =>
    isOfOtherClearingHouse(context, caller, account) ? [] : (profileView(account, caller.phase) ?? []),
  )

const find = async (
  context: ServiceContext,
  session: Session,
  userId: string,
): Promise<Result<ProfileView, DmsRefusals['find']>> => {
  const id = parseUserId(userId, context.policy.userId.seochAdministratorOrder)
  const operation = { operation: 'dms.find', subject: id.isOk() ? id.value.userId : '' }
  const caller = await callerOf(context, session, operation.operation, operation.subject)
  if (caller.isErr()) return err(caller.error)
  const { administrator, phase } = caller.value
  if (id.isErr()) {
    const { code, rule } = id.error
    return refuseOperation(context, administrator, operation, { reason: code, rule }, id.error)
  }
  if (id.value.participant !== administrator.participant)
    return refuseOperation(context, administrator, operation, { reason: 'other-participant', rule: 'MNT-08' })
  const found = await load(context, [accountKey(id.value)])
  if (found.isErr()) return err(found.error)
  const account = stateOf(accountAggregate, found.value[0])
  const view = profileView(account, phase)
  if (view === undefined)
    return refuseOperation(
      context,
      administrator,
      operation,
      { reason: 'unknown-user', rule: 'ID-12' },
      unknownAccount,
    )
  return isOfOtherClearingHouse(context, caller.value, account)
    ? refuseOperation(context, administrator, operation, { reason: 'other-clearing-house', rule: 'MNT-12' })
    : ok(view)
}

/** Normalises a name for comparison: composed (NFC), lower case, single blanks. */
const foldName = (name: string): string => name.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ')

const findByName = async (
  context: ServiceContext,
  session: Session,
  name: string,
): Promise<Result<readonly ProfileView[], DmsRefusals['findByName']>> => {
  const caller = await callerOf(context, session, 'dms.findByName')
  if (caller.isErr()) return err(caller.error)
  const wanted = foldName(name)
  // Chinese names are written with and without a blank. In other names, a blank in the query must match one.
  const blanksCount = /\s/u.test(wanted) && !/\p{Script=Han}/u.test(wanted)
  const matches = ({ surname = '', otherNames = '' }: ProfileView) =>
    [`${surname} ${otherNames}`, `${otherNames} ${surname}`]
      .map(foldName)
      .some((full) =>
        blanksCount ? full.includes(wanted) : full.replaceAll(' ', '').includes(wanted.replaceAll(' ', '')),
      )
  const { participant } = caller.value.administrator
  const found: ProfileView[] = []
  let after = ''
  for (;;) {
    const page = await listRecords(context, accountAggregate, participant, { after, limit: maxPageSize })
    if (page.isErr()) return err(page.error)
    found.push(...views(context, caller.value, page.value.records).filter(matches))
    if (page.value.after === undefined) return ok(found)
    after = page.value.after
  }
}

const listing = async (
  context: ServiceContext,
  {
    session,
    after = '',
    limit = maxPageSize,
  }: { session: Session; after?: string | undefined; limit?: number | undefined },
): Promise<Result<ListingPage, DmsRefusals['listing']>> => {
  const caller = await callerOf(context, session, 'dms.listing')
  if (caller.isErr()) return err(caller.error)
  const { participant } = caller.value.administrator
  const page = await listRecords(context, accountAggregate, participant, { after, limit })
  if (page.isErr()) return err(page.error)
  const { records, ...next } = page.value
  const profiles = views(context, caller.value, records)
  return ok({ profiles, totals: accountTotals(caller.value.participant), ...next })
}

const proposeUserId = async (
  context: ServiceContext,
  session: Session,
  group: GroupDigit | undefined,
): Promise<Result<UserId, DmsRefusals['proposeUserId']>> => {
  const caller = await callerOf(context, session, 'dms.proposeUserId')
  if (caller.isErr()) return err(caller.error)
  const seochOrder = context.policy.userId.seochAdministratorOrder
  const own = parseUserId(caller.value.administrator.userId, seochOrder)
  if (own.isErr()) return err(own.error)
  const { types, participantId, group: ownGroup } = own.value
  const [type = 'HKSCC'] = types
  const wanted = group ?? ownGroup
  const place = {
    type,
    role: 'User',
    participantId,
    ...(wanted === undefined ? {} : { group: wanted }),
  } as const
  return nextUserId(place, allocatedUserIds(caller.value.participant), seochOrder)
}

/** Creates the DMS queries of a service. */
export const dmsQueries = (context: ServiceContext): DmsQueries => {
  const session = ofSession
  const ofName = z.object({ session, name: personName })
  const ofPage = z.object({
    session,
    after: cursor.optional(),
    limit: z.int().min(1).max(maxPageSize).optional(),
  })
  const ofGroup = z.object({ session, group: z.enum(['1', '2', '3', '4']).optional() })
  const situation = z.object({
    need: z.enum(supportNeeds),
    role: z.enum(roles),
    channel: z.enum(accountChannels),
    phase: z.enum(phases),
  })
  return {
    find: endpoint(context, 'dms.find', z.object({ session, userId: userIdText }), (input, context) =>
      find(context, input.session, input.userId),
    ),
    findByName: endpoint(context, 'dms.findByName', ofName, (input, context) =>
      findByName(context, input.session, input.name),
    ),
    listing: endpoint(context, 'dms.listing', ofPage, (input, context) => listing(context, input)),
    proposeUserId: endpoint(context, 'dms.proposeUserId', ofGroup, (input, context) =>
      proposeUserId(context, input.session, input.group),
    ),
    supportRoute: endpoint(context, 'dms.supportRoute', situation, async (input) =>
      ok(supportRouteFor(input)),
    ),
  }
}
