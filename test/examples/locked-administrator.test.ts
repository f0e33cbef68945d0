/** The example of the locked administrator, run as a reader runs it: in a separate process. */
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
const stepRules = (stdout: string) =>
  ruleIds(
    stdout
      .split('\n')
      .filter((line) => line.startsWith('  ✓'))
      .join('\n'),
  )

/** The rules that examples/README.md lists for this example. */
const announced = () => {
  const sections = readFileSync(`${root}/examples/README.md`, 'utf8').split(/^## /m)
  return ruleIds(sections.find((each) => each.startsWith('A locked Delegated Administrator')) ?? '')
}

describe('examples/locked-administrator', () => {
  let told: Run

  beforeAll(async () => {
    told = await run('examples/locked-administrator.ts')
  }, 120_000)

  test('exits with 0 and prints no error', () => {
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(told.stdout).toMatch(/All \d+ steps agree with the rulebook/)
  })

  test('prints the rules that its README announces', () => {
    expect(announced().length).toBeGreaterThan(15)
    expect(stepRules(told.stdout)).toEqual(announced())
  })

  test('MNT-04, ESV-10 · prints who can help, and the outcome of each line', () => {
    expect(told.stdout).toContain('DA 3 (MNT-04)')
    expect(told.stdout).toMatch(/1 {2}unlock {2}B01234X1 {2}da1@\S+ +accepted/)
    expect(told.stdout).toMatch(/2 {2}unlock {2}B01234X2 {2}da2@\S+ +email-differs \(ESV-10\)/)
  })

  test('ACC-07, AUD-01 · ends with the trail: locked, unlocked by HKEX, signed in again', () => {
    const trail = told.stdout.slice(told.stdout.indexOf('The audit trail'))
    const steps = ['Locked', 'HKEX    Unlocked', 'ChannelEnrolled', 'SignInCompleted']
    const places = steps.map((step) => trail.lastIndexOf(step))
    expect(places.every((place) => place > 0)).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
  })

  test('PW-15 · prints no password and no secret', () => {
    expect(told.stdout).not.toMatch(/Demo only|secret=|\n\s*\d{6}\n/)
  })
})

test.each([
  [
    'one DA in a form',
    { eservice: { maxAdministratorProfiles: 1 } },
    'ESV-02 ESV-03, submits it and gets a reference: the rulebook requires "ok"',
  ],
  [
    'four failed sign-ins',
    { lockout: { failedSignIns: 4 } },
    'LOCK-01 LOCK-11, wrong password 5 of 5: the rulebook requires "5 + ⌊0/3⌋ = 5 of 5"',
  ],
])(
  'exits with 1 if the policy departs from the rulebook: %s',
  { timeout: 120_000 },
  async (_, policy, message) => {
    const ended = await run('test/examples/departing-locked-administrator.ts', JSON.stringify(policy))
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(message)
    expect(ended.stdout).toContain('The example ends here')
  },
)
