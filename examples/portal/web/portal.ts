import type { Authentication, Refusal, SecretBox, Session, System } from 'ccass-2fa'
import type { CaptureMailer } from 'ccass-2fa/capture-mailer'
import { httpStatusOf, type Locale, refusalText } from 'ccass-2fa/messages'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { isWord, languages, type Say, type Word } from './words.ts'

/** A page or a part of one, already escaped. */
export type Html = ReturnType<typeof html>

/** What the pages need. */
export interface Portal {
  readonly auth: Authentication
  /** Seals the cookies. It may use the same keys as the library's secret box. */
  readonly box: SecretBox
  /** For development: contains every mail that was sent. */
  readonly mailer: CaptureMailer
  readonly css: string
  /**
   * The origin under which browsers reach the portal, if it differs from that of the requests, for example
   * behind a proxy that terminates TLS.
   */
  readonly publicOrigin?: string
  /** The address of the client, if the runtime knows it. */
  readonly sourceOf: (c: Context) => string | undefined
  /** A listing that the migration page offers. */
  readonly sampleListing: string
}

/** The variables of each request. */
export interface Env {
  Variables: {
    portal: Portal
    locale: Locale
    say: Say
    csrf: string
    session: Session
  }
}

/** A request of the portal. */
export type Req = Context<Env>

/** The path of each system's pages. */
export const pathOf = { 'CCASS/CCMS': '/terminal', DMS: '/dms' } as const satisfies Record<System, string>

/** Source, user agent and request id, for rate limits and the trail. */
export const contextOf = (c: Req) => {
  // The rate limiter counts by source. Without a source, all clients share one limit.
  const source = c.var.portal.sourceOf(c) ?? 'unknown'
  return { source, userAgent: c.req.header('user-agent'), requestId: crypto.randomUUID() }
}

/** One field of a submitted form. Empty if it was not submitted as text. */
export const sent = async (c: Req, name: string): Promise<string> => {
  const value = (await c.req.parseBody())[name]
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : ''
}

const link = (c: Req, href: string, word: Word) =>
  html`<a href="${href}"${c.req.path === href ? html` aria-current="page"` : ''}>${c.var.say(word)}</a>`

const navigation: Readonly<Record<string, readonly (readonly [string, Word])[]>> = {
  'CCASS/CCMS': [
    ['/terminal', 'terminal'],
    ['/terminal/password', 'changePassword'],
    ['/terminal/settings', 'settings'],
  ],
  DMS: [
    ['/dms', 'dms'],
    ['/dms/users', 'users'],
    ['/dms/pending', 'pending'],
    ['/dms/requests', 'ownRequests'],
    ['/dms/password', 'changePassword'],
    ['/dms/settings', 'settings'],
  ],
}

/** The parts of a page. */
export interface Page {
  readonly title: Word
  readonly body: Html
  /** A confirmation of the last action. */
  readonly notice?: Word | undefined
  readonly refusal?: Refusal | undefined
  /** A refusal in the portal's own words. */
  readonly warning?: Word | undefined
  readonly status?: 200 | 403 | 404
  /** Tables need more room than forms. */
  readonly wide?: boolean
}

/** The text of a refusal in the language of the request; it names the field that was not understood. */
export const refusalIn = (c: Req, refusal: Refusal): string => {
  const text = refusalText(refusal, { messages: c.var.locale, policy: c.var.portal.auth.policy })
  const name = refusal.code === 'malformed-input' ? refusal.field.split('.').findLast(isWord) : undefined
  return name === undefined ? text : `${text} (${c.var.say(name)})`
}

