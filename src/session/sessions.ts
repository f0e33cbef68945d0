import { utf8ToBytes } from '@noble/hashes/utils.js'
import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { AccountCommand } from '../account/commands.ts'
import { accountDecider } from '../account/decide.ts'
import type { Account } from '../account/state.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { ask, type Context, instantNow } from '../engine/context.ts'
import { ofSelfService } from '../sign-in/disclosure.ts'
import { shutToSmartcard } from './access-check.ts'
import { type LoadedAccount, loadAccount } from '../records/handle-account-command.ts'
import { face, principal, readUserId, text } from '../engine/endpoint.ts'
import { type Login, mintPrincipal, Principal } from './session.ts'

/** What a host does with principals between requests. */
export interface Principals {
  /**
   * Asks whether the login still holds: not lapsed, and its account neither unlocked, reset, locked,
   * disabled nor deleted since. One load. What the library does for a principal asks it again.
   *
   * @returns the principal; or `principal-void`, `port-failed`.
   * @rule ACC-15
   */
  check(input: { readonly principal: Principal }): ResultAsync<Principal, Refusal>

  /**
   * A principal as text, encrypted and authenticated, for a session store or a cookie. Whoever holds the
   * text is logged in: treat it as the secret it is.
   *
   * @returns the text; or `principal-void` if it has lapsed, `port-failed`.
   * @rule ACC-15
   */
  seal(input: { readonly principal: Principal }): ResultAsync<string, Refusal>

  /**
   * The principal of a text that {@link Principals.seal} made.
   *
   * @returns the principal; or `principal-void` if the text was altered, made under another key, or has
   * lapsed.
   * @rule ACC-15
   */
  open(input: { readonly sealed: string }): ResultAsync<Principal, Refusal>
}

const sealContext = 'principal'

const sealedLogin = z.object({
  userId: z.string(),
  role: z.enum(['DelegatedAdministrator', 'User']),
  system: z.enum(['CCASS/CCMS', 'DMS']),
  method: z.enum(['MobileApp', 'Email', 'Smartcard']),
  loggedInAt: z.number(),
  expiresAt: z.number(),
  generation: z.number(),
  card: z.object({ site: z.enum(['primary', 'backup']), srn: z.string().exactOptional() }).exactOptional(),
})

/** The login of a principal that has not lapsed. */
export const liveLogin = async (context: Context, principal: Principal): Promise<Result<Login, Refusal>> => {
  const login = Principal.loginOf(principal)
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  return login === undefined || now.value >= login.expiresAt ? err(ofSelfService.otherwise) : ok(login)
}

/** What of a login must still be so, as an account's own table will tell. */
export type Held = Pick<Login, 'participant' | 'system' | 'generation' | 'card'>

/**
 * The command that asks an account whether a login still holds: what the account refuses to a principal is
 * told by its own table, so that there is one place for it.
 */
export const confirming = (context: Context, login: Held, account: Account, at: Instant): AccountCommand => {
  const { generation, card } = login
  if (card === undefined) return { type: 'ConfirmPrincipal', at, generation }
  const shut = shutToSmartcard(context, login, account, { system: login.system, site: card.site, at })
  return { type: 'ConfirmSmartcard', at, generation, srn: card.srn, shut }
}

/** Whether a login still holds for its account. */
export const holds = (
  context: Context,
  login: Held,
  { account, now }: Pick<LoadedAccount, 'account' | 'now'>,
): boolean => accountDecider.decide(account, confirming(context, login, account, now), context.policy).isOk()

const check = async (context: Context, given: Principal): Promise<Result<Principal, Refusal>> => {
  const login = await liveLogin(context, given)
  if (login.isErr()) return err(login.error)
  const account = await loadAccount(context, login.value)
  if (account.isErr()) return err(account.error)
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const loaded = { account: account.value, now: now.value }
  return holds(context, login.value, loaded) ? ok(given) : err(ofSelfService.otherwise)
}

const seal = async (context: Context, given: Principal): Promise<Result<string, Refusal>> => {
  const login = await liveLogin(context, given)
  if (login.isErr()) return err(login.error)
  const { participant: _, ...rest } = login.value
  return ask(context, 'secretBox', () =>
    context.ports.secretBox.seal(utf8ToBytes(JSON.stringify(rest)), sealContext),
  )
}

const open = async (context: Context, sealed: string): Promise<Result<Principal, Refusal>> => {
  const opened = await ask(context, 'secretBox', () => context.ports.secretBox.open(sealed, sealContext))
  if (opened.isErr()) return err(ofSelfService.otherwise)
  const parsed = sealedLogin.safeParse(JSON.parse(new TextDecoder().decode(opened.value)))
  const id = parsed.success ? readUserId(context, parsed.data.userId) : undefined
  if (!parsed.success || !id?.isOk()) return err(ofSelfService.otherwise)
  const { userId, participant } = id.value
  const minted = mintPrincipal({ ...parsed.data, userId, participant })
  return (await liveLogin(context, minted)).map(() => minted)
}

/** The principals of a service. */
export const principals = (context: Context): Principals => {
  const ofPrincipal = z.object({ principal })
  return {
    check: face(context, ofPrincipal, (input) => check(context, input.principal)),
    seal: face(context, ofPrincipal, (input) => seal(context, input.principal)),
    open: face(context, z.object({ sealed: text }), (input) => open(context, input.sealed)),
  }
}
