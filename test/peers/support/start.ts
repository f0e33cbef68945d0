/** Starts the servers of `POSTGRES=1` once for all files of a run, and ends them afterwards. */
import { startPostgres } from './postgres.ts'

export default async () => {
  if (process.env['POSTGRES'] !== '1') return
  const server = await startPostgres()
  try {
    const bouncer = await server.bouncer()
    process.env['POSTGRES_URL'] = server.url()
    process.env['PGBOUNCER_URL'] = bouncer.url()
  } catch (error) {
    await server.close()
    throw error
  }
  return () => server.close()
}
