import { type KeyObject, sign, verify } from 'node:crypto'
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import type { Authentication } from 'ccass-2fa'
import { printCheckpoint, type RecordFinding } from 'ccass-2fa/audit'

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
export const keepCheckpoint = async ({ audit }: Authentication, place: string, key: KeyObject) => {
  const manifest = createWriteStream(`${place}.manifest`)
  const keep = (lines: readonly string[]) => void manifest.write(lines.map((line) => `${line}\n`).join(''))
  const checkpoint = await audit.checkpoint({ keep })
  manifest.end()
  await finished(manifest)
  if (checkpoint.isErr()) throw new Error(checkpoint.error.code)
  const text = printCheckpoint(checkpoint.value)
  const signature = sign(null, Buffer.from(text), key).toString('base64')
  writeFileSync(`${place}.json`, JSON.stringify({ text, signature }))
  return checkpoint.value
}
// #endregion

// #region hold
/** Compares a checkpoint with the store, after checking its signature. */
export const verifyCheckpoint = async ({ audit }: Authentication, place: string, key: KeyObject) => {
  const { text, signature } = JSON.parse(readFileSync(`${place}.json`, 'utf8'))
  if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64')))
    throw new Error('the checkpoint was not signed by us')
  const manifest = createInterface({ input: createReadStream(`${place}.manifest`) })
  const compared = await audit.verifyCheckpoint({ checkpoint: JSON.parse(text), manifest })
  if (compared.isErr()) throw new Error(compared.error.code)
  return compared.value // manifestValid: does the manifest belong to the checkpoint? findings: changes to the store
}
// #endregion
