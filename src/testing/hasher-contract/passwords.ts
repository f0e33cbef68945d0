import assert from 'node:assert/strict'
import type { PasswordHasher } from '../../ports/password-hasher.ts'

/**
 * The hasher that {@link hasherContract} tests.
 *
 * @category Testing kit
 */
export interface HasherUnderTest {
  readonly hasher: PasswordHasher
  /** The same kind of hasher with weaker settings, if it has settings. */
  readonly weaker?: PasswordHasher
  /** Called when a case has ended, successfully or not. */
  readonly close?: () => Promise<void>
}

/** What a case does with its hasher. */
export type HasherCheck = (given: HasherUnderTest) => Promise<void>

/** A password that the default policy accepts. */
export const usual = 'Correct-Horse#Battery9'

/** Checks that the hash of the first password verifies only with that password, not with the others. */
const only = async ({ hasher }: HasherUnderTest, password: string, others: readonly string[]) => {
  const hash = await hasher.hash(password)
  assert.equal(await hasher.verify(hash, password), true, 'the password that was hashed verifies')
  for (const other of others)
    assert.equal(
      await hasher.verify(hash, other),
      false,
      `another password does not verify: ${JSON.stringify(other.slice(-24))} (${other.length} long)`,
    )
}

const right: HasherCheck = (given) =>
  only(given, usual, [
    '',
    usual.toLowerCase(),
    usual.toUpperCase(),
    `${usual} `,
    ` ${usual}`,
    usual.slice(0, -1),
    `${usual}9`,
    [...usual].reverse().join(''),
  ])

const blanks: HasherCheck = (given) => only(given, ` ${usual}\t\n`, [usual, ` ${usual}`, `${usual}\t\n`])

/** The policy may allow 1,024 characters of four bytes each. */
const long: HasherCheck = async (given) => {
  for (const length of [56, 72, 128, 255, 1_024]) {
    const password = `Aa1!${'x'.repeat(length - 4)}`
    await only(given, password, [`${password.slice(0, -1)}y`, password.slice(0, -1), `${password}x`])
  }
  const wide = '😀'.repeat(1_023)
  await only(given, `${wide}😀`, [`${wide}😁`, wide])
}

const nul: HasherCheck = async (given) => {
  await only(given, `${usual}\0one`, [usual, `${usual}\0`, `${usual}\0two`])
  await only(given, `\0${usual}`, ['', '\0', usual])
  // HMAC pads its key with zeros, so PBKDF2 and scrypt confuse these unless the hasher prevents it.
  await only(given, usual, [`${usual}\0`, `${usual}\0\0`])
}

const scripts: HasherCheck = async (given) => {
  await only(given, 'Pass-密碼-一二三!', ['Pass-密碼-一二四!', 'Pass-??-???!', 'Pass--!'])
  // These have the same low bytes or the same first halves. A hasher that does not encode UTF-8 confuses
  // them.
  await only(given, 'Aa1!āāāāāāāāāāāāāāāā', [`Aa1!${'\u0001'.repeat(16)}`, 'Aa1!aaaaaaaaaaaaaaaa'])
  await only(given, 'Aa1!😀😀😀😀', ['Aa1!😁😁😁😁', 'Aa1!????', 'Aa1!\uFFFD\uFFFD\uFFFD\uFFFD'])
}

const concurrent: HasherCheck = async ({ hasher }) => {
  const passwords = Array.from({ length: 8 }, (_, i) => `${usual}-${i}`)
  const hashes = await Promise.all(passwords.map((password) => hasher.hash(password)))
  const answers = await Promise.all(
    passwords.flatMap((password) => hashes.map((hash) => hasher.verify(hash, password))),
  )
  const expected = passwords.flatMap((_, i) => hashes.map((_hash, j) => i === j))
  assert.deepEqual(answers, expected, 'concurrent verifications each use their own hash')
}

/** Every password differs from every other one. */
export const passwordChecks: Readonly<Record<string, HasherCheck>> = {
  'passwords · the correct one verifies, similar ones do not': right,
  'passwords · leading and trailing spaces are significant': blanks,
  'passwords · a long one is significant to its last character': long,
  'passwords · a NUL does not end it': nul,
  'passwords · characters of any script are distinguished': scripts,
  'passwords · concurrent ones are not mixed up': concurrent,
}
