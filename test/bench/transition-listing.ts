/**
 * Listings generated while they are read: any number of accounts, 200 per participant, never whole in memory.
 */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const perParticipant = 200

const header =
  'Organisation,User ID,Surname,Other Names,Email,User Status,Enable From,Disable After,Clearing House Options,Access Channel,SRN,Certificate Expiry Date,Remarks'

/** Two Delegated Administrators, then users; one in ten has no email. */
const lineOf = (index: number): string => {
  const place = index % perParticipant
  const participant = `B${`${Math.floor(index / perParticipant)}`.padStart(5, '0')}`
  const isAdministrator = place < 2
  const suffix = isAdministrator
    ? `X${place + 1}`
    : `${alphabet[Math.floor(place / 36)]}${alphabet[place % 36]}`
  const userId = `${participant}${suffix}`
  const email = index % 10 === 9 ? '' : `${userId.toLowerCase()}@participant.example`
  const remark = isAdministrator ? 'Delegated Administrator' : ''
  return `${participant} EXAMPLE SECURITIES LIMITED,${userId},CHAN,TAI MAN,${email},ENABLED,01/01/03,,Cash,C3T,0101101200012AB2,31-Dec-30 23:59:59,${remark}`
}

const quoted = (line: string) =>
  line
    .split(',')
    .map((cell) => `"${cell}"`)
    .join(',')

/** The bytes of a listing, in pieces of about 64 KB, as a file gives them. */
export function* listingOf(accounts: number, inQuotes = false): Generator<Buffer, void> {
  let piece = `${header}\n`
  for (let index = 0; index < accounts; index++) {
    const line = lineOf(index)
    piece += `${inQuotes ? quoted(line) : line}\n`
    if (piece.length < 65_536) continue
    yield Buffer.from(piece)
    piece = ''
  }
  yield Buffer.from(piece)
}
