/** The performance page shows every aim of the bench, whether it is met, and nothing else. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { performancePage } from '../../docs/generate/performance-page.ts'
import { inPackage } from '../../docs/generate/tree.ts'
import { aims, isMet, limitText } from '../bench/aims.ts'
import { readMeasured } from '../bench/measured.ts'

const page = readFileSync(inPackage('docs/performance.md'), 'utf8')

/** The cells of the rows under "Aims". */
const rows = page
  .slice(page.indexOf('## Aims'), page.indexOf('## All figures'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (what|---)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '))

test('AUD-05 · docs/performance.md is generated from the committed figures', () => {
  expect(page).toBe(performancePage(readMeasured()))
})

test('AUD-05 · the page has one row for each target, in order', () => {
  expect(rows.map((row) => row.slice(0, 3))).toEqual(
    [...aims.values()].map((aim) => [aim.what, aim.against, limitText(aim)]),
  )
})

describe('AUD-05 · a target is reported as met only if its figure meets it', () => {
  const measured = Object.values(readMeasured())
  test.each([...aims].map(([name, aim], i) => ({ name, aim, i })))('$name', ({ name, aim, i }) => {
    const figure = measured.find((part) => Object.hasOwn(part.aims, name))?.aims[name]
    const verdict = figure !== undefined && isMet(aim, figure) ? 'met' : '**MISSED**'
    expect(rows[i]?.at(-1)).toBe(figure === undefined ? 'open' : verdict)
    expect(rows[i]?.at(-2) === 'not measured').toBe(figure === undefined)
  })
})

test('AUD-05 · every figure belongs to a target, and each missed target says what was tried', () => {
  const measured = Object.values(readMeasured())
  for (const part of measured)
    for (const name of Object.keys(part.aims)) expect(aims.has(name), name).toBe(true)
  for (const [name, aim] of aims) {
    const figure = measured.find((part) => Object.hasOwn(part.aims, name))?.aims[name]
    if (figure !== undefined && !isMet(aim, figure)) expect(page, name).toContain(aim.tried)
  }
})
