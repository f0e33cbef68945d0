/** What every source that is not an IP address is counted under. */
const notAnAddress = 'not-an-address'

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
/** Decimal without leading zeros: with them, some programs read octal. A port may follow. */
const ipv4 = new RegExp(`^(${octet}(?:\\.${octet}){3})(?::\\d{1,5})?$`)
/** Only these may get into a URL's host. A zone, or the length of a network as printed here, may follow. */
const ipv6 = /^([0-9a-f.]*:[0-9a-f:.]*)(?:%[^\]]*|\/64)?$/i
/** As in a URL: the brackets separate the address from a port. */
const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/

/** The eight groups of an IPv6 address, in hexadecimal without leading zeros; `undefined` for any other text. */
const groupsOf = (address: string): readonly string[] | undefined => {
  const [, plain] = ipv6.exec(address) ?? []
  if (plain === undefined || !URL.canParse(`http://[${plain}]`)) return undefined
  // A URL has its address in the one canonical form (RFC 5952), dotted endings included.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

/** The dotted form of an IPv4 address in the last two groups of an IPv6 address. */
const dotted = (groups: readonly string[]) =>
  groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')

/**
 * The network under which a source is counted: an IPv4 address, or the first 64 bits of an IPv6 address, since
 * a subscriber has all addresses of such a network.
 *
 * - A port, brackets, a zone and surrounding blanks are ignored: a client chooses its port freely.
 * - An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`) is that IPv4 address.
 * - Every other text gives `not-an-address`: all of those share one budget, so that inventing sources gains
 *   nothing. A host that counts by something other than addresses passes its own `keyOf`.
 *
 * @example
 * ```ts
 * networkOf('203.0.113.9:40001') // '203.0.113.9'
 * networkOf('[2001:db8:1:2::7]:443') // '2001:db8:1:2::/64'
 * networkOf('::ffff:192.0.2.1') // '192.0.2.1'
 * networkOf('203.0.113.9, 10.0.0.1') // 'not-an-address'
 * ```
 * @rule LOCK-14
 */
export const networkOf = (source: string): string => {
  const text = source.trim()
  const inside = bracketed.exec(text)?.[1]
  const [, address] = (inside === undefined && ipv4.exec(text)) || []
  if (address !== undefined) return address
  const groups = groupsOf(inside ?? text)
  if (groups === undefined) return notAnAddress
  const mapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff'
  return mapped ? dotted(groups) : `${groups.slice(0, 4).join(':')}::/64`
}
