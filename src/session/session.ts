import type { Site } from '../access-control/access-table.ts'
import type { SessionId, SignInMethod } from '../account/state.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { Role } from '../identity/role.ts'
import type { System } from '../identity/system.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'

/**
 * What a completed sign-in says of its holder.
 *
 * @category Sessions
 */
export interface SessionDetails {
  /** Names the session in the account's list (ACC-19); no secret. */
  readonly id: SessionId
  readonly userId: UserId
  readonly participant: ParticipantKey
  readonly role: Role
  readonly system: System
  readonly method: SignInMethod
  readonly signedInAt: Instant
  /** The first instant at which it has expired. */
  readonly expiresAt: Instant
  /** When it was last checked; the idle limit counts from here (ACC-19). */
  readonly lastUsedAt: Instant
  /** The sessionEpoch of the account at the sign-in. */
  readonly sessionEpoch: number
  /** Where the smartcard was read, and which; of a sign-in by smartcard alone. */
  readonly card?: { readonly site: Site; readonly srn?: string }
}

/** Known to this file alone: `private` holds in TypeScript only. */
const key = Symbol('session')

/** What a forged session says of itself: nothing, and that it expired long ago. */
const noSession: SessionDetails = /* @__PURE__ */ Object.freeze({
  id: '',
  userId: '' as UserId,
  participant: '',
  role: 'User',
  system: 'CCASS/CCMS',
  method: 'Email',
  signedInAt: 0,
  expiresAt: 0,
  lastUsedAt: 0,
  sessionEpoch: -1,
})

/**
 * Proof of a completed sign-in with both factors, or with an admitted smartcard while cards are allowed. Only
 * a completed sign-in creates one; callers can't construct, copy or modify it. It expires, and it ends with
 * the account's next sessionEpoch.
 *
 * @rule ACC-15
 * @category Sessions
 */
export class Session {
  readonly #login: SessionDetails | undefined

  /**
   * Anything made without the key is no session.
   *
   * @internal
   */
  constructor(given: symbol, login: SessionDetails) {
    this.#login = given === key ? Object.freeze({ ...login }) : undefined
    Object.freeze(this)
  }

  get #known(): SessionDetails {
    return this.#login ?? noSession
  }

  /** The session's name, as `sessions.list` shows it; no secret. */
  get id(): SessionId {
    return this.#known.id
  }

  /** The holder's User ID. */
  get userId(): UserId {
    return this.#known.userId
  }

  /** The participant to which the account belongs. */
  get participant(): ParticipantKey {
    return this.#known.participant
  }

  /** The account's role. */
  get role(): Role {
    return this.#known.role
  }

  /** The system that was signed in to. */
  get system(): System {
    return this.#known.system
  }

  /**
   * How the holder signed in. A smartcard sign-in is valid for the terminal and DMS, not for self-service
   * (MIG-19).
   */
  get method(): SignInMethod {
    return this.#known.method
  }

  /** When the sign-in was completed, epoch milliseconds. */
  get signedInAt(): Instant {
    return this.#known.signedInAt
  }

  /** The first instant at which it has expired, epoch milliseconds. */
  get expiresAt(): Instant {
    return this.#known.expiresAt
  }

  /**
   * The sign-in behind a session; `undefined` for anything else.
   *
   * @internal
   */
  static detailsOf(value: unknown): SessionDetails | undefined {
    return typeof value === 'object' && value !== null && #login in value ? value.#login : undefined
  }
}

/**
 * Makes a session. For the service only, which does so after a completed sign-in, or out of a seal.
 *
 * @internal
 */
export const createSession = (login: SessionDetails): Session => new Session(key, login)
