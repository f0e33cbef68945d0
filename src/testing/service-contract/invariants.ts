import assert from 'node:assert/strict'
import { good, type ServiceTestBed } from './test-bed.ts'

/** What a case does with its test bed. */
export type ServiceCheck = (testBed: ServiceTestBed) => Promise<void>

/**
 * Verifies that every record of the participant is the replay of a complete, unbroken trail (AUD-01, AUD-02).
 */
export const assertTrailVerifies = async ({ service }: ServiceTestBed, userId: string): Promise<void> => {
  const { findings } = await good(service(0).audit.verify({ participant: userId.slice(0, 6), limit: 500 }))
  assert.deepEqual(findings, [], 'every trail verifies')
}
