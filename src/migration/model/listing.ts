import { err, ok, type Result } from 'neverthrow'
import { type Profile, type ProfileChanges, type Smartcard, withChanges } from '../../account/profile.ts'
import { isDayRange } from '../../fields/day-range.ts'
import { isEmailAddress } from '../../fields/email-address.ts'
import { maxPersonNameLength } from '../../fields/person-name.ts'
import { isSmartcardSerial } from '../../fields/smartcard-serial.ts'
import { isPrintable, looksLikeFormula, maxProfileText } from '../../fields/text.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import type { Role } from '../../identity/role.ts'
import {
  parseUserId,
  type SeochOrder,
  type UserId,
  type ValidatedUserId,
  validateUserId,
} from '../../identity/user-id.ts'
import { asciiLowerCase, asciiUpperCase } from '../../kernel/ascii-case.ts'
import type { HongKongDay } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import {
  type DateOrder,
  dateOrderOf,
  type ReadDate,
  readSpreadsheetDay,
  readSpreadsheetExpiry,
} from './listing-date.ts'
import { cut, type ListingColumn, type ListingHeader, listingColumns } from './listing-header.ts'

/**
 * What is wrong with one cell, or with a line as a whole.
 *
 * @category Migration
 */
export type ListingProblemCode =
  | 'no-such-format'
  | 'remark-without-administrator-id'
  | 'administrator-id-without-remark'
  | 'unknown-status'
  | 'no-such-date'
  /**
   * The day is valid in both orders of day and month, and another date in the listing is valid only month
   * first.
   */
  | 'ambiguous-date'
  /** The date is valid only month first, but dates of earlier lines were read with the day first. */
  | 'date-order-in-doubt'
  | 'dates-reversed'
  /**
   * Not a serial number, e.g. `1.01101E+23`: a spreadsheet replaced a long number, and its digits are lost.
   */
  | 'no-such-serial-number'
  /** A spreadsheet error, e.g. `#NAME?` or `####`: the original text is lost. */
  | 'spreadsheet-error'
  | 'missing-cell'
  | 'too-long'
  | 'unprintable'
  /** From the byte reader: the bytes are invalid in the file's encoding, e.g. Big5 read as UTF-8. */
  | 'wrong-encoding'
  /** From the byte reader: the line has too few or too many cells, or a quote is not closed. */
  | 'broken-line'

/**
 * One problem of a line.
 *
 * @category Migration
 */
export interface ListingProblem {
  readonly code: ListingProblemCode
  readonly rule: RuleId
  /** Absent if the problem concerns the whole line. */
  readonly column?: ListingColumn
}

/**
 * A line that can't be read, with everything that is wrong with it.
 *
 * @category Migration
 */
export interface UnreadableLine {
  /** The User ID as given, cut at 64 characters; can be empty or arbitrary text. */
  readonly userId: string
  /** The participant, if the User ID can be read. */
  readonly participant?: ParticipantKey
  readonly problems: readonly ListingProblem[]
}

/**
 * Something unusual about a line that can still be read.
 *
 * @category Migration
 */
export type ListingWarning =
  /** The email is malformed. The account is read as one without email. */
  | 'invalid-email'
  /**
   * The ID looks like a Delegated Administrator's, but the remark is missing. It is read as a user's (ID-09).
   */
  | 'looks-like-administrator'
  | 'unknown-remark'
  /** SRN or certificate expiry is missing. The account is read as one without smartcard. */
  | 'smartcard-incomplete'
  | 'no-smartcard'
  /** A date does not have the format that DMS prints. It was read with the day first. */
  | 'date-rewritten'
  /** Spreadsheet markup around a text was removed: `="…"` or a leading apostrophe. */
  | 'spreadsheet-text'
  /** A spreadsheet would run the text as a formula: it begins with `=`, `+`, `-`, `@` or a full-width form. */
  | 'looks-like-formula'
  /** The number has fewer than 16 digits, or zeros after the 15 digits that a spreadsheet keeps. */
  | 'doubtful-serial-number'
  /** The row ended early. The missing cells were read as empty. */
  | 'cells-missing'

/**
 * One account of a listing.
 *
 * @category Migration
 */
export interface ListedAccount {
  readonly userId: UserId
  readonly role: Role
  readonly participant: ParticipantKey
  /** The first word of the organisation, e.g. `B01234` of `B01234 ABC SECURITIES`. */
  readonly organisationCode: string
  readonly profile: Profile
  readonly warnings: readonly ListingWarning[]
}

/**
 * The cells of a line by column name; other properties are not read.
 *
 * @category Migration
 */
export type ListingRow = Readonly<Record<string, unknown>>

/** The maximum length of a cell, in characters. */
const longest = 512

