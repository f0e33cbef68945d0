import { err, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import {
  type AccessDecisions,
  type AccessRequest,
  evaluateAccess,
  type Resource,
  type Site,
} from '../access-control/access-table.ts'
import { isExistingAccount } from '../account/state.ts'
import { instantNow, type ServiceContext } from '../engine/context.ts'
import { endpoint, readUserId } from '../engine/endpoint.ts'
import { userIdText } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import type { Instant } from '../kernel/instant.ts'
import { loadAccount } from '../records/handle-account-command.ts'
import { unknownAccount } from '../records/refusals.ts'
import { accessRequestFor } from './access-check.ts'
import type { AccessRefusals } from './refusals.ts'

/**
 * The access decisions for an account, and the facts that they are based on.
 *
 * @category Sessions
 */
export interface AccessEvaluation {
  /** The decision for each method, with its rule and reason. */
  readonly decisions: AccessDecisions
  /** The facts of the decision: the account's present record, at that instant. */
  readonly request: Required<AccessRequest>
  readonly at: Instant
}

/**
 * Queries of access decisions.
 *
 * @category Sessions
 */
export interface AccessQueries {
  /**
   * Evaluates access to a resource for an account at an instant: one decision per method, each with its rule.
   * It changes and records nothing. Do not expose it to unauthenticated callers, because it reveals whether
   * an account exists.
   *
   * @param input - `site`: default `primary`; `at`: epoch milliseconds, default now. The account is taken in
   * its present state; phase, dates and certificate are evaluated at that instant.
   * @returns the decisions and their facts; or `unknown-account`, `malformed-user-id`, `malformed-input`,
   * `port-failed`.
   * @example
   * ```ts
   * const evaluated = await auth.access.evaluate({ userId: 'B0123401', resource: 'terminal', site: 'backup' })
   * if (evaluated.isOk()) evaluated.value.decisions.smartcard // { decision: 'deny', rule: 'MIG-09', reason: 'backup-centre' }
   * ```
   * @rule MIG-15
   */
  evaluate(
    input: WithRequestContext & {
      readonly userId: string
      readonly resource: Resource
      readonly site?: Site | undefined
      readonly at?: Instant | undefined
    },
  ): ResultAsync<AccessEvaluation, AccessRefusals['evaluate']>
}

const evaluate = async (
  context: ServiceContext,
  input: Parameters<AccessQueries['evaluate']>[0],
): Promise<Result<AccessEvaluation, AccessRefusals['evaluate']>> => {
  const id = readUserId(context, input.userId)
  if (id.isErr()) return err(id.error)
  const account = await loadAccount(context, id.value)
  if (account.isErr()) return err(account.error)
  const { value: known } = account
  if (!isExistingAccount(known)) return err(unknownAccount)
  const now = await instantNow(context)
  return now.map((present) => {
    const { resource, site = 'primary', at = present } = input
    const request = accessRequestFor(context, id.value, known, { resource, site, at })
    return { decisions: evaluateAccess(request), request, at }
  })
}

/** Creates the access queries of a service. */
export const accessQueries = (context: ServiceContext): AccessQueries => {
  const entrance = z.object({
    userId: userIdText,
    resource: z.enum(['terminal', 'DMS', 'ONRD', 'PG']),
    site: z.enum(['primary', 'backup']).optional(),
    at: z.int().min(-8.64e15).max(8.64e15).optional(),
  })
  return {
    evaluate: endpoint(context, 'access.evaluate', entrance, (input, context) => evaluate(context, input)),
  }
}
