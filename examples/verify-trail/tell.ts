import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { createAuthentication, defaultPolicy } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import type { RecordFinding } from 'ccass-2fa/audit'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import Database from 'libsql'
import { importParticipant } from '../locked-administrator/people.ts'
import { setUpAndLogIn, user } from '../locked-user/people.ts'
import { type Host, openHost } from '../quickstart/host.ts'
import { tellStory } from '../support/story.ts'
import { keepCheckpoint, verifyAll, verifyCheckpoint } from './check.ts'
import { type Tampering, tamperings } from './tamper.ts'

/** An auditor with their own storage connection, without keys or mail. */
const auditorOf = (db: Database.Database, { clock }: Host) =>
  createAuthentication({
    storage: sqliteStorage(db),
    clock,
    mailer: captureMailer(),
    passwordHasher: argon2Hasher(),
    random: webCryptoRandom(),
    secretBox: webCryptoSecretBox([{ id: 'none', key: randomBytes(32) }]),
  })

const inWords = (findings: readonly RecordFinding[]): string =>
  findings
    .map(
      (finding) => `${finding.code}: ${finding.record.id}${'seq' in finding ? `, entry ${finding.seq}` : ''}`,
    )
    .join('; ') || 'nothing'

const wrongPasswords = async ({ auth }: Host, times: number) => {
  for (let i = 0; i < times; i++) await auth.signIn.begin({ ...user, password: `Demo only: wrong ${i}!` })
}

/** Tampers with a copy of the store and runs both checks. */
const tamper = async (
  host: Host,
  paths: { readonly checkpoint: string; readonly yesterday: string },
  { change, apply, verified, withCheckpoint = verified }: Tampering,
  keys: ReturnType<typeof generateKeyPairSync>,
  nth: number,
) => {
  const { trace, file } = host
  const copy = join(dirname(file), `tampered-${nth}.sqlite`)
  const store = new Database(file)
  store.exec(`VACUUM INTO '${copy}'`)
  store.close()
  const db = new Database(copy)
  apply(db, paths.yesterday)
  const auditor = auditorOf(db, host)
  trace.fact('AUD-01 AUD-02', change, inWords(await verifyAll(auditor)), verified)
  const { findings } = await verifyCheckpoint(auditor, paths.checkpoint, keys.publicKey)
  const found = inWords(findings)
  // The length of the trail at the time of the checkpoint does not matter here.
  const shown = found.startsWith(withCheckpoint) ? withCheckpoint : found
  trace.fact('AUD-02', 'verified against the checkpoint', shown, withCheckpoint)
  db.close()
}

const story = async (host: Host): Promise<void> => {
  const { auth, trace, file } = host
  const paths = {
    checkpoint: join(dirname(file), 'checkpoint'),
    yesterday: join(dirname(file), 'yesterday.sqlite'),
  }
  await importParticipant(host)
  trace.heading(`${user.userId}, a user, sets up password and email`)
  await setUpAndLogIn(host, user)
  const store = new Database(file)
  store.exec(`VACUUM INTO '${paths.yesterday}'`)
  store.close()
  await wrongPasswords(host, 2)

  trace.heading('The store is verified, and a checkpoint is signed and stored')
  trace.fact('AUD-01 AUD-02', 'findings', inWords(await verifyAll(auth)), 'nothing')
  const keys = generateKeyPairSync('ed25519')
  const { count } = await keepCheckpoint(auth, paths.checkpoint, keys.privateKey)
  trace.fact('AUD-02', 'records in the checkpoint', String(count), '7')
  await wrongPasswords(host, 1)
  const { manifestValid, findings } = await verifyCheckpoint(auth, paths.checkpoint, keys.publicKey)
  trace.fact('AUD-02', 'the manifest belongs to the checkpoint', String(manifestValid), 'true')
  trace.fact('AUD-02', 'findings after further sign-ins', inWords(findings), 'nothing')

  trace.heading(
    'An attacker writes to the database',
    'Each change is made to a copy. Some are found by verification alone, others only with a checkpoint.',
  )
  for (const [nth, each] of tamperings.entries()) await tamper(host, paths, each, keys, nth)
}

/**
 * Runs the whole story in a fresh directory, which is removed at the end.
 *
 * @returns an exit code: 0 if every finding is the expected one, otherwise 1.
 */
export const tell = (): Promise<0 | 1> =>
  tellStory(
    openHost(defaultPolicy),
    [
      'ccass-2fa: verifying the trail',
      'Each line with a ✓ is a step: its rules, the change, and the findings. docs/trail.md explains what',
      'verification proves and what it does not. All data is fictitious.',
    ],
    story,
  )
