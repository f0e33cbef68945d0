/**
 * A store with a chosen number of accounts, trail entries, pending requests, notices and participants, and
 * the operations whose cost the growth bench measures on it. What the operations touch is the same at each
 * size: a user who signs in, and two Delegated Administrators of the same participant.
 */
import { captureMailer } from '../../dist/capture-mailer.js'
import {
  createAuthentication,
  type OutboxNotice,
  type RecordKey,
  type RecordWrite,
  type Result,
  type Session,
  type StoragePort,
  type System,
} from '../../dist/index.js'
import { nodeCryptoRandom, nodeCryptoSecretBox } from '../../dist/node-crypto.js'
import { totpCode } from '../../dist/rules.js'
import { freeHasher } from './free-hasher.ts'

/** What a store contains. */
export interface Contents {
  /** Further accounts of the participant of the user who signs in. */
  readonly own: number
  /** Accounts of other participants, 50 each. */
  readonly accounts: number
  /** Other participants with one account each. */
  readonly participants: number
  /** Entries in the trail of the user who signs in. */
  readonly trail: number
  /** Pending requests of the participant of the Delegated Administrators. */
  readonly requests: number
  /** Notices that are claimed: another process sends them, or they could not be sent and are retried later. */
  readonly claimed: number
  /** Notices that are free to be sent. */
  readonly waiting: number
}

/** An operation to measure. Only `run` is timed. */
export interface Operation {
  readonly before?: () => Promise<unknown>
  readonly run: () => Promise<unknown>
  readonly after?: () => Promise<unknown>
}

const own = 'B01234'
const [userId, makerId, checkerId] = [`${own}01`, `${own}X1`, `${own}X2`]
const password = 'Correct-Horse#Staple9'
const start = Date.UTC(2023, 5, 5, 1)
const pageSize = 50
const batch = 500

const must = async <T, E extends { readonly code: string }>(
  result: PromiseLike<Result<T, E>>,
): Promise<T> => {
  const settled = await result
  if (settled.isErr()) throw new Error(settled.error.code)
  return settled.value
}

