import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { AccountCommandOf } from '../account/commands.ts'
import type { ProfileChanges } from '../account/profile.ts'
import type { AccountOrigin } from '../account/state.ts'
import { instantNow, type ServiceContext } from '../engine/context.ts'
import { endpoint, readUserId } from '../engine/endpoint.ts'
import { profileChanges } from '../engine/input-schemas.ts'
import { type CommitRefusal, internalError } from '../engine/refusals.ts'
import { load, transact } from '../engine/unit-of-work.ts'
import { actorName, participantKey, userIdText } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import { type Role, roles } from '../identity/role.ts'
import { type ParsedUserId, type ValidatedUserId, validateUserId } from '../identity/user-id.ts'
import { type AccountTotals, accountTotals } from '../participant/state.ts'
import { type Disclosure, disclose } from '../records/disclosure.ts'
import { type CommandOutcome, handleAccountCommand, loadAccount } from '../records/handle-account-command.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import { provisionAccount } from '../records/provisioning.ts'
import { unknownAccount } from '../records/refusals.ts'
import { type AccountView, viewOf } from './account-view.ts'
import { changeDisclosure, registrationRefusal, registryDisclosure } from './disclosure.ts'
import type { MalformedUserId, RegistryRefusals } from './refusals.ts'

interface AccountInput extends WithRequestContext {
  readonly userId: string
  /** The actor recorded in the trail: 1 to 128 characters. The library trusts the host for it. */
  readonly by: string
}

/**
 * The administration of accounts, without authority checks: the host must check authority before it calls.
 * DMS, eServices and migration check authority in their own operations.
 *
 * @category Administration
 */
export interface Registry {
  /**
   * Registers an account. A user's ID that looks like a Delegated Administrator's is refused for origin
   * `created`, and accepted with a warning for `imported`. The participant's maximum, if one was set, applies
   * to `created` accounts.
   *
   * @returns the ID with its warnings; or `user-id-taken`, `quota-exceeded`, `dates-reversed`,
   * `looks-like-administrator`, `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule ID-09
   * @rule ID-12
   * @rule ACC-01
   * @rule QTA-04
   */
  register(
    input: AccountInput & ProfileChanges & { readonly role: Role; readonly origin: AccountOrigin },
  ): ResultAsync<ValidatedUserId, RegistryRefusals['register']>

  /**
   * Changes email, status or dates; `null` removes a value. Changing the email voids codes already sent.
   *
   * @returns the account; or `unknown-account`, `dates-reversed`, `malformed-user-id`, `malformed-input`, `busy`,
   * `port-failed`.
   * @rule ACC-05
   * @rule ACC-06
   * @rule ACC-14
   */
  change(
    input: AccountInput & { readonly changes: ProfileChanges },
  ): ResultAsync<AccountView, RegistryRefusals['change']>

  /**
   * Unlock/Reset OTP Device Registration: voids password, device, challenges, codes and sessions of an account,
   * whether locked or not, at once. The next sign-in sets up 2FA again.
   *
   * @returns the account; or `unknown-account`, `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule ACC-07
   * @rule ACC-08
   * @rule LOCK-03
   * @rule MNT-09
   */
  unlock(input: AccountInput): ResultAsync<AccountView, RegistryRefusals['unlock']>

  /**
   * Deletes an account; its User ID is never allocated again.
   *
   * @returns nothing; or `unknown-account`, `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule ID-12
   */
  delete(input: AccountInput): ResultAsync<void, RegistryRefusals['delete']>

  /**
   * Ends all open sessions of an account, in every process and including sealed copies. Password, device, counters
   * and open challenges remain valid: the holder can sign in again at once. An account without open sessions is
   * unchanged.
   *
   * @returns nothing; or `unknown-account`, `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule ACC-19
   * @rule ACC-21
   */
  endSessions(input: AccountInput): ResultAsync<void, RegistryRefusals['endSessions']>

  /**
   * Sets the maximum number of accounts of a participant, including Delegated Administrators.
   *
   * @param input - `participant`: its key, e.g. `B01234`, `HKABC`; `maximum`: whole, 0–100,000.
   * @returns the totals; or `malformed-input`, `busy`, `port-failed`.
   * @rule QTA-01
   */
  setMaximum(
    input: WithRequestContext & {
      readonly participant: ParticipantKey
      readonly maximum: number
      readonly by: string
    },
  ): ResultAsync<AccountTotals, RegistryRefusals['setMaximum']>

  /**
   * Returns the totals of a participant. It changes and records nothing.
   *
   * @returns the totals; or `malformed-input`, `port-failed`.
   * @rule QTA-01
   * @rule QTA-02
   */
  totals(
    input: WithRequestContext & {
      readonly participant: ParticipantKey
    },
  ): ResultAsync<AccountTotals, RegistryRefusals['totals']>

  /**
   * Returns the view of an account. It changes and records nothing.
   *
   * @returns the account; or `unknown-account`, `malformed-user-id`, `malformed-input`, `port-failed`.
   * @rule LOCK-04
   */
  view(
    input: WithRequestContext & { readonly userId: string },
  ): ResultAsync<AccountView, RegistryRefusals['view']>
}

/** The commands without outside facts. */
type RegistryCommand = 'ChangeProfile' | 'Unlock' | 'EndSessions'

