/** The contract of the storage port finds adapters that violate it. */
import { memoryStorage } from 'ccass-2fa/memory'
import { storageContract } from 'ccass-2fa/testing'
import { describe, expect, test } from 'vitest'
import {
  type Commit,
  type JournalEntry,
  type RecordKey,
  type RecordWrite,
  recordKinds,
  type StoragePort,
  type StoredRecord,
  type TrailEntry,
} from '../../src/ports/storage.ts'

/** The names of the failing cases, among those requested. */
const failures = async (
  make: () => { storage: StoragePort; second?: () => Promise<StoragePort> },
  asked: RegExp = /./,
) => {
  const failed: string[] = []
  for (const { name, run } of storageContract(async () => make()).filter((each) => asked.test(each.name)))
    await run().catch(() => {
      failed.push(name)
    })
  return failed
}

/** A memory storage with one fault. */
const broken = (breaking: (inner: StoragePort) => Partial<StoragePort>) => () => {
  const inner = memoryStorage()
  return { storage: { ...inner, ...breaking(inner) } }
}

const presentOf = async (inner: StoragePort, { key }: RecordWrite) => (await inner.load([key]))[0]

/** A write, changed to the present version. */
const rebased = async (inner: StoragePort, write: RecordWrite): Promise<RecordWrite> => {
  const version = (await presentOf(inner, write))?.version ?? 0
  const record = { ...write.record, version: version + write.entries.length }
  const entries = write.entries.map((entry, i) => ({ ...entry, seq: version + i + 1 }))
  return { ...write, expectedVersion: version, record, entries }
}

const textOf = (key: RecordKey) => JSON.stringify(key)

/** Detects conflicts, but writes something nevertheless. */
const onConflict =
  (write: (inner: StoragePort, commit: Commit) => Promise<unknown>) => (inner: StoragePort) => ({
    commit: async (commit: Commit) => {
      const outcome = await inner.commit(commit)
      if (outcome === 'conflict') await write(inner, commit)
      return outcome
    },
  })

const liveObjects = (inner: StoragePort): Partial<StoragePort> => {
  const seen = new Map<string, StoredRecord | undefined>()
  return {
    load: async (keys) => {
      const records = await inner.load(keys)
      return records.map((record, i) => {
        const text = `${textOf(keys[i] ?? { participant: '', kind: 'account', id: '' })} ${record?.version}`
        if (!seen.has(text)) seen.set(text, record)
        return seen.get(text)
      })
    },
  }
}

const trailOnConflict = (inner: StoragePort): Partial<StoragePort> => {
  const stray = new Map<string, TrailEntry[]>()
  return {
    ...onConflict(async (_, { writes }) => {
      for (const { key, entries } of writes)
        stray.set(textOf(key), [...(stray.get(textOf(key)) ?? []), ...entries])
    })(inner),
    trail: async (key, { after, limit }) => {
      const entries = await inner.trail(key, { after: 0, limit: 10_000 })
      const all = [...entries, ...(stray.get(textOf(key)) ?? [])].sort((a, b) => a.seq - b.seq)
      return all.slice(after, after + limit)
    },
  }
}

const joinedKeys = (inner: StoragePort): Partial<StoragePort> => {
  const joined = ({ participant, kind, id }: RecordKey): RecordKey => ({
    participant: '',
    kind,
    id: `${participant}:${id}`,
  })
  return {
    load: (keys) => inner.load(keys.map(joined)),
    trail: (key, page) => inner.trail(joined(key), page),
    commit: ({ writes, notices }) =>
      inner.commit({ writes: writes.map((write) => ({ ...write, key: joined(write.key) })), notices }),
  }
}

/** Compares versions, lets others run, and then writes without comparing again. */
const compareThenSet = (inner: StoragePort): Partial<StoragePort> => ({
  commit: async (commit) => {
    const present = await Promise.all(commit.writes.map((write) => presentOf(inner, write)))
    if (commit.writes.some((write, i) => (present[i]?.version ?? 0) !== write.expectedVersion))
      return 'conflict'
    await new Promise((resolve) => setTimeout(resolve, 0))
    return inner.commit({
      ...commit,
      writes: await Promise.all(commit.writes.map((write) => rebased(inner, write))),
    })
  },
})

const breakages: Readonly<
  Record<string, readonly [breaking: (inner: StoragePort) => Partial<StoragePort>, caught: RegExp]>
