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
import type { KeyedQueue } from './keyed-queue.ts'
import type { RecordCache } from './record-cache.ts'
import type { PortFailed, PortName } from './refusals.ts'

/**
 * The ports: everything outside that the library needs.
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
   * Consulted before each attempt of an unauthenticated caller, by `source`; without it, nothing is limited by
   * source.
   */
  readonly rateLimiter?: RateLimiter
  /** Called for each completed call and each committed entry; without it, nothing is measured. */
  readonly observer?: Observer
}

/** What every operation of the service works with. */
export interface ServiceContext {
  readonly ports: Ports
  readonly policy: Policy
  /** Without one, 2FA has been launched and the smartcard is not decommissioned, everywhere and always. */
  readonly timeline?: Timeline
  readonly queue: KeyedQueue
  /** Records to decide on without loading them, if the host wants it. */
  readonly cache?: RecordCache
  /** Where the present call comes from, as the host says (PRI-01). */
  readonly request?: RequestContext
  /** How a record of each kind is replayed, for verification; composed at the root. */
  readonly aggregates: AggregatesByKind
  /** Called with every error that a port or the library itself threw; callers never see them. */
  readonly onError: (fault: ReportedError) => void
  /** Called after a commit that left a notice; makes no one wait. */
  readonly onCommittedNotice: () => void
  /** A hash that no password fits, so that there is always something to verify against (LOCK-11). */
  readonly decoyHash: () => Promise<string>
}

/**
 * A failure of a port or of the library. `error` comes from a port or the runtime and can contain anything: be
 * careful with logging it.
 *
 * @category Service
 */
export interface ReportedError {
  readonly port: PortName | 'library'
  readonly error: unknown
}

/**
 * Calls a port once. The only place where a port's rejection or throw becomes data.
 *
 * @rule API-02
 */
export const callPort = async <T>(
  { onError }: Pick<ServiceContext, 'onError'>,
  port: PortName,
  question: () => T | Promise<T>,
): Promise<Result<T, PortFailed>> => {
  try {
    return ok(await question())
  } catch (error) {
    onError({ port, error })
    return err({ code: 'port-failed', rule: 'API-02', port })
  }
}

/**
 * The phase in which a participant is.
 *
 * @rule MIG-03
 */
export const phaseOf = (
  { timeline }: ServiceContext,
  participant: ParticipantKey,
  at: Instant,
  role: Role = 'User',
): Phase => (timeline === undefined ? 'parallel-run' : phaseAt(timeline, participant, at, role))

/** The last instant that has a date (ECMAScript, 21.4.1.1): beyond it no day of an account could be compared. */
const lastInstant = 8.64e15

/** The host's time. A clock that returns no valid time has failed. */
export const instantNow = (context: ServiceContext) =>
  callPort(context, 'clock', () => {
    const now = context.ports.clock.now()
    if (!Number.isSafeInteger(now) || Math.abs(now) > lastInstant)
      throw new Error('the clock must answer whole epoch milliseconds of the calendar')
    return now
  })
