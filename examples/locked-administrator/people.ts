import type { Eservices } from 'ccass-2fa'
import type { Host } from '../quickstart/host.ts'
import { readListing } from '../support/listing.ts'

/** A user of Client Connect, as a host knows them once it has logged them in. */
export type ClientConnectUser = Parameters<Eservices['draft']>[0]['actor']

const clientConnectUser = (
  id: string,
  name: string,
  roles: ClientConnectUser['roles'],
): ClientConnectUser => ({
  id,
  name,
  email: `${id}@abc-securities.example`,
  participant: 'B01234',
  rights: ['EU_UserMaintenance'],
  roles,
})

/** May fill in forms, and check those of others. */
export const cheung = clientConnectUser('c.cheung', 'C Cheung', ['Maker', 'Checker'])
/** Checks forms. */
export const wong = clientConnectUser('d.wong', 'D Wong', ['Checker'])
/** Has both roles and not the right: no part in these forms. */
export const ho = { ...clientConnectUser('f.ho', 'F Ho', ['Maker', 'Checker']), rights: [] }

/** Everyone whom the host knows at Client Connect. */
export const staff = [cheung, wong, ho]

/** The Delegated Administrator whom the story follows, with the email as it is registered. */
export const locked = { userId: 'B01234X1', email: 'da1@abc-securities.example' } as const
/** Another one, whose email the form will get wrong. */
export const other = { userId: 'B01234X2', email: 'da2@abc-securities.example' } as const

/** Demonstration passwords; a real one stands in no source. */
export const passwords = {
  first: 'Demo only: lantern fair 1881!',
  second: 'Demo only: dragon boat 1976!',
} as const

const listing = new URL('../data/user-profile-listing.csv', import.meta.url)

/** The accounts of one participant are there already. */
export const importParticipant = async ({ auth, trace }: Host): Promise<void> => {
  trace.heading('B01234 has its accounts already')
  const accounts = (await readListing(listing)).filter(({ userId }) => userId.startsWith('B01234'))
  for (const account of accounts) {
    const registered = await auth.registry.register({ ...account, origin: 'imported', by: 'import' })
    if (registered.isErr()) throw new Error(`${account.userId}: ${registered.error.code}`)
  }
  await trace.ok(
    'QTA-01',
    'HKEX grants it 20 accounts',
    auth.registry.setMaximum({ participant: 'B01234', maximum: 20, by: 'HKEX' }),
    ({ maximum, total, administrators, users }) => ({
      is: `${maximum} / ${total} / ${administrators} / ${users}`,
      mustBe: '20 / 6 / 2 / 4',
    }),
  )
  trace.aside('maximum / total / Delegated Administrators / users')
}
