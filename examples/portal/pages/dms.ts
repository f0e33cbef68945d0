import type { Refusal } from 'ccass-2fa'
import type { EntryInput, OwnRequest, ProfileEntry, ProfileView } from 'ccass-2fa/dms'
import { Hono } from 'hono'
import { html } from 'hono/html'
import {
  button,
  contextOf,
  type Env,
  facts,
  field,
  form,
  type Html,
  page,
  type Req,
  sent,
  table,
} from '../web/portal.ts'
import { changesIn, type EnteredProfile, enteredOf, profileFields, sentProfile } from '../web/profile-form.ts'
import { outcomeWords, shownField, shownRemark, shownTime, shownValue, textFields } from '../web/shown.ts'
import { isWord, type Word } from '../web/words.ts'

const callOf = (c: Req) => ({ session: c.var.session, context: contextOf(c) })

const profileFacts = (c: Req, view: ProfileView) => {
  const say = (word: Word) => c.var.say(word)
  const rows: [string, unknown][] = [
    [say('userId'), view.userId],
    ...(view.remark === undefined ? [] : [[say('role'), shownRemark(c, view)] as [string, unknown]]),
    [say('organisation'), shownValue(c, view.organisation)],
    [say('status'), shownField(c, 'status', view.status)],
    ...textFields.map((name) => [say(name), shownValue(c, view[name])] as [string, unknown]),
    [say('userGroups'), shownValue(c, view.userGroups)],
    [say('transactionLimits'), shownValue(c, view.transactionLimits)],
  ]
  if (view.locked !== undefined) rows.push([say('locked'), shownValue(c, view.locked)])
  if (view.otpEnabled !== undefined) rows.push([say('otpEnabled'), shownValue(c, view.otpEnabled)])
  if (view.smartcard !== undefined) {
    rows.push([say('smartcard'), view.smartcard.srn])
    rows.push([say('certificateExpiry'), shownTime(c, view.smartcard.certificateExpiry)])
  }
  return facts(rows)
}

const kinds = { create: 'create', change: 'change', delete: 'delete' } as const satisfies Record<
  ProfileEntry['kind'],
  Word
>
/** The name of a profile's field. */
const fieldName = (c: Req, name: string): string => (isWord(name) ? c.var.say(name) : name)

/** What a request would change, next to the current profile. */
const entryTable = (c: Req, entry: ProfileEntry, view?: ProfileView) => {
  const wanted = entry.kind === 'create' ? entry.profile : entry.kind === 'change' ? entry.changes : {}
  const present: Readonly<Record<string, unknown>> = { ...view }
  return html`<p><strong>${c.var.say(kinds[entry.kind])}</strong> · ${entry.userId}${entry.kind === 'change' && entry.unlock ? html` · ${c.var.say('unlock')}` : ''}</p>
${
  Object.keys(wanted).length === 0
    ? ''
    : table(
        c,
        'request',
        [c.var.say('field'), c.var.say('present'), c.var.say('requested')],
        Object.entries(wanted).map(([name, value]) => [
          fieldName(c, name),
          shownField(c, name, present[name]),
          shownField(c, name, value),
        ]),
      )
}`
}

const nextPage = (c: Req, after: string | undefined) =>
  after === undefined
    ? ''
    : html`<p><a href="${c.req.path}?after=${encodeURIComponent(after)}">${c.var.say('next')}</a></p>`

const pageSize = 50
const paging = (c: Req) => ({ ...callOf(c), after: c.req.query('after') ?? '', limit: pageSize })

/** Finds one of the maker's own requests, on any page of the list. */
const ownRequest = async (c: Req, id: string): Promise<OwnRequest | Refusal | undefined> => {
  let after = ''
  for (;;) {
    const listed = await c.var.portal.auth.dms.ownRequests({ ...callOf(c), after })
    if (listed.isErr()) return listed.error
    const found = listed.value.lines.find(({ request }) => request === id)
    if (found !== undefined || listed.value.after === undefined) return found
    after = listed.value.after
  }
}

