import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { exists, type OtpChannel } from '../account/state.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { checkCodeForm } from '../otp/code.ts'
import { secretBytes, type TotpEnrolment, totpEnrolment } from '../otp/totp.ts'
import { enterCode } from './verify-code.ts'
import { mailCode } from './send-code.ts'
import { ask, type Context } from '../engine/context.ts'
import { disclose, ofChannelSetUp } from './disclosure.ts'
import { execute, type LoadedAccount, type Outcome } from '../records/handle-account-command.ts'
import { text } from '../engine/endpoint.ts'
import { type ChallengeHandle, readHandle } from './challenge-token.ts'
import { checkAnyCodeForm, deviceContext, deviceFact, emailFact, freshCode } from './credentials.ts'
import { type FromSource, fromSource, strangerFace } from '../engine/rate-limiting.ts'
import { nameInVault } from '../integrity/vault.ts'

/** What the holder does next to complete the channel. */
export type ChannelEnrolment =
  /** Scan the URI or type the secret into the app, and give its first code. Show it to the holder alone, once. */
  | ({ readonly channel: 'MobileApp'; readonly challenge: ChallengeHandle } & TotpEnrolment)
  /** Give the code that was emailed. */
  | { readonly channel: 'Email'; readonly challenge: ChallengeHandle }

/**
 * The set-up of the OTP channel: at the first login, after an unlock, or for another device. It logs
 * nobody in: the next login asks for password and OTP.
 *
 * @rule ACC-01
 * @rule OTP-03
 */
export interface ChannelSetUp {
  /**
   * Chooses the channel. Chosen again, the former choice is void; for email this sends another code.
   *
   * @param input - a `challenge` that was answered with `setUpOtp`; the mobile app is the suggested channel.
   * @returns what to show the holder; or `challenge-ended`, `no-registered-email`, `too-many-codes`,
   * `too-many-misses`, `delivery-failed`, `malformed-input`, `throttled`, `busy`, `port-failed`.
   * @rule OTP-01
   * @rule OTP-02
   * @rule OTP-04
   */
  choose<Chosen extends OtpChannel>(
    input: { readonly challenge: string; readonly channel: Chosen } & FromSource,
  ): ResultAsync<Extract<ChannelEnrolment, { readonly channel: Chosen }>, Refusal>

  /**
   * The first right code completes the channel. Wrong ones have a budget of their own and never count as
   * logins.
   *
   * @returns nothing: the login page is next; or `code-refused`, `malformed-code`, `challenge-ended`,
   * `no-channel-chosen`, `too-many-misses`, `throttled`, `busy`, `port-failed`.
   * @rule OTP-04
   * @rule OTP-05
   * @rule LOCK-10
   * @rule ACC-03
   */
  confirm(
    input: { readonly challenge: string; readonly code: string } & FromSource,
  ): ResultAsync<void, Refusal>
}

const disclosed = (context: Context, { refused, account }: Outcome): Result<void, Refusal> =>
  refused === undefined
    ? ok(undefined)
    : err(disclose(ofChannelSetUp, refused.reason, account, context.policy))

const chooseApp = async (
  context: Context,
  handle: ChallengeHandle,
  id: ParsedUserId,
  challenge: string,
): Promise<Result<ChannelEnrolment, Refusal>> => {
  const { ports, policy } = context
  const secret = await ask(context, 'random', () => ports.random.bytes(secretBytes[policy.totp.algorithm]))
  if (secret.isErr()) return err(secret.error)
  const sealed = await ask(context, 'secretBox', () =>
    ports.secretBox.seal(secret.value, deviceContext(id.userId)),
  )
  if (sealed.isErr()) return err(sealed.error)
  const credential = nameInVault(sealed.value)
  const outcome = await execute(context, {
    id,
    by: 'claimant',
    prepare: async ({ now }) =>
      ok({
        command: {
          type: 'ChooseChannel',
          at: now,
          challenge,
          channel: 'MobileApp',
          credential,
        },
        vault: { [credential]: sealed.value },
      }),
  })
  return outcome
    .andThen((done) => disclosed(context, done))
    .map(() => ({
      channel: 'MobileApp',
      challenge: handle,
      ...totpEnrolment(secret.value, id.userId, policy),
    }))
}

const chooseEmail = async (
  context: Context,
  handle: ChallengeHandle,
  id: ParsedUserId,
  challenge: string,
): Promise<Result<ChannelEnrolment, Refusal>> => {
  const code = await freshCode(context, id.userId, 'channel')
  if (code.isErr()) return err(code.error)
  const { credential, mac } = code.value
  const outcome = await execute(context, {
    id,
    by: 'claimant',
    prepare: async ({ now }) =>
      ok({
        command: { type: 'ChooseChannel', at: now, challenge, channel: 'Email', credential },
        vault: { [credential]: mac },
      }),
  })
  if (outcome.isErr()) return err(outcome.error)
  const done = disclosed(context, outcome.value)
  if (done.isErr()) return err(done.error)
  const mailed = await mailCode(context, id, 'channel', outcome.value, code.value)
  return mailed.map(() => ({ channel: 'Email', challenge: handle }))
}

/** What there is to know about the first code of a channel, if there is anything to verify it against. */
const channelFact = async (context: Context, loaded: LoadedAccount, challenge: string, code: string) => {
  const { account, vault, now } = loaded
  if (!exists(account)) return ok(undefined)
  const open = account.challenges.find(({ id }) => id === challenge)
  const chosen = open?.awaits === 'channel' ? open.chosen : undefined
  if (chosen === undefined) return ok(undefined)
  const { totp, emailCode } = context.policy
  const form = checkCodeForm(code, chosen.kind === 'MobileApp' ? totp.digits : emailCode.digits)
  if (form.isErr()) return err(form.error)
  return chosen.kind === 'MobileApp'
    ? deviceFact(context, { userId: account.userId, vault, now }, chosen.credential, code)
    : emailFact(context, loaded, 'channel', code)
}

const confirm = async (
  context: Context,
  input: { challenge: string; code: string },
): Promise<Result<void, Refusal>> => {
  const outcome = await enterCode(context, input.challenge, {
    type: 'EnterChannelCode',
    form: checkAnyCodeForm(context, input.code),
    fact: (loaded, challenge) => channelFact(context, loaded, challenge, input.code),
  })
  if (outcome.isErr()) return err(outcome.error)
  const { events } = outcome.value
  if (events.some(({ type }) => type === 'ChannelSet')) return ok(undefined)
  if (events.some(({ type }) => type === 'SetUpEnded')) return err(ofChannelSetUp.otherwise)
  return disclosed(context, outcome.value).andThen(() =>
    err({ code: 'code-refused', rule: 'LOCK-06' } as const),
  )
}

/** The channel set-up of a service. */
export const channelSetUp = (context: Context): ChannelSetUp => ({
  choose: strangerFace(
    context,
    'channelSetUp.choose',
    z.object({ challenge: text, channel: z.enum(['MobileApp', 'Email']), ...fromSource }),
    async ({ challenge: handle, channel }) => {
      const read = readHandle(context, handle)
      if (read.isErr()) return err(read.error)
      const choose = channel === 'MobileApp' ? chooseApp : chooseEmail
      return choose(context, handle as ChallengeHandle, read.value.id, read.value.challenge)
    },
    // The enrolment is of the channel that was asked for; the face knows only that it is of one.
  ) as ChannelSetUp['choose'],
  confirm: strangerFace(
    context,
    'channelSetUp.confirm',
    z.object({ challenge: text, code: text, ...fromSource }),
    (input) => confirm(context, input),
  ),
})
