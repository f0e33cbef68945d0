import { bytesToHex } from '@noble/hashes/utils.js'
import { err, type Result } from 'neverthrow'
import type { CodeFact } from '../account/commands.ts'
import type { CredentialId } from '../account/state.ts'
import { isExistingAccount } from '../account/state.ts'
import { callPort, memoryOfService, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import type { UserId } from '../identity/user-id.ts'
import { credentialIdOf } from '../integrity/vault.ts'
import { checkCodeFormat } from '../otp/code.ts'
import { type CodePurpose, emailCodeFrom, emailCodeMessage } from '../otp/email-code.ts'
import { enrolledTotp, matchTotp, type TotpParameters } from '../otp/totp.ts'
import type { StoredRecord } from '../ports/storage.ts'
import type { FoundFact, LoadedAccount } from '../records/find-facts.ts'

type Answer<T> = Promise<Result<T, PortFailed>>

/** Remembers the result for each key, so that the function is called once per key. */
export const memoize = <T>(compute: (key: string) => Answer<T>): ((key: string) => Answer<T>) => {
  const answers = new Map<string, Answer<T>>()
  return (key) => {
    const answer = answers.get(key) ?? compute(key)
    answers.set(key, answer)
    return answer
  }
}

/**
 * Whether a password matches a hash.
 *
 * @rule PW-15
 */
export const verifyPassword = (context: ServiceContext, password: string) => (hash: string) =>
  callPort(context, 'passwordHasher', () =>
    context.ports.passwordHasher.verify(hash, password.normalize('NFC')),
  )

/** Hashes a password for the vault. */
export const hashPassword = (context: ServiceContext, password: string) =>
  callPort(context, 'passwordHasher', () => context.ports.passwordHasher.hash(password.normalize('NFC')))

/** Something that is computed once for a service; if that fails, again at the next call. */
const oncePerService = (compute: (context: ServiceContext) => Answer<string>) => {
  const memoryOf = memoryOfService((): { answer?: Answer<string> | undefined } => ({}))
  return async (context: ServiceContext): Answer<string> => {
    const memory = memoryOf(context)
    const computed = memory.answer ?? compute(context)
    memory.answer = computed
    const answer = await computed
    if (answer.isErr() && memory.answer === computed) memory.answer = undefined
    return answer
  }
}

/** A hash that no password matches, so that there is always a hash to verify against (LOCK-11). */
export const decoyHash = /* @__PURE__ */ oncePerService(async (context) => {
  const { ports } = context
  const password = await callPort(context, 'random', () => bytesToHex(ports.random.bytes(32)))
  if (password.isErr()) return err(password.error)
  return callPort(context, 'passwordHasher', () => ports.passwordHasher.hash(password.value))
})

/**
 * The hash of the present password; without one, a decoy that costs as much to verify and matches no
 * password.
 */
export const passwordHashOf = async (
  context: ServiceContext,
  { account, vault }: Pick<LoadedAccount, 'account' | 'vault'>,
): Answer<{ readonly hash: string; readonly real: boolean }> => {
  // The decoy is always requested. It is created at the first sign-in to any account, so its cost reveals
  // nothing.
  const decoy = await decoyHash(context)
  const hash = 'password' in account ? vault[account.password.credential] : undefined
  return decoy.map((fallback) =>
    hash === undefined ? { hash: fallback, real: false } : { hash, real: true },
  )
}

/** The context that a device's secret is sealed for. Under another account's context it can't be opened. */
export const deviceContext = (userId: UserId) => `totp-secret:${userId}`

/** Opens a secret from the vault. */
const openSecret = async (
  context: ServiceContext,
  userId: UserId,
  sealed: string | undefined,
): Answer<Uint8Array> =>
  callPort(context, 'secretBox', () => {
    if (sealed === undefined) throw new Error("the vault lacks a device's secret")
    return context.ports.secretBox.open(sealed, deviceContext(userId))
  })

/**
 * Whether a text can be a code, 6–8 digits. The length of the account's codes is unknown before it is loaded,
 * and must not be revealed before a challenge proves the password (LOCK-16).
 */
export const checkAnyCodeForm = (code: string) =>
  checkCodeFormat(code, 6)
    .orElse(() => checkCodeFormat(code, 7))
    .orElse(() => checkCodeFormat(code, 8))

/** Finds the fact about a code for a device. */
export const deviceFact = async (
  context: ServiceContext,
  { userId, vault, now }: { userId: UserId; vault: StoredRecord['vault']; now: number },
  { credential, totp }: { readonly credential: CredentialId; readonly totp: TotpParameters },
  code: string,
): Answer<CodeFact> =>
  (await openSecret(context, userId, vault[credential])).map((secret) => ({
    kind: 'MobileApp',
    step: matchTotp({ secret, code, now }, enrolledTotp(totp, context.policy)),
  }))

/**
 * A keyed hash that no code matches, created once: an account without a code costs as much work as one with a
 * code.
 */
const decoyMac = /* @__PURE__ */ oncePerService((context) =>
  callPort(context, 'secretBox', () => context.ports.secretBox.mac('email-code:none')),
)

/**
 * Finds the fact about an emailed code. One keyed hash is always verified, so that the work does not depend
 * on the account (LOCK-16).
 */
export const emailFact = async (
  context: ServiceContext,
  { account, vault }: LoadedAccount,
  purpose: CodePurpose,
  code: string,
): Answer<CodeFact> => {
  const decoy = await decoyMac(context)
  if (decoy.isErr()) return err(decoy.error)
  const mac = isExistingAccount(account) ? vault[account.codes[purpose]?.credential ?? ''] : undefined
  const message = emailCodeMessage(isExistingAccount(account) ? account.userId : '', purpose, code)
  return (
    await callPort(context, 'secretBox', () => context.ports.secretBox.verifyMac(mac ?? decoy.value, message))
  ).map((matches) => ({ kind: 'Email', matches: matches && mac !== undefined }))
}

/** A new emailed code: its digits for the mail, and its keyed hash for the vault. */
export interface FreshCode {
  readonly code: string
  readonly credential: CredentialId
  readonly mac: string
}

/**
 * The part of a code that an account stores: the name of its keyed hash, and the hash itself for the vault.
 */
export const codeCredential = ({ credential, mac }: FreshCode): FoundFact<CredentialId> => ({
  value: credential,
  vault: { [credential]: mac },
})

/** Generates a code, bound to its account and purpose (OTP-06). */
export const freshCode = async (
  context: ServiceContext,
  userId: UserId,
  purpose: CodePurpose,
): Answer<FreshCode> => {
  const bytes = await callPort(context, 'random', () => context.ports.random.bytes(8))
  if (bytes.isErr()) return err(bytes.error)
  const code = emailCodeFrom(bytes.value, context.policy, purpose)
  const message = emailCodeMessage(userId, purpose, code)
  return (await callPort(context, 'secretBox', () => context.ports.secretBox.mac(message))).map((mac) => ({
    code,
    credential: credentialIdOf(mac),
    mac,
  }))
}
