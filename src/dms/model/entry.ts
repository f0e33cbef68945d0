import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { SupportNeed } from '../../access-control/authority.ts'
import { channelOf } from '../../account/channel.ts'
import { type ProfileChanges, profileOf } from '../../account/profile.ts'
import { type Account, isExistingAccount } from '../../account/state.ts'
import type { UserId } from '../../identity/user-id.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'

/**
 * A maker's entry on one of the DMS pages: Create, Change or Delete User Profile.
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
      /** Whether "Unlock/Reset OTP Device Registration" was pressed. */
      readonly unlock: boolean
    }
  | { readonly kind: 'delete'; readonly userId: UserId }

/**
 * Returns the support needs of an entry. The Delegated Administrators must be the support route for all of
 * them.
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
 * Computes the digest of an entry together with the profile that the maker saw. A checker approves exactly
 * this digest. The same entry has a different digest if the profile has changed, or if the request was
 * amended in between.
 *
 * @param revision - the number of the entry within its request: 1 at first, one more with each amendment.
 * @param seen - the {@link profileDigest} of that profile.
 * @returns SHA-256 in hex.
 * @rule DMS-05
 * @rule DMS-08
 * @category DMS
 */
export const entryDigest = (request: string, entry: ProfileEntry, seen: string, revision: number): string =>
  digest({ request, entry, seen, revision })

/**
 * Computes the digest of what an entry is based on: the profile as the maker sees it and, for an unlock, the
 * OTP channel that it resets. Actions of the holder (signing in, setting a password, locking the account by
 * wrong codes) change neither, so that a user who is to be disabled cannot make the entry stale.
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
