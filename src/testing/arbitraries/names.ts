import type { ChallengeId, CredentialId } from '../../account/state.ts'
import type { Instant } from '../../kernel/instant.ts'

/** The start of every history: 28 April 2023, 09:00 in Hong Kong. */
export const historyStart: Instant = /* @__PURE__ */ Date.UTC(2023, 3, 28, 1)

/**
 * The name of the n-th challenge of a history. Arbitrary commands use the same names, so that they sometimes
 * match.
 */
export const challengeName = (n: number): ChallengeId => `challenge-${n}`

/** The name of the n-th credential of a history. It can be found in any text of the state. */
export const credentialName = (n: number): CredentialId => `credential-${n}.`
