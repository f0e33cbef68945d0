import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { SupportNeed } from '../../access-control/authority.ts'
import { channelOf } from '../../account/channel.ts'
import { type ProfileChanges, profileOf } from '../../account/profile.ts'
import { type Account, isExistingAccount } from '../../account/state.ts'
import type { UserId } from '../../identity/user-id.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'

/**
 * What a maker enters on one of DMS's pages: Create, Change or Delete User Profile.
 *
 * @rule DMS-01
 * @rule DMS-03
 * @category DMS
 */
export type ProfileEntry =
  | { readonly kind: 'create'; readonly userId: UserId; readonly profile: ProfileChanges }
  | {
      readonly kind: 'change'
      readonly userId: UserId
      readonly changes: ProfileChanges
      /** The button "Unlock/Reset OTP Device Registration". */
      readonly unlock: boolean
    }
  | { readonly kind: 'delete'; readonly userId: UserId }

/**
 * The needs that an entry serves; all of them must go by way of the Delegated Administrators.
 *
 * @rule MNT-11
 * @category DMS
 */
export const supportNeedsOf = (entry: ProfileEntry): readonly SupportNeed[] => {
  if (entry.kind === 'create') return ['create-account']
  if (entry.kind === 'delete') return ['delete-account']
  const { email, userGroups, ...others } = entry.changes
  return [
    ...(entry.unlock ? (['unlock'] as const) : []),
    ...(email === undefined ? [] : (['register-email'] as const)),
    ...(userGroups === undefined ? [] : (['assign-business-groups'] as const)),
    ...(Object.keys(others).length === 0 ? [] : (['change-profile'] as const)),
  ]
}

const digest = (value: unknown) => bytesToHex(sha256(utf8ToBytes(canonicalJson(value))))

/**
 * The digest of exactly what was entered, for the profile as the maker saw it: what a checker approves is
 * this, and nothing else. The same entry, entered again for a profile that has changed, is another; and so is
 * the same entry after an amendment to something else.
 *
 * @param revision - the number of the entry under its request: 1 as entered, one more with each amendment.
 * @param seen - the {@link profileDigest} of that profile.
 * @returns SHA-256 in hex.
 * @rule DMS-05
 * @rule DMS-08
 * @category DMS
 */
export const entryDigest = (request: string, entry: ProfileEntry, seen: string, revision: number): string =>
  digest({ request, entry, seen, revision })

/**
 * The digest of what an entry is made on: the profile as the maker sees it, and for an unlock the OTP channel that
 * it voids. What the holder does alone (a sign-in, a new password, a lock by wrong codes) changes neither, so that
 * a user who is to be disabled cannot make the entry stale.
 *
 * @returns SHA-256 in hex.
 * @rule DMS-05
 * @category DMS
 */
export const profileDigest = (account: Account, entry: ProfileEntry): string =>
  digest(
    isExistingAccount(account)
      ? {
          profile: profileOf(account),
          ...(entry.kind === 'change' && entry.unlock ? { channel: channelOf(account) } : {}),
        }
      : { none: true },
  )
