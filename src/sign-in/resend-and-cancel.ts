import { err, ok, type Result } from 'neverthrow'
import type { Refusal } from '../kernel/refusal.ts'
import { mailCode } from './send-code.ts'
import type { Context } from '../engine/context.ts'
import { disclose, ofLoginChallenge } from './disclosure.ts'
import { execute } from '../records/handle-account-command.ts'
import { readHandle } from './challenge-token.ts'
import { freshCode } from './credentials.ts'

/** Another code by email. */
export const resendCode = async (
  context: Context,
  input: { challenge: string },
): Promise<Result<void, Refusal>> => {
  const handle = readHandle(context, input.challenge)
  if (handle.isErr()) return err(handle.error)
  const { id, challenge } = handle.value
  const code = await freshCode(context, id.userId, 'login')
  if (code.isErr()) return err(code.error)
  const { credential, mac } = code.value
  const outcome = await execute(context, {
    id,
    by: 'claimant',
    prepare: async ({ now }) =>
      ok({
        command: { type: 'ResendLoginCode', at: now, challenge, code: credential },
        vault: { [credential]: mac },
      }),
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account } = outcome.value
  return refused === undefined
    ? mailCode(context, id, 'login', outcome.value, code.value)
    : err(disclose(ofLoginChallenge, refused.reason, account, context.policy))
}

/** Gives up what was begun. */
export const cancel = async (
  context: Context,
  input: { challenge: string },
): Promise<Result<void, Refusal>> => {
  const handle = readHandle(context, input.challenge)
  if (handle.isErr()) return err(handle.error)
  const { id, challenge } = handle.value
  const outcome = await execute(context, {
    id,
    by: 'claimant',
    prepare: async ({ now }) => ok({ command: { type: 'CancelChallenge', at: now, challenge } }),
  })
  return outcome.andThen(({ refused }) =>
    refused === undefined ? ok(undefined) : err(ofLoginChallenge.otherwise),
  )
}
