/** The mutated files, room by room, and the tests that run for them. */
import { scanSource, scanTests } from '../../docs/generate/scan.ts'
import { testsBySource } from '../../docs/generate/tests-page.ts'
import { readTree } from '../../docs/generate/tree.ts'

/** The required scores: 95 % for the pure core, 85 % for everything else. */
export type Tier = 'core' | 'outer'

export const goals: Readonly<Record<Tier, number>> = { core: 95, outer: 85 }

/** Some files of `src` that are measured together. */
export interface Room {
  readonly name: string
  readonly tier: Tier
  readonly sources: readonly string[]
  readonly tests: readonly string[]
  /** One in so many mutants is measured. */
  readonly oneIn: number
}

const core = [
  'kernel',
  'fields',
  'identity',
  'policy',
  'lockout',
  'otp',
  'password',
  'participant',
  'access-control',
  'account',
  'integrity',
  'dms/model',
  'eservices/model',
  'migration/model',
  'audit/model',
]

const outer = [
  'engine',
  'records',
  'session',
  'sign-in',
  'dms',
  'eservices',
  'registry',
  'migration',
  'audit',
  'personal-data',
  'stores',
]

/**
 * Rooms of which a sample is measured, because all of their mutants would take half an hour or more: a table of
 * transitions is evaluated again for each mutant in it, and the tests of the outer rooms run the whole service.
 */
const sampled: Readonly<Record<string, number>> = {
  ...{ account: 4, integrity: 4, 'eservices/model': 4, 'migration/model': 4 },
  ...{ engine: 8, records: 2, session: 3, 'sign-in': 5, dms: 8, eservices: 4, registry: 4 },
  ...{ migration: 4, audit: 6, 'personal-data': 2, stores: 8 },
}

/** What is not mutated, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  'src/policy/rulebook.ts': 'prose: the statements of the rules',
  'src/kernel/rule-id.ts': 'a list of names',
  'src/ports/operation.ts': 'a list of names',
  'src/ports/personal-data.ts': 'a list of names',
  'src/ports/storage.ts': 'types, and a list of names',
}

/**
 * Folders of tests that read pages, run whole programs, or take minutes. They prove something else; a mutant
 * that only they notice counts as survived.
 */
const otherTests =
  /^test\/(docs|examples|package|peers|bench|recipes|runtimes|conformance|simulation|model|mutation)\/|^test\/house/

/**
 * From the tests that docs/tests.md maps to a source file, those of its own room, or the first few if there
 * are none. More tests would find more but take longer; the whole suite finds everything that these find.
 */
const few = 4

const isCode = (text: string) => /^(export )?(async )?(const|function|class|let)\b/m.test(text)

/** Every room, the core first. */
export const rooms = (): readonly Room[] => {
  const [sources, tests] = [readTree('src', '.ts'), readTree('test', '.ts')]
  const titles = tests.filter(({ path }) => path.endsWith('.test.ts')).flatMap(scanTests)
  const bySource = testsBySource({ sources, tests, references: sources.flatMap(scanSource), titles })
  const within = (name: string) =>
    sources
      .filter(({ path, text }) => {
        if (!path.startsWith(`src/${name}/`) || leftOut[path] !== undefined || !isCode(text)) return false
        return name.includes('/') || !/^src\/[^/]+\/model\//.test(path)
      })
      .map(({ path }) => path)
  const room = (name: string, tier: Tier): Room => {
    const files = within(name)
    const own = tests
      .map(({ path }) => path)
      .filter((path) => path.startsWith(`test/${name}/`) && path.endsWith('.test.ts'))
    const mapped = files.flatMap((file) => {
      const found = (bySource.get(file) ?? []).filter((path) => !otherTests.test(path))
      return found.some((path) => own.includes(path)) ? [] : found.slice(0, few)
    })
    return { name, tier, sources: files, tests: [...new Set([...own, ...mapped])], oneIn: sampled[name] ?? 1 }
  }
  return [...core.map((name) => room(name, 'core')), ...outer.map((name) => room(name, 'outer'))]
}
