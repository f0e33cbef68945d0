// #region deliver
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import type { Audit } from 'ccass-2fa'
import { feedPages } from 'ccass-2fa/audit'
import { type OcsfProduct, toOcsf } from 'ccass-2fa/ocsf'

export interface Delivery {
  /** The file that the SIEM's agent tails: one OCSF event of JSON a line. */
  readonly log: string
  /** Where the feed goes on. Keep it on the same disk as the log. */
  readonly cursor: string
  /** What reports the events: your system. */
  readonly product: OcsfProduct
}

/** Ends a line that a stopped process left incomplete: its page is delivered again. */
const endLastLine = (log: string) => {
  const file = openSync(log, 'a+')
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n')
    writeSync(file, '\n')
  closeSync(file)
}

/** Appends all events since the stored cursor. Run one process at a time, for example every ten seconds. */
export const deliver = async (audit: Audit, { log, cursor, product }: Delivery): Promise<number> => {
  let delivered = 0
  endLastLine(log)
  const after = existsSync(cursor) ? readFileSync(cursor, 'utf8') : undefined
  for await (const page of feedPages(audit, { after, limit: 100 })) {
    if (page.isErr()) throw new Error(page.error.code) // the storage failed: run again later
    const { entries, after: next } = page.value
    const lines = entries.map((entry) => `${JSON.stringify(toOcsf(entry, { product }))}\n`)
    appendFileSync(log, lines.join(''), { flush: true }) // first the events …
    if (next !== undefined) {
      writeFileSync(`${cursor}.new`, next, { flush: true })
      renameSync(`${cursor}.new`, cursor) // … then the cursor, which is never half written
    }
    delivered += entries.length
  }
  return delivered
}
// #endregion
