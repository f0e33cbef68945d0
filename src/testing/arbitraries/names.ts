import type { ChallengeId, CredentialId } from '../../account/state.ts'
import type { Instant } from '../../kernel/instant.ts'

/** When the histories begin: 28 April 2023, 09:00 in Hong Kong. */
export const historyStart: Instant = /* @__PURE__ */ Date.UTC(2023, 3, 28, 1)

/** The n-th challenge of a history. Wild commands draw from the same names, so that they sometimes hit. */
export const challengeName = (n: number): ChallengeId => `challenge-${n}`

/** The n-th credential of a history: a name that is found again in any text of the state. */
export const credentialName = (n: number): CredentialId => `credential-${n}.`
