import { err, ok, type Result } from 'neverthrow'
import type { WithCode } from '../kernel/coded.ts'
import { defaultPolicy, type Policy } from '../policy/policy.ts'
import type { PasswordRefusal, UnmetPasswordRule } from './refusals.ts'

const unmetRule = (code: UnmetPasswordRule['code'], rule: UnmetPasswordRule['rule']): UnmetPasswordRule =>
  Object.freeze({ code, rule })

const tooShort = /* @__PURE__ */ unmetRule('too-short', 'PW-01')
const tooLong = /* @__PURE__ */ unmetRule('too-long', 'PW-06')
const noNumber = /* @__PURE__ */ unmetRule('no-number', 'PW-02')
const noLowerCaseLetter = /* @__PURE__ */ unmetRule('no-lower-case-letter', 'PW-02')
const noCapitalLetter = /* @__PURE__ */ unmetRule('no-capital-letter', 'PW-02')
const noSpecialCharacter = /* @__PURE__ */ unmetRule('no-special-character', 'PW-03')
const usedBefore = /* @__PURE__ */ unmetRule('used-before', 'PW-08')
const knownPassword = /* @__PURE__ */ unmetRule('known-password', 'PW-08')
const notWellFormed = /* @__PURE__ */ unmetRule('not-well-formed', 'PW-16')

/** One half of a surrogate pair. A text without surrogates has one code point per UTF-16 code unit. */
const surrogate = /[\ud800-\udfff]/

/** The number of code points of a text; each unpaired surrogate counts as one. */
const codePoints = (text: string): number => {
  let count = 0
  for (let i = 0; i < text.length; count++) i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1
  return count
}

/** The character classes that occur in a text. */
const characterClasses = (text: string, specialCharacters: string) => {
  const found = { number: false, lower: false, capital: false, special: false }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x61 && code <= 0x7a) found.lower = true
    else if (code >= 0x41 && code <= 0x5a) found.capital = true
    else if (code >= 0x30 && code <= 0x39) found.number = true
    else if (!found.special) found.special = specialCharacters.includes(text.charAt(i))
    if (found.number && found.lower && found.capital && found.special) break
  }
  return found
}

/**
 * Lists every composition rule that a password does not meet; empty if it meets all of them. It can be called
 * on each key press. The rules have the order of the screen.
 *
 * @rule PW-01
 * @rule PW-02
 * @rule PW-03
 * @rule PW-05
 * @rule PW-06
 * @rule PW-16
 * @category Passwords
 */
export const unmetPasswordRules = (
  typed: string,
  { password: policy }: Pick<Policy, 'password'> = defaultPolicy,
): readonly UnmetPasswordRule[] => {
  if (typeof typed !== 'string') return [notWellFormed]
  // The NFC form is hashed, so the NFC form is counted: a character typed in several parts is one (PW-05).
  // Texts of an allowed length are never longer than this bound when typed in parts; longer ones need not be
  // normalised.
  const password = typed.length > 8 * policy.maximumLength ? typed : typed.normalize('NFC')
  // The classes are checked as typed: the Kelvin sign is not a capital letter, though its NFC form is.
  const { number, lower, capital, special } = characterClasses(typed, policy.specialCharacters)
  const paired = surrogate.test(password)
  // A code point has at most two code units: a text longer than twice the maximum need not be counted.
  const countable = paired && password.length <= 2 * policy.maximumLength
  const length = countable ? codePoints(password) : password.length
  const unmet: UnmetPasswordRule[] = []
  if (length < policy.minimumLength) unmet.push(tooShort)
  if (length > policy.maximumLength) unmet.push(tooLong)
  if (!number) unmet.push(noNumber)
  if (!lower) unmet.push(noLowerCaseLetter)
  if (!special) unmet.push(noSpecialCharacter)
  if (!capital) unmet.push(noCapitalLetter)
  if (paired && !password.isWellFormed()) unmet.push(notWellFormed)
  return unmet
}

/**
 * Lists what a policy demands of a new password, for the page on which it is entered. The present password is
 * always refused (PW-17) and is not listed.
 *
 * @returns the rules in the order of the screen; `passwordRuleText` of `ccass-2fa/messages` has their texts.
 * @example
 * ```ts
 * passwordRequirements().map(({ code }) => code) // too-short, no-number, no-lower-case-letter, …
 * ```
 * @rule PW-05
 * @rule PW-08
 * @category Passwords
 */
export const passwordRequirements = (
  policy: Pick<Policy, 'password'> = defaultPolicy,
): readonly UnmetPasswordRule[] => [
  // The empty password meets no composition rule, so all of them are listed; its length is never too long.
  ...unmetPasswordRules('', policy),
  ...(policy.password.history > 0 ? [usedBefore] : []),
  ...(policy.password.blocklist ? [knownPassword] : []),
]

/**
 * Checks a new password as far as the password alone determines it. History, minimum age and blocklist
 * (PW-08) are checked where the account and the ports are available.
 *
 * @param password - as typed: it is not trimmed or case-folded. Length counts the code points of the NFC
 * form.
 * @returns the password in the form that is hashed (Unicode NFC); or `password-refused` with every unmet
 * rule.
 * @example
 * ```ts
 * checkPassword('short') // err: too-short, no-number, no-special-character, no-capital-letter
 * ```
 * @rule PW-01
 * @rule PW-02
 * @rule PW-03
 * @rule PW-05
 * @rule PW-06
 * @category Passwords
 */
export const checkPassword = (
  password: string,
  policy: Pick<Policy, 'password'> = defaultPolicy,
): Result<string, WithCode<PasswordRefusal, 'password-refused'>> => {
  const unmet = unmetPasswordRules(password, policy)
  return unmet.length > 0
    ? err({ code: 'password-refused', rule: 'PW-05', unmet })
    : ok(password.normalize('NFC'))
}
