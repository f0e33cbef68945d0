/** docs/tests.md: every source file has tests, and the map finds them. */
import { expect, test } from 'vitest'
import { scanSource, scanTests } from '../../docs/generate/scan.ts'
import { testsBySource } from '../../docs/generate/tests-page.ts'
import { readTree } from '../../docs/generate/tree.ts'

test('AUD-05 · docs/tests.md names a test for every source file', () => {
  const [sources, tests] = [readTree('src', '.ts'), readTree('test', '.ts')]
  const titles = tests.filter(({ path }) => path.endsWith('.test.ts')).flatMap(scanTests)
  const map = testsBySource({ sources, tests, references: sources.flatMap(scanSource), titles })
  expect([...map].filter(([, covering]) => covering.length === 0).map(([path]) => path)).toEqual([])
  expect(map.get('src/kernel/decision-table.ts')).toContain('test/kernel/decision-table.test.ts')
})

test('AUD-05 · the check finds a file that no test uses', () => {
  const sources = [{ path: 'src/a/alone.ts', text: 'export const alone = 1' }]
  const map = testsBySource({ sources, tests: [], references: [], titles: [] })
  expect(map.get('src/a/alone.ts')).toEqual([])
})
