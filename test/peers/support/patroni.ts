/**
 * PostgreSQL as operators run it: three machines, each with etcd, Patroni and PostgreSQL, replicating in
 * synchronous mode. The configuration is that of docs/storage.md except for times: a leader is replaced after
 * 8 seconds instead of 30.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Machine, machines } from './namespaces.ts'
import { once } from './postgres.ts'
import { folderOf, ownerOf, postgresProgram, until } from './programs.ts'

/** One of the three nodes. */
export interface PatroniNode extends Machine {
  readonly name: string
  /** Restarts the programs that ended with the power. */
  boot(): void
}

/** A member of the cluster, as Patroni reports it. */
interface Member {
  readonly name: string
  readonly role: string
  readonly state: string
}

/** A cluster of three. */
export interface PatroniCluster {
  readonly nodes: readonly PatroniNode[]
  /** The connection string that names a database on every node; one of them is the leader. */
  urls(database: string): readonly string[]
  /** Creates an empty database and returns its name. */
  database(): Promise<string>
  /** The leader according to the majority. `but`: a node other than this one. */
  leader(but?: PatroniNode): Promise<PatroniNode>
  /**
   * Waits for a leader, its synchronous standby and a replica, and returns the leader. A replica that does not
   * stream after a while is copied again from the leader, as an operator does.
   */
  whole(): Promise<PatroniNode>
  /** The number of times that a replica was copied again. */
  reinitialised(): number
  /** The connection string of a database on a node. */
  url(node: PatroniNode, database: string): string
  /** Switches the leader over, as an operator does. */
  switchOver(from: PatroniNode): Promise<void>
  /** The members as each node sees them, for failure messages. */
  view(): Promise<string>
  /** The last output of each program, for failure messages. */
  said(): string
  close(): Promise<void>
}

const ports = { postgres: 5432, patroni: 8008, etcd: 2379, etcdPeer: 2380 }

/** Seconds. Patroni requires ttl ≥ loop_wait + 2 × retry_timeout. */
const times = { ttl: 8, loop_wait: 1, retry_timeout: 3 }

/**
 * The role of the services, not a superuser. A commit that waits for a standby keeps its connection, even when
 * its client gave up; with superusers, the connections reserved for Patroni would be used up too, and no replica
 * could be created.
 */
const service = 'service'

/** How long a replica can be without streaming before it is copied again, in milliseconds. */
const patience = 20_000

/** A commit is confirmed when two nodes have it; only a node with every confirmed commit can lead. */
const dynamic = {
  ...times,
  synchronous_mode: true,
  synchronous_mode_strict: true,
  maximum_lag_on_failover: 1_048_576,
  postgresql: {
    use_pg_rewind: true,
    use_slots: true,
    // A replica is copied as soon as the leader has written a checkpoint. By default the leader takes its time over
    // that, up to 4.5 minutes, and commits can wait for this replica.
    basebackup: [{ checkpoint: 'fast' }],
    // A former leader whose log can't be rewound is copied again from the leader.
    remove_data_directory_on_rewind_failure: true,
    remove_data_directory_on_diverged_timelines: true,
    parameters: {
      wal_keep_size: '1GB',
      ...{ synchronous_commit: 'on', wal_log_hints: 'on', max_connections: 200 },
      // For speed; no machine loses its page cache here.
      ...{ fsync: 'off', wal_retrieve_retry_interval: '500ms' },
    },
  },
}

const configurationOf = (machine: Machine, name: string, path: string) => ({
  scope: 'ccass-2fa',
  name,
  // Not `etcd3`: with it, Patroni before 3.0.3 overwrites the key of a leader that was elected meanwhile, and what
  // that one had confirmed is lost. With version 2 of etcd's interface it compares before it writes.
  etcd: { host: `127.0.0.1:${ports.etcd}` },
  restapi: {
    listen: `0.0.0.0:${ports.patroni}`,
    connect_address: `${machine.address('peers')}:${ports.patroni}`,
  },
  bootstrap: {
    dcs: dynamic,
    initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }, 'no-sync'],
  },
  postgresql: {
    listen: `0.0.0.0:${ports.postgres}`,
    connect_address: `${machine.address('peers')}:${ports.postgres}`,
    data_dir: join(path, 'data'),
    bin_dir: postgresProgram('postgres').replace(/\/postgres$/, ''),
    pgpass: join(path, 'pgpass'),
    pg_hba: ['local all all trust', 'host all all 0.0.0.0/0 trust', 'host replication all 0.0.0.0/0 trust'],
    parameters: { unix_socket_directories: path },
    authentication: {
      superuser: { username: 'postgres', password: 'not-asked-for' },
      replication: { username: 'replicator', password: 'not-asked-for' },
    },
  },
})

