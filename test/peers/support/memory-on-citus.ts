/** Replaces the memory store when the default suite runs on a Citus cluster (`citus.config.ts`). */
import type { StoragePort } from '../../../src/index.ts'
import { postgresStorage } from '../../../src/stores/postgres.ts'
import { distributed } from './citus.ts'
import { poolOf, soon } from './postgres-test-beds.ts'

const pool = poolOf(process.env['CITUS_URL'] ?? '')
/**
 * Schemas are emptied and reused, because distributing tables takes a second. A test can use several at once.
 */
const schemas: Promise<string>[] = []
const atOnce = 24
let opened = 0

const empty = async (): Promise<string> => {
  const place = opened++ % atOnce
  const used = schemas[place]
  if (used === undefined) {
    const made = distributed(pool)
    schemas[place] = made
    return made
  }
  const schema = await used
  for (const table of ['record', 'trail', 'notice']) await pool.query(`DELETE FROM ${schema}.${table}`)
  return schema
}

/** Has the name and the behaviour of the memory store. */
export const memoryStorage = (): StoragePort => {
  const coming = empty().then((schema) => postgresStorage(pool, { schema }))
  coming.catch(() => {})
  return soon(coming)
}
