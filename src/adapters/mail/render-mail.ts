import { replaceUnprintable } from '../../fields/text.ts'
import type { MailContent } from './mail-content.ts'

/**
 * A mail as it is sent: a subject, and the same message as text and as HTML.
 *
 * @rule ACC-17
 * @category Adapters
 */
export interface MailText {
  /** One line. Phones show it on the lock screen, so it must not contain a code. */
  readonly subject: string
  readonly text: string
  readonly html: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Escapes text for HTML, between tags or in a quoted attribute.
 *
 * @category Adapters
 */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (each) => entities[each] ?? each)

/**
 * Puts a text on one line, without invisible characters: each becomes a blank, and blanks in a row one blank.
 *
 * @rule ACC-17
 */
export const oneLine = (text: string) =>
  replaceUnprintable(text, () => ' ')
    .replace(/ {2,}/g, ' ')
    .trim()

const plain = ({ opening, code, facts, closing }: MailContent): string => {
  const middle = [
    ...(code === undefined ? [] : [`    ${code}`]),
    facts.map(([label, value]) => `${label}: ${oneLine(value)}`).join('\n'),
  ]
  return [opening, ...middle, ...closing].join('\n\n')
}

const codeStyle = 'font: bold 28px/1.4 monospace; letter-spacing: 4px; margin: 16px 0'
const cell = 'padding: 2px 16px 2px 0; text-align: left; vertical-align: top'

const marked = ({ locale, opening, code, facts, closing }: MailContent): string => {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th scope="row" style="${cell}; font-weight: normal; color: #555">${escapeHtml(label)}</th><td style="${cell}">${escapeHtml(oneLine(value))}</td></tr>`,
  )
  return [
    `<section lang="${locale}">`,
    `<p>${escapeHtml(opening)}</p>`,
    ...(code === undefined ? [] : [`<p style="${codeStyle}">${escapeHtml(code)}</p>`]),
    `<table role="presentation" style="border-collapse: collapse">${rows.join('')}</table>`,
    ...closing.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    '</section>',
  ].join('\n')
}

const page = 'font: 15px/1.5 sans-serif; color: #111; background: #fff; max-width: 600px; margin: 16px'

/**
 * Renders a mail in one language, or in several languages one below the other. The HTML is self-contained: it
 * has no link, picture or script, and loads nothing.
 *
 * @category Adapters
 */
export const renderMail = (letters: readonly MailContent[]): MailText => ({
  subject: oneLine(letters.map(({ subject }) => subject).join(' | ')),
  text: `${letters.map(plain).join(`\n\n${'-'.repeat(40)}\n\n`)}\n`,
  html: [
    '<!doctype html>',
    `<html lang="${letters[0]?.locale ?? 'en'}">`,
    '<head><meta charset="utf-8"><meta name="format-detection" content="telephone=no"></head>',
    `<body style="${page}">`,
    letters.map(marked).join('\n<hr>\n'),
    '</body>',
    '</html>',
    '',
  ].join('\n'),
})