/** Starts three machines and waits until they are a cluster. */
export const startPatroni = async (): Promise<PatroniCluster> => {
  const owner = ownerOf()
  const folder = folderOf(owner)
  const { all, close } = machines(3)
  const peers = all.map((machine, i) => `node${i + 1}=http://${machine.address('peers')}:${ports.etcdPeer}`)
  const programs = new Map<string, ReturnType<Machine['start']>>()

  const nodes = all.map((machine, i): PatroniNode => {
    const name = `node${i + 1}`
    const path = join(folder.path, name)
    machine.run('mkdir', [path])
    const configuration = join(path, 'patroni.yml')
    // JSON is valid YAML.
    writeFileSync(configuration, JSON.stringify(configurationOf(machine, name, path)))
    const [own, everywhere] = [`http://${machine.address('peers')}`, 'http://0.0.0.0']
    const etcd = [
      ...['--name', name, '--data-dir', join(path, 'etcd'), '--initial-cluster', peers.join(',')],
      ...['--listen-peer-urls', `${everywhere}:${ports.etcdPeer}`],
      ...['--initial-advertise-peer-urls', `${own}:${ports.etcdPeer}`],
      ...['--listen-client-urls', `${everywhere}:${ports.etcd}`],
      ...['--advertise-client-urls', `${own}:${ports.etcd}`, '--enable-v2'],
    ]
    const boot = () => {
      programs.set(`etcd of ${name}`, machine.start('etcd', etcd))
      programs.set(`Patroni of ${name}`, machine.start('patroni', [configuration]))
    }
    return { ...machine, name, boot }
  })

  const said = () =>
    [...programs].map(([name, program]) => `── ${name}\n${program.said().slice(-3_000)}`).join('\n')

  /** One node's view of the cluster; an isolated node knows nothing of the others. */
  const membersBy = async (node: PatroniNode): Promise<readonly Member[]> => {
    const answer = await fetch(`http://${node.address('clients')}:${ports.patroni}/cluster`, {
      signal: AbortSignal.timeout(2_000),
    })
    const { members } = (await answer.json()) as { readonly members: readonly Member[] }
    return members
  }

  const leader = (but?: PatroniNode) =>
    until(
      'there is a leader',
      async () => {
        for (const node of nodes.filter((each) => each !== but)) {
          const members = await membersBy(node).catch(() => [])
          const found = members.find(({ role, state }) => role === 'leader' && state === 'running')
          if (found?.name === node.name) return node
        }
        throw new Error('not yet')
      },
      60,
    ).catch((error: unknown) => {
      throw new Error(said(), { cause: error })
    })

  const configurationIn = (name: string) => join(folder.path, name, 'patroni.yml')
  let reinitialised = 0

  const whole = () => {
    const begun = Date.now()
    /** When each replica was last ordered to be copied. */
    const copied = new Map<string, number>()
    /**
     * Copies a replica again that is stuck: it waits for log that the leader of a former timeline wrote. This version of
     * Patroni does not say which replicas stream, so the leader is asked.
     */
    const copyAgain = async (from: PatroniNode, members: readonly Member[]) => {
      if (Date.now() - begun < patience) return
      const asked = "SELECT application_name AS name FROM pg_stat_replication WHERE state = 'streaming'"
      const rows = await once(addressOf(from, 'postgres', 'postgres'), asked)
      const streaming = rows.map(({ name }) => name)
      const stuck = members.find(
        ({ role, state, name }) =>
          role !== 'leader' &&
          state !== 'creating replica' &&
          !streaming.includes(name) &&
          Date.now() - (copied.get(name) ?? 0) > patience,
      )
      if (stuck === undefined) return
      // The order can fail, or its copy; then it is given again.
      copied.set(stuck.name, Date.now())
      reinitialised++
      from.run('patronictl', ['-c', configurationIn(from.name), 'reinit', 'ccass-2fa', stuck.name, '--force'])
    }
    return until(
      'all three are there',
      async () => {
        const found = await leader()
        const members = await membersBy(found)
        const ready = members.filter(({ state }) => state === 'running' || state === 'streaming')
        const roles = ready.map(({ role }) => role).sort()
        if (roles.join() === 'leader,replica,sync_standby') return found
        await copyAgain(found, members)
        throw new Error(JSON.stringify(members))
      },
      240,
    ).catch((error: unknown) => {
      throw new Error(said(), { cause: error })
    })
  }

  for (const node of nodes) node.boot()
  const addressOf = (node: PatroniNode, role: string, database: string) =>
    `postgres://${role}@${node.address('clients')}:${ports.postgres}/${database}`
  const url = (node: PatroniNode, database: string) => addressOf(node, service, database)
  const urls = (database: string) => nodes.map((node) => url(node, database))
  let databases = 0

  const cluster: PatroniCluster = {
    ...{ nodes, url, urls, leader, whole, said },
    reinitialised: () => reinitialised,
    view: async () => {
      const views = await Promise.all(nodes.map((node) => membersBy(node).catch(String)))
      return nodes.map(({ name }, i) => `${name}: ${JSON.stringify(views[i])}`).join('\n')
    },
    database: async () => {
      const name = `d${++databases}`
      const administration = addressOf(await leader(), 'postgres', 'postgres')
      if (databases === 1) await once(administration, `CREATE ROLE ${service} LOGIN`)
      await once(administration, `CREATE DATABASE ${name} OWNER ${service}`)
      return name
    },
    switchOver: (from) => {
      const order = ['-c', configurationIn(from.name), 'switchover', '--leader', from.name, '--force']
      // It refuses if no candidate is ready, and reports that with exit code 0.
      let tried = false
      return until('the lead is handed over', async () => {
        // A command that timed out can still have taken effect.
        if (tried && (await leader()) !== from) return
        tried = true
        const answer = from.run('patronictl', order)
        if (!answer.includes('Successfully')) throw new Error(answer)
      })
    },
    close: async () => {
      await close()
      folder.remove()
    },
  }
  await whole().catch(async (error: unknown) => {
    await cluster.close()
    throw error
  })
  return cluster
}
