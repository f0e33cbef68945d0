import type { DeliveryResult, Mail } from '../../ports/mailer.ts'
import type { Failure, WireError } from './line.ts'
import type { DeliveryFailure } from './options.ts'

/** Replies in the 500s that say something of this client or its session, and nothing of the mail. */
const ofTheSession: readonly number[] = [500, 502, 503, 530, 534, 535, 538]

/** The reply's number; `undefined` for anything that is not the answer to a command of this message. */
const replyTo = ({ code, responseCode }: WireError): number | undefined =>
  typeof responseCode === 'number' && (code === 'EENVELOPE' || code === 'EMESSAGE') ? responseCode : undefined

/**
 * Whether the server refused this mail permanently: its recipient or its content. A refusal of the sender (the
 * answer to MAIL FROM), to the authentication or to the session would meet any other mail too: a notice must
 * not be lost because the host's settings are wrong.
 */
const refusedForGood = ({ error }: Failure): boolean => {
  const reply = replyTo(error) ?? 0
  // The server does not support SMTPUTF8 (RFC 6531), without which this address cannot be sent to.
  if (error.code === 'ESMTPUTF8') return true
  return reply >= 500 && reply < 600 && !ofTheSession.includes(reply) && error.command !== 'MAIL FROM'
}

/** The whole message may be there, and no one knows: it was on its way, and no reply was heard. */
const isUncertain = ({ step, error }: Failure): boolean => step === 'message' && replyTo(error) === undefined

/** Names and numbers of an error, and nothing else: its text may hold anything. */
const factsOf = ({ code, responseCode, response }: WireError) => {
  const status =
    typeof response === 'string' ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined
  return {
    ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,31}$/.test(code) ? { code } : {}),
    ...(typeof responseCode === 'number' ? { reply: responseCode } : {}),
    ...(status === undefined ? {} : { status }),
  }
}

/**
 * The outcome of a mail that was not simply delivered. A reply that was not heard leaves open whether the mail
 * was taken. A notice is then tried again: twice is better than never, and it has the same Message-ID. A code
 * counts as delivered: it stays good, is never sent a second time, and anyone who does not get it asks for
 * another.
 *
 * @rule OTP-07
 */
export const deliveryFailure = (mail: Mail['type'], failure: Failure): DeliveryFailure => {
  const uncertain = isUncertain(failure)
  const lost: DeliveryResult = uncertain && mail === 'code' ? 'delivered' : 'try-again'
  const delivery = refusedForGood(failure) ? 'refused' : lost
  return { mail, delivery, step: failure.step, ...factsOf(failure.error), uncertain }
}
