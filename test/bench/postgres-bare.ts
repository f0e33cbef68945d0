/** The minimum of a sign-in with compare-and-set: twice, a row is read and then written with its trail. */
import type { Pool } from 'pg'
import type { Contestant } from './postgres-logins.ts'

const state = JSON.stringify({ stage: 'Initialised', filler: 'x'.repeat(700) })
const vault = JSON.stringify({ c1: 'x'.repeat(90), c2: 'x'.repeat(90) })
const entry = JSON.stringify({
  seq: 1,
  by: 'caller',
  event: { type: 'SignInCompleted', filler: 'x'.repeat(300) },
})
const head = 'f'.repeat(64)

/** The four bare statements, sent without preparation. */
export const bare = (pool: Pool): Contestant => ({
  name: 'four bare statements',
  prepare: async (people) => {
    const key = 'participant text, kind text, id text'
    await pool.query(
      `CREATE TABLE record (${key}, version bigint, state json, vault json, head text, PRIMARY KEY (participant, kind, id)) WITH (fillfactor = 80)`,
    )
    await pool.query(
      `CREATE TABLE trail (${key}, seq bigint, entry json, PRIMARY KEY (participant, kind, id, seq))`,
    )
    const read =
      'SELECT version::text, state::text, vault::text, head FROM record WHERE participant = $1 AND kind = $2 AND id = $3'
    const write = `WITH step AS (
      UPDATE record SET version = $4, state = $5, vault = $6, head = $7
      WHERE participant = $1 AND kind = $2 AND id = $3 AND version = $4 - 1 RETURNING 1)
    INSERT INTO trail SELECT $1, $2, $3, $4, $8 WHERE EXISTS (SELECT FROM step)`
    return Promise.all(
      Array.from({ length: people }, async (_, n) => {
        const place = [`B${10_000 + n}`, 'account', `B${10_000 + n}01`]
        await pool.query('INSERT INTO record VALUES ($1, $2, $3, 0, $4, $5, $6)', [
          ...place,
          state,
          vault,
          head,
        ])
        return async () => {
          for (let half = 0; half < 2; half++) {
            const { rows } = await pool.query<{ version: string }>(read, place)
            const next = Number(rows[0]?.version) + 1
            await pool.query(write, [...place, next, state, vault, head, entry])
          }
        }
      }),
    )
  },
})
