/** Decision tables: the first row whose guards hold decides, and a row says which outside facts it reads. */
import { expect, test } from 'vitest'
import { decideBy, decisionTable } from '../../src/kernel/decision-table.ts'

interface Door {
  readonly state: { readonly stage: 'Open' | 'Shut' }
  readonly command: { readonly type: 'Knock'; readonly answer: boolean; readonly name: string }
  readonly event: { readonly type: 'Opened'; readonly name: string }
  readonly reason: 'already-open' | 'no-answer'
  readonly rules: undefined
}

const { on, guard } = decisionTable<Door>()
const unanswered = guard('no one answers', (_: unknown, { answer }: Door['command']) => !answer, ['answer'])
const table = decideBy<Door>([
  on('Knock').from('Open').refuse('already-open', 'AUD-01'),
  on('Knock').from('Shut').when(unanswered).refuse('no-answer', 'AUD-01'),
  on('Knock')
    .from('Shut')
    .emit(['Opened'], 'Open', 'AUD-01', (_, { name }) => [{ type: 'Opened', name }], ['name']),
])

const knock = { type: 'Knock', answer: true, name: 'Ada' } as const
const next = (stage: 'Open' | 'Shut', known: readonly string[], answer = true) => {
  const command = { ...knock, answer }
  return table.nextFact({ stage }, command, new Set(known), undefined)
}

test('AUD-01 · a row that decides without facts requests none', () => {
  expect(next('Open', [])).toBeUndefined()
  expect(table.decide({ stage: 'Open' }, knock, undefined)._unsafeUnwrapErr().reason).toBe('already-open')
})

test('AUD-01 · facts are requested row by row, and those of events only once the row decides', () => {
  expect(next('Shut', [])).toBe('answer')
  expect(next('Shut', ['answer'])).toBe('name')
  expect(next('Shut', ['answer', 'name'])).toBeUndefined()
  expect(next('Shut', ['answer'], false)).toBeUndefined()
})

test('AUD-01 · a command without a matching row requests no facts and changes nothing', () => {
  const empty = decideBy<Door>([])
  expect(empty.nextFact({ stage: 'Shut' }, knock, new Set(), undefined)).toBeUndefined()
  expect(empty.decide({ stage: 'Shut' }, knock, undefined)._unsafeUnwrap()).toEqual([])
})
