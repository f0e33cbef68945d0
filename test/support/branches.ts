import fc from 'fast-check'
import { expect } from 'vitest'

/** The runs of each property in CI (`.ci/run`). */
const runsOfCi = 25

/** Counts the branches of a property, so that the test fails if one has never run. */
export interface Branches<Name extends string> {
  hit(name: Name): void
  /** Counts a branch if a condition holds, and returns the condition. */
  hitIf(name: Name, condition: boolean): boolean
  /** Counts one branch if a condition holds and the other if not, and returns the condition. */
  either(holds: Name, fails: Name, condition: boolean): boolean
  readonly counts: Readonly<Record<Name, number>>
  /** Fails, with the names, if a branch has never run. A shorter run than CI's promises nothing: it does not fail. */
  expectAll(): void
}

/** Counts the branches of a property: each must run at least once, at the number of runs that CI uses too. */
export const branches = <const Name extends string>(...names: readonly Name[]): Branches<Name> => {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>
  const hit = (name: Name) => {
    counts[name]++
  }
  return {
    hit,
    hitIf: (name, condition) => {
      if (condition) hit(name)
      return condition
    },
    either: (holds, fails, condition) => {
      hit(condition ? holds : fails)
      return condition
    },
    counts,
    expectAll: () => {
      if ((fc.readConfigureGlobal().numRuns ?? 100) < runsOfCi) return
      const never = names.filter((name) => counts[name] === 0)
      expect(never, `branches that never ran; counts: ${JSON.stringify(counts)}`).toEqual([])
    },
  }
}
