/** Draws boxes and arrows as SVG: no script, no external font, readable in light and dark mode. */

/** A box in a grid. Columns and rows count from 0 and may be fractions. */
export interface Box {
  readonly id: string
  /** Lines of text. The first one is the title. */
  readonly lines: readonly string[]
  readonly column: number
  readonly row: number
  /** The width in columns. Default: 1. */
  readonly span?: number
}

/** An arrow between two boxes, with an optional label. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly label?: string
}

/** A picture. Its title is the text for screen readers. */
export interface Picture {
  readonly title: string
  readonly boxes: readonly Box[]
  readonly arrows: readonly Arrow[]
  /** The size of a cell in pixels. Default: 275 × 110. */
  readonly cell?: { readonly width: number; readonly height: number }
}

const margin = 14

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const round = (value: number) => Math.round(value * 10) / 10

interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The point where a line from the centre of a box to another point leaves the box. */
const edgeOf = ({ x, y, width, height }: Rect, towards: { x: number; y: number }) => {
  const centre = { x: x + width / 2, y: y + height / 2 }
  const dx = towards.x - centre.x
  const dy = towards.y - centre.y
  const scale = Math.min(
    dx === 0 ? Number.POSITIVE_INFINITY : width / 2 / Math.abs(dx),
    dy === 0 ? Number.POSITIVE_INFINITY : height / 2 / Math.abs(dy),
  )
  return { x: centre.x + dx * scale, y: centre.y + dy * scale }
}

const boxOf = (rect: Rect, lines: readonly string[]) => {
  const top = rect.y + rect.height / 2 - (lines.length - 1) * 8
  const texts = lines.map(
    (line, index) =>
      `<text x="${round(rect.x + rect.width / 2)}" y="${round(top + index * 16 + 4)}"${index === 0 ? ' class="title"' : ''}>${escaped(line)}</text>`,
  )
  return `<rect x="${round(rect.x)}" y="${round(rect.y)}" width="${round(rect.width)}" height="${round(rect.height)}" rx="6"/>${texts.join('')}`
}

/** Renders a picture as an SVG document. Throws for an arrow to or from a box that does not exist. */
export const svgOf = ({ title, boxes, arrows, cell = { width: 275, height: 110 } }: Picture): string => {
  const rects = new Map<string, Rect>(
    boxes.map(({ id, column, row, span = 1 }) => [
      id,
      {
        x: margin + column * cell.width,
        y: margin + row * cell.height,
        width: span * cell.width - cell.width * 0.36,
        height: cell.height * 0.58,
      },
    ]),
  )
  const rectOf = (id: string) => {
    const rect = rects.get(id)
    if (rect === undefined) throw new Error(`no box ${id} in "${title}"`)
    return rect
  }
  const paired = (arrow: Arrow) => arrows.some(({ from, to }) => from === arrow.to && to === arrow.from)
  const drawn = arrows.map((arrow) => {
    const [from, to] = [rectOf(arrow.from), rectOf(arrow.to)]
    // Two arrows between the same boxes are drawn in parallel.
    const [dx, dy] = [to.x - from.x, to.y - from.y]
    const length = Math.hypot(dx, dy) || 1
    const aside = paired(arrow) ? 11 : 0
    const shift = { x: (-dy / length) * aside, y: (dx / length) * aside }
    const centre = (rect: Rect) => ({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 })
    const start = edgeOf(from, centre(to))
    const end = edgeOf(to, centre(from))
    const [x1, y1, x2, y2] = [start.x + shift.x, start.y + shift.y, end.x + shift.x, end.y + shift.y].map(
      round,
    )
    // A label of a horizontal line is above it, or below the lower one of a pair. Other labels are on the
    // line.
    const beside = Math.abs(dy) >= 1 ? 4 : shift.y > 0 ? 14 : -5
    const label =
      arrow.label === undefined
        ? ''
        : `<text class="label" x="${round((start.x + end.x) / 2 + shift.x)}" y="${round((start.y + end.y) / 2 + shift.y + beside)}">${escaped(arrow.label)}</text>`
    return { line: `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" marker-end="url(#head)"/>`, label }
  })
  const all = [...rects.values()]
  const width = round(Math.max(...all.map(({ x, width: own }) => x + own)) + margin)
  const height = round(Math.max(...all.map(({ y, height: own }) => y + own)) + margin)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title).replace(/"/g, '&quot;')}">`,
    `<title>${escaped(title)}</title>`,
    '<style>svg{background:#fff}text{font:13px system-ui,sans-serif;fill:#1f2328;text-anchor:middle}.title{font-weight:600}.label{font-size:11px;fill:#57606a;paint-order:stroke;stroke:#fff;stroke-width:4px}rect{fill:#f0f4fa;stroke:#5b7aa6}line{stroke:#57606a;stroke-width:1.2}</style>',
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#57606a"/></marker></defs>',
    ...drawn.map(({ line }) => line),
    ...all.map((rect, index) => boxOf(rect, boxes[index]?.lines ?? [])),
    ...drawn.map(({ label }) => label).filter((label) => label !== ''),
    '</svg>',
  ].join('\n')}\n`
}
