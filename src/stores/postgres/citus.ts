/**
 * A query that returns a row if Citus has distributed the trail. Citus marks a distributed table with a
 * trigger, on every node that accepts queries. A server without Citus has no function of that name. On a
 * distributed table each node numbers its transactions separately, so these numbers do not order the entries.
 *
 * @param trail - an SQL expression for the trail's table, of type `regclass`.
 */
export const distributedTrail = (trail: string): string => `
  SELECT 1 AS distributed FROM pg_catalog.pg_trigger JOIN pg_catalog.pg_proc ON pg_proc.oid = tgfoid
  WHERE tgrelid = ${trail} AND proname = 'citus_truncate_trigger'`
