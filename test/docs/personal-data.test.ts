/** docs/personal-data.md: its code runs, and its periods are those of the policy. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'
import { inPackage } from '../../docs/generate/tree.ts'
import { DAY } from '../../src/kernel/instant.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { good, testService, trailOf } from '../support/test-service.ts'
import { registered, user } from '../support/user-journeys.ts'
import { applyRetention, eraseOnRequest } from './personal-data-snippets.ts'

const read = (path: string) => readFileSync(inPackage(path), 'utf8')
const page = read('docs/personal-data.md')

test('PRI-03 · the page shows the code that this test runs, and the periods of the policy', () => {
  expect(typeScriptOf(page)).toEqual([...regionsOf(read('test/docs/personal-data-snippets.ts')).values()])
  for (const [field, days] of Object.entries(defaultPolicy.personalData))
    expect(page).toContain(`\`personalData.${field}\`: ${days.toLocaleString('en')}`)
})

test('PRI-03, PRI-04 · the code of the page erases what the page says', async () => {
  const service = testService()
  await registered(service, user, { surname: 'CHAN' })
  service.clock.pass(2_556 * DAY)
  await applyRetention(service.auth, 'B01234')
  expect(JSON.stringify((await trailOf(service, user))[0])).not.toContain('CHAN')
  await good(service.auth.registry.change({ userId: user, by: 'registry', changes: { surname: 'LEE' } }))
  await good(service.auth.registry.delete({ userId: user, by: 'registry' }))
  expect((await good(eraseOnRequest(service.auth, user))).length).toBe(1)
  expect(JSON.stringify(await trailOf(service, user))).not.toContain('LEE')
})
