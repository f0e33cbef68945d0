import { type KeyObject, sign, verify } from 'node:crypto'
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import type { Authentication } from 'ccass-2fa'
import { printCheckpoint, type RecordFinding } from 'ccass-2fa/audit'

// #region verify
/** Verifies everything, page by page; kept, `after` lets it go on another day. */
export const verifyAll = async ({ audit }: Authentication): Promise<readonly RecordFinding[]> => {
  const findings: RecordFinding[] = []
  let after: string | undefined
  do {
    const page = await audit.verify({ after, limit: 100 })
    if (page.isErr()) throw new Error(page.error.code) // the storage failed: ask again from `after` on
    findings.push(...page.value.findings)
    after = page.value.after
  } while (after !== undefined)
  return findings
}
// #endregion

// #region checkpoint
/** Makes a checkpoint: signed, for wherever the store's keepers can't write; its manifest may stay anywhere. */
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
/** Holds a checkpoint against the store, if its signature is right. */
export const holdCheckpoint = async ({ audit }: Authentication, place: string, key: KeyObject) => {
  const { text, signature } = JSON.parse(readFileSync(`${place}.json`, 'utf8'))
  if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64')))
    throw new Error('the checkpoint was not signed by us')
  const manifest = createInterface({ input: createReadStream(`${place}.manifest`) })
  const held = await audit.verifyCheckpoint({ checkpoint: JSON.parse(text), manifest })
  if (held.isErr()) throw new Error(held.error.code)
  return held.value // manifestValid: is the manifest the checkpoint's? findings: what was done to the store
}
// #endregion
