import type { DeliveryResult, Mail } from '../../ports/mailer.ts'
import type { ConnectionError, Failure } from './connection.ts'
import type { DeliveryFailure } from './options.ts'

/** Replies 5xx that concern this client or its session, not the mail. */
const ofTheSession: readonly number[] = [500, 502, 503, 530, 534, 535, 538]

/** The reply code, or `undefined` if this was not a reply to a command for this message. */
const replyTo = ({ code, responseCode }: ConnectionError): number | undefined =>
  typeof responseCode === 'number' && (code === 'EENVELOPE' || code === 'EMESSAGE') ? responseCode : undefined

/**
 * Whether the server refused this mail permanently, because of its recipient or its content. A refusal of the
 * sender (the reply to MAIL FROM), the authentication or the session would affect any other mail too. A
 * notice must not be lost because of wrong settings of the host.
 */
const refusedForGood = ({ error }: Failure): boolean => {
  const reply = replyTo(error) ?? 0
  // The server does not support SMTPUTF8 (RFC 6531), which this address requires.
  if (error.code === 'ESMTPUTF8') return true
  return reply >= 500 && reply < 600 && !ofTheSession.includes(reply) && error.command !== 'MAIL FROM'
}

/** Whether the message may have been accepted: it was being sent, and no reply arrived. */
const isUncertain = ({ step, error }: Failure): boolean => step === 'message' && replyTo(error) === undefined

/** The names and numbers of an error. Its text is left out, because it can contain anything. */
const factsOf = ({ code, responseCode, response }: ConnectionError) => {
  const status =
    typeof response === 'string' ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined
  return {
    ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,31}$/.test(code) ? { code } : {}),
    ...(typeof responseCode === 'number' ? { reply: responseCode } : {}),
    ...(status === undefined ? {} : { status }),
  }
}

/**
 * Decides the outcome of a mail that was not delivered normally. If no reply arrived, it is unknown whether
 * the mail was accepted. A notice is then tried again: two copies are better than none, and both have the
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
