/** The example of the locked user, run as a reader runs it: in a separate process. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const run = (script: string, ...args: string[]) =>
  new Promise<Run>((resolve) => {
    const { CI: _ci, FORCE_COLOR: _force, ...env } = process.env
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', script, ...args],
      { cwd: root, env: { ...env, NO_COLOR: '1' } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })

const ruleIds = (text: string) => [...new Set(text.match(/\b[A-Z]{2,4}-\d\d\b/g))].sort()

/** The rules printed beside the steps that succeeded. */
const stepRules = (stdout: string) => {
  const steps = stdout.split('\n').filter((line) => line.startsWith('  ✓'))
  return ruleIds(steps.map((line) => line.slice(0, 20)).join('\n'))
}

/** The rules that examples/README.md lists for this example. */
const announced = () => {
  const sections = readFileSync(`${root}/examples/README.md`, 'utf8').split(/^## /m)
  return ruleIds(sections.find((each) => each.startsWith('A locked user')) ?? '')
}

describe('examples/locked-user', () => {
  let told: Run
  const trailOf = (userId: string) =>
    told.stdout.split(/^The audit trail of /m).find((each) => each.startsWith(userId)) ?? ''

  beforeAll(async () => {
    told = await run('examples/locked-user.ts')
  }, 120_000)

  test('exits with 0 and prints no error', () => {
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(told.stdout).toMatch(/All \d+ steps agree with the rulebook/)
  })

  test('prints exactly the rules that its README announces', () => {
    expect(announced().length).toBeGreaterThan(25)
    expect(stepRules(told.stdout)).toEqual(announced())
  })

  test('MNT-04, DMS-02, DMS-04 · prints who can help, that maker and checker differ, and that a code is required', () => {
    const lines = told.stdout.split('\n')
    const at = (...words: readonly string[]) =>
      lines.findIndex((line) => words.every((word) => line.includes(word)))
    const places = [
      at('a locked user', 'delegated-administrators (MNT-04)'),
      at('tries to confirm with the own Checker ID', 'maker-as-checker'),
      at('gets an Authorisation Code', 'ok'),
      at('enters a wrong code once', 'authorisation-refused', 'Locked'),
      at('enters the correct code', 'ok', 'Registered'),
      at('the old password is void', 'sign-in-refused'),
    ]
    expect(places.every((place) => place > 0)).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
  })

  test('ACC-07, AUD-01 · prints the user’s trail: locked, unlocked on the maker’s page, set up and signed in again', () => {
    const trail = trailOf('B0123402')
    const steps = ['Locked ', 'B01234X1  Unlocked', 'ChannelEnrolled', 'SignInCompleted']
    const places = steps.map((step) => trail.lastIndexOf(step))
    expect(places.every((place) => place > 0)).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
  })

  test('AUD-03 · prints the maker’s trail: everything that was refused, with its reason', () => {
    const refused = trailOf('B01234X1')
      .split('\n')
      .filter((line) => line.includes('AdministrationRefused'))
    expect(refused.map((line) => line.slice(line.lastIndexOf(', ') + 2).replace(/ +/, ' '))).toEqual([
      'subject-is-an-administrator MNT-08',
      'maker-as-checker DMS-02',
      'maker-as-checker DMS-02',
      'wrong-code DMS-04',
      'request-closed DMS-05',
    ])
  })

  test('PW-15 · prints no password and no code', () => {
    expect(told.stdout).not.toMatch(/Demo only|\b\d{6}\b|\b\d{8}\b/)
  })
})

test.each([
  [
    'one person does both',
    { dms: { onePersonParticipants: ['B01234'] } },
    'DMS-02, tries to confirm with the own Checker ID: the rulebook requires "maker-as-checker"',
  ],
  [
    'codes void after one mistake',
    { dms: { authorisationCode: { failedAttempts: 1 } } },
    'DMS-01 ACC-07, enters the correct code: the rulebook requires "ok"',
  ],
])(
  'exits with 1 if the policy departs from the rulebook: %s',
  { timeout: 120_000 },
  async (_, policy, message) => {
    const ended = await run('test/examples/departing-locked-user.ts', JSON.stringify(policy))
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(message)
    expect(ended.stdout).toContain('The example ends here')
  },
)
