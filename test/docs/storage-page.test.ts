import { readFileSync } from 'node:fs'
import { migratePostgres, type PostgresClient, postgresStorage } from 'ccass-2fa/postgres'
import { expect, test } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'
import { inPackage } from '../../docs/generate/tree.ts'

const sent: string[] = []
const pool: PostgresClient = {
  query: async (text) => {
    sent.push(text)
    return { rows: [] }
  },
}

// #region storage
await migratePostgres(pool) // at every start
const storage = postgresStorage(pool)
// #endregion

test('docs/storage.md shows what is run here, to the letter', () => {
  const run = regionsOf(readFileSync(import.meta.filename, 'utf8'))
  expect(typeScriptOf(readFileSync(inPackage('docs/storage.md'), 'utf8'))).toEqual([run.get('storage')])
  expect([sent.length, typeof storage.load]).toEqual([1, 'function'])
})
