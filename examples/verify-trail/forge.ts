import { createHash } from 'node:crypto'
import type Database from 'libsql'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** JSON with sorted keys (RFC 8785), as docs/trail.md describes it. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`
}

/**
 * A forger who knows the format changes one entry and recomputes every later hash and the head, so that
 * everything is consistent again.
 */
export const forgeTrail = (
  db: Database.Database,
  [participant, kind, id]: readonly [string, string, string],
  change: (entry: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): void => {
  const recordKey = [participant, kind, id] as const
  const rows = db
    .prepare(
      'SELECT seq, entry FROM ccass_2fa_trail WHERE participant = ? AND kind = ? AND id = ? ORDER BY seq',
    )
    .all(...recordKey) as { seq: number; entry: string }[]
  let head = sha256(`ccass-2fa/trail/1${canonical(recordKey)}`)
  for (const { seq, entry } of rows) {
    const { hash: _, ...contents } = change(JSON.parse(entry))
    head = sha256(head + canonical(contents))
    db.prepare(
      'UPDATE ccass_2fa_trail SET entry = ? WHERE participant = ? AND kind = ? AND id = ? AND seq = ?',
    ).run(...[JSON.stringify({ ...contents, hash: head }), ...recordKey, seq])
  }
  db.prepare('UPDATE ccass_2fa_record SET head = ? WHERE participant = ? AND kind = ? AND id = ?').run(
    head,
    ...recordKey,
  )
}
