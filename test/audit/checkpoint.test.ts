/**
 * A checkpoint kept elsewhere shows what no chain can: trails that were rewritten, rolled back or removed
 * completely.
 */
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import Database from 'libsql'
import { beforeEach, describe, expect, test } from 'vitest'
import type { TrailEntry } from '../../src/index.ts'
import {
  type Checkpoint,
  formatCheckpoint,
  isIncluded,
  manifestLine,
  proveInclusion,
} from '../../src/integrity/checkpoint.ts'
import { treeHasher } from '../../src/integrity/merkle-tree.ts'
import { entryHash, genesisHash } from '../../src/integrity/trail-hash.ts'
import { entryOf, type TrailRow } from '../../src/stores/sqlite/rows.ts'
import { sqliteStorage } from '../../src/stores/sqlite.ts'
import { booksOf, everyKind } from '../support/all-kinds.ts'
import { codeOf, good, refusal, type TestService, testService } from '../support/test-service.ts'
import { wrongPasswords } from '../support/user-journeys.ts'
import { inShort } from './tampering.ts'

/** A checkpoint with its manifest. */
const taken = async ({ auth }: Pick<TestService, 'auth'>) => {
  const manifest: string[] = []
  const keep = (lines: readonly string[]) => void manifest.push(...lines)
  return { checkpoint: await good(auth.audit.checkpoint({ keep })), manifest }
}

test('AUD-02 · the root of a checkpoint covers the heads of all records in their order', async () => {
  const o = await everyKind()
  const { checkpoint, manifest } = await taken(o)
  const books = await booksOf(o)
  expect(manifest).toEqual(
    books.map(({ key, record }) =>
      JSON.stringify([key.participant, key.kind, key.id, record.version, record.head]),
    ),
  )
  const tree = treeHasher()
  for (const line of manifest) tree.add(line)
  const { root } = checkpoint
  expect(checkpoint).toEqual({
    format: 'ccass-2fa/checkpoint/1',
    at: o.clock.now(),
    count: books.length,
    root,
  })
  expect(root).toBe(tree.root())
  expect(await good(o.auth.audit.checkpoint())).toEqual(checkpoint)
  expect(formatCheckpoint(checkpoint)).toBe(
    `{"at":${o.clock.now()},"count":${books.length},"format":"ccass-2fa/checkpoint/1","root":"${root}"}`,
  )
  expect(JSON.parse(formatCheckpoint(checkpoint))).toEqual(checkpoint)
})

test('AUD-02 · the host signs the text of a checkpoint, and a signature by another key is invalid', async () => {
  const { checkpoint } = await taken(await everyKind())
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const signature = sign(null, Buffer.from(formatCheckpoint(checkpoint)), privateKey)
  expect(verify(null, Buffer.from(formatCheckpoint(checkpoint)), publicKey, signature)).toBe(true)
  const other = { ...checkpoint, count: checkpoint.count + 1 }
  expect(verify(null, Buffer.from(formatCheckpoint(other)), publicKey, signature)).toBe(false)
})

describe('a checkpoint that was stopped', () => {
  test('AUD-02 · continued after any line, it is the checkpoint that was not stopped', async () => {
    const service = await everyKind()
    const whole = await taken(service)
    const { at } = whole.checkpoint
    service.clock.pass(60_000)
    for (const stoppedAfter of whole.manifest.keys()) {
      const manifest = whole.manifest.slice(0, stoppedAfter)
      const starts: number[] = []
      const keep = (lines: readonly string[], startedAt: number) => {
        manifest.push(...lines)
        starts.push(startedAt)
      }
      const resume = { at, manifest: [...manifest] }
      expect(await good(service.auth.audit.checkpoint({ keep, resume }))).toEqual(whole.checkpoint)
      expect(manifest).toEqual(whole.manifest)
      expect(new Set(starts)).toEqual(new Set([at]))
    }
    const resume = { at, manifest: whole.manifest }
    expect(await good(service.auth.audit.checkpoint({ resume }))).toEqual(whole.checkpoint)
  })

  test('AUD-02 · it does not read the records of its lines again', async () => {
    const service = await everyKind()
    const { checkpoint, manifest } = await taken(service)
    await wrongPasswords(service, { userId: 'B01234X1' }, 1)
    const { at } = checkpoint
    expect(await good(service.auth.audit.checkpoint({ resume: { at, manifest } }))).toEqual(checkpoint)
    expect(await good(service.auth.audit.checkpoint())).not.toEqual(checkpoint)
  })

  test('AUD-02 · lines that are incomplete, repeated or out of order are refused', async () => {
    const service = await everyKind()
    const { manifest } = await taken(service)
    const [first = '', second = ''] = manifest
    for (const [lines, problem] of [
      [[first, second.slice(0, -5)], 'has a line that is not a line of a manifest'],
      [[first, first], 'has a line that is out of order'],
      [[second, first], 'has a line that is out of order'],
    ] as const)
      expect(
        await refusal(service.auth.audit.checkpoint({ resume: { at: 0, manifest: lines } })),
      ).toMatchObject({
        ...{ code: 'malformed-input', field: 'resume.manifest', problem },
      })
  })
})

