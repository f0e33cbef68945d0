import { parseEmailAddress } from '../../fields/email-address.ts'

/**
 * An address as SMTP takes it: the library's one rule for email addresses (FLD-01), with an international
 * domain in its `xn--` form. A local part beyond ASCII stays as it is, and needs a server that supports
 * SMTPUTF8.
 *
 * @returns the address; or `undefined` for what is not exactly one address.
 */
export const wireAddress = (address: unknown): string | undefined => parseEmailAddress(address)?.wire

/** A sender: an address, and the name shown beside it. */
export interface Sender {
  readonly name: string
  readonly address: string
}

/**
 * A sender as the host configures it.
 *
 * @throws TypeError, naming the option, for what is no address, or a name with control characters.
 */
export const senderOf = (
  option: string,
  sender: string | { readonly name?: string | undefined; readonly address: string },
): Sender => {
  const { name = '', address } = typeof sender === 'string' ? { address: sender } : sender
  const wire = wireAddress(address)
  if (wire === undefined || parseEmailAddress(address)?.needsSmtpUtf8)
    throw new TypeError(`${option}: must be one email address with an ASCII local part`)
  if (typeof name !== 'string' || name.length > 128 || /[\p{C}\p{Zl}\p{Zp}]/u.test(name))
    throw new TypeError(`${option}: the name must be at most 128 characters on one line`)
  return { name, address: wire }
}
