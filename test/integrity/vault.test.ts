/** The vault of a record: credentials by their digests, and the note of the erasures. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  credentialIdOf,
  erasuresIn,
  erasuresName,
  notesErasures,
  rememberingCredentialIds,
} from '../../src/integrity/vault.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('AUD-06 · a credential has its SHA-256 as name, also if its name was computed before', () => {
  const idOf = rememberingCredentialIds()
  const proofs = Array.from({ length: 300 }, (_, i) => `$argon2id$${i}`)
  const names = proofs.map(sha256)
  expect(proofs.map(credentialIdOf)).toEqual(names)
  for (let round = 0; round < 3; round++) expect(proofs.map(idOf)).toEqual(names)
})

describe('PRI-02 · the note of the erasures', () => {
  test('is read from the vault, if it is there and is JSON', () => {
    expect(erasuresName).toBe('erasures')
    expect(erasuresIn({ erasures: '{"context":5}' })).toEqual({ context: 5 })
    for (const vault of [undefined, {}, { erasures: 'x' }, { erasures: '' }, { other: '{"context":5}' }])
      expect(erasuresIn(vault)).toBeUndefined()
  })

  test.each<[unknown, boolean]>([
    ['{"context":5,"contact":7}', true],
    ['{ "contact": 7, "context": 5 }', true],
    ['{"context":5}', false],
    ['{"context":5,"contact":8}', false],
    ['{"context":5,"contact":7,"identity":1}', false],
    ['{"context":5,', false],
    ['', false],
    [{ context: 5, contact: 7 }, false],
    [['{"context":5,"contact":7}'], false],
    [undefined, false],
    [null, false],
  ])('%j notes the erasures up to entries 5 and 7: %j', (noted, expected) => {
    expect(notesErasures(noted, { context: 5, contact: 7 })).toBe(expected)
  })
})
