import { err, ok, type Result } from 'neverthrow'

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
 * Where each column stands in a listing, and what stands there besides.
 *
 * @category Migration
 */
export interface ListingHeader {
  readonly positions: Readonly<Record<ListingColumn, number>>
  /** How many columns the listing has. */
  readonly width: number
  /** Columns that no listing has; they are not read. At most 20 are told, each cut at 64 characters. */
  readonly unknown: readonly string[]
}

/**
 * Why something is no User Profile Listing.
 *
 * @category Migration
 */
export interface NotAListing {
  readonly code: 'not-a-listing'
  readonly rule: 'API-01'
  readonly missing: readonly ListingColumn[]
  readonly repeated: readonly ListingColumn[]
}

/** The most characters of a text of unknown origin that an answer repeats. */
const most = 64

/**
 * A text of unknown origin, cut so that an answer can repeat it.
 *
 * @internal
 */
export const cut = (text: unknown): string => (typeof text === 'string' ? text.slice(0, most) : '')

const plain = (name: unknown): string =>
  cut(name)
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase()

/**
 * Reads the first line of a listing: its columns in any order, in any letter case; a byte order mark and
 * blanks around a name do no harm.
 *
 * @returns where each column stands; or `not-a-listing`, with the columns that are missing or there twice.
 * @rule MIG-16
 * @category Migration
 */
export const readListingHeader = (names: readonly string[]): Result<ListingHeader, NotAListing> => {
  const found = (Array.isArray(names) ? names : []).map(plain)
  const known: readonly string[] = listingColumns.map(plain)
  const missing = listingColumns.filter((column) => !found.includes(plain(column)))
  const repeated = listingColumns.filter(
    (column) => found.indexOf(plain(column)) !== found.lastIndexOf(plain(column)),
  )
  if (missing.length + repeated.length > 0)
    return err({ code: 'not-a-listing', rule: 'API-01', missing, repeated })
  const positions = Object.fromEntries(listingColumns.map((column) => [column, found.indexOf(plain(column))]))
  return ok({
    positions: positions as Record<ListingColumn, number>,
    width: found.length,
    unknown: names
      .filter((name) => plain(name) !== '' && !known.includes(plain(name)))
      .slice(0, 20)
      .map(cut),
  })
}
