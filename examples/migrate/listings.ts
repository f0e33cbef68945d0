import { createReadStream } from 'node:fs'
import { readListingCsv } from 'ccass-2fa/listing-csv'
import type { ListingLines } from 'ccass-2fa/migration'

const header =
  'Organisation,User ID,Surname,Other Names,Email,User Status,Enable From,Disable After,Clearing House Options,Access Channel,SRN,Certificate Expiry Date,Remarks\n'

/** Accounts per participant in the generated listing. */
const perParticipant = 40

/** The n-th account as DMS would print it. Every 50th has no email, every 400th is disabled. */
const rowOf = (n: number): string => {
  const participant = `B${String(10_000 + Math.floor(n / perParticipant))}`
  const index = n % perParticipant
  const isAdministrator = index < 2
  const suffix = isAdministrator ? `X${index + 1}` : String(index).padStart(2, '0')
  const userId = participant + suffix
  const email = n % 50 === 49 ? '' : `${userId.toLowerCase()}@participant.example`
  const status = n % 400 === 399 ? 'DISABLED' : 'ENABLED'
  const srn = n.toString(16).toUpperCase().padStart(16, '0')
  const remark = isAdministrator ? 'Delegated Administrator' : ''
  return `${participant} GENERATED ${participant},${userId},HOLDER,NUMBER ${n},${email},${status},,,Cash,C3T,${srn},31-Dec-30 23:59:59,${remark}\n`
}

/** The text of a generated listing in pieces, so that it is never in memory as a whole. */
export async function* generatedListing(accounts: number): AsyncGenerator<string, void> {
  yield header
  for (let from = 0; from < accounts; from += 500) {
    const size = Math.min(500, accounts - from)
    yield Array.from({ length: size }, (_, i) => rowOf(from + i)).join('')
  }
}

/** The lines of a listing, from a file or generated. */
export const linesOf = async (
  listing: URL | string | { readonly accounts: number },
): Promise<ListingLines> => {
  const source =
    typeof listing === 'string' || listing instanceof URL
      ? () => createReadStream(listing)
      : generatedListing(listing.accounts)
  const read = await readListingCsv(source)
  if (read.isErr())
    throw new Error(`no User Profile Listing (${read.error.problem}): lacks ${read.error.missing.join(', ')}`)
  return read.value.rows
}
