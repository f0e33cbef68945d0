import type { RequestContext } from '../fields/request-context.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { OperationName } from './operation.ts'
import type { RecordKey } from './storage.ts'

/**
 * One call of an operation that has ended. It holds no input and no result: no secret can be in it.
 *
 * @category Ports
 */
export interface ObservedOperation {
  readonly operation: OperationName
  /** `ok`, or the code of the refusal. */
  readonly outcome: string
  /** The rule of the refusal; absent for `ok`. */
  readonly rule?: RuleId
  /** When it began, epoch milliseconds, by the host's clock; absent where the clock failed. */
  readonly startedAt?: Instant
  /** How long it took, in milliseconds: by `clock.monotonic` where the clock has it, else by `clock.now`. */
  readonly durationMilliseconds: number
  /** Where the call came from, as the host said. It is personal data. */
  readonly context?: RequestContext
}

/**
 * One entry of a trail that was committed. Names, addresses and secrets are not in it.
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
    /** Why, where the event says so, e.g. the reason of a refusal that its caller did not see. */
    readonly reason?: string
  }
  /** Where the call came from that wrote it, as the host said. It is personal data. */
  readonly context?: RequestContext
}

/**
 * Told what the service does, for metrics, traces and logs. It is called synchronously and after the fact: it
 * cannot change an answer. An error that it throws is reported to `onError` and otherwise ignored. Without an
 * observer nothing is measured.
 *
 * @rule OBS-01
 * @category Ports
 */
export interface Observer {
  /** A call has ended; its caller gets the answer next. */
  operation?(observed: ObservedOperation): void
  /** An entry was committed. Entries of one commit come in order; a process sees its own commits alone. */
  entry?(observed: ObservedEntry): void
}
