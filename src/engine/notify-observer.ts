import type { Result } from 'neverthrow'
import type { RequestContext } from '../fields/request-context.ts'
import { callHost } from '../kernel/call-host.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { ObservedEntry, ObservedOperation } from '../ports/observer.ts'
import type { OperationName } from '../ports/operation.ts'
import type { Commit, TrailEvent } from '../ports/storage.ts'
import type { ServiceContext } from './context.ts'

type Coded = { readonly code: string; readonly rule?: RuleId }

/** Runs part of an observation. Exceptions of an observer or a clock go to `onError`, not to the caller. */
const quietly = <T>({ onError }: ServiceContext, work: () => T): T | undefined =>
  callHost(work, (error) => onError({ port: 'observer', error }))

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
  const elapsed = () => quietly(context, () => clock.monotonic?.() ?? clock.now())
  const startedAt = quietly(context, () => clock.now())
  const began = elapsed()
  return (result, request) => {
    const ended = elapsed()
    // Every refusal has a code; the type of a result is not known here.
    const refusal = result.isErr() ? (result.error as Coded) : undefined
    const observed: ObservedOperation = {
      operation,
      outcome: refusal?.code ?? 'ok',
      ...(refusal?.rule === undefined ? {} : { rule: refusal.rule }),
      ...(startedAt === undefined ? {} : { startedAt }),
      durationMilliseconds: began === undefined || ended === undefined ? 0 : Math.max(0, ended - began),
      ...(request === undefined ? {} : { context: request }),
    }
    quietly(context, () => observer.operation?.(observed))
  }
}

const reasonOf = (event: TrailEvent) => {
  const reason = 'reason' in event ? event.reason : undefined
  return typeof reason === 'string' ? { reason } : {}
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
  const request = context.request === undefined ? {} : { context: context.request }
  for (const { key: record, entries } of writes)
    for (const { seq, operationId, event } of entries) {
      const { type, at, rule } = event
      const observed: ObservedEntry = {
        record,
        seq,
        actor: typeof by === 'string' ? by : by.person,
        operationId,
        event: { type, at, rule, ...reasonOf(event) },
        ...request,
      }
      quietly(context, () => observer.entry?.(observed))
    }
}
