/** The quickstart, run as a reader runs it: in a separate process. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a script with piped output. Variables that would force colours into the pipe are removed. */
const run = (script: string, { args = [], env = {} }: { args?: string[]; env?: NodeJS.ProcessEnv } = {}) =>
  new Promise<Run>((resolve) => {
    const { CI: _ci, FORCE_COLOR: _force, NO_COLOR: _no, ...rest } = process.env
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', script, ...args],
      { cwd: root, env: { ...rest, ...env } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })

const ruleIds = (text: string) => [...new Set(text.match(/\b[A-Z]{2,4}-\d\d\b/g))].sort()

/** The rules that examples/README.md lists for the quickstart. */
const announced = () => {
  const page = readFileSync(`${root}/examples/README.md`, 'utf8')
  const [, section = ''] = page.split(/^## /m).filter((each, i) => i === 0 || each.startsWith('Quickstart'))
  return ruleIds(section)
}

const fileIn = (stdout: string) =>
  / (\/\S+accounts\.sqlite|[A-Z]:\S+accounts\.sqlite)/.exec(stdout)?.[1] ?? ''

describe('examples/quickstart', () => {
  let piped: Run
  let withoutColour: Run

  beforeAll(async () => {
    const script = 'examples/quickstart.ts'
    const forced = { NO_COLOR: '1', CI: 'true' }
    ;[piped, withoutColour] = await Promise.all([run(script), run(script, { env: forced })])
  }, 120_000)

  test('exits with 0 and prints no error', () => {
    expect(piped).toMatchObject({ code: 0, stderr: '' })
    expect(withoutColour).toMatchObject({ code: 0, stderr: '' })
  })

  test('prints exactly the rules that its README announces', () => {
    expect(announced().length).toBeGreaterThan(30)
    expect(ruleIds(piped.stdout)).toEqual(announced())
  })

  test('prints plain text to a pipe and if NO_COLOR is set', () => {
    for (const { stdout } of [piped, withoutColour])
      expect(stdout.split(/\n/).filter((line) => line.includes('\x1b') || line.includes('\r'))).toEqual([])
  })

  test('prints the same each time except for the path of its file, which it removes', () => {
    const [file, other] = [fileIn(piped.stdout), fileIn(withoutColour.stdout)]
    expect(file).not.toBe('')
    expect(piped.stdout.replace(file, '')).toBe(withoutColour.stdout.replace(other, ''))
    expect(existsSync(file)).toBe(false)
  })

  test('prints no password and no secret', () => {
    expect(piped.stdout).not.toMatch(/Demo only|secret=/)
  })
})

describe('examples/quickstart exits with 1 if the policy departs from the rulebook', () => {
  test.each([
    [
      'longer passwords',
      { password: { minimumLength: 40 } },
      'PW-04, enters the new password twice: the rulebook requires "ok"',
    ],
    [
      'four failed sign-ins',
      { lockout: { failedSignIns: 4 } },
      'LOCK-03, sign-in 5: enters the password: the rulebook requires "next: otp"',
    ],
    [
      'sixty days',
      { password: { maximumAgeDays: 60 } },
      'PW-10, signs in; the password is still valid: the rulebook requires "next: otp"',
    ],
  ])('%s', { timeout: 120_000 }, async (_, policy, message) => {
    const ended = await run('test/examples/departing-quickstart.ts', { args: [JSON.stringify(policy)] })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(message)
    expect(ended.stdout).toContain('The example ends here')
    expect(existsSync(fileIn(ended.stdout))).toBe(false)
  })
})
