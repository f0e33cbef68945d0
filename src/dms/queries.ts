import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import {
  type Answer,
  accountChannels,
  needs,
  roles,
  routeFor,
  type Situation,
} from '../access-control/authority.ts'
import { nextUserId } from '../identity/allocation.ts'
import type { GroupDigit } from '../identity/participant.ts'
import { parseUserId, type UserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { idsGiven, type Totals, totalsOf } from '../participant/state.ts'
import type { ListedRecord } from '../ports/storage.ts'
import { type Phase, phases } from '../access-control/timeline.ts'
import { ask, type Context, instantNow, phaseOf } from '../engine/context.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { face, principal as ofPrincipal, text, userIdText } from '../engine/endpoint.ts'
import { accountMachine, keyOf, participantMachine, stateOf } from '../records/aggregates.ts'
import type { Principal } from '../session/session.ts'
import { load } from '../engine/unit-of-work.ts'
import { type Administrator, administratorOf, principalVoid, refuseAct, stillIn } from './administrator.ts'
import { type ProfileView, profileView } from './profile-view.ts'

/** A page of the User Profile Listing. */
export interface ListingPage {
  readonly profiles: readonly ProfileView[]
  readonly totals: Totals
  /** Where the next page begins; absent on the last. */
  readonly after?: string
}

/** Finding and listing, in the participant's own records alone. */
export interface DmsEnquiry {
  /**
   * Enquire User Profile, by User ID.
   *
   * @returns the profile; or `unknown-account`, `not-authorised` for another participant's,
   * `principal-void`, `malformed-user-id`, `malformed-input`, `port-failed`.
   * @rule DMS-06
   * @rule MNT-08
   */
  find(input: { readonly principal: Principal; readonly userId: string }): ResultAsync<ProfileView, Refusal>

  /**
   * Enquire User Profile, by name: every profile whose surname and other names hold the text, in either
   * order, case set aside. Reads the participant's records, a round trip for each thousand.
   *
   * @param input - `name`, 1–128 characters.
   * @returns the profiles, by User ID; or `not-authorised`, `principal-void`, `malformed-input`, `port-failed`.
   * @rule DMS-06
   */
  findByName(input: {
    readonly principal: Principal
    readonly name: string
  }): ResultAsync<readonly ProfileView[], Refusal>

  /**
   * User Profile Listing, a page at a time, with its four totals.
   *
   * @param input - `after`: the mark of the page before (empty for the first); `limit`: records read for a
   * page, 1–1,000, 1,000 unless said.
   * @returns the page; or `not-authorised`, `principal-void`, `malformed-input`, `port-failed`.
   * @rule QTA-01
   * @rule DMS-06
   */
  listing(input: {
    readonly principal: Principal
    readonly after?: string | undefined
    readonly limit?: number | undefined
  }): ResultAsync<ListingPage, Refusal>

  /**
   * Generate User ID: the lowest that is free. Another may be chosen; whether it is still free, is settled
   * when the checker confirms.
   *
   * @param input - `group` for HKCC and SEOCH; that of the asking DA unless said.
   * @returns the ID; or `user-ids-exhausted`, `malformed-user-id`, `not-authorised`, `principal-void`,
   * `malformed-input`, `port-failed`.
   * @rule ID-12
   */
  proposeUserId(input: {
    readonly principal: Principal
    readonly group?: GroupDigit | undefined
  }): ResultAsync<UserId, Refusal>

  /**
   * Whom to turn to: who can help an account holder with a need, and how. Anyone may ask; nothing is loaded.
   *
   * @returns the route and its rule; or `malformed-input`.
   * @rule MNT-11
   */
  whoCanHelp(input: Situation): ResultAsync<Answer, Refusal>
}

const mostAtOnce = 1_000

const unknownAccount = { code: 'unknown-account', rule: 'ID-12' } as const

/** The asking DA and its participant, in one round trip. */
const asking = async (context: Context, principal: Principal, act: string, about = '') => {
  const administrator = await administratorOf(context, principal, { act, about })
  if (administrator.isErr()) return err(administrator.error)
  const { participant, key } = administrator.value
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const records = await load(context, [key, keyOf(participantMachine, participant, participant)])
  if (records.isErr()) return err(records.error)
  const [own, shared] = records.value
  if (stillIn(context, administrator.value, own, now.value))
    return ok({
      administrator: administrator.value,
      participant: stateOf(participantMachine, shared),
      phase: phaseOf(context, participant, now.value),
    })
  const why = { reason: 'login-void', rule: 'ACC-15' } as const
  return refuseAct(context, administrator.value, { act, about }, why, principalVoid)
}

const views = (records: readonly ListedRecord[], phase: Phase): readonly ProfileView[] =>
  records.flatMap(({ record }) => profileView(stateOf(accountMachine, record), phase) ?? [])

const page = (context: Context, { participant }: Administrator, after: string, limit: number) =>
  ask(context, 'storage', () => context.ports.storage.list(participant, 'account', { after, limit }))

const find = async (
  context: Context,
  principal: Principal,
  userId: string,
): Promise<Result<ProfileView, Refusal>> => {
  const id = parseUserId(userId, context.policy.userId.seochAdministratorOrder)
  const attempt = { act: 'dms.find', about: id.isOk() ? id.value.userId : '' }
  const who = await asking(context, principal, attempt.act, attempt.about)
  if (who.isErr()) return err(who.error)
  if (id.isErr()) return err(id.error)
  const { administrator, phase } = who.value
  if (id.value.participant !== administrator.participant)
    return refuseAct(context, administrator, attempt, { reason: 'other-participant', rule: 'MNT-08' })
  const found = await load(context, [accountKey(id.value)])
  return found.andThen(([record]) => {
    const view = profileView(stateOf(accountMachine, record), phase)
    return view === undefined ? err(unknownAccount) : ok(view)
  })
}

const findByName = async (
  context: Context,
  principal: Principal,
  name: string,
): Promise<Result<readonly ProfileView[], Refusal>> => {
  const who = await asking(context, principal, 'dms.findByName')
  if (who.isErr()) return err(who.error)
  const wanted = name.toLowerCase()
  const fits = ({ surname = '', otherNames = '' }: ProfileView) =>
    [`${surname} ${otherNames}`, `${otherNames} ${surname}`].some((full) =>
      full.toLowerCase().includes(wanted),
    )
  const found: ProfileView[] = []
  let after = ''
  for (;;) {
    const records = await page(context, who.value.administrator, after, mostAtOnce)
    if (records.isErr()) return err(records.error)
    found.push(...views(records.value, who.value.phase).filter(fits))
    const last = records.value.at(-1)
    if (last === undefined || records.value.length < mostAtOnce) return ok(found)
    after = last.id
  }
}

const listing = async (
  context: Context,
  {
    principal,
    after = '',
    limit = mostAtOnce,
  }: { principal: Principal; after?: string | undefined; limit?: number | undefined },
): Promise<Result<ListingPage, Refusal>> => {
  const who = await asking(context, principal, 'dms.listing')
  if (who.isErr()) return err(who.error)
  const records = await page(context, who.value.administrator, after, limit)
  if (records.isErr()) return err(records.error)
  const last = records.value.length === limit ? records.value.at(-1) : undefined
  return ok({
    profiles: views(records.value, who.value.phase),
    totals: totalsOf(who.value.participant),
    ...(last === undefined ? {} : { after: last.id }),
  })
}

const proposeUserId = async (
  context: Context,
  principal: Principal,
  group: GroupDigit | undefined,
): Promise<Result<UserId, Refusal>> => {
  const who = await asking(context, principal, 'dms.proposeUserId')
  if (who.isErr()) return err(who.error)
  const seochOrder = context.policy.userId.seochAdministratorOrder
  const own = parseUserId(who.value.administrator.userId, seochOrder)
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
  return nextUserId(place, idsGiven(who.value.participant), seochOrder)
}

/** The enquiries of DMS. */
export const dmsEnquiry = (context: Context): DmsEnquiry => {
  const principal = ofPrincipal
  const ofName = z.object({ principal, name: z.string().min(1).max(128) })
  const ofPage = z.object({
    principal,
    after: text.optional(),
    limit: z.int().min(1).max(mostAtOnce).optional(),
  })
  const ofGroup = z.object({ principal, group: z.enum(['1', '2', '3', '4']).optional() })
  const situation = z.object({
    need: z.enum(needs),
    role: z.enum(roles),
    channel: z.enum(accountChannels),
    phase: z.enum(phases),
  })
  return {
    find: face(context, z.object({ principal, userId: userIdText }), (input) =>
      find(context, input.principal, input.userId),
    ),
    findByName: face(context, ofName, (input) => findByName(context, input.principal, input.name)),
    listing: face(context, ofPage, (input) => listing(context, input)),
    proposeUserId: face(context, ofGroup, (input) => proposeUserId(context, input.principal, input.group)),
    whoCanHelp: face(context, situation, async (input) => ok(routeFor(input))),
  }
}
