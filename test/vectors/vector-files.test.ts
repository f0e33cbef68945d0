import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { rulebook } from '../../src/policy/rulebook.ts'
import { coveredGroups, readVectorFile, vectorFileNames } from './vector-files.ts'

const schema = z.fromJSONSchema(
  JSON.parse(readFileSync(new URL('../../vectors/schema.json', import.meta.url), 'utf8')),
)

test('AUD-05 · the tests run exactly the existing files of vectors', () => {
  expect(vectorFileNames.toSorted()).toEqual(coveredGroups.map((group) => `${group}.json`).toSorted())
})

test.each(vectorFileNames)('AUD-05 · %s follows the schema and names rules of the rulebook', (name) => {
  const file = readVectorFile(name)
  expect(schema.safeParse(file).error).toBeUndefined()
  expect(file.group).toBe(name.replace('.json', ''))
  const rules = new Set<string>(rulebook.map(({ id }) => id))
  expect(file.vectors.filter(({ rule }) => !rules.has(rule))).toEqual([])
  expect(new Set(file.vectors.map((vector) => vector.case)).size).toBe(file.vectors.length)
})

test('AUD-05 · the schema refuses another flag, a missing answer and an unknown field', () => {
  const file = readVectorFile('code-form.json')
  const [first] = file.vectors
  const refused = [
    { ...first, flags: ['odd'] },
    { ...first, expected: undefined },
    { ...first, more: true },
    { ...first, rule: 'LOCK6' },
  ].map((vector) => schema.safeParse(JSON.parse(JSON.stringify({ ...file, vectors: [vector] }))).success)
  expect(refused).toEqual([false, false, false, false])
})
