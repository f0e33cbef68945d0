import { err, type Result } from 'neverthrow'
import type { CodeFact } from '../account/commands.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { OtpRefusal } from '../otp/refusals.ts'
import {
  type CommandOutcome,
  handleAccountCommand,
  type LoadedAccount,
} from '../records/handle-account-command.ts'
import { parseChallengeToken } from './challenge-token.ts'
import { watchGuesses } from './guessing-alarm.ts'
import type { SignInRefusalOf } from './refusals.ts'

/** How the codes of one kind of challenge are entered. */
export interface CodeEntry {
  readonly type: 'EnterSignInCode' | 'EnterEnrolmentCode' | 'EnterPasswordCode'
  /** Whether a text may be such a code: what is none, is neither loaded for nor counted (LOCK-06). */
  readonly form: Result<unknown, OtpRefusal>
  /** What there is to know about it; for a challenge that is not open it may cost no more and no less than any. */
  readonly fact: (
    loaded: LoadedAccount,
    challenge: string,
  ) => Promise<Result<CodeFact | undefined, PortFailed | OtpRefusal>>
}

/**
 * A code is entered for a challenge: its form is looked at first, then the account decides.
 *
 * @rule LOCK-06
 */
export const verifyCode = async (
  context: ServiceContext,
  challengeHandle: string,
  { type, form, fact }: CodeEntry,
): Promise<
  Result<
    CommandOutcome & { readonly id: ParsedUserId },
    CommitRefusal | OtpRefusal | SignInRefusalOf<'challenge-ended'>
  >
> => {
  const handle = parseChallengeToken(context, challengeHandle)
  if (handle.isErr()) return err(handle.error)
  if (form.isErr()) return err(form.error)
  const { id, challenge } = handle.value
  const outcome = await handleAccountCommand(context, {
    id,
    actor: 'caller',
    prepare: async (loaded) => {
      const known = await fact(loaded, challenge)
      return known.map((found) => ({ command: { type, at: loaded.now, challenge, fact: found } }))
    },
  })
  return outcome.map((done) => {
    watchGuesses(context, done)
    return { ...done, id }
  })
}
