/** The key of every source that is not an IP address. */
const notAnAddress = 'not-an-address'

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
/** Decimal without leading zeros, because some programs read those as octal. A port may follow. */
const ipv4 = new RegExp(`^(${octet}(?:\\.${octet}){3})(?::\\d{1,5})?$`)
/** Characters that are safe in the host of a URL. A zone, or a prefix length as printed here, may follow. */
const ipv6 = /^([0-9a-f.]*:[0-9a-f:.]*)(?:%[^\]]*|\/64)?$/i
/** As in a URL, brackets separate the address from a port. */
const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/

/**
 * The eight groups of an IPv6 address, in hexadecimal without leading zeros, or `undefined` for any other
 * text.
 */
const groupsOf = (address: string): readonly string[] | undefined => {
  const [, plain] = ipv6.exec(address) ?? []
  if (plain === undefined || !URL.canParse(`http://[${plain}]`)) return undefined
  // A URL contains its address in canonical form (RFC 5952), including dotted endings.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

/** The last two groups of an IPv6 address as a dotted IPv4 address. */
const dotted = (groups: readonly string[]) =>
  groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')

/**
 * Returns the network under which a source is counted: an IPv4 address, or the first 64 bits of an IPv6
 * address, because a subscriber has all addresses of such a network.
 *
 * - A port, brackets, a zone and surrounding spaces are ignored: a client can choose its port.
 * - An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) counts as that IPv4 address.
 * - Any other text gives `not-an-address`. All such texts share one budget, so that inventing sources gains
 *   nothing. If you count by something other than addresses, pass your own `keyOf`.
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
