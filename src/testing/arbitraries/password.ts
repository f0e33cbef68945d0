import fc from 'fast-check'
import type { PasswordRuleCode } from '../../password/refusals.ts'
import { defaultPolicy, type Policy } from '../../policy/policy.ts'

/**
 * The composition rules that a password can break by itself. The other rules need its history, its age or a
 * blocklist (PW-08).
 *
 * @category Testing kit
 */
export type CompositionRuleCode = Exclude<
  PasswordRuleCode,
  'used-before' | 'changed-too-recently' | 'known-password'
>

type Rules = Pick<Policy, 'password'>

const number = () => fc.stringMatching(/^[0-9]$/)
const lower = () => fc.stringMatching(/^[a-z]$/)
const capital = () => fc.stringMatching(/^[A-Z]$/)
/**
 * Characters that belong to no class under any policy: blanks, other scripts, surrogate pairs, a lone
 * combining mark.
 */
const classless = () =>
  fc.constantFrom(' ', '\t', 'é', '\u20dd', 'ß', '１', 'Ａ', 'ж', '界', '😀', '\u00a0', '\u0000')

/** Half of a surrogate pair, always the first half, because two of these never form a pair. */
const half = () => fc.integer({ min: 0xd800, max: 0xdbff }).map((unit) => String.fromCharCode(unit))

/** The length in code points, mostly near the bounds, where errors are likely. */
const lengths = (codes: ReadonlySet<CompositionRuleCode>, { password }: Rules, least: number) => {
  const { minimumLength, maximumLength } = password
  if (codes.has('too-short')) return fc.integer({ min: least, max: minimumLength - 1 })
  if (codes.has('too-long'))
    return fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: maximumLength + 1, max: maximumLength + 3 }) },
      { weight: 1, arbitrary: fc.integer({ min: maximumLength + 1, max: 3 * maximumLength }) },
    )
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.integer({ min: minimumLength, max: Math.min(minimumLength + 4, maximumLength) }),
    },
    { weight: 1, arbitrary: fc.constant(maximumLength) },
    { weight: 1, arbitrary: fc.integer({ min: minimumLength, max: maximumLength }) },
  )
}

/**
 * Passwords that break exactly the given composition rules and no others.
 *
 * @param codes - the rules to break, in any order. With none, the password is acceptable. Every combination
 * is possible except one with both `too-short` and `too-long`.
 * @param policy - the policy that defines the rules. Lengths are in code points.
 * @throws RangeError if `codes` contains both `too-short` and `too-long`.
 * @rule PW-05
 * @category Testing kit
 */
export const passwordFailing = (
  codes: readonly CompositionRuleCode[],
  policy: Rules = defaultPolicy,
): fc.Arbitrary<string> => {
  const broken = new Set(codes)
  if (broken.has('too-short') && broken.has('too-long'))
    throw new RangeError('no password is both too short and too long')
  const kept = [
    ...(broken.has('no-number') ? [] : [number()]),
    ...(broken.has('no-lower-case-letter') ? [] : [lower()]),
    ...(broken.has('no-capital-letter') ? [] : [capital()]),
    ...(broken.has('no-special-character') ? [] : [fc.constantFrom(...policy.password.specialCharacters)]),
  ]
  const needed = broken.has('not-well-formed') ? [...kept, half()] : kept
  const filler = fc.oneof(...kept, classless())
  return lengths(broken, policy, needed.length)
    .chain((length) =>
      fc.tuple(
        fc.tuple(...needed),
        fc.array(filler, { minLength: length - needed.length, maxLength: length - needed.length }),
      ),
    )
    .chain(([first, rest]) => {
      const all = [...first, ...rest]
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })
    })
    .map((characters) => characters.join(''))
}

/**
 * Passwords that meet every composition rule (PW-01, PW-02, PW-03, PW-06, PW-16). They may contain characters
 * of no class.
 *
 * @param policy - the policy that defines the rules. Lengths are in code points.
 * @rule PW-05
 * @category Testing kit
 */
export const acceptablePassword = (policy: Rules = defaultPolicy): fc.Arbitrary<string> =>
  passwordFailing([], policy)
