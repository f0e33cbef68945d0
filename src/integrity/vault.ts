import type { CredentialId } from '../account/state.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { ErasedThrough } from '../ports/personal-data.ts'
import type { StoredRecord } from '../ports/storage.ts'
import { digest } from './trail-hash.ts'

/**
 * The name under which the vault keeps a proof (a password's hash, a sealed secret, a keyed hash) or the opening of
 * a personal value: its SHA-256, in hex. State and trail refer to it by this name, so that the chain covers what the
 * vault holds, and says nothing of it: proofs are salted, sealed or keyed, and openings are salted.
 *
 * @rule AUD-02
 * @rule AUD-06
 */
export const credentialIdOf = (proof: string): CredentialId => digest(proof)

/** The name under which the vault notes up to which entry personal data were erased. */
export const erasuresName = 'erasures'

/** Up to which entry personal data of each kind were erased, as a vault notes it; `undefined`: never. */
export const erasuresIn = (vault: StoredRecord['vault'] | undefined): ErasedThrough | undefined => {
  const noted = vault?.[erasuresName]
  if (noted === undefined) return undefined
  try {
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
