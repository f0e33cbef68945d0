/**
 * The conformance kit on the library's service, on a second implementation, and on deliberately wrong
 * versions of it.
 */
import { describe, expect, test } from 'vitest'
import { checkConformance, conformanceRules, describeFinding } from '../../src/conformance/index.ts'
import { rulebook } from '../../src/policy/rulebook.ts'
import { type Fault, faults } from './faults.ts'
import { newHttpService } from './http-driver.ts'
import { secondSystem } from './second-system.ts'
import { newService } from './service-driver.ts'

const histories = Number(process.env['CONFORMANCE_HISTORIES'] ?? 6)

describe('AUD-05 · our own service conforms to the rules', () => {
  test.each([
    ['in this process, one after the other', newService, 1],
    ['in this process, eight at once', newService, 8],
    ['over HTTP, one after the other', newHttpService, 1],
    ['over HTTP, eight at once', newHttpService, 8],
  ] as const)(
    '%s',
    async (_, makeSystem, clients) => {
      const report = await checkConformance(makeSystem, { histories, clients, seed: 11 })
      expect(report.findings.flatMap(describeFinding)).toEqual([])
      expect(report.operations).toBeGreaterThan(histories * 50)
    },
    300_000,
  )
})

test('AUD-05 · a second implementation that shares no code conforms as well', async () => {
  const report = await checkConformance(secondSystem(), { histories, clients: 8, seed: 12 })
  expect(report.findings.flatMap(describeFinding)).toEqual([])
}, 120_000)

/** One fault of each kind; findings.ts tries all of them. */
const examples: readonly Fault[] = [
  'locks at the sixth wrong password',
  'a used code is accepted again',
  'other sessions outlive a new password',
  'the answer reveals that a user is unknown',
  'the maker is a checker with another spelling',
  'the quota is not checked',
  'a User ID is allocated twice in parallel',
]

test.each(examples)(
  'AUD-05 · a system in which %s is found, with the rule that it breaks',
  async (fault) => {
    const { rules, theme } = faults[fault]
    const clients = theme.startsWith('parallel') ? 8 : 1
    const report = await checkConformance(secondSystem(fault), { histories: 60, clients, only: [theme] })
    const found = report.findings.filter(({ rule }) => (rules as readonly string[]).includes(rule))
    expect(found, report.text).not.toEqual([])
    expect(report.text).toContain('Expected: ')
  },
  60_000,
)

test('AUD-05 · a function that a driver lacks is not tested, and the report says so', async () => {
  const report = await checkConformance(
    async (input) => {
      const { createAccount, requestPasswordCode, setMaximum } = await newService(input)
      return { createAccount, requestPasswordCode, setMaximum } as Awaited<ReturnType<typeof newService>>
    },
    { histories: 5 },
  )
  expect(report.findings).toEqual([])
  expect(report.exercised['ID-12']).toBeGreaterThan(0)
  expect(report.exercised['LOCK-01']).toBeUndefined()
  const lockout = report.notExercised.find(({ rule }) => rule === 'LOCK-01')
  expect(lockout?.missing).toContain('beginSignIn')
  expect(report.text).toContain('LOCK-01 (the driver lacks mailbox')
})

test('API-02 · an exception in a driver is reported as a fault of the system and does not end the run', async () => {
  const report = await checkConformance(
    async (input) => ({
      ...(await newService(input)),
      beginSignIn: async () => {
        throw new Error('503')
      },
    }),
    { histories: 3, only: ['everyday use'] },
  )
  expect(report.findings).toMatchObject([{ rule: 'API-02', difference: { kind: 'fault', observed: '503' } }])
})

test('AUD-05 · no text of the tested system commands the terminal that shows the report', async () => {
  const report = await checkConformance(
    async (input) => ({
      ...(await newService(input)),
      beginSignIn: async () => {
        throw new Error('\u001B[2J\n\u202E503')
      },
    }),
    { histories: 3, only: ['everyday use'] },
  )
  expect(report.text).toContain('Observed: [U+001B][2J[U+000A][U+202E]503')
  expect(report.text.replace(/\n/g, '')).not.toMatch(/\p{C}/u)
})

test('AUD-05 · the same seed gives the same report', async () => {
  const run = () =>
    checkConformance(secondSystem('locks at the sixth wrong password'), {
      histories: 15,
      only: ['lockout'],
      seed: 7,
    })
  expect((await run()).text).toBe((await run()).text)
})

test('AUD-05 · every rule that the kit exercises is in the rulebook', () => {
  const known = rulebook.map(({ id }) => id)
  expect(Object.keys(conformanceRules).filter((rule) => !known.includes(rule as never))).toEqual([])
})

test.each([
  [{ histories: 0 }, 'histories'],
  [{ clients: 9 }, 'clients'],
  [{ start: 1 }, 'start'],
])('API-01 · options that cannot work are refused: %j', async (options, named) => {
  await expect(checkConformance(newService, options)).rejects.toThrow(named)
})
