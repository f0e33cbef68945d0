import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { Site } from '../access-control/access-table.ts'
import { isSmartcardRefusalReason } from '../account/refusal-reason.ts'
import { isExistingAccount } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import { endpoint, readUserId } from '../engine/endpoint.ts'
import { randomHex } from '../engine/unit-of-work.ts'
import { userIdText } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { smartcardSerial } from '../fields/smartcard-serial.ts'
import { type System, systems } from '../identity/system.ts'
import { type CommandOutcome, handleAccountCommand } from '../records/handle-account-command.ts'
import { unknownAccount } from '../records/refusals.ts'
import { smartcardDenial } from '../session/access-check.ts'
import { createSession, type Session } from '../session/session.ts'
import type { SmartcardRefusals } from './refusals.ts'

/**
 * A sign-in by a smartcard that the host's existing flow has admitted.
 *
 * @category Sign-in
 */
export interface SmartcardSignInInput extends WithRequestContext {
  readonly userId: string
  readonly system: System
  /** The site of the sign-in. Default: `primary`. */
  readonly site?: Site | undefined
  /** The card's serial number, 1–32 digits and letters; if given, it must equal the profile's. */
  readonly srn?: string | undefined
}

/**
 * The sign-in by smartcard, until smartcards are decommissioned.
 *
 * @category Sign-in
 */
export interface Smartcards {
  /**
   * Signs in a holder whose smartcard the host's existing flow has admitted. The library does not read cards
   * and trusts the host. The session is of the same kind as after a 2FA sign-in: it is valid for the terminal
   * and DMS as long as the card is, but not for self-service. Failed sign-ins are neither counted nor reset.
   *
   * @returns the session; or `smartcard-refused` with the reason and its rule, `unknown-account`,
   * `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule MIG-03
   * @rule MIG-08
   * @rule MIG-19
   * @rule LOCK-12
   */
  signIn(input: SmartcardSignInInput): ResultAsync<Session, SmartcardRefusals['signIn']>
}

/** Converts a refusal for the host with its full reason, because the holder has proved the card. */
const toRefusal = ({ refused, account }: CommandOutcome) =>
  refused !== undefined && isExistingAccount(account) && isSmartcardRefusalReason(refused.reason)
    ? ({ code: 'smartcard-refused', rule: refused.rule, reason: refused.reason } as const)
    : unknownAccount

const admit = async (
  context: ServiceContext,
  input: SmartcardSignInInput,
): Promise<Result<Session, SmartcardRefusals['signIn']>> => {
  const { system, site = 'primary', srn } = input
  const id = readUserId(context, input.userId)
  if (id.isErr()) return err(id.error)
  const { userId, participant } = id.value
  const name = await randomHex(context, 16)
  if (name.isErr()) return err(name.error)
  const session = name.value
  const outcome = await handleAccountCommand<'SignInWithSmartcard'>(context, {
    id: id.value,
    actor: userId,
    command: ({ account, now: at }) => {
      const denial = smartcardDenial(context, id.value, account, { system, site, at })
      return { type: 'SignInWithSmartcard', at, system, site, srn, session, denial }
    },
  })
  if (outcome.isErr()) return err(outcome.error)
  const { refused, account, at, events } = outcome.value
  const admitted = events.find((event) => event.type === 'SmartcardSignInCompleted')
  if (refused !== undefined || admitted === undefined || !isExistingAccount(account))
    return err(toRefusal(outcome.value))
  const { role, sessionEpoch } = account
  const card = srn === undefined ? { site } : { site, srn }
  const times = { signedInAt: at, lastUsedAt: at, expiresAt: admitted.expiresAt }
  const details = { id: session, userId, participant, role, system, sessionEpoch, ...times }
  return ok(createSession({ ...details, method: 'Smartcard', card }))
}

/** Creates the smartcard operations of a service. */
export const smartcards = (context: ServiceContext): Smartcards => {
  const admitted = z.object({
    userId: userIdText,
    system: z.enum(systems),
    site: z.enum(['primary', 'backup']).optional(),
    srn: smartcardSerial.optional(),
  })
  return {
    signIn: endpoint(context, 'smartcards.signIn', admitted, (input, context) => admit(context, input)),
  }
}