/**
 * The maximum lengths of texts that a profile stores, the same as for every other source (FLD-02, FLD-05).
 */
const longestText: Readonly<Partial<Record<ListingColumn, number>>> = {
  Organisation: maxProfileText,
  Surname: maxPersonNameLength,
  'Other Names': maxPersonNameLength,
  'Clearing House Options': maxProfileText,
  'Access Channel': maxProfileText,
}

const problem = (code: ListingProblemCode, rule: RuleId, column?: ListingColumn): ListingProblem =>
  column === undefined ? { code, rule } : { code, rule, column }

/** Whether a spreadsheet shows this text instead of a value. */
const isSpreadsheetError = (text: string) => /^#(?:NAME\?|REF!|VALUE!|N\/A|DIV\/0!|NUM!|NULL!|#+)$/.test(text)

const faultOfCell = (cell: unknown, column: ListingColumn): ListingProblem | undefined => {
  if (typeof cell !== 'string') return problem('missing-cell', 'API-01', column)
  if (cell === '') return undefined
  if (cell.length > longest) return problem('too-long', 'API-01', column)
  if (isSpreadsheetError(cell.trim())) return problem('spreadsheet-error', 'MIG-24', column)
  if (/[\p{Cc}\p{Surrogate}]/u.test(cell)) return problem('unprintable', 'API-01', column)
  const maximum = longestText[column]
  if (maximum === undefined) return undefined
  const text = cell.trim()
  const rule = column === 'Surname' || column === 'Other Names' ? 'FLD-02' : 'FLD-05'
  if (!isPrintable(text)) return problem('unprintable', rule, column)
  return text.length > maximum ? problem('too-long', rule, column) : undefined
}

/** @rule DMS-06 */
const isAdministratorRemark = (remark: string) =>
  asciiLowerCase(remark.replace(/\s+/g, ' ')) === 'delegated administrator' // lint-language-ignore: compared in lower case

const admit = (text: string, remark: string, order: SeochOrder): Result<ValidatedUserId, ListingProblem> => {
  const role: Role = isAdministratorRemark(remark) ? 'DelegatedAdministrator' : 'User'
  return validateUserId(text, role, 'imported', order).mapErr(({ rule }) => {
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
  const parsed = parseUserId(typeof idText === 'string' ? idText : '', seochOrder)
  return {
    userId: cut(idText),
    ...(parsed.isOk() ? { participant: parsed.value.participant } : {}),
    problems,
  }
}

type Texts = Readonly<Record<ListingColumn, string>>

/** The texts of a line, and whether spreadsheet markup was removed from any of them. */
interface LineTexts {
  readonly texts: Texts
  readonly isUnwrapped: boolean
}

/** Columns whose texts never begin with an apostrophe. Names can (`'t Hart`), and so can mailboxes. */
const withoutApostrophe: readonly ListingColumn[] = [
  'User ID',
  'User Status',
  'Enable From',
  'Disable After',
  'SRN',
  'Certificate Expiry Date',
  'Remarks',
]

/** Removes the markup that a spreadsheet puts around a cell to keep it a text. */
const unwrapped = (cell: string, column: ListingColumn): string => {
  const constant = /^=\s*"([^"]*)"$/.exec(cell)?.[1]
  if (constant !== undefined) return constant
  return cell.startsWith("'") && withoutApostrophe.includes(column) ? cell.slice(1) : cell
}

/**
 * The texts of a line, trimmed except for the User ID (ID-08); or the problems of cells that are not text.
 */
const textsOf = (cells: ListingRow): LineTexts | readonly ListingProblem[] => {
  const texts: Partial<Record<ListingColumn, string>> = {}
  const broken: ListingProblem[] = []
  let isUnwrapped = false
  for (const column of listingColumns) {
    const cell = cells[column]
    const fault = faultOfCell(cell, column)
    if (fault !== undefined) broken.push(fault)
    if (typeof cell !== 'string') continue
    const text = unwrapped(cell, column)
    isUnwrapped ||= text !== cell
    texts[column] = column === 'User ID' ? text : text.replaceAll('\u00a0', ' ').trim()
  }
  // A column without a text is broken: here each has one.
  return broken.length > 0 ? broken : { texts: texts as Texts, isUnwrapped }
}

/** Reads a day: the day, nothing if the cell is empty, or a problem. */
const dayIn = (
  texts: Texts,
  column: 'Enable From' | 'Disable After',
  dates: DatesOfListing,
): ReadDate<HongKongDay> | null | ListingProblem => {
  const text = texts[column]
  return text === '' ? null : dated(text, column, 'ACC-05', dates, readSpreadsheetDay)
}

