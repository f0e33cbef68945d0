import type { ParticipantPlan } from '../../migration/model/participant-plan.ts'
import { grouped, statusWords, visible } from './words.ts'

/**
 * Escapes text for HTML and for attribute values: it contains no markup, no invisible characters and no
 * formula.
 *
 * @rule MIG-16
 */
export const escapeHtml = (text: string): string =>
  visible(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;')

const statuses = ['ready', 'blocked', 'refused'] as const

const rowHeight = 42
const barHeight = 14
/** The minimum visible width of a status, in percent. */
const sliver = 0.5

const cut = (text: string, maxLength: number) => {
  const characters = [...text]
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : text
}

const rounded = (value: number) => Math.round(value * 100) / 100

/**
 * The bar of one participant, below its name: its lines by status, each with a minimum visible width. Lengths
 * are percentages and text is not scaled, so that the chart fits any width.
 */
const row = ({ participant, organisation, totals }: ParticipantPlan, index: number): string => {
  const y = index * rowHeight
  const present = statuses.filter((status) => totals[status] > 0)
  const free = 100 - present.length * sliver
  let x = 0
  const bars = present.map((status) => {
    const length = sliver + (free * totals[status]) / totals.lines
    const bar = `<rect class="${status}" x="${rounded(x)}%" y="${y + 20}" width="${rounded(length)}%" height="${barHeight}"><title>${
      statusWords[status].name
    }: ${grouped(totals[status])}</title></rect>`
    x += length
    return bar
  })
  const name = organisation.startsWith(participant) ? organisation : `${participant} ${organisation}`
  return (
    `<text x="0" y="${y + 14}">${escapeHtml(cut(visible(name), 26))}</text>` +
    `<text class="soft" x="100%" y="${y + 14}" text-anchor="end">${grouped(totals.ready)} of ${grouped(totals.lines)} ready</text>` +
    `<rect class="track" x="0" y="${y + 20}" width="100%" height="${barHeight}"/>${bars.join('')}`
  )
}

const readiness = ({ totals }: ParticipantPlan) => (totals.lines === 0 ? 1 : totals.ready / totals.lines)

/**
 * Draws a chart of readiness by participant, as a self-contained SVG. The least ready come first, up to the
 * given number.
 *
 * @rule MIG-16
 */
export const readinessChart = (participants: readonly ParticipantPlan[], maxBars = 40): string => {
  const shown = [...participants]
    .sort((a, b) => readiness(a) - readiness(b) || b.totals.lines - a.totals.lines)
    .slice(0, maxBars)
  const more = participants.length - shown.length
  const description = shown
    .slice(0, 5)
    .map(({ participant, totals }) => `${participant} ${grouped(totals.ready)} of ${grouped(totals.lines)}`)
    .join(', ')
  return (
    `<svg width="100%" height="${Math.max(1, shown.length) * rowHeight}" role="img" aria-labelledby="chart-title chart-text">` +
    `<title id="chart-title">Readiness by participant</title><desc id="chart-text">Accounts ready, the least ready participants first: ${escapeHtml(description)}${shown.length > 5 ? ', and others' : ''}.</desc>` +
    `${shown.map(row).join('')}</svg>` +
    (more > 0
      ? `<p class="soft">The ${grouped(maxBars)} least ready; and ${grouped(more)} more participants.</p>`
      : '')
  )
}
