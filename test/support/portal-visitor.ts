/** A visitor of the portal without a browser: cookies, redirects, and the token of the page that was shown last. */

/** The answer at the end of the redirects. */
export interface Shown {
  readonly path: string
  readonly status: number
  readonly text: string
}

/** How a request reaches the portal. */
type Send = (url: URL, init: RequestInit) => Response | Promise<Response>

/** A visitor who begins with these cookies. */
export const portalVisitor = (
  url: string,
  begunWith: ReadonlyMap<string, string> = new Map(),
  request: Send = fetch,
) => {
  const cookies = new Map(begunWith)
  let csrf = ''
  const ask = async (path: string, init: RequestInit = {}): Promise<Shown> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await request(new URL(path, url), {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie, 'accept-language': 'en' },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/; Max-Age=0(;|$)/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const next = response.headers.get('location')
    const text = await response.text()
    if (next !== null) return ask(next)
    csrf = /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? csrf
    return { path: new URL(path, url).pathname, status: response.status, text }
  }
  return {
    visit: (path: string) => ask(path),
    /** Sends a form, as the page that was shown last would; on request from another origin, or from none (`null`). */
    send: (
      path: string,
      fields: Readonly<Record<string, string>>,
      origin: string | null = new URL(url).origin,
    ) =>
      ask(path, {
        method: 'POST',
        body: new URLSearchParams({ csrf, ...fields }),
        headers: origin === null ? {} : { origin },
      }),
    cookies: (): ReadonlyMap<string, string> => new Map(cookies),
  }
}
