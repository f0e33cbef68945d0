import type { Refusal, System } from 'ccass-2fa'
import { passwordRuleText } from 'ccass-2fa/messages'
import { passwordRequirements } from 'ccass-2fa/rules'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { dropCookie, goOn, type Step, stepOf } from '../web/cookies.ts'
import { button, contextOf, type Env, field, form, page, pathOf, type Req, sent } from '../web/portal.ts'

/** The rules for a new password. After a refusal, unmet rules are marked. */
const ruleList = (c: Req, refusal?: Refusal) => {
  const unmet = refusal?.code === 'password-refused' ? refusal.unmet.map(({ code }) => code) : []
  const { policy } = c.var.portal.auth
  const required = passwordRequirements(policy).map(({ code }) => code)
  const shown = new Set([...required, ...unmet])
  const options = { messages: c.var.locale, policy }
  return html`<p id="rules">${c.var.say('passwordRules')}</p><ul aria-labelledby="rules">${[...shown].map((code) => html`<li${unmet.includes(code) ? html` class="unmet"` : ''}>${unmet.includes(code) ? '✗ ' : ''}${passwordRuleText(code, options)}</li>`)}</ul>`
}

/** The fields of a new password. */
export const newPasswordFields = (c: Req, refusal?: Refusal) => html`${ruleList(c, refusal)}
${field({ name: 'password', label: c.var.say('newPassword'), type: 'password', autocomplete: 'new-password' })}
${field({ name: 'confirmation', label: c.var.say('confirmPassword'), type: 'password', autocomplete: 'new-password' })}`

/** Forgot/Reset, the first password, and an expired password. */
export const passwordPages = (system: System) => {
  const app = new Hono<Env>()
  const path = pathOf[system]
  const toStart = (c: Req) => c.redirect(`${path}/sign-in?ended`, 303)
  const forgotPage = (c: Req, refusal?: Refusal, userId = '') =>
    page(c, {
      title: 'reset',
      refusal,
      body: html`<p>${c.var.say('resetAbout')}</p>${form(c, `${path}/forgot`, html`${field({ name: 'userId', label: c.var.say('userId'), value: userId, autocomplete: 'username' })}${button(c.var.say('continue'))}`)}<p><a href="${path}/sign-in">${c.var.say('back')}</a></p>`,
    })
  const codePage = (c: Req, refusal?: Refusal) =>
    page(c, {
      title: 'reset',
      refusal,
      body: html`<p>${c.var.say('resetCode')}</p>${form(c, `${path}/forgot/code`, html`${field({ name: 'code', label: c.var.say('code'), autocomplete: 'one-time-code', inputmode: 'numeric' })}${button(c.var.say('submit'))}`)}<p><a href="${path}/forgot">${c.var.say('back')}</a></p>`,
    })
  const passwordPage = (c: Req, step: Step, refusal?: Refusal) =>
    page(c, {
      title: 'newPassword',
      refusal,
      body: html`${step.expired ? html`<p>${c.var.say('expired')}</p>` : ''}${form(c, `${path}/new-password`, html`${newPasswordFields(c, refusal)}${button(c.var.say('submit'))}`)}`,
    })

  app.get('/forgot', (c) => forgotPage(c))
  app.post('/forgot', async (c) => {
    const userId = await sent(c, 'userId')
    const { passwordSetUp } = c.var.portal.auth
    const started = await passwordSetUp.begin({ userId, context: contextOf(c) })
    if (started.isErr()) return forgotPage(c, started.error, userId)
    await goOn(c, { at: 'reset', system, challenge: started.value.challenge })
    return c.redirect(`${path}/forgot/code`, 303)
  })
  app.get('/forgot/code', async (c) => ((await stepOf(c, system, 'reset')) ? codePage(c) : toStart(c)))
  app.post('/forgot/code', async (c) => {
    const step = await stepOf(c, system, 'reset')
    if (step === undefined) return toStart(c)
    const code = (await sent(c, 'code')).trim()
    const { passwordSetUp } = c.var.portal.auth
    const done = await passwordSetUp.confirmCode({ challenge: step.challenge, code, context: contextOf(c) })
    if (done.isErr()) return codePage(c, done.error)
    await goOn(c, { at: 'new-password', system, challenge: step.challenge })
    return c.redirect(`${path}/new-password`, 303)
  })
  app.get('/new-password', async (c) => {
    const step = await stepOf(c, system, 'new-password')
    return step === undefined ? toStart(c) : passwordPage(c, step)
  })
  app.post('/new-password', async (c) => {
    const step = await stepOf(c, system, 'new-password')
    if (step === undefined) return toStart(c)
    const { challenge } = step
    const [password, confirmation] = [await sent(c, 'password'), await sent(c, 'confirmation')]
    const { passwordSetUp } = c.var.portal.auth
    const done = await passwordSetUp.complete({ challenge, password, confirmation, context: contextOf(c) })
    if (done.isErr()) return passwordPage(c, step, done.error)
    dropCookie(c, 'step')
    return c.redirect(`${path}/password-set`, 303)
  })
  app.get('/password-set', (c) =>
    page(c, {
      title: 'newPassword',
      notice: 'passwordSet',
      body: html`<p class="actions"><a class="primary" href="${path}/sign-in">${c.var.say('toSignIn')}</a></p>`,
    }),
  )
  return app
}
