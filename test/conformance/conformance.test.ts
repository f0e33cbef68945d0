/**
 * The conformance kit on the library's service, on a second implementation, and on deliberately wrong
 * versions of it.
 */
import { describe, expect, test } from 'vitest'
import { checkConformance, conformanceRules, describeFinding } from '../../src/conformance/index.ts'
import { rulebook } from '../../src/policy/rulebook.ts'
import { allFaults, type Fault } from './faults.ts'
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
  'an emailed code is accepted at the moment that it expires',
  'a new password keeps the age of the first',
  'a reset code is accepted twice in parallel',
]

test.each(examples)(
  'AUD-05 · a system in which %s is found, with the rule that it breaks',
  async (fault) => {
    const { rules, theme } = allFaults[fault]
    const clients = theme.startsWith('parallel') ? 8 : 1
    const report = await checkConformance(secondSystem(fault), { histories: 60, clients, only: [theme] })
    expect(rules, report.text).toContain(report.findings[0]?.rule)
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
  expect(lockout?.why).toMatch(/^the driver lacks mailbox, /)
  expect(report.text).toMatch(/LOCK-01, .*: the driver lacks mailbox, /)
})

test('API-02 · an exception in a driver is reported as a fault of the system and does not end the run', async () => {
  const report = await checkConformance(
    async (input) => ({
      ...(await newService(input)),
      beginSignIn: async () => {
        throw new Error('fetch failed', { cause: new Error('503') })
      },
    }),
    { histories: 3, only: ['everyday use'] },
  )
  expect(report.findings).toMatchObject([
    {
      rule: 'API-02',
      difference: { kind: 'fault', observed: "the driver's beginSignIn threw: fetch failed (503)" },
    },
  ])
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
  expect(report.text).toContain('[U+001B][2J[U+000A][U+202E]503')
  expect(report.text.replace(/\n/g, '')).not.toMatch(/\p{C}/u)
})

test('API-01 · a driver is given the documented fields of each operation, and no others', async () => {
  const given = new Map<string, Set<string>>()
  await checkConformance(
    async (input) => {
      const service = await newService(input)
      return Object.fromEntries(
        Object.entries(service).map(([name, perform]) => [
          name,
          (fields: object = {}) => {
            given.set(name, new Set([...(given.get(name) ?? []), ...Object.keys(fields)]))
            // Each function gets back what the kit gave to the function of its name.
            return (perform as (fields: object) => unknown)(fields)
          },
        ]),
      )
    },
    { histories: 20, only: ['everyday use', 'lockout', 'access and administration', 'maker and checker'] },
  )
  const fields = Object.fromEntries([...given].map(([name, names]) => [name, [...names].sort().join(' ')]))
  expect(fields).toEqual({
    advance: 'milliseconds',
    amendRequest: 'entry request session',
    beginSignIn: 'password system userId',
    cancelSignIn: 'challenge',
    changeDevice: 'session',
    changePassword: 'current password session',
    checkSession: 'session',
    chooseChannel: 'challenge channel',
    confirmChannel: 'challenge code',
    confirmOtp: 'challenge code',
    confirmPasswordCode: 'challenge code',
    confirmRequest: 'checkerId code request session',
    createAccount: 'email role userId',
    deleteAccount: 'userId',
    enterRequest: 'entry session',
    getAuthorisationCode: 'request session',
    isLocked: 'userId',
    mailbox: 'email',
    proposeUserId: 'session',
    requestPasswordCode: 'userId',
    resendCode: 'challenge',
    setMaximum: 'maximum participant',
    setPassword: 'challenge password',
    setStatus: 'status userId',
    unlock: 'userId',
    withdrawRequest: 'request session',
  })
}, 60_000)

test('AUD-05 · a driver can be an object of a class', async () => {
  class Driver {
    readonly refuse = { refused: 'no' }
    async createAccount() {
      return this.refuse
    }
  }
  const report = await checkConformance(async () => new Driver(), { histories: 5 })
  expect(report.findings).toMatchObject([{ difference: { observed: 'refused: no' } }])
  expect(report.notExercised.flatMap(({ missing }) => missing)).not.toContain('createAccount')
})

test('LOCK-09 · the report says that one client is too few for it', async () => {
  const report = await checkConformance(newService, { histories: 2, only: ['set-up'] })
  expect(report.notExercised.find(({ rule }) => rule === 'LOCK-09')?.why).toBe('it takes several clients')
  expect(report.notExercised.find(({ rule }) => rule === 'QTA-03')?.why).toBe('no history reached it')
})

test('AUD-05 · the report begins with the shortest history', async () => {
  const { findings } = await checkConformance(secondSystem('locks at the sixth wrong password'), {
    ...{ histories: 60, only: ['lockout'] },
  })
  const lengths = findings.map(({ steps }) => steps.length)
  expect(lengths.length).toBeGreaterThan(1)
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b))
}, 60_000)

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
  [{ only: ['lock-out'] }, 'only must name themes: everyday use, .*; not: lock-out'],
  [{ only: ['parallel guesses'], clients: 1 }, 'only must name themes'],
  [{ only: [] }, 'only must name themes'],
])('API-01 · options that cannot work are refused: %j', async (options, named) => {
  await expect(checkConformance(newService, options)).rejects.toThrow(new RegExp(named))
})
