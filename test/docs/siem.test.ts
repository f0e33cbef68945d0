/** docs/siem.md shows the code that the example runs, and the mapping as the code has it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { siemPage } from '../../docs/generate/siem-page.ts'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'
import { inPackage } from '../../docs/generate/tree.ts'
import { ocsfMappings } from '../../src/adapters/ocsf.ts'

const read = (path: string) => readFileSync(inPackage(path), 'utf8')

test('AUD-09 · docs/siem.md is generated from the current mapping and shows the code of the example', () => {
  const page = read('docs/siem.md')
  expect(page).toBe(siemPage())
  expect(typeScriptOf(page)).toEqual([...regionsOf(read('examples/siem-feed/deliver.ts')).values()])
})

test('AUD-09 · the page has a row for every case of the mapping', () => {
  const rows = read('docs/siem.md').split('\n')
  for (const { kind, event, when = '', typeUid } of ocsfMappings.filter(({ kind }) => kind !== 'refusals')) {
    const found = rows.filter(
      (row) => row.startsWith(`| \`${event}\` | ${when} | `) && row.includes(` ${typeUid} `),
    )
    expect(found.length, `${kind} ${event} ${when}`).toBeGreaterThan(0)
  }
})
