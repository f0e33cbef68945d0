import { err, ok, type Result } from 'neverthrow'
import { type Phase, phaseAt, type Timeline } from '../access-control/timeline.ts'
import type { RequestContext } from '../fields/request-context.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { Role } from '../identity/role.ts'
import type { AggregatesByKind } from '../integrity/replay.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Policy } from '../policy/policy.ts'
import type { Clock } from '../ports/clock.ts'
import type { Mailer } from '../ports/mailer.ts'
import type { Observer } from '../ports/observer.ts'
import type { PasswordBlocklist } from '../ports/password-blocklist.ts'
import type { PasswordHasher } from '../ports/password-hasher.ts'
import type { RandomSource } from '../ports/random.ts'
import type { RateLimiter } from '../ports/rate-limiter.ts'
import type { SecretBox } from '../ports/secret-box.ts'
import type { StoragePort } from '../ports/storage.ts'
import type { CallbackGuard } from './callback-guard.ts'
import type { KeyedQueue } from './keyed-queue.ts'
import type { RecordCache } from './record-cache.ts'
import type { PortFailed, PortName } from './refusals.ts'

/**
 * The ports: all external services that the library needs.
 *
 * @category Service
 */
export interface Ports {
  readonly storage: StoragePort
  readonly clock: Clock
  readonly mailer: Mailer
  readonly passwordHasher: PasswordHasher
  readonly random: RandomSource
  readonly secretBox: SecretBox
  /** Required if the policy uses it (`password.blocklist`). */
  readonly passwordBlocklist?: PasswordBlocklist
  /**
   * Consulted before each attempt of an unauthenticated caller, by `source`. Without it, there is no limit
   * per source.
   */
  readonly rateLimiter?: RateLimiter
  /** Called for each completed call and each committed entry. Without it, nothing is measured. */
  readonly observer?: Observer
}

/** The dependencies of every operation of the service. */
export interface ServiceContext {
  readonly ports: Ports
  readonly policy: Policy
  /**
   * Without a timeline, 2FA counts as launched, and the smartcard as not decommissioned, for all participants
   * at all times.
   */
  readonly timeline?: Timeline
  readonly queue: KeyedQueue
  /** A cache of records, with which operations decide without loading, if the host enabled it. */
  readonly cache?: RecordCache
  /** The origin of the current call, as the host states it (PRI-01). */
  readonly request?: RequestContext
  /** The aggregate of each kind of record, for verification; composed at the root. */
  readonly aggregates: AggregatesByKind
  /** Knows whether a callback of the host is running. */
  readonly callbacks: CallbackGuard
  /** Called with every error that a port or the library itself threw; callers never see them. */
  readonly onError: (fault: ReportedError) => void
  /** Called after a commit that left a notice, with the call's context. It must not block the caller. */
  readonly onCommittedNotice: (context: ServiceContext) => void
}

/**
 * A failure of a port or of the library. `error` comes from a port or the runtime and can contain anything,
 * including secrets: log it with care.
 *
 * @category Service
 */
export interface ReportedError {
  readonly port: PortName | 'library'
  readonly error: unknown
}

/**
 * Calls a port once. Only this function converts a port's rejection or exception to data.
 *
 * @rule API-02
 */
export const callPort = async <T>(
  { onError }: Pick<ServiceContext, 'onError'>,
  port: PortName,
  call: () => T | Promise<T>,
): Promise<Result<T, PortFailed>> => {
  try {
    return ok(await call())
  } catch (error) {
    onError({ port, error })
    return err({ code: 'port-failed', rule: 'API-02', port })
  }
}

/**
 * The context of a call that starts now. A call from within `onError` or the observer is not reported to them:
 * otherwise each report could cause the next, without end.
 *
 * @rule OBS-01
 */
export const contextOfCall = (context: ServiceContext): ServiceContext => {
  if (!context.callbacks.isRunning()) return context
  const { observer: _, ...ports } = context.ports
  return { ...context, ports, onError: () => {} }
}

/**
 * What is remembered for a service between its calls. Each call has a context of its own, so that a context cannot be
 * the key.
 */
export const memoryOfService = <T>(fresh: () => T): ((context: ServiceContext) => T) => {
  const memories = new WeakMap<CallbackGuard, T>()
  return ({ callbacks }) => {
    const memory = memories.get(callbacks) ?? fresh()
    memories.set(callbacks, memory)
    return memory
  }
}

/**
 * The phase of a participant at an instant.
 *
 * @rule MIG-03
 */
export const phaseOf = (
  { timeline }: ServiceContext,
  participant: ParticipantKey,
  at: Instant,
  role: Role = 'User',
): Phase => (timeline === undefined ? 'parallel-run' : phaseAt(timeline, participant, at, role))

/**
 * The last instant of the ECMAScript calendar (21.4.1.1): the days of an account can't be compared after it.
 */
const lastInstant = 8.64e15

/** The host's current time. A clock that returns no valid time has failed. */
export const instantNow = (context: ServiceContext) =>
  callPort(context, 'clock', () => {
    const now = context.ports.clock.now()
    if (!Number.isSafeInteger(now) || Math.abs(now) > lastInstant)
      throw new Error('the clock must return whole epoch milliseconds, from -8.64e15 to 8.64e15')
    return now
  })
