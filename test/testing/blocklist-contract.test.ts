/** The contract of the blocklist port finds blocklists that violate it. */
import { blocklistContract } from 'ccass-2fa/testing'
import { describe, expect, test } from 'vitest'
import type { PasswordBlocklist } from '../../src/ports/password-blocklist.ts'
import { failuresOf } from './failures.ts'

const known = ['password', 'Tr0ub4dor&3', '密碼密碼'] as const
const list = new Set<string>(known)
const honest: PasswordBlocklist = { includes: async (password) => list.has(password) }
const unreachable: PasswordBlocklist = { includes: () => Promise.reject(new Error('gone')) }

const breakages: Readonly<
  Record<
    string,
    readonly [broken: { blocklist?: PasswordBlocklist; unreachable?: PasswordBlocklist }, caught: RegExp]
  >
> = {
  'knows nothing': [{ blocklist: { includes: async () => false } }, /^list · a listed password/],
  'knows everything': [{ blocklist: { includes: async () => true } }, /^list · no other password/],
  'answers once': [
    {
      blocklist: (() => {
        const left = new Set<string>(known)
        return { includes: async (password: string) => left.delete(password) }
      })(),
    },
    /^list · a listed password/,
  ],
  'looks for a part': [
    { blocklist: { includes: async (password) => known.some((each) => password.includes(each)) } },
    /^list · no other password/,
  ],
  'knows what begins alike': [
    { blocklist: { includes: async (password) => known.some((each) => password.startsWith(each)) } },
    /^list · no other password/,
  ],
  'has no answer for what looks like a pattern': [
    {
      blocklist: {
        includes: async (password) => {
          if (/[%*]/.test(password)) throw new Error('not a pattern')
          return list.has(password)
        },
      },
    },
    /^list · any password/,
  ],
  'answers with a count': [
    { blocklist: { includes: async (password) => (list.has(password) ? 7 : 0) as never } },
    /^list · a listed password/,
  ],
  'mixes up what goes on at once': [
    {
      blocklist: (() => {
        let current = ''
        return {
          includes: async (password: string) => {
            current = password
            await undefined
            return list.has(current)
          },
        }
      })(),
    },
    /^list · concurrent lookups/,
  ],
  'takes silence for an answer': [
    { unreachable: { includes: async () => false } },
    /^list · an unreachable list/,
  ],
  'tells the password in its error': [
    { unreachable: { includes: (password) => Promise.reject(new Error(`GET /range?of=${password}`)) } },
    /^list · an unreachable list/,
  ],
}

test('PW-08 · a correct blocklist passes the contract', async () => {
  expect(
    await failuresOf(blocklistContract(async () => ({ blocklist: honest, known, unreachable }))),
  ).toEqual([])
  expect(await failuresOf(blocklistContract(async () => ({ blocklist: honest, known })))).toEqual([])
})

describe('PW-08 · the contract catches a blocklist that', () => {
  test.each(Object.entries(breakages))('%s', async (_, [broken, caught]) => {
    const cases = blocklistContract(async () => ({ blocklist: honest, known, unreachable, ...broken }))
    expect(await failuresOf(cases)).toContainEqual(expect.stringMatching(caught))
  })
})
