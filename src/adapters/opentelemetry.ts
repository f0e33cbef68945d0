/**
 * An observer that reports to OpenTelemetry: a span and a duration for each call, and a count of audit trail
 * entries. It works with any SDK that the host has registered, and does nothing without one.
 *
 * @module ccass-2fa/opentelemetry
 */
import {
  type Attributes,
  type MeterProvider,
  metrics,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import type { ObservedEntry, ObservedOperation, Observer } from '../ports/observer.ts'
import { checkOptionNames } from './support/known-options.ts'

/**
 * Options of {@link openTelemetryObserver}.
 *
 * @category Adapters
 */
export interface OpenTelemetryOptions {
  /** Default: the provider that the host has registered globally. */
  readonly tracerProvider?: TracerProvider
  /** Default: the provider that the host has registered globally. */
  readonly meterProvider?: MeterProvider
  /**
   * Whether spans include the source address, user agent and request id of the call. They are personal data,
   * and the receiver of the spans decides how long to keep them. Default: `false`. Metrics never include
   * them.
   */
  readonly requestContext?: boolean
}

const scope = 'ccass-2fa'

/**
 * Refusals that report an internal failure instead of a decision about the caller's input. Their spans have
 * status ERROR. Any other refusal is a correct answer and leaves the status unset.
 */
const failures: ReadonlySet<string> = new Set(['port-failed', 'internal-error', 'busy'])

// Assigned and not spread: each spread would copy an object, on every call.
const attributesOf = ({ operation, outcome, rule }: ObservedOperation): Attributes => {
  const attributes: Attributes = { 'ccass_2fa.operation': operation, 'ccass_2fa.outcome': outcome }
  if (rule !== undefined) attributes['ccass_2fa.rule'] = rule
  // The attribute that the semantic conventions define for an unsuccessful outcome.
  if (outcome !== 'ok') attributes['error.type'] = outcome
  return attributes
}

const contextOf = ({ context }: ObservedOperation): Attributes => ({
  ...(context?.source === undefined ? {} : { 'client.address': context.source }),
  ...(context?.userAgent === undefined ? {} : { 'user_agent.original': context.userAgent }),
  ...(context?.requestId === undefined ? {} : { 'ccass_2fa.request.id': context.requestId }),
})

/**
 * Creates an observer for `createAuthentication`. Spans have the name of the operation (`signIn.begin`) and
 * the kind INTERNAL. Their parent is the span that is active when the call ends, which is the request's span
 * if the host's SDK has a context manager.
 *
 * Metrics: `ccass_2fa.operation.duration`, a histogram in seconds, by operation, outcome and rule;
 * `ccass_2fa.trail.entries`, a counter, by kind of record, type of event, rule and reason. No attribute has a
 * value that a caller can choose, so the number of time series is limited.
 *
 * @throws TypeError for an unknown option.
 * @example
 * ```ts
 * const auth = createAuthentication({ ...ports, observer: openTelemetryObserver() })
 * ```
 * @rule OBS-01
 * @category Adapters
 */
export const openTelemetryObserver = (options: OpenTelemetryOptions = {}): Observer => {
  checkOptionNames('openTelemetryObserver', options, ['tracerProvider', 'meterProvider', 'requestContext'])
  const { requestContext = false } = options
  const tracer = (options.tracerProvider ?? trace).getTracer(scope)
  const meter = (options.meterProvider ?? metrics).getMeter(scope)
  const duration = meter.createHistogram('ccass_2fa.operation.duration', {
    unit: 's',
    description: 'Duration of the operations of ccass-2fa.',
    advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  })
  const entries = meter.createCounter('ccass_2fa.trail.entries', {
    unit: '{entry}',
    description: 'Entries committed to audit trails.',
  })
  return {
    operation: (observed: ObservedOperation) => {
      const attributes = attributesOf(observed)
      duration.record(observed.durationMilliseconds / 1_000, attributes)
      const { startedAt, outcome, operation } = observed
      const start: SpanOptions = {
        kind: SpanKind.INTERNAL,
        attributes: requestContext ? { ...attributes, ...contextOf(observed) } : attributes,
      }
      if (startedAt !== undefined) start.startTime = startedAt
      const span = tracer.startSpan(operation, start)
      if (failures.has(outcome)) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(startedAt === undefined ? undefined : startedAt + observed.durationMilliseconds)
    },
    entry: ({ record, event }: ObservedEntry) => {
      const attributes: Attributes = {
        'ccass_2fa.record.kind': record.kind,
        'ccass_2fa.event.type': event.type,
        'ccass_2fa.rule': event.rule,
      }
      if (event.reason !== undefined) attributes['ccass_2fa.event.reason'] = event.reason
      entries.add(1, attributes)
    },
  }
}
