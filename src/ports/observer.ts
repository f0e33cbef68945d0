import type { RequestContext } from '../fields/request-context.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { OperationName } from './operation.ts'
import type { RecordKey } from './storage.ts'

/**
 * A completed call of an operation. It holds no input and no result, so it cannot contain a secret.
 *
 * @category Ports
 */
export interface ObservedOperation {
  readonly operation: OperationName
  /** `ok`, or the code of the refusal. */
  readonly outcome: string
  /** The rule of the refusal; absent for `ok`. */
  readonly rule?: RuleId
  /** When the call began, in epoch milliseconds by the host's clock. Absent if the clock failed. */
  readonly startedAt?: Instant
  /**
   * How long the call took, in milliseconds, measured with `clock.monotonic` if present, otherwise with
   * `clock.now`.
   */
  readonly durationMilliseconds: number
  /** Where the call came from, as the host reported it. This is personal data. */
  readonly context?: RequestContext
}

/**
 * A committed trail entry, without names, addresses and secrets.
 *
 * @category Ports
 */
export interface ObservedEntry {
  readonly record: RecordKey
  readonly seq: number
  /** Who acted: a User ID, `caller` for an unauthenticated caller, or the name that the host gave. */
  readonly actor: string
  readonly operationId: string
  readonly event: {
    readonly type: string
    readonly at: Instant
    readonly rule: RuleId
    /**
     * Why it happened, if the event states it, for example the reason of a refusal that the caller does not
     * see.
     */
    readonly reason?: string
  }
  /** Where the call that wrote it came from, as the host reported it. This is personal data. */
  readonly context?: RequestContext
}

/**
 * Receives what the service does, for metrics, traces and logs. It is called synchronously after the fact and
 * cannot change an answer. The service does not wait for it. An error that it throws or rejects with is reported to
 * `onError` and otherwise ignored. A call of the service that it makes before it returns is neither observed nor
 * reported, because each would cause the next. Without an observer, nothing is measured.
 *
 * @rule OBS-01
 * @category Ports
 */
export interface Observer {
  /** A call has ended. Its caller receives the answer next. */
  operation?(observed: ObservedOperation): void
  /** An entry was committed. Entries of one commit arrive in order. A process sees only its own commits. */
  entry?(observed: ObservedEntry): void
}
