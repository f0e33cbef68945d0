import { err, ok, type Result } from 'neverthrow'
import { type Profile, type ProfileChanges, type Smartcard, withChanges } from '../../account/profile.ts'
import { isEmailAddress } from '../../fields/email-address.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import type { Role } from '../../identity/role.ts'
import {
  type AdmittedUserId,
  admitUserId,
  parseUserId,
  type SeochOrder,
  type UserId,
} from '../../identity/user-id.ts'
import type { HongKongDay } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { readCertificateExpiry, readListedDay } from './listing-date.ts'
import { cut, type ListingColumn, type ListingHeader, listingColumns } from './listing-header.ts'

/** What is wrong with one cell, or with a line as a whole. */
export type ListingFault =
  | 'no-such-format'
  | 'remark-without-administrator-id'
  | 'administrator-id-without-remark'
  | 'unknown-status'
  | 'no-such-date'
  | 'missing-cell'
  | 'too-long'
  | 'unprintable'
  /** For the reader of the bytes: they are no text in the file's encoding, e.g. Big5 where UTF-8 is read. */
  | 'wrong-encoding'
  /** For the reader of the bytes: the line has too few or too many cells, or its quotes don't end. */
  | 'broken-line'

/** One thing that is wrong with a line. */
export interface ListingProblem {
  readonly fault: ListingFault
  readonly rule: RuleId
  /** Absent: the line as a whole. */
  readonly column?: ListingColumn
}

/** A line that can't be read, with everything that is wrong with it. */
export interface UnreadableLine {
  /** As given, cut at 64 characters; may be empty, or anything. */
  readonly userId: string
  /** Whose line it is, if its User ID can be read. */
  readonly participant?: ParticipantKey
  readonly problems: readonly ListingProblem[]
}

/** Something odd about a line that can be read all the same. */
export type ListingWarning =
  /** The email is none: the account is taken as one without. */
  | 'invalid-email'
  /** The ID looks like a Delegated Administrator's, the remark is missing: taken as a user's (ID-09). */
  | 'looks-like-administrator'
  | 'unknown-remark'
  /** One of SRN and certificate expiry is missing: taken as an account without smartcard. */
  | 'smartcard-incomplete'
  | 'no-smartcard'

/** One account of a listing. */
export interface ListedAccount {
  readonly userId: UserId
  readonly role: Role
  readonly participant: ParticipantKey
  /** The first word of the organisation, e.g. `B01234` of `B01234 ABC SECURITIES`. */
  readonly organisationCode: string
  readonly profile: Profile
  readonly warnings: readonly ListingWarning[]
}

/** A line as columns and texts; other members are not read. */
export type ListingRow = Readonly<Record<string, unknown>>

/** The longest text of a cell. */
const longest = 512

const problem = (fault: ListingFault, rule: RuleId, column?: ListingColumn): ListingProblem =>
  column === undefined ? { fault, rule } : { fault, rule, column }

const faultOfCell = (cell: unknown): ListingFault | undefined => {
  if (typeof cell !== 'string') return 'missing-cell'
  if (cell.length > longest) return 'too-long'
  return cell !== '' && /[\p{Cc}\p{Surrogate}]/u.test(cell) ? 'unprintable' : undefined
}

/** @rule DMS-06 */
const isAdministratorRemark = (remark: string) =>
  remark.replace(/\s+/g, ' ').toLowerCase() === 'delegated administrator' // lint-language-ignore: compared in lower case

const admit = (text: string, remark: string, order: SeochOrder): Result<AdmittedUserId, ListingProblem> => {
  const role: Role = isAdministratorRemark(remark) ? 'DelegatedAdministrator' : 'User'
  return admitUserId(text, role, 'imported', order).mapErr(({ rule }) => {
    const ofOtherRole = parseUserId(text, order).isOk()
    if (!ofOtherRole) return problem('no-such-format', rule, 'User ID')
    return role === 'User'
      ? problem('administrator-id-without-remark', 'ID-09', 'Remarks')
      : problem('remark-without-administrator-id', 'DMS-06', 'User ID')
  })
}

const unreadableLine = (
  idText: unknown,
  seochOrder: SeochOrder,
  problems: readonly ListingProblem[],
): UnreadableLine => {
  const parsed = parseUserId(idText as string, seochOrder)
  return {
    userId: cut(idText),
    ...(parsed.isOk() ? { participant: parsed.value.participant } : {}),
    problems,
  }
}

type Texts = Readonly<Record<ListingColumn, string>>

/** A day, none (empty), or no such day. */
const dayIn = (texts: Texts, column: 'Enable From' | 'Disable After'): HongKongDay | null | undefined =>
  texts[column] === '' ? null : readListedDay(texts[column])

/** A smartcard, none (empty), or what is wrong with it. */
const cardIn = (texts: Texts): Smartcard | ListingWarning | 'no-such-date' => {
  const { SRN: srn, 'Certificate Expiry Date': printed } = texts
  if (srn === '' && printed === '') return 'no-smartcard'
  const certificateExpiry = readCertificateExpiry(printed)
  if (printed !== '' && certificateExpiry === undefined) return 'no-such-date'
  return srn === '' || certificateExpiry === undefined ? 'smartcard-incomplete' : { srn, certificateExpiry }
}

