import type { Refusal, Session, System } from 'ccass-2fa'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { dropCookie, goOn, keepCookie, type Step, sessionCookie, stepOf } from '../web/cookies.ts'
import { button, contextOf, type Env, field, form, page, pathOf, type Req, sent } from '../web/portal.ts'

const signInForm = (c: Req, path: string, userId = '') => html`${form(
  c,
  `${path}/sign-in`,
  html`${field({ name: 'userId', label: c.var.say('userId'), value: userId, autocomplete: 'username' })}
${field({ name: 'password', label: c.var.say('password'), type: 'password', autocomplete: 'current-password' })}
${button(c.var.say('signIn'))}`,
)}
<p><a href="${path}/forgot">${c.var.say('forgot')}</a></p><p class="hint">${c.var.say('firstTime')}</p>`

const codeField = (c: Req) =>
  field({ name: 'code', label: c.var.say('code'), autocomplete: 'one-time-code', inputmode: 'numeric' })

/** Stores a completed sign-in in a cookie and shows the system's first page. */
const enter = async (c: Req, system: System, session: Session) => {
  const sealed = await c.var.portal.auth.sessions.seal({ session })
  if (sealed.isErr()) return page(c, { title: 'signIn', refusal: sealed.error, body: html`` })
  keepCookie(c, sessionCookie(system), sealed.value)
  dropCookie(c, 'step')
  dropCookie(c, 'visitor') // the tokens of pages from before the sign-in end with it
  return c.redirect(pathOf[system], 303)
}

/** LOG IN, and the one-time code. */
export const signInPages = (system: System) => {
  const app = new Hono<Env>()
  const path = pathOf[system]
  const otpPage = (
    c: Req,
    channel: 'MobileApp' | 'Email',
    more: Pick<Parameters<typeof page>[1], 'refusal' | 'notice'> = {},
  ) =>
    page(c, {
      title: 'otp',
      ...more,
      body: html`<p>${c.var.say(channel === 'MobileApp' ? 'otpApp' : 'otpEmail')}</p>
${form(c, `${path}/otp`, html`${codeField(c)}${button(c.var.say('submit'))}`)}
<div class="beside">${channel === 'Email' ? form(c, `${path}/otp/resend`, button(c.var.say('resend'), 'quiet')) : ''}
${form(c, `${path}/otp/cancel`, button(c.var.say('cancel'), 'quiet'))}</div>`,
    })

  /** Shows a refusal where the holder can try again: on the page of the code, or of the sign-in if that has ended. */
  const refused = (c: Req, step: Step, refusal: Refusal) => {
    if (refusal.code !== 'challenge-ended') return otpPage(c, step.channel ?? 'MobileApp', { refusal })
    dropCookie(c, 'step')
    return page(c, { title: 'signIn', refusal, body: signInForm(c, path) })
  }

  app.get('/sign-in', (c) => {
    const warning = c.req.query('ended') === undefined ? undefined : 'ended'
    const notice = c.req.query('out') === undefined ? undefined : 'signedOut'
    return page(c, { title: 'signIn', warning, notice, body: signInForm(c, path) })
  })
  app.post('/sign-in', async (c) => {
    const userId = await sent(c, 'userId')
    const password = await sent(c, 'password')
    const started = await c.var.portal.auth.signIn.begin({ userId, password, system, context: contextOf(c) })
    if (started.isErr())
      return page(c, { title: 'signIn', refusal: started.error, body: signInForm(c, path, userId) })
    const step = started.value
    switch (step.next) {
      case 'otp':
        await goOn(c, { at: 'otp', system, challenge: step.challenge, channel: step.channel })
        return c.redirect(`${path}/otp`, 303)
      case 'changePassword':
        await goOn(c, { at: 'new-password', system, challenge: step.challenge, expired: true })
        return c.redirect(`${path}/new-password`, 303)
      case 'enrolOtp':
        await goOn(c, { at: 'channel', system, challenge: step.challenge })
        return c.redirect(`${path}/set-up`, 303)
    }
  })
  app.get('/otp', async (c) => {
    const step = await stepOf(c, system, 'otp')
    return step === undefined
      ? c.redirect(`${path}/sign-in?ended`, 303)
      : otpPage(c, step.channel ?? 'MobileApp')
  })
  app.post('/otp', async (c) => {
    const step = await stepOf(c, system, 'otp')
    if (step === undefined) return c.redirect(`${path}/sign-in?ended`, 303)
    const code = (await sent(c, 'code')).trim()
    const done = await c.var.portal.auth.signIn.confirmOtp({
      challenge: step.challenge,
      code,
      context: contextOf(c),
    })
    if (done.isErr()) return refused(c, step, done.error)
    if (done.value.next === 'done') return enter(c, system, done.value.session)
    await goOn(c, { at: 'channel', system, challenge: done.value.challenge })
    return c.redirect(`${path}/set-up`, 303)
  })
  app.post('/otp/resend', async (c) => {
    const step = await stepOf(c, system, 'otp')
    if (step === undefined) return c.redirect(`${path}/sign-in?ended`, 303)
    const again = await c.var.portal.auth.signIn.resendCode({
      challenge: step.challenge,
      context: contextOf(c),
    })
    if (again.isErr()) return refused(c, step, again.error)
    return otpPage(c, step.channel ?? 'Email', { notice: 'resent' })
  })
  app.post('/otp/cancel', async (c) => {
    const step = await stepOf(c, system, 'otp')
    if (step !== undefined)
      await c.var.portal.auth.signIn.cancel({ challenge: step.challenge, context: contextOf(c) })
    dropCookie(c, 'step')
    return c.redirect(`${path}/sign-in`, 303)
  })
  return app
}
