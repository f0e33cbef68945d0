import type { RuleId } from '../kernel/rule-id.ts'
import { entriesOf } from '../kernel/typed-entries.ts'

/**
 * One rule of the rulebook, with its statement and its source.
 *
 * @category Policy
 */
export interface Rule {
  /** The rule's number, e.g. `LOCK-02`. */
  readonly id: RuleId
  /**
   * The kind of source. `stated`: the briefing. `public`: another public document, named in `source`.
   * `interpretation`: our decision, where the briefing is silent or inconsistent.
   */
  readonly kind: 'stated' | 'public' | 'interpretation'
  /** The statement of the rule. */
  readonly statement: string
  /**
   * The source of the rule: the briefing's slide for a stated rule, the document's address for a public one, and the
   * interpreted text for an interpretation. If a public document confirms the rule, its address follows.
   */
  readonly source: string
  /** Whether a policy field can change it. */
  readonly tunable: boolean
}

type Entry = Omit<Rule, 'id'>

const stated = (source: string, statement: string): Entry => ({
  kind: 'stated',
  statement,
  source,
  tunable: false,
})
const interpretation = (source: string, statement: string): Entry => ({
  kind: 'interpretation',
  statement,
  source,
  tunable: false,
})
const published = (source: string, statement: string, isTunable = false): Entry => ({
  kind: 'public',
  statement,
  source,
  tunable: isTunable,
})
const tunable = (source: string, statement: string): Entry => ({
  kind: 'interpretation',
  statement,
  source,
  tunable: true,
})

/** HKEX's questions and answers on smartcards; its page on Client Connect; its page on the infrastructure. */
const faq = 'www.hkex.com.hk/eng/market/clr/secclr/ccass3/CCASS_FAQ4.htm'
const clientConnect = 'www.hkex.com.hk/Services/Platform-Services/Client-Connect/FAQ'
const infrastructure = 'www.hkex.com.hk/Services/Clearing/Securities/Infrastructure'

/**
 * A compliance firm's page on the circulars. It says that a user whose email is not registered by the deadline cannot
 * initiate 2FA, and that the registration of Delegated Administrators' emails starts on 20 March 2023.
 */
const compliancePage =
  'gcc-compliance.com/2023/03/01/change-of-authentication-for-ccass-terminal-i-reminder-of-email-registration-for-ccass-users-ii-kick-off-of-email-registration-for-ccass-delegated-administrators/'
const bankGuide =
  'www.hkex.com.hk/Services/Clearing/Securities/Infrastructure/CCASS-Terminal/CCASS-Terminal-User-Guide-for-Designated-Banks'

/** The vendor of the authenticator app that the briefing names: its product's defaults, not HKEX's settings. */
const vendor = 'docs.pingidentity.com/auth-node-ref/8/'