/** Reads the date of a column, or returns its problem. */
const dated = <Value>(
  text: string,
  column: ListingColumn,
  rule: RuleId,
  dates: DatesOfListing,
  read: (text: string) => ReadDate<Value> | undefined,
): ReadDate<Value> | ListingProblem => {
  const order = dateOrderOf(text)
  if (order === 'either' && dates === 'in-doubt') return problem('ambiguous-date', 'MIG-24', column)
  if (order === 'month-first' && dates === 'read-day-first')
    return problem('date-order-in-doubt', 'MIG-24', column)
  return read(text) ?? problem('no-such-date', rule, column)
}

/** Reads a smartcard: the card, nothing if the cells are empty, or a problem. */
const smartcardIn = (
  texts: Texts,
  dates: DatesOfListing,
): { readonly card: Smartcard; readonly asPrinted: boolean } | ListingWarning | readonly ListingProblem[] => {
  const { SRN: srn, 'Certificate Expiry Date': printed } = texts
  if (srn === '' && printed === '') return 'no-smartcard'
  const problems: ListingProblem[] = []
  if (srn !== '' && !isSmartcardSerial(srn)) problems.push(problem('no-such-serial-number', 'FLD-03', 'SRN'))
  const expiry =
    printed === ''
      ? undefined
      : dated(printed, 'Certificate Expiry Date', 'ACC-04', dates, readSpreadsheetExpiry)
  if (expiry !== undefined && 'code' in expiry) return [...problems, expiry]
  if (problems.length > 0) return problems
  return srn === '' || expiry === undefined
    ? 'smartcard-incomplete'
    : { card: { srn, certificateExpiry: expiry.value }, asPrinted: expiry.asPrinted }
}

/** Whether a spreadsheet may have dropped the leading digits of a number or rounded the last ones. */
const isDoubtfulSerial = (srn: string) =>
  /^\d+$/.test(srn) && (srn.length < 16 || (/0$/.test(srn) && !srn.startsWith('0')))

const statusIn = (texts: Texts): Profile['status'] | undefined => {
  const status = asciiUpperCase(texts['User Status'])
  return status === 'ENABLED' || status === 'DISABLED' ? status : undefined
}

/** Columns whose texts can begin like a formula and are read nevertheless. An email can begin with `=` or `+`. */
const freeTexts: readonly ListingColumn[] = [
  'Organisation',
  'Surname',
  'Other Names',
  'Email',
  'Clearing House Options',
  'Access Channel',
  'Remarks',
]

