import { expect, test } from 'vitest'
import { mutantsOfFile, mutationPage, reasonsOf } from '../../docs/generate/mutation-page.ts'
import { readTree } from '../../docs/generate/tree.ts'
import { leftOut, type Room, rooms } from './rooms.ts'
import { boundsOf, isSampled } from './sample.ts'
import {
  countsOf,
  equivalents,
  type RoomScore,
  recordedScores,
  recordedSurvivors,
  type Survivor,
  scoreOf,
  sumOf,
} from './scores.ts'
import { shareOf } from './share.ts'

const counts = (killed: number, survived: number) => ({
  mutants: killed + survived,
  killed,
  timeout: 0,
  survived,
  uncovered: 0,
})
const scored = (room: string, seconds: number, files: RoomScore['files']): RoomScore => {
  const sum = sumOf(Object.values(files))
  return {
    room,
    tier: 'core',
    oneIn: 1,
    commit: 'c'.repeat(40),
    date: '2026-01-01',
    seconds,
    score: scoreOf(sum),
    ...sum,
    files,
  }
}
const room = (name: string, ...sources: readonly string[]): Room => ({
  name,
  tier: 'core',
  sources,
  tests: [],
  oneIn: 1,
})

test('a score is the share of noticed mutants, rounded down', () => {
  const ends = ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'CompileError']
  const result = countsOf(ends.map((status) => ({ status })))
  expect(result).toEqual({ mutants: 5, killed: 2, timeout: 1, survived: 1, uncovered: 1 })
  expect(scoreOf(result)).toBe(60)
  expect(scoreOf(counts(2, 1))).toBe(66.66)
  expect(scoreOf(counts(0, 0))).toBe(100)
})

test('a sample has its share of the mutants, the same ones wherever the code moves to', () => {
  const mutants = Array.from({ length: 2_000 }, (_, i) => ({
    mutatorName: 'StringLiteral',
    replacement: '""',
    location: { start: { line: i, column: i % 71 }, end: { line: i + (i % 3), column: (i * i) % 997 } },
  }))
  const sample = mutants.filter((mutant) => isSampled(mutant, 4))
  expect(sample.length).toBeGreaterThan(400)
  expect(sample.length).toBeLessThan(600)
  const moved = sample.map(({ location: { start, end }, ...rest }) => ({
    ...rest,
    location: {
      start: { line: start.line + 9, column: start.column + 1 },
      end: { line: end.line + 9, column: end.column + 1 },
    },
  }))
  expect(moved.every((mutant) => isSampled(mutant, 4))).toBe(true)
  expect(mutants.every((mutant) => isSampled(mutant, 1))).toBe(true)
})

// Wilson (1927); Brown, Cai and DasGupta (2001).
test.each([
  [0, 10, 0, 27.75],
  [9, 10, 59.58, 98.21],
  [90, 100, 82.56, 94.48],
  [10, 10, 72.25, 100],
])('%i of %i noticed: between %f and %f %%', (noticed, sampled, low, high) => {
  const bounds = boundsOf(noticed, sampled)
  expect(bounds[0]).toBeCloseTo(low, 1)
  expect(bounds[1]).toBeCloseTo(high, 1)
})

test('the daily shares cover every measured file within their time', () => {
  const all = [room('a', 'a1', 'a2', 'a3'), room('b', 'b1')]
  const recorded = [
    scored('a', 300, { a1: counts(10, 0), a2: counts(10, 0), a3: counts(10, 0) }),
    scored('b', 30, { b1: counts(5, 0) }),
  ]
  const days = Array.from({ length: 4 }, (_, day) => shareOf(all, recorded, day, 250))
  expect(new Set(days.flatMap((share) => share.flatMap(({ sources }) => sources)))).toEqual(
    new Set(['a1', 'a2', 'a3', 'b1']),
  )
  expect(days[0]?.map(({ sources }) => sources)).toEqual([['a1', 'a2']])
  expect(days[1]?.map(({ sources }) => sources)).toEqual([['a3'], ['b1']])
  expect(days[2]).toEqual(days[0])
  expect(shareOf(all, [], 0, 250)).toEqual([])
})

