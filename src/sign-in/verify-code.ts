import { err, type Result } from 'neverthrow'
import type { CodeFact } from '../account/commands.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import type { OtpRefusal } from '../otp/refusals.ts'
import type { LoadedAccount } from '../records/find-facts.ts'
import { type CommandOutcome, handleAccountCommand } from '../records/handle-account-command.ts'
import type { ParsedChallengeToken } from './challenge-token.ts'
import { alertOnGuessing } from './guessing-alarm.ts'

/** How the codes of one kind of challenge are verified. */
export interface CodeEntry {
  readonly type: 'EnterSignInCode' | 'EnterEnrolmentCode' | 'EnterPasswordCode'
  /** Whether the text can be such a code. If not, nothing is loaded or counted (LOCK-06). */
  readonly form: Result<unknown, OtpRefusal>
  /** Verifies the code after the account's table has found the challenge open. */
  readonly fact: (
    loaded: LoadedAccount,
    challenge: string,
  ) => Promise<Result<CodeFact | undefined, PortFailed | OtpRefusal>>
  /**
   * Whether the code is verified for any challenge, because anyone can open one of this kind for any User ID
   * (LOCK-16).
   */
  readonly always?: boolean
}

/**
 * Verifies a code for a challenge: its form is checked first, then the account decides.
 *
 * @rule LOCK-06
 */
export const verifyCode = async (
  context: ServiceContext,
  token: ParsedChallengeToken,
  { type, form, fact, always = false }: CodeEntry,
): Promise<Result<CommandOutcome, CommitRefusal | OtpRefusal>> => {
  if (form.isErr()) return err(form.error)
  const { id, challenge } = token
  const outcome = await handleAccountCommand<CodeEntry['type'], PortFailed | OtpRefusal>(context, {
    id,
    actor: 'caller',
    command: ({ now: at }) => ({ type, at, challenge }),
    always: always ? ['fact'] : [],
    facts: { fact: async (loaded) => (await fact(loaded, challenge)).map((value) => ({ value })) },
  })
  return outcome.map((done) => {
    alertOnGuessing(context, done)
    return done
  })
}
