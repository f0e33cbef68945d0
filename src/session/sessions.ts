import { utf8ToBytes } from '@noble/hashes/utils.js'
import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { AccountCommand, AccountCommandOf } from '../account/commands.ts'
import { accountDecider } from '../account/decide.ts'
import { type Account, isExistingAccount, type OpenSession, type SessionId } from '../account/state.ts'
import { callPort, instantNow, type ServiceContext } from '../engine/context.ts'
import { endpoint, readUserId } from '../engine/endpoint.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { opaqueText } from '../fields/text.ts'
import { otpChannels } from '../identity/otp-channel.ts'
import { roles } from '../identity/role.ts'
import { type System, systems } from '../identity/system.ts'
import { type Instant, isFromFuture, SECOND } from '../kernel/instant.ts'
import { jsonOf } from '../kernel/sealed-json.ts'
import type { LoadedAccount } from '../records/find-facts.ts'
import { handleAccountCommand, loadAccount, reportFutureInstant } from '../records/handle-account-command.ts'
import { signInDenial, smartcardDenial } from './access-check.ts'
import { type SessionEnded, type SessionRefusals, sessionEnded } from './refusals.ts'
import { createSession, Session, type SessionDetails } from './session.ts'
import { sessionSchema } from './session-schema.ts'

/**
 * One open session of an account, as its holder sees it.
 *
 * @category Sessions
 */
export interface ListedSession extends OpenSession {
  /** Whether it is the calling session. */
  readonly current: boolean
}

/**
 * Operations on sessions between requests.
 *
 * @category Sessions
 */
export interface Sessions {
  /**
   * Checks that a session is still valid: not expired, not idle for too long, not ended, and its account is
   * still allowed to sign in to its system. It costs one load. Every operation with a session checks it
   * again.
   *
   * @returns the session. If the policy has an idle limit, this is a new session whose idle time starts now:
   * keep it. Or `session-ended`, `malformed-input`, `port-failed`.
   * @rule ACC-15
   * @rule ACC-19
   * @rule ACC-20
   */
  check(
    input: WithRequestContext & { readonly session: Session },
  ): ResultAsync<Session, SessionRefusals['check']>

  /**
   * Seals a valid session as text, encrypted and authenticated, for a session store or a cookie. The text
   * contains its id, its audience (the system) and its expiry. Anyone with the text is signed in: treat it as
   * a secret. It costs one load.
   *
   * @returns the text; or `session-ended`, `malformed-input`, `port-failed`.
   * @rule ACC-15
   */
  seal(
    input: WithRequestContext & { readonly session: Session },
  ): ResultAsync<string, SessionRefusals['seal']>

  /**
   * Opens a session that {@link Sessions.seal} sealed, and checks it as {@link Sessions.check} does. It costs
   * one load.
   *
   * @param input - `system`: the expected audience; a session of the other system is refused.
   * @returns the session; or `session-ended` if the text was altered, sealed with another key, or for another
   * store or system, or if the session is no longer valid; `malformed-input`, `port-failed`.
   * @rule ACC-15
   * @rule ACC-19
   */
  open(
    input: WithRequestContext & {
      readonly sealed: string
      readonly system?: System | undefined
    },
  ): ResultAsync<Session, SessionRefusals['open']>

  /**
   * Lists the open sessions of the holder's account, oldest first. It costs one load.
   *
   * @returns the sessions; or `session-ended`, `malformed-input`, `port-failed`.
   * @rule ACC-19
   */
  list(
    input: WithRequestContext & { readonly session: Session },
  ): ResultAsync<readonly ListedSession[], SessionRefusals['list']>

  /**
   * Signs out: ends the session permanently, everywhere, including sealed copies.
   *
   * @returns nothing; or `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule ACC-19
   */
  signOut(
    input: WithRequestContext & { readonly session: Session },
  ): ResultAsync<void, SessionRefusals['signOut']>

  /**
   * Ends one session of the holder's account, by the id that {@link Sessions.list} shows. An id that is not
   * open changes nothing.
   *
   * @returns nothing; or `session-ended` (the calling session), `malformed-input`, `busy`, `port-failed`.
   * @rule ACC-19
   */
  end(
    input: WithRequestContext & { readonly session: Session; readonly id: SessionId },
  ): ResultAsync<void, SessionRefusals['end']>

