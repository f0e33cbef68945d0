import type { Refusal } from 'ccass-2fa'
import {
  type ClientConnectUser,
  type EserviceContents,
  type EserviceLine,
  type EserviceView,
  isStatusAction,
} from 'ccass-2fa/eservices'
import { lineReasonText } from 'ccass-2fa/messages'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { openCookie, sealCookie } from '../web/cookies.ts'
import { people } from '../web/people.ts'
import {
  button,
  choice,
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
import { formStatusWords, shownTime } from '../web/shown.ts'
import type { Word } from '../web/words.ts'

const actorOf = async (c: Req): Promise<ClientConnectUser | undefined> => {
  const id = await openCookie<string>(c, 'connect')
  return people.find((person) => person.id === id)
}

const lineWords = {
  add: 'add',
  change: 'changeLine',
  unlock: 'unlockLine',
  enable: 'enableLine',
  disable: 'disableLine',
  delete: 'deleteLine',
} as const satisfies Record<string, Word>

const describe = (c: Req, line: EserviceLine): string => {
  const say = (word: Word) => c.var.say(word)
  switch (line.type) {
    case 'add':
      return `${say('add')}: ${line.profile.surname} ${line.profile.otherNames}, ${line.profile.email}`
    case 'change':
      return `${say('changeLine')}: ${line.userId}, ${Object.values(line.changes).join(', ')}`
    case 'status':
      return `${say(lineWords[line.action])}: ${line.userId}, ${line.email}`
    case 'delete':
      return `${say('deleteLine')}: ${line.userId}`
    default:
      return line.type
  }
}

/** The entered line. */
const lineIn = async (c: Req): Promise<EserviceLine> => {
  const type = await sent(c, 'type')
  const userId = (await sent(c, 'userId')).trim()
  const email = (await sent(c, 'email')).trim()
  const [surname, otherNames] = [(await sent(c, 'surname')).trim(), (await sent(c, 'otherNames')).trim()]
  if (isStatusAction(type)) return { type: 'status', userId, email, action: type }
  switch (type) {
    case 'add':
      return { type: 'add', profile: { surname, otherNames, email } }
    case 'change':
      return {
        type: 'change',
        userId,
        changes: {
          ...(surname === '' ? {} : { surname }),
          ...(otherNames === '' ? {} : { otherNames }),
          ...(email === '' ? {} : { email }),
        },
      }
    case 'delete':
      return { type: 'delete', userId }
    default:
      return { type: 'status', userId, email, action: 'unlock' }
  }
}

/** Form DA 3 in Client Connect. A host knows who is signed in to Client Connect; here you choose the user. */
export const eservicePages = () => {
  const app = new Hono<Env>()
  const step = (c: Req, actor: ClientConnectUser, id: string) => ({ actor, id, context: contextOf(c) })
  const toList = (c: Req) => c.redirect('/eservices', 303)

  const chooser = (c: Req, actor?: ClientConnectUser) =>
    form(
      c,
      '/eservices/as',
      html`${choice(
        'id',
        c.var.say('asWhom'),
        people.map(({ id, name, roles }) => [
          id,
          `${name} (${roles.map((role) => c.var.say(role === 'Maker' ? 'maker' : 'checker')).join(', ')})`,
        ]),
        actor?.id,
      )}${button(c.var.say('continue'), 'quiet')}`,
    )
  app.post('/as', async (c) => {
    await sealCookie(c, 'connect', await sent(c, 'id'), 28_800)
    return toList(c)
  })
  app.get('/', async (c) => {
    const actor = await actorOf(c)
    if (actor === undefined) return page(c, { title: 'eservices', body: chooser(c) })
    const listed = await c.var.portal.auth.eservices.list({ actor, context: contextOf(c) })
    if (listed.isErr()) return page(c, { title: 'eservices', refusal: listed.error, body: chooser(c, actor) })
    return page(c, {
      title: 'eservices',
      wide: true,
      body: html`${chooser(c, actor)}<h2>${c.var.say('forms')}</h2>${table(
        c,
        'forms',
        [
          c.var.say('reference'),
          c.var.say('formStatus'),
          c.var.say('maker'),
          c.var.say('when'),
          c.var.say('actions'),
        ],
        listed.value.forms.map(({ id, status, form: on }) => [
          ('reference' in on && on.reference) || '–',
          c.var.say(formStatusWords[status]),
          on.maker.name,
          shownTime(c, on.since),
          html`<a href="/eservices/${id}">${c.var.say('open')}<span class="hidden"> ${'reference' in on ? on.reference : id}</span></a>`,
        ]),
      )}${actor.roles.includes('Maker') ? form(c, '/eservices/new', button(c.var.say('newForm'))) : ''}`,
    })
  })
  app.post('/new', async (c) => {
    const actor = await actorOf(c)
    if (actor === undefined) return toList(c)
    const contents: EserviceContents = {
      clearingHouse: 'HKSCC',
      lines: [],
      contact: { name: '', email: '', telephone: '' },
      declared: false,
    }
    const drafted = await c.var.portal.auth.eservices.draft({
      actor,
      form: 'DA 3',
      contents,
      context: contextOf(c),
    })
    return drafted.isErr()
      ? page(c, { title: 'da3', refusal: drafted.error, body: html`` })
      : c.redirect(`/eservices/${drafted.value.id}`, 303)
  })

  const draftParts = (c: Req, { id, form: on }: EserviceView) => {
    const { contact, declared, lines } = on.contents
    const say = c.var.say
    return html`
${lines.length === 0 ? '' : html`<ul class="lines">${lines.map((line, n) => html`<li>${describe(c, line)} ${form(c, `/eservices/${id}/remove`, html`<input type="hidden" name="line" value="${n}"><button class="quiet">${say('removeLine')}<span class="hidden"> ${n + 1}</span></button>`)}</li>`)}</ul>`}
<section><h2>${say('addLine')}</h2>${form(
      c,
      `/eservices/${id}/lines`,
      html`${choice(
        'type',
        say('lineType'),
        Object.entries(lineWords).map(([type, word]) => [type, say(word)]),
        'unlock',
      )}
${field({ name: 'userId', label: say('userId'), optional: true })}
${field({ name: 'email', label: say('email'), type: 'email', optional: true })}
${field({ name: 'surname', label: say('surname'), optional: true })}
${field({ name: 'otherNames', label: say('otherNames'), optional: true })}
${button(say('addLine'), 'quiet')}`,
    )}</section>
<section><h2>${say('contact')}</h2>${form(
      c,
      `/eservices/${id}/submit`,
      html`${field({ name: 'contactName', label: say('name'), value: contact.name, autocomplete: 'name' })}
${field({ name: 'contactEmail', label: say('email'), value: contact.email, type: 'email', autocomplete: 'email' })}
${field({ name: 'contactTelephone', label: say('telephone'), value: contact.telephone, type: 'tel', autocomplete: 'tel' })}
<p class="field"><label class="option"><input type="checkbox" name="declared" value="yes"${declared ? html` checked` : ''}> <span>${say('declaration')}</span></label></p>
${button(say('submitForm'))}`,
    )}</section>`
  }
  const outcomes = (c: Req, view: EserviceView) => {
    const on = view.form
    const processed = 'processed' in on ? on.processed : []
    return table(
      c,
      'lines',
      [c.var.say('what'), c.var.say('outcome')],
      on.contents.lines.map((line, n) => {
        const outcome = processed.find((each) => each.line === n)?.outcome
        if (outcome === undefined) return [describe(c, line), '–']
        return [
          describe(c, line),
          outcome.kind === 'accepted'
            ? `${c.var.say('accepted')}${outcome.userId === undefined ? '' : `: ${outcome.userId}`}`
            : `${c.var.say('refused')}: ${lineReasonText(outcome.reason, { messages: c.var.locale })}`,
        ]
      }),
    )
  }
  /** What the checker who claimed a form can do with it. */
  const checkerParts = (c: Req, actor: ClientConnectUser, at: string) => {
    const others = people.filter(({ id, roles }) => id !== actor.id && roles.includes('Checker'))
    return html`<section><h2>${c.var.say('refer')}</h2>${form(
      c,
      `${at}/refer`,
      html`${choice(
        'to',
        c.var.say('checker'),
        others.map(({ id, name }) => [id, name]),
      )}${button(c.var.say('refer'), 'quiet')}`,
    )}</section>
<section><h2>${c.var.say('revert')}</h2>${form(c, `${at}/revert`, html`${field({ name: 'remark', label: c.var.say('remark') })}${button(c.var.say('revert'), 'danger')}`)}</section>`
  }
  const formPage = (c: Req, actor: ClientConnectUser, view: EserviceView, refusal?: Refusal) => {
    const on = view.form
    const at = `/eservices/${view.id}`
    const act = (name: string, word: Word, kind?: 'primary' | 'quiet' | 'danger') =>
      form(c, `${at}/${name}`, button(c.var.say(word), kind))
    const isMaker = on.maker.id === actor.id
    const isClaimant = on.stage === 'Claimed' && on.claimant.id === actor.id
    // The checker who sent a form can take it back until HKEX has processed a line (ESV-16).
    const isReclaimable = on.stage === 'SentToHkex' && on.checker.id === actor.id && on.processed.length === 0
    const actions = [
      ...(on.stage === 'Draft' && isMaker ? [act('discard', 'discard', 'danger')] : []),
      ...(on.stage === 'ReadyToSend'
        ? [isMaker ? act('reclaim', 'reclaim', 'quiet') : act('claim', 'claim')]
        : []),
      ...(isClaimant ? [act('confirm', 'sendToHkex'), act('release', 'releaseForm', 'quiet')] : []),
      ...(isReclaimable ? [act('reclaim', 'reclaim', 'quiet')] : []),
      ...(on.stage === 'Claimed' && !isClaimant && !isMaker ? [act('takeOver', 'takeOver')] : []),
      ...(actor.roles.includes('Maker') ? [act('clone', 'clone', 'quiet')] : []),
    ]
    return page(c, {
      title: 'da3',
      refusal,
      body: html`${facts([
        [c.var.say('reference'), ('reference' in on && on.reference) || '–'],
        [c.var.say('formStatus'), c.var.say(formStatusWords[view.status])],
        [c.var.say('maker'), on.maker.name],
        ...('claimant' in on ? [[c.var.say('checker'), on.claimant.name] as const] : []),
        ...('checker' in on ? [[c.var.say('checker'), on.checker.name] as const] : []),
        ...('remark' in on && on.remark !== undefined
          ? [[c.var.say('remark'), on.remark.text] as const]
          : []),
        [c.var.say('when'), shownTime(c, on.since)],
      ])}<h2>${c.var.say('lines')}</h2>${on.stage === 'Draft' && isMaker ? draftParts(c, view) : outcomes(c, view)}
<div class="beside">${actions}</div>
${isClaimant ? checkerParts(c, actor, at) : ''}
<p><a href="/eservices">${c.var.say('back')}</a></p>`,
    })
  }
  const shown = async (c: Req, actor: ClientConnectUser, id: string, refusal?: Refusal) => {
    const view = await c.var.portal.auth.eservices.view(step(c, actor, id))
    return view.isErr()
      ? page(c, { title: 'da3', refusal: refusal ?? view.error, body: html`` })
      : formPage(c, actor, view.value, refusal)
  }
  app.get('/:id', async (c) => {
    const actor = await actorOf(c)
    return actor === undefined ? toList(c) : shown(c, actor, c.req.param('id'))
  })
  /** Edits a draft. */
  const edited = async (
    c: Req,
    change: (contents: EserviceContents) => EserviceContents | Promise<EserviceContents>,
  ) => {
    const actor = await actorOf(c)
    const id = c.req.param('id') ?? ''
    if (actor === undefined) return undefined
    const view = await c.var.portal.auth.eservices.view(step(c, actor, id))
    if (view.isErr()) return { actor, id, refusal: view.error }
    const contents = await change(view.value.form.contents)
    const done = await c.var.portal.auth.eservices.edit({ ...step(c, actor, id), contents })
    return { actor, id, ...(done.isErr() ? { refusal: done.error } : {}) }
  }
  app.post('/:id/lines', async (c) => {
    const done = await edited(c, async (contents) => ({
      ...contents,
      lines: [...contents.lines, await lineIn(c)],
    }))
    if (done === undefined) return toList(c)
    return done.refusal
      ? shown(c, done.actor, done.id, done.refusal)
      : c.redirect(`/eservices/${done.id}`, 303)
  })
  app.post('/:id/remove', async (c) => {
    const index = Number(await sent(c, 'line'))
    const done = await edited(c, (contents) => ({
      ...contents,
      lines: contents.lines.filter((_, n) => n !== index),
    }))
    if (done === undefined) return toList(c)
    return done.refusal
      ? shown(c, done.actor, done.id, done.refusal)
      : c.redirect(`/eservices/${done.id}`, 303)
  })
  app.post('/:id/submit', async (c) => {
    const contact = {
      name: (await sent(c, 'contactName')).trim(),
      email: (await sent(c, 'contactEmail')).trim(),
      telephone: (await sent(c, 'contactTelephone')).trim(),
    }
    const declared = (await sent(c, 'declared')) === 'yes'
    const done = await edited(c, (contents) => ({ ...contents, contact, declared }))
    if (done === undefined) return toList(c)
    if (done.refusal) return shown(c, done.actor, done.id, done.refusal)
    const { eservices } = c.var.portal.auth
    const submitted = await eservices.submit({ ...step(c, done.actor, done.id), users: people })
    return submitted.isErr()
      ? shown(c, done.actor, done.id, submitted.error)
      : c.redirect(`/eservices/${done.id}`, 303)
  })
  for (const name of ['claim', 'takeOver', 'confirm', 'release', 'reclaim', 'discard', 'clone'] as const)
    app.post(`/:id/${name}`, async (c) => {
      const actor = await actorOf(c)
      if (actor === undefined) return toList(c)
      const id = c.req.param('id') ?? ''
      const done = await c.var.portal.auth.eservices[name](step(c, actor, id))
      // A clone is a form of its own.
      return done.isErr() ? shown(c, actor, id, done.error) : c.redirect(`/eservices/${done.value.id}`, 303)
    })
  app.post('/:id/refer', async (c) => {
    const actor = await actorOf(c)
    if (actor === undefined) return toList(c)
    const id = c.req.param('id')
    const chosen = await sent(c, 'to')
    const to = people.find((person) => person.id === chosen)
    if (to === undefined) return shown(c, actor, id)
    const done = await c.var.portal.auth.eservices.refer({ ...step(c, actor, id), to })
    return done.isErr() ? shown(c, actor, id, done.error) : c.redirect(`/eservices/${id}`, 303)
  })
  app.post('/:id/revert', async (c) => {
    const actor = await actorOf(c)
    if (actor === undefined) return toList(c)
    const id = c.req.param('id')
    const remark = (await sent(c, 'remark')).trim()
    const done = await c.var.portal.auth.eservices.revert({ ...step(c, actor, id), remark })
    return done.isErr() ? shown(c, actor, id, done.error) : c.redirect(`/eservices/${id}`, 303)
  })
  return app
}
