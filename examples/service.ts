/**
 * Runs three processes of the service on one storage under load. One of them is killed and restarted
 * meanwhile. Afterwards a verification shows that nothing is missing and nothing was forged.
 *
 *     npm run example:service-story
 *
 * Uses an SQLite file, or PostgreSQL if DATABASE_URL is set, in a separate schema that is kept for
 * inspection.
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
