/** What DMS answers if the storage has lost a record on which a decision relies. */
import { expect, test } from 'vitest'
import type { RecordKey, StoragePort } from '../../src/index.ts'
import {
  byTimeline,
  changing,
  checkerId,
  type DmsTestService,
  dmsTestService,
  entered,
  expectFoiled,
  getCode,
  keyAt,
  makerId,
  subjectId,
} from '../support/dms.ts'
import { refusal } from '../support/test-service.ts'

const launched = { launch: Date.UTC(2023, 4, 1) }

/** The service over a storage that has lost some records. */
const losing = (service: DmsTestService, isLost: (key: RecordKey) => boolean) => {
  const load: StoragePort['load'] = async (keys) =>
    (await service.storage.load(keys)).map((record, i) => {
      const key = keys[i]
      return key !== undefined && isLost(key) ? undefined : record
    })
  return byTimeline({}, { ...service, storage: { ...service.storage, load } }, launched)
}

test('DMS-04 · a code whose record was lost is refused as one that was never issued', async () => {
  const service = await dmsTestService()
  const { request } = await entered(service, changing({ surname: 'WONG' }))
  const code = await getCode(service, request)
  const lost = JSON.stringify(keyAt('authorisation', checkerId))
  const without = losing(service, (key) => JSON.stringify(key) === lost)
  const { session } = service.maker
  await expectFoiled(
    service,
    () => without.dms.confirm({ session, request, checkerId, authorisationCode: code }),
    {
      of: makerId,
      told: { code: 'authorisation-refused', rule: 'DMS-04' },
      reason: { operation: 'dms.confirm', reason: 'no-code-issued', rule: 'DMS-04', subject: request },
    },
  )
})

test('ID-12 · a user that exists is not created again, even if the participant’s record has lost its User ID', async () => {
  const service = await dmsTestService()
  const { dms } = losing(service, ({ kind }) => kind === 'participant')
  const { session } = service.maker
  const entry = { kind: 'create', userId: subjectId, profile: {} } as const
  expect(await refusal(dms.enter({ session, entry }))).toMatchObject({ rule: 'ID-12' })
})
