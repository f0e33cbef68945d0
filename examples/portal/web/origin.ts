const isLocal = ({ hostname }: URL) =>
  hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'

/**
 * Throws unless a text is what a browser sends as `Origin` of this portal's pages. The cookies are `Secure`, so that
 * plain HTTP is for this machine alone.
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
