import * as z from 'zod'
import { asciiLowerCase } from '../kernel/ascii-case.ts'
import { isPrintable } from './text.ts'

/** The maximum UTF-8 octets of an address, and of its local part (RFC 5321, 4.5.3.1). */
const maxOctets = 254
const maxLocalOctets = 64

/** A dot-atom of RFC 5322 and RFC 6532: no quotes, blanks or comments that a header or SMTP could misread. */
const localPart =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u{80}-\u{10ffff}]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u{80}-\u{10ffff}]+)*$/u
/** ASCII, and letters, marks and digits of any script: no symbols or blanks. */
const internationalLocal = /^[\p{L}\p{M}\p{Nd}\p{ASCII}]+$/u
/** Characters that select the form of another one. In an address they would make look-alikes. */
const variation = /\p{Variation_Selector}/u
/** A domain as it can be written, in any script. */
const writtenDomain = /^[\p{L}\p{Nd}\p{M}-]+(?:\.[\p{L}\p{Nd}\p{M}-]+)+$/u
/** A domain in ASCII. The last label contains a letter, because an IP address is not a mail domain. */
const asciiDomain =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** A parsed email address. */
export interface EmailAddress {
  /** The part before the `@`, in Unicode normalisation form C. */
  readonly local: string
  /** The domain in ASCII and lower case; an international domain as `xn--…`. */
  readonly domain: string
  /** The address as SMTP transmits it: `local@domain`. */
  readonly wire: string
  /**
   * Whether it can be sent only through servers with SMTPUTF8 (RFC 6531), because its local part is not
   * ASCII.
   */
  readonly needsSmtpUtf8: boolean
}

const octets = (text: string) => new TextEncoder().encode(text).length

/** Converts a domain to ASCII by IDNA, as every WHATWG URL parser does; `undefined` if that is impossible. */
const toAsciiDomain = (domain: string): string | undefined => {
  if (!writtenDomain.test(domain)) return undefined
  try {
    const { hostname } = new URL(`http://${domain}`)
    return asciiDomain.test(hostname) ? hostname : undefined
  } catch {
    return undefined
  }
}

/**
 * Parses an email address, with the same rule from the registry to SMTP: a dot-atom in any script of at most
 * 64 octets before the `@`, a domain name of at least two labels in any script after it, and at most 254
 * octets in all. Nothing is trimmed; display names, comments and quoted local parts are refused.
 *
 * @returns the parsed address; or `undefined` if the text is not exactly one address.
 * @rule FLD-01
 */
export const parseEmailAddress = (text: unknown): EmailAddress | undefined => {
  if (typeof text !== 'string' || text.length > maxOctets) return undefined
  if (!isPrintable(text) || variation.test(text)) return undefined
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0)).normalize('NFC')
  if (!localPart.test(local) || !internationalLocal.test(local) || octets(local) > maxLocalOctets)
    return undefined
  const domain = toAsciiDomain(text.slice(at + 1).normalize('NFC'))
  if (domain === undefined) return undefined
  const wire = `${local}@${domain}`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range begins with controls.
  const needsSmtpUtf8 = /[^\u0000-\u007f]/.test(local)
  return octets(wire) <= maxOctets ? { local, domain, wire, needsSmtpUtf8 } : undefined
}

/**
 * Whether a text is exactly one email address, as {@link parseEmailAddress} parses it.
 *
 * @rule FLD-01
 */
export const isEmailAddress = (text: unknown): boolean => parseEmailAddress(text) !== undefined

/**
 * The schema of an email address, the same for every source.
 *
 * @rule FLD-01
 */
export const emailAddress = z.string().refine(isEmailAddress, 'must be one email address')

const mailboxOf = (text: string): string => {
  const parsed = parseEmailAddress(text)
  return (parsed?.wire ?? text).toLowerCase()
}

/**
 * Whether two addresses name the same mailbox: they are equal except for letter case, Unicode normalisation
 * and the spelling of an international domain. Servers can distinguish letter case; but to keep one person
 * from acting twice, similarity is sufficient.
 *
 * @rule ESV-15
 */
export const isSameMailbox = (one: string, other: string): boolean => mailboxOf(one) === mailboxOf(other)

/**
 * Whether two addresses are equal except for ASCII capitals. Where a match authorises something, look-alikes,
 * normalisation and other spellings of a domain do not count.
 *
 * @rule ESV-10
 */
export const isSameAddress = (one: string, other: string): boolean =>
  asciiLowerCase(one) === asciiLowerCase(other)
