/** What each statement of a storage in PostgreSQL reads, by the server's own account: no time is measured. */
import { migratePostgres, postgresStorage } from '../../src/stores/postgres.ts'
import { beginStorage, callsOn, fillStorage } from './filled-store.ts'

/** One connection to an empty database. */
export interface ExplainingDatabase {
  query(text: string, values?: string[]): Promise<{ readonly rows: readonly unknown[] }>
  /** Runs several statements. */
  exec(text: string): Promise<unknown>
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Rows Removed by Filter'?: number
  readonly 'Shared Hit Blocks'?: number
  readonly 'Shared Read Blocks'?: number
  readonly Plans?: readonly PlanNode[]
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

const literal = (value: string) => `'${value.replaceAll("'", "''")}'`

const own = new Set(['record', 'trail', 'notice'])

/**
 * A server's database, and what each statement of a call read.
 *
 * @param statistics - `early`: from when there were a few rows, as on a server that has not analysed its tables since.
 */
export const explaining = async (
  db: ExplainingDatabase,
  size: number,
  statistics: 'current' | 'early' = 'current',
) => {
  await migratePostgres(db)
  if (statistics === 'early') {
    await beginStorage(postgresStorage(db))
    await db.exec('ANALYZE')
  }
  await fillStorage(postgresStorage(db), size)
  // As after a restore: then all entries are of one transaction.
  await db.exec("UPDATE ccass_2fa.trail SET transaction = '0'")
  if (statistics === 'current') await db.exec('VACUUM ANALYZE')
  let plans: PlanNode[] = []
  const storage = postgresStorage({
    query: async (text, values) => {
      // A prepared statement is planned without its values.
      await db.exec(`BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; PREPARE asked AS ${text}`)
      const given = values.length === 0 ? '' : `(${values.map(literal).join(', ')})`
      const { rows } = await db.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked${given}`)
      await db.exec('DEALLOCATE asked; ROLLBACK')
      const [row] = rows as readonly { readonly 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }[]
      plans.push(...(row?.['QUERY PLAN'] ?? []).map(({ Plan }) => Plan))
      return db.query(text, values)
    },
  })
  const read: Record<
    string,
    { readonly tables: readonly string[]; readonly removed: number; readonly pages: number }
  > = {}
  for (const [name, call] of Object.entries(callsOn(storage))) {
    plans = []
    await call()
    const nodes = plans.flatMap(nodesOf)
    read[name] = {
      tables: nodes
        .filter((node) => node['Node Type'] === 'Seq Scan' && own.has(node['Relation Name'] ?? ''))
        .map((node) => node['Relation Name'] ?? ''),
      removed: nodes.reduce((sum, node) => sum + (node['Rows Removed by Filter'] ?? 0), 0),
      pages: plans.reduce(
        (sum, plan) => sum + (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
        0,
      ),
    }
  }
  return read
}
