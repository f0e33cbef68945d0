/**
 * The testing kit: arbitraries in domain terms, and the contracts that adapters of the ports must meet. It
 * needs `fast-check` (an optional peer dependency: install it alongside this package) and Node's `assert`.
 *
 * @module ccass-2fa/testing
 */
export { type Attempt, attempts } from './arbitraries/attempts.ts'
export {
  type AccountDecision,
  accountHistory,
  commandHistory,
  decideAndEvolve,
  type History,
  runHistory,
} from './arbitraries/command-history.ts'
export { type HistoryStep, historySteps, type PlausibleStep } from './arbitraries/history-steps.ts'
export { acceptablePassword, type CompositionRuleCode, passwordFailing } from './arbitraries/password.ts'
export { policy } from './arbitraries/policy.ts'
export { profileEntry } from './arbitraries/profile-entry.ts'
export {
  decideAndEvolveRequest,
  profileRequestHistory,
  type RequestDecision,
  type RequestHistory,
  type RequestStep,
  requestActors,
  requestSteps,
  runRequestHistory,
} from './arbitraries/profile-request-history.ts'
export { userId, userIdParts } from './arbitraries/user-id.ts'
export { wildCommand } from './arbitraries/wild-command.ts'
export { type BlocklistUnderTest, blocklistContract } from './blocklist-contract.ts'
export type { ContractCase } from './contract.ts'
export {
  type DeciderSpecification,
  deciderSpecification,
  type ExpectedOutcome,
  type GivenEvents,
} from './decider-specification.ts'
export type { HasherUnderTest } from './hasher-contract/passwords.ts'
export { hasherContract } from './hasher-contract.ts'
export type { MailerUnderTest, ReceivedMail, SimulatedMailFailure } from './mailer-contract/fixtures.ts'
export { mailerContract } from './mailer-contract.ts'
export { type RateLimiterUnderTest, rateLimiterContract } from './rate-limiter-contract.ts'
export type { SecretBoxUnderTest } from './secret-box-contract/seals.ts'
export { secretBoxContract } from './secret-box-contract.ts'
export { serviceContract } from './service-contract.ts'
export type { StorageUnderTest } from './storage-contract/fixtures.ts'
export { storageContract } from './storage-contract.ts'
