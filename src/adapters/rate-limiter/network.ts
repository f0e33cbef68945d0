const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/
/** Nothing else may get into a URL's host. */
const ipv6Characters = /^[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*$/

/** The eight groups of an IPv6 address, in hexadecimal without leading zeros; `undefined` for what is none. */
const groupsOf = (address: string): readonly string[] | undefined => {
  const withoutZone = address.replace(/%.*$/, '')
  if (!ipv6Characters.test(withoutZone) || !URL.canParse(`http://[${withoutZone}]`)) return undefined
  // A URL has its address in the one canonical form (RFC 5952), dotted endings included.
  const [head = '', tail] = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1).split('::')
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
 * The network that one subscriber has to itself: of an IPv6 address its first 64 bits, since whoever has one
 * address there has all of them; of an IPv4 address, written as IPv6 or not, the address. Whatever is no
 * address stays as it is.
 *
 * @example
 * ```ts
 * networkOf('2001:db8:1:2::7') // '2001:db8:1:2::/64'
 * networkOf('::ffff:192.0.2.1') // '192.0.2.1'
 * ```
 */
export const networkOf = (source: string): string => {
  if (ipv4.test(source)) return source
  const groups = groupsOf(source)
  if (groups === undefined) return source
  const mapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff'
  return mapped ? dotted(groups) : `${groups.slice(0, 4).join(':')}::/64`
}
