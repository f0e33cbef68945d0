/**
 * Writes or verifies the evidence for an audit, in one folder:
 *
 * - `npm run evidence -- --out DIR` writes it. `--policy FILE` (JSON, parts of a policy) compares and states another
 *   policy than the default one. `--store PLACE` (an SQLite file or a connection string) verifies a store and files the
 *   findings with a checkpoint and its manifest; `--checkpoint FILE` files a checkpoint that the host made. `--results FILE` files
 *   a result of tests, storms or the bench that was produced elsewhere, and `--test PATH` runs these tests and files their
 *   outcome; both may be given several times.
 * - `npm run evidence -- --verify DIR` verifies it: a file that was changed, removed or added is named.
 *
 * Each file's entry in the manifest says which commit produced it.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { inPackage } from '../../docs/generate/tree.ts'
import { oscalComponentDefinition } from '../../src/audit/model/standards/oscal.ts'
import { standardsPage } from '../../src/audit/model/standards/page.ts'
import { standardsReport } from '../../src/audit/model/standards/report.ts'
import { definePolicy } from '../../src/policy/define.ts'
import { policyOverrides } from '../../src/policy/overrides.ts'
import { rulebook } from '../../src/policy/rulebook.ts'
import { recordedScores } from '../mutation/scores.ts'
import { bundleProblems, type Exhibit, writeBundle } from './bundle.ts'
import { evidenceOfStore } from './store.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    verify: { type: 'string' },
    policy: { type: 'string' },
    checkpoint: { type: 'string' },
    store: { type: 'string' },
    results: { type: 'string', multiple: true, default: [] },
    test: { type: 'string', multiple: true, default: [] },
  },
})
const called = process.env['INIT_CWD'] ?? process.cwd()
const given = (path: string) => resolve(called, path)

const verify = (folder: string) => {
  const problems = existsSync(folder) ? bundleProblems(folder) : [`${folder}: missing`]
  for (const problem of problems) console.error(problem)
  if (problems.length === 0) console.log(`${folder}: every file is as the manifest says`)
  else process.exitCode = 1
}

const git = (...args: readonly string[]) =>
  execFileSync('git', args, { cwd: inPackage('.'), encoding: 'utf8' }).trim()
const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`
const committed = (path: string) => readFileSync(inPackage(path), 'utf8')

/** Runs tests now, and files how each ended. */
const tested = (paths: readonly string[], commit: string): readonly Exhibit[] => {
  if (paths.length === 0) return []
  const folder = mkdtempSync(join(tmpdir(), 'evidence-'))
  const file = join(folder, 'tests.json')
  const vitest = inPackage('node_modules/vitest/vitest.mjs')
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--reporter=json', `--outputFile=${file}`, ...paths],
    { cwd: inPackage('.'), stdio: ['ignore', 'ignore', 'inherit'] },
  )
  if (status !== 0) process.exitCode = 1
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    testResults: { assertionResults: { fullName: string; status: string }[] }[]
  }
  rmSync(folder, { recursive: true })
  const tests = testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status: ended }) => ({ test: fullName, ended })),
  )
  return [
    {
      path: 'figures/tests.json',
      text: json({ paths, passed: numPassedTests, failed: numFailedTests, tests }),
      about: 'tests that were run for this bundle',
      commit,
    },
  ]
}

/** Verifies the store now, and files what was found. */
const verifiedStore = async (place: string | undefined, commit: string): Promise<readonly Exhibit[]> => {
  if (place === undefined) return []
  const isServer = /^postgres(ql)?:/.test(place)
  const { exhibits, findings } = await evidenceOfStore(isServer ? place : given(place))
  if (findings > 0) {
    console.error(`The store has ${findings} findings.`)
    process.exitCode = 1
  }
  return exhibits.map((exhibit) => ({ ...exhibit, commit }))
}

const write = async (folder: string) => {
  const commit = git('rev-parse', 'HEAD')
  const at = new Date()
  const policy = definePolicy(
    values.policy === undefined ? {} : JSON.parse(readFileSync(given(values.policy), 'utf8')),
  ).match(
    (defined) => defined,
    (refusal) => {
      throw new Error(`The policy is refused: ${JSON.stringify(refusal)}`)
    },
  )
  const { version } = JSON.parse(committed('package.json')) as { version: string }
  const sbom = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    cwd: inPackage('.'),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  })
  const scores = recordedScores()
  const scoreCommits = [...new Set(scores.map((score) => score.commit))]
  const made = (path: string, text: string, about: string): Exhibit => ({ path, text, about, commit })
  /** A page that CI regenerates and compares: it belongs to the commit that contains it. */
  const page = (path: string, about: string) => made(path.replace('docs/', 'pages/'), committed(path), about)
  const exhibits: readonly Exhibit[] = [
    made('policy.json', json(policy), 'the policy, every number'),
    made('policy-overrides.json', json(policyOverrides(policy)), 'where it departs from the defaults'),
    made('rulebook.json', json(rulebook), 'every rule with its source'),
    made('standards.md', standardsPage(policy), 'the policy compared with standards'),
    made('standards.json', json(standardsReport(policy)), 'the same as data'),
    made(
      'oscal-component-definition.json',
      json(oscalComponentDefinition(policy, { lastModified: at.getTime(), version })),
      'the same as an OSCAL component definition',
    ),
    page('docs/traceability.md', 'from each rule to its code and its tests'),
    {
      path: 'figures/model.md',
      text: committed('docs/model.md'),
      about: 'the state space: states, transitions, invariants; `npm run model -- --check` produces it again',
    },
    {
      path: 'figures/mutation.json',
      text: json(scores),
      about: 'mutants per room; each names its commit',
      ...(scoreCommits.length === 1 ? { commit: scoreCommits[0] } : {}),
    },
    made('bill-of-materials.cdx.json', sbom, 'dependencies (CycloneDX), development included'),
    ...tested(values.test, commit),
    ...values.results.map((path) => ({
      path: `figures/${basename(path)}`,
      text: readFileSync(given(path), 'utf8'),
      about: 'figures that were handed over',
    })),
    ...(await verifiedStore(values.store, commit)),
    ...(values.checkpoint === undefined
      ? []
      : [
          {
            path: 'checkpoint.json',
            text: readFileSync(given(values.checkpoint), 'utf8'),
            about: 'a checkpoint of the host’s store, as handed over',
          },
        ]),
  ]
  const missing = {
    ...(values.test.length === 0 ? { tests: 'no tests were run for this bundle; see --test' } : {}),
    ...(values.results.length === 0
      ? { 'storms and bench': 'no figures were handed over; see --results' }
      : {}),
    ...(values.checkpoint === undefined && values.store === undefined
      ? { checkpoint: 'no store was verified and none was handed over; see --store and --checkpoint' }
      : {}),
    ...(scores.length === 0 ? { 'mutation score': 'no room was measured; see npm run mutation' } : {}),
  }
  const manifest = writeBundle(folder, exhibits, {
    commit,
    changed: git('status', '--porcelain') !== '',
    at: at.toISOString(),
    versions: { 'ccass-2fa': version, node: process.versions.node },
    missing,
  })
  for (const { path, producedBy } of manifest.files) console.log(`${path}: ${producedBy}`)
  for (const [what, why] of Object.entries(missing)) console.log(`left out: ${what}: ${why}`)
  if (manifest.changed) console.log('The working tree differs from the commit.')
}

if (values.verify !== undefined) verify(given(values.verify))
else if (values.out !== undefined) await write(given(values.out))
else throw new Error('npm run evidence -- --out DIR, or --verify DIR')
