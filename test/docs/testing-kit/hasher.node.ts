// #region nodeTest
import { describe, test } from 'node:test'
import { hasherContract } from 'ccass-2fa/testing'
import { myHasher } from './my-adapters.ts'

describe('my hasher', () => {
  const makeHasher = async () => ({ hasher: myHasher({ strong: true }), weaker: myHasher({ strong: false }) })
  for (const { name, run } of hasherContract(makeHasher)) test(name, run)
})
// #endregion
