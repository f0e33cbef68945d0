import { bytesToHex } from '@noble/hashes/utils.js'
import type { Timeline } from './access-control/timeline.ts'
import { type Audit, aggregates, type RecordEvents } from './aggregates.ts'
import { audit } from './audit/audit.ts'
import { type Dms, dms } from './dms/dms.ts'
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
 * The ports and the options.
 *
 * @category Service
 */
export interface AuthenticationOptions extends Ports {
  /** The policy; default: the rulebook's. {@link definePolicy} creates another. */
  readonly policy?: Policy
  /**
   * The dates of the move from smartcard to 2FA ({@link defineTimeline}); without one, 2FA has been launched
   * and the smartcard is not decommissioned, everywhere and always.
   */
  readonly timeline?: Timeline
  /**
   * Decides on records that this process remembers, instead of loading them: a sign-in then takes two statements
   * instead of four. A commit proves each record that the decision was based on, so that a stale one
   * costs a load and a second decision, and never gives another answer. Session checks, lists and reviews always
   * load. `true` for the defaults; off unless given. See `docs/storage.md` for when not to use it.
   *
   * @rule LOCK-17
   */
  readonly recordCache?: boolean | RecordCacheOptions
  /**
   * Called with every error of a port or of the library; without it, errors are dropped. See {@link ReportedError}.
   */
  readonly onError?: (reported: ReportedError) => void
}

/**
 * All operations of the service.
 *
 * @typeParam Context - what calls of unauthenticated callers say about their origin: with a rate limiter
 * {@link WithClientSource}, otherwise {@link WithRequestContext}.
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
  /** The policy in force; `policyOverrides` of `ccass-2fa/rules` lists where it differs from the rulebook's. */
  readonly policy: Policy
}

/**
 * The policy and the timeline in force. Throws for options that cannot work: they are an error in the host's
 * code.
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
 * Creates the service from the ports and the policy. Nothing is opened, read or written yet.
 *
 * With a `rateLimiter`, the operations of unauthenticated callers require a `context.source`, by type too
 * (LOCK-14).
 *
 * Any number of services can share one storage, in one process or in several.
 *
 * @throws TypeError, naming each option that is missing, unknown, or out of its bounds.
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
  let decoy: Promise<string> | undefined
  const context: ServiceContext = {
    ports,
    policy,
    ...(timeline === undefined ? {} : { timeline }),
    queue: keyedQueue(),
    ...(caching === false ? {} : { cache: recordCache(caching === true ? {} : caching) }),
    aggregates,
    // The answer does not depend on the host's logger: what goes wrong in it is for the host to notice.
    onError: (reported) => {
      callHost(
        () => onError?.(reported),
        () => {},
      )
    },
    // No caller waits for it: what goes wrong is told, and the notice waits for the next time.
    onCommittedNotice: () => {
      deliverOutbox(context).catch((error: unknown) => context.onError({ port: 'library', error }))
    },
    decoyHash: () => {
      decoy ??= ports.passwordHasher.hash(bytesToHex(ports.random.bytes(32))).catch((error: unknown) => {
        decoy = undefined
        throw error
      })
      return decoy
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
