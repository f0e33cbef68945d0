/** The pictures of docs/: what they show, and that every page that needs one has it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { architecturePicture, importsBetween } from '../../docs/generate/architecture-picture.ts'
import { conceptPictures } from '../../docs/generate/concept-pictures.ts'
import { svgOf } from '../../docs/generate/picture.ts'
import { inPackage, readTree } from '../../docs/generate/tree.ts'
import { accountStages } from '../../src/account/state.ts'

const read = (path: string) => readFileSync(inPackage(path), 'utf8')
const outside = ['adapters', 'stores', 'testing']

test('docs/architecture.md has a paragraph for every room, and names no room that is gone', () => {
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

test('a picture has no script and nothing from elsewhere; an arrow to nowhere throws', () => {
  for (const { text } of readTree('docs/pictures', '.svg')) {
    expect(text).not.toMatch(/<script|<image|href|@import|url\(h|\son\w+=/)
    expect(text).toMatch(/<title>.+<\/title>/)
  }
  const box = { id: 'a', lines: ['a < b'], column: 0, row: 0 }
  expect(svgOf({ title: 't', boxes: [box], arrows: [] })).toContain('a &lt; b')
  expect(() => svgOf({ title: 't', boxes: [box], arrows: [{ from: 'a', to: 'z' }] })).toThrow('no box z')
})
