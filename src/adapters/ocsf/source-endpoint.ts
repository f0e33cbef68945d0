import type { OcsfEvent } from './event.ts'

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`)

/** At most as long as the schema allows; the parser of addresses has the last word. */
const isIpv6 = (text: string) =>
  text.length <= 40 && /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(text) && URL.canParse(`http://[${text}]/`)

/**
 * Where a call came from: an IP address, or a name if the host gave something else. A server that listens on IPv6
 * gives the address of a client on IPv4 as `::ffff:192.0.2.1`; a SIEM would not find it among the others.
 */
export const sourceEndpoint = (source: string): NonNullable<OcsfEvent['src_endpoint']> => {
  const mapped = source.replace(/^::ffff:/i, '')
  if (ipv4.test(mapped)) return { ip: mapped }
  return isIpv6(source) ? { ip: source } : { name: source }
}
