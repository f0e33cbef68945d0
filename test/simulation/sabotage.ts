/** Faults put into the real code on purpose, by what its ports do. */
import type { Sabotage } from './simulate.ts'

/** A fault, and within how many seeds the simulator must find it. */
export interface PlantedFault {
  readonly sabotage: Sabotage
  readonly seeds: number
}

/** Every planted fault, by name. */
export const plantedFaults: Readonly<Record<string, PlantedFault>> = {
  'no compare-and-set': {
    seeds: 20,
    sabotage: (ports) => ({
      ...ports,
      storage: {
        ...ports.storage,
        commit: async (commit) => {
          const keys = commit.writes.map(({ key }) => key)
          const present = await ports.storage.load(keys)
          const writes = commit.writes.map((write, n) => ({
            ...write,
            expectedVersion: present[n]?.version ?? 0,
          }))
          return ports.storage.commit({ writes, notices: commit.notices })
        },
      },
    }),
  },
  'the answer before the commit': {
    seeds: 20,
    sabotage: (ports) => ({
      ...ports,
      storage: {
        ...ports.storage,
        commit: async (commit) => {
          void ports.storage.commit(commit).catch(() => undefined)
          return 'committed' as const
        },
      },
    }),
  },
  'a forgotten vault entry': {
    seeds: 20,
    sabotage: (ports) => ({
      ...ports,
      storage: {
        ...ports.storage,
        commit: (commit) => {
          const writes = commit.writes.map((write) => ({
            ...write,
            record: {
              ...write.record,
              vault: Object.fromEntries(Object.entries(write.record.vault).slice(1)),
            },
          }))
          return ports.storage.commit({ ...commit, writes })
        },
      },
    }),
  },
  'unchanged records are not compared': {
    seeds: 20,
    sabotage: (ports) => ({
      ...ports,
      // Half of a commit: the participant's record is left out, and with it quota and User IDs.
      storage: {
        ...ports.storage,
        commit: (commit) =>
          ports.storage.commit({
            ...commit,
            writes: commit.writes.filter(
              ({ key }) => key.kind !== 'participant' || commit.writes.length === 1,
            ),
          }),
      },
    }),
  },
  'a notice is settled before it is sent': {
    seeds: 40,
    sabotage: (ports) => ({
      ...ports,
      storage: {
        ...ports.storage,
        claimNotices: async (claim) => {
          const claimed = await ports.storage.claimNotices(claim)
          for (const notice of claimed) await ports.storage.settleNotice(notice)
          return claimed
        },
      },
    }),
  },
  'a trail entry is lost': {
    seeds: 20,
    sabotage: (ports) => ({
      ...ports,
      storage: {
        ...ports.storage,
        commit: (commit) =>
          ports.storage.commit({
            ...commit,
            writes: commit.writes.map((write) => ({
              ...write,
              entries: write.entries.filter(({ event }) => event.type !== 'PasswordRejected'),
            })),
          }),
      },
    }),
  },
}
