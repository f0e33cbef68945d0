import assert from 'node:assert/strict'
import { type Ground, good } from './test-bed.ts'

/** What a case does on ground of its own. */
export type ServiceCheck = (ground: Ground) => Promise<void>

/** Every record of the participant is the replay of a whole and unbroken trail (AUD-01, AUD-02). */
export const assertBooks = async ({ service }: Ground, userId: string): Promise<void> => {
  const { findings } = await good(service(0).audit.verify({ participant: userId.slice(0, 6), limit: 500 }))
  assert.deepEqual(findings, [], 'the books are in order')
}
