/** The names under which the operations of DMS are observed and recorded. */
import { expect, test } from 'vitest'
import { dmsTestService, keyAt, makerId } from '../support/dms.ts'
import { refusal, testService } from '../support/test-service.ts'

test('OBS-01 · each operation of DMS is observed under its own name', async () => {
  const names: string[] = []
  const observer = { operation: ({ operation }: { operation: string }) => names.push(operation) }
  const { auth } = testService({ between: (ports) => ({ ...ports, observer }) as typeof ports })
  const operations = Object.keys(auth.dms) as (keyof typeof auth.dms)[]
  for (const name of operations) await auth.dms[name]({} as never)
  expect(names).toEqual(operations.map((name) => `dms.${name}`))
})

test('AUD-08 · a refused operation of DMS is recorded under its own name', async () => {
  const service = await dmsTestService()
  const { session } = service.maker
  const request = 'f'.repeat(24)
  for (const name of ['withdraw', 'review'] as const) {
    await refusal<unknown>(service.auth.dms[name]({ session, request }))
    const trail = await service.storage.trail(keyAt('account', makerId), { after: 0, limit: 1_000 })
    expect(trail.at(-1)?.event).toMatchObject({ operation: `dms.${name}`, subject: request })
  }
})