  /**
   * Ends all sessions of the holder's account, this one included.
   *
   * @returns nothing; or `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule ACC-19
   */
  endAll(
    input: WithRequestContext & { readonly session: Session },
  ): ResultAsync<void, SessionRefusals['endAll']>

  /**
   * Ends all other sessions of the holder's account.
   *
   * @returns nothing; or `session-ended`, `malformed-input`, `busy`, `port-failed`.
   * @rule ACC-19
   */
  endOthers(
    input: WithRequestContext & { readonly session: Session },
  ): ResultAsync<void, SessionRefusals['endOthers']>
}

const sealContext = 'session'

const sealedSession = z.object({
  id: z.string(),
  userId: z.string(),
  role: z.enum(roles),
  /** The audience of the session. */
  system: z.enum(systems),
  method: z.enum([...otpChannels, 'Smartcard']),
  signedInAt: z.number(),
  expiresAt: z.number(),
  lastUsedAt: z.number(),
  sessionEpoch: z.number(),
  card: z.object({ site: z.enum(['primary', 'backup']), srn: z.string().exactOptional() }).exactOptional(),
})

/** Returns the details of a session that has neither expired nor been idle for too long. */
export const liveSession = async (
  context: ServiceContext,
  session: Session,
): Promise<Result<SessionDetails, SessionEnded | PortFailed>> => {
  const details = Session.detailsOf(session)
  const read = await instantNow(context)
  if (read.isErr()) return err(read.error)
  const now = read.value
  const { idleSeconds, validSeconds } = context.policy.session
  if (details === undefined || now >= details.expiresAt) return err(sessionEnded)
  // A policy that now sets a shorter length also ends the sessions that a longer one opened.
  if (now >= details.signedInAt + validSeconds * SECOND) return err(sessionEnded)
  if (isFromFuture(details.signedInAt, now) || isFromFuture(details.lastUsedAt, now)) {
    reportFutureInstant(context)
    return err(sessionEnded)
  }
  const idle = idleSeconds > 0 && now >= details.lastUsedAt + idleSeconds * SECOND
  return idle ? err(sessionEnded) : ok(details)
}

/**
 * The details of a session that the account's table checks. Without an `id`, only the epoch identifies it.
 */
export type SessionReference = Pick<SessionDetails, 'participant' | 'system' | 'sessionEpoch' | 'card'> &
  Partial<Pick<SessionDetails, 'id'>>

/**
 * Creates the command with which an account checks a session. It uses the same access table as a sign-in
 * (ACC-20), and the account's own table decides, so that all reasons are in one place.
 */
export const checkCommand = (
  context: ServiceContext,
  reference: SessionReference,
  account: Account,
  at: Instant,
): AccountCommand => {
  const { id: session, sessionEpoch, system, card } = reference
  if (card === undefined) {
    // Postponing launch does not end sessions that were already open.
    const denied = signInDenial(context, reference, account, system, at)
    const denial = denied === 'before-launch' ? undefined : denied
    return { type: 'CheckSession', at, sessionEpoch, session, denial }
  }
  const denial = smartcardDenial(context, reference, account, { system, site: card.site, at })
  return { type: 'CheckSmartcardSession', at, sessionEpoch, session, srn: card.srn, denial }
}

/** Whether a session is still valid for its account. */
export const isCurrent = (
  context: ServiceContext,
  reference: SessionReference,
  { account, now }: Pick<LoadedAccount, 'account' | 'now'>,
): boolean =>
  accountDecider.decide(account, checkCommand(context, reference, account, now), context.policy).isOk()

/** Loads the account of a session, and returns both with the instant if the session is still valid. */
const current = async (
  context: ServiceContext,
  session: Session,
): Promise<
  Result<{ details: SessionDetails; account: Account; now: Instant }, SessionEnded | PortFailed>
> => {
  const live = await liveSession(context, session)
  if (live.isErr()) return err(live.error)
  const account = await loadAccount(context, live.value)
  if (account.isErr()) return err(account.error)
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const loaded = { account: account.value, now: now.value }
  return isCurrent(context, live.value, loaded) ? ok({ ...loaded, details: live.value }) : err(sessionEnded)
}