test('AUD-02 · an empty store has a checkpoint too', async () => {
  const service = testService()
  const { checkpoint, manifest } = await taken(service)
  expect([checkpoint.count, manifest]).toEqual([0, []])
  expect(await good(service.auth.audit.verifyCheckpoint({ checkpoint, manifest }))).toMatchObject({
    manifestValid: true,
    records: 0,
  })
})

describe('verified against a store in SQLite', () => {
  let db: Database.Database
  let service: TestService
  let kept: { readonly checkpoint: Checkpoint; readonly manifest: readonly string[] }
  const own = "participant = 'B01234' AND kind = 'account' AND id = 'B01234X1'"

  beforeEach(async () => {
    db = new Database(':memory:')
    service = await everyKind(sqliteStorage(db))
    kept = await taken(service)
  })

  const held = async () => {
    const { manifestValid: genuine, findings } = await good(service.auth.audit.verifyCheckpoint(kept))
    expect(genuine).toBe(true)
    return findings.map((finding) => `${finding.record.id}: ${inShort(finding)}`)
  }
  const verified = async () => (await good(service.auth.audit.verify({ limit: 1_000 }))).findings
  const person = {
    userId: 'B01234X1',
    password: 'Correct-Horse-1!',
    system: 'DMS',
    channel: 'MobileApp',
  } as const

  const appendOne = `INSERT INTO ccass_2fa_trail
    SELECT ?, ?, ?, ?, ?, ?, coalesce(max(ordinal), 0) + 1 FROM ccass_2fa_trail`

  /**
   * The trail of B01234X1 rechained up to the head, with the state folded: nothing in the store reveals it.
   */
  const rewritten = (change: (entries: readonly TrailEntry[]) => readonly Omit<TrailEntry, 'hash'>[]) => {
    const entries = (
      db.prepare(`SELECT entry, personal FROM ccass_2fa_trail WHERE ${own} ORDER BY seq`).all() as TrailRow[]
    ).map(entryOf)
    let head = genesisHash({ participant: 'B01234', kind: 'account', id: 'B01234X1' })
    db.exec(`DELETE FROM ccass_2fa_trail WHERE ${own}`)
    const written = change(entries).map((entry, i) => {
      const { personal, ...next } = { ...entry, seq: i + 1 }
      head = entryHash(head, next)
      db.prepare(appendOne).run(
        ...['B01234', 'account', 'B01234X1', next.seq, JSON.stringify({ ...next, hash: head })],
        personal === undefined ? null : JSON.stringify(personal),
      )
      return next
    })
    db.prepare(`UPDATE ccass_2fa_record SET head = ?, version = ? WHERE ${own}`).run(head, written.length)
  }

  test('AUD-02 · there are no findings while operations continue', async () => {
    expect(await held()).toEqual([])
    const [{ entries = 0 } = {}] = db.prepare('SELECT count(*) AS entries FROM ccass_2fa_trail').all() as {
      entries: number
    }[]
    expect(await good(service.auth.audit.verifyCheckpoint(kept))).toMatchObject({
      records: kept.manifest.length,
      entries,
    })
    await wrongPasswords(service, person, 1)
    await good(service.auth.registry.setMaximum({ participant: 'BNK999', maximum: 3, by: 'HKEX' }))
    expect(await held()).toEqual([])
    const now = await taken(service)
    expect(now.checkpoint.root).not.toBe(kept.checkpoint.root)
    expect(now.checkpoint.count).toBe(kept.checkpoint.count + 1)
  })

  test('AUD-02 · a trail rewritten as a whole is found by the checkpoint and not by verification alone', async () => {
    rewritten((entries) => entries.map((entry, i) => (i === 4 ? { ...entry, actor: 'unknown' } : entry)))
    expect(await verified()).toEqual([])
    expect(await held()).toEqual(['B01234X1: rewritten 10'])
    // It still does after the trail has grown.
    await wrongPasswords(service, person, 2)
    expect(await verified()).toEqual([])
    expect(await held()).toEqual(['B01234X1: rewritten 10'])
  })

  test('AUD-02 · a truncated trail is found even if its record was rolled back to match', async () => {
    const before = db.prepare(`SELECT * FROM ccass_2fa_record WHERE ${own}`).get() as Record<
      string,
      string | number
    >
    await wrongPasswords(service, person, 2)
    kept = await taken(service)
    db.exec(`DELETE FROM ccass_2fa_trail WHERE ${own} AND seq > ${before['version']}`)
    db.prepare(`UPDATE ccass_2fa_record SET version = ?, state = ?, vault = ?, head = ? WHERE ${own}`).run(
      ...(['version', 'state', 'vault', 'head'] as const).map((column) => before[column] ?? ''),
    )
    expect(await verified()).toEqual([])
    expect(await held()).toEqual(['B01234X1: rolled-back 12'])
  })

  test('AUD-02 · a record removed with its trail and every reference to it is found', async () => {
    const request = kept.manifest.find((line) => line.includes('"request"')) ?? ''
    const [, , id] = JSON.parse(request) as string[]
    db.exec(`DELETE FROM ccass_2fa_record WHERE id = '${id}'; DELETE FROM ccass_2fa_trail WHERE id = '${id}'`)
    expect(await verified()).toEqual([])
    expect(await held()).toEqual([`${id}: record-missing`])
    db.exec(`DELETE FROM ccass_2fa_record WHERE ${own}`)
    expect(await held()).toContain('B01234X1: trail-without-record')
  })

  test('AUD-02 · verification against a checkpoint finds everything that plain verification finds', async () => {
    db.exec(`UPDATE ccass_2fa_trail SET entry = json_set(entry, '$.by', 'x') WHERE ${own} AND seq = 3`)
    expect(await held()).toEqual(['B01234X1: entry-changed 3'])
    db.exec(`UPDATE ccass_2fa_record SET vault = '{' WHERE ${own}`)
    expect(await held()).toEqual(['B01234X1: record-unreadable'])
  })

  test('AUD-02 · a manifest that does not belong to the checkpoint is reported and proves nothing', async () => {
    const { manifest, checkpoint } = kept
    const other = manifestLine({
      participant: 'X',
      kind: 'account',
      id: 'X',
      version: 1,
      head: 'f'.repeat(64),
    })
    const others: readonly (readonly string[])[] = [
      ...[[], manifest.slice(1), manifest.slice(0, -1), [...manifest, other], [...manifest, 'garbage']],
      ...[
        [...manifest].reverse(),
        [...manifest, ...manifest],
        manifest.map((line) => line.replace('B01234X1', 'B01234X9')),
      ],
    ]
    for (const each of others)
      expect(await good(service.auth.audit.verifyCheckpoint({ checkpoint, manifest: each }))).toMatchObject({
        manifestValid: false,
        findings: [],
      })
    const forged = { ...checkpoint, root: 'f'.repeat(64) }
    expect(await good(service.auth.audit.verifyCheckpoint({ checkpoint: forged, manifest }))).toMatchObject({
      manifestValid: false,
    })
    expect(
      await good(service.auth.audit.verifyCheckpoint({ checkpoint: { ...checkpoint, count: 1 }, manifest })),
    ).toMatchObject({
      manifestValid: false,
    })
  })

  test('AUD-02 · a manifest can be read line by line from any source; a read error is reported', async () => {
    const { manifest, checkpoint } = kept
    const slowly = async function* (breaks = false) {
      for (const [i, line] of [...manifest, ''].entries()) {
        await undefined
        if (breaks && i === 5) throw new Error('torn')
        yield line
      }
    }
    const whole = await good(service.auth.audit.verifyCheckpoint({ checkpoint, manifest: slowly() }))
    expect(whole).toEqual(await good(service.auth.audit.verifyCheckpoint(kept)))
    expect(whole).toMatchObject({ manifestValid: true, records: checkpoint.count, more: 0 })
    const failed = { code: 'port-failed', rule: 'API-02', port: 'manifest' }
    expect(
      await refusal(service.auth.audit.verifyCheckpoint({ checkpoint, manifest: slowly(true) })),
    ).toEqual(failed)
    const keep = () => Promise.reject(new Error('full'))
    expect(await refusal(service.auth.audit.checkpoint({ keep }))).toEqual(failed)
    expect(service.faults.map(({ port }) => port)).toEqual(['manifest', 'manifest'])
    for (const bad of [
      {},
      { checkpoint },
      { checkpoint: { ...checkpoint, root: 'x' }, manifest },
      { manifest },
    ])
      expect(await codeOf(service.auth.audit.verifyCheckpoint(bad as never))).toBe('malformed-input')
    expect(await codeOf(service.auth.audit.verifyCheckpoint({ checkpoint, manifest: 7 } as never))).toBe(
      'malformed-input',
    )
    expect(await codeOf(service.auth.audit.checkpoint({ keep: 7 } as never))).toBe('malformed-input')
  })

  test('AUD-02 · the line of one record can be verified against the root alone', async () => {
    const { manifest, checkpoint } = kept
    for (const line of manifest) {
      const proof = proveInclusion(line, manifest)
      expect(proof && isIncluded(proof, checkpoint)).toBe(true)
      const forged = proof && { ...proof, line: line.replace(/,\d+,/, ',1000,') }
      expect(forged && isIncluded(forged, checkpoint)).toBe(false)
    }
    expect(proveInclusion('nothing', manifest)).toBeUndefined()
    // With the proof, an auditor who has only this trail verifies it up to the checkpoint.
    const [book] = (await booksOf(service)).filter(({ key }) => key.id === 'B01234X1')
    const line = book && manifestLine({ ...book.key, version: 10, head: book.trail[9]?.hash ?? '' })
    expect(manifest).toContain(line)
  })
})
