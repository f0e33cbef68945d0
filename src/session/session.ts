import type { Site } from '../access-control/access-table.ts'
import type { SessionId, SignInMethod } from '../account/state.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { Role } from '../identity/role.ts'
import type { System } from '../identity/system.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'

/**
 * The details of a completed sign-in.
 *
 * @category Sessions
 */
export interface SessionDetails {
  /** The session's id in the account's list (ACC-19). It is not a secret. */
  readonly id: SessionId
  readonly userId: UserId
  readonly participant: ParticipantKey
  readonly role: Role
  readonly system: System
  readonly method: SignInMethod
  readonly signedInAt: Instant
  /** The first instant at which it has expired. */
  readonly expiresAt: Instant
  /** The last time that it was checked; the idle limit counts from then (ACC-19). */
  readonly lastUsedAt: Instant
  /** The sessionEpoch of the account at the sign-in. */
  readonly sessionEpoch: number
  /** The smartcard and where it was read; only for a sign-in by smartcard. */
  readonly card?: { readonly site: Site; readonly srn?: string }
}

/** Only this file knows the symbol, because TypeScript's `private` does not hold at run time. */
const key = Symbol('session')

/** The details of a forged session: empty, and expired long ago. */
const noSession: SessionDetails = /* @__PURE__ */ Object.freeze({
  id: '',
  // No User ID, so that it equals no account's.
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
 * a completed sign-in creates one; callers can't construct, copy or modify it. It ends when it expires, or
 * when the account's sessionEpoch increases.
 *
 * @rule ACC-15
 * @category Sessions
 */
export class Session {
  readonly #details: SessionDetails | undefined

  /**
   * An instance constructed without the key is not a valid session.
   *
   * @internal
   */
  constructor(given: symbol, details: SessionDetails) {
    this.#details = given === key ? Object.freeze({ ...details }) : undefined
    Object.freeze(this)
  }

  get #known(): SessionDetails {
    return this.#details ?? noSession
  }

  /** The session's id, as `sessions.list` shows it. It is not a secret. */
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

  /** The system to which the holder signed in. */
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

  /** The instant of the completed sign-in, in epoch milliseconds. */
  get signedInAt(): Instant {
    return this.#known.signedInAt
  }

  /** The first instant at which it has expired, in epoch milliseconds. */
  get expiresAt(): Instant {
    return this.#known.expiresAt
  }

  /**
   * Returns the details of a session; `undefined` for any other value.
   *
   * @internal
   */
  static detailsOf(value: unknown): SessionDetails | undefined {
    return typeof value === 'object' && value !== null && #details in value ? value.#details : undefined
  }
}

/**
 * Creates a session. For the service only, after a completed sign-in or from a sealed text.
 *
 * @internal
 */
export const createSession = (details: SessionDetails): Session => new Session(key, details)
