/** A schema on a Citus cluster, distributed as docs/storage.md tells operators. */
import type { Pool } from 'pg'
import { migratePostgres } from '../../../src/stores/postgres.ts'

let schemas = 0

/** Few shards, so that a case starts quickly; a participant's records are in one shard anyway. */
const shards = 8

/** Creates a schema with the tables, each distributed by participant, and returns its name. */
export const distributed = async (pool: Pool): Promise<string> => {
  const schema = `citus_${process.pid}_${++schemas}`
  await migratePostgres(pool, { schema })
  await pool.query(
    `SELECT create_distributed_table('${schema}.record', 'participant', colocate_with => 'none', shard_count => ${shards})`,
  )
  for (const table of ['trail', 'notice'])
    await pool.query(
      `SELECT create_distributed_table('${schema}.${table}', 'participant', colocate_with => '${schema}.record')`,
    )
  return schema
}
