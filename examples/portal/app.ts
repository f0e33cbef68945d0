import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { html } from 'hono/html'
import { accountPages } from './pages/account.ts'
import { dmsPages } from './pages/dms.ts'
import { eservicePages } from './pages/eservices.ts'
import { hkexPages } from './pages/hkex.ts'
import { mailboxPages } from './pages/mailbox.ts'
import { passwordPages } from './pages/password.ts'
import { setUpPages } from './pages/set-up.ts'
import { signInPages } from './pages/sign-in.ts'
import { keepCookie } from './web/cookies.ts'
import { guarded, protectedPages, signedIn } from './web/guard.ts'
import { checkOrigin } from './web/origin.ts'
import { type Env, type Portal, page, pathOf } from './web/portal.ts'
import { languages, type Word } from './web/words.ts'

/** The page to return to after a choice of language: a path of this portal, or its first page. */
const safeReturnPath = (path: string | undefined) =>
  /^\/(?![/\\])[\w/-]*$/.test(path ?? '') ? (path as string) : '/'

/**
 * Creates the portal: server-rendered pages over the library. It uses no API of Node, so that it runs on
 * every runtime that Hono and the ports support.
 */
export const createPortal = (portal: Portal) => {
  if (portal.publicOrigin !== undefined) checkOrigin(portal.publicOrigin)
  const app = new Hono<Env>()
  app.get('/style.css', (c) =>
    c.body(portal.css, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=60' }),
  )
  app.use(protectedPages)
  app.use(bodyLimit({ maxSize: 1_048_576, onError: (c) => c.text('The form is too large.', 413) }))
  app.use(guarded(portal))
  app.get('/language/:tag', (c) => {
    const tag = languages.find(([each]) => each === c.req.param('tag'))?.[0]
    if (tag !== undefined) keepCookie(c, 'language', tag)
    return c.redirect(safeReturnPath(c.req.query('back')), 303)
  })
  app.get('/', (c) => {
    const card = (href: string, title: Word, text: Word) =>
      html`<li><a href="${href}"><strong>${c.var.say(title)}</strong><span>${c.var.say(text)}</span></a></li>`
    return page(c, {
      title: 'chooseSystem',
      wide: true,
      body: html`<ul class="cards">${card('/terminal', 'terminal', 'terminalAbout')}${card('/dms', 'dms', 'dmsAbout')}${card('/eservices', 'eservices', 'eservicesAbout')}${card('/hkex', 'hkex', 'hkexAbout')}${card('/mailbox', 'mailbox', 'mailboxAbout')}</ul>`,
    })
  })
  app.route('/mailbox', mailboxPages())
  app.route('/hkex', hkexPages())
  app.route('/eservices', eservicePages())
  for (const system of ['CCASS/CCMS', 'DMS'] as const) {
    const path = pathOf[system]
    for (const pages of [signInPages, passwordPages, setUpPages]) app.route(path, pages(system))
    // The following pages require a sign-in.
    app.use(`${path}/*`, signedIn(system))
    app.route(path, accountPages(system))
  }
  app.get('/terminal', (c) =>
    page(c, {
      title: 'welcome',
      body: html`<p>${c.var.say('terminalReady')}</p><ul class="menu-list"><li><a href="/terminal/password">${c.var.say('changePassword')}</a></li><li><a href="/terminal/settings">${c.var.say('settings')}</a></li></ul>`,
    }),
  )
  app.route('/dms', dmsPages())
  app.notFound((c) =>
    page(c, {
      title: 'home',
      warning: 'notFound',
      status: 404,
      body: html`<p><a href="/">${c.var.say('home')}</a></p>`,
    }),
  )
  app.onError((_, c) => {
    // The error may contain submitted values, so it is not shown.
    return c.text('The service is not available at the moment.', 500)
  })
  return app
}
