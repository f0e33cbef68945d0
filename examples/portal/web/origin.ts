const isLocal = ({ hostname }: URL) =>
  hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'

/**
 * Throws unless a text is an origin that browsers can send for this portal's pages. The cookies are `Secure`,
 * so plain HTTP is allowed only on this machine.
 */
export const checkOrigin = (text: string): void => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSecure =
    url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url)))
  if (!isSecure || url.origin !== text)
    throw new RangeError(
      `publicOrigin must be an origin as browsers send it, e.g. https://portal.example: https (http for localhost only), lower case, no path, no default port. Got ${JSON.stringify(text)}`,
    )
}
