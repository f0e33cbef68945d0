import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Context } from '../engine/context.ts'
import { disclose, ofSelfService } from './disclosure.ts'
import { execute } from '../records/handle-account-command.ts'
import { face, givenPassword, principal } from '../engine/endpoint.ts'
import { newPassword } from './new-password.ts'
import type { Login, Principal } from '../session/session.ts'
import { holds, liveLogin } from '../session/sessions.ts'
import { passwordHashOf, remembered, verifyPassword } from './credentials.ts'

/** What a holder does for themselves, once logged in. */
export interface SelfService {
  /**
   * Change Password. The new one serves from the next login on.
   *
   * @param input - the `principal` of a login, the `current` password, and the new `password` twice.
   * @returns nothing; or `current-password-refused` (counted as a failed login), `password-refused` with
   * every unmet rule, `passwords-differ`, `principal-void`, `not-by-smartcard`, `malformed-input`, `busy`,
   * `port-failed`.
   * @rule PW-13
   * @rule PW-14
   */
  changePassword(input: {
    readonly principal: Principal
    readonly current: string
    readonly password: string
    readonly confirmation: string
  }): ResultAsync<void, Refusal>

  /**
   * Authentication Settings: another device at the next login. The old one is good until then, and proves
   * the change.
   *
   * @returns nothing; or `no-device` for who has OTPs by email, `principal-void`, `not-by-smartcard`, `busy`,
   * `port-failed`.
   * @rule OTP-08
   * @rule OTP-09
   */
  changeDevice(input: { readonly principal: Principal }): ResultAsync<void, Refusal>
}

const idOf = ({ userId, participant }: Login): Pick<ParsedUserId, 'userId' | 'participant'> => ({
  userId,
  participant,
})

const changePassword = async (
  context: Context,
  input: { principal: Principal; current: string; password: string; confirmation: string },
): Promise<Result<void, Refusal>> => {
  const login = await liveLogin(context, input.principal)
  if (login.isErr()) return err(login.error)
  const checked = await newPassword(context, input)
  if (checked.isErr()) return err(checked.error)
  const { generation, userId } = login.value
  const bySmartcard = login.value.method === 'Smartcard'
  const verify = remembered(verifyPassword(context, input.current))
  const outcome = await execute(context, {
    id: idOf(login.value),
    by: userId,
    prepare: async (loaded) => {
      const at = loaded.now
      const refused = {
        type: 'ChangePassword',
        at,
        generation,
        bySmartcard,
        correct: false,
        credential: '',
        reused: false,
      } as const
      // Neither a void principal nor one by smartcard is a way to try passwords: nothing is verified for it.
      if (bySmartcard || !holds(context, login.value, loaded)) return ok({ command: refused })
      const hash = await passwordHashOf(context, loaded)
      if (hash.isErr()) return err(hash.error)
      const fits = await verify(hash.value.hash)
      if (fits.isErr()) return err(fits.error)
      const correct = fits.value && hash.value.real
      if (!correct) return ok({ command: refused })
      const reused = await checked.value.reused(loaded)
      if (reused.isErr()) return err(reused.error)
      const proof = await checked.value.proof()
      return proof.map(({ credential, hash: fresh }) => ({
        command: { ...refused, correct, credential, reused: reused.value },
        vault: { [credential]: fresh },
      }))
    },
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account, events } = outcome.value
  if (refused !== undefined) return err(disclose(ofSelfService, refused.reason, account, context.policy))
  return events.some(({ type }) => type === 'PasswordSet')
    ? ok(undefined)
    : err({ code: 'current-password-refused', rule: 'PW-14' })
}

const changeDevice = async (
  context: Context,
  input: { principal: Principal },
): Promise<Result<void, Refusal>> => {
  const login = await liveLogin(context, input.principal)
  if (login.isErr()) return err(login.error)
  const { generation, userId, method } = login.value
  const bySmartcard = method === 'Smartcard'
  const outcome = await execute(context, {
    id: idOf(login.value),
    by: userId,
    prepare: async ({ now }) =>
      ok({ command: { type: 'RequestDeviceChange', at: now, generation, bySmartcard } }),
  })
  return outcome.andThen(({ refused, account }) =>
    refused === undefined
      ? ok(undefined)
      : err(disclose(ofSelfService, refused.reason, account, context.policy)),
  )
}

/** The self-service of a service. */
export const selfService = (context: Context): SelfService => {
  const change = z.object({
    principal,
    current: givenPassword(context.policy),
    password: z.string(),
    confirmation: z.string(),
  })
  return {
    changePassword: face(context, change, (input) => changePassword(context, input)),
    changeDevice: face(context, z.object({ principal }), (input) => changeDevice(context, input)),
  }
}
