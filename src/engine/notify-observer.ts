import type { Result } from 'neverthrow'
import type { RequestContext } from '../fields/request-context.ts'
import { callHost } from '../kernel/call-host.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { ObservedEntry, ObservedOperation } from '../ports/observer.ts'
import type { OperationName } from '../ports/operation.ts'
import type { Commit, TrailEvent } from '../ports/storage.ts'
import type { ServiceContext } from './context.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Coded = { readonly code: string; readonly rule?: RuleId }

/** Runs part of an observation. Exceptions of an observer or a clock go to `onError`, not to the caller. */
const reportErrors = <T>({ onError }: ServiceContext, work: () => T): T | undefined =>
  callHost(work, (error) => onError({ port: 'observer', error }))

const elapsed = (context: ServiceContext) => {
  const { clock } = context.ports
  return reportErrors(context, () => clock.monotonic?.() ?? clock.now())
}

/**
 * Starts to measure a call, and returns the function that ends it. Does nothing without an observer.
 *
 * @rule OBS-01
 */
export const observeOperation = (
  context: ServiceContext,
  operation: OperationName,
): ((result: Result<unknown, unknown>, request: RequestContext | undefined) => void) | undefined => {
  const { observer, clock } = context.ports
  if (observer?.operation === undefined) return undefined
  const startedAt = reportErrors(context, () => clock.now())
  const startedAtMonotonic = clock.monotonic === undefined ? startedAt : elapsed(context)
  return (result, request) => {
    const ended = elapsed(context)
    // Every refusal has a code; the type of a result is not known here.
    const refusal = result.isErr() ? (result.error as Coded) : undefined
    const observed: Writable<ObservedOperation> = {
      operation,
      outcome: refusal?.code ?? 'ok',
      durationMilliseconds:
        startedAtMonotonic === undefined || ended === undefined ? 0 : Math.max(0, ended - startedAtMonotonic),
    }
    // Assigned and not spread: each spread would copy an object, on every call.
    if (refusal?.rule !== undefined) observed.rule = refusal.rule
    if (startedAt !== undefined) observed.startedAt = startedAt
    if (request !== undefined) observed.context = { ...request }
    reportErrors(context, () => context.callbacks.run(() => observer.operation?.(observed)))
  }
}

const observedEvent = (event: TrailEvent): ObservedEntry['event'] => {
  const { type, at, rule } = event
  const reason = 'reason' in event ? event.reason : undefined
  return typeof reason === 'string' ? { type, at, rule, reason } : { type, at, rule }
}

/**
 * Notifies the observer of every entry of a commit that took effect.
 *
 * @rule OBS-01
 */
export const observeCommit = (
  context: ServiceContext,
  { writes }: Commit,
  by: string | { readonly person: string },
): void => {
  const { observer } = context.ports
  if (observer?.entry === undefined) return
  const { request } = context
  const actor = typeof by === 'string' ? by : by.person
  for (const { key: record, entries } of writes)
    for (const { seq, operationId, event } of entries) {
      const observed: Writable<ObservedEntry> = {
        // Copies: what an observer does to them must not reach the next commit of the call.
        record: { ...record },
        seq,
        actor,
        operationId,
        event: observedEvent(event),
      }
      if (request !== undefined) observed.context = { ...request }
      reportErrors(context, () => context.callbacks.run(() => observer.entry?.(observed)))
    }
}
