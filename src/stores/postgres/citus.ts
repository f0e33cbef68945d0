/**
 * A query with a row if Citus has distributed the trail, and none otherwise. There, each node numbers transactions for
 * itself, so the numbers put entries in no order. Citus marks a distributed table by a trigger, on every node that can be
 * asked; a server without Citus has no function of that name.
 *
 * @param trail - an SQL expression for the trail's table, of type `regclass`.
 */
export const distributedTrail = (trail: string): string => `
  SELECT 1 AS distributed FROM pg_catalog.pg_trigger JOIN pg_catalog.pg_proc ON pg_proc.oid = tgfoid
  WHERE tgrelid = ${trail} AND proname = 'citus_truncate_trigger'`
