/** Every secret box of the package passes the port's contract. */
import { nodeCryptoSecretBox } from 'ccass-2fa/node-crypto'
import { secretBoxContract } from 'ccass-2fa/testing'
import { webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import { describe, test } from 'vitest'

describe.each([
  ['web-crypto', webCryptoSecretBox],
  ['node-crypto', nodeCryptoSecretBox],
] as const)('%s', (_, boxOf) => {
  const boxUnder = (fill: number) => boxOf([{ id: 'k1', key: new Uint8Array(32).fill(fill) }])
  const make = async () => ({ box: boxUnder(1), other: boxUnder(2), second: boxUnder(1) })
  for (const { name, run } of secretBoxContract(make)) test(`OTP-06, AUD-06 · ${name}`, run)
})
