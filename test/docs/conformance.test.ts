/** The code and the results in docs/conformance.md are those of real runs. */
import { readFileSync } from 'node:fs'
import { defaultPolicy } from 'ccass-2fa'
import { conformanceRules } from 'ccass-2fa/conformance'
import { expect, test, vi } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const page = read('docs/conformance.md')

test('AUD-05 · docs/conformance.md shows the driver that is run, and the finding that it leads to', async () => {
  expect(typeScriptOf(page)).toEqual([...regionsOf(read('test/docs/conformance/driver.ts')).values()])
  const said = vi.spyOn(console, 'log').mockReturnValue()
  const { report } = await import('./conformance/driver.ts')
  expect(said).toHaveBeenCalledWith(report.text)
  said.mockRestore()
  const [, shown] = /```text\n([\s\S]*?)```/.exec(page) ?? []
  expect(shown).toBeDefined()
  expect(report.findings.map(({ rule }) => rule)).toEqual(['ID-12'])
  expect(report.text).toContain(shown)
})

test('AUD-04 · the page states the defaults of the limits that a driver meets', () => {
  const { challenge, emailCode, enrolment, session } = defaultPolicy
  const text = page.replaceAll(/\s+/g, ' ')
  const { rateLimit } = emailCode
  const { failedAttempts } = enrolment
  for (const stated of [
    `${rateLimit.max} emailed codes per purpose in ${rateLimit.perSeconds / 60} minutes`,
    `${failedAttempts.max} wrong set-up codes in ${failedAttempts.perSeconds / 3_600} hours`,
    `${enrolment.attemptsPerCode} wrong entries per set-up code`,
    `${challenge.maxOpen} open challenges of ${challenge.validSeconds / 60} minutes`,
    `${enrolment.passwordLapsesAfterDays} days for a password without a channel`,
    `sessions of ${session.validSeconds / 3_600} hours`,
  ])
    expect(text).toContain(stated)
})

test('AUD-05 · the page names every function that a rule requires', () => {
  const needed = new Set(Object.values(conformanceRules).flat())
  expect([...needed].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
