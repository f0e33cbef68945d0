import type { CredentialId } from '../account/state.ts'
import { digest } from './trail-hash.ts'

/**
 * The name under which the vault keeps a proof (a password's hash, a sealed secret, a keyed hash): its SHA-256, in
 * hex. State and trail refer to it by this name, so that the chain covers what the vault holds, and says nothing of
 * it: proofs are salted, sealed or keyed.
 *
 * @rule AUD-02
 * @rule AUD-06
 */
export const credentialIdOf = (proof: string): CredentialId => digest(proof)
