import { createHash } from 'node:crypto'
import { captureMailer } from '../../src/adapters/capture-mailer.ts'
import { webCryptoSecretBox } from '../../src/adapters/web-crypto.ts'
import type { RecordCacheOptions } from '../../src/engine/record-cache.ts'
import { parseUserId } from '../../src/identity/user-id.ts'
import {
  type Clock,
  createAuthentication,
  definePolicy,
  defineTimeline,
  type PasswordBlocklist,
  type PolicyInput,
  type Ports,
  type RandomSource,
  type RateLimiter,
  type RecordKey,
  type Refusal,
  type ReportedError,
  type Result,
  type ResultAsync,
  type StoragePort,
  type StoredRecord,
  type TimelineInput,
  type TrailEntry,
} from '../../src/index.ts'
import { openingsOf, unseal } from '../../src/integrity/personal-data.ts'
import { DAY } from '../../src/kernel/instant.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { declaredRefusals } from './declared-refusals.ts'
import { stubHasher } from './stub-hasher.ts'

/** A clock that stands still until a test moves it. */
export interface MovableClock extends Clock {
  set(at: number): void
  pass(milliseconds: number): void
}

/** 2 May 2023, 09:00:00.000 in Hong Kong. */
export const morning = Date.UTC(2023, 4, 2, 1)

const movableClock = (): MovableClock => {
  let at = morning
  return {
    now: () => at,
    set: (then) => {
      at = then
    },
    pass: (milliseconds) => {
      at += milliseconds
    },
  }
}

/** Deterministic pseudo-random bytes, the same in every run. */
const repeatableRandom = (): RandomSource => {
  let drawn = 0
  return {
    bytes: (length) => {
      const bytes = createHash('shake256', { outputLength: length }).update(`drawn ${drawn++}`).digest()
      return Uint8Array.from(bytes)
    },
  }
}

/** A secret box with its own key. */
export const boxUnder = (fill: number) =>
  webCryptoSecretBox([{ id: `key-${fill}`, key: new Uint8Array(32).fill(fill) }])

/** The options of a test service. */
export interface TestServiceOptions {
  readonly policy?: PolicyInput
  readonly storage?: StoragePort
  /** The dates of the transition; without a timeline, launched and not decommissioned. */
  readonly timeline?: TimelineInput
  readonly passwordBlocklist?: PasswordBlocklist
  readonly rateLimiter?: RateLimiter
  /** Whether the service, and each further one, decides with cached records. */
  readonly recordCache?: boolean | RecordCacheOptions
  /** Wraps the ports that the library gets; the tests still hold the original ones. */
  readonly between?: (ports: Ports) => Ports
}

/** A service whose ports a test can inspect. */
export const testService = ({
  policy = {},
  timeline,
  storage = memoryStorage(),
  passwordBlocklist,
  rateLimiter,
  recordCache,
  between = (x) => x,
}: TestServiceOptions = {}) => {
  const ports = {
    storage,
    clock: movableClock(),
    mailer: captureMailer(),
    passwordHasher: stubHasher(),
    random: repeatableRandom(),
    secretBox: boxUnder(7),
    ...(passwordBlocklist === undefined ? {} : { passwordBlocklist }),
    ...(rateLimiter === undefined ? {} : { rateLimiter }),
  }
  const faults: ReportedError[] = []
  const another = () =>
    declaredRefusals(
      createAuthentication({
        ...between(ports),
        policy: definePolicy(policy)._unsafeUnwrap(),
        ...(timeline === undefined ? {} : { timeline: defineTimeline(timeline)._unsafeUnwrap() }),
        ...(recordCache === undefined ? {} : { recordCache }),
        onError: (fault) => faults.push(fault),
      }),
    )
  return { ...ports, faults, auth: another(), /** One more service over the same ports. */ another }
}

export type TestService = ReturnType<typeof testService>

/** Only the ports, for another service over them. */
export const portsOf = ({ storage, clock, mailer, passwordHasher, random, secretBox }: Ports): Ports => ({
  storage,
  clock,
  mailer,
  passwordHasher,
  random,
  secretBox,
})

