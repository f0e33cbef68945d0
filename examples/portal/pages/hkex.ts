import type { Refusal } from 'ccass-2fa'
import { readListingCsv } from 'ccass-2fa/listing-csv'
import { lineReasonText } from 'ccass-2fa/messages'
import { htmlReport } from 'ccass-2fa/migration-report'
import { Hono } from 'hono'
import { html } from 'hono/html'
import {
  button,
  contextOf,
  type Env,
  facts,
  field,
  form,
  page,
  type Req,
  sent,
  table,
} from '../web/portal.ts'
import { shownTime } from '../web/shown.ts'

const by = 'hkex.portal'

/** A report is a separate page that includes its style sheet. */
const report = (c: Req, parts: Iterable<string>) => {
  c.header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  )
  return c.html([...parts].join(''))
}

/**
 * HKEX's side. The library does not guard these operations, and this portal shows them for development only.
 */
export const hkexPages = () => {
  const app = new Hono<Env>()
  const first = async (c: Req, refusal?: Refusal) => {
    const listed = await c.var.portal.auth.eservices.sent({ limit: 100 })
    const forms = listed.isOk() ? listed.value.forms : []
    return page(c, {
      title: 'hkex',
      wide: true,
      refusal: refusal ?? (listed.isErr() ? listed.error : undefined),
      body: html`<section><h2>${c.var.say('formsWaiting')}</h2>${table(
        c,
        'formsWaiting',
        [c.var.say('reference'), c.var.say('organisation'), c.var.say('actions')],
        forms.map(({ reference, participant, id }) => [
          reference,
          participant,
          form(
            c,
            '/hkex/process',
            html`<input type="hidden" name="reference" value="${reference}"><input type="hidden" name="participant" value="${participant}"><input type="hidden" name="id" value="${id}"><button class="primary">${c.var.say('process')}<span class="hidden"> ${reference}</span></button>`,
          ),
        ]),
      )}</section>
<section><h2>${c.var.say('migration')}</h2><p>${c.var.say('migrationAbout')}</p>${form(
        c,
        '/hkex/migration',
        html`<p class="field"><label for="listing">${c.var.say('listing')}</label><textarea id="listing" name="listing" rows="8" spellcheck="false">${c.var.portal.sampleListing}</textarea></p><div class="beside"><button class="primary" name="do" value="plan">${c.var.say('plan')}</button><button class="quiet" name="do" value="apply">${c.var.say('apply')}</button></div>`,
      )}</section>
<section><h2>${c.var.say('trail')}</h2><form method="get" action="/hkex/trail">${field({ name: 'userId', label: c.var.say('userId') })}${button(c.var.say('show'), 'quiet')}</form>${form(c, '/hkex/verify', button(c.var.say('verify')))}</section>`,
    })
  }
  app.get('/', (c) => first(c))
  app.post('/process', async (c) => {
    const [reference, participant, id] = [
      await sent(c, 'reference'),
      await sent(c, 'participant'),
      await sent(c, 'id'),
    ]
    const done = await c.var.portal.auth.eservices.process({
      form: { reference, participant, id },
      by,
      context: contextOf(c),
    })
    if (done.isErr()) return first(c, done.error)
    return page(c, {
      title: 'process',
      body: html`<p><strong>${reference}</strong></p>${table(
        c,
        'lines',
        ['#', c.var.say('outcome')],
        done.value.map(({ line, outcome }) => [
          line + 1,
          outcome.kind === 'accepted'
            ? `${c.var.say('accepted')}${outcome.userId === undefined ? '' : `: ${outcome.userId}`}`
            : `${c.var.say('refused')}: ${lineReasonText(outcome.reason, { messages: c.var.locale })} (${outcome.rule})`,
        ]),
      )}<p><a href="/hkex">${c.var.say('back')}</a></p>`,
    })
  })
  app.post('/migration', async (c) => {
    const text = await sent(c, 'listing')
    const { migration } = c.var.portal.auth
    // Read again for each run, so that the plan reflects the current text.
    const lines = async () => {
      const listing = await readListingCsv([text])
      return listing.isErr() ? undefined : listing.value.rows
    }
    const rows = await lines()
    if (rows === undefined)
      return first(c, {
        code: 'malformed-input',
        rule: 'API-01',
        field: 'listing',
        problem: 'is not a listing',
      })
    if ((await sent(c, 'do')) !== 'apply') {
      const planned = await migration.plan({ lines: rows })
      return planned.isErr() ? first(c, planned.error) : report(c, htmlReport({ plan: planned.value.plan }))
    }
    const applied = await migration.apply({ lines: rows, by, context: contextOf(c) })
    if (applied.isErr()) return first(c, applied.error)
    const reconciled = await migration.reconcile({ lines: (await lines()) ?? [] })
    return reconciled.isErr() ? first(c, reconciled.error) : report(c, htmlReport(reconciled.value))
  })
  app.get('/trail', async (c) => {
    const userId = (c.req.query('userId') ?? '').trim()
    const { audit } = c.var.portal.auth
    const [trail, refusals] = [
      await audit.trail({ userId, limit: 1_000 }),
      await audit.refusals({ userId, limit: 1_000 }),
    ]
    if (trail.isErr()) return first(c, trail.error)
    if (refusals.isErr()) return first(c, refusals.error)
    const rows = [...trail.value, ...refusals.value]
      .sort((one, other) => one.event.at - other.event.at)
      .map(({ event, actor }) => [
        shownTime(c, event.at),
        actor,
        `${event.type}${'reason' in event ? `: ${String(event.reason)}` : ''}`,
        event.rule,
      ])
    return page(c, {
      title: 'trail',
      wide: true,
      body: html`<p><strong>${userId}</strong></p>${table(c, 'trail', [c.var.say('when'), c.var.say('who'), c.var.say('what'), c.var.say('rule')], rows)}<p><a href="/hkex">${c.var.say('back')}</a></p>`,
    })
  })
  app.post('/verify', async (c) => {
    let [records, entries, after] = [0, 0, '']
    const findings: string[] = []
    do {
      const verified = await c.var.portal.auth.audit.verify({
        limit: 100,
        ...(after === '' ? {} : { after }),
      })
      if (verified.isErr()) return first(c, verified.error)
      records += verified.value.records
      entries += verified.value.entries
      findings.push(...verified.value.findings.map((finding) => JSON.stringify(finding)))
      after = verified.value.after ?? ''
    } while (after !== '')
    return page(c, {
      title: 'verify',
      ...(findings.length === 0
        ? { notice: 'verified' as const }
        : { warning: 'findings' as const, status: 200 as const }),
      body: html`${facts([
        [c.var.say('recordsVerified'), records],
        [c.var.say('entriesVerified'), entries],
      ])}<ul>${findings.map((finding) => html`<li>${finding}</li>`)}</ul><p><a href="/hkex">${c.var.say('back')}</a></p>`,
    })
  })
  return app
}
