import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { definePolicy, type PolicyInput } from '../../src/policy/define.ts'
import type { Policy } from '../../src/policy/policy.ts'

const folder = new URL('../../vectors/', import.meta.url)

/** One vector of a file; docs/vectors.md describes each group's `input` and `expected`. */
export interface Vector {
  readonly rule: string
  readonly case: string
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a group's input is known only to its own test
  readonly input: any
  readonly expected: unknown
  readonly flags: readonly string[]
}

/** A file of vectors. */
export interface VectorFile {
  readonly group: string
  readonly vectors: readonly Vector[]
  readonly facts?: Readonly<Record<string, readonly unknown[]>>
  readonly people?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Every file of vectors, without the schema. */
export const vectorFileNames = readdirSync(folder).filter(
  (name) => name.endsWith('.json') && name !== 'schema.json',
)

/** Reads a file. */
export const readVectorFile = (name: string): VectorFile =>
  JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as VectorFile

/** The groups that some test runs; `vector-files.test.ts` compares them with the files. */
export const coveredGroups = [
  'user-id-parse',
  'user-id-format',
  'user-id-validate',
  'user-id-allocate',
  'password-composition',
  'password-expiry',
  'totp-code',
  'totp-match',
  'totp-replay',
  'totp-enrolment',
  'code-form',
  'email-code',
  'email-code-digits',
  'rate-window',
  'lockout-count',
  'lockout-sequence',
  'access-table',
  'authority-table',
  'authority-in-dms',
  'timeline-phase',
  'timeline-late-email',
  'timeline-valid',
  'hong-kong-day',
  'account-enabled',
  'quota',
  'dms-request',
  'authorisation-code',
  'eservice-workflow',
  'eservice-form',
  'eservice-reference',
  'listing-row',
  'listing-header',
  'canonical-json',
  'trail-hash',
  'personal-reference',
  'trail-verify',
  'merkle-root',
  'inclusion-proof',
  'checkpoint',
] as const

/** Runs every vector of a group against a function, which must return exactly the expected value. */
export const runVectors = (
  group: (typeof coveredGroups)[number],
  answer: (input: Vector['input'], file: VectorFile) => unknown,
): void => {
  const file = readVectorFile(`${group}.json`)
  describe(`vectors: ${group}`, () => {
    test.each(file.vectors.map((vector) => [vector.rule, vector.case, vector] as const))(
      '%s · %s',
      (_rule, _case, { input, expected }) => {
        expect(answer(input, file)).toStrictEqual(expected)
      },
    )
  })
}

/** The policy with one part changed, as a vector's `policy` says. */
export const policyWith = (changes: PolicyInput): Policy => definePolicy(changes)._unsafeUnwrap()