const entries: Readonly<Record<RuleId, Entry>> = {
  'ID-01': stated(
    'Overview; Implementation Approach',
    'A User ID has 8 characters and does not change when its account moves to 2FA.',
  ),
  'ID-02': stated(
    'Implementation Approach',
    'HKSCC. DA: Participant ID, one of X Y Z, one digit 1–9, e.g. `B01234X1`. User: Participant ID and 2 custom alphanumeric characters, e.g. `B0123401`.',
  ),
  'ID-03': stated('Implementation Approach', 'DB: the same structure as HKSCC, e.g. `BNK999X1`, `BNK99901`.'),
  'ID-04': stated(
    'Implementation Approach',
    'HKCC. DA: `HK`, Participant ID, one of 1–4, one of X Y Z, one digit 1–9, e.g. `HKABC1X1`. User: `HK`, Customer Code, one of 1–4, 2 custom alphanumeric characters, e.g. `HKABC101`.',
  ),
  'ID-05': stated('Implementation Approach', 'SEOCH. User: the same structure as HKCC, e.g. `HKABC201`.'),
  'ID-06': tunable(
    'Implementation Approach',
    'SEOCH. DA: the slide contradicts itself. Its text puts X/Y/Z before 1–4 (`HKABCX21`); its example, `HKABC2X1`, puts it after. We follow the example, because it agrees with every other HK row. Tunable: a mode that follows the text.',
  ),
  'ID-07': interpretation(
    `Implementation Approach; one letter and five digits, with the letters A, B and C: ${faq}`,
    'Participant ID: one capital letter and 5 digits for HKSCC; `BNK` and 3 digits for DB; 3 capital letters or digits for HKCC and SEOCH. "Participant ID" and "Customer Code" of HKCC and SEOCH are the same 3 characters.',
  ),
  'ID-08': interpretation(
    'the briefing is silent',
    'The canonical form is upper case. Lower case is accepted on input and converted. Anything else (surrounding blanks, other scripts, full-width forms) is refused, not trimmed.',
  ),
  'ID-09': interpretation(
    'the briefing is silent',
    "A user's 2 custom characters must not look like a DA's suffix (X/Y/Z and 1–9). Creation refuses such an ID; import accepts it with a warning, because HKEX assigned the existing IDs. This leaves 36² − 27 = 1,269 suffixes for users and 27 for DAs per Participant ID (HKCC and SEOCH: per Participant ID and digit 1–4).",
  ),
  'ID-10': interpretation(
    'the briefing is silent',
    'HKCC and SEOCH IDs have the same structure, so the clearing house cannot be determined from the ID. Parsing returns both candidates; a caller that needs one must name it.',
  ),
  'ID-11': stated(
    'Implementation Approach; Users Migration',
    'HKEX assigns DA IDs and assigned the IDs of existing users. From launch, a DA assigns the IDs of new users.',
  ),
  'ID-12': interpretation(
    'Users Migration (screen)',
    '"Generate User ID" proposes the lowest free suffix; the DA can choose another. If no suffix is free, the request is refused. A User ID is never reused, not even after its account was deleted. Concurrent creations never receive the same ID.',
  ),
  'PW-01': stated('Set up password', 'A password has at least 16 characters.'),
  'PW-02': stated(
    'Set up password',
    'A password contains at least one digit, one lower-case letter and one upper-case letter.',
  ),
  'PW-03': stated('Set up password', 'A password contains at least one special character from `!@#%&*()`.'),
  'PW-04': stated('Set up password', 'A new password is entered twice; both entries must match.'),
  'PW-05': interpretation(
    'the briefing is silent',
    'All unmet rules are reported together. Characters outside the classes are allowed and satisfy no class. Digits and letters of the classes are ASCII. Length counts the code points of the form that is hashed. Nothing is trimmed or case-folded; Unicode is normalised to NFC first, so that composed and decomposed input give the same password.',
  ),
  'PW-06': tunable(
    'the briefing is silent',
    'A password has at most 128 characters (tunable, never below 64). A longer one is refused before any hashing.',
  ),
  'PW-07': tunable(
    'the briefing is silent',
    'The list of special characters looks like a keyboard row without `$` and `^`. We use the eight characters as printed; tunable.',
  ),
  'PW-08': tunable(
    'the briefing is silent',
    'The briefing mentions no password history (the last N cannot be reused), no minimum age and no blocklist of known passwords. All three are tunable and off by default. The blocklist is a port.',
  ),
  'PW-09': stated('Appendix 1', 'A password must be changed at least every 90 days.'),
  'PW-10': interpretation(
    'the briefing is silent',
    "A password expires 90 × 24 hours after it was set. The host's time zone has no effect (Hong Kong has no daylight saving).",
  ),
  'PW-11': stated(
    'Appendix 1',
    'A holder whose password has expired must change it after entering the User ID and the expired password on the sign-in page.',
  ),
  'PW-12': interpretation(
    'our interpretation of PW-11',
    'The correct expired password leads to the password change and to nothing else. Afterwards the holder signs in again with the OTP. A wrong expired password is a failed sign-in. The change does not reset any counter.',
  ),
  'PW-13': stated(
    'Appendix 1 (a)',
    'Change Password is self-service after sign-in. The new password applies from the next sign-in.',
  ),
  'PW-14': interpretation(
    'our interpretation of PW-13; Appendix 1 (a), the screen has the field',
    'Change Password requires the current password (the screen has the field). A wrong current password counts as a failed sign-in.',
  ),
  'PW-15': interpretation(
    'the briefing is silent',
    'Passwords are hashed and verified through a port. A hash with weaker settings is replaced at the next sign-in. No event, error, log line or answer contains a password, a code or a secret.',
  ),
  'PW-16': interpretation(
    'our interpretation of PW-05',
    'A password that is not well-formed Unicode (it contains a lone surrogate) is refused, because different passwords would have the same UTF-8 encoding.',
  ),
  'PW-17': interpretation(
    'our interpretation of PW-09 and PW-11',
    'A new password must differ from the current one: Change Password, a reset and the change of an expired password refuse the current password, with or without a history.',
  ),
  'OTP-01': stated(
    'Overview; On-going login',
    'The second factor is an OTP from an authenticator app on a mobile device or by email, as the user set it up.',
  ),
  'OTP-02': stated('Set up OTP Channel', 'The authenticator app is the suggested channel.'),
  'OTP-03': interpretation(
    'the briefing is silent',
    'An account has exactly one channel at a time. Only a new enrolment changes it.',
  ),
  'OTP-04': tunable(
    `the briefing is silent; concluded from the defaults of the named app's vendor: ${vendor}`,
    'Authenticator app: TOTP (RFC 6238), SHA-1, 6 digits, 30 seconds, one time step either side (tunable), enrolled by an `otpauth://` URI. The enrolment is complete when the holder has given a first correct code.',
  ),
  'OTP-05': interpretation(
    `the briefing is silent; the vendor of the named app refuses a used time step too: ${vendor}`,
    "A code is accepted once. A code whose time step is at or before the last accepted step is refused; the enrolment's own step counts as accepted. This holds under parallel attempts.",
  ),
  'OTP-06': tunable(
    `the briefing is silent; the vendor of the named app has 5 minutes, 8 digits, at least 6: ${vendor}`,
    'Email code: 6 digits, 5 minutes, single use, only the newest is valid (tunable). Only a keyed hash is stored, bound to the account and the purpose.',
  ),
  'OTP-07': tunable(
    'the briefing is silent',
    'Requests for another code are limited, for each purpose to 5 within 15 minutes (tunable); an unlock starts the limit again. A request is not a failed attempt and resets nothing. A failed delivery is reported to the caller, costs the user no attempt, and can be retried.',
  ),
  'OTP-08': stated(
    'Appendix 1 (d)',
    'Change of mobile device: self-service after sign-in, in Authentication Settings. At the next sign-in only the OTP channel is set up again.',
  ),
  'OTP-09': interpretation(
    'our interpretation of OTP-08; Appendix 1, row 3: Change mobile device',
    'Change of mobile device is for users of the authenticator app. The old device is valid until that sign-in and no longer. A holder who has lost the device follows MNT-03 or MNT-04.',
  ),
  'OTP-10': tunable(
    'our interpretation of OTP-08 and OTP-09',
    'A device change (OTP-08) must be verified with the old device: the next sign-in requires the password and a code from the old device before the new channel is set up. The password alone cannot enrol a device. Tunable: the password alone is sufficient.',
  ),
  'OTP-11': tunable(
    'our interpretation of LOCK-09',
    'A sign-in between password and code is an open challenge. An account can have several at once. Each expires after 10 minutes; beyond 16 the oldest is closed (tunable). The challenge token is secret to the caller; the record stores only its digest.',
  ),
  'OTP-12': interpretation(
    'our interpretation of OTP-04',
    'An enrolment keeps the algorithm, digits and period with which it was created, and its codes are verified with them. A later policy change applies to later enrolments only.',
  ),
  'OTP-13': interpretation(
    'our interpretation of OTP-05',
    'When an enrolment of the authenticator app is confirmed, the answer contains the time of the first code that a sign-in can accept, because the confirmation used up its own code. Only the caller who gave the correct code receives it. For everyone else a used code is refused exactly like a wrong one.',
  ),
  'LOCK-01': stated(
    'Appendix 1',
    'An account is locked after 5 consecutive unsuccessful sign-ins. This applies to DAs and users.',
  ),
  'LOCK-02': stated(
    `Appendix 1; the vendor of the named app counts alike (a limit of 3, then one failure): ${vendor}`,
    '3 consecutive wrong OTPs count as 1 unsuccessful sign-in.',
  ),
  'LOCK-03': interpretation(
    `the briefing is silent; concluded from the defaults of the named app's vendor: ${vendor}`,
    'Only a complete sign-in (both factors) or an unlock clears the counters. A correct password alone clears nothing; otherwise wrong OTPs could never add up to 5 failed sign-ins.',
  ),
  'LOCK-04': interpretation(
    `the briefing is silent; concluded from the defaults of the named app's vendor: ${vendor}`,
    'Wrong OTPs are counted across sign-ins; otherwise an attacker could make two guesses in each sign-in for ever. A wrong password in between does not interrupt the count. With p wrong passwords and o wrong OTPs since the counters were cleared, *the account is locked exactly when p + ⌊o/3⌋ ≥ 5*, that is after at most 15 wrong OTPs.',
  ),
  'LOCK-05': interpretation(
    'the briefing is silent',
    'The third wrong code ends the challenge; the holder starts again at the sign-in page.',
  ),
  'LOCK-06': interpretation(
    'the briefing is silent',
    'A wrong, replayed or outdated code is a failed attempt. Malformed input (wrong length, not digits), a resend and a cancellation are not.',
  ),
  'LOCK-07': interpretation(
    `our interpretation of LOCK-01 and MNT-04; the vendor of the named app locks until an administrator unlocks: ${vendor}`,
    'A lock does not expire. While the account is locked, nothing is verified, counted or revealed.',
  ),
  'LOCK-08': interpretation(
    'the briefing is silent',
    'Each User ID has one count for all systems (CCASS/CCMS, DMS). The count does not expire.',
  ),
  'LOCK-09': interpretation(
    'the briefing is silent',
    'Parallel attempts, however many and on any storage, never reveal more outcomes than the attempt limit allows. A legitimate parallel attempt is never counted twice and never refused because it is parallel.',
  ),
  'LOCK-10': tunable(
    'the briefing is silent',
    'Codes of a set-up or reset have their own attempt limit, for each purpose 10 wrong ones within 24 hours (tunable). They never count towards the sign-in limit; otherwise anyone could lock any account.',
  ),
  'LOCK-11': interpretation(
    'the briefing is silent',
    'The caller receives the same refusal for an unknown user, a wrong password, a disabled account and a locked one; the audit trail records the reason. An unknown user costs the same work as a known one. The holder is notified by email when the account is locked.',
  ),
  'LOCK-12': tunable(
    'the briefing is silent',
    'A lock blocks every sign-in method, including the smartcard ("access will be locked"); tunable to 2FA only. A smartcard sign-in neither counts nor clears.',
  ),
  'LOCK-13': interpretation(
    'our interpretation of LOCK-01',
    'A password for an account that has no password is refused like any other, and is not counted: there is nothing to guess, and an account that is not yet initialised cannot be locked by outsiders.',
  ),
  'LOCK-14': interpretation(
    'the briefing is silent; our interpretation of LOCK-01',
    'If the host provides a `rateLimiter`, unauthenticated attempts from one source are limited. The rate limiter is called before anything is loaded, hashed, counted or recorded. An attempt that it refuses does not count and locks no account. If the rate limiter fails, the attempt is refused. It never replaces the count of the account.',
  ),
  'LOCK-15': tunable(
    'our interpretation of LOCK-10',
    'An emailed code that sets a password or a channel has 8 digits and is void after 3 wrong entries. 100 wrong set-up codes within an hour, over all accounts of a process, alert the host (all tunable). When the limit of LOCK-10 is reached, the holder is notified by email and the registry shows it; an unlock restores it.',
  ),
  'LOCK-16': interpretation(
    'our interpretation of LOCK-11 and ACC-16',
    'No work for an unauthenticated caller depends on what the caller has not proved: for every kind of account, challenge and code, the answer, the ports called, and the number of hashes and trail entries are the same. A challenge can be used only for the operations of its own kind.',
  ),
  'LOCK-17': interpretation(
    'our interpretation of LOCK-09',
    'With a cache of records, a decision can be based on a cached record. The answer is returned only if the commit verifies the version of every record that the decision used; otherwise the records are loaded and the decision is made again. A read whose answer is not committed never uses the cache.',
  ),
  'ACC-01': stated(
    'Set up password; Set up OTP Channel; Appendix 2',
    'First sign-in: the holder sets a password (verified by an OTP sent to the registered email), returns to the sign-in page, signs in with it, and sets up the OTP channel. From then on a sign-in takes password and OTP.',
  ),
  'ACC-02': stated(
    `Appendix 2; ${compliancePage}`,
    'Without a registered email an account cannot initialise 2FA.',
  ),
  'ACC-03': interpretation(
    'the briefing is silent',
    '2FA is initialised when both the password and the channel are set up.',
  ),
  'ACC-04': stated(
    'Users Migration',
    "After initialisation the profile shows Locked and OTP Enabled instead of the smartcard's SRN and certificate expiry; before initialisation it shows the smartcard's.",
  ),
  'ACC-05': stated(
    'Users Migration (screen)',
    'Status is ENABLED or DISABLED. A profile can have the dates Enable From and Disable After.',
  ),
  'ACC-06': interpretation(
    'the briefing is silent',
    'The dates are Hong Kong days, both inclusive. Status, dates and lock are independent; a sign-in requires all three. Enabling an account does not unlock it.',
  ),
  'ACC-07': stated(
    'Appendix 1 (c)',
    'After an unlock, the holder sets up password and OTP channel at the next sign-in as if for the first time.',
  ),
  'ACC-08': interpretation(
    'our interpretation of ACC-07',
    'An unlock immediately invalidates the old password, the old device, and every open challenge and code.',
  ),
  'ACC-09': stated(
    'DAs; Users; Appendix 1 (b)',
    'Forgot/Reset Password is self-service for users of the authenticator app.',
  ),
  'ACC-10': interpretation(
    'our interpretation of ACC-09',
    "Forgot/Reset requires the emailed code, keeps the device, and does not sign the holder in. The next sign-in requires the new password and the app's OTP. A locked account cannot use it.",
  ),
  'ACC-11': stated(
    'Set up OTP Channel (sign-in page)',
    'Pressing LOG IN also confirms that the persons whose personal data the use of the application discloses consent to its processing. The sign-in records the confirmation.',
  ),
  'ACC-12': stated('On-going login', 'Users sign in to CCASS/CCMS; DAs sign in to DMS.'),
  'ACC-13': interpretation(
    `Overview and DAs, of which systems a DA enters the briefing is silent; operational staff should not be DAs: FAQ of HKEX, Q25, ${faq}`,
    'A DA can sign in to CCASS/CCMS only after decommissioning and with a business user group. A user can never sign in to DMS.',
  ),
  'ACC-14': interpretation(
    'the briefing is silent',
    'Several accounts can share an email address. A change of the address voids open codes.',
  ),
  'ACC-15': tunable(
    'our interpretation of ACC-01',
    'Only a completed sign-in creates a session. It expires after 8 hours (tunable), and ends immediately when the account is unlocked, reset, locked, disabled or deleted.',
  ),
  'ACC-16': interpretation(
    'our interpretation of LOCK-11',
    'A request for a code to set a password gets the same answer whether the account is unknown, not eligible, out of codes, or was sent a code; the trail records the reason. A challenge that never existed is refused like a wrong code.',
  ),
  'ACC-17': tunable(
    'our interpretation of LOCK-11',
    'The holder is notified by email when a credential changes: password set, changed or reset; OTP channel set up or changed; account unlocked or reset by someone else; registered email replaced or removed. If the email changes, the former address is notified too. Tunable: off.',
  ),
  'ACC-18': tunable(
    'our interpretation of ACC-01 and ACC-02',
    'An account with a password but no OTP channel is unfinished. The password expires after 7 days (tunable), and is void as soon as another email is registered. The first sign-in then starts again.',
  ),
  'ACC-19': tunable(
    'our interpretation of ACC-15; that HKEX has an inactivity timeout, whose minutes are not available: CCMS Terminal User Guide, docplayer.net/12178411',
    'The account records its open sessions. The holder can sign out, list the sessions, and end one or all. At most 16 are open; beyond that the oldest is ended. An idle limit can be set (tunable). A session that the store does not list is invalid even if its token is intact.',
  ),
  'ACC-20': tunable(
    'our interpretation of ACC-15',
    'Sessions end when a credential changes: password, OTP channel, registered email. The session in which the holder uses Change Password continues; tunable: the others continue too. A session is checked against the same access table as the sign-in.',
  ),
  'ACC-21': interpretation(
    'our interpretation of ACC-15',
    'An administrator can end all sessions of an account. The trail names the administrator. Password, device, counters and open challenges stay as they are: the holder can sign in again at once. To stop the holder too, disable the account.',
  ),
  'MNT-01': stated('Appendix 1', 'Password change: by the holder.'),
  'MNT-02': stated(
    'DAs; Users; Appendix 1 (b)',
    'Password reset, authenticator app: by the holder (Forgot/Reset).',
  ),
  'MNT-03': stated(
    'DAs; Users; Appendix 1 (c)',
    'Password reset, email OTP: a DA\'s by HKEX on DA 3; a user\'s by a DA ("Unlock/Reset OTP Device Registration").',
  ),
  'MNT-04': stated(
    'DAs; Users; Appendix 1 (c)',
    'Unlock: a DA\'s by HKEX on DA 3 ("Unlock DA Account"); a user\'s by a DA.',
  ),
  'MNT-05': stated(
    'DAs; Users',
    "Forgotten smartcard password: a DA's by HKEX on SCard 1; a user's by a DA.",
  ),
  'MNT-06': stated(
    'DAs',
    'DA creation and maintenance: by HKEX, on SCard 1 before launch and on DA 3 from launch. From launch SCard 1 is used for smartcard password resets only.',
  ),
  'MNT-07': stated(
    'Users',
    'User creation: by HKEX before launch; by a DA from launch, if accounts are available. User maintenance: always by a DA.',
  ),
  'MNT-08': interpretation(
    `the briefing is silent; operational staff should not be DAs: FAQ of HKEX, Q25, ${faq}`,
    'A DA acts only on users of its own participant, never on a DA (including itself).',
  ),
  'MNT-09': interpretation(
    'our interpretation of MNT-03, where it is the password reset of users with OTPs by email',
    'Unlock/Reset can be used on an account that is not locked (it is also the password reset of a user with email OTP).',
  ),
  'MNT-10': interpretation(
    'DAs; Users Migration has the same words of users, but a screen of Appendix 2 shows the groups of a user before launch',
    'Business user groups: a DA assigns them to users at any time. DAs themselves can have them only from decommissioning, as stated.',
  ),
  'MNT-11': interpretation(
    'the briefing is silent',
    'The answer to "who can help this account holder with this need, and how" is a public table: need × role × channel × phase → route.',
  ),
  'MNT-12': tunable(
    'our interpretation of ID-10 and MNT-08',
    'HKCC and SEOCH share the participant key. A DA acts within its own clearing house where that is known. If the clearing house options of a profile name exactly one of HKCC and SEOCH, they decide; otherwise the group digit does: 1 for HKCC and 2 for SEOCH, as in the examples of ID-04 and ID-06 (tunable). If the clearing house of either account is unknown, only MNT-08 applies.',
  ),
  'DMS-01': stated(
    'Appendix 1 (c); Appendix 2',
    'A DA maker enters a change to a user profile. It takes effect when a DA checker confirms it on the same page with Checker ID and Authorisation Code.',
  ),
  'DMS-02': published(
    `FAQ of HKEX, Q24, Q26, Q27: ${faq}`,
    'Maker and checker are two different DAs of the participant. Both must be able to sign in at that moment, and their mailboxes must differ. Tunable for a participant that HKEX allows to have one person do both.',
    true,
  ),
  'DMS-03': interpretation(
    'the briefing is silent',
    'Create and Delete follow the same procedure as Change.',
  ),
  'DMS-04': published(
    `CCASS Terminal User Guide for Designated Banks, 7.10 (Get Authorisation Code): ${bankGuide}`,
    'The checker obtains the Authorisation Code after their own sign-in. Stricter than what is published: the code is valid for one request, once, for 5 minutes (tunable).',
    true,
  ),
  'DMS-05': tunable(
    'the briefing is silent',
    'An approval is bound to exactly what the maker entered and to the profile as the maker saw it. If either has changed, it is refused as stale. What the holder does alone (a new password, a sign-in, a lock) does not make an entry stale; an unlock becomes stale if the account has another OTP channel or none. Each amendment has a number, and an approval is for one number: amending back does not make an old approval valid again. Pending requests expire (tunable).',
  ),
  'DMS-06': stated(
    'Appendix 1 (c); Appendix 2 (Enquire User Profile)',
    'Profiles are found by User ID or by name. The profile of a DA shows the remark "Delegated Administrator".',
  ),
  'DMS-07': stated(
    `Users Migration, Appendix 1 (c) and Appendix 2 (screens); the access channels are C3T and PG, and CST on some screens is C3T: ${infrastructure}`,
    'Profile: organisation, internal/external, User ID, status, surname, other names, email, enable from, disable after, clearing house options, access channel, (locked, OTP enabled) or (SRN, certificate expiry), user groups, transaction limits.',
  ),
  'DMS-08': interpretation(
    'our interpretation of DMS-04 and DMS-05',
    'An Authorisation Code is issued for one request as the checker read it (entry and profile), within a session that is still valid. Every refused operation in DMS is recorded in the trail of the DA who tried it, including those on a User ID that is malformed or not found.',
  ),
  'DMS-09': tunable(
    'our interpretation of DMS-04; the questions Q32 to Q34 of www.hkex.com.hk/eng/market/clr/secclr/ccass3/ccass_faq_question.htm',
    'Wrong confirmations are counted per pending request, whether the Checker ID or the code was wrong. The third (tunable) revokes every code issued for that request. A wrong entry does not count against a code that was issued for another request.',
  ),
  'DMS-10': tunable(
    'the briefing is silent',
    'A maker can have at most 100 pending requests at a time (tunable).',
  ),
  'DMS-11': published(
    `FAQ of HKEX, Q26, Q27: ${faq}`,
    'A DA can be limited to the maker role or the checker role (tunable, off by default).',
    true,
  ),
  'DMS-12': published(
    `CCASS Terminal User Guide for Designated Banks, 7.3 to 7.10: ${bankGuide}`,
    'DMS lists disabled users, smartcard serial numbers and user groups, and reports the maintenance of user profiles in a period: what was requested and by which maker, what was decided and by which checker.',
  ),
  'DMS-13': interpretation(
    'our interpretation of DMS-01 and DMS-02',
    'A checker lists the pending requests that they are allowed to check; a maker lists their own. An empty list is not a refusal. A list shows no contents: these are shown in a review.',
  ),
  'DMS-14': interpretation(
    'our interpretation of DMS-05',
    'A review can be sealed as text and carried from the page that shows it to the page that takes the decision. It represents the request exactly as it was read and the checker who read it. If it was altered, or is used by another DA, it is refused.',
  ),
  'ESV-01': stated(
    `Appendix 2; maker, checker and rights: ${clientConnect}`,
    'A Client Connect maker with the right `EU_UserMaintenance` fills in DA 3; a checker claims and confirms it.',
  ),
  'ESV-02': stated(
    'Appendix 2',
    'Draft → (submit) Ready to Send to HKEX, reference number assigned → (claim, confirm) Sent to HKEX → (HKEX processes) Completed.',
  ),
  'ESV-03': stated('Appendix 2', 'Reference: `DA3_` + 8 digits, e.g. `DA3_00013361`.'),
  'ESV-04': stated(
    'DAs; Appendix 2',
    'DA 3 types: Add, Change, Unlock/Enable/Disable, Delete. Several can be chosen. Before launch only Change (of email) is available.',
  ),
  'ESV-05': stated('Appendix 2', 'One eService has at most 4 DA profiles.'),
  'ESV-06': interpretation(
    'Appendix 2 (screen); of lines of several types the briefing is silent',
    'The limit of ESV-05 counts the lines of all types together. A form is for one participant and names one of HKSCC, HKCC, SEOCH.',
  ),
  'ESV-07': stated(
    'Appendix 2',
    'The declaration must be ticked, and contact person, email and telephone must be filled in.',
  ),
  'ESV-08': stated(
    `Appendix 2; notifications: ${clientConnect}`,
    'The checker is notified by email on submission ("for action"), and on completion a second email follows ("for reference"). Each email contains the reference. The briefing does not name the recipients of the second: maker and checker receive it.',
  ),
  'ESV-09': stated(
    'Appendix 1 (c)',
    'An Unlock/Enable/Disable line contains the User ID and the registered email.',
  ),
  'ESV-10': interpretation(
    `our interpretation of ESV-09; HKEX can reject a request: ${clientConnect}`,
    'The registered email on the line must match the account; otherwise the line is refused with its reason, and the other lines proceed. HKEX rejects a form by refusing all of its lines.',
  ),
  'ESV-11': interpretation(
    'Appendix 2 (buttons of the screens)',
    'Reclaim returns a submitted form to Draft before it is claimed. Release withdraws the claim. Revert returns the form to the maker with a remark. Refer passes it to another checker. Clone creates a new Draft. Discard ends a Draft.',
  ),
  'ESV-12': interpretation(
    `Appendix 2 (screens: who claimed and processed, and when); maker and checker: ${clientConnect}`,
    'Maker and checker must differ. Every step records who took it and when.',
  ),
  'ESV-13': stated('Appendix 2', 'HKEX processes in batches.'),
  'ESV-14': stated(
    'Users Migration',
    'DA 4 buys user accounts at a one-off HKD 250 each. From launch smartcards (HKD 250) and readers (HKD 300) can no longer be bought.',
  ),
  'ESV-15': interpretation(
    `our interpretation of ESV-01 and ESV-12; one account may hold several memberships: ${clientConnect}`,
    'The checker needs the right `EU_UserMaintenance` too. User names and mailboxes consist of visible ASCII characters. The same user name or the same mailbox, ignoring case, is the same person.',
  ),
  'ESV-16': interpretation(
    'our interpretation of ESV-02 and ESV-11',
    'A form keeps its reference through Reclaim and Revert. A clone has no reference until it is submitted, and its declaration must be ticked again. The checker who sent a form to HKEX can reclaim it while no line is processed; the form is then claimed by that checker again, and a batch refuses it.',
  ),
  'ESV-17': interpretation(
    'our interpretation of ESV-11 and ESV-12',
    'Another checker who is allowed to check a claimed form can take it over, so that a claimant who has left does not block it. Both persons are recorded.',
  ),
  'ESV-18': interpretation(
    'our interpretation of ESV-01',
    'A form, and the list of forms, is shown to Client Connect users of its participant who have the right `EU_UserMaintenance` and are maker or checker. A refused request to see a form is recorded in the trail of the form.',
  ),
  'QTA-01': stated(
    'Users Migration',
    'A participant has a maximum number of users. The User Profile Listing shows the maximum, the total, DAs, and users without DAs (20 / 16 / 6 / 10 in the example).',
  ),
  'QTA-02': interpretation(
    'Users Migration: the total of 16 in the example counts its 6 DAs; of disabled and deleted accounts the briefing is silent',
    'DAs and disabled accounts count; deleted accounts do not. Available = maximum − total.',
  ),
  'QTA-03': interpretation(
    'Users ("Assumption: available user accounts")',
    'Creation beyond the maximum is refused, also under parallel creation.',
  ),
  'QTA-04': interpretation(
    'our interpretation of QTA-01',
    'The maximum applies to accounts that are created, not to existing accounts that are imported. If no maximum is set, nothing can be created in DMS or on a form.',
  ),
  'MIG-01': stated(
    'Timeline; Appendix 2',
    'Before launch: emails are registered (users by their DAs since December 2022, DAs by DA 3), before 28 April 2023.',
  ),
  'MIG-02': interpretation(
    `our interpretation of MIG-01; where the briefing says before, a compliance firm's page says by: ${compliancePage}`,
    'The deadline day is included, in Hong Kong time. The launch instant must be configured; the decommissioning instant can be configured later. A launch before the deadline, or a decommissioning before launch, is refused.',
  ),
  'MIG-03': stated(
    'Timeline',
    'From launch, 2FA and smartcard run in parallel until the smartcard is decommissioned.',
  ),
  'MIG-04': stated('DAs; Users', 'Accounts created from launch can use 2FA only.'),
  'MIG-05': stated(
    'Users Migration',
    'All existing accounts with a smartcard are migrated, with or without email.',
  ),
  'MIG-06': interpretation(
    'our interpretation of MIG-05 and ACC-02',
    'An account without email is migrated, but cannot initialise 2FA; the migration reports it as blocked.',
  ),
  'MIG-07': stated(
    'Implementation Approach',
    'Users and DAs should initialise 2FA immediately after launch.',
  ),
  'MIG-08': interpretation(
    'our interpretation of MIG-03; On-going login shows both ways in side by side',
    'Initialising 2FA does not end the smartcard. It is valid until decommissioning.',
  ),
  'MIG-09': stated('Important Information', 'At the Backup Centre, from launch, only 2FA is accepted.'),
  'MIG-10': stated(
    'Overview',
    'Access through the Participant Gateway does not change: smartcard, before and after.',
  ),
  'MIG-11': stated(
    'Overview',
    'DMS and ONRD are in scope with terminal access. The functions of the terminal do not change.',
  ),
  'MIG-12': stated('On-going login', 'After decommissioning only OTP is accepted.'),
  'MIG-13': stated(
    'Checklist',
    "A participant's checklist: (1) emails of all users and DAs registered, (2) terminal bookmark checked, (3) connectivity to the new servers verified, (4) all users and DAs informed, (5) information package and user guides studied, (6) first sign-in procedure understood, (7) anyone who already uses Client Connect or VaR Online keeps the same authenticator app.",
  ),
  'MIG-14': stated(
    'Important Information',
    'Cards and readers are kept until decommissioning; PG users keep them permanently.',
  ),
  'MIG-15': interpretation(
    'the briefing is silent',
    'Which sign-in methods are allowed is a public table, with the reason: phase × created before/from launch × initialised × access (terminal, DMS, ONRD, PG) × site (primary, backup) × locked/enabled → methods.',
  ),
  'MIG-16': interpretation(
    'the briefing is silent',
    'A migration is planned (dry run: every account ready, blocked or refused, with reasons), applied (idempotent, resumes where it was interrupted), and reconciled (plan against outcome). Participants can move one by one.',
  ),
  'MIG-17': interpretation(
    'our interpretation of MIG-03',
    'A smartcard whose certificate has expired gives no access.',
  ),
  'MIG-18': tunable(
    'our interpretation of MIG-09, MIG-10 and MIG-14; the form SCard 2 on the briefing’s screen of Client Connect',
    'The Participant Gateway accepts smartcards at either site, before and after decommissioning: the statement that the Backup Centre accepts only 2FA is about terminals. Accounts created from launch have no card and no access there (tunable, because HKEX can issue cards for the Gateway on SCard 2).',
  ),
  'MIG-19': interpretation(
    'our interpretation of MIG-03',
    'During the parallel run the host reports a smartcard sign-in after its existing procedure has admitted the card. It creates a session where the access table allows it, and the card must be the one of the profile. It proves neither password nor OTP, so Change Password and Authentication Settings are not available in that session.',
  ),
  'MIG-20': interpretation(
    'our interpretation of MIG-12',
    'From decommissioning no profile shows a smartcard. Its data is removed from the record, with an event, by the next operation on the account or by a sweep, whichever comes first. From launch no smartcard can be entered.',
  ),
  'MIG-21': interpretation(
    'our interpretation of MIG-16',
    'A listing never changes an existing account, regardless of who changed it since, and never restores a deleted one. The differences are reported.',
  ),
  'MIG-22': tunable(
    'our interpretation of ID-09 and MIG-16',
    "A line of a listing that lacks the remark although its User ID looks like a Delegated Administrator's is refused until it has been reviewed. An account whose smartcard certificate has expired is blocked. Both are tunable.",
  ),
  'MIG-23': {
    ...published(
      compliancePage,
      "Delegated Administrators' emails are registered from Monday 20 March 2023, users' from December 2022, both until 28 April 2023 (defaults, tunable in the timeline).",
    ),
    tunable: true,
  },
  'MIG-24': interpretation(
    'our interpretation of MIG-16',
    'A listing is read as spreadsheets write it where that is unambiguous, with a warning: any usual separator, a title above the header, rows that end early, dates in other forms with the day first. Column names, the status and the remark can be in capitals or small letters of ASCII; a letter that only becomes one of them by case folding, such as the long s (U+017F), is another letter. A text that a spreadsheet would run as a formula is read with a warning, and a report shows it after an apostrophe. Ambiguous or lost data is refused with its line and column: a date that can be read in both orders in a listing that also has a date with the month first, a serial number in scientific notation, an error in place of a value.',
  ),
  'AUD-01': interpretation(
    'the briefing is silent',
    'Every change of state is an event: who, when, what, by which rule. It is written in the same commit as the state. The state is the fold of its events.',
  ),
  'AUD-02': interpretation(
    'the briefing is silent',
    'The trail is hash-chained and its head is stored separately, so that a changed, missing or truncated entry is detected.',
  ),
  'AUD-03': interpretation(
    'the briefing is silent',
    'Refusals are recorded too, with the reason that the caller does not see.',
  ),
  'AUD-04': interpretation(
    'the briefing is silent',
    'If a policy overrides defaults, a call lists the overrides.',
  ),
  'AUD-05': interpretation(
    'the briefing is silent',
    'From the number of every rule the code that enforces it and the test that proves it can be found, and back.',
  ),
  'AUD-06': interpretation(
    'our interpretation of PW-15',
    'What verifies a secret (password hash, sealed TOTP secret, keyed code hash) is stored beside state and trail, never in them. A value that no state refers to any more is deleted in the same commit.',
  ),
  'AUD-07': interpretation(
    'our interpretation of AUD-01',
    'Every trail entry names the schema version of its event. An event stored under an older name or schema is converted to the current one when it is read; the stored entry and its hash do not change. A later version, or an event of an unknown type, is never interpreted: verification reports it, and it is read as stored.',
  ),
  'AUD-08': interpretation(
    'our interpretation of AUD-03 and LOCK-09',
    "A refusal to an unauthenticated caller that changes nothing is recorded in a separate trail beside the account's. It does not change the account's version, so an outsider cannot block others by causing conflicts.",
  ),
  'AUD-09': interpretation(
    'our interpretation of AUD-01 and AUD-03',
    'The entries of all trails can be read as one feed, for a system that monitors security events. The feed delivers every entry at least once, the entries of a record in their order, and resumes from a cursor. An entry that is committed late comes later; none is skipped.',
  ),
  'PRI-01': interpretation(
    'our interpretation of AUD-01; PDPO (Cap. 486), Schedule 1, principles 1 and 4',
    'With every call the host can give the source address, the user agent and the request id. They are validated; of the user agent, which the client writes, the printable characters among the first 1,024 are kept, so that it refuses no call. They are passed to the rate limiter and the observer, and recorded with every trail entry that the call writes.',
  ),
  'PRI-02': interpretation(
    'our interpretation of AUD-02; PDPO (Cap. 486), section 26; GDPR, article 17',
    'Personal data in a trail (names, email addresses, telephone numbers, request contexts) can be erased without breaking the hash chain: events and states contain a salted digest of each value, and value and salt are stored beside them. Verification reports erased data as erased, and a value that was changed, removed or restored without a recorded erasure as a finding.',
  ),
  'PRI-03': tunable(
    'our interpretation of PRI-02; PDPO (Cap. 486), Schedule 1, principle 2',
    'Each kind of personal data has a retention period (tunable): request contexts 365 days; names and contact details 2,555 days (seven years) after they were written. Data that an account, a pending request or an open form still needs is kept. An operator applies the periods.',
  ),
  'PRI-04': interpretation(
    'our interpretation of PRI-02; PDPO (Cap. 486), section 26; GDPR, article 17',
    'An operator erases the personal data of one record on request, regardless of its age. Data that the current state still needs is kept. Each erasure is an event in the trail of the record: by whom, why, which kinds, up to which entry.',
  ),
  'OBS-01': interpretation(
    'the briefing is silent',
    'The host can provide an observer. It is notified of every completed call (operation, outcome, rule, duration) and of every committed entry. It receives no secret, its errors change no answer, and without one nothing is measured. Calls of the service that it makes before it returns are not observed.',
  ),
  'FLD-01': interpretation(
    'the briefing is silent; RFC 5321, RFC 5322, RFC 6531, RFC 6532',
    'Every entrance applies the same rule to an email address: a dot-atom of at most 64 octets, an @, and a domain name of at least two labels, in any script, at most 254 octets in all. An address whose local part is not ASCII is sent only through a server that supports SMTPUTF8. Two addresses are the same mailbox if they differ only in letter case, normalisation or the encoding of an international domain.',
  ),
  'FLD-02': interpretation(
    'our interpretation of DMS-01',
    'A name (surname, other names, the name of a person) has 1 to 128 characters on one line, is not blank, and has no control, invisible, private-use or unassigned character, at every entrance.',
  ),
  'FLD-03': interpretation(
    'our interpretation of MIG-16',
    'The serial number of a smartcard has 1 to 32 ASCII letters and digits at every entrance. A listing with any other serial number is not ready.',
  ),
  'FLD-04': interpretation(
    'our interpretation of ACC-06',
    'Enable From must not be after Disable After, at every entrance and after every change.',
  ),
  'FLD-05': interpretation(
    'our interpretation of API-01',
    'Each text field has one schema at every entrance. No field accepts control characters, invisible characters (those that Unicode calls ignorable) or unpaired surrogates; remarks can contain line breaks. A variation selector is accepted after a Chinese character only, and in no email address.',
  ),
  'FLD-06': published(
    `user groups are predefined by HKEX: CCASS Terminal User Guide for Designated Banks, ${bankGuide}`,
    'User groups can be limited to a list that the host provides (tunable; without one every well-formed code is accepted). A profile has at most 256 transaction limits.',
    true,
  ),
  'API-01': interpretation(
    'our interpretation',
    'Input that does not have the documented shape is refused by field, before anything is loaded, hashed or recorded.',
  ),
  'API-02': interpretation(
    'our interpretation',
    'If a port fails, the operation returns a specific refusal. It has changed nothing, unless the answer to its commit was lost. Such a commit is looked up, not guessed; it counts as done only once a later commit proves that it will outlive a crash.',
  ),
  'API-03': interpretation(
    'our interpretation of OTP-05 and ACC-15',
    'An instant more than 5 seconds in the future was written under a wrong clock and is not trusted: correct codes are refused without being counted; sessions, challenges and codes are void; a request in DMS can only be amended or withdrawn; rate windows start again; the host is notified.',
  ),
  'API-04': interpretation(
    'our interpretation',
    'Each operation lists exactly the refusals that it can return, by code; it returns no other.',
  ),
}

/**
 * The rulebook as data: every rule, in the rulebook's order.
 *
 * @rule AUD-05
 * @category Policy
 */
export const rulebook: readonly Rule[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ entriesOf(entries).map(([id, entry]) => Object.freeze({ id, ...entry })),
)

/**
 * Returns one rule by its number.
 *
 * @rule AUD-05
 * @category Policy
 */
export const ruleOf = (id: RuleId): Rule => ({ id, ...entries[id] })
