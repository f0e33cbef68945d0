import type { CredentialId } from '../account/state.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { ErasedThrough } from '../ports/personal-data.ts'
import type { StoredRecord } from '../ports/storage.ts'
import { digest } from './trail-hash.ts'

/**
 * The vault's name for a proof (a password hash, a sealed secret, a keyed hash) or for the opening of a
 * personal value: its SHA-256, in hex. State and trail refer to the value by this name, so that the chain
 * covers the vault's contents without revealing them: proofs are salted, sealed or keyed, and openings are
 * salted.
 *
 * @rule AUD-02
 * @rule AUD-06
 */
export const credentialIdOf = (proof: string): CredentialId => digest(proof)

/** The number of ids that are remembered. */
const maxRemembered = 256

/** {@link credentialIdOf} for one trail and its record, which hold the same texts: each is hashed once. */
export const rememberingCredentialIds = (): typeof credentialIdOf => {
  const known = new Map<string, CredentialId>()
  return (proof) => {
    const id = known.get(proof) ?? credentialIdOf(proof)
    if (known.size >= maxRemembered) known.clear()
    known.set(proof, id)
    return id
  }
}

/** The vault's name for the note of the last erased entries. */
export const erasuresName = 'erasures'

/**
 * The last erased entry of each kind of personal data, as a vault notes it; `undefined` if nothing was
 * erased.
 */
export const erasuresIn = (vault: StoredRecord['vault'] | undefined): ErasedThrough | undefined => {
  const noted = vault?.[erasuresName]
  if (noted === undefined) return undefined
  try {
    // Verification compares it with the trail.
    return JSON.parse(noted) as ErasedThrough
  } catch {
    return undefined
  }
}

/** Whether a vault notes exactly these erasures. */
export const notesErasures = (noted: unknown, erasures: ErasedThrough): boolean => {
  if (typeof noted !== 'string') return false
  try {
    return canonicalJson(JSON.parse(noted)) === canonicalJson(erasures)
  } catch {
    return false
  }
}
