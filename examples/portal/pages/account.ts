import type { Refusal, System } from 'ccass-2fa'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { dropCookie, sessionCookie } from '../web/cookies.ts'
import {
  button,
  contextOf,
  type Env,
  field,
  form,
  page,
  pathOf,
  type Req,
  sent,
  table,
} from '../web/portal.ts'
import { shownTime } from '../web/shown.ts'
import { newPasswordFields } from './password.ts'

/** Change Password, Authentication Settings, sessions, sign-out: for the holder of a session. */
export const accountPages = (system: System) => {
  const app = new Hono<Env>()
  const path = pathOf[system]
  const passwordPage = (c: Req, refusal?: Refusal) =>
    page(c, {
      title: 'changePassword',
      refusal,
      body: form(
        c,
        `${path}/password`,
        html`${field({ name: 'current', label: c.var.say('currentPassword'), type: 'password', autocomplete: 'current-password' })}${newPasswordFields(c, refusal)}${button(c.var.say('submit'))}`,
      ),
    })
  const settingsPage = async (c: Req, more: { refusal?: Refusal; notice?: 'deviceChange' } = {}) => {
    const listed = await c.var.portal.auth.sessions.list({ session: c.var.session })
    const sessions = listed.unwrapOr([])
    return page(c, {
      title: 'settings',
      ...more,
      wide: true,
      body: html`<section><h2>${c.var.say('changeDevice')}</h2><p>${c.var.say('changeDeviceAbout')}</p>${form(c, `${path}/settings/device`, button(c.var.say('changeDevice')))}</section>
<section><h2>${c.var.say('sessions')}</h2>${table(
        c,
        'sessions',
        [c.var.say('signedInAt'), c.var.say('until'), c.var.say('terminal'), c.var.say('actions')],
        sessions.map((each) => [
          shownTime(c, each.signedInAt),
          shownTime(c, each.expiresAt),
          each.system,
          each.current
            ? c.var.say('thisSession')
            : form(
                c,
                `${path}/settings/sessions`,
                html`<input type="hidden" name="id" value="${each.id}"><button class="quiet">${c.var.say('end')}</button>`,
              ),
        ]),
      )}${sessions.length > 1 ? form(c, `${path}/settings/others`, button(c.var.say('endOthers'), 'quiet')) : ''}</section>`,
    })
  }
  app.get('/password', (c) => passwordPage(c))
  app.post('/password', async (c) => {
    const changed = await c.var.portal.auth.selfService.changePassword({
      session: c.var.session,
      current: await sent(c, 'current'),
      password: await sent(c, 'password'),
      confirmation: await sent(c, 'confirmation'),
      context: contextOf(c),
    })
    return changed.isErr()
      ? passwordPage(c, changed.error)
      : page(c, { title: 'changePassword', notice: 'passwordChanged', body: html`` })
  })
  app.get('/settings', (c) => settingsPage(c))
  app.post('/settings/device', async (c) => {
    const { selfService } = c.var.portal.auth
    const requested = await selfService.changeDevice({ session: c.var.session, context: contextOf(c) })
    return settingsPage(c, requested.isErr() ? { refusal: requested.error } : { notice: 'deviceChange' })
  })
  app.post('/settings/sessions', async (c) => {
    const { sessions } = c.var.portal.auth
    const ended = await sessions.end({
      session: c.var.session,
      id: await sent(c, 'id'),
      context: contextOf(c),
    })
    return ended.isErr() ? settingsPage(c, { refusal: ended.error }) : c.redirect(`${path}/settings`, 303)
  })
  app.post('/settings/others', async (c) => {
    const { sessions } = c.var.portal.auth
    const ended = await sessions.endOthers({ session: c.var.session, context: contextOf(c) })
    return ended.isErr() ? settingsPage(c, { refusal: ended.error }) : c.redirect(`${path}/settings`, 303)
  })
  app.post('/sign-out', async (c) => {
    const { sessions } = c.var.portal.auth
    const out = await sessions.signOut({ session: c.var.session, context: contextOf(c) })
    // If the session could not be ended, it is still open: say so, and keep the cookie for another try.
    if (out.isErr() && out.error.code !== 'session-ended')
      return page(c, { title: 'signOut', refusal: out.error, body: html`` })
    dropCookie(c, sessionCookie(system))
    return c.redirect(`${path}/sign-in?out`, 303)
  })
  return app
}
