import { readFile } from 'node:fs/promises'
import type { HongKongDay, ProfileChanges, Role } from 'ccass-2fa'
import { parse } from 'csv-parse/sync'

/** One line of a User Profile Listing, with the fields that the registry needs. */
export interface ListedAccount extends ProfileChanges {
  readonly userId: string
  readonly role: Role
}

/** `31/12/22` → `2022-12-31`. The screens print two digits of the year, always of this century. */
const dayOf = (printed: string): HongKongDay | undefined => {
  if (printed === '') return undefined
  const [, day, month, year] = /^(\d\d)\/(\d\d)\/(\d\d)$/.exec(printed) ?? []
  if (day === undefined) throw new Error(`"${printed}" is not a day as DD/MM/YY`)
  return `20${year}-${month}-${day}`
}

const accountOf = (row: Readonly<Record<string, string>>): ListedAccount => {
  const column = (name: string) => {
    const text = row[name]
    if (text === undefined) throw new Error(`the listing has no column "${name}"`)
    return text
  }
  return {
    userId: column('User ID'),
    role: column('Remarks') === 'Delegated Administrator' ? 'DelegatedAdministrator' : 'User',
    email: column('Email') || undefined,
    status: column('User Status') === 'DISABLED' ? 'DISABLED' : 'ENABLED',
    enableFrom: dayOf(column('Enable From')),
    disableAfter: dayOf(column('Disable After')),
  }
}

/** Reads a User Profile Listing. */
export const readListing = async (file: URL): Promise<readonly ListedAccount[]> => {
  const rows: Record<string, string>[] = parse(await readFile(file), { columns: true, bom: true })
  return rows.map(accountOf)
}
