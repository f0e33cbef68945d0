import { type KeyObject, sign, verify } from 'node:crypto'
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import {
  type Authentication,
  type RecordKey,
  recordKinds,
  type StoragePort,
  type TrailEntry,
} from 'ccass-2fa'
import { formatCheckpoint, type RecordFinding } from 'ccass-2fa/audit'

// #region verify
/** Verifies everything, page by page. Store `after` to continue later. */
export const verifyAll = async ({ audit }: Authentication): Promise<readonly RecordFinding[]> => {
  const findings: RecordFinding[] = []
  let after: string | undefined
  do {
    const page = await audit.verify({ after, limit: 100 })
    if (page.isErr()) throw new Error(page.error.code) // the storage failed: repeat from `after`
    findings.push(...page.value.findings)
    after = page.value.after
  } while (after !== undefined)
  return findings
}
// #endregion

// #region checkpoint
/** Makes a signed checkpoint. Keep it where the database's administrators can't write; the manifest can be anywhere. */
export const keepCheckpoint = async ({ audit }: Authentication, path: string, key: KeyObject) => {
  const manifest = createWriteStream(`${path}.manifest`)
  const keep = (lines: readonly string[]) => void manifest.write(lines.map((line) => `${line}\n`).join(''))
  const checkpoint = await audit.checkpoint({ keep })
  manifest.end()
  await finished(manifest)
  if (checkpoint.isErr()) throw new Error(checkpoint.error.code)
  const text = formatCheckpoint(checkpoint.value)
  const signature = sign(null, Buffer.from(text), key).toString('base64')
  writeFileSync(`${path}.json`, JSON.stringify({ text, signature }))
  return checkpoint.value
}
// #endregion

// #region hold
/** Compares a checkpoint with the store, after checking its signature. */
export const verifyCheckpoint = async ({ audit }: Authentication, path: string, key: KeyObject) => {
  const { text, signature } = JSON.parse(readFileSync(`${path}.json`, 'utf8'))
  if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64')))
    throw new Error('the checkpoint was not signed by us')
  const manifest = createInterface({ input: createReadStream(`${path}.manifest`) })
  const compared = await audit.verifyCheckpoint({ checkpoint: JSON.parse(text), manifest })
  if (compared.isErr()) throw new Error(compared.error.code)
  return compared.value // manifestValid: does the manifest belong to the checkpoint? findings: changes to the store
}
// #endregion

// #region export
/** A record's trail up to the record's version: entries that are written meanwhile are left for the next export. */
const trailUpTo = async (storage: StoragePort, key: RecordKey, version: number) => {
  const trail: TrailEntry[] = []
  for (let after = 0; after < version; ) {
    const page = await storage.trail(key, { after, limit: Math.min(500, version - after) })
    trail.push(...page)
    if (page.length === 0) break
    after = page.at(-1)?.seq ?? version
  }
  return trail
}

/** Every record with its trail, a line of JSON each, for a verifier without this library. States and vaults stay behind. */
export async function* exportTrails(storage: StoragePort): AsyncGenerator<string> {
  for (let from = ''; ; ) {
    const participants = await storage.participants({ after: from, limit: 100 })
    for (const participant of participants)
      for (const kind of recordKinds)
        for (let after: string | undefined = ''; after !== undefined; ) {
          const page = await storage.list(participant, kind, { after, limit: 100 })
          for (const { id, record } of page) {
            const { version, head } = record
            const key = { participant, kind, id }
            const trail = await trailUpTo(storage, key, version)
            yield `${JSON.stringify({ key, record: { version, head }, trail })}\n`
          }
          after = page.at(-1)?.id
        }
    const last = participants.at(-1)
    if (last === undefined) return
    from = last
  }
}
// #endregion
