import type { WithCode } from '../kernel/coded.ts'
import type { MalformedInput } from '../kernel/malformed-input.ts'

/**
 * A port, as refusals and faults name it; `manifest` is the host's input or output of a checkpoint.
 *
 * @category Refusals
 */
export type PortName =
  | 'storage'
  | 'clock'
  | 'mailer'
  | 'passwordHasher'
  | 'passwordBlocklist'
  | 'rateLimiter'
  | 'random'
  | 'secretBox'
  | 'observer'
  | 'manifest'

/**
 * Refusals that say nothing about accounts: limits, conflicts and failures underneath.
 *
 * @rule API-02
 * @rule LOCK-09
 * @rule LOCK-14
 */
export type EngineRefusal =
  /** Too many attempts from one source: nothing was read, counted or recorded. */
  | { readonly code: 'rate-limited'; readonly rule: 'LOCK-14'; readonly retryAfterSeconds: number }
  /** Too many concurrent changes of the same record; nothing was counted. Try again. */
  | { readonly code: 'busy'; readonly rule: 'LOCK-09' }
  /** A port failed; nothing is half done. Try again. */
  | { readonly code: 'port-failed'; readonly rule: 'API-02'; readonly port: PortName }
  /** A fault of the library itself; nothing is half done. `onError` receives the error. */
  | { readonly code: 'internal-error'; readonly rule: 'API-02' }

/** A port failed. */
export type PortFailed = WithCode<EngineRefusal, 'port-failed'>

/** The host's rate limiter refused the source. */
export type RateLimited = WithCode<EngineRefusal, 'rate-limited'>

/** The refusal for a fault of the library itself: the core contradicts itself. */
export const internalError = {
  code: 'internal-error',
  rule: 'API-02',
} as const satisfies WithCode<EngineRefusal, 'internal-error'>

/** What every commit can end in. */
export type CommitRefusal = WithCode<EngineRefusal, 'busy' | 'port-failed'>

/** What every operation can refuse: its input, and faults of the library itself. */
export type EndpointRefusal = MalformedInput | WithCode<EngineRefusal, 'internal-error'>

/** What every operation of an unauthenticated caller can refuse. */
export type UnauthenticatedRefusal = EndpointRefusal | RateLimited | PortFailed

/** What every operation that reads can refuse. */
export type QueryRefusal = EndpointRefusal | PortFailed

/**
 * The refusals of each operation of the outbox.
 *
 * @category Refusals
 * @rule API-04
 */
export interface OutboxRefusals {
  readonly deliver: QueryRefusal
}

/** What every operation that changes something can refuse. */
export type ChangeRefusal = EndpointRefusal | CommitRefusal
