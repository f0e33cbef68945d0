import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { migratePostgres, type PostgresClient, postgresStorage } from 'ccass-2fa/postgres'
import { type D1Client, sqliteAsyncStorage } from 'ccass-2fa/sqlite-async'
import { afterAll, expect, test } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'
import { inPackage } from '../../docs/generate/tree.ts'
import { accountAt, committed, loadOne, nextWrite } from '../../src/testing/storage-contract/fixtures.ts'
import { d1Over } from '../support/async-sqlite.ts'

const sent: string[] = []
const pool: PostgresClient = {
  query: async (text) => {
    sent.push(text)
    return { rows: [] }
  },
}

const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
const file = join(folder, 'accounts.db')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// #region libsql
const client = createClient({ url: `file:${file}` }) // @libsql/client
const local = sqliteAsyncStorage(client)
// #endregion

/** The environment of a Worker, over the client above. */
const env: { readonly DB: D1Client } = { DB: d1Over(client) }

// #region d1
const edge = sqliteAsyncStorage(env.DB) // Cloudflare D1
// #endregion

// #region storage
await migratePostgres(pool) // at every start
const storage = postgresStorage(pool)
// #endregion

test('docs/storage.md shows exactly the code that this test runs', () => {
  const run = regionsOf(readFileSync(import.meta.filename, 'utf8'))
  expect(typeScriptOf(readFileSync(inPackage('docs/storage.md'), 'utf8'))).toEqual(
    ['libsql', 'd1', 'storage'].map((name) => run.get(name)),
  )
  expect([sent.length, typeof storage.load]).toEqual([1, 'function'])
})

test('LOCK-09 · the two clients of docs/storage.md read one file', async () => {
  const write = nextWrite(accountAt(), undefined)
  await committed(local, [write])
  expect(await loadOne(edge, accountAt())).toEqual(write.record)
  client.close()
})
