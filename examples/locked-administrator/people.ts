import type { Eservices } from 'ccass-2fa'
import type { Host } from '../quickstart/host.ts'
import { readListing } from '../support/listing.ts'

/** A user of Client Connect, as a host knows them after their sign-in there. */
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

/** May fill in forms and check those of others. */
export const cheung = clientConnectUser('c.cheung', 'C Cheung', ['Maker', 'Checker'])
/** Checks forms. */
export const wong = clientConnectUser('d.wong', 'D Wong', ['Checker'])
/** Has both roles but not the access right, so cannot take part. */
export const ho = { ...clientConnectUser('f.ho', 'F Ho', ['Maker', 'Checker']), rights: [] }

/** All Client Connect users that the host knows. */
export const staff = [cheung, wong, ho]

/** The Delegated Administrator of this story, with the registered email. */
export const locked = { userId: 'B01234X1', email: 'da1@abc-securities.example' } as const
/** Another Delegated Administrator, whose email is wrong on the form. */
export const other = { userId: 'B01234X2', email: 'da2@abc-securities.example' } as const

/** Demonstration passwords. Never put real ones into source code. */
export const passwords = {
  first: 'Demo only: lantern fair 1881!',
  second: 'Demo only: dragon boat 1976!',
} as const

const listing = new URL('../data/user-profile-listing.csv', import.meta.url)

/** Imports the accounts of one participant. */
export const importParticipant = async ({ auth, trace }: Host): Promise<void> => {
  trace.heading('The accounts of B01234 are imported')
  const accounts = (await readListing(listing)).filter(({ userId }) => userId.startsWith('B01234'))
  for (const account of accounts) {
    const registered = await auth.registry.register({ ...account, origin: 'imported', by: 'import' })
    if (registered.isErr()) throw new Error(`${account.userId}: ${registered.error.code}`)
  }
  await trace.ok(
    'QTA-01',
    'HKEX sets a maximum of 20 accounts',
    auth.registry.setMaximum({ participant: 'B01234', maximum: 20, by: 'HKEX' }),
    ({ maximum, total, administrators, users }) => ({
      is: `${maximum} / ${total} / ${administrators} / ${users}`,
      mustBe: '20 / 6 / 2 / 4',
    }),
  )
  trace.aside('maximum / total / Delegated Administrators / users')
}
