import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { openChallenge } from '../account/challenges.ts'
import { isExistingAccount } from '../account/state.ts'
import { callPort, type ServiceContext } from '../engine/context.ts'
import { unauthenticatedEndpoint } from '../engine/rate-limiting.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { opaqueText } from '../fields/text.ts'
import { type OtpChannel, otpChannels } from '../identity/otp-channel.ts'
import { credentialIdOf } from '../integrity/vault.ts'
import type { Instant } from '../kernel/instant.ts'
import { checkCodeFormat } from '../otp/code.ts'
import { nextCodeAt, type TotpEnrolment, totpEnrolment, totpSecretBytes } from '../otp/totp.ts'
import { type Disclosure, disclose } from '../records/disclosure.ts'
import type { LoadedAccount } from '../records/find-facts.ts'
import { type CommandOutcome, handleAccountCommand } from '../records/handle-account-command.ts'
import { type ChallengeToken, onChallenge, type ParsedChallengeToken } from './challenge-token.ts'
import {
  checkAnyCodeForm,
  codeCredential,
  deviceContext,
  deviceFact,
  emailFact,
  freshCode,
} from './credentials.ts'
import { challengeEnded, channelDisclosure, codeRefused, enrolmentDisclosure } from './disclosure.ts'
import type { EnrolmentRefusals } from './refusals.ts'
import { sendCode } from './send-code.ts'
import { verifyCode } from './verify-code.ts'

/**
 * The step with which the holder completes the chosen channel.
 *
 * @category Sign-in
 */
export type StartedEnrolment =
  /**
   * Scan the URI or type the secret into the app, then enter its first code. Show it only to the holder,
   * once.
   */
  | ({ readonly channel: 'MobileApp'; readonly challenge: ChallengeToken } & TotpEnrolment)
  /** Enter the code that was emailed. */
  | { readonly channel: 'Email'; readonly challenge: ChallengeToken }

/**
 * The channel that was set up. Continue on the sign-in page.
 *
 * @category Sign-in
 */
export type CompletedEnrolment =
  | {
      readonly channel: 'MobileApp'
      /**
       * The instant at which the app shows the first code that a sign-in accepts, in epoch milliseconds: the
       * code that completed the enrolment is used up. Show it to the holder.
       *
       * @rule OTP-13
       */
      readonly nextCodeAt: Instant
    }
  | { readonly channel: 'Email' }

/**
 * The set-up of the OTP channel: at the first sign-in, after an unlock, or for another device. It does not
 * sign the holder in: the next sign-in requires password and OTP.
 *
 * @typeParam Context - what each call states about its origin; with a rate limiter, its source.
 * @rule ACC-01
 * @rule OTP-03
 * @category Sign-in
 */
export interface Enrolment<Context extends WithRequestContext = WithRequestContext> {
  /**
   * Chooses the channel. Choosing again voids the former choice; for email it sends another code.
   *
   * @param input - `challenge`: of an answer whose `next` is `enrolOtp`. The mobile app is the suggested
   * channel.
   * @returns what to show the holder; or `challenge-ended`, `no-registered-email`, `too-many-codes`,
   * `too-many-attempts`, `delivery-failed`, `malformed-input`, `rate-limited`, `busy`, `port-failed`.
   * @rule OTP-01
   * @rule OTP-02
   * @rule OTP-04
   */
  chooseChannel<Chosen extends OtpChannel>(
    input: { readonly challenge: string; readonly channel: Chosen } & Context,
  ): ResultAsync<Extract<StartedEnrolment, { readonly channel: Chosen }>, EnrolmentRefusals['chooseChannel']>

  /**
   * Confirms the first code of the channel, which completes it. Wrong codes have a separate budget and never
   * count as failed sign-ins.
   *
   * @returns the channel and, for a mobile app, when its next code begins; continue on the sign-in page. Or
   * `code-refused`, `malformed-code`, `challenge-ended`, `no-channel-chosen`, `no-registered-email`,
   * `malformed-input`, `rate-limited`, `busy`, `port-failed`.
   * @rule OTP-05
   * @rule LOCK-10
   * @rule ACC-03
   * @rule OTP-13
   */
  confirm(
    input: { readonly challenge: string; readonly code: string } & Context,
  ): ResultAsync<CompletedEnrolment, EnrolmentRefusals['confirm']>
}

const disclosed = <R>(
  context: ServiceContext,
  disclosure: Disclosure<R>,
  { refused, account }: CommandOutcome,
): Result<void, R> =>
  refused === undefined ? ok(undefined) : err(disclose(disclosure, refused.reason, account, context.policy))

