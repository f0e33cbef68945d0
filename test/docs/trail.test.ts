/** docs/trail.md: its snippets run, and its format suffices to recompute every hash without the library. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'
import { inPackage } from '../../docs/generate/tree.ts'
import { booksOf, everyKind } from '../support/all-kinds.ts'
import { good } from '../support/test-service.ts'

const read = (path: string) => readFileSync(inPackage(path), 'utf8')
const page = read('docs/trail.md')

const sha256 = (...parts: readonly (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const hex = (...parts: readonly (string | Buffer)[]) => sha256(...parts).toString('hex')

/** RFC 8785, implemented independently. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const object = value as Readonly<Record<string, unknown>>
  const keys = Object.keys(object).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`).join(',')}}`
}

/** RFC 6962, section 2.1, implemented independently. */
const treeHash = (leaves: readonly string[]): Buffer => {
  const [only] = leaves
  if (only === undefined) return sha256('')
  if (leaves.length === 1) return sha256(Buffer.of(0), only)
  let left = 1
  while (left * 2 < leaves.length) left *= 2
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, left)), treeHash(leaves.slice(left)))
}

test('AUD-02 · the page shows exactly the code that the example runs', () => {
  const run = [...regionsOf(read('examples/verify-trail/check.ts')).values()]
  expect(run.length).toBe(4)
  expect(typeScriptOf(page)).toEqual(run)
})

test('AUD-02 · the page has every finding code and no other', () => {
  const source = read('src/integrity/finding.ts')
  const codes = [...source.matchAll(/readonly code: '([a-z-]+)'/g)].map(([, code]) => code)
  const section = /\| code \| what \|\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? ''
  const told = section
    .split('\n')
    .flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, code]) => code))
  expect([...told].sort()).toEqual([...new Set(codes)].sort())
})

test('AUD-02 · the page alone suffices to recompute every hash of a store: chains, vaults, checkpoint', async () => {
  const o = await everyKind()
  const books = await booksOf(o)
  let [proofs, openings] = [0, 0]
  for (const { key, record, trail } of books) {
    let before = hex(`ccass-2fa/trail/1${canonical([key.participant, key.kind, key.id])}`)
    for (const { hash, personal = {}, ...entry } of trail) {
      for (const [digest, opening] of Object.values(personal).flatMap((each) => Object.entries(each))) {
        const [format, salt, value] = JSON.parse(opening)
        expect(opening).toBe(canonical([format, salt, value]))
        expect([format, salt]).toEqual(['ccass-2fa/personal/1', expect.stringMatching(/^[0-9a-f]{32}$/)])
        expect(digest).toBe(hex(opening))
        expect(JSON.stringify(entry)).toContain(digest)
        openings++
      }
      before = hex(before + canonical(entry))
      expect(hash).toBe(before)
    }
    expect(record).toMatchObject({ version: trail.length, head: before })
    for (const [name, proof] of Object.entries(record.vault)) {
      expect(name).toBe(hex(proof))
      expect(JSON.stringify(record.state)).toContain(name)
      expect(JSON.stringify(trail)).toContain(name)
      proofs++
    }
  }
  expect(proofs).toBeGreaterThan(5)
  expect(openings).toBeGreaterThan(20)
  const lines = books.map(({ key, record }) =>
    canonical([key.participant, key.kind, key.id, record.version, record.head]),
  )
  const kept: string[] = []
  const checkpoint = await good(o.auth.audit.checkpoint({ keep: (some) => void kept.push(...some) }))
  expect(kept).toEqual(lines)
  expect(checkpoint).toMatchObject({ count: lines.length, root: treeHash(lines).toString('hex') })
})
