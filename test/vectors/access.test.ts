import { expect, test } from 'vitest'
import {
  type AccessMethod,
  type AccessRequest,
  accessAttributes,
  accessMethods,
  accessTable,
} from '../../src/access-control/access-table.ts'
import { authorityTable, dmsDenial } from '../../src/access-control/authority.ts'
import { readVectorFile, runVectors } from './vector-files.ts'

type Facts = Required<AccessRequest>
type When = Readonly<Record<string, readonly unknown[]>>

/** Whether a row applies to a request. */
const matcherOf = (when: When) => {
  const conditions = Object.entries(when) as [keyof Facts, readonly unknown[]][]
  return (request: Facts) => conditions.every(([fact, values]) => values.includes(request[fact]))
}

/** Every decision of the library, each computed once. */
const table = [...accessTable()]

runVectors('access-table', ({ method, when }) => {
  const matches = matcherOf(when)
  const answers = new Set<string>()
  for (const { request: question, access } of table)
    if (matches(question)) answers.add(JSON.stringify(access[method as AccessMethod]))
  const [first, ...others] = answers
  return others.length > 0 ? { answers: [first, ...others] } : JSON.parse(first ?? 'null')
})

test('MIG-15 · the rows of the access table vectors contain every combination of facts exactly once', () => {
  const { vectors, facts } = readVectorFile('access-table.json')
  const sorted = (values: readonly unknown[]) => values.map(String).toSorted()
  const named = Object.entries(facts ?? {}).map(([fact, values]) => [fact, sorted(values)])
  const known = Object.entries(accessAttributes).map(([fact, values]) => [fact, sorted(values)])
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(known))
  for (const method of accessMethods) {
    const rows = vectors.flatMap(({ input }) => (input.method === method ? [matcherOf(input.when)] : []))
    const found = table.filter(
      ({ request: question }) => rows.filter((matches) => matches(question)).length !== 1,
    )
    expect(found).toEqual([])
  }
  expect(table).toHaveLength(32_768)
})

const authority = authorityTable()

runVectors('authority-table', ({ need, role, channel, phase }) => {
  const row = authority.find(
    (each) => each.need === need && each.role === role && each.channel === channel && each.phase === phase,
  )
  return { route: row?.route, rule: row?.rule }
})

test('MNT-11 · the vectors contain the whole authority table', () => {
  const { vectors } = readVectorFile('authority-table.json')
  const key = (row: Readonly<Record<string, unknown>>) =>
    [row['need'], row['role'], row['channel'], row['phase']].join()
  expect(vectors.map(({ input }) => key(input)).toSorted()).toEqual(
    authority.map((row) => key({ ...row })).toSorted(),
  )
})

runVectors('authority-in-dms', ({ actor, subject, need, channel, phase }) => {
  const denial = dmsDenial(actor, subject, { need, channel, phase })
  return denial === undefined ? { allowed: true } : { allowed: false, ...denial }
})