> = {
  'updates get lost: the version is ignored': [
    (inner) => ({
      commit: async (commit) =>
        inner.commit({
          ...commit,
          writes: await Promise.all(commit.writes.map((write) => rebased(inner, write))),
        }),
    }),
    /expected version/,
  ],
  'compares and sets in two steps': [compareThenSet, /^races · of many concurrent commits/],
  'forgets what was to be unchanged': [
    (inner) => ({ commit: ({ writes, notices }) => inner.commit({ writes, notices }) }),
    /^commits · .*has changed causes a conflict/,
  ],
  'looks at what was to be unchanged in a step of its own': [
    (inner) => ({
      commit: async ({ unchanged = [], writes, notices }) => {
        if ((await inner.commit({ writes: [], notices: [], unchanged })) === 'conflict') return 'conflict'
        await new Promise((resolve) => setTimeout(resolve, 0))
        return inner.commit({ writes, notices })
      },
    }),
    /^races · .*depend on what the others change/,
  ],
  'lists in the order of writing': [
    (inner) => {
      const written: string[] = []
      return {
        commit: async (commit) => {
          const outcome = await inner.commit(commit)
          if (outcome === 'committed') written.push(...commit.writes.map(({ key }) => key.id))
          return outcome
        },
        list: async (participant, kind, { after, limit }) => {
          const all = await inner.list(participant, kind, { after, limit: 10_000 })
          return all.toSorted((x, y) => written.indexOf(x.id) - written.indexOf(y.id)).slice(0, limit)
        },
      }
    },
    /^list · sorted by ID/,
  ],
  'lists by a language’s order': [
    (inner) => ({
      list: async (participant, kind, { after, limit }) => {
        const all = await inner.list(participant, kind, { after: '', limit: 10_000 })
        const { compare } = new Intl.Collator('en')
        return all
          .filter(({ id }) => compare(id, after) > 0)
          .toSorted((x, y) => compare(x.id, y.id))
          .slice(0, limit)
      },
    }),
    /^list · sorted by ID/,
  ],
  'lists every kind': [
    (inner) => ({
      list: async (participant, _, page) => {
        const kinds = await Promise.all(recordKinds.map((kind) => inner.list(participant, kind, page)))
        return kinds.flat()
      },
    }),
    /^list · only the records/,
  ],
  'gives notices without claiming them': [
    (inner) => ({ claimNotices: ({ now, limit }) => inner.claimNotices({ now, until: now, limit }) }),
    /^notices · a claim excludes/,
  ],
  'claims for ever': [
    (inner) => ({
      claimNotices: ({ now, until, limit }) =>
        inner.claimNotices({ now, until: until > now ? Number.MAX_SAFE_INTEGER : until, limit }),
    }),
    /^notices · a claim excludes/,
  ],
  'a claim lasts a millisecond too long': [
    (inner) => ({
      claimNotices: ({ now, until, limit }) => inner.claimNotices({ now: now - 1, until, limit }),
    }),
    /^notices · a claim excludes/,
  ],
  'claims more than it gives': [
    (inner) => ({
      claimNotices: async ({ now, until, limit }) =>
        (await inner.claimNotices({ now, until, limit: limit + 1 })).slice(0, limit),
    }),
    /^notices · a claim excludes/,
  ],
  'looks what is free, and claims it in a step of its own': [
    (inner) => {
      const claims = new Map<string, number>()
      return {
        claimNotices: async ({ now, until, limit }) => {
          const all = await inner.claimNotices({ now: Number.MAX_SAFE_INTEGER, until: 0, limit: 10_000 })
          const free = all.filter(({ id }) => (claims.get(id) ?? 0) <= now).slice(0, limit)
          await new Promise((resolve) => setTimeout(resolve, 0))
          for (const { id } of free) claims.set(id, until)
          return free
        },
      }
    },
    /^races · concurrent claims/,
  ],
  'claims newest first': [
    (inner) => ({
      claimNotices: async ({ now, until, limit }) => {
        const all = await inner.claimNotices({ now, until: now, limit: 10_000 })
        const late = all.toReversed().slice(0, limit)
        await inner.claimNotices({ now, until, limit })
        return late
      },
    }),
    /^notices · oldest first/,
  ],
  'what is settled while it is claimed comes back': [
    (inner) => {
      const claimed = new Set<string>()
      return {
        claimNotices: async (claim) => {
          const notices = await inner.claimNotices(claim)
          if (claim.until > claim.now) for (const { id } of notices) claimed.add(id)
          return notices
        },
        settleNotice: async (notice) => (claimed.has(notice.id) ? undefined : inner.settleNotice(notice)),
      }
    },
    /^notices · a claimed notice/,
  ],
  'a journal begins behind the position': [
    (inner) => ({
      journal: async ({ from, limit }) =>
        (await inner.journal({ from, limit: limit + 1 })).slice(from === '' ? 0 : 1).slice(0, limit),
    }),
    /^journal · all entries/,
  ],
  'a journal has the entries of conflicts': [
    (inner) => {
      const stray: JournalEntry[] = []
      return {
        ...onConflict(async (_, { writes }) => {
          for (const { key, entries } of writes)
            for (const entry of entries) stray.push({ position: `stray ${stray.length}`, key, entry })
        })(inner),
        journal: async ({ from, limit }) =>
          from === ''
            ? [...stray, ...(await inner.journal({ from, limit }))].slice(0, limit)
            : inner.journal({ from, limit }),
      }
    },
    /^journal · a conflict/,
  ],
  'a journal fails for a position of another storage': [
    (inner) => ({
      journal: async (page) => inner.journal({ ...page, from: page.from && String(BigInt(page.from)) }),
    }),
    /^journal · a position of another storage/,
  ],
  'a journal goes record by record': [
    (inner) => ({
      journal: async ({ from, limit }) => {
        const all = await inner.journal({ from: '', limit: 10_000 })
        const sorted = all.toSorted((a, b) => (textOf(a.key) < textOf(b.key) ? -1 : 1))
        const first = sorted.findIndex(({ position }) => position === from)
        return sorted.slice(Math.max(first, 0)).slice(0, limit)
      },
    }),
    /^journal · all entries/,
  ],
  'an entry appears behind one that was returned': [
    (inner) => {
      const late = new Map<string, number>()
      return {
        journal: async (page) => {
          const entries = await inner.journal(page)
          // Every seventh entry is not visible at first, as if its commit had ended later than the following
          // ones.
          return entries.filter(({ position }) => {
            const seen = (late.get(position) ?? 0) + 1
            late.set(position, seen)
            return Number(position) % 7 !== 3 || seen > 3 || position === page.from
          })
        },
      }
    },
    /^races · a reader of the journal during writes/,
  ],
  'a page of participants begins with the last one read': [
    (inner) => ({
      participants: async ({ after, limit }) => {
        const all = await inner.participants({ after: '', limit: 10_000 })
        return all.filter((each) => each >= after).slice(0, limit)
      },
    }),
    /^participants · ascending/,
  ],
  'a participant comes once a record': [
    (inner) => {
      const written: string[] = []
      return {
        commit: async (commit) => {
          const outcome = await inner.commit(commit)
          if (outcome === 'committed') written.push(...commit.writes.map(({ key }) => key.participant))
          return outcome
        },
        participants: async ({ after, limit }) =>
          written
            .filter((each) => each > after)
            .sort()
            .slice(0, limit),
      }
    },
    /^participants · ascending/,
  ],
  'participants come in a language’s order': [
    (inner) => ({
      participants: async ({ limit }) => {
        const all = await inner.participants({ after: '', limit: 10_000 })
        return all.toSorted(new Intl.Collator('en').compare).slice(0, limit)
      },
    }),
    /^participants · ascending/,
  ],
  'anyone who is told something is a participant': [
    (inner) => {
      const told = new Set<string>()
      return {
        commit: async (commit) => {
          for (const { participant } of commit.notices) told.add(participant)
          return inner.commit(commit)
        },
        participants: async ({ after, limit }) => {
          const all = await inner.participants({ after: '', limit: 10_000 })
          return [...new Set([...all, ...told])]
            .filter((each) => each > after)
            .sort()
            .slice(0, limit)
        },
      }
    },
    /^participants · only those that have records/,
  ],
  'commits records one by one': [
    (inner) => ({
      commit: async ({ writes, notices }) => {
        for (const write of writes)
          if ((await inner.commit({ writes: [write], notices: [] })) === 'conflict') return 'conflict'
        return inner.commit({ writes: [], notices })
      },
    }),
    /one of several records is stale/,
  ],
  'commits everything that is not stale': [
    onConflict(async (inner, { writes }) => {
      for (const write of writes) await inner.commit({ writes: [write], notices: [] })
    }),
    /one of several records is stale/,
  ],
  'gives out live objects': [liveObjects, /changing an object that was passed in or loaded/],
  'keeps what it is given, uncopied': [
    (inner) => {
      const kept = new Map<string, StoredRecord>()
      return {
        commit: async (commit) => {
          const outcome = await inner.commit(commit)
          if (outcome === 'committed')
            for (const { key, record } of commit.writes) kept.set(textOf(key), record)
          return outcome
        },
        load: async (keys) => keys.map((key) => structuredClone(kept.get(textOf(key)))),
      }
    },
    /changing an object that was passed in or loaded/,
  ],
  'drops notices': [
    (inner) => ({ commit: ({ writes }) => inner.commit({ writes, notices: [] }) }),
    /^notices · oldest first/,
  ],
  'notices of a conflict are kept': [
    onConflict((inner, { notices }) => inner.commit({ writes: [], notices })),
    /expected version/,
  ],
  'writes the trail twice': [
    (inner) => ({
      commit: ({ writes, notices }) =>
        inner.commit({
          writes: writes.map((write) => ({ ...write, entries: [...write.entries, ...write.entries] })),
          notices,
        }),
    }),
    /are returned as they were written/,
  ],
  'a page begins one entry late': [
    (inner) => ({ trail: (key, { after, limit }) => inner.trail(key, { after: after + 1, limit }) }),
    /^trail · pages/,
  ],
  'a page holds one entry too many': [
    (inner) => ({ trail: (key, { after, limit }) => inner.trail(key, { after, limit: limit + 1 }) }),
    /^trail · pages/,
  ],
  'entries are ordered as text': [
    (inner) => ({
      trail: async (key, { after, limit }) => {
        const all = await inner.trail(key, { after: 0, limit: 10_000 })
        return all.toSorted((x, y) => (`${x.seq}` < `${y.seq}` ? -1 : 1)).slice(after, after + limit)
      },
    }),
    /^trail · reading page by page/,
  ],
  'a conflict still writes its trail': [trailOnConflict, /expected version/],
  'records come in an order of their own': [
    (inner) => ({
      load: (keys) => inner.load(keys.toSorted((x, y) => (textOf(x) < textOf(y) ? -1 : 1))),
    }),
    /order of the keys/,
  ],
  'keys are joined to one text': [joinedKeys, /similar participants/],
  'an update merges': [
    (inner) => ({
      commit: async ({ writes, notices }) => {
        const merged = await Promise.all(
          writes.map(async (write) => {
            const vault = { ...(await presentOf(inner, write))?.vault, ...write.record.vault }
            return { ...write, record: { ...write.record, vault } }
          }),
        )
        return inner.commit({ writes: merged, notices })
      },
    }),
    /replaces state and vault/,
  ],
  'settling one notice settles all': [
    (inner) => ({
      settleNotice: async () => {
        for (const notice of await inner.claimNotices({ now: Number.MAX_SAFE_INTEGER, until: 0, limit: 100 }))
          await inner.settleNotice(notice)
      },
    }),
    /^notices · settling/,
  ],
  'settling an unknown notice fails': [
    (inner) => ({
      settleNotice: async (notice) => {
        const pending = await inner.claimNotices({ now: Number.MAX_SAFE_INTEGER, until: 0, limit: 100 })
        if (!pending.some(({ id }) => id === notice.id)) throw new Error('no such notice')
        return inner.settleNotice(notice)
      },
    }),
    /^notices · settling/,
  ],
  'one commit at a time, the others conflict': [
    (inner) => {
      let busy = false
      return {
        commit: async (commit) => {
          if (busy) return 'conflict'
          busy = true
          await new Promise((resolve) => setTimeout(resolve, 0))
          busy = false
          return inner.commit(commit)
        },
      }
    },
    /different records do not conflict/,
  ],
  'numbers lose their fraction': [
    (inner) => ({
      load: async (keys) =>
        JSON.parse(JSON.stringify(await inner.load(keys)), (_, value) =>
          typeof value === 'number' ? Math.trunc(value) : value,
        ),
    }),
    /are returned as they were written/,
  ],
}

test('a correct storage passes the contract', async () => {
  expect(await failures(broken(() => ({})))).toEqual([])
})

describe('the contract catches a storage that', () => {
  test.each(Object.entries(breakages))('%s', async (_, [breaking, caught]) => {
    expect(await failures(broken(breaking), caught)).not.toEqual([])
  })

  test('has a second storage on other data', async () => {
    const apart = () => ({ storage: memoryStorage(), second: async () => memoryStorage() })
    const failed = await failures(apart, /^two storages/)
    expect(failed).toContainEqual(expect.stringMatching(/^two storages · each immediately sees/))
    expect(failed).toContainEqual(expect.stringMatching(/^two storages · of many concurrent commits/))
  })
})

test('each case has a unique name, closes what it opened, and reports a failure to close', async () => {
  let open = 0
  const cases = storageContract(async () => {
    open++
    const storage = { ...memoryStorage(), load: () => Promise.reject(new Error('down')) }
    return {
      storage,
      close: async () => {
        open--
      },
    }
  })
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run()))
  expect(open).toBe(0)
  expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true)
})
