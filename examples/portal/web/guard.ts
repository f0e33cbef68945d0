import type { System } from 'ccass-2fa'
import { type Locale, preferredLocale } from 'ccass-2fa/messages'
import { createMiddleware } from 'hono/factory'
import { html } from 'hono/html'
import { cookie, dropCookie, keepCookie, sessionCookie } from './cookies.ts'
import { contextOf, type Env, type Portal, page, pathOf, type Req, sent } from './portal.ts'
import { languages, sayIn } from './words.ts'

const chosen = (text: string | undefined): Locale | undefined => languages.find(([tag]) => tag === text)?.[0]

/** Whether a form's token was issued to this visitor. A malformed token was not. */
const isTokenOf = async ({ box }: Portal, token: string, visitor: string): Promise<boolean> => {
  try {
    return await box.verifyMac(token, `csrf:${visitor}`)
  } catch {
    return false
  }
}

/** The headers of every answer, errors included: not stored, not framed, no script, no sniffed type. */
export const protectedPages = createMiddleware(async (c, next) => {
  c.header(
    'content-security-policy',
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  )
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'same-origin')
  c.header('cache-control', 'no-store')
  await next()
})

/** Whether the body of a request can be read as a form. */
const isReadable = async (c: Req): Promise<boolean> => {
  try {
    await c.req.parseBody()
    return true
  } catch {
    return false
  }
}

/** Language, and the checks that a form was sent from a page of this portal. */
export const guarded = (portal: Portal) =>
  createMiddleware<Env>(async (c, next) => {
    const locale = chosen(cookie(c, 'language')) ?? preferredLocale(c.req.header('accept-language'))
    c.set('portal', portal)
    c.set('locale', locale)
    c.set('say', sayIn(locale))
    // The token of a form is a keyed hash of a random cookie. Another site can neither read nor set either of
    // them.
    const known = cookie(c, 'visitor')
    const visitor = known ?? crypto.randomUUID()
    c.set('csrf', await portal.box.mac(`csrf:${visitor}`))
    if (known === undefined) keepCookie(c, 'visitor', visitor)
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      if (!(await isReadable(c))) return c.text('The form cannot be read.', 400)
      const isOwn = c.req.header('origin') === (portal.publicOrigin ?? new URL(c.req.url).origin)
      const hasToken = known !== undefined && (await isTokenOf(portal, await sent(c, 'csrf'), known))
      if (!isOwn || !hasToken)
        return page(c, {
          title: 'home',
          warning: 'crossSite',
          body: html`<p><a href="/">${c.var.say('home')}</a></p>`,
        })
    }
    return next()
  })

/** Admits only visitors who are signed in to a system. Others are redirected to its sign-in page. */
export const signedIn = (system: System) =>
  createMiddleware<Env>(async (c, next) => {
    const { auth } = c.var.portal
    const name = sessionCookie(system)
    const sealed = cookie(c, name)
    const session =
      sealed === undefined ? undefined : await auth.sessions.open({ sealed, system, context: contextOf(c) })
    if (session?.isErr() && session.error.code !== 'session-ended')
      return page(c, { title: 'signIn', refusal: session.error, body: html`` })
    if (session === undefined || session.isErr()) {
      dropCookie(c, name)
      return c.redirect(`${pathOf[system]}/sign-in?ended`, 303)
    }
    c.set('session', session.value)
    // With an idle limit, each request extends the session.
    if (auth.policy.session.idleSeconds > 0) {
      const again = await auth.sessions.seal({ session: session.value })
      if (again.isOk()) keepCookie(c, name, again.value)
    }
    return next()
  })
