import type { WithCode } from '../kernel/coded.ts'
import type { MalformedInput } from '../kernel/malformed-input.ts'

/**
 * The name of a port in refusals and errors; `manifest` is the host's input or output of a checkpoint.
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
 * Refusals that do not concern accounts: limits, conflicts and failures of ports or of the library.
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
  /** A port failed; nothing was partly changed. Try again. */
  | { readonly code: 'port-failed'; readonly rule: 'API-02'; readonly port: PortName }
  /** An error in the library itself; nothing was partly changed. `onError` receives the error. */
  | { readonly code: 'internal-error'; readonly rule: 'API-02' }

/** A port failed. */
export type PortFailed = WithCode<EngineRefusal, 'port-failed'>

/** The host's rate limiter refused the source. */
export type RateLimited = WithCode<EngineRefusal, 'rate-limited'>

/** The refusal for an error in the library itself. */
export const internalError = {
  code: 'internal-error',
  rule: 'API-02',
} as const satisfies WithCode<EngineRefusal, 'internal-error'>

/** The refusals of every commit. */
export type CommitRefusal = WithCode<EngineRefusal, 'busy' | 'port-failed'>

/** The refusals of every operation: of its input, and for errors in the library. */
export type EndpointRefusal = MalformedInput | WithCode<EngineRefusal, 'internal-error'>

/** The refusals of every operation of an unauthenticated caller. */
export type UnauthenticatedRefusal = EndpointRefusal | RateLimited | PortFailed

/** The refusals of every operation that reads. */
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

/** The refusals of every operation that changes something. */
export type ChangeRefusal = EndpointRefusal | CommitRefusal
