/**
 * Draws a state machine: each stage is a column, and each change of stage is an arrow on a separate line,
 * with its commands and their rules above it. Nothing overlaps in any machine, and each rule is a link.
 */
import { edgesOf, type ShownMachine } from '../generate/machines-page.ts'
import { ruleAddress } from './addresses.ts'
import { escaped } from './markdown.ts'

const column = 118
const line = 17
const charWidth = 6.6

/** The stages in the order in which a record can reach them. Final stages come last. */
const orderOf = ({ initial, transitions }: ShownMachine): readonly string[] => {
  const edges = edgesOf(transitions)
  const order = [initial]
  for (const stage of order)
    for (const { from, to } of edges) if (from === stage && !order.includes(to)) order.push(to)
  const others = transitions.flatMap(({ from }) => from).filter((stage) => !order.includes(stage))
  const goesOn = (stage: string) => edges.some(({ from }) => from === stage)
  const all = [...order, ...new Set(others)]
  return [...all.filter(goesOn), ...all.filter((stage) => !goesOn(stage))]
}

const ruleText = (rule: string) => `<a href="${ruleAddress(rule)}">${rule}</a>`

/** The picture as SVG, one line per element, without scripts, fonts or external links. */
export const machinePicture = (machine: ShownMachine): string => {
  const stages = orderOf(machine)
  const centre = (stage: string) => column * (stages.indexOf(stage) + 0.5)
  const width = Math.max(stages.length * column, 360)
  const parts: string[] = []
  let y = 58
  for (const { from, to, commands } of edgesOf(machine.transitions)) {
    const [start, end] = [centre(from), centre(to)]
    const labels = [...commands].map(([command, rules]) => ({ command, rules: [...rules].sort() }))
    const longest = Math.max(...labels.map(({ command, rules }) => `${command}  ${rules.join(', ')}`.length))
    // A label starts at the left end of its arrow, or ends at the right one if it would not fit otherwise.
    const left = Math.min(start, end) + 8
    const fits = left + longest * charWidth <= width
    const [x, anchor] = fits ? [left, 'start'] : [Math.max(start, end) - 8, 'end']
    for (const { command, rules } of labels) {
      parts.push(
        `<text x="${x}" y="${y}" text-anchor="${anchor}"><tspan class="command">${escaped(command)}</tspan> ${rules.map(ruleText).join(', ')}</text>`,
      )
      y += line
    }
    const tip = end + (end > start ? -4 : 4)
    const wing = end > start ? -8 : 8
    parts.push(
      `<path class="way" d="M${start} ${y - 8}H${tip}"/><path class="tip" d="M${end} ${y - 8}l${wing} -4v8z"/><circle class="tip" cx="${start}" cy="${y - 8}" r="3"/>`,
    )
    y += 22
  }
  const height = y
  const heads = stages.map(
    (stage) =>
      `<path class="life" d="M${centre(stage)} 36V${height - 8}"/><rect x="${centre(stage) - column / 2 + 5}" y="4" width="${column - 10}" height="30" rx="6"/><text class="stage" x="${centre(stage)}" y="24" text-anchor="middle">${escaped(stage)}</text>`,
  )
  const title = `${machine.title}: its stages, and the commands that lead from one to another`
  return `<div class="machine" role="region" tabindex="0" aria-label="${escaped(title)}"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${escaped(title)}</title>${heads.join('')}${parts.join('')}</svg></div>`
}
