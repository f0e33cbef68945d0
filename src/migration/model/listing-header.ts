import { err, ok, type Result } from 'neverthrow'
import { asciiLowerCase } from '../../kernel/ascii-case.ts'
import { tableOf } from '../../kernel/typed-entries.ts'

/**
 * The columns of a User Profile Listing, in the order in which DMS prints them.
 *
 * @rule DMS-07
 * @category Migration
 */
export const listingColumns = [
  'Organisation',
  'User ID',
  'Surname',
  'Other Names',
  'Email',
  'User Status',
  'Enable From',
  'Disable After',
  'Clearing House Options',
  'Access Channel',
  'SRN',
  'Certificate Expiry Date',
  'Remarks',
] as const

/**
 * One column of a User Profile Listing.
 *
 * @category Migration
 */
export type ListingColumn = (typeof listingColumns)[number]

/**
 * The position of each column in a listing, and the names of unknown columns.
 *
 * @category Migration
 */
export interface ListingHeader {
  readonly positions: Readonly<Record<ListingColumn, number>>
  /** The number of columns in the listing. */
  readonly width: number
  /** Names of columns that no listing has, which are not read: at most 20, each cut at 64 characters. */
  readonly unknown: readonly string[]
}

/**
 * Why a file is not a User Profile Listing.
 *
 * @category Migration
 */
export interface NotAListing {
  readonly code: 'not-a-listing'
  readonly rule: 'API-01'
  readonly missing: readonly ListingColumn[]
  readonly repeated: readonly ListingColumn[]
}

/** The maximum length of untrusted text that a result repeats, in characters. */
const maxColumns = 64

/**
 * Cuts untrusted text so that a result can repeat it.
 *
 * @internal
 */
export const cut = (text: unknown): string => (typeof text === 'string' ? text.slice(0, maxColumns) : '')

const plain = (name: unknown): string =>
  asciiLowerCase(
    cut(name)
      .replace(/^\uFEFF/, '')
      .trim()
      .replace(/\s+/g, ' '),
  )

const plainColumns: readonly string[] = /* @__PURE__ */ listingColumns.map(plain)

/**
 * Reads the first line of a listing. Columns can be in any order and in capitals or small letters; a byte order mark and
 * spaces around names are ignored.
 *
 * @returns the position of each column; or `not-a-listing`, with the columns that are missing or duplicated.
 * @rule MIG-16
 * @category Migration
 */
export const readListingHeader = (names: readonly string[]): Result<ListingHeader, NotAListing> => {
  const found = (Array.isArray(names) ? names : []).map(plain)
  const places = plainColumns.map((column) => found.indexOf(column))
  const missing = listingColumns.filter((_, i) => places[i] === -1)
  const repeated = listingColumns.filter((_, i) => places[i] !== found.lastIndexOf(plainColumns[i] ?? ''))
  if (missing.length + repeated.length > 0)
    return err({ code: 'not-a-listing', rule: 'API-01', missing, repeated })
  return ok({
    positions: tableOf(listingColumns, (column) => found.indexOf(plain(column))),
    width: found.length,
    unknown: names
      .filter((_, i) => found[i] !== '' && !plainColumns.includes(found[i] ?? ''))
      .slice(0, 20)
      .map(cut),
  })
}
