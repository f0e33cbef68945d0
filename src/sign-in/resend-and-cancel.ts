import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import { disclose } from '../records/disclosure.ts'
import { handleAccountCommand } from '../records/handle-account-command.ts'
import { parseChallengeToken } from './challenge-token.ts'
import { freshCode } from './credentials.ts'
import { challengeEnded, resendDisclosure } from './disclosure.ts'
import type { SignInRefusals } from './refusals.ts'
import { sendCode } from './send-code.ts'

/** Another code by email. */
export const resendCode = async (
  context: ServiceContext,
  input: { challenge: string },
): Promise<Result<void, SignInRefusals['resendCode']>> => {
  const handle = parseChallengeToken(context, input.challenge)
  if (handle.isErr()) return err(handle.error)
  const { id, challenge } = handle.value
  const code = await freshCode(context, id.userId, 'sign-in')
  if (code.isErr()) return err(code.error)
  const { credential, mac } = code.value
  const outcome = await handleAccountCommand(context, {
    id,
    actor: 'caller',
    prepare: async ({ now }) =>
      ok({
        command: { type: 'ResendSignInCode', at: now, challenge, code: credential },
        vault: { [credential]: mac },
      }),
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  return refused === undefined
    ? sendCode(context, id, 'sign-in', outcome.value, code.value)
    : err(disclose(resendDisclosure, refused.reason, account, context.policy))
}

/** Gives up what was begun. */
export const cancel = async (
  context: ServiceContext,
  input: { challenge: string },
): Promise<Result<void, SignInRefusals['cancel']>> => {
  const handle = parseChallengeToken(context, input.challenge)
  if (handle.isErr()) return err(handle.error)
  const { id, challenge } = handle.value
  const outcome = await handleAccountCommand(context, {
    id,
    actor: 'caller',
    prepare: async ({ now }) => ok({ command: { type: 'CancelChallenge', at: now, challenge } }),
  })
  return outcome.andThen(({ refused }) => (refused === undefined ? ok(undefined) : err(challengeEnded)))
}
