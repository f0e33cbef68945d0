import type { System } from 'ccass-2fa'
import type { refusalText } from 'ccass-2fa/messages'
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { renderSVG } from 'uqr'
import { dropCookie, goOn, type Step, stepOf } from '../web/cookies.ts'
import { button, contextOf, type Env, field, form, page, pathOf, type Req, sent } from '../web/portal.ts'
import { shownTime } from '../web/shown.ts'

/** The QR code as inline SVG, dark on white in both colour schemes, with a name for a screen reader. */
const qrCode = (uri: string, name: string) =>
  html`<div class="qr" role="img" aria-label="${name}">${raw(renderSVG(uri, { border: 2 }).replace('<svg ', '<svg aria-hidden="true" focusable="false" '))}</div>`

const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ')

/** The set-up of the OTP channel. */
export const setUpPages = (system: System) => {
  const app = new Hono<Env>()
  const path = pathOf[system]
  const toStart = (c: Req) => c.redirect(`${path}/sign-in?ended`, 303)

  const channelPage = (c: Req, refusal?: Parameters<typeof refusalText>[0]) =>
    page(c, {
      title: 'setUp',
      refusal,
      body: form(
        c,
        `${path}/set-up`,
        html`<fieldset><legend>${c.var.say('chooseChannel')}</legend>
<label class="option"><input type="radio" name="channel" value="MobileApp" checked> <span><strong>${c.var.say('app')}</strong><br>${c.var.say('appAbout')}</span></label>
<label class="option"><input type="radio" name="channel" value="Email"> <span><strong>${c.var.say('email')}</strong><br>${c.var.say('emailAbout')}</span></label>
</fieldset>${button(c.var.say('continue'))}`,
      ),
    })
  const codePage = (c: Req, { channel, uri, secret }: Step, refusal?: Parameters<typeof refusalText>[0]) =>
    page(c, {
      title: 'setUp',
      refusal,
      body: html`${
        channel === 'MobileApp' && uri !== undefined && secret !== undefined
          ? html`<p>${c.var.say('scan')}</p>${qrCode(uri, c.var.say('qrCode'))}<p>${c.var.say('typeIn')}<br><code class="secret">${inFours(secret)}</code></p>`
          : html`<p>${c.var.say('otpEmail')}</p>`
      }${form(c, `${path}/set-up/code`, html`${field({ name: 'code', label: c.var.say('code'), autocomplete: 'one-time-code', inputmode: 'numeric' })}${button(c.var.say('submit'))}`)}
<p><a href="${path}/set-up">${c.var.say('back')}</a></p>`,
    })

  app.get('/set-up', async (c) =>
    (await stepOf(c, system, 'channel', 'enrol')) ? channelPage(c) : toStart(c),
  )
  app.post('/set-up', async (c) => {
    const step = await stepOf(c, system, 'channel', 'enrol')
    if (step === undefined) return toStart(c)
    const channel = (await sent(c, 'channel')) === 'Email' ? 'Email' : 'MobileApp'
    const { enrolment } = c.var.portal.auth
    const chosen = await enrolment.chooseChannel({
      challenge: step.challenge,
      channel,
      context: contextOf(c),
    })
    if (chosen.isErr()) return channelPage(c, chosen.error)
    const { value } = chosen
    const app = value.channel === 'MobileApp' ? { uri: value.uri, secret: value.secret } : {}
    await goOn(c, { at: 'enrol', system, challenge: value.challenge, channel, ...app })
    return c.redirect(`${path}/set-up/code`, 303)
  })
  app.get('/set-up/code', async (c) => {
    const step = await stepOf(c, system, 'enrol')
    return step === undefined ? toStart(c) : codePage(c, step)
  })
  app.post('/set-up/code', async (c) => {
    const step = await stepOf(c, system, 'enrol')
    if (step === undefined) return toStart(c)
    const code = (await sent(c, 'code')).trim()
    const { enrolment } = c.var.portal.auth
    const done = await enrolment.confirm({ challenge: step.challenge, code, context: contextOf(c) })
    if (done.isErr()) {
      if (done.error.code === 'challenge-ended') dropCookie(c, 'step')
      return codePage(c, step, done.error)
    }
    const next = done.value.channel === 'MobileApp' ? { nextCodeAt: done.value.nextCodeAt } : {}
    await goOn(c, { at: 'enrolled', system, challenge: '', ...next })
    return c.redirect(`${path}/set-up/done`, 303)
  })
  app.get('/set-up/done', async (c) => {
    const step = await stepOf(c, system, 'enrolled')
    if (step === undefined) return toStart(c)
    dropCookie(c, 'step')
    return page(c, {
      title: 'enrolled',
      body: html`${step.nextCodeAt === undefined ? '' : html`<p>${c.var.say('nextCode')} <strong>${shownTime(c, step.nextCodeAt)}</strong></p>`}
<p class="actions"><a class="primary" href="${path}/sign-in">${c.var.say('toSignIn')}</a></p>`,
    })
  })
  return app
}
