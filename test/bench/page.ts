/** Writes `docs/performance.md` from the figures, and states the versions that were measured. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { performancePage } from '../../docs/generate/performance-page.ts'
import { postgresProgram } from '../peers/support/programs.ts'
import { readMeasured } from './measured.ts'

/** The versions of the measured software except Node. */
export const versions = (): string => {
  const own = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const postgres = String(execFileSync(postgresProgram('postgres'), ['--version'])).match(/[\d.]+/)?.[0] ?? ''
  const peers = Object.entries(own.dependencies).map(([name, version]) => `${name} ${version}`)
  return [`PostgreSQL ${postgres}`, ...peers].join(', ')
}

/** Writes the page. */
export const writePage = (): void =>
  writeFileSync(new URL('../../docs/performance.md', import.meta.url), performancePage(readMeasured()))
