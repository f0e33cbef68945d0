/**
 * Reports of a migration: a plan, and what became of it, as plain text and as one HTML page that fetches and
 * runs nothing. Pure: both run wherever the library runs.
 *
 * @module ccass-2fa/migration-report
 */
export { htmlReport } from './migration-report/html.ts'
export { textReport } from './migration-report/text.ts'
export type { MigrationReport } from './migration-report/words.ts'
