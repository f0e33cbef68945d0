/** Verifying a trail, against only hashing the same bytes. */
import { createHash } from 'node:crypto'
import { sha256 } from '@noble/hashes/sha2.js'
import { trailVerifier } from '../../dist/audit.js'
import { createAuthentication, type RecordKey, type StoredRecord, type TrailEntry } from '../../dist/index.js'
import { memoryStorage } from '../../dist/memory.js'
import { webCryptoRandom, webCryptoSecretBox } from '../../dist/web-crypto.js'
import { freeHasher } from './free-hasher.ts'
import { type BenchLine, compare, keep } from './harness.ts'

/** Refusals of an unauthenticated caller are in a trail separate from the account's (AUD-08). */
const key: RecordKey = { participant: 'B01234', kind: 'refusals', id: 'B0123401' }

/** The refusals of an account after a number of attempts, with their trail. */
const tried = async (times: number) => {
  const storage = memoryStorage()
  const random = webCryptoRandom()
  const auth = createAuthentication({
    storage,
    clock: { now: () => Date.UTC(2023, 4, 1) },
    mailer: { send: async () => 'delivered' },
    passwordHasher: freeHasher,
    random,
    secretBox: webCryptoSecretBox([{ id: 'k1', key: random.bytes(32) }]),
  })
  const { userId, role, origin } = { userId: key.id, role: 'User', origin: 'created' } as const
  await auth.registry.register({ userId, role, origin, email: 'holder@example.com', by: 'HKEX' })
  for (let i = 0; i < times; i++)
    await auth.signIn.begin({ userId, password: 'Wrong-Horse-1!!!', system: 'CCASS/CCMS' })
  const [record] = await storage.load([key])
  if (record === undefined) throw new Error('no record')
  return { record, trail: await storage.trail(key, { after: 0, limit: times }) }
}

const verified = (record: StoredRecord, trail: readonly TrailEntry[]) => {
  const verifier = trailVerifier(key, record)
  for (const entry of trail) verifier.add(entry)
  return verifier.finish()
}

/** The rows of the table, per entry. */
export const trailLines = async (): Promise<readonly BenchLine[]> => {
  const { record, trail } = await tried(200)
  const { entries, findings } = verified(record, trail)
  if (entries !== 200 || findings.length > 0)
    throw new Error(`verified ${entries}: ${JSON.stringify(findings)}`)
  // The hashed text: 64 characters of the previous hash, and the entry without its own.
  const bytes = trail.map(({ hash, ...entry }) => Buffer.from(hash + JSON.stringify(entry)))
  const took = await compare({
    ours: () => keep(verified(record, trail)),
    noble: () => {
      for (const each of bytes) keep(sha256(each))
    },
    node: () => {
      for (const each of bytes) keep(createHash('sha256').update(each).digest())
    },
  })
  const [ours, noble, node] = [took.ours / 200, took.noble / 200, took.node / 200]
  const what = `an entry verified (${Math.round(1e9 / ours).toLocaleString('en')} a second)`
  return [
    { what, ours, peer: { name: 'bare SHA-256, @noble/hashes', time: noble } },
    { what, ours, peer: { name: 'bare SHA-256, node:crypto', time: node } },
  ]
}
