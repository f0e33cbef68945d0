import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { z } from 'zod'
import type { AccountCommand } from '../account/commands.ts'
import type { ProfileChanges } from '../account/profile.ts'
import { type Account, exists, type Holder, type OtpChannel, type Stage } from '../account/state.ts'
import type { Role } from '../identity/participant.ts'
import { type AdmittedUserId, admitUserId, type ParsedUserId, type UserId } from '../identity/user-id.ts'
import type { HongKongDay } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type Attempts, failedLogins } from '../lockout/attempts.ts'
import { type PasswordExpiry, passwordExpiry } from '../password/expiry.ts'
import type { Context } from './context.ts'
import { ask } from './context.ts'
import { disclose, ofRegistry } from './disclosure.ts'
import { execute, loadAccount, type Outcome } from './execute.ts'
import { actorName, day, emailAddress, face, readUserId, userIdText } from './face.ts'

/** An account as whoever keeps the accounts may see it: no credential, no challenge, no code. */
export interface AccountView {
  readonly userId: UserId
  readonly role: Role
  readonly stage: Exclude<Stage, 'Unknown' | 'Deleted'>
  readonly status: Holder['status']
  readonly email?: string
  readonly enableFrom?: HongKongDay
  readonly disableAfter?: HongKongDay
  readonly locked: boolean
  /** Unsuccessful attempts since the last complete login or unlock, and the failed logins they make. */
  readonly attempts: Attempts & { readonly failedLogins: number }
  /** Set once the channel is; of a locked account, the one it had. */
  readonly channel?: OtpChannel
  /** Set once a password is. */
  readonly password?: PasswordExpiry
}

interface By {
  readonly userId: string
  /** Who acts, as the trail will say: 1 to 128 characters. The library takes the host's word for it. */
  readonly by: string
}

/** A profile as it is entered. */
export interface ProfileInput {
  readonly email?: string | undefined
  /** `ENABLED` unless said otherwise. */
  readonly status?: Holder['status'] | undefined
  /** `YYYY-MM-DD` in Hong Kong, inclusive. */
  readonly enableFrom?: HongKongDay | undefined
  /** `YYYY-MM-DD` in Hong Kong, inclusive. */
  readonly disableAfter?: HongKongDay | undefined
}

/**
 * The keeping of accounts, unguarded: who may do this for whom is not asked here. It is what maker and
 * checker, eServices and migration will stand on; a host that calls it vouches for the authority itself.
 */
export interface Registry {
  /**
   * Registers an account. A user's ID that looks like a Delegated Administrator's is refused when
   * `created`, and accepted with a warning when `imported`.
   *
   * @returns the ID with its warnings; or `user-id-taken`, `looks-like-administrator`,
   * `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule ID-09
   * @rule ID-12
   * @rule ACC-01
   */
  register(
    input: By & ProfileInput & { readonly role: Role; readonly origin: 'created' | 'imported' },
  ): ResultAsync<AdmittedUserId, Refusal>

  /**
   * Changes email, status or dates; `null` takes a value away. Another email voids the codes on their way.
   *
   * @returns the account; or `unknown-account`, `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule ACC-05
   * @rule ACC-06
   * @rule ACC-14
   */
  change(input: By & { readonly changes: ProfileChanges }): ResultAsync<AccountView, Refusal>

  /**
   * Unlock/Reset OTP Device Registration, of a locked account or any other: password, device, challenges,
   * codes and logins are void at once, and the next login sets up anew.
   *
   * @returns the account; or `unknown-account`, `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule ACC-07
   * @rule ACC-08
   * @rule LOCK-03
   */
  unlock(input: By): ResultAsync<AccountView, Refusal>

  /**
   * Deletes an account; its User ID is not given again.
   *
   * @returns nothing; or `unknown-account`, `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule ID-12
   */
  delete(input: By): ResultAsync<void, Refusal>

  /**
   * Looks at an account; changes and records nothing.
   *
   * @returns the account; or `unknown-account`, `malformed-user-id`, `malformed-input`, `port-failed`.
   * @rule LOCK-04
   */
  view(input: { readonly userId: string }): ResultAsync<AccountView, Refusal>
}

