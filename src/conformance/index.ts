/**
 * The conformance kit tests whether any system follows the rulebook, through a driver that you write for it.
 * It needs `fast-check` (an optional peer dependency: install it alongside this package), and works in any
 * test runner and in scripts.
 *
 * @module ccass-2fa/conformance
 */
export { type ConformanceOptions, checkConformance } from './conformance.ts'
export { conformanceRules } from './covered-rules.ts'
export type {
  ConformanceDriver,
  ConformanceEntry,
  DriverFunction,
  DriverRefusal,
  DriverResult,
  MailboxMessage,
} from './driver.ts'
export type { Difference } from './linearise.ts'
export type { Operation } from './model/model-state.ts'
export type { SystemFactory } from './replay.ts'
export {
  type ConformanceFinding,
  type ConformanceReport,
  describeFinding,
  type UnexercisedRule,
} from './report.ts'
export { type ConformanceStep, describeStep } from './steps.ts'
