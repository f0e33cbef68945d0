import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RecordFinding } from '../../src/entries/audit.ts'
import { sqliteStorage } from '../../src/stores/sqlite.ts'
import { everyKind } from '../support/all-kinds.ts'
import { good } from '../support/test-service.ts'
import { bundleProblems, type Exhibit, writeBundle } from './bundle.ts'
import { evidenceOf, evidenceOfStore } from './store.ts'

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

describe('AUD-02 · the evidence of a store', () => {
  const fileOf = (files: readonly Exhibit[], name: string) =>
    files.find(({ path }) => path === `store/${name}`)?.text ?? ''
  const verificationOf = (files: readonly Exhibit[]) =>
    JSON.parse(fileOf(files, 'verification.json')) as {
      readonly records: number
      readonly findings: readonly RecordFinding[]
    }

  test('AUD-02 · holds a checkpoint and a manifest with which the store can be verified later', async () => {
    const db = new Database(':memory:')
    const service = await everyKind(sqliteStorage(db))
    const { exhibits: files, findings } = await evidenceOf(sqliteStorage(db))
    const checkpoint = JSON.parse(fileOf(files, 'checkpoint.json'))
    const manifest = fileOf(files, 'checkpoint.manifest').trimEnd().split('\n')
    expect(manifest).toHaveLength(verificationOf(files).records)
    expect(findings).toBe(0)
    const compared = await good(service.auth.audit.verifyCheckpoint({ checkpoint, manifest }))
    expect([compared.manifestValid, compared.records, compared.findings]).toEqual([true, manifest.length, []])
  })

  test('AUD-02 · names what was changed in a store by hand', async () => {
    const db = new Database(':memory:')
    await everyKind(sqliteStorage(db))
    db.exec("DELETE FROM ccass_2fa_trail WHERE kind = 'account' AND id = 'B01234X1' AND seq = 2")
    const { exhibits: files, findings } = await evidenceOf(sqliteStorage(db))
    expect(findings).toBeGreaterThan(0)
    expect(new Set(verificationOf(files).findings.map(({ record }) => record.id))).toEqual(
      new Set(['B01234X1']),
    )
  })

  test('AUD-02 · is read from an SQLite file; a file that does not exist is refused, not created', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evidence-test-'))
    const path = join(folder, 'store.sqlite')
    await expect(evidenceOfStore(path)).rejects.toThrow(/no file/)
    expect(existsSync(path)).toBe(false)
    const db = new Database(path)
    await everyKind(sqliteStorage(db))
    db.close()
    const { exhibits: files, findings } = await evidenceOfStore(path)
    expect([findings, verificationOf(files).records > 10]).toEqual([0, true])
    rmSync(folder, { recursive: true })
  })
})