/** Handles one of these commands. */
const runCommand = async <R>(
  context: ServiceContext,
  disclosure: Disclosure<R>,
  id: Pick<ParsedUserId, 'userId' | 'participant'>,
  by: string,
  command: (at: number) => AccountCommandOf<RegistryCommand>,
): Promise<Result<CommandOutcome, R | CommitRefusal>> => {
  const outcome = await handleAccountCommand<RegistryCommand>(context, {
    id,
    actor: by,
    command: ({ now }) => command(now),
  })
  return outcome.andThen((done) =>
    done.refused === undefined
      ? ok(done)
      : err(disclose(disclosure, done.refused.reason, done.account, context.policy)),
  )
}

const by = { userId: userIdText, by: actorName }

/** Creates the registry operations of a service. */
export const registry = (context: ServiceContext): Registry => {
  const seochOrder = context.policy.userId.seochAdministratorOrder
  const onAccount = async <R>(
    context: ServiceContext,
    disclosure: Disclosure<R>,
    input: { userId: string; by: string },
    command: (at: number) => AccountCommandOf<RegistryCommand>,
  ): Promise<Result<CommandOutcome, R | CommitRefusal | MalformedUserId>> => {
    const id = readUserId(context, input.userId)
    return id.isErr() ? err(id.error) : runCommand(context, disclosure, id.value, input.by, command)
  }
  // The casts: the schemas also admit fields that are `undefined`, which the types of the inputs leave out.
  const registration = z.object({
    ...by,
    ...profileChanges.shape,
    role: z.enum(roles),
    origin: z.enum(['created', 'imported']),
  }) as z.ZodType<Parameters<Registry['register']>[0]>
  const changing = z.object({ ...by, changes: profileChanges }) as z.ZodType<
    Parameters<Registry['change']>[0]
  >
  return {
    register: endpoint(
      context,
      'registry.register',
      registration,
      async (
        { userId, by: actor, role, origin, ...profile },
        context,
      ): Promise<Result<ValidatedUserId, RegistryRefusals['register']>> => {
        const id = validateUserId(userId, role, origin, seochOrder)
        if (id.isErr()) return err(id.error)
        const done = await provisionAccount(
          context,
          id.value,
          actor,
          (at, hasMaximum) => ({
            ...{ type: 'Register', at, userId: id.value.userId, role, origin, ...profile },
            enforceMaximum: origin === 'created' && hasMaximum,
          }),
          registrationRefusal,
        )
        return done.map(() => id.value)
      },
    ),
    change: endpoint(context, 'registry.change', changing, async (input, context) => {
      const done = await onAccount(context, changeDisclosure, input, (at) => ({
        type: 'ChangeProfile',
        at,
        changes: input.changes,
      }))
      return done.andThen(({ account, at }) => viewOf(context, account, at))
    }),
    unlock: endpoint(context, 'registry.unlock', z.object(by), async (input, context) => {
      const done = await onAccount(context, registryDisclosure, input, (at) => ({ type: 'Unlock', at }))
      return done.andThen(({ account, at }) => viewOf(context, account, at))
    }),
    delete: endpoint(
      context,
      'registry.delete',
      z.object(by),
      async (input, context): Promise<Result<void, RegistryRefusals['delete']>> => {
        const id = readUserId(context, input.userId)
        if (id.isErr()) return err(id.error)
        const { userId } = id.value
        return provisionAccount(
          context,
          id.value,
          input.by,
          (at) => ({ type: 'Delete', at, userId }),
          () => unknownAccount,
        )
      },
    ),
    endSessions: endpoint(context, 'registry.endSessions', z.object(by), async (input, context) => {
      const done = await onAccount(context, registryDisclosure, input, (at) => ({
        ...{ type: 'EndSessions', at, reason: 'ended-by-administrator' },
      }))
      return done.map(() => undefined)
    }),
    setMaximum: endpoint(
      context,
      'registry.setMaximum',
      z.object({ participant: participantKey, maximum: z.int().min(0).max(100_000), by: actorName }),
      (input, context) => {
        const participant = keyOf(participantAggregate, input.participant, input.participant)
        return transact<'participant', AccountTotals, typeof internalError>(context, {
          records: { participant },
          contended: 'participant',
          by: input.by,
          decide: async ({ records, now: at }) => {
            const command = { type: 'SetMaximum', at, maximum: input.maximum } as const
            return changeFromCommand(participantAggregate, records.participant, command, context.policy)
              .map((done) => ({ changes: [done], answer: accountTotals(done.after) }))
              .mapErr(() => internalError)
          },
        })
      },
    ),
    totals: endpoint(
      context,
      'registry.totals',
      z.object({ participant: participantKey }),
      async (input, context) => {
        const records = await load(context, [
          keyOf(participantAggregate, input.participant, input.participant),
        ])
        return records.map(([record]) => accountTotals(stateOf(participantAggregate, record)))
      },
    ),
    view: endpoint(
      context,
      'registry.view',
      z.object({ userId: userIdText }),
      async (input, context): Promise<Result<AccountView, RegistryRefusals['view']>> => {
        const id = readUserId(context, input.userId)
        if (id.isErr()) return err(id.error)
        const account = await loadAccount(context, id.value)
        if (account.isErr()) return err(account.error)
        const now = await instantNow(context)
        return now.andThen((at) => viewOf(context, account.value, at))
      },
    ),
  }
}
