/**
 * A real PostgreSQL for tests and benches: started in its own folder on a free port, and removed afterwards.
 * Its collation is a language's (ICU, English), so that no test depends on byte order.
 */
import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Disk } from './disk.ts'
import { folderOf, freePort, type Owner, ownerOf, postgresProgram, running, until } from './programs.ts'

/** `fast`: an orderly shutdown; `immediate`: as in a crash; `killed`: every process at the same instant. */
type Stop = 'fast' | 'immediate' | 'killed'

/** A PostgreSQL server. */
export interface PostgresServer {
  readonly port: number
  /** The connection string of a database, as its superuser. */
  url(database?: string): string
  /** Creates an empty database and returns its connection string. */
  database(): Promise<string>
  /** Stops it. */
  stop(how?: Stop): Promise<void>
  /** Starts it again in the same place. */
  start(): Promise<void>
  /** {@link PostgresServer.stop} and {@link PostgresServer.start}. */
  restart(how?: Stop): Promise<void>
  /**
   * Another server that replicates this one synchronously: from now on each commit here waits for it.
   * `promote` makes it an independent primary; this one, if restarted, then replicates no server and waits
   * for none.
   */
  replica(): Promise<PostgresServer & { promote(): Promise<void> }>
  /**
   * A PgBouncer in front of it, in transaction mode, which survives its restarts; `turnTo` connects it to
   * another server.
   */
  bouncer(): Promise<Bouncer>
  /** Ends everything that was started here, and removes its files. */
  close(): Promise<void>
  /** The end of its log. */
  said(): string
}

