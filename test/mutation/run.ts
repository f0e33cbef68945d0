/**
 * Mutates rooms of `src` one at a time and counts the mutants that tests notice.
 *
 * - `npm run mutation -- account otp` measures these rooms, without a name all of them. A room is recorded when it
 *   is done, and left alone while nothing in `src` and `test` has changed since: a run that was stopped goes on where
 *   it was. `--again` measures such rooms too.
 * - `npm run mutation -- --survivors account` measures only what survived in these rooms, after tests were added. It
 *   records the result if nothing else has changed: every other mutant is noticed by the tests that noticed it before.
 * - `npm run mutation -- src/kernel/instant.ts` measures these files alone, and shows what survived; records nothing.
 * - `npm run mutation -- --share` measures the day's share, about five minutes, against what is recorded, and fails
 *   if fewer mutants of these files are noticed than were.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { MutantResult } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { inPackage } from '../../docs/generate/tree.ts'
import { type Room, rooms } from './rooms.ts'
import { boundsOf, coarseKey, isSampled, oneLine } from './sample.ts'
import {
  type Counts,
  countsOf,
  type RoomScore,
  record,
  recordedScores,
  recordedSurvivors,
  type Survivor,
  scoreOf,
  sumOf,
} from './scores.ts'
import { shareOf, tolerance } from './share.ts'

process.chdir(inPackage('.'))
const all = rooms()
// The same properties with the same seed in every run, and few cases of each, because they run for every
// mutant.
process.env['CI'] = 'true'
process.env['FC_RUNS'] = '10'

const git = (...args: readonly string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()

/** @param only - the mutants to measure, by {@link coarseKey}; the others are left out. */
const mutate = async (room: Room, only?: readonly string[]): Promise<readonly MutantResult[]> => {
  mkdirSync('build/mutation', { recursive: true })
  const options = {
    mutate: room.sources,
    plugins: [inPackage('test/mutation/stryker-runner.ts')],
    testRunner: 'warm-vitest',
    testRunnerNodeArgs: ['--import', 'tsx'],
    mutationTests: room.tests,
    mutationOneIn: room.oneIn,
    ...(only === undefined ? {} : { mutationOnly: only }),
    coverageAnalysis: 'perTest',
    concurrency: 1,
    ignorePatterns: ['build', 'dist', 'docs/pictures', 'test/*/node_modules'],
    tempDirName: 'build/mutation/sandboxes',
    reporters: ['progress-append-only'],
    dryRunTimeoutMinutes: 15,
    // A busy machine needs a longer limit: otherwise a mutant that is only slow would count as noticed.
    timeoutMS: Number(process.env['MUTATION_TIMEOUT_MS'] ?? 10_000),
    timeoutFactor: 3,
    allowConsoleColors: false,
    warnings: { unknownOptions: false },
  }
  const results = await new Stryker(options as never).runMutationTest()
  // Those that no test reaches never come to the runner, which leaves the others out.
  return results.filter((mutant) => isSampled(mutant, room.oneIn))
}

const inside = (path: string) => relative(inPackage('.'), path).replaceAll('\\', '/')

/** The text that a mutant replaced. */
const originalOf = ({ fileName, location: { start, end } }: MutantResult) => {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line)
  const last = lines.length - 1
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join(' ')
}

const survivorsOf = (room: string, results: readonly MutantResult[]): readonly Survivor[] =>
  results
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map((mutant) => ({
      room,
      file: inside(mutant.fileName),
      line: mutant.location.start.line,
      mutator: mutant.mutatorName,
      original: oneLine(originalOf(mutant)),
      replacement: oneLine(mutant.replacement ?? ''),
      covered: mutant.status === 'Survived',
    }))

const isIn = (survivors: readonly Survivor[]) => {
  const known = new Set(survivors.map((survivor) => JSON.stringify({ ...survivor, covered: true })))
  return (survivor: Survivor) => known.has(JSON.stringify({ ...survivor, covered: true }))
}

const filesOf = (room: Room, results: readonly MutantResult[]): RoomScore['files'] =>
  Object.fromEntries(
    room.sources.map((path) => [path, countsOf(results.filter(({ fileName }) => inside(fileName) === path))]),
  )

