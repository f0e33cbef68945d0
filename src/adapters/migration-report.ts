/**
 * Reports of a migration plan and its results, as plain text and as a single HTML page that loads nothing and
 * runs no script. Both run on every supported runtime.
 *
 * @module ccass-2fa/migration-report
 * @rule MIG-16
 */
export { htmlReport } from './migration-report/html.ts'
export { textReport } from './migration-report/text.ts'
export type { MigrationReport } from './migration-report/words.ts'