const unknownAccount = { code: 'unknown-account', rule: 'ID-12' } as const

const viewOf = (context: Context, account: Account, now: number): Result<AccountView, Refusal> => {
  if (!exists(account)) return err(unknownAccount)
  const { userId, role, stage, status, email, enableFrom, disableAfter, attempts } = account
  const channel = account.stage === 'Initialised' ? account.channel.kind : undefined
  const channelAtLock = account.stage === 'Locked' ? account.channel : undefined
  const shown = channel ?? channelAtLock
  return ok({
    userId,
    role,
    stage,
    status,
    ...(email === undefined ? {} : { email }),
    ...(enableFrom === undefined ? {} : { enableFrom }),
    ...(disableAfter === undefined ? {} : { disableAfter }),
    locked: stage === 'Locked',
    attempts: { ...attempts, failedLogins: failedLogins(attempts, context.policy) },
    ...(shown === undefined ? {} : { channel: shown }),
    ...('password' in account
      ? { password: passwordExpiry({ changedAt: account.password.changedAt, now }, context.policy) }
      : {}),
  })
}

/** Carries out a command that needs to know nothing from outside. */
const carryOut = async (
  context: Context,
  id: Pick<ParsedUserId, 'userId' | 'participant'>,
  by: string,
  command: (at: number) => AccountCommand,
): Promise<Result<Outcome, Refusal>> => {
  const outcome = await execute(context, {
    id,
    by,
    prepare: async ({ now }) => ok({ command: command(now) }),
  })
  return outcome.andThen((done) =>
    done.refused === undefined
      ? ok(done)
      : err(disclose(ofRegistry, done.refused.reason, done.account, context.policy)),
  )
}

const status = z.enum(['ENABLED', 'DISABLED'])
const by = { userId: userIdText, by: actorName }

const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

/** The registry of a service. */
export const registry = (context: Context): Registry => {
  const seochOrder = context.policy.userId.seochAdministratorOrder
  const onAccount = async (
    input: { userId: string; by: string },
    command: (at: number) => AccountCommand,
  ): Promise<Result<Outcome, Refusal>> => {
    const id = readUserId(context, input.userId)
    return id.isErr() ? err(id.error) : carryOut(context, id.value, input.by, command)
  }
  return {
    register: face(
      context,
      z.object({
        ...by,
        role: z.enum(['DelegatedAdministrator', 'User']),
        origin: z.enum(['created', 'imported']),
        email: emailAddress.optional(),
        status: status.optional(),
        enableFrom: day.optional(),
        disableAfter: day.optional(),
      }),
      async ({ userId, by: actor, role, origin, ...profile }) => {
        const id = admitUserId(userId, role, origin, seochOrder)
        if (id.isErr()) return err(id.error)
        const contents = { userId: id.value.userId, role, ...given(profile) }
        const done = await carryOut(context, id.value, actor, (at) => ({ type: 'Register', at, ...contents }))
        return done.map(() => id.value)
      },
    ),
    change: face(
      context,
      z.object({
        ...by,
        changes: z.strictObject({
          email: emailAddress.nullish(),
          status: status.optional(),
          enableFrom: day.nullish(),
          disableAfter: day.nullish(),
        }),
      }),
      async (input) => {
        const changes = given(input.changes)
        const done = await onAccount(input, (at) => ({ type: 'ChangeProfile', at, changes }))
        return done.andThen(({ account, at }) => viewOf(context, account, at))
      },
    ),
    unlock: face(context, z.object(by), async (input) => {
      const done = await onAccount(input, (at) => ({ type: 'Unlock', at }))
      return done.andThen(({ account, at }) => viewOf(context, account, at))
    }),
    delete: face(context, z.object(by), async (input) =>
      (await onAccount(input, (at) => ({ type: 'Delete', at }))).map(() => undefined),
    ),
    view: face(context, z.object({ userId: userIdText }), async (input) => {
      const id = readUserId(context, input.userId)
      if (id.isErr()) return err(id.error)
      const account = await loadAccount(context, id.value)
      if (account.isErr()) return err(account.error)
      const now = await ask(context, 'clock', () => context.ports.clock.now())
      return now.andThen((at) => viewOf(context, account.value, at))
    }),
  }
}