/** The warnings for the texts of a readable line. */
const textWarnings = (
  { texts, isUnwrapped }: LineTexts,
  isRewritten: boolean,
  isCardRead: boolean,
): readonly ListingWarning[] => {
  const warnings: ListingWarning[] = []
  if (isRewritten) warnings.push('date-rewritten')
  if (isUnwrapped) warnings.push('spreadsheet-text')
  if (freeTexts.some((column) => looksLikeFormula(texts[column]))) warnings.push('looks-like-formula')
  if (isCardRead && isDoubtfulSerial(texts.SRN)) warnings.push('doubtful-serial-number')
  return warnings
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
 * What the dates of a listing show about the order of day and month. `day-first`: nothing contradicts the
 * order that DMS prints. `in-doubt`: a date in the listing is valid only month first. `read-day-first`: such
 * a date follows lines whose ambiguous dates were already read with the day first.
 *
 * @rule MIG-24
 */
export type DatesOfListing = 'day-first' | 'in-doubt' | 'read-day-first'

/**
 * Returns what the dates of a row show about the order of day and month; the strongest evidence decides.
 *
 * @internal
 */
export const dateOrderOfRow = (header: ListingHeader, cells: readonly string[]): DateOrder => {
  let found: DateOrder = 'day-first'
  for (const column of ['Enable From', 'Disable After', 'Certificate Expiry Date'] as const) {
    const text = cells[header.positions[column]]
    if (typeof text !== 'string' || text.length > longest) continue
    const order = dateOrderOf(unwrapped(text, column).trim())
    if (order === 'month-first') return order
    if (order === 'either') found = order
  }
  return found
}

/**
 * Reads one line of a listing. Cells are trimmed, except for the User ID (ID-08). The remark "Delegated
 * Administrator" marks a DA, whose ID must have a DA's format (DMS-06); without it the account is a user's,
 * with a warning if its ID looks like a DA's (ID-09). Every field has the same schema as for every other
 * source (FLD-01 to FLD-05). Text that a spreadsheet changed is read if it is unambiguous, with a warning
 * (MIG-24).
 *
 * @param row - the texts by column; properties with other names are not read.
 * @param dates - what the listing's other dates show about the order of day and month.
 * @returns the account with its warnings; or everything that is wrong with the line.
 * @rule MIG-16
 * @rule MIG-24
 * @rule DMS-06
 * @rule ID-09
 * @category Migration
 */
export const readListingRow = (
  row: ListingRow,
  seochOrder: SeochOrder = 'as-example',
  dates: DatesOfListing = 'day-first',
): Result<ListedAccount, UnreadableLine> => {
  const cells: ListingRow = typeof row === 'object' && row !== null ? row : {}
  const lineTexts = textsOf(cells)
  const idText = 'texts' in lineTexts ? lineTexts.texts['User ID'] : cells['User ID']
  const unreadable = (problems: readonly ListingProblem[]) =>
    err(unreadableLine(idText, seochOrder, problems))
  if (!('texts' in lineTexts)) return unreadable(lineTexts)
  const { texts } = lineTexts

  const admitted = admit(texts['User ID'], texts.Remarks, seochOrder)
  const status = statusIn(texts)
  const enableFrom = dayIn(texts, 'Enable From', dates)
  const disableAfter = dayIn(texts, 'Disable After', dates)
  const card = smartcardIn(texts, dates)
  const problems = admitted.isErr() ? [admitted.error] : []
  if (status === undefined) problems.push(problem('unknown-status', 'ACC-05', 'User Status'))
  if (enableFrom !== null && 'code' in enableFrom) problems.push(enableFrom)
  if (disableAfter !== null && 'code' in disableAfter) problems.push(disableAfter)
  if (Array.isArray(card)) problems.push(...card)
  const days = { enableFrom: dayOrNone(enableFrom), disableAfter: dayOrNone(disableAfter) }
  if (!isDayRange(days)) problems.push(problem('dates-reversed', 'FLD-04', 'Disable After'))
  if (admitted.isErr() || status === undefined || problems.length > 0) return unreadable(problems)

  const { userId, role, participant } = admitted.value
  const validEmail = isEmailAddress(texts.Email) && !texts.Email.startsWith("'")
  const warnings: ListingWarning[] = [...admitted.value.warnings]
  if (texts.Email !== '' && !validEmail) warnings.push('invalid-email')
  if (texts.Remarks !== '' && role === 'User') warnings.push('unknown-remark')
  if (typeof card === 'string') warnings.push(card)
  const smartcard = typeof card === 'object' && 'card' in card ? card : null
  const isRewritten = [enableFrom, disableAfter, smartcard].some(
    (read) => read !== null && 'asPrinted' in read && !read.asPrinted,
  )
  warnings.push(...textWarnings(lineTexts, isRewritten, smartcard !== null))
  return ok({
    userId,
    role,
    participant,
    organisationCode: texts.Organisation.split(' ', 1)[0] ?? '',
    profile: profileIn(texts, status, {
      email: validEmail ? texts.Email : null,
      ...days,
      smartcard: smartcard?.card ?? null,
    }),
    warnings,
  })
}

const dayOrNone = (read: ReadDate<HongKongDay> | null | ListingProblem): HongKongDay | null =>
  read !== null && 'value' in read ? read.value : null

/** A line whose cells can't be separated; the byte reader returns it. */
export const brokenLine: UnreadableLine = { userId: '', problems: [problem('broken-line', 'API-01')] }

/** The columns that every row must contain: a row that ends before one of them is broken. */
const needed: readonly ListingColumn[] = ['Organisation', 'User ID', 'Surname', 'Other Names', 'User Status']

/**
 * Reads one line of a listing from its cells, in the header's order. Spreadsheets omit empty cells at the end
 * of a row, and add some: missing cells at the end are read as empty, with a warning; extra empty cells are
 * ignored.
 *
 * @returns as {@link readListingRow}; or `broken-line` if the row ends before its status, or has text beyond
 * the header's last column.
 * @rule MIG-16
 * @rule MIG-24
 * @category Migration
 */
export const readListingCells = (
  header: ListingHeader,
  cells: readonly string[],
  seochOrder: SeochOrder = 'as-example',
  dates: DatesOfListing = 'day-first',
): Result<ListedAccount, UnreadableLine> => {
  if (!Array.isArray(cells)) return err(brokenLine)
  const { positions, width } = header
  const row: Record<string, unknown> = {}
  for (const column of listingColumns)
    row[column] = positions[column] < cells.length ? cells[positions[column]] : ''
  const isBroken =
    needed.some((column) => positions[column] >= cells.length) ||
    cells.slice(width).some((cell) => typeof cell !== 'string' || cell.trim() !== '')
  if (isBroken) {
    const broken = unreadableLine(row['User ID'], seochOrder, brokenLine.problems)
    return err(broken)
  }
  const read = readListingRow(row, seochOrder, dates)
  const isShort = listingColumns.some((column) => positions[column] >= cells.length)
  return isShort
    ? read.map((account) => ({ ...account, warnings: [...account.warnings, 'cells-missing'] }))
    : read
}