/** The Security Management Functions. */
export const dmsPages = () => {
  const app = new Hono<Env>()
  const refused = (c: Req, title: Word, refusal: Refusal, body: Html = html``) =>
    page(c, { title, refusal, body })

  app.get('/', (c) => {
    const item = (href: string, word: Word) => html`<li><a href="${href}">${c.var.say(word)}</a></li>`
    return page(c, {
      title: 'dms',
      body: html`<ul class="menu-list">${item('/dms/users', 'users')}${item('/dms/find', 'find')}${item('/dms/create', 'create')}${item('/dms/pending', 'pending')}${item('/dms/requests', 'ownRequests')}</ul>
<h2>${c.var.say('lists')}</h2><ul class="menu-list">${item('/dms/lists/disabled', 'disabledUsers')}${item('/dms/lists/serial-numbers', 'serialNumbers')}${item('/dms/lists/user-groups', 'userGroupsList')}${item('/dms/lists/maintenance', 'maintenance')}</ul>`,
    })
  })

  const profileRows = (c: Req, profiles: readonly ProfileView[]) =>
    table(
      c,
      'users',
      [
        c.var.say('userId'),
        c.var.say('surname'),
        c.var.say('otherNames'),
        c.var.say('email'),
        c.var.say('status'),
        c.var.say('locked'),
        c.var.say('role'),
      ],
      profiles.map((view) => [
        html`<a href="/dms/users/${view.userId}">${view.userId}</a>`,
        shownValue(c, view.surname),
        shownValue(c, view.otherNames),
        shownValue(c, view.email),
        shownField(c, 'status', view.status),
        shownValue(c, view.locked),
        shownRemark(c, view),
      ]),
    )
  app.get('/users', async (c) => {
    const listed = await c.var.portal.auth.dms.listing(paging(c))
    if (listed.isErr()) return refused(c, 'users', listed.error)
    const { profiles, totals, after } = listed.value
    return page(c, {
      title: 'users',
      wide: true,
      body: html`${facts([
        [c.var.say('maximum'), totals.maximum ?? '–'],
        [c.var.say('total'), totals.total],
        [c.var.say('administrators'), totals.administrators],
        [c.var.say('others'), totals.users],
      ])}${profileRows(c, profiles)}${nextPage(c, after)}<p class="actions"><a class="primary" href="/dms/create">${c.var.say('create')}</a></p>`,
    })
  })
  app.get('/find', async (c) => {
    const wanted = (c.req.query('q') ?? '').trim()
    const ask = html`<form method="get" action="/dms/find">${field({ name: 'q', label: c.var.say('findBy'), value: wanted })}${button(c.var.say('search'))}</form>`
    if (wanted === '') return page(c, { title: 'find', body: ask })
    const { dms } = c.var.portal.auth
    if (/^[A-Za-z0-9]{8}$/.test(wanted)) {
      const found = await dms.find({ ...callOf(c), userId: wanted })
      if (found.isOk()) return c.redirect(`/dms/users/${found.value.userId}`, 303)
      if (found.error.code !== 'unknown-account' && found.error.code !== 'malformed-user-id')
        return refused(c, 'find', found.error, ask)
    }
    const found = await dms.findByName({ ...callOf(c), name: wanted })
    return found.isErr()
      ? refused(c, 'find', found.error, ask)
      : page(c, { title: 'find', wide: true, body: html`${ask}${profileRows(c, found.value)}` })
  })
  app.get('/users/:userId', async (c) => {
    const found = await c.var.portal.auth.dms.find({ ...callOf(c), userId: c.req.param('userId') })
    if (found.isErr()) return refused(c, 'profile', found.error)
    const view = found.value
    const at = `/dms/users/${view.userId}`
    return page(c, {
      title: 'profile',
      body: html`${profileFacts(c, view)}${
        view.remark === undefined
          ? html`<div class="beside"><p class="actions"><a class="primary" href="${at}/change">${c.var.say('change')}</a></p>${form(c, `${at}/unlock`, button(c.var.say('unlock'), 'quiet'))}${form(c, `${at}/delete`, button(c.var.say('delete'), 'danger'))}</div>`
          : ''
      }`,
    })
  })

  /** Enters a request, or amends one, and shows it; or shows the page again with the refusal. */
  const enter = async (
    c: Req,
    entry: EntryInput,
    again: (refusal: Refusal) => Response | Promise<Response>,
    request?: string,
  ) => {
    const { dms } = c.var.portal.auth
    const entered = await (request === undefined
      ? dms.enter({ ...callOf(c), entry })
      : dms.amend({ ...callOf(c), entry, request }))
    return entered.isErr() ? again(entered.error) : c.redirect(`/dms/requests/${entered.value.request}`, 303)
  }

  // Each of the three pages sends its form to its own path: to enter a request, or to amend one.
  const createPage = (c: Req, userId: string, entered: EnteredProfile, refusal?: Refusal) =>
    page(c, {
      title: 'create',
      refusal,
      body: form(
        c,
        c.req.path,
        html`${field({ name: 'userId', label: c.var.say('userId'), value: userId })}${profileFields(c, entered)}${button(c.var.say('submit'))}`,
      ),
    })
  const changePage = (c: Req, userId: string, entered: EnteredProfile, refusal?: Refusal) =>
    page(c, {
      title: 'change',
      refusal,
      body: html`<p><strong>${userId}</strong></p>${form(c, c.req.path, html`${profileFields(c, entered)}${button(c.var.say('submit'))}`)}`,
    })
  const deletePage = (c: Req, userId: string, refusal?: Refusal) =>
    page(c, {
      title: 'delete',
      refusal,
      body: form(
        c,
        c.req.path,
        html`${field({ name: 'userId', label: c.var.say('userId'), value: userId })}${button(c.var.say('submit'))}`,
      ),
    })
  const sendCreation = async (c: Req, request?: string) => {
    const userId = (await sent(c, 'userId')).trim()
    const entered = await sentProfile(c)
    const profile = changesIn(entered, {})
    const again = (refusal: Refusal) => createPage(c, userId, entered, refusal)
    return 'code' in profile ? again(profile) : enter(c, { kind: 'create', userId, profile }, again, request)
  }
  const sendChange = async (c: Req, userId: string, amended?: { request: string; unlock: boolean }) => {
    const found = await c.var.portal.auth.dms.find({ ...callOf(c), userId })
    if (found.isErr()) return refused(c, 'change', found.error)
    const entered = await sentProfile(c)
    const changes = changesIn(entered, found.value)
    const again = (refusal: Refusal) => changePage(c, userId, entered, refusal)
    if ('code' in changes) return again(changes)
    return enter(c, { kind: 'change', userId, changes, unlock: amended?.unlock }, again, amended?.request)
  }
  const sendDeletion = async (c: Req, request: string) => {
    const userId = (await sent(c, 'userId')).trim()
    const again = (refusal: Refusal) => deletePage(c, userId, refusal)
    return enter(c, { kind: 'delete', userId }, again, request)
  }

  app.get('/create', async (c) => {
    const proposed = await c.var.portal.auth.dms.proposeUserId(callOf(c))
    return createPage(c, proposed.unwrapOr(''), enteredOf({}))
  })
  app.post('/create', (c) => sendCreation(c))
  app.get('/users/:userId/change', async (c) => {
    const found = await c.var.portal.auth.dms.find({ ...callOf(c), userId: c.req.param('userId') })
    return found.isErr()
      ? refused(c, 'change', found.error)
      : changePage(c, found.value.userId, enteredOf(found.value))
  })
  app.post('/users/:userId/change', (c) => sendChange(c, c.req.param('userId')))
  app.post('/users/:userId/unlock', (c) =>
    enter(c, { kind: 'change', userId: c.req.param('userId'), changes: {}, unlock: true }, (refusal) =>
      refused(c, 'unlock', refusal),
    ),
  )
  app.post('/users/:userId/delete', (c) =>
    enter(c, { kind: 'delete', userId: c.req.param('userId') }, (refusal) => refused(c, 'delete', refusal)),
  )

  const requestPage = async (c: Req, id: string, more: { refusal?: Refusal } = {}) => {
    const own = await ownRequest(c, id)
    if (own === undefined || 'code' in own)
      return page(c, {
        title: 'request',
        body: html``,
        ...(own === undefined ? { warning: 'notFound', status: 404 } : { refusal: own }),
        ...more,
      })
    const found = await c.var.portal.auth.dms.find({ ...callOf(c), userId: own.userId })
    const at = `/dms/requests/${id}`
    return page(c, {
      title: 'request',
      ...(more.refusal === undefined ? { notice: 'requestEntered' } : more),
      body: html`${entryTable(c, own.entry, found.isOk() ? found.value : undefined)}
${facts([
  [c.var.say('enteredAt'), shownTime(c, own.enteredAt)],
  [c.var.say('expiresAt'), shownTime(c, own.expiresAt)],
])}
<section><h2>${c.var.say('confirm')}</h2><p>${c.var.say('confirmAbout')}</p>${form(c, `${at}/confirm`, html`${field({ name: 'checkerId', label: c.var.say('checkerId') })}${field({ name: 'authorisationCode', label: c.var.say('authorisationCode'), inputmode: 'numeric' })}${button(c.var.say('confirm'))}`)}</section>
<div class="beside"><p class="actions"><a class="quiet" href="${at}/amend">${c.var.say('amend')}</a></p>${form(c, `${at}/withdraw`, button(c.var.say('withdraw'), 'danger'))}</div>`,
    })
  }
  app.get('/requests', async (c) => {
    const listed = await c.var.portal.auth.dms.ownRequests(paging(c))
    if (listed.isErr()) return refused(c, 'ownRequests', listed.error)
    return page(c, {
      title: 'ownRequests',
      wide: true,
      body: html`${table(
        c,
        'ownRequests',
        [
          c.var.say('request'),
          c.var.say('userId'),
          c.var.say('enteredAt'),
          c.var.say('expiresAt'),
          c.var.say('actions'),
        ],
        listed.value.lines.map((line) => [
          c.var.say(kinds[line.kind]),
          line.userId,
          shownTime(c, line.enteredAt),
          shownTime(c, line.expiresAt),
          html`<a href="/dms/requests/${line.request}">${c.var.say('open')}<span class="hidden"> ${line.userId}</span></a>`,
        ]),
      )}${nextPage(c, listed.value.after)}`,
    })
  })
  app.get('/requests/:id', (c) => requestPage(c, c.req.param('id')))
  app.post('/requests/:id/confirm', async (c) => {
    const request = c.req.param('id')
    const done = await c.var.portal.auth.dms.confirm({
      ...callOf(c),
      request,
      checkerId: (await sent(c, 'checkerId')).trim(),
      authorisationCode: (await sent(c, 'authorisationCode')).trim(),
    })
    return done.isErr()
      ? requestPage(c, request, { refusal: done.error })
      : page(c, {
          title: 'request',
          notice: 'confirmed',
          body: html`<p><a href="/dms/users">${c.var.say('users')}</a></p>`,
        })
  })
  app.post('/requests/:id/withdraw', async (c) => {
    const request = c.req.param('id')
    const done = await c.var.portal.auth.dms.withdraw({ ...callOf(c), request })
    return done.isErr()
      ? requestPage(c, request, { refusal: done.error })
      : page(c, {
          title: 'request',
          notice: 'withdrawn',
          body: html`<p><a href="/dms/requests">${c.var.say('ownRequests')}</a></p>`,
        })
  })
  app.get('/requests/:id/amend', async (c) => {
    const request = c.req.param('id')
    const own = await ownRequest(c, request)
    if (own === undefined || 'code' in own) return requestPage(c, request)
    const { entry, userId } = own
    if (entry.kind === 'create') return createPage(c, userId, enteredOf(entry.profile))
    if (entry.kind === 'delete') return deletePage(c, userId)
    const found = await c.var.portal.auth.dms.find({ ...callOf(c), userId })
    return found.isErr()
      ? refused(c, 'change', found.error)
      : changePage(c, userId, enteredOf({ ...found.value, ...entry.changes }))
  })
  app.post('/requests/:id/amend', async (c) => {
    const request = c.req.param('id')
    const own = await ownRequest(c, request)
    if (own === undefined || 'code' in own) return requestPage(c, request)
    const { entry, userId } = own
    if (entry.kind === 'create') return sendCreation(c, request)
    if (entry.kind === 'delete') return sendDeletion(c, request)
    return sendChange(c, userId, { request, unlock: entry.unlock })
  })

  app.get('/pending', async (c) => {
    const listed = await c.var.portal.auth.dms.pending(paging(c))
    if (listed.isErr()) return refused(c, 'pending', listed.error)
    return page(c, {
      title: 'pending',
      wide: true,
      body: html`${table(
        c,
        'pending',
        [
          c.var.say('request'),
          c.var.say('userId'),
          c.var.say('maker'),
          c.var.say('enteredAt'),
          c.var.say('expiresAt'),
          c.var.say('actions'),
        ],
        listed.value.lines.map((line) => [
          c.var.say(kinds[line.kind]),
          line.userId,
          line.maker,
          shownTime(c, line.enteredAt),
          shownTime(c, line.expiresAt),
          html`<a href="/dms/pending/${line.request}">${c.var.say('review')}<span class="hidden"> ${line.userId}</span></a>`,
        ]),
      )}${nextPage(c, listed.value.after)}`,
    })
  })
  const reviewPage = async (c: Req, request: string, refusal?: Refusal) => {
    const read = await c.var.portal.auth.dms.review({ ...callOf(c), request })
    if (read.isErr()) return refused(c, 'review', refusal ?? read.error)
    const { contents, sealed } = read.value
    const at = `/dms/pending/${request}`
    const proof = html`<input type="hidden" name="review" value="${sealed}">`
    return page(c, {
      title: 'review',
      refusal,
      body: html`${entryTable(c, contents.entry, contents.profile)}${facts([
        [c.var.say('maker'), contents.maker],
        [c.var.say('enteredAt'), shownTime(c, contents.enteredAt)],
        [c.var.say('expiresAt'), shownTime(c, contents.expiresAt)],
      ])}${form(c, `${at}/code`, html`${proof}${button(c.var.say('issue'))}`)}
<section><h2>${c.var.say('reject')}</h2>${form(c, `${at}/reject`, html`${proof}${field({ name: 'remark', label: c.var.say('remark'), optional: true })}${button(c.var.say('reject'), 'danger')}`)}</section>`,
    })
  }
  app.get('/pending/:id', (c) => reviewPage(c, c.req.param('id')))
  app.post('/pending/:id/code', async (c) => {
    const issued = await c.var.portal.auth.dms.getAuthorisationCode({
      ...callOf(c),
      review: await sent(c, 'review'),
    })
    if (issued.isErr()) return reviewPage(c, c.req.param('id'), issued.error)
    return page(c, {
      title: 'authorisationCode',
      body: html`<p>${c.var.say('issued')} ${shownTime(c, issued.value.expiresAt)}</p>${facts([
        [c.var.say('checkerId'), c.var.session.userId],
        [c.var.say('authorisationCode'), html`<code class="secret">${issued.value.code}</code>`],
      ])}`,
    })
  })
  app.post('/pending/:id/reject', async (c) => {
    const remark = (await sent(c, 'remark')).trim()
    const done = await c.var.portal.auth.dms.reject({
      ...callOf(c),
      review: await sent(c, 'review'),
      ...(remark === '' ? {} : { remark }),
    })
    return done.isErr()
      ? reviewPage(c, c.req.param('id'), done.error)
      : page(c, {
          title: 'review',
          notice: 'rejected',
          body: html`<p><a href="/dms/pending">${c.var.say('pending')}</a></p>`,
        })
  })

  const names = (c: Req) => [c.var.say('userId'), c.var.say('surname'), c.var.say('otherNames')]
  app.get('/lists/disabled', async (c) => {
    const listed = await c.var.portal.auth.dms.disabledUsers(paging(c))
    return listed.isErr()
      ? refused(c, 'disabledUsers', listed.error)
      : page(c, {
          title: 'disabledUsers',
          wide: true,
          body: html`${profileRows(c, listed.value.lines)}${nextPage(c, listed.value.after)}`,
        })
  })
  app.get('/lists/serial-numbers', async (c) => {
    const listed = await c.var.portal.auth.dms.serialNumbers(paging(c))
    if (listed.isErr()) return refused(c, 'serialNumbers', listed.error)
    const rows = listed.value.lines.map((line) => [
      line.userId,
      shownValue(c, line.surname),
      shownValue(c, line.otherNames),
      line.srn,
      shownTime(c, line.certificateExpiry),
    ])
    return page(c, {
      title: 'serialNumbers',
      wide: true,
      body: html`${table(c, 'serialNumbers', [...names(c), c.var.say('smartcard'), c.var.say('certificateExpiry')], rows)}${nextPage(c, listed.value.after)}`,
    })
  })
  app.get('/lists/user-groups', async (c) => {
    const listed = await c.var.portal.auth.dms.userGroups(paging(c))
    if (listed.isErr()) return refused(c, 'userGroupsList', listed.error)
    const rows = listed.value.lines.map((line) => [
      line.userId,
      shownValue(c, line.surname),
      shownValue(c, line.otherNames),
      line.userGroup,
    ])
    return page(c, {
      title: 'userGroupsList',
      wide: true,
      body: html`${table(c, 'userGroupsList', [...names(c), c.var.say('userGroups')], rows)}${nextPage(c, listed.value.after)}`,
    })
  })
  app.get('/lists/maintenance', async (c) => {
    const listed = await c.var.portal.auth.dms.maintenanceReport({
      ...paging(c),
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
    })
    if (listed.isErr()) return refused(c, 'maintenance', listed.error)
    const rows = listed.value.lines.map((line) => [
      c.var.say(kinds[line.entry.kind]),
      line.entry.userId,
      c.var.say(outcomeWords[line.outcome]),
      line.maker,
      line.checker ?? '–',
      shownTime(c, line.closedAt),
      line.remark ?? '',
    ])
    return page(c, {
      title: 'maintenance',
      wide: true,
      body: html`${table(c, 'maintenance', [c.var.say('request'), c.var.say('userId'), c.var.say('outcome'), c.var.say('maker'), c.var.say('checker'), c.var.say('closedAt'), c.var.say('remark')], rows)}${nextPage(c, listed.value.after)}`,
    })
  })
  return app
}
