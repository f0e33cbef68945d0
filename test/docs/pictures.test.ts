/** The pictures of docs/: their contents, and that every page that needs one has it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { architecturePicture, importsBetween } from '../../docs/generate/architecture-picture.ts'
import { conceptPictures } from '../../docs/generate/concept-pictures.ts'
import { svgOf } from '../../docs/generate/picture.ts'
import { inPackage, readTree } from '../../docs/generate/tree.ts'
import { accountStages } from '../../src/account/state.ts'

const read = (path: string) => readFileSync(inPackage(path), 'utf8')
const outside = ['adapters', 'stores', 'testing', 'conformance']

test('docs/architecture.md has a paragraph for every room, and names no room that does not exist', () => {
  const rooms = [...importsBetween(readTree('src', '.ts'), []).keys()]
  const named = [...read('docs/architecture.md').matchAll(/\*\*([a-z-]+)\*\*/g)].map(([, name = '']) => name)
  expect(rooms.filter((room) => !named.includes(room))).toEqual([])
  expect(named.filter((name) => !rooms.includes(name))).toEqual([])
})

test('the picture of the rooms draws each room above what it imports, and leaves out implied arrows', () => {
  const source = (path: string, ...imports: string[]) => ({
    path: `src/${path}`,
    text: imports.map((to) => `import '${to}'`).join('\n'),
  })
  const imports = importsBetween(
    [source('a/x.ts', '../b/x.ts', '../c/x.ts', 'zod'), source('b/x.ts', '../c/x.ts'), source('c/x.ts')],
    outside,
  )
  const { boxes, arrows } = architecturePicture(imports)
  expect(boxes.map(({ id, row }) => [id, row])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ])
  expect(arrows).toEqual([
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
  ])
  const circle = importsBetween([source('a/x.ts', '../b/x.ts'), source('b/x.ts', '../a/x.ts')], outside)
  expect(() => architecturePicture(circle)).toThrow('a circle of imports: a → b → a')
})

test('every concept has a page with its picture, of at most two screens', () => {
  const pages = readTree('docs/concepts', '.md')
  expect(pages.map(({ path }) => path)).toEqual(
    Object.keys(conceptPictures)
      .map((name) => `docs/concepts/${name}.md`)
      .sort(),
  )
  for (const { path, text } of pages) {
    const [name = ''] = path.split('/').at(-1)?.split('.') ?? []
    expect(text, path).toContain(`](../pictures/${name}.svg)`)
    expect(text.split('\n').length, path).toBeLessThan(70)
  }
  const shown = conceptPictures['accounts']?.boxes.map(({ lines: [title] }) => title)
  expect(new Set(shown)).toEqual(new Set(accountStages))
})

test('a picture has no script and no external resource, and an arrow to a missing box throws', () => {
  for (const { text } of readTree('docs/pictures', '.svg')) {
    expect(text).not.toMatch(/<script|<image|href|@import|url\(h|\son\w+=/)
    expect(text).toMatch(/<title>.+<\/title>/)
  }
  const box = { id: 'a', lines: ['a < b'], column: 0, row: 0 }
  expect(svgOf({ title: 't', boxes: [box], arrows: [] })).toContain('a &lt; b')
  expect(() => svgOf({ title: 't', boxes: [box], arrows: [{ from: 'a', to: 'z' }] })).toThrow('no box z')
})

/** The rectangles and texts of a picture; widths are estimates for a wide sans-serif font. */
const layoutOf = (svg: string) => {
  const numbers = (attributes: string) =>
    Object.fromEntries(
      [...attributes.matchAll(/(\w+)="(-?[\d.]+)"/g)].map(([, name, value]) => [name, Number(value)]),
    )
  const boxes = [...svg.matchAll(/<rect ([^>]*)\/>/g)].map(([, attributes = '']) => numbers(attributes))
  const texts = [...svg.matchAll(/<text ([^>]*)>([^<]*)</g)].map(([, attributes = '', text = '']) => {
    const isLabel = attributes.includes('class="label"')
    const width = text.length * (isLabel ? 6.2 : attributes.includes('class="title"') ? 8.2 : 7.4)
    const { x = 0, y = 0 } = numbers(attributes)
    return { text, isLabel, left: x - width / 2, right: x + width / 2, top: y - 10, bottom: y + 3 }
  })
  return {
    boxes,
    labels: texts.filter(({ isLabel }) => isLabel),
    inside: texts.filter(({ isLabel }) => !isLabel),
  }
}

const misplacedTexts = (svg: string): readonly string[] => {
  const { boxes, labels, inside } = layoutOf(svg)
  const edges = boxes.map(({ x = 0, y = 0, width = 0, height = 0 }) => ({
    left: x,
    right: x + width,
    top: y,
    bottom: y + height,
  }))
  const covered = labels.filter((label) =>
    edges.some(
      (box) =>
        label.left < box.right && label.right > box.left && label.top < box.bottom && label.bottom > box.top,
    ),
  )
  const cut = inside.filter(
    (text) =>
      !edges.some(
        (box) =>
          text.left >= box.left &&
          text.right <= box.right &&
          text.top >= box.top &&
          text.bottom <= box.bottom,
      ),
  )
  return [...covered, ...cut].map(({ text }) => text)
}

test('no label of a picture covers a box, and every text of a box is inside it', () => {
  for (const { path, text } of readTree('docs/pictures', '.svg'))
    expect(misplacedTexts(text), path).toEqual([])
  const box = (id: string, column: number, title: string) => ({ id, lines: [title], column, row: 0 })
  const picture = (label: string, title: string) =>
    svgOf({
      title: 't',
      boxes: [box('a', 0, title), box('b', 1, 'b')],
      arrows: [{ from: 'a', to: 'b', label }],
    })
  expect(misplacedTexts(picture('short', 'a'))).toEqual([])
  expect(misplacedTexts(picture('x'.repeat(40), 'a'))).toEqual(['x'.repeat(40)])
  expect(misplacedTexts(picture('ok', 'y'.repeat(40)))).toEqual(['y'.repeat(40)])
})
