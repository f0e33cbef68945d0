/**
 * Three processes of the service on one storage, a load on them, one of them killed in the middle and started
 * again; then nothing is missing and nothing forged.
 *
 *     npm run example:service-story
 *
 * On an SQLite file; on PostgreSQL where DATABASE_URL says so, in a schema of its own, which stays for a look.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tellStory } from './service/story.ts'

const directory = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
const databases = (process.env['DATABASE_URL'] ?? '').split(',').filter((each) => each !== '')
const verified = await tellStory({
  directory,
  databases,
  ...(databases.length > 0 ? { schema: `story_${Date.now().toString(36)}` } : {}),
  users: 40,
  atOnce: 16,
  kills: 1,
  say: (line) => console.log(line),
}).finally(() => rmSync(directory, { recursive: true, force: true }))
process.exitCode = verified.problems.length === 0 ? 0 : 1