/** A PgBouncer in transaction mode. */
export interface Bouncer {
  /** The connection string of a database through it. */
  url(database?: string): string
  /** Sends new transactions to this server from now on. */
  turnTo(server: PostgresServer): void
  /** Kills it with every connection, and starts it again. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/** The options of a server. */
export interface PostgresSettings {
  /**
   * Lines of `postgresql.conf`, by name. By default, commits survive the end of the process; with `fsync:
   * 'on'`, that of the machine.
   */
  readonly settings?: Readonly<Record<string, string>>
  /** The disk for its data; it is removed with the server. */
  readonly disk?: Pick<Disk, 'path' | 'remove'>
}

const urlOf = (port: number, database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`

/** Runs one statement. */
export const once = async (url: string, text: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

const initialise = (data: string, owner: Owner) =>
  execFileSync(
    postgresProgram('initdb'),
    [
      ...['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'],
      ...['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en'],
    ],
    { ...owner, stdio: 'pipe' },
  )

const signals = { fast: 'SIGINT', immediate: 'SIGQUIT', killed: 'SIGKILL' } as const

/**
 * The child processes of a process. PostgreSQL puts each of its processes into its own process group, so no
 * group can be killed.
 */
const childrenOf = (pid: number | undefined): readonly number[] =>
  pid === undefined
    ? []
    : readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

/** A server over an existing data folder. */
const serverOver = async (
  { path, remove }: Pick<Disk, 'path' | 'remove'>,
  owner: Owner,
): Promise<PostgresServer> => {
  const data = join(path, 'data')
  const port = await freePort()
  let server: ReturnType<typeof running> | undefined
  let databases = 0
  let followed = false
  const others: { close(): Promise<void> }[] = []

  const start = async () => {
    // A crash leaves this file; if its process number is in use again, the server would not start.
    rmSync(join(data, 'postmaster.pid'), { force: true })
    const started = running(
      postgresProgram('postgres'),
      [
        ...['-D', data, '-p', String(port), '-k', path, '-c', 'listen_addresses=127.0.0.1'],
        ...(followed ? ['-c', 'synchronous_standby_names=*'] : []),
      ],
      owner,
    )
    server = started
    await until('PostgreSQL answers', async () => {
      if (!started.alive()) throw new Error(started.said())
      await once(urlOf(port, 'postgres'), 'SELECT 1')
    })
  }
  const stop = async (how: Stop = 'fast') => {
    if (how === 'killed') {
      // While stopped, the server starts no further processes, and does not notice those that end.
      server?.signal('SIGSTOP')
      for (const pid of childrenOf(server?.pid)) process.kill(pid, 'SIGKILL')
    }
    await server?.end(signals[how])
    server = undefined
  }

  const restart = async (how?: Stop) => {
    await stop(how)
    await start()
  }

  const replica = async () => {
    const folder = folderOf(owner)
    execFileSync(
      postgresProgram('pg_basebackup'),
      ['-D', join(folder.path, 'data'), '-d', urlOf(port, 'postgres'), '-R', '-X', 'stream', '-c', 'fast'],
      { ...owner, stdio: 'pipe' },
    )
    const follower = await serverOver(folder, owner)
    others.push(follower)
    followed = true
    await restart()
    await until('the replica follows', async () => {
      const [{ steps } = {}] = await once(
        urlOf(port, 'postgres'),
        "SELECT count(*)::int AS steps FROM pg_stat_replication WHERE sync_state = 'sync'",
      )
      if (steps !== 1) throw new Error('not yet')
    })
    const promote = async () => {
      followed = false
      await once(follower.url(), 'SELECT pg_promote(true, 30)')
    }
    return { ...follower, promote }
  }

  const bouncer = async () => {
    const folder = folderOf(owner)
    const at = await freePort()
    const [ini, users] = [join(folder.path, 'pgbouncer.ini'), join(folder.path, 'users.txt')]
    writeFileSync(users, '"postgres" ""\n')
    const write = (to: number) =>
      writeFileSync(
        ini,
        [
          ...['[databases]', `* = host=127.0.0.1 port=${to}`, '[pgbouncer]'],
          ...['listen_addr = 127.0.0.1', `listen_port = ${at}`, `unix_socket_dir = ${folder.path}`],
          ...['auth_type = trust', `auth_file = ${users}`, 'pool_mode = transaction'],
          ...['max_client_conn = 500', 'default_pool_size = 10', 'server_login_retry = 1'],
        ].join('\n'),
      )
    write(port)
    let started = running('/usr/sbin/pgbouncer', [ini], owner)
    const end = async () => {
      await started.end('SIGKILL')
      folder.remove()
    }
    others.push({ close: end })
    const answers = () =>
      until('PgBouncer answers', async () => {
        if (!started.alive()) throw new Error(started.said())
        await once(urlOf(at, 'postgres'), 'SELECT 1')
      })
    await answers()
    const crash = async () => {
      await started.end('SIGKILL')
      started = running('/usr/sbin/pgbouncer', [ini], owner)
      await answers()
    }
    const turnTo = (to: PostgresServer) => {
      write(to.port)
      started.signal('SIGHUP')
    }
    return { url: (database = 'postgres') => urlOf(at, database), turnTo, crash, stop: end }
  }

  await start()
  return {
    port,
    url: (database = 'postgres') => urlOf(port, database),
    database: async () => {
      const name = `d${++databases}`
      await once(urlOf(port, 'postgres'), `CREATE DATABASE ${name}`)
      return urlOf(port, name)
    },
    start,
    stop,
    restart,
    replica,
    bouncer,
    close: async () => {
      for (const other of others.reverse()) await other.close()
      await stop('immediate')
      remove()
    },
    said: () => server?.said() ?? '',
  }
}

/** Starts a PostgreSQL in its own folder. */
export const startPostgres = async ({
  settings = {},
  disk,
}: PostgresSettings = {}): Promise<PostgresServer> => {
  const owner = ownerOf()
  const folder = disk ?? folderOf(owner)
  const data = join(folder.path, 'data')
  initialise(data, owner)
  const given = { fsync: 'off', max_connections: '200', ...settings }
  const lines = Object.entries(given).map(([name, value]) => `${name} = '${value}'`)
  appendFileSync(join(data, 'postgresql.conf'), `\n${lines.join('\n')}\n`)
  // Files that were installed long ago have already reached the disk.
  if (disk !== undefined) execFileSync('sync', ['--file-system', disk.path])
  return serverOver(folder, owner)
}