const statusIn = (texts: Texts): Profile['status'] | undefined => {
  const status = texts['User Status'].toUpperCase()
  return status === 'ENABLED' || status === 'DISABLED' ? status : undefined
}

/** The texts of a line, trimmed; or the cells that are none. */
const textsOf = (cells: ListingRow): Texts | readonly ListingProblem[] => {
  const texts: Partial<Record<ListingColumn, string>> = {}
  const broken: ListingProblem[] = []
  for (const column of listingColumns) {
    const cell = cells[column]
    const fault = faultOfCell(cell)
    if (fault !== undefined) broken.push(problem(fault, 'API-01', column))
    texts[column] = typeof cell === 'string' ? cell.trim() : ''
  }
  return broken.length > 0 ? broken : (texts as Texts)
}

const profileIn = (
  texts: Texts,
  status: Profile['status'],
  values: Pick<ProfileChanges, 'email' | 'enableFrom' | 'disableAfter' | 'smartcard'>,
): Profile => {
  const members: ProfileChanges = {
    organisation: texts.Organisation || null,
    surname: texts.Surname || null,
    otherNames: texts['Other Names'] || null,
    clearingHouseOptions: texts['Clearing House Options'] || null,
    accessChannel: texts['Access Channel'] || null,
    ...values,
  }
  return withChanges({ status }, members)
}

/**
 * Reads one line of a listing. Cells are trimmed, but for the User ID (ID-08). The remark "Delegated
 * Administrator" tells a DA, whose ID must then have a DA's shape (DMS-06); without it the account is a
 * user's, with a warning where its ID looks like a DA's (ID-09).
 *
 * @param row - the texts by column; members of other names are not read.
 * @returns the account, with what is odd about it; or everything that is wrong with the line.
 * @rule MIG-16
 * @rule DMS-06
 * @rule ID-09
 */
export const readListingRow = (
  row: ListingRow,
  seochOrder: SeochOrder = 'as-example',
): Result<ListedAccount, UnreadableLine> => {
  const cells: ListingRow = typeof row === 'object' && row !== null ? row : {}
  const idText = cells['User ID']
  const unreadable = (problems: readonly ListingProblem[]) =>
    err(unreadableLine(idText, seochOrder, problems))
  const texts = textsOf(cells)
  if (!('Organisation' in texts)) return unreadable(texts)

  const admitted = admit(`${idText}`, texts.Remarks, seochOrder)
  const status = statusIn(texts)
  const enableFrom = dayIn(texts, 'Enable From')
  const disableAfter = dayIn(texts, 'Disable After')
  const card = cardIn(texts)
  const problems = admitted.isErr() ? [admitted.error] : []
  if (status === undefined) problems.push(problem('unknown-status', 'ACC-05', 'User Status'))
  if (enableFrom === undefined) problems.push(problem('no-such-date', 'ACC-05', 'Enable From'))
  if (disableAfter === undefined) problems.push(problem('no-such-date', 'ACC-05', 'Disable After'))
  if (card === 'no-such-date') problems.push(problem('no-such-date', 'ACC-04', 'Certificate Expiry Date'))
  if (admitted.isErr() || status === undefined || card === 'no-such-date' || problems.length > 0)
    return unreadable(problems)

  const { userId, role, participant } = admitted.value
  const validEmail = isEmailAddress(texts.Email)
  const warnings: ListingWarning[] = [...admitted.value.warnings]
  if (texts.Email !== '' && !validEmail) warnings.push('invalid-email')
  if (texts.Remarks !== '' && role === 'User') warnings.push('unknown-remark')
  if (typeof card === 'string') warnings.push(card)
  return ok({
    userId,
    role,
    participant,
    organisationCode: texts.Organisation.split(' ', 1)[0] ?? '',
    profile: profileIn(texts, status, {
      email: validEmail ? texts.Email : null,
      enableFrom: enableFrom ?? null,
      disableAfter: disableAfter ?? null,
      smartcard: typeof card === 'object' ? card : null,
    }),
    warnings,
  })
}

/** A line whose cells can't be told apart, for the reader of the bytes. */
export const brokenLine: UnreadableLine = { userId: '', problems: [problem('broken-line', 'API-01')] }

/**
 * One line of a listing from its cells, in the header's order.
 *
 * @returns as {@link readListingRow}; or `broken-line` where the number of cells is not the header's.
 * @rule MIG-16
 */
export const readListingCells = (
  header: ListingHeader,
  cells: readonly string[],
  seochOrder: SeochOrder = 'as-example',
): Result<ListedAccount, UnreadableLine> => {
  if (!Array.isArray(cells) || cells.length !== header.width) return err(brokenLine)
  const row: Record<string, string | undefined> = {}
  for (const column of listingColumns) row[column] = cells[header.positions[column]]
  return readListingRow(row, seochOrder)
}
