/** Every rule has vectors, or is exercised by the conformance kit, or has a reason why neither expresses it. */
import { expect, test } from 'vitest'
import { conformanceRules } from '../../src/conformance/index.ts'
import { rulebook } from '../../src/policy/rulebook.ts'
import { readVectorFile, vectorFileNames } from './vector-files.ts'

/** Reasons, with the rules that they hold for. The tests that each rule has are in docs/traceability.md. */
const withoutVector: Readonly<Record<string, string>> = {
  'what a page shows or asks': 'PW-04 OTP-02 ACC-11 DMS-12 DMS-13 ESV-18 MIG-11 MIG-13',
  'what is mailed, and when': 'ACC-17 ESV-08',
  'the whole of a table or procedure, whose rows have their own rules':
    'ACC-12 DMS-03 ESV-09 MNT-11 MIG-15 MIG-18 MIG-23',
  'off unless the policy or the host asks for it': 'PW-08 LOCK-14 DMS-11 FLD-06',
  'the behaviour of a store over several operations':
    'OTP-03 OTP-12 OTP-13 LOCK-15 LOCK-17 ACC-14 ACC-19 ACC-21 DMS-08 DMS-10 DMS-14 ESV-17 MIG-19 MIG-20 MIG-21 MIG-22 MNT-12',
  'ports, work and time, of which an input says nothing': 'PW-15 LOCK-16 OBS-01 API-01 API-02 API-03 API-04',
  'what is kept, shown and erased afterwards':
    'AUD-01 AUD-03 AUD-04 AUD-05 AUD-06 AUD-07 AUD-08 AUD-09 PRI-01 PRI-03 PRI-04',
  'a field at the entrances of this library': 'FLD-01 FLD-05',
}

test('AUD-05 · every rule has a vector, is exercised by the conformance kit, or has a reason why not', () => {
  const vectors = vectorFileNames.flatMap((name) => readVectorFile(name).vectors)
  const inVectors = new Set(
    vectors.flatMap(({ rule, expected }) => {
      // The answer of a table names the rule that decides.
      const { rule: named } = expected as { readonly rule?: string }
      return named === undefined ? [rule] : [rule, named]
    }),
  )
  const excused = Object.values(withoutVector).flatMap((rules) => rules.split(' '))
  const left = rulebook.map(({ id }) => id).filter((id) => !inVectors.has(id) && !(id in conformanceRules))
  expect([...excused].sort()).toEqual([...left].sort())
})