/** Renders a page as the response. */
export const page = (c: Req, { title, body, notice, refusal, warning, status, wide }: Page) => {
  const { say, locale } = c.var
  const session: Session | undefined = c.var.session
  const alert = refusal === undefined ? warning && say(warning) : refusalIn(c, refusal)
  const here = `${c.req.path}`
  const out = html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${alert ? '! ' : ''}${say(title)} · ${say('product')}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#content">${say('skip')}</a>
<header>
  <div class="bar">
    <a class="product" href="/">${say('product')}</a>
    <nav class="languages" aria-label="${say('language')}">
      ${languages.map(
        ([tag, name]) =>
          html`<a href="/language/${tag}?back=${encodeURIComponent(here)}" lang="${tag}" hreflang="${tag}"${tag === locale ? html` aria-current="true"` : ''}>${name}</a> `,
      )}
    </nav>
    ${session === undefined ? '' : form(c, `${pathOf[session.system]}/sign-out`, html`<span>${say('signedInAs')} <strong>${session.userId}</strong></span> <button class="quiet">${say('signOut')}</button>`)}
  </div>
  ${session === undefined ? '' : html`<div class="bar who"><nav class="menu" aria-label="${say('navigation')}">${(navigation[session.system] ?? []).map(([href, word]) => link(c, href, word))}</nav></div>`}
</header>
<main id="content"${wide ? html` class="wide"` : ''}>
<h1>${say(title)}</h1>
${alert ? html`<p class="alert" role="alert">${alert}</p>` : ''}
${notice ? html`<p class="notice" role="status">${say(notice)}</p>` : ''}
${body}
</main>
<footer><p>${say('development')}</p></footer>
</body>
</html>`
  return c.html(out, refusal === undefined ? (status ?? (warning ? 403 : 200)) : httpStatusOf(refusal))
}

/** A form with the method POST and a token against forged requests. */
export const form = (c: Req, action: string, body: Html): Html =>
  html`<form method="post" action="${action}"><input type="hidden" name="csrf" value="${c.var.csrf}">${body}</form>`

/** The properties of a field. */
export interface Field {
  readonly name: string
  readonly label: string
  readonly value?: string | undefined
  readonly type?: 'text' | 'password' | 'email' | 'date' | 'tel'
  readonly autocomplete?: string
  readonly inputmode?: 'numeric' | 'decimal'
  readonly hint?: string | undefined
  readonly optional?: boolean
}

/** A labelled field. */
export const field = (f: Field): Html => {
  const hint = f.hint === undefined ? '' : html`<span class="hint" id="${f.name}-hint">${f.hint}</span>`
  return html`<p class="field"><label for="${f.name}">${f.label}</label>${hint}<input id="${f.name}" name="${f.name}" type="${f.type ?? 'text'}" value="${f.value ?? ''}" autocomplete="${f.autocomplete ?? 'off'}"${f.inputmode === undefined ? '' : html` inputmode="${f.inputmode}"`}${f.optional ? '' : html` required`}${f.hint === undefined ? '' : html` aria-describedby="${f.name}-hint"`}${f.name === 'userId' || f.name === 'checkerId' ? html` autocapitalize="characters" spellcheck="false" maxlength="8"` : ''}></p>`
}

/** A choice of one option. */
export const choice = (
  name: string,
  label: string,
  options: readonly (readonly [string, string])[],
  value = '',
): Html =>
  html`<p class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${options.map(([key, text]) => html`<option value="${key}"${key === value ? html` selected` : ''}>${text}</option>`)}</select></p>`

/** A button that submits its form. */
export const button = (text: string, kind: 'primary' | 'quiet' | 'danger' = 'primary'): Html =>
  html`<p class="actions"><button class="${kind}">${text}</button></p>`

/** A table that scrolls horizontally if it does not fit. */
export const table = (
  c: Req,
  caption: Word,
  heads: readonly string[],
  rows: readonly (readonly unknown[])[],
) =>
  rows.length === 0
    ? html`<p>${c.var.say('nothing')}</p>`
    : html`<div class="scroll" role="region" aria-label="${c.var.say(caption)}" tabindex="0"><table><caption class="hidden">${c.var.say(caption)}</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell as string}</td>`)}</tr>`)}</tbody></table></div>`

/** A list of names with their values. */
export const facts = (rows: readonly (readonly [string, unknown])[]): Html =>
  html`<dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value as string}</dd></div>`)}</dl>`
