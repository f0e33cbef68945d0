/**
 * Deliberate faults of the real code, caused through its ports, and the number of seeds within which each
 * must be found.
 */
import type { Commit, RecordKey, RecordWrite, StoragePort, StoredRecord } from '../../src/ports/storage.ts'
import { currentOperation } from './ports.ts'
import type { Sabotage } from './service.ts'
import type { UnderWay } from './watch.ts'

/** A fault, and within how many seeds the simulator must find it. */
export interface PlantedFault {
  readonly seeds: number
  readonly sabotage: Sabotage
}

/** Replaces functions of the storage. */
const storing =
  (change: (storage: StoragePort) => Partial<StoragePort>): Sabotage =>
  (ports) => ({ ...ports, storage: { ...ports.storage, ...change(ports.storage) } })

/** Changes what is committed. */
const committing = (change: (commit: Commit) => Commit): Sabotage =>
  storing((storage) => ({ commit: (commit) => storage.commit(change(commit)) }))

const operationNow = () => (currentOperation.getStore() as UnderWay | undefined)?.operation.op
const nameOf = (key: RecordKey) => JSON.stringify(key)

/** Commits on the current versions, for records of some kinds. */
const overwriting = (kinds: (key: RecordKey) => boolean): Sabotage =>
  storing((storage) => ({
    commit: async (commit) => {
      const present = await storage.load(commit.writes.map(({ key }) => key))
      const writes = commit.writes.map((write, n) =>
        kinds(write.key) ? { ...write, expectedVersion: present[n]?.version ?? 0 } : write,
      )
      return storage.commit({ ...commit, writes })
    },
  }))

/** Returns what was loaded first for some loads, with the current version. */
const staleLoads = (
  isStale: (key: RecordKey, seen: { readonly times: number }) => boolean,
  memoryOf: () => Map<string, { record: StoredRecord | undefined; times: number }>,
): Sabotage =>
  storing((storage) => ({
    load: async (keys) => {
      const fresh = await storage.load(keys)
      const memory = memoryOf()
      return fresh.map((record, n) => {
        const key = keys[n] as RecordKey
        const seen = memory.get(nameOf(key)) ?? { record, times: 0 }
        memory.set(nameOf(key), { ...seen, times: seen.times + 1 })
        if (seen.times === 0 || seen.record === undefined || record === undefined) return record
        return isStale(key, seen) ? { ...seen.record, version: record.version, head: record.head } : record
      })
    },
  }))

const perProcess = (isStale: (key: RecordKey) => boolean): Sabotage => {
  return (ports) => {
    const memory = new Map<string, { record: StoredRecord | undefined; times: number }>()
    return staleLoads(isStale, () => memory)(ports)
  }
}

const withoutEvents = (write: RecordWrite, type: string): RecordWrite => ({
  ...write,
  entries: write.entries.filter(({ event }) => event.type !== type),
})