/** Whether nothing that influences a score has changed since a commit. */
const unchangedSince = (commit: string) => {
  try {
    return git('diff', '--name-only', commit, '--', 'src', 'test', ':!test/mutation/*.json') === ''
  } catch {
    return false // a commit that this clone does not have
  }
}

const show = (survivors: readonly Survivor[]) => {
  for (const { file, line, mutator, original, replacement } of survivors)
    console.log(`${file}:${line} ${mutator}: ${original} → ${replacement}`)
}

const measureFiles = async (files: readonly string[]) => {
  for (const room of all) {
    const sources = room.sources.filter((path) => files.includes(path))
    if (sources.length === 0) continue
    const results = await mutate({ ...room, sources })
    show(survivorsOf(room.name, results))
    console.log(`${sources.join(', ')}: ${scoreOf(countsOf(results))} %`)
  }
}

const measure = async (chosen: readonly Room[], again: boolean) => {
  const order = all.map(({ name }) => name)
  const commit = git('rev-parse', 'HEAD')
  const clean = git('status', '--porcelain', '--', 'src', 'test', ':!test/mutation/*.json') === ''
  if (!clean) console.log('src or test differ from the commit: shown, not recorded')
  for (const [at, room] of chosen.entries()) {
    const before = recordedScores().find((score) => score.room === room.name)
    const heading = `${at + 1}/${chosen.length} ${room.name}`
    if (!again && before !== undefined && unchangedSince(before.commit)) {
      console.log(`${heading}: ${before.score} % at ${before.commit.slice(0, 10)}, unchanged`)
      continue
    }
    console.log(`${heading}: ${room.sources.length} files, ${room.tests.length} test files`)
    const begun = Date.now()
    const results = await mutate(room)
    const counts = countsOf(results)
    const score: RoomScore = {
      room: room.name,
      tier: room.tier,
      oneIn: room.oneIn,
      commit,
      date: new Date().toISOString().slice(0, 10),
      seconds: Math.round((Date.now() - begun) / 1000),
      score: scoreOf(counts),
      ...counts,
      files: filesOf(room, results),
    }
    const survivors = survivorsOf(room.name, results)
    if (!clean) show(survivors)
    if (clean) record(score, survivors, order)
    console.log(
      `${heading}: ${score.score} %: ${counts.killed} killed, ${counts.timeout} timed out, ${counts.survived} survived, ${counts.uncovered} not reached, of ${counts.mutants}, in ${score.seconds} s`,
    )
  }
}

/** The files that some files import, and so on: from `src` and `test`. */
const imported = (from: readonly string[]): ReadonlySet<string> => {
  const found = new Set<string>()
  const left = [...from]
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (found.has(path) || !existsSync(path)) continue
    found.add(path)
    for (const [, to = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g))
      if (to.startsWith('.')) left.push(join(dirname(path), to))
      else if (to === 'ccass-2fa') left.push('src/index.ts')
      else if (to.startsWith('ccass-2fa/')) left.push(`src/entries/${to.slice('ccass-2fa/'.length)}.ts`)
  }
  return found
}

/**
 * Whether every mutant that was noticed at a commit still is: of what the tests of the room import, `src` is the same,
 * and tests only grew.
 */
const onlyGrewSince = (commit: string, room: Room) => {
  const used = imported([...room.tests, 'test/setup.ts', ...room.sources])
  const changes = git('diff', '--numstat', commit, '--', 'src', 'test').split('\n').filter(Boolean)
  return changes.every((line) => {
    const [, removed, path = ''] = line.split('\t')
    return !used.has(path) || (path.startsWith('test/') && removed === '0')
  })
}

