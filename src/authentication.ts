import type { Timeline } from './access-control/timeline.ts'
import { type Audit, aggregates, type RecordEvents } from './aggregates.ts'
import { audit } from './audit/audit.ts'
import { type Dms, dms } from './dms/dms.ts'
import { callbackGuard } from './engine/callback-guard.ts'
import type { Ports, ReportedError, ServiceContext } from './engine/context.ts'
import { keyedQueue } from './engine/keyed-queue.ts'
import { checkConfiguration } from './engine/model/configuration.ts'
import { deliverOutbox, type Outbox, outbox } from './engine/outbox.ts'
import { type RecordCacheOptions, recordCache } from './engine/record-cache.ts'
import { type Eservices, eservices } from './eservices/eservices.ts'
import type { WithClientSource, WithRequestContext } from './fields/request-context.ts'
import { callHost } from './kernel/call-host.ts'
import { type Migration, migration } from './migration/migration.ts'
import { type PersonalData, personalData } from './personal-data/personal-data.ts'
import type { Policy } from './policy/policy.ts'
import type { RateLimiter } from './ports/rate-limiter.ts'
import { type Registry, registry } from './registry/registry.ts'
import { type AccessQueries, accessQueries } from './session/access-evaluation.ts'
import { type Sessions, sessions } from './session/sessions.ts'
import { type Enrolment, enrolment } from './sign-in/enrolment.ts'
import { type PasswordSetUp, passwordSetUp } from './sign-in/password-set-up.ts'
import { type SelfService, selfService } from './sign-in/self-service.ts'
import { type SignIn, signIn } from './sign-in/sign-in.ts'
import { type Smartcards, smartcards } from './sign-in/smartcards.ts'

/**
 * The options of the service: its ports and its settings.
 *
 * @category Service
 */
export interface AuthenticationOptions extends Ports {
  /** The policy. Default: {@link defaultPolicy}. {@link definePolicy} creates another one. */
  readonly policy?: Policy
  /**
   * The dates of the transition from smartcard to 2FA ({@link defineTimeline}). Without a timeline, 2FA
   * counts as launched, and the smartcard as not decommissioned, for all participants at all times.
   */
  readonly timeline?: Timeline
  /**
   * Lets operations decide with records cached by this process instead of loading them, so that a sign-in
   * takes two statements instead of four. A commit verifies every record that the decision was based on: a
   * stale one costs a load and a second decision, and never changes the result. Session checks, lists and
   * reviews always load. `true` uses the defaults; default: off. `docs/storage.md` says when not to use it.
   *
   * @rule LOCK-17
   */
  readonly recordCache?: boolean | RecordCacheOptions
  /**
   * Called with every error of a port or of the library; without it, errors are discarded. See {@link
   * ReportedError}. An error that it throws or rejects with is discarded. The service does not wait for it. A call
   * of the service that it makes before it returns is neither observed nor reported: the caller has its answer.
   */
  readonly onError?: (reported: ReportedError) => void
}

/**
 * All operations of the service.
 *
 * @typeParam Context - what unauthenticated calls state about their origin: with a rate limiter {@link
 * WithClientSource}, otherwise {@link WithRequestContext}.
 * @category Service
 */
export interface Authentication<Context extends WithRequestContext = WithRequestContext> {
  readonly signIn: SignIn<Context>
  readonly smartcards: Smartcards
  readonly passwordSetUp: PasswordSetUp<Context>
  readonly enrolment: Enrolment<Context>
  readonly selfService: SelfService
  readonly registry: Registry
  readonly dms: Dms
  readonly eservices: Eservices
  readonly access: AccessQueries
  readonly migration: Migration
  readonly sessions: Sessions
  readonly personalData: PersonalData
  readonly outbox: Outbox
  readonly audit: Audit
  /** The policy in force; `policyOverrides` of `ccass-2fa/rules` lists where it differs from the default. */
  readonly policy: Policy
}

/**
 * Returns the policy and the timeline in force. Throws for invalid options, because they are an error in the
 * host's code.
 */
const configured = (options: AuthenticationOptions) => {
  const { policy, timeline, problems } = checkConfiguration(options)
  if (policy === undefined || problems.length > 0)
    throw new TypeError(
      `createAuthentication: ${problems.map(({ option, problem }) => `${option} ${problem}`).join('; ')}`,
    )
  return { policy, timeline }
}

/**
 * Creates the service from its ports and policy. It does not open, read or write anything yet.
 *
 * With a `rateLimiter`, the operations of unauthenticated callers require a `context.source`, by type too
 * (LOCK-14).
 *
 * Any number of services can share one storage, in one process or in several.
 *
 * @throws TypeError that names each option that is missing, unknown or out of bounds.
 * @example
 * ```ts
 * const auth = createAuthentication({ storage, clock, mailer, passwordHasher, random, secretBox })
 * const step = await auth.signIn.begin({ userId: 'B0123401', password, system: 'CCASS/CCMS' })
 * ```
 * @rule LOCK-09
 * @rule LOCK-14
 * @category Service
 */
export function createAuthentication(
  options: AuthenticationOptions & { readonly rateLimiter: RateLimiter },
): Authentication<WithClientSource>
export function createAuthentication(options: AuthenticationOptions): Authentication
export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { policy, timeline } = configured(options)
  const { policy: _policy, timeline: _timeline, recordCache: caching = false, onError, ...ports } = options
  const callbacks = callbackGuard()
  const context: ServiceContext = {
    ports,
    policy,
    ...(timeline === undefined ? {} : { timeline }),
    queue: keyedQueue(),
    callbacks,
    ...(caching === false ? {} : { cache: recordCache(caching === true ? {} : caching) }),
    aggregates,
    // Errors in the host's own logger do not change the result.
    onError: (reported) => {
      callHost(
        () => callbacks.run(() => onError?.(reported)),
        () => {},
      )
    },
    // The caller does not wait for the delivery: its errors are reported, and the notice is sent with the
    // next delivery.
    onCommittedNotice: (of) => {
      deliverOutbox(of).catch((error: unknown) => of.onError({ port: 'library', error }))
    },
  }
  return {
    signIn: signIn(context),
    smartcards: smartcards(context),
    passwordSetUp: passwordSetUp(context),
    enrolment: enrolment(context),
    selfService: selfService(context),
    registry: registry(context),
    dms: dms(context),
    eservices: eservices(context),
    access: accessQueries(context),
    migration: migration(context),
    sessions: sessions(context),
    personalData: personalData(context),
    outbox: outbox(context),
    audit: audit<RecordEvents>(context),
    policy,
  }
}