/** Every planted fault, by name. */
export const plantedFaults: Readonly<Record<string, PlantedFault>> = {
  'commits do not compare versions': { seeds: 20, sabotage: overwriting(() => true) },
  'the quota is read, then written': {
    seeds: 40,
    sabotage: overwriting(({ kind }) => kind === 'participant'),
  },
  'the answer is returned before the commit': {
    seeds: 20,
    sabotage: storing((storage) => ({
      commit: async (commit) => {
        void storage.commit(commit).catch(() => undefined)
        return 'committed' as const
      },
    })),
  },
  'a retry decides on the stale record': {
    seeds: 20,
    sabotage: (ports) => {
      const memories = new WeakMap<object, Map<string, { record: StoredRecord | undefined; times: number }>>()
      return staleLoads(
        () => true,
        () => {
          const operation = currentOperation.getStore() ?? {}
          const memory = memories.get(operation) ?? new Map()
          memories.set(operation, memory)
          return memory
        },
      )(ports)
    },
  },
  'a cache answers without verification': {
    seeds: 20,
    sabotage: perProcess(({ kind }) => kind === 'account'),
  },
  'a lock ends no session': {
    seeds: 40,
    sabotage: (ports) => {
      const known = new Map<string, { sessions?: unknown; sessionEpoch?: unknown }>()
      return committing((commit) => ({
        ...commit,
        writes: commit.writes.map((write) => {
          const before = known.get(nameOf(write.key))
          known.set(nameOf(write.key), write.record.state as object)
          if (before === undefined || !write.entries.some(({ event }) => event.type === 'Locked'))
            return write
          const { sessions, sessionEpoch } = before
          const state = { ...(write.record.state as object), sessions, sessionEpoch }
          return { ...write, record: { ...write.record, state: state as StoredRecord['state'] } }
        }),
      }))(ports)
    },
  },
  'a session check is answered from memory': {
    seeds: 200,
    sabotage: perProcess(({ kind }) => kind === 'account' && operationNow() === 'checkSession'),
  },
  'a request is approved as first read': {
    seeds: 200,
    sabotage: perProcess(
      ({ kind }) =>
        kind === 'request' &&
        ['getAuthorisationCode', 'confirmRequest', 'reject'].includes(operationNow() ?? ''),
    ),
  },
  'a vault entry is not removed': {
    seeds: 20,
    sabotage: committing((commit) => ({
      ...commit,
      writes: commit.writes.map((write) => ({
        ...write,
        record: {
          ...write.record,
          vault: Object.fromEntries(Object.entries(write.record.vault).slice(1)),
        },
      })),
    })),
  },
  'half of a commit is lost': {
    seeds: 20,
    // The participant's record is omitted, and with it quota and User IDs.
    sabotage: committing((commit) => ({
      ...commit,
      writes: commit.writes.filter(({ key }) => key.kind !== 'participant' || commit.writes.length === 1),
    })),
  },
  'the records of a commit are written one by one': {
    seeds: 40,
    sabotage: storing((storage) => ({
      commit: async ({ writes, notices, unchanged = [] }) => {
        for (const [n, write] of writes.entries()) {
          const last = n === writes.length - 1
          const outcome = await storage.commit({ writes: [write], notices: last ? notices : [], unchanged })
          if (outcome === 'conflict') return 'conflict'
        }
        return 'committed'
      },
    })),
  },
  'unchanged records are not compared': {
    seeds: 400,
    sabotage: committing(({ writes, notices }) => ({ writes, notices })),
  },
  'a trail entry is lost': {
    seeds: 20,
    sabotage: committing((commit) => ({
      ...commit,
      writes: commit.writes.map((write) => withoutEvents(write, 'PasswordRejected')),
    })),
  },
  'a notice is lost': { seeds: 20, sabotage: committing((commit) => ({ ...commit, notices: [] })) },
  'a notice is settled before it is sent': {
    seeds: 40,
    sabotage: storing((storage) => ({
      claimNotices: async (claim) => {
        const claimed = await storage.claimNotices(claim)
        for (const notice of claimed) await storage.settleNotice(notice)
        return claimed
      },
    })),
  },
  'a notice is sent twice': { seeds: 20, sabotage: storing(() => ({ settleNotice: async () => undefined })) },
  'an instant from the future is forgotten': {
    seeds: 400,
    sabotage: (ports) =>
      storing((storage) => ({
        load: async (keys) => {
          const now = ports.clock.now()
          return (await storage.load(keys)).map((record) => {
            const state = record?.state as { channel?: { lastAcceptedStep?: number } } | undefined
            const step = state?.channel?.lastAcceptedStep
            if (record === undefined || step === undefined || step <= now / 30_000) return record
            const channel = { ...state?.channel, lastAcceptedStep: Math.floor(now / 30_000) - 2 }
            return { ...record, state: { ...(record.state as object), channel } } as StoredRecord
          })
        },
      }))(ports),
  },
  'the clock is read once': {
    seeds: 20,
    sabotage: (ports) => {
      let first: number | undefined
      const now = () => {
        first ??= ports.clock.now()
        return first
      }
      return { ...ports, clock: { ...ports.clock, now } }
    },
  },
  'a listing is applied twice': {
    seeds: 20,
    // Neither existing accounts nor allocated User IDs are checked.
    sabotage: (ports) => {
      const blind = storing((storage) => ({
        load: async (keys) =>
          (await storage.load(keys)).map((record, n) => {
            if (operationNow() !== 'import' || record === undefined) return record
            if (keys[n]?.kind === 'account') return undefined
            return { ...record, state: { ...(record.state as object), allocated: {} } } as StoredRecord
          }),
      }))
      return blind(overwriting(() => operationNow() === 'import')(ports))
    },
  },
}
