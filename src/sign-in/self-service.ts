import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { ServiceContext } from '../engine/context.ts'
import { endpoint } from '../engine/endpoint.ts'
import { enteredPassword } from '../engine/input-schemas.ts'
import type { PortFailed } from '../engine/refusals.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import { disclose } from '../records/disclosure.ts'
import { handleAccountCommand } from '../records/handle-account-command.ts'
import { signInDenial } from '../session/access-check.ts'
import type { Session, SessionDetails } from '../session/session.ts'
import { sessionSchema } from '../session/session-schema.ts'
import { liveSession } from '../session/sessions.ts'
import { memoize, passwordHashOf, verifyPassword } from './credentials.ts'
import { changeDeviceDisclosure, changePasswordDisclosure } from './disclosure.ts'
import { newPassword } from './new-password.ts'
import type { SelfServiceRefusals } from './refusals.ts'

/**
 * The operations of a signed-in holder on their own account.
 *
 * @category Sign-in
 */
export interface SelfService {
  /**
   * Change Password: sets a new password, valid from the next sign-in on.
   *
   * @param input - the `session` of a sign-in, the `current` password, and the new `password` twice.
   * @returns nothing; or `current-password-refused` (counted as a failed sign-in), `password-refused` with
   * every unmet rule, `passwords-differ`, `session-ended`, `smartcard-session-not-allowed`, `malformed-input`, `busy`,
   * `port-failed`.
   * @rule PW-13
   * @rule PW-14
   */
  changePassword(
    input: WithRequestContext & {
      readonly session: Session
      readonly current: string
      readonly password: string
      readonly confirmation: string
    },
  ): ResultAsync<void, SelfServiceRefusals['changePassword']>

  /**
   * Authentication Settings: requests another device, which is set up at the next sign-in. The old one
   * remains valid until then and proves the change.
   *
   * @returns nothing; or `no-authenticator-app` for accounts that receive codes by email, `session-ended`,
   * `smartcard-session-not-allowed`, `malformed-input`, `busy`, `port-failed`.
   * @rule OTP-08
   * @rule OTP-09
   */
  changeDevice(
    input: WithRequestContext & { readonly session: Session },
  ): ResultAsync<void, SelfServiceRefusals['changeDevice']>
}

const idOf = ({ userId, participant }: SessionDetails): Pick<ParsedUserId, 'userId' | 'participant'> => ({
  userId,
  participant,
})

const changePassword = async (
  context: ServiceContext,
  input: { session: Session; current: string; password: string; confirmation: string },
): Promise<Result<void, SelfServiceRefusals['changePassword']>> => {
  const live = await liveSession(context, input.session)
  if (live.isErr()) return err(live.error)
  const checked = await newPassword(context, input)
  if (checked.isErr()) return err(checked.error)
  const { id: session, sessionEpoch, userId, system } = live.value
  const bySmartcard = live.value.method === 'Smartcard'
  const verify = memoize(verifyPassword(context, input.current))
  const { reused, credential } = checked.value
  const outcome = await handleAccountCommand<'ChangePassword', PortFailed>(context, {
    id: idOf(live.value),
    actor: userId,
    command: ({ account, now: at }) => {
      const denial = bySmartcard ? undefined : signInDenial(context, live.value, account, system, at)
      return { type: 'ChangePassword', at, sessionEpoch, session, bySmartcard, denial }
    },
    facts: {
      // Requested only for a current session that is not by smartcard, so that no other session can be used
      // to try passwords.
      passwordMatches: async (loaded) => {
        const hash = await passwordHashOf(context, loaded)
        if (hash.isErr()) return err(hash.error)
        const matches = await verify(hash.value.hash)
        return matches.map((correct) => ({ value: correct && hash.value.real }))
      },
      reused,
      credential,
    },
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account, events } = outcome.value
  if (refused !== undefined)
    return err(disclose(changePasswordDisclosure, refused.reason, account, context.policy))
  return events.some(({ type }) => type === 'PasswordSet')
    ? ok(undefined)
    : err({ code: 'current-password-refused', rule: 'PW-14' })
}

const changeDevice = async (
  context: ServiceContext,
  input: { session: Session },
): Promise<Result<void, SelfServiceRefusals['changeDevice']>> => {
  const live = await liveSession(context, input.session)
  if (live.isErr()) return err(live.error)
  const { id: session, sessionEpoch, userId, method, system } = live.value
  const bySmartcard = method === 'Smartcard'
  const outcome = await handleAccountCommand<'RequestDeviceChange'>(context, {
    id: idOf(live.value),
    actor: userId,
    command: ({ account, now: at }) => {
      const denial = bySmartcard ? undefined : signInDenial(context, live.value, account, system, at)
      return { type: 'RequestDeviceChange', at, sessionEpoch, session, bySmartcard, denial }
    },
  })
  return outcome.andThen(({ refused, account }) =>
    refused === undefined
      ? ok(undefined)
      : err(disclose(changeDeviceDisclosure, refused.reason, account, context.policy)),
  )
}

/** Creates the self-service operations of a service. */
export const selfService = (context: ServiceContext): SelfService => {
  const change = z.object({
    session: sessionSchema,
    current: enteredPassword(context.policy),
    password: z.string(),
    confirmation: z.string(),
  })
  return {
    changePassword: endpoint(context, 'selfService.changePassword', change, (input, context) =>
      changePassword(context, input),
    ),
    changeDevice: endpoint(
      context,
      'selfService.changeDevice',
      z.object({ session: sessionSchema }),
      (input, context) => changeDevice(context, input),
    ),
  }
}
