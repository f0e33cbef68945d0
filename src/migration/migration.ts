import type { ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { ServiceContext } from '../engine/context.ts'
import { endpoint } from '../engine/endpoint.ts'
import { actorName, cursor, participantKey } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { Instant } from '../kernel/instant.ts'
import { type DecommissioningResult, decommissionAll } from './decommission-smartcards.ts'
import {
  type ApplyInput,
  type ApplyReport,
  apply,
  type ListingRun,
  type PlanInput,
  plan,
  type ReconcileInput,
  type ReconcileReport,
  reconcile,
} from './jobs.ts'
import type { ListingLines } from './listing-stream.ts'
import {
  type AccountPage,
  type AccountPageInput,
  type ExpiringAccount,
  findExpiring,
  findLateRegistrations,
  findNotInitialised,
  type LateRegistration,
  type UninitialisedAccount,
} from './queries.ts'
import type { MigrationRefusals } from './refusals.ts'

/**
 * The migration from smartcard to 2FA. Like the registry, it checks no authority: the host must do so before
 * it calls. Every operation needs a timeline.
 *
 * @rule MIG-16
 * @category Migration
 */
export interface Migration {
  /**
   * Plans a listing without changing anything (the dry run): the outcome of every line, the reasons, and who
   * can help.
   *
   * @returns the plan; or `no-timeline`, `listing-interrupted`, `malformed-input`, `port-failed`.
   * @rule MIG-05
   * @rule MIG-06
   * @rule MIG-13
   * @rule MIG-22
   */
  plan(input: PlanInput): ResultAsync<ListingRun, MigrationRefusals['plan']>

  /**
   * Imports every account that the plan does not refuse, in batches. It can be repeated safely: existing
   * accounts stay unchanged, even if someone changed them since, and deleted accounts are not imported again.
   * After an interruption, call it again with the whole listing, or with `afterLine` to save time.
   *
   * @returns the totals; or `no-timeline`, `listing-interrupted`, `malformed-input`, `busy`, `port-failed`:
   * everything that was reported as done before is committed.
   * @rule MIG-16
   * @rule MIG-21
   */
  apply(input: ApplyInput): ResultAsync<ApplyReport, MigrationRefusals['apply']>

  /**
   * Compares the plan with the store: which accounts arrived, which differ from the plan, and which have not
   * initialised 2FA yet and what they wait for. It changes nothing.
   *
   * @returns the reconciliation; or `no-timeline`, `listing-interrupted`, `malformed-input`, `port-failed`.
   * @rule MIG-16
   */
  reconcile(input: ReconcileInput): ResultAsync<ReconcileReport, MigrationRefusals['reconcile']>

  /**
   * Finds the accounts of a participant that have not initialised 2FA, with what they wait for and who can
   * help, for example to send reminders.
   *
   * @returns a page; or `malformed-input`, `port-failed`.
   * @rule MIG-07
   */
  notInitialised(
    input: AccountPageInput,
  ): ResultAsync<AccountPage<UninitialisedAccount>, MigrationRefusals['notInitialised']>

  /**
   * Finds what expires in a participant's accounts before an instant and has not expired yet: smartcard
   * certificates, passwords, and accounts with Disable After.
   *
   * @param input - the page; `before`: epoch milliseconds.
   * @returns a page; or `malformed-input`, `port-failed`.
   * @rule PW-09
   * @rule ACC-06
   * @rule MIG-17
   */
  expiring(
    input: AccountPageInput & { readonly before: Instant },
  ): ResultAsync<AccountPage<ExpiringAccount>, MigrationRefusals['expiring']>

  /**
   * Finds the emails of a participant's accounts that were registered after the deadline. Late registration
   * is allowed and reported.
   *
   * @returns a page; or `malformed-input`, `port-failed`.
   * @rule MIG-02
   */
  lateRegistrations(
    input: AccountPageInput,
  ): ResultAsync<AccountPage<LateRegistration>, MigrationRefusals['lateRegistrations']>

  /**
   * Removes the smartcards of a decommissioned participant from its profiles. No other behaviour depends on
   * this call: after decommissioning, smartcards open no terminal and are not shown, and the next command on
   * an account removes its card. This call removes the cards of accounts that remain unused.
   *
   * @returns the number of smartcards removed, 0 if the participant is not decommissioned; or
   * `malformed-input`, `busy`, `port-failed`.
   * @rule MIG-12
   * @rule MIG-20
   */
  decommissionSmartcards(
    input: WithRequestContext & {
      readonly participant: ParticipantKey
      readonly by: string
    },
  ): ResultAsync<DecommissioningResult, MigrationRefusals['decommissionSmartcards']>
}

const isIterable = (value: unknown) =>
  typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
const callback = z.custom<() => void>((value) => typeof value === 'function', 'must be a function')

/** Creates the migration operations of a service. */
export const migration = (context: ServiceContext): Migration => {
  const whole = z.int().min(0)
  const listing = {
    lines: z.custom<ListingLines>(isIterable, 'must be an iterable of listing lines'),
    signal: z
      .custom<AbortSignal>((value) => value instanceof AbortSignal, 'must be an AbortSignal')
      .optional(),
    participants: z.array(participantKey).optional(),
    maxima: z.record(participantKey, whole).optional(),
    declared: z.record(participantKey, z.array(z.literal([1, 2, 3, 4, 5, 6, 7]))).optional(),
    listing: z
      .object({ notReady: whole.optional(), ready: whole.optional(), overall: whole.optional() })
      .optional(),
    maxParticipants: z.int().min(1).optional(),
    onProgress: callback.optional(),
    onAccount: callback.optional(),
  }
  // The lines are iterated, and the callbacks called, by code that takes what they are declared as.
  const shape = <I>(more: z.ZodRawShape = {}) => z.object({ ...listing, ...more }) as unknown as z.ZodType<I>
  const page = {
    participant: participantKey,
    after: cursor.optional(),
    limit: z.int().min(1).max(1_000).optional(),
  }
  const applying = { by: actorName, afterLine: whole.optional() }
  return {
    plan: endpoint(context, 'migration.plan', shape<PlanInput>(), (input, context) => plan(context, input)),
    apply: endpoint(context, 'migration.apply', shape<ApplyInput>(applying), (input, context) =>
      apply(context, input),
    ),
    reconcile: endpoint(context, 'migration.reconcile', shape<ReconcileInput>(), (input, context) =>
      reconcile(context, input),
    ),
    notInitialised: endpoint(context, 'migration.notInitialised', z.object(page), (input, context) =>
      findNotInitialised(context, input),
    ),
    expiring: endpoint(
      context,
      'migration.expiring',
      z.object({ ...page, before: z.int() }),
      (input, context) => findExpiring(context, input),
    ),
    lateRegistrations: endpoint(context, 'migration.lateRegistrations', z.object(page), (input, context) =>
      findLateRegistrations(context, input),
    ),
    decommissionSmartcards: endpoint(
      context,
      'migration.decommissionSmartcards',
      z.object({ participant: participantKey, by: actorName }),
      (input, context) => decommissionAll(context, input),
    ),
  }
}
