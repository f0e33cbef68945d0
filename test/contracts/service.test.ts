/** The service contract over the package's storages, under storms. */
import { memoryStorage } from 'ccass-2fa/memory'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { type StorageUnderTest, serviceContract } from 'ccass-2fa/testing'
import Database from 'libsql'
import { describe, test } from 'vitest'
import { yielding } from '../support/storages.ts'

const run = (make: () => Promise<StorageUnderTest>) => {
  for (const { name, run: check } of serviceContract(make)) test(`LOCK-09, OTP-05, QTA-03 · ${name}`, check)
}

describe('memory with asynchronous answers', () => run(async () => ({ storage: yielding(memoryStorage()) })))

describe('sqlite in memory with libsql', () => {
  run(async () => {
    const db = new Database(':memory:')
    return { storage: sqliteStorage(db), close: async () => void db.close() }
  })
})
