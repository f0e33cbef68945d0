/** The table of runtimes and stores in docs/storage.md. */
import type { Outcome } from './trial.ts'

/** The outcomes of all trials on one runtime. */
export interface Result {
  readonly runtime: string
  readonly version: string
  readonly outcomes: readonly Outcome[]
}

const kinds = ['storage contract', 'service contract', 'hasher contract', 'secret box contract'] as const

const shownOf = (outcomes: readonly Outcome[], kind: string) =>
  outcomes
    .filter(({ what }) => what.startsWith(`${kind}, `))
    .map(({ what, passed, of }) => {
      const name = what.slice(kind.length + 2)
      return passed === of ? `${name} (${of})` : `${name} (**${passed} of ${of}**)`
    })
    .join('; ')

/** One row per runtime; in brackets the number of cases, all of which passed. */
export const tableOf = (results: readonly Result[]): string => {
  const head = ['runtime', 'sign-in', 'stores', 'whole service', 'hashers', 'secret boxes']
  const rows = results.map(({ runtime, version, outcomes }) => {
    const signIns = outcomes.filter(({ what }) => what.startsWith('sign-in, '))
    const done = signIns.filter(({ passed, of }) => passed === of).length
    return [
      `${runtime} ${version}`,
      done === signIns.length ? `on each store (${done})` : `**${done} of ${signIns.length}**`,
      ...kinds.map((kind) => shownOf(outcomes, kind)),
    ]
  })
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('')
}
