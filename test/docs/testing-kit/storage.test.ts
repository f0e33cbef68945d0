// #region vitest
import { type StorageUnderTest, serviceContract, storageContract } from 'ccass-2fa/testing'
import { describe, test } from 'vitest'
import { createDatabase } from './my-adapters.ts'

const makeStorage = async (): Promise<StorageUnderTest> => {
  const database = await createDatabase() // an empty one, for each case
  return {
    storage: await database.connect(),
    second: () => database.connect(), // as another process would
    close: () => database.drop(),
  }
}

describe('my storage', () => {
  for (const { name, run } of storageContract(makeStorage)) test(name, run)
})
describe('the service over my storage', () => {
  for (const { name, run } of serviceContract(makeStorage)) test(name, run, 60_000)
})
// #endregion
