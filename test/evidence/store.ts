/**
 * The evidence of a store: every trail verified, and a checkpoint with its manifest. It needs no key and
 * changes no record; a schema of an earlier version is migrated, so give it a copy.
 */
import { existsSync } from 'node:fs'
import { openStorage } from '../../examples/service/server/storage.ts'
import { reader } from '../../examples/service/verify/verify-store.ts'
import type { ErasedRecord, RecordFinding } from '../../src/entries/audit.ts'
import { formatCheckpoint } from '../../src/entries/audit.ts'
import type { StoragePort } from '../../src/index.ts'
import type { Exhibit } from './bundle.ts'

/** What was verified, as it is filed. */
interface StoreEvidence {
  readonly exhibits: readonly Exhibit[]
  /** The number of findings of the verification. */
  readonly findings: number
}

/** Verifies an open store and creates its checkpoint. */
export const evidenceOf = async (
  storage: StoragePort,
  onProgress: (records: number) => void = () => {},
): Promise<StoreEvidence> => {
  const { audit } = reader(storage)
  let [records, entries] = [0, 0]
  const findings: RecordFinding[] = []
  const erased: ErasedRecord[] = []
  let after: string | undefined
  do {
    const page = (await audit.verify({ after, limit: 1_000 }))._unsafeUnwrap()
    records += page.records
    entries += page.entries
    findings.push(...page.findings)
    erased.push(...page.erased)
    after = page.after
    onProgress(records)
  } while (after !== undefined)
  const manifest: string[] = []
  const keep = (lines: readonly string[]) => void manifest.push(...lines.map((line) => `${line}\n`))
  const checkpoint = (await audit.checkpoint({ keep }))._unsafeUnwrap()
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`
  const exhibit = (name: string, text: string, about: string): Exhibit => ({
    path: `store/${name}`,
    text,
    about,
  })
  return {
    findings: findings.length,
    exhibits: [
      exhibit(
        'verification.json',
        json({ records, entries, findings, erased }),
        'every trail of the store verified, with what was found and what was erased',
      ),
      exhibit(
        'checkpoint.json',
        `${formatCheckpoint(checkpoint)}\n`,
        'a checkpoint of the store, made after the verification',
      ),
      exhibit(
        'checkpoint.manifest',
        manifest.join(''),
        'the manifest of the checkpoint, a line for each record',
      ),
    ],
  }
}

/** The evidence of a store by its place: an SQLite file, or connection strings joined by commas. */
export const evidenceOfStore = async (place: string): Promise<StoreEvidence> => {
  const isServer = /^postgres(ql)?:/.test(place)
  if (!isServer && !existsSync(place)) throw new Error(`There is no file ${place}.`)
  const { DATABASE_SCHEMA: schema } = process.env
  const open = await openStorage(
    isServer
      ? { databases: place.split(','), ...(schema === undefined ? {} : { schema }) }
      : { databases: [], sqliteFile: place },
  )
  try {
    return await evidenceOf(open.storage, (records) => console.log(`${records} records verified`))
  } finally {
    await open.close()
  }
}
