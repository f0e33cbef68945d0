import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import { disclose } from '../records/disclosure.ts'
import { handleAccountCommand } from '../records/handle-account-command.ts'
import type { ParsedChallengeToken } from './challenge-token.ts'
import { codeCredential, freshCode } from './credentials.ts'
import { challengeEnded, resendDisclosure } from './disclosure.ts'
import type { SignInRefusals } from './refusals.ts'
import { sendCode } from './send-code.ts'

/**
 * Emails another code.
 *
 * @rule OTP-07
 */
export const resendCode = async (
  context: ServiceContext,
  token: ParsedChallengeToken,
): Promise<Result<void, SignInRefusals['resendCode']>> => {
  const { id, challenge } = token
  const code = await freshCode(context, id.userId, 'sign-in')
  if (code.isErr()) return err(code.error)
  const outcome = await handleAccountCommand<'ResendSignInCode'>(context, {
    id,
    actor: 'caller',
    command: ({ now }) => ({ type: 'ResendSignInCode', at: now, challenge }),
    facts: { code: async () => ok(codeCredential(code.value)) },
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  return refused === undefined
    ? sendCode(context, id, 'sign-in', outcome.value, code.value)
    : err(disclose(resendDisclosure, refused.reason, account, context.policy))
}

/** Cancels a challenge. */
export const cancel = async (
  context: ServiceContext,
  token: ParsedChallengeToken,
): Promise<Result<void, SignInRefusals['cancel']>> => {
  const { id, challenge } = token
  const outcome = await handleAccountCommand<'CancelChallenge'>(context, {
    id,
    actor: 'caller',
    command: ({ now }) => ({ type: 'CancelChallenge', at: now, challenge }),
  })
  return outcome.andThen(({ refused }) => (refused === undefined ? ok(undefined) : err(challengeEnded)))
}