test('the page names what was measured, where, and what was not', () => {
  const survivor: Survivor = {
    room: 'a',
    file: 'src/a/a1.ts',
    line: 3,
    mutator: 'ConditionalExpression',
    original: 'x > 1',
    replacement: 'true',
    covered: true,
  }
  const [score, equivalent] = [
    scored('a', 1, { 'src/a/a1.ts': counts(9, 1) }),
    {
      file: survivor.file,
      original: survivor.original,
      replacement: survivor.replacement,
      why: 'x is never 1',
    },
  ]
  const page = (known: readonly (typeof equivalent)[]) =>
    mutationPage({
      rooms: [room('a', 'src/a/a1.ts'), room('b', 'src/b/b1.ts')],
      scores: [score],
      survivors: [survivor],
      equivalents: known,
    })
  expect(page([])).toContain(
    '| a | 90 % | **below 95 %** | all 10 | 1 + 0 | 0 | 90 % | 2026-01-01 cccccccccc |',
  )
  expect(page([])).toContain('Not measured yet: b.')
  expect(page([])).toContain('| a/a1.ts:3 | `x > 1` | `true` | not noticed |')
  const sampled = mutationPage({
    ...{ rooms: [room('a', 'src/a/a1.ts')], survivors: [], equivalents: [] },
    scores: [{ ...score, oneIn: 4 }],
  })
  expect(sampled).toContain('| a | 90 % (59–99 %) | **below 95 %** | 10, one in 4 | 1 + 0 |')
  expect(page([equivalent])).toContain('x is never 1')
  expect(page([equivalent])).toContain('| 1 + 0 | 1 | 100 % |')
  // One entry excuses one place.
  expect(reasonsOf([equivalent], [survivor, { ...survivor, line: 9 }]).size).toBe(1)
  expect(reasonsOf([{ ...equivalent, places: 2 }], [survivor, { ...survivor, line: 9 }]).size).toBe(2)
  const shown = { scores: [score], survivors: [survivor] }
  expect(mutantsOfFile(shown, 'src/a/a1.ts')).toMatchObject({ killed: 9, survivors: [survivor] })
  expect(mutantsOfFile(shown, 'src/b/b1.ts')).toBeUndefined()
})

test('every pure file with code is in one room, and every excluded file exists', () => {
  const all = rooms()
  const placed = all.flatMap(({ sources }) => sources)
  expect(new Set(placed).size).toBe(placed.length)
  const paths = readTree('src', '.ts').map(({ path }) => path)
  for (const path of Object.keys(leftOut)) expect(paths).toContain(path)
  for (const { name, tests, sources } of all) {
    expect(tests.length, name).toBeGreaterThan(0)
    expect(sources.length, name).toBeGreaterThan(0)
  }
})

test('the recorded figures add up: rooms, files, survivors, and reasons for survivors that exist', () => {
  const survivors = recordedSurvivors()
  for (const score of recordedScores()) {
    expect(sumOf(Object.values(score.files)), score.room).toEqual(countsOnly(score))
    expect(scoreOf(score)).toBe(score.score)
    expect(survivors.filter(({ room: name }) => name === score.room).length, score.room).toBe(
      score.survived + score.uncovered,
    )
    expect(score.commit).toMatch(/^[0-9a-f]{40}$/)
  }
  const wholly = new Set(
    recordedScores()
      .filter(({ oneIn }) => oneIn === 1)
      .flatMap(({ files }) => Object.keys(files)),
  )
  for (const equivalent of equivalents()) {
    expect(equivalent.why).toMatch(/\S/)
    expect(readTree('src', '.ts').map(({ path }) => path)).toContain(equivalent.file)
    const places = reasonsOf([equivalent], survivors).size
    const said = `${equivalent.file}: ${equivalent.original} is equivalent at as many places as survived`
    // A sample need not contain them all.
    if (wholly.has(equivalent.file)) expect(places, said).toBe(equivalent.places ?? 1)
  }
})

const countsOnly = ({ mutants, killed, timeout, survived, uncovered }: RoomScore) => ({
  mutants,
  killed,
  timeout,
  survived,
  uncovered,
})
