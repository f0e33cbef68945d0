/** A store with records of every kind, each with some history. */
import type { RecordKey, StoragePort, StoredRecord, TrailEntry } from '../../src/index.ts'
import { recordKinds } from '../../src/index.ts'
import { change, cheung, contents, unlock, wong } from '../eservices/model/support.ts'
import {
  carriedThrough,
  changing,
  creating,
  type DmsTestService,
  deleting,
  dmsTestService,
  entered,
  getCode,
  makerId,
  subjectId,
  unlocking,
} from './dms.ts'
import { good, type TestService } from './test-service.ts'
import { initialised, loggedIn, wrongPasswords } from './user-journeys.ts'

/** A record with its whole trail. */
export interface Book {
  readonly key: RecordKey
  readonly record: StoredRecord
  readonly trail: readonly TrailEntry[]
}

const formOf = async ({ auth }: DmsTestService, processed: boolean) => {
  const lines = [unlock(makerId, 'not.registered@example.com'), change('B01234X2', 'new@example.com')]
  const { id } = await good(
    auth.eservices.draft({ actor: cheung, form: 'DA 3', contents: contents(...lines) }),
  )
  await good(auth.eservices.submit({ actor: cheung, id, users: [cheung, wong] }))
  await good(auth.eservices.claim({ actor: wong, id }))
  if (!processed) return
  await good(auth.eservices.confirm({ actor: wong, id }))
  const { forms } = await good(auth.eservices.sent({}))
  for (const form of forms) await good(auth.eservices.process({ form, by: 'hkex.operator' }))
}

/** Opens such a store. */
export const everyKind = async (storage?: StoragePort): Promise<DmsTestService> => {
  const o = await dmsTestService(storage === undefined ? {} : { storage })
  await wrongPasswords(o, { userId: 'B0123477' }, 2)
  await carriedThrough(o, creating('B0123402', { surname: 'LEE' }))
  await carriedThrough(o, changing({ surname: 'WONG', email: 'wong@example.com' }))
  await carriedThrough(o, unlocking())
  await carriedThrough(o, deleting('B0123402'))
  const { request } = await entered(o, changing({ status: 'DISABLED' }))
  await getCode(o, request)
  await formOf(o, true)
  await formOf(o, false)
  const person = await initialised(o, 'HKABC101', 'Email')
  await loggedIn(o, person)
  await wrongPasswords(o, person, 2)
  return o
}

export { subjectId }

/** Every record of a storage, in order, with its trail. */
export const booksOf = async ({ storage }: Pick<TestService, 'storage'>): Promise<readonly Book[]> => {
  const books: Book[] = []
  for (const participant of await storage.participants({ after: '', limit: 1_000 }))
    for (const kind of [...recordKinds].sort())
      for (const { id, record } of await storage.list(participant, kind, { after: '', limit: 1_000 })) {
        const key = { participant, kind, id }
        books.push({ key, record, trail: await storage.trail(key, { after: 0, limit: 1_000 }) })
      }
  return books
}