const measureSurvivors = async (chosen: readonly Room[]) => {
  const order = all.map(({ name }) => name)
  const commit = git('rev-parse', 'HEAD')
  for (const room of chosen) {
    const before = recordedScores().find((score) => score.room === room.name)
    const left = recordedSurvivors().filter((survivor) => survivor.room === room.name)
    if (before === undefined || left.length === 0) continue
    if (before.oneIn !== room.oneIn)
      throw new Error(`${room.name} was measured one in ${before.oneIn}: measure it with --again`)
    const begun = Date.now()
    const results = await mutate(room, left.map(coarseKey))
    const still = survivorsOf(room.name, results).filter(isIn(left))
    show(still)
    const without = ({ survived, uncovered, ...counts }: Counts, path: string | undefined): Counts => {
      const own = still.filter(({ file }) => path === undefined || file === path)
      const uncoveredNow = own.filter(({ covered }) => !covered).length
      const noticed = survived + uncovered - own.length
      return {
        ...counts,
        killed: counts.killed + noticed,
        survived: own.length - uncoveredNow,
        uncovered: uncoveredNow,
      }
    }
    const files = Object.fromEntries(
      Object.entries(before.files).map(([path, counts]) => [path, without(counts, path)]),
    )
    const counts = sumOf(Object.values(files))
    const seconds = before.seconds + Math.round((Date.now() - begun) / 1000)
    const score: RoomScore = {
      ...before,
      ...counts,
      ...{ commit, date: new Date().toISOString().slice(0, 10), seconds, score: scoreOf(counts), files },
    }
    const clean = git('status', '--porcelain', '--', 'src', 'test', ':!test/mutation/*.json') === ''
    const grew = onlyGrewSince(before.commit, room)
    if (clean && grew) record(score, still, order)
    console.log(
      `${room.name}: ${left.length} survivors, now ${still.length}: ${before.score} % → ${score.score} %${clean && grew ? '' : ', not recorded: more than tests was changed, or it is not committed'}`,
    )
  }
}

/** Whether fewer mutants are noticed than before; two samples must differ by more than chance explains. */
const hasFallen = ({ oneIn }: Room, is: Counts, was: Counts): boolean => {
  if (oneIn === 1) return scoreOf(is) < scoreOf(was) - tolerance
  const boundsOfCounts = ({ killed, timeout, mutants }: Counts) => boundsOf(killed + timeout, mutants)
  return is.mutants > 0 && was.mutants > 0 && boundsOfCounts(is)[1] < boundsOfCounts(was)[0]
}

const measureShare = async () => {
  const recorded = recordedScores()
  const share = shareOf(all, recorded, Math.floor(Date.now() / 86_400_000), 300)
  const files = share.flatMap(({ sources }) => sources)
  console.log(`The share of today: ${files.length} files\n${files.join('\n')}`)
  for (const room of share) {
    const results = await mutate(room)
    const before = sumOf(
      room.sources
        .map((path) => recorded.find(({ room: name }) => name === room.name)?.files[path])
        .filter((counts) => counts !== undefined),
    )
    const [is, was] = [scoreOf(countsOf(results)), scoreOf(before)]
    console.log(`${room.name}: ${is} % of ${countsOf(results).mutants} mutants noticed; recorded: ${was} %`)
    if (!hasFallen(room, countsOf(results), before)) continue
    for (const { file, line, original, replacement } of survivorsOf(room.name, results))
      console.error(`not noticed: ${file}:${line}: ${original} → ${replacement}`)
    console.error(`${room.name} fell below ${was} %`)
    process.exitCode = 1
  }
}

const words = process.argv.slice(2)
const files = words.filter((word) => word.startsWith('src/'))
const missing = files.filter((path) => !all.some(({ sources }) => sources.includes(path)))
if (missing.length > 0) throw new Error(`Not mutated: ${missing.join(', ')}`)
const names = words.filter((word) => !word.startsWith('--') && !word.startsWith('src/'))
const unknown = names.filter((name) => !all.some((room) => room.name === name))
if (unknown.length > 0)
  throw new Error(`There is no room ${unknown.join(', ')}; rooms: ${all.map(({ name }) => name).join(', ')}`)
if (words.includes('--share')) await measureShare()
else if (files.length > 0) await measureFiles(files)
else {
  const chosen = all.filter(({ name }) => names.length === 0 || names.includes(name))
  if (words.includes('--survivors')) await measureSurvivors(chosen)
  else await measure(chosen, words.includes('--again'))
}
