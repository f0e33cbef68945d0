/** The cost of importing the core in a fresh process, against better-auth. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { AimName } from './aims.ts'
import { type BenchLine, effort, median } from './harness.ts'

const processes = effort.quick ? 2 : 17

const bench = fileURLToPath(new URL('.', import.meta.url))
const core = new URL('../../dist/index.js', import.meta.url).href

const contestants = {
  ours: [core],
  'better-auth alone': ['better-auth'],
  'better-auth with twoFactor, as its guide imports them': ['better-auth', 'better-auth/plugins'],
} as const

/** Nanoseconds from the first import to the last, in a separate process. */
const importedIn = (specifiers: readonly string[]): number => {
  const imports = specifiers.map((specifier) => `import(${JSON.stringify(specifier)})`).join(', ')
  const script = `const begun = performance.now()
await Promise.all([${imports}])
console.log(performance.now() - begun)`
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: bench })
  return Number(String(printed)) * 1e6
}

/**
 * The rows of the table. The processes take turns, so that everything that slows the machine down affects
 * them equally.
 */
export const importLines = (): readonly BenchLine[] => {
  const times = new Map<string, number[]>()
  for (let round = 0; round <= processes; round++)
    for (const [name, specifiers] of Object.entries(contestants)) {
      const taken = importedIn(specifiers)
      // The first round loads the files into the page cache.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), taken])
    }
  const timesOf = (name: keyof typeof contestants) => times.get(name) ?? []
  const ours = median(timesOf('ours'))
  const lineAgainst = (name: keyof typeof contestants, aim: AimName): BenchLine => ({
    what: 'import of the core, fresh process',
    ours,
    peer: { name, time: median(timesOf(name)) },
    ratio: median(timesOf('ours').map((own, i) => (timesOf(name)[i] ?? Number.NaN) / own)),
    aim,
  })
  return [
    {
      what: 'import of the core, fresh process',
      ours,
      peer: { name: 'limit', time: 150e6 },
      ratio: ours / 1e6,
      aim: 'import-limit',
    },
    lineAgainst('better-auth alone', 'import-alone'),
    lineAgainst('better-auth with twoFactor, as its guide imports them', 'import-plugins'),
  ]
}