/** The value of a successful result. */
export const good = async <T>(answer: ResultAsync<T, Refusal> | Promise<Result<T, Refusal>>): Promise<T> => {
  const result = await answer
  if (result.isErr()) throw new Error(`refused: ${JSON.stringify(result.error)}`)
  return result.value
}

/** The refusal of a refused result. */
export const refusal = async <T>(answer: ResultAsync<T, Refusal>): Promise<Refusal> => {
  const result = await answer
  if (result.isOk()) throw new Error(`not refused: ${JSON.stringify(result.value)}`)
  return result.error
}

/** The code of a refusal; `ok` for a success. */
export const codeOf = async (answer: ResultAsync<unknown, Refusal>) =>
  (await answer).match(
    () => 'ok' as const,
    ({ code }) => code,
  )

/** The key of a User ID's record. */
export const keyOf = (userId: string) => {
  const id = parseUserId(userId)._unsafeUnwrap()
  return { participant: id.participant, kind: 'account', id: id.userId } as const
}

/** The record of a User ID. */
export const recordOf = async ({ storage }: Pick<TestService, 'storage'>, userId: string) =>
  (await storage.load([keyOf(userId)]))[0]

/** The whole trail of a record. */
export const wholeTrail = async (storage: StoragePort, key: RecordKey) => {
  const entries: TrailEntry[] = []
  for (;;) {
    const page = await storage.trail(key, { after: entries.length, limit: 500 })
    if (page.length === 0) return entries
    entries.push(...page)
  }
}

/** An entry with its personal data in place, as an auditor reads it. */
export const opened = ({ personal, ...entry }: TrailEntry) =>
  unseal(entry, openingsOf(personal)) as Omit<TrailEntry, 'actor'> & { readonly actor: string }

/** The state of a record with its personal data. */
export const openedState = (record: StoredRecord | undefined) => record && unseal(record.state, record.vault)

/** The contents of a vault without personal data: the proofs of secrets. */
export const credentialsIn = (record: StoredRecord | undefined) =>
  Object.fromEntries(
    Object.entries(record?.vault ?? {}).filter(([, proof]) => !proof.startsWith('["ccass-2fa/personal/')),
  )

/** The whole trail of a User ID's account. */
export const trailOf = ({ storage }: Pick<TestService, 'storage'>, userId: string) =>
  wholeTrail(storage, keyOf(userId))

/** The refusals of unauthenticated callers for a User ID, which are separate from the account (AUD-08). */
export const refusalsOf = ({ storage }: Pick<TestService, 'storage'>, userId: string) =>
  wholeTrail(storage, { ...keyOf(userId), kind: 'refusals' })

/** The pending notices, including claimed ones; their claims end. */
export const unsettled = ({ storage }: Pick<TestService, 'storage'>) =>
  storage.claimNotices({ now: Number.MAX_SAFE_INTEGER, until: 0, limit: 10_000 })

/** An event of the trail, as plain data. */
export type Told = TrailEntry['event'] & Readonly<Record<string, unknown>>

/** The events of a User ID's account. */
export const eventsOf = async (given: Pick<TestService, 'storage'>, userId: string) =>
  (await trailOf(given, userId)).map((entry) => opened(entry).event as Told)

/** The number of events of a type in the trails of a User ID. */
export const count = async (given: Pick<TestService, 'storage'>, userId: string, type: string) => {
  const entries = [...(await trailOf(given, userId)), ...(await refusalsOf(given, userId))]
  return entries.filter(({ event }) => event.type === type).length
}

/** The newest refusal of a User ID, from the account's trail or the trail of refusals. */
export const lastRefusal = async (given: Pick<TestService, 'storage'>, userId: string) => {
  const own = (await eventsOf(given, userId)).findLast(({ type }) => type.endsWith('Refused'))
  const apart = (await refusalsOf(given, userId)).at(-1)?.event as Told | undefined
  return own !== undefined && (apart === undefined || own.at > apart.at) ? own : apart
}

/** The reason of the newest refusal. */
export const lastReason = async (given: Pick<TestService, 'storage'>, userId: string) =>
  (await lastRefusal(given, userId))?.['reason']

/** 90 times 24 hours. */
export const ninetyDays = 90 * DAY
