import type { Result } from 'neverthrow'
import { callPort, type ServiceContext } from './context.ts'
import type { PortFailed } from './refusals.ts'

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/**
 * Waits. The time comes from the clock's port, so that a simulation can reproduce every run.
 *
 * @rule LOCK-09
 * @rule API-03
 */
export const wait = (context: ServiceContext, milliseconds: number): Promise<Result<void, PortFailed>> => {
  const { clock } = context.ports
  return callPort(context, 'clock', () => (clock.sleep?.bind(clock) ?? sleep)(milliseconds))
}

/**
 * Lets the rest of the process run, between two parts of a long operation. A synchronous storage never does: with it,
 * timers and connections would wait for the end, and its driver could free nothing.
 *
 * @rule AUD-02
 */
export const yieldToEventLoop = (context: ServiceContext): Promise<Result<void, PortFailed>> =>
  wait(context, 0)
