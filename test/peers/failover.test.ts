/**
 * Failover as operators run it: three nodes with etcd, Patroni and PostgreSQL in synchronous mode, under the
 * load of four processes. The leader is killed, partitioned, and switched over in turn.
 * Run by `FAILOVER=1 vitest run --config test/peers/vitest.config.ts failover.test.ts` on Linux as root, with Patroni,
 * etcd and iproute2 installed; `FAILOVERS` reduces the rounds.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNothingMissing, more, sendTheRest, storming } from './support/outage-storm.ts'
import { type PatroniCluster, type PatroniNode, startPatroni } from './support/patroni.ts'
import { crew } from './support/storm-crew.ts'

const rounds = Number(process.env['FAILOVERS'] ?? 20)

/** What happens to a leader, in this order, repeatedly. Each function returns the next leader. */
const events: readonly [string, (cluster: PatroniCluster, leader: PatroniNode) => Promise<PatroniNode>][] = [
  [
    'killed with its whole machine',
    async (cluster, leader) => {
      await leader.loseThePower()
      const next = await cluster.leader(leader)
      leader.boot()
      return next
    },
  ],
  [
    'cut off from the other nodes, but not from the service',
    async (cluster, leader) => {
      leader.pull('peers')
      const next = await cluster.leader(leader)
      // The former leader still answers its clients. It must not have confirmed anything in the meantime.
      await pause(500)
      leader.plug('peers')
      return next
    },
  ],
  [
    'switched over by patronictl',
    async (cluster, leader) => {
      await cluster.switchOver(leader)
      return cluster.leader(leader)
    },
  ],
  [
    'cut off from everything',
    async (cluster, leader) => {
      leader.pull('peers')
      leader.pull('clients')
      const next = await cluster.leader(leader)
      leader.plug('peers')
      leader.plug('clients')
      return next
    },
  ],
]

describe.skipIf(process.env['FAILOVER'] !== '1')('Patroni and etcd, with FAILOVER=1', () => {
  let cluster: PatroniCluster
  beforeAll(async () => {
    cluster = await startPatroni()
  })
  afterAll(() => cluster?.close())

  test(`LOCK-09, API-02, AUD-02 · the leader is lost or replaced ${rounds} times: nothing that was answered is missing, nothing is counted twice, every trail verifies`, async () => {
    const database = await cluster.database()
    const all = await crew(cluster.urls(database))
    const done = new Map<string, number>()
    const times: number[] = []
    /** Until a new leader has a synchronous standby, its commits wait. A standby can be lost again soon after. */
    const answering = async () => {
      for (let tries = 1; ; tries++) {
        await cluster.whole()
        const enough = await more(all, 50, 30).then(
          () => true,
          async (error: unknown) => {
            if (tries < 5) return false
            throw new Error(`${all.state()}\n${await cluster.view()}\n${cluster.said()}`, { cause: error })
          },
        )
        if (enough) return
      }
    }
    await storming(all, async () => {
      for (let round = 0; round < rounds; round++) {
        const [name, happens] = events[round % events.length] ?? expect.fail()
        const [leader, begun] = [await cluster.whole(), Date.now()]
        const next = await happens(cluster, leader)
        times.push(Date.now() - begun)
        expect(next.name).not.toBe(leader.name)
        await answering()
        console.log(`${round + 1} of ${rounds}: a leader ${name}; ${next.name} leads`)
        done.set(name, (done.get(name) ?? 0) + 1)
      }
    })
    const leader = await cluster.whole()
    await sendTheRest(all, cluster.url(leader, database))
    const happened = [...done].map(([name, count]) => `${count} × ${name}`).join(', ')
    const longest = Math.max(...times) / 1_000
    const copies = cluster.reinitialised()
    const said = `${happened}; a new leader after at most ${longest} s; replicas copied again: ${copies}`
    await expectNothingMissing(said, all)
    await all.close()
  }, 1_800_000)
})
