import type Database from 'libsql'
import { user } from '../locked-user/people.ts'
import { forgeTrail } from './forge.ts'

const { userId } = user
const own = `participant = 'B01234' AND kind = 'account' AND id = '${userId}'`

/** A change that an attacker with write access to the database makes, and how it is detected. */
export interface Tampering {
  readonly change: string
  readonly apply: (db: Database.Database, before: string) => void
  /** The finding of verification, which needs only the store. */
  readonly verified: string
  /** The finding of the earlier checkpoint. Default: the same. */
  readonly withCheckpoint?: string
}

const sql =
  (...statements: readonly string[]) =>
  (db: Database.Database) => {
    for (const statement of statements) db.exec(statement)
  }

/** The changes. Each is made to a separate copy of the store. */
export const tamperings: readonly Tampering[] = [
  {
    change: 'the actor of an entry is changed',
    apply: sql(
      `UPDATE ccass_2fa_trail SET entry = json_set(entry, '$.by', 'someone') WHERE ${own} AND seq = 5`,
    ),
    verified: `entry-changed: ${userId}, entry 5`,
  },
  {
    change: 'an entry is removed',
    apply: sql(`DELETE FROM ccass_2fa_trail WHERE ${own} AND seq = 5`),
    verified: `entry-missing: ${userId}, entry 5`,
  },
  {
    change: 'two entries are exchanged',
    apply: sql(
      `UPDATE ccass_2fa_trail SET seq = 0 WHERE ${own} AND seq = 5`,
      `UPDATE ccass_2fa_trail SET seq = 5 WHERE ${own} AND seq = 6`,
      `UPDATE ccass_2fa_trail SET seq = 6 WHERE ${own} AND seq = 0`,
    ),
    verified: `entry-reordered: ${userId}, entry 5`,
  },
  {
    change: 'the last entries are removed',
    apply: sql(`DELETE FROM ccass_2fa_trail WHERE ${own} AND seq > 8`),
    verified: `tail-truncated: ${userId}, entry 9`,
  },
  {
    change: 'the email is changed in the record only',
    apply: sql(
      `UPDATE ccass_2fa_record SET state = json_set(state, '$.email', 'thief@example.com') WHERE ${own}`,
    ),
    verified: `state-differs: ${userId}`,
  },
  {
    change: 'the password hash is replaced',
    apply: (db) => {
      const { vault } = db.prepare(`SELECT vault FROM ccass_2fa_record WHERE ${own}`).get() as {
        vault: string
      }
      const names = Object.keys(JSON.parse(vault)).map((name) => [name, 'the hash of another password'])
      db.prepare(`UPDATE ccass_2fa_record SET vault = ? WHERE ${own}`).run(
        JSON.stringify(Object.fromEntries(names)),
      )
    },
    verified: `vault-differs: ${userId}`,
  },
  {
    change: 'the account is removed with its trail',
    apply: sql(`DELETE FROM ccass_2fa_record WHERE ${own}`, `DELETE FROM ccass_2fa_trail WHERE ${own}`),
    verified: `record-missing: ${userId}`,
  },
  {
    change: 'an entry is changed and rehashed',
    apply: (db) =>
      forgeTrail(db, ['B01234', 'account', userId], (entry) =>
        entry['seq'] === 5 ? { ...entry, by: 'someone' } : entry,
      ),
    verified: 'nothing',
    withCheckpoint: `rewritten: ${userId}, entry`,
  },
  {
    change: 'record and trail are rolled back one day',
    apply: (db, before) =>
      sql(
        `ATTACH '${before}' AS yesterday`,
        `DELETE FROM ccass_2fa_trail WHERE ${own} AND seq > (SELECT version FROM yesterday.ccass_2fa_record WHERE ${own})`,
        `REPLACE INTO ccass_2fa_record SELECT * FROM yesterday.ccass_2fa_record WHERE ${own}`,
      )(db),
    verified: 'nothing',
    withCheckpoint: `rolled-back: ${userId}, entry`,
  },
]
