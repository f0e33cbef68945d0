import { domainToASCII } from 'node:url'

/** A dot-atom of RFC 5322, ASCII alone: no quotes, blanks or comments, nothing that a header or SMTP could misread. */
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
/** What a domain may be typed as, in any script. */
const typedDomain = /^[\p{L}\p{Nd}\p{M}-]+(?:\.[\p{L}\p{Nd}\p{M}-]+)*$/u
/** What it must be after that. Its last label has a letter: an IP address is no mail domain. */
const wireDomain =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * One address as it goes over the wire: ASCII, an internationalised domain in its `xn--` form. Nothing around
 * it is trimmed, and no display name taken: what holds a comma, a blank, a line break, a quote or a bracket is
 * no single address, and names nobody.
 *
 * @returns the address; or `undefined` for whatever is not exactly one that can be sent to. A local part
 * beyond ASCII is none: it would need every server on the way to speak SMTPUTF8.
 */
export const wireAddress = (address: unknown): string | undefined => {
  if (typeof address !== 'string' || address.length > 254) return undefined
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  if (at < 1 || local.length > 64 || !localPart.test(local) || !typedDomain.test(domain)) return undefined
  const wire = domainToASCII(domain)
  return wireDomain.test(wire) && local.length + 1 + wire.length <= 254 ? `${local}@${wire}` : undefined
}

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
  if (wire === undefined) throw new TypeError(`${option}: must be one email address`)
  if (typeof name !== 'string' || name.length > 128 || /[\p{C}\p{Zl}\p{Zp}]/u.test(name))
    throw new TypeError(`${option}: the name must be at most 128 characters on one line`)
  return { name, address: wire }
}