const check = async (
  context: ServiceContext,
  session: Session,
): Promise<Result<Session, SessionEnded | PortFailed>> =>
  (await current(context, session)).map(({ details, now }) =>
    context.policy.session.idleSeconds > 0 ? createSession({ ...details, lastUsedAt: now }) : session,
  )

const seal = async (
  context: ServiceContext,
  session: Session,
): Promise<Result<string, SessionEnded | PortFailed>> => {
  const valid = await current(context, session)
  if (valid.isErr()) return err(valid.error)
  const { participant: _, ...sealed } = valid.value.details
  return callPort(context, 'secretBox', () =>
    context.ports.secretBox.seal(utf8ToBytes(JSON.stringify(sealed)), sealContext),
  )
}

const open = async (
  context: ServiceContext,
  { sealed, system }: { sealed: string; system?: System | undefined },
): Promise<Result<Session, SessionEnded | PortFailed>> => {
  const opened = await callPort(context, 'secretBox', () => context.ports.secretBox.open(sealed, sealContext))
  if (opened.isErr()) return err(sessionEnded)
  const parsed = sealedSession.safeParse(jsonOf(opened.value))
  const id = parsed.success ? readUserId(context, parsed.data.userId) : undefined
  if (!parsed.success || !id?.isOk()) return err(sessionEnded)
  if (system !== undefined && parsed.data.system !== system) return err(sessionEnded)
  const { userId, participant } = id.value
  return check(context, createSession({ ...parsed.data, userId, participant }))
}

const list = async (
  context: ServiceContext,
  session: Session,
): Promise<Result<readonly ListedSession[], SessionEnded | PortFailed>> =>
  (await current(context, session)).map(({ details, account, now }) =>
    (isExistingAccount(account) ? account.sessions : [])
      .filter(({ expiresAt }) => now < expiresAt)
      .map((open) => ({ ...open, current: open.id === details.id })),
  )

/** Ends one session of the account, or all sessions except one. */
const end = async (
  context: ServiceContext,
  session: Session,
  which: (own: SessionId) => Omit<AccountCommandOf<'EndSessions'>, 'type' | 'at'>,
): Promise<Result<void, SessionEnded | CommitRefusal>> => {
  const live = await liveSession(context, session)
  if (live.isErr()) return err(live.error)
  const details = live.value
  const outcome = await handleAccountCommand<'EndSessions'>(context, {
    id: details,
    actor: details.userId,
    check: ({ account, now }) => checkCommand(context, details, account, now),
    command: ({ now }) => ({ type: 'EndSessions', at: now, ...which(details.id) }),
  })
  return outcome.andThen(({ refused }) => (refused === undefined ? ok(undefined) : err(sessionEnded)))
}

/** Creates the session operations of a service. */
export const sessions = (context: ServiceContext): Sessions => {
  const ofSession = z.object({ session: sessionSchema })
  const sealed = z.object({ sealed: opaqueText, system: z.enum(systems).optional() })
  const named = z.object({ session: sessionSchema, id: z.string().max(64) })
  return {
    check: endpoint(context, 'sessions.check', ofSession, ({ session }, context) => check(context, session)),
    seal: endpoint(context, 'sessions.seal', ofSession, ({ session }, context) => seal(context, session)),
    open: endpoint(context, 'sessions.open', sealed, (input, context) => open(context, input)),
    list: endpoint(context, 'sessions.list', ofSession, ({ session }, context) => list(context, session)),
    signOut: endpoint(context, 'sessions.signOut', ofSession, ({ session }, context) =>
      end(context, session, (own) => ({ session: own, reason: 'signed-out' })),
    ),
    end: endpoint(context, 'sessions.end', named, ({ session, id }, context) =>
      end(context, session, () => ({ session: id, reason: 'ended-by-holder' })),
    ),
    endAll: endpoint(context, 'sessions.endAll', ofSession, ({ session }, context) =>
      end(context, session, () => ({ reason: 'ended-by-holder' })),
    ),
    endOthers: endpoint(context, 'sessions.endOthers', ofSession, ({ session }, context) =>
      end(context, session, (own) => ({ except: own, reason: 'ended-by-holder' })),
    ),
  }
}
