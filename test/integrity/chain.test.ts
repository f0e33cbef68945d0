/** The chain of a trail, entry by entry. */
import { describe, expect, test } from 'vitest'
import { chainVerifier } from '../../src/integrity/chain.ts'
import { chainOf, key } from './support.ts'

const five = chainOf(5)
const at = (seq: number) => five[seq - 1] ?? expect.fail()
const recordAt = (version: number) => ({ version, head: at(version).hash })

const problemsOf = (entries: readonly unknown[], record = recordAt(5)) => {
  const chain = chainVerifier(key, record)
  for (const entry of entries) chain.take(entry)
  chain.end()
  return chain.problems
}

describe('AUD-02 · the chain of a trail', () => {
  test('an entry that comes late fills its gap, and the other gaps are still missing', () => {
    expect(problemsOf([at(1), at(3), at(5), at(2)])).toEqual([
      { code: 'entry-reordered', rule: 'AUD-02', seq: 2 },
      { code: 'entry-missing', rule: 'AUD-02', seq: 4, to: 4 },
    ])
  })

  test('an entry that comes again after a gap is a duplicate, and not a late one', () => {
    expect(problemsOf([at(1), at(3), at(4), at(4), at(5)])).toEqual([
      { code: 'entry-duplicated', rule: 'AUD-02', seq: 4 },
      { code: 'entry-missing', rule: 'AUD-02', seq: 2, to: 2 },
    ])
  })

  test('an entry that comes again before a gap is a duplicate, and leaves the gap as it is', () => {
    const six = chainOf(6)
    const sixth = six[5] ?? expect.fail()
    const found = problemsOf([at(1), at(2), at(3), sixth, at(2)], { version: 6, head: sixth.hash })
    expect(found).toEqual([
      { code: 'entry-duplicated', rule: 'AUD-02', seq: 2 },
      { code: 'entry-missing', rule: 'AUD-02', seq: 4, to: 5 },
    ])
  })

  test('after a duplicate the next entry must still be chained to one of the two', () => {
    const changed = { ...at(3), actor: 'another' }
    expect(problemsOf([at(1), at(2), at(2), changed, at(4), at(5)]).map(({ code }) => code)).toEqual([
      'entry-duplicated',
      'entry-changed',
    ])
  })

  test('every problem names the rule', () => {
    const far = recordAt(5)
    expect(problemsOf([at(1), 'no entry', at(3), at(4), at(5)])).toEqual([
      { code: 'entry-malformed', rule: 'AUD-02', seq: 2 },
    ])
    expect(problemsOf([at(1), at(2)], { ...far, head: at(2).hash })).toEqual([
      { code: 'version-mismatch', rule: 'AUD-02', version: 5, entries: 2 },
    ])
    expect(problemsOf([at(1), at(2)])).toEqual([{ code: 'tail-truncated', rule: 'AUD-02', seq: 3, to: 5 }])
    expect(problemsOf(five, { ...far, head: 'f'.repeat(64) })).toEqual([
      { code: 'head-mismatch', rule: 'AUD-02', seq: 5 },
    ])
    const many = problemsOf(Array.from({ length: 200 }, () => at(1)))
    expect(many.at(-1)).toMatchObject({ code: 'too-much', rule: 'AUD-02' })
  })

  test('an entry is folded as long as all are at their places; after that it is lost', () => {
    const chain = chainVerifier(key, recordAt(5))
    expect(chain.take(at(1))).toBe(at(1))
    expect(chain.take(at(2))).toBe(at(2))
    expect(chain.take(at(2))).toBe('lost')
    expect(chain.take(at(3))).toBe('lost')
  })
})
