import assert from 'node:assert/strict'
import type { PasswordBlocklist } from '../ports/password-blocklist.ts'
import { type ContractCase, casesOf } from './contract.ts'

/**
 * The blocklist that {@link blocklistContract} tests.
 *
 * @category Testing kit
 */
export interface BlocklistUnderTest {
  readonly blocklist: PasswordBlocklist
  /** Some of the passwords that are on it, at least one, in Unicode NFC. */
  readonly known: readonly [string, ...string[]]
  /** A blocklist that cannot be read or reached, if you can provide one. */
  readonly unreachable?: PasswordBlocklist
  /** Called when a case has ended, successfully or not. */
  readonly close?: () => Promise<void>
}

type Check = (given: BlocklistUnderTest) => Promise<void>

/** Passwords that are on no list, unless someone adds them. */
const unknown = Array.from({ length: 12 }, (_, i) => `Not-In-Any-List#${i}-${'q7Z&'.repeat(i)}`)

const knows: Check = async ({ blocklist, known }) => {
  for (let round = 0; round < 2; round++)
    for (const password of known)
      assert.equal(
        await blocklist.includes(password),
        true,
        'a listed password is recognised at every lookup',
      )
}

const onlyListed: Check = async ({ blocklist, known: [first] }) => {
  for (const password of unknown)
    assert.equal(await blocklist.includes(password), false, 'no other password is recognised')
  const around = [`${first}${unknown[0]}`, `${unknown[0]}${first}`, `${first}\n${unknown[0]}`]
  for (const password of around)
    assert.equal(
      await blocklist.includes(password),
      false,
      'a password that contains a listed one is not recognised',
    )
}

const anything: Check = async ({ blocklist }) => {
  const unusual = [
    '\0',
    '%',
    '*',
    '../../etc/passwd',
    "';--",
    '\n',
    'x'.repeat(4_096),
    '😀'.repeat(1_024),
    '__proto__',
  ]
  for (const password of unusual)
    assert.equal(
      typeof (await blocklist.includes(`${unknown[0]}${password}`)),
      'boolean',
      'any password gets an answer',
    )
}

const concurrent: Check = async ({ blocklist, known }) => {
  const asked = Array.from(
    { length: 40 },
    (_, i) => (i % 2 === 0 ? known : unknown)[i % known.length] ?? known[0],
  )
  const answers = await Promise.all(asked.map((password) => blocklist.includes(password)))
  const expected = asked.map((password) => known.includes(password))
  assert.deepEqual(answers, expected, 'concurrent lookups each get their own answer')
}

const failing: Check = async ({ unreachable: gone }) => {
  if (gone === undefined) return
  const [first = ''] = unknown
  for (let i = 0; i < 2; i++)
    await assert.rejects(
      async () => gone.includes(first),
      (error) => {
        const message =
          error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)}` : String(error)
        assert.ok(!message.includes(first), 'the error does not contain the password')
        return true
      },
      'a list that cannot be read or reached rejects',
    )
}

const checks: Readonly<Record<string, Check>> = {
  'list · a listed password is recognised': knows,
  'list · no other password is recognised': onlyListed,
  'list · any password gets an answer': anything,
  'list · concurrent lookups are not mixed up': concurrent,
  'list · an unreachable list rejects, without the password in the error': failing,
}

/**
 * Creates the contract of the `PasswordBlocklist` port, as cases for any test runner. Without an
 * `unreachable` blocklist, failures are not tested.
 *
 * @param makeBlocklist - provides a blocklist and some of its passwords, for each case.
 * @returns the cases. Run each one once, alone or in parallel.
 * @example
 * ```ts
 * const make = async () => ({ blocklist: sortedHashFile(path), known: ['password'] as const })
 * for (const { name, run } of blocklistContract(make)) test(name, run)
 * ```
 * @rule PW-08
 * @category Testing kit
 */
export const blocklistContract = (
  makeBlocklist: () => Promise<BlocklistUnderTest>,
): readonly ContractCase[] => casesOf(checks, makeBlocklist)