/** A service over a storage, with a clock that can be moved and a mailer whose codes can be read. */
const serviceOver = (storage: StoragePort) => {
  let now = start
  const mailer = captureMailer()
  const random = nodeCryptoRandom()
  const box = nodeCryptoSecretBox([{ id: 'k1', key: random.bytes(32) }])
  let sealed: Uint8Array = new Uint8Array()
  const ports = {
    storage,
    mailer,
    passwordHasher: freeHasher,
    random,
    secretBox: {
      ...box,
      seal: (secret: Uint8Array, context: string) => {
        sealed = Uint8Array.from(secret)
        return box.seal(secret, context)
      },
    },
  }
  const auth = createAuthentication({ ...ports, clock: { now: () => now } })

  /** Registers an account, sets its password and its authenticator app. Returns a function that signs in. */
  const holder = async (id: string, system: System) => {
    const role = system === 'DMS' ? 'DelegatedAdministrator' : 'User'
    await must(
      auth.registry.register({
        ...{ userId: id, role, origin: 'created', by: 'bench', surname: 'CHAN', otherNames: 'TAI MAN' },
        email: `${id.toLowerCase()}@participant.example`,
      }),
    )
    const { challenge } = await must(auth.passwordSetUp.begin({ userId: id }))
    await must(auth.passwordSetUp.confirmCode({ challenge, code: mailer.codeFor(id) ?? '' }))
    await must(auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
    const first = await must(auth.signIn.begin({ userId: id, password, system }))
    await must(auth.enrolment.chooseChannel({ challenge: first.challenge, channel: 'MobileApp' }))
    const secret = sealed
    await must(auth.enrolment.confirm({ challenge: first.challenge, code: totpCode(secret, now) }))
    /** With a code of the next time step, because each is valid once. */
    return async (at: ReturnType<typeof clocked>): Promise<Session> => {
      const code = totpCode(secret, at.pass())
      const begun = await must(at.auth.signIn.begin({ userId: id, password, system }))
      const done = await must(at.auth.signIn.confirmOtp({ challenge: begun.challenge, code }))
      if (done.next !== 'done') throw new Error(done.next)
      return done.session
    }
  }

  /** The same service with a clock of its own: sign-ins need time to pass, and sessions must not expire. */
  const clocked = () => {
    let time = now
    const other = createAuthentication({ ...ports, clock: { now: () => time } })
    return { auth: other, pass: () => (time += 30_000) }
  }

  return {
    auth,
    holder,
    clocked,
    here: {
      auth,
      pass: () => (now += 30_000),
    },
  }
}

const keyOf = (kind: RecordKey['kind'], id: string): RecordKey => ({ participant: own, kind, id })

/** Writes that give other keys the record and the first two entries of a trail that the service wrote. */
const copier = async (storage: StoragePort, key: RecordKey) => {
  const [record] = await storage.load([key])
  const entries = await storage.trail(key, { after: 0, limit: 2 })
  if (record === undefined) throw new Error(`no ${key.kind}`)
  return (to: RecordKey): RecordWrite => ({
    key: to,
    expectedVersion: 0,
    record: { ...record, version: entries.length },
    entries,
  })
}

const write = async <T>(
  storage: StoragePort,
  count: number,
  of: (n: number) => T,
  commitOf: (items: readonly T[]) => Partial<Parameters<StoragePort['commit']>[0]>,
): Promise<void> => {
  for (let from = 0; from < count; from += batch) {
    const items = Array.from({ length: Math.min(batch, count - from) }, (_, n) => of(from + n))
    const done = await storage.commit({ writes: [], notices: [], ...commitOf(items) })
    if (done !== 'committed') throw new Error(done)
  }
}

const noticeOf = (id: string, participant: string): OutboxNotice => ({
  id,
  participant,
  notice: { type: 'account-locked', to: 'holder@participant.example', userId, at: start },
})

/** Adds entries to the trail of an account until it has so many. */
const lengthen = async (storage: StoragePort, key: RecordKey, length: number) => {
  const entries = await storage.trail(key, { after: 0, limit: 1_000 })
  const [record] = await storage.load([key])
  const last = entries.at(-1)
  if (record === undefined || last === undefined) throw new Error('no account')
  for (let { version } = record; version < length; ) {
    const next = Math.min(length, version + batch)
    const added = Array.from({ length: next - version }, (_, n) => ({ ...last, seq: version + n + 1 }))
    const write = { key, expectedVersion: version, record: { ...record, version: next }, entries: added }
    const done = await storage.commit({ writes: [write], notices: [] })
    if (done !== 'committed') throw new Error(done)
    version = next
  }
}

/** Fills a storage. Returns the operations by name. */
export const growthStore = async (
  storage: StoragePort,
  contents: Contents,
): Promise<Readonly<Record<string, Operation>>> => {
  // With free notices in the store, one is claimed a call: a call would otherwise send them all.
  const claimNotices: StoragePort['claimNotices'] = (claim) =>
    storage.claimNotices(contents.waiting === 0 ? claim : { ...claim, limit: 1 })
  const { auth, holder, clocked, here } = serviceOver({ ...storage, claimNotices })
  await must(auth.registry.setMaximum({ participant: own, maximum: 20, by: 'bench' }))
  const signIn = await holder(userId, 'CCASS/CCMS')
  const maker = await (await holder(makerId, 'DMS'))(here)
  const checker = await (await holder(checkerId, 'DMS'))(here)
  const entry = { kind: 'change', userId, changes: { surname: 'WONG' } } as const
  const { request } = await must(auth.dms.enter({ session: maker, entry }))
  await must(auth.outbox.deliver())

  const account = await copier(storage, keyOf('account', userId))
  const pending = await copier(storage, keyOf('request', request))
  const accountOf = (perParticipant: number, first: number) => (n: number) => {
    const participant = `B${first + Math.floor(n / perParticipant)}`
    const id = `${participant}${String(n % perParticipant).padStart(2, '0')}`
    return account({ participant, kind: 'account', id })
  }
  const writes = (items: readonly RecordWrite[]) => ({ writes: items })
  const notices = (items: readonly OutboxNotice[]) => ({ notices: items })
  await lengthen(storage, keyOf('account', userId), contents.trail)
  await write(storage, contents.accounts, accountOf(50, 10_000), writes)
  await write(storage, contents.participants, accountOf(1, 50_000), writes)
  const ownAccount = (n: number) =>
    account(keyOf('account', `${own}${n.toString(36).toUpperCase().padStart(3, '0')}`))
  await write(storage, contents.own, ownAccount, writes)
  const requestOf = (n: number) => pending(keyOf('request', n.toString(16).padStart(24, '0')))
  await write(storage, contents.requests - 1, requestOf, writes)
  await write(storage, contents.claimed, (n) => noticeOf(`claimed-${n}`, `B${10_000 + (n % 100)}`), notices)
  while ((await storage.claimNotices({ now: start, until: start + 1e10, limit: batch })).length > 0);
  await write(storage, contents.waiting, (n) => noticeOf(`waiting-${n}`, `B${10_000 + (n % 100)}`), notices)

  let end: string | undefined
  for (let more = true; more; ) {
    const page = await must(auth.audit.feed({ after: end, limit: 1_000 }))
    end = page.after
    more = page.more
  }
  await write(storage, pageSize, accountOf(1, 90_000), writes)

  const later = clocked()
  let [sent, entered] = [0, '']
  const expectPage = async (lines: PromiseLike<readonly unknown[]>) => {
    const { length } = await lines
    if (length !== pageSize) throw new Error(`a page of ${length}`)
  }
  return {
    'a sign-in': { run: () => signIn(later) },
    'sessions.check': { run: () => must(auth.sessions.check({ session: checker })) },
    'dms.pending, a page of 50': {
      run: () =>
        expectPage(must(auth.dms.pending({ session: checker, limit: pageSize })).then(({ lines }) => lines)),
    },
    'dms.enter': {
      run: async () => {
        entered = (await must(auth.dms.enter({ session: checker, entry }))).request
      },
      after: () => must(auth.dms.withdraw({ session: checker, request: entered })),
    },
    'outbox.deliver, one notice': {
      before: () => storage.commit({ writes: [], notices: [noticeOf(`new-${++sent}`, own)] }),
      run: async () => {
        const { delivered } = await must(auth.outbox.deliver())
        if (delivered !== 1) throw new Error(`delivered ${delivered}`)
      },
    },
    'audit.trail, the last page of 50': {
      run: () =>
        expectPage(must(auth.audit.trail({ userId, after: contents.trail - pageSize, limit: pageSize }))),
    },
    'audit.feed, a page of 50 near the end': {
      run: () =>
        expectPage(must(auth.audit.feed({ after: end, limit: pageSize })).then(({ entries }) => entries)),
    },
  }
}
