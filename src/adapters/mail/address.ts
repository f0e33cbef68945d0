import { parseEmailAddress } from '../../fields/email-address.ts'
import { isPrintable } from '../../fields/text.ts'

/**
 * Converts an email address for SMTP. It applies the library's rule for email addresses (FLD-01) and writes
 * an international domain in its `xn--` form. A local part with characters beyond ASCII is unchanged and
 * needs a server that supports SMTPUTF8.
 *
 * @returns the address, or `undefined` if the value is not exactly one address.
 * @rule FLD-01
 */
export const wireAddress = (address: unknown): string | undefined => parseEmailAddress(address)?.wire

/** A sender: an address and an optional display name. */
export interface Sender {
  readonly name: string
  readonly address: string
}

/**
 * Checks a sender that the host configured.
 *
 * @throws TypeError that names the option, for an invalid address or a name with control characters.
 */
export const senderOf = (
  option: string,
  sender: string | { readonly name?: string | undefined; readonly address: string },
): Sender => {
  const { name = '', address } = typeof sender === 'string' ? { address: sender } : sender
  const wire = wireAddress(address)
  if (wire === undefined || parseEmailAddress(address)?.needsSmtpUtf8)
    throw new TypeError(`${option}: must be one email address with an ASCII local part`)
  if (typeof name !== 'string' || name.length > 128 || !isPrintable(name))
    throw new TypeError(`${option}: the name must be at most 128 characters on one line`)
  return { name, address: wire }
}
