import { err, ok, type Result } from 'neverthrow'
import type { CredentialId } from '../account/state.ts'
import { isExistingAccount } from '../account/state.ts'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { credentialIdOf } from '../integrity/vault.ts'
import { checkPassword } from '../password/composition.ts'
import type { PasswordRefusal, UnmetPasswordRule } from '../password/refusals.ts'
import type { FoundFact, LoadedAccount } from '../records/find-facts.ts'
import { hashPassword, memoize, verifyPassword } from './credentials.ts'

/** A new password that meets every requirement that does not depend on the account. */
export interface NewPassword {
  /** Its hash for the vault, computed when it is first requested. */
  readonly credential: () => Promise<Result<FoundFact<CredentialId>, PortFailed>>
  /** Whether it is the present password or a remembered one; all of them are compared (PW-08, PW-17). */
  readonly reused: (loaded: LoadedAccount) => Promise<Result<FoundFact<boolean>, PortFailed>>
}

const knownPassword: UnmetPasswordRule = { code: 'known-password', rule: 'PW-08' }

/**
 * Checks a new password before any account is loaded: both entries are equal, the policy is met, and the
 * blocklist does not contain it.
 *
 * @rule PW-04
 * @rule PW-05
 * @rule PW-08
 * @rule PW-17
 */
export const newPassword = async (
  context: ServiceContext,
  { password, confirmation }: { readonly password: string; readonly confirmation: string },
): Promise<Result<NewPassword, PortFailed | PasswordRefusal>> => {
  const { policy, ports } = context
  const checked = checkPassword(password, policy)
  if (checked.isErr()) return err(checked.error)
  if (checked.value !== confirmation.normalize('NFC')) return err({ code: 'passwords-differ', rule: 'PW-04' })
  if (policy.password.blocklist) {
    const blocklist = ports.passwordBlocklist
    const known = await callPort(context, 'passwordBlocklist', async () => {
      if (blocklist === undefined)
        throw new Error('the policy requires a passwordBlocklist port, but none was passed')
      return blocklist.includes(checked.value)
    })
    if (known.isErr()) return err(known.error)
    if (known.value) return err({ code: 'password-refused', rule: 'PW-05', unmet: [knownPassword] })
  }

  const verify = memoize(verifyPassword(context, checked.value))
  const hashed = memoize(() => hashPassword(context, checked.value))
  const credential = async () =>
    (await hashed('')).map((hash) => {
      const value = credentialIdOf(hash)
      return { value, vault: { [value]: hash } }
    })
  const reused = async ({ account, vault }: LoadedAccount) => {
    if (!isExistingAccount(account)) return ok({ value: false })
    const present = 'password' in account ? [account.password.credential] : []
    const remembered = policy.password.history === 0 ? [] : account.passwordHistory
    let reused = false
    // The loop does not stop at a match, because the amount of work would reveal which password it was.
    for (const credential of [...present, ...remembered]) {
      const hash = vault[credential]
      const same = hash === undefined ? ok(false) : await verify(hash)
      if (same.isErr()) return err(same.error)
      reused ||= same.value
    }
    return ok({ value: reused })
  }
  return ok({ credential, reused })
}
