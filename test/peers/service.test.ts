/**
 * The example service in real processes over HTTP on a real PostgreSQL, under load, with processes killed and
 * the database crashed. Run by `SERVICE=1 vitest run --config test/peers/vitest.config.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tellStory } from '../../examples/service/story.ts'
import { type PostgresServer, startPostgres } from './support/postgres.ts'

describe.skipIf(process.env['SERVICE'] !== '1')('the service, with SERVICE=1', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(async () => {
    await server?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  test('LOCK-09, AUD-01, AUD-02, LOCK-11 · three processes, each killed once, the database crashed: nothing answered is missing, nothing forged', async () => {
    const said: string[] = []
    const verified = await tellStory({
      ...{
        directory,
        users: 60,
        atOnce: 12,
        kills: 3,
        logLevel: 'fatal',
        say: (line: string) => said.push(line),
      },
      databases: [await server.database()],
      meanwhile: () => server.restart('immediate'),
    })
    console.log(said.join('\n'))
    expect(verified.problems).toEqual([])
    expect(verified.notices.lost).toBe(0)
    expect(verified.logins).toBeGreaterThan(60)
    expect(verified.locks).toBeGreaterThan(5)
  })
})
