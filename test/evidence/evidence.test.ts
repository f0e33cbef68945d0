import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bundleProblems, type Exhibit, writeBundle } from './bundle.ts'

const commit = 'a'.repeat(40)
const exhibits: readonly Exhibit[] = [
  { path: 'policy.json', text: '{}\n', about: 'the policy', commit },
  { path: 'figures/bench.json', text: '[1]\n', about: 'figures', commit: 'b'.repeat(40) },
  { path: 'figures/model.md', text: '# Model\n', about: 'a page' },
]
const about = { commit, changed: false, at: '2026-01-01T00:00:00.000Z', versions: {}, missing: {} }

describe('AUD-05 · a bundle of evidence', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'evidence-test-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('AUD-05 · is verified as written, and names the commit that produced each file', () => {
    const { files } = writeBundle(folder, exhibits, about)
    expect(bundleProblems(folder)).toEqual([])
    expect(files.map(({ producedBy }) => producedBy)).toEqual([
      'this commit',
      `another commit: ${'b'.repeat(40)}`,
      'not by this run: committed with the sources; its figures do not name their commit',
    ])
  })

  test('AUD-05 · names changes that are not committed', () => {
    const { files } = writeBundle(folder, exhibits, { ...about, changed: true })
    expect(files[0]?.producedBy).toBe('this commit, with changes that are not committed')
  })

  test('AUD-05 · is refused with the name of any file in which a byte was changed', () => {
    writeBundle(folder, exhibits, about)
    for (const { path, text } of exhibits) {
      writeFileSync(join(folder, path), `${text.slice(0, -2)}!\n`)
      expect(bundleProblems(folder)).toEqual([`${path}: changed`])
      writeFileSync(join(folder, path), text)
    }
    expect(bundleProblems(folder)).toEqual([])
  })

  test('AUD-05 · is refused with the name of a file that was removed or added', () => {
    writeBundle(folder, exhibits, about)
    rmSync(join(folder, 'figures/bench.json'))
    writeFileSync(join(folder, 'figures/other.json'), '')
    expect(bundleProblems(folder)).toEqual([
      'figures/bench.json: missing',
      'figures/other.json: not in the manifest',
    ])
  })

  test('AUD-05 · is refused by name if its manifest was changed or is missing', () => {
    writeBundle(folder, exhibits, about)
    const manifest = join(folder, 'manifest.json')
    const text = readFileSync(manifest, 'utf8')
    appendFileSync(manifest, ' ')
    expect(bundleProblems(folder)).toEqual(['manifest.json: does not fit manifest.sha256'])
    writeFileSync(manifest, text)
    expect(bundleProblems(folder)).toEqual([])
    rmSync(manifest)
    expect(bundleProblems(folder)).toEqual(['manifest.json: missing'])
  })

  test('AUD-05 · never overwrites a folder that is not empty', () => {
    writeBundle(folder, exhibits, about)
    expect(() => writeBundle(folder, exhibits, about)).toThrow(/not empty/)
  })
})
