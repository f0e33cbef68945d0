import { utf8ToBytes } from '@noble/hashes/utils.js'
import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { AccountCommand } from '../account/commands.ts'
import { accountDecider } from '../account/decide.ts'
import type { Account } from '../account/state.ts'
import { callPort, instantNow, type ServiceContext } from '../engine/context.ts'
import { endpoint, readUserId } from '../engine/endpoint.ts'
import { opaqueText } from '../fields/text.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type LoadedAccount, loadAccount } from '../records/handle-account-command.ts'
import { smartcardDenial } from './access-check.ts'
import { sessionDisclosure } from './disclosure.ts'
import { createSession, Session, type SessionDetails } from './session.ts'
import { sessionSchema } from './session-schema.ts'

/** What a host does with principals between requests. */
export interface Sessions {
  /**
   * Asks whether the login still holds: not lapsed, and its account neither unlocked, reset, locked,
   * disabled nor deleted since. One load. What the library does for a principal asks it again.
   *
   * @returns the principal; or `principal-void`, `port-failed`.
   * @rule ACC-15
   */
  check(input: { readonly session: Session }): ResultAsync<Session, Refusal>

  /**
   * A principal as text, encrypted and authenticated, for a session store or a cookie. Whoever holds the
   * text is logged in: treat it as the secret it is.
   *
   * @returns the text; or `principal-void` if it has lapsed, `port-failed`.
   * @rule ACC-15
   */
  seal(input: { readonly session: Session }): ResultAsync<string, Refusal>

  /**
   * The principal of a text that {@link Sessions.seal} made.
   *
   * @returns the principal; or `principal-void` if the text was altered, made under another key, or has
   * lapsed.
   * @rule ACC-15
   */
  open(input: { readonly sealed: string }): ResultAsync<Session, Refusal>
}

const sealContext = 'session'

const sealedLogin = z.object({
  userId: z.string(),
  role: z.enum(['DelegatedAdministrator', 'User']),
  system: z.enum(['CCASS/CCMS', 'DMS']),
  method: z.enum(['MobileApp', 'Email', 'Smartcard']),
  signedInAt: z.number(),
  expiresAt: z.number(),
  sessionEpoch: z.number(),
  card: z.object({ site: z.enum(['primary', 'backup']), srn: z.string().exactOptional() }).exactOptional(),
})

/** The login of a principal that has not lapsed. */
export const liveSession = async (
  context: ServiceContext,
  session: Session,
): Promise<Result<SessionDetails, Refusal>> => {
  const login = Session.loginOf(session)
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  return login === undefined || now.value >= login.expiresAt ? err(sessionDisclosure.otherwise) : ok(login)
}

/** What of a login must still be so, as an account's own table will tell. */
export type HeldSession = Pick<SessionDetails, 'participant' | 'system' | 'sessionEpoch' | 'card'>

/**
 * The command that asks an account whether a login still holds: what the account refuses to a principal is
 * told by its own table, so that there is one place for it.
 */
export const checkCommand = (
  context: ServiceContext,
  login: HeldSession,
  account: Account,
  at: Instant,
): AccountCommand => {
  const { sessionEpoch, card } = login
  if (card === undefined) return { type: 'CheckSession', at, sessionEpoch }
  const denial = smartcardDenial(context, login, account, { system: login.system, site: card.site, at })
  return { type: 'CheckSmartcardSession', at, sessionEpoch, srn: card.srn, denial }
}

/** Whether a login still holds for its account. */
export const isCurrent = (
  context: ServiceContext,
  login: HeldSession,
  { account, now }: Pick<LoadedAccount, 'account' | 'now'>,
): boolean =>
  accountDecider.decide(account, checkCommand(context, login, account, now), context.policy).isOk()

const check = async (context: ServiceContext, given: Session): Promise<Result<Session, Refusal>> => {
  const login = await liveSession(context, given)
  if (login.isErr()) return err(login.error)
  const account = await loadAccount(context, login.value)
  if (account.isErr()) return err(account.error)
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const loaded = { account: account.value, now: now.value }
  return isCurrent(context, login.value, loaded) ? ok(given) : err(sessionDisclosure.otherwise)
}

const seal = async (context: ServiceContext, given: Session): Promise<Result<string, Refusal>> => {
  const login = await liveSession(context, given)
  if (login.isErr()) return err(login.error)
  const { participant: _, ...rest } = login.value
  return callPort(context, 'secretBox', () =>
    context.ports.secretBox.seal(utf8ToBytes(JSON.stringify(rest)), sealContext),
  )
}

const open = async (context: ServiceContext, sealed: string): Promise<Result<Session, Refusal>> => {
  const opened = await callPort(context, 'secretBox', () => context.ports.secretBox.open(sealed, sealContext))
  if (opened.isErr()) return err(sessionDisclosure.otherwise)
  const parsed = sealedLogin.safeParse(JSON.parse(new TextDecoder().decode(opened.value)))
  const id = parsed.success ? readUserId(context, parsed.data.userId) : undefined
  if (!parsed.success || !id?.isOk()) return err(sessionDisclosure.otherwise)
  const { userId, participant } = id.value
  const minted = createSession({ ...parsed.data, userId, participant })
  return (await liveSession(context, minted)).map(() => minted)
}

/** The principals of a service. */
export const sessions = (context: ServiceContext): Sessions => {
  const ofSession = z.object({ session: sessionSchema })
  return {
    check: endpoint(context, ofSession, (input) => check(context, input.session)),
    seal: endpoint(context, ofSession, (input) => seal(context, input.session)),
    open: endpoint(context, z.object({ sealed: opaqueText }), (input) => open(context, input.sealed)),
  }
}
