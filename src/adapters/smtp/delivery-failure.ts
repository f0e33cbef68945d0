import type { DeliveryResult, Mail } from '../../ports/mailer.ts'
import type { ConnectionError, Failure } from './connection.ts'
import type { DeliveryFailure } from './options.ts'
import { enhancedStatus, replyCode } from './reply.ts'

/** Replies 5xx that concern this client or its session, not the mail. */
const ofTheSession: readonly number[] = [500, 502, 503, 530, 534, 535, 538]

/**
 * The code of a refusal (4xx or 5xx) that replied to a command for this message; `undefined` if there is none.
 * Any other reply, e.g. a late 354, says nothing about the message.
 */
const refusalOf = ({ code, response }: ConnectionError): number | undefined => {
  const reply = code === 'EENVELOPE' || code === 'EMESSAGE' ? (replyCode(response) ?? 0) : 0
  return reply >= 400 ? reply : undefined
}

/**
 * Whether the server refused this mail permanently, because of its recipient or its content. A refusal of the
 * sender (the reply to MAIL FROM), the authentication or the session would affect any other mail too. A
 * notice must not be lost because of wrong settings of the host.
 */
const refusedForGood = ({ error }: Failure): boolean => {
  const reply = refusalOf(error) ?? 0
  // The server does not support SMTPUTF8 (RFC 6531), which this address requires.
  if (error.code === 'ESMTPUTF8') return true
  return reply >= 500 && !ofTheSession.includes(reply) && error.command !== 'MAIL FROM'
}

/** Whether the message may have been accepted: it was being sent, and no refusal arrived. */
const isUncertain = ({ step, error }: Failure): boolean =>
  step === 'message' && refusalOf(error) === undefined

/**
 * The names and numbers of an error. Its text is left out, because it can contain anything; so is a number that
 * is no reply code, because it can be a one-time code.
 */
const factsOf = ({ code, response }: ConnectionError) => {
  const reply = replyCode(response)
  const status = enhancedStatus(response)
  return {
    ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,31}$/.test(code) ? { code } : {}),
    ...(reply === undefined ? {} : { reply }),
    ...(status === undefined ? {} : { status }),
  }
}

/**
 * Decides the outcome of a mail that was not delivered normally. If neither acceptance nor refusal arrived, it
 * is unknown whether the mail was accepted. A notice is then tried again: two copies are better than none, and both have the
 * same Message-ID. A code counts as delivered: it stays valid and is never sent twice, and a holder who does
 * not receive it requests another.
 *
 * @rule OTP-07
 */
export const deliveryFailure = (mail: Mail['type'], failure: Failure): DeliveryFailure => {
  const uncertain = isUncertain(failure)
  const lost: DeliveryResult = uncertain && mail === 'code' ? 'delivered' : 'try-again'
  const delivery = refusedForGood(failure) ? 'refused' : lost
  return { mail, delivery, step: failure.step, ...factsOf(failure.error), uncertain }
}