const chooseApp = async (
  context: ServiceContext,
  { token, id, challenge }: ParsedChallengeToken,
): Promise<Result<StartedEnrolment, EnrolmentRefusals['chooseChannel']>> => {
  const { ports, policy } = context
  const secret = await callPort(context, 'random', () =>
    ports.random.bytes(totpSecretBytes[policy.totp.algorithm]),
  )
  if (secret.isErr()) return err(secret.error)
  const sealed = await callPort(context, 'secretBox', () =>
    ports.secretBox.seal(secret.value, deviceContext(id.userId)),
  )
  if (sealed.isErr()) return err(sealed.error)
  const credential = credentialIdOf(sealed.value)
  const outcome = await handleAccountCommand<'ChooseChannel'>(context, {
    id,
    actor: 'caller',
    command: ({ now: at }) => ({ type: 'ChooseChannel', at, challenge, channel: 'MobileApp' }),
    facts: { credential: async () => ok({ value: credential, vault: { [credential]: sealed.value } }) },
  })
  return outcome
    .andThen((done) => disclosed(context, channelDisclosure, done))
    .map(() => ({
      channel: 'MobileApp',
      challenge: token,
      ...totpEnrolment(secret.value, id.userId, policy),
    }))
}

const chooseEmail = async (
  context: ServiceContext,
  { token, id, challenge }: ParsedChallengeToken,
): Promise<Result<StartedEnrolment, EnrolmentRefusals['chooseChannel']>> => {
  const code = await freshCode(context, id.userId, 'enrolment')
  if (code.isErr()) return err(code.error)
  const outcome = await handleAccountCommand<'ChooseChannel'>(context, {
    id,
    actor: 'caller',
    command: ({ now: at }) => ({ type: 'ChooseChannel', at, challenge, channel: 'Email' }),
    facts: { credential: async () => ok(codeCredential(code.value)) },
  })
  if (outcome.isErr()) return err(outcome.error)
  const done = disclosed(context, channelDisclosure, outcome.value)
  if (done.isErr()) return err(done.error)
  const mailed = await sendCode(context, id, 'enrolment', outcome.value, code.value)
  return mailed.map(() => ({ channel: 'Email', challenge: token }))
}

/** Finds the fact about the first code of a channel, if there is something to verify it against. */
const channelFact = async (
  context: ServiceContext,
  loaded: LoadedAccount,
  challenge: string,
  code: string,
) => {
  const { account, vault, now } = loaded
  const chosen = openChallenge(account, challenge, now, context.policy, 'enrolment')?.chosen
  if (chosen === undefined || !isExistingAccount(account)) return ok(undefined)
  const { codeDigits } = context.policy.enrolment
  const form = checkCodeFormat(code, chosen.kind === 'MobileApp' ? chosen.totp.digits : codeDigits)
  if (form.isErr()) return err(form.error)
  return chosen.kind === 'MobileApp'
    ? deviceFact(context, { userId: account.userId, vault, now }, chosen, code)
    : emailFact(context, loaded, 'enrolment', code)
}

const confirm = async (
  context: ServiceContext,
  input: { challenge: ParsedChallengeToken; code: string },
): Promise<Result<CompletedEnrolment, EnrolmentRefusals['confirm']>> => {
  const outcome = await verifyCode(context, input.challenge, {
    type: 'EnterEnrolmentCode',
    form: checkAnyCodeForm(input.code),
    fact: (loaded, challenge) => channelFact(context, loaded, challenge, input.code),
  })
  if (outcome.isErr()) return err(outcome.error)
  const { events } = outcome.value
  const enrolled = events.find((event) => event.type === 'ChannelEnrolled')?.channel
  if (enrolled?.kind === 'Email') return ok({ channel: 'Email' })
  if (enrolled !== undefined)
    return ok({ channel: 'MobileApp', nextCodeAt: nextCodeAt(enrolled.lastAcceptedStep, enrolled.totp) })
  if (events.some(({ type }) => type === 'EnrolmentAborted')) return err(challengeEnded)
  return disclosed(context, enrolmentDisclosure, outcome.value).andThen(() => err(codeRefused))
}

/** Creates the enrolment operations of a service. */
export const enrolment = (context: ServiceContext): Enrolment => ({
  chooseChannel: unauthenticatedEndpoint(
    context,
    'enrolment.chooseChannel',
    z.object({ challenge: opaqueText, channel: z.enum(otpChannels) }),
    onChallenge(({ challenge, channel }, context) =>
      channel === 'MobileApp' ? chooseApp(context, challenge) : chooseEmail(context, challenge),
    ),
    // The enrolment is for the requested channel, which the endpoint's type does not express.
  ) as Enrolment['chooseChannel'],
  confirm: unauthenticatedEndpoint(
    context,
    'enrolment.confirm',
    z.object({ challenge: opaqueText, code: opaqueText }),
    onChallenge((input, context) => confirm(context, input)),
  ),
})
