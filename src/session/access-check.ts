import {
  type AccessDecisions,
  type AccessRequest,
  evaluateAccess,
  type Resource,
  type Site,
} from '../access-control/access-table.ts'
import {
  isSignInDenial,
  isSmartcardDenial,
  type SignInDenial,
  type SmartcardDenial,
} from '../access-control/denials.ts'
import { isCreatedFromLaunch } from '../access-control/timeline.ts'
import { isEnabledOn } from '../account/profile.ts'
import { type Account, type ExistingAccount, isExistingAccount } from '../account/state.ts'
import { phaseOf, type ServiceContext } from '../engine/context.ts'
import type { System } from '../identity/system.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import { hongKongDay, type Instant } from '../kernel/instant.ts'

type Id = Pick<ParsedUserId, 'participant'>

/** The resource, site and instant of an access request. */
export interface AccessTarget {
  readonly resource: Resource
  readonly site: Site
  readonly at: Instant
}

const hasDates = ({ enableFrom, disableAfter }: ExistingAccount) =>
  enableFrom !== undefined || disableAfter !== undefined

/** The access request for an account's present record (MIG-15). */
export const accessRequestFor = (
  context: ServiceContext,
  { participant }: Id,
  account: ExistingAccount,
  { resource: place, site, at }: AccessTarget,
): Required<AccessRequest> => {
  const { role, origin, registeredAt, userGroups = [], email, smartcard, stage } = account
  const { timeline, policy } = context
  return {
    phase: phaseOf(context, participant, at),
    createdFromLaunch:
      !(place === 'PG' && policy.smartcard.gatewayAdmitsNewAccounts) &&
      origin === 'created' &&
      (timeline === undefined || isCreatedFromLaunch(timeline, participant, registeredAt)),
    role,
    hasBusinessGroup: userGroups.length > 0,
    initialised: stage === 'Initialised' || (stage === 'Locked' && account.channel !== undefined),
    hasEmail: email !== undefined,
    hasSmartcard: smartcard !== undefined,
    certificateExpired: smartcard !== undefined && at >= smartcard.certificateExpiry,
    resource: place,
    site,
    locked: stage === 'Locked',
    // Computing the day in Hong Kong is expensive, so it is computed only if the account has dates.
    enabled: isEnabledOn(account, hasDates(account) ? hongKongDay(at) : ''),
    smartcardWhenLocked: policy.lockout.blocksSmartcard ? 'closed' : 'open',
  }
}

const resourceOf = (system: System): Resource => (system === 'DMS' ? 'DMS' : 'terminal')

/** Evaluates access only: the account's table has separate reasons for locks and dates. */
const evaluateFor = (
  context: ServiceContext,
  id: Id,
  account: ExistingAccount,
  entrance: AccessTarget,
): AccessDecisions =>
  evaluateAccess({ ...accessRequestFor(context, id, account, entrance), locked: false, enabled: true })

/**
 * Why a sign-in page is denied to an account, regardless of its password; `undefined` if it is allowed.
 *
 * @rule MIG-15
 * @rule ACC-12
 * @rule ACC-13
 */
export const signInDenial = (
  context: ServiceContext,
  id: Id,
  account: Account,
  system: System,
  at: Instant,
): SignInDenial | undefined => {
  if (!isExistingAccount(account)) return undefined
  const access = evaluateFor(context, id, account, { resource: resourceOf(system), site: 'primary', at })
  const answer = account.stage === 'Initialised' ? access['2fa'] : access['2fa-set-up']
  return answer.decision === 'deny' && isSignInDenial(answer.reason) ? answer.reason : undefined
}

/**
 * Why a smartcard is denied at this time and place, regardless of the account's state; `undefined` if it is
 * allowed.
 *
 * @rule MIG-15
 * @rule MIG-19
 */
export const smartcardDenial = (
  context: ServiceContext,
  id: Id,
  account: Account,
  { system, site, at }: Omit<AccessTarget, 'resource'> & { readonly system: System },
): SmartcardDenial | undefined => {
  if (!isExistingAccount(account)) return undefined
  const { smartcard } = evaluateFor(context, id, account, { resource: resourceOf(system), site, at })
  return smartcard.decision === 'deny' && isSmartcardDenial(smartcard.reason) ? smartcard.reason : undefined
}
