/** The order in which the access table is iterated: a report of it is read, and compared, line by line. */
import { expect, test } from 'vitest'
import { accessAttributes, accessTable } from '../../src/access-control/access-table.ts'
import { keysOf } from '../../src/kernel/typed-entries.ts'

test('MIG-15 · the last fact of the table varies fastest, and the first slowest', () => {
  const fixed = { role: 'User', phase: 'parallel-run', createdFromLaunch: false, initialised: true } as const
  const flags = {
    hasEmail: true,
    hasSmartcard: true,
    certificateExpired: false,
    hasBusinessGroup: false,
  } as const
  const rows = [...accessTable({ ...fixed, ...flags, enabled: true, resource: 'terminal' })].map(
    ({ request: { site, locked, smartcardWhenLocked } }) => [site, locked, smartcardWhenLocked],
  )
  expect(rows).toEqual([
    ['primary', false, 'closed'],
    ['primary', false, 'open'],
    ['primary', true, 'closed'],
    ['primary', true, 'open'],
    ['backup', false, 'closed'],
    ['backup', false, 'open'],
    ['backup', true, 'closed'],
    ['backup', true, 'open'],
  ])
})

test('MIG-15 · every request of the table has its facts in the order of the attributes', () => {
  const [first] = accessTable()
  expect(Object.keys(first?.request ?? {})).toEqual(keysOf(accessAttributes))
})
