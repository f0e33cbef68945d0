import type { RuleId } from '../kernel/rule-id.ts'

/**
 * One rule: what it says, what kind of source it rests on, and where that source is.
 *
 * @category Policy
 */
export interface Rule {
  /** The rule's number, e.g. `LOCK-02`. */
  readonly id: RuleId
  /**
   * What the rule rests on. `stated`: the briefing. `public`: another public document, named in `source`.
   * `reading`: our interpretation, where the briefing is silent or contradicts itself.
   */
  readonly kind: 'stated' | 'public' | 'reading'
  /** What the rule says. */
  readonly statement: string
  /** The slide of the briefing for a stated rule; the document's address for a public one; for a reading, what it is a reading of. */
  readonly source: string
  /** Whether a field of the policy can change it. */
  readonly tunable: boolean
}

type Entry = Omit<Rule, 'id'>

const stated = (source: string, statement: string): Entry => ({
  kind: 'stated',
  statement,
  source,
  tunable: false,
})
const reading = (source: string, statement: string): Entry => ({
  kind: 'reading',
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
  kind: 'reading',
  statement,
  source,
  tunable: true,
})

const faq = 'www.hkex.com.hk/eng/market/clr/secclr/ccass3/CCASS_FAQ4.htm'
const bankGuide =
  'www.hkex.com.hk/Services/Clearing/Securities/Infrastructure/CCASS-Terminal/CCASS-Terminal-User-Guide-for-Designated-Banks'

/** The vendor of the authenticator app that the briefing names: its product's defaults, not HKEX's settings. */
const vendor = 'docs.pingidentity.com/auth-node-ref/8/'

const entries: Readonly<Record<RuleId, Entry>> = {
  'ID-01': stated(
    'Overview; Implementation Approach',
    'A User ID is 8 characters, and does not change when its account moves to 2FA.',
  ),
  'ID-02': stated(
    'Implementation Approach',
    'HKSCC, DA: Participant ID + one of X Y Z + one digit 1–9, e.g. `B01234X1`. User: Participant ID + 2 custom alphanumerics, e.g. `B0123401`.',
  ),
  'ID-03': stated('Implementation Approach', 'DB: as HKSCC, e.g. `BNK999X1`, `BNK99901`.'),
  'ID-04': stated(
    'Implementation Approach',
    'HKCC, DA: `HK` + Participant ID + one of 1–4 + one of X Y Z + one digit 1–9, e.g. `HKABC1X1`. User: `HK` + Customer Code + one of 1–4 + 2 custom alphanumerics, e.g. `HKABC101`.',
  ),
  'ID-05': stated('Implementation Approach', 'SEOCH, User: as HKCC, e.g. `HKABC201`.'),
  'ID-06': tunable(
    'Implementation Approach',
    "SEOCH, DA: the slide's text puts X/Y/Z before 1–4 (which would give `HKABCX21`), its example `HKABC2X1` puts it after. The example holds: it agrees with every other HK row. Tunable: an as-written mode for anyone who meets the other order.",
  ),
  'ID-07': reading(
    `Implementation Approach; one letter and five digits, with the letters A, B and C: ${faq}`,
    'Participant ID: HKSCC = one capital letter + 5 digits; DB = `BNK` + 3 digits; HKCC/SEOCH = 3 capital letters or digits. "Participant ID" and "Customer Code" of HKCC/SEOCH are the same 3 characters.',
  ),
  'ID-08': reading(
    'the briefing is silent',
    'Canonical form is upper case; lower case is accepted on input and made canonical; anything else around it (blanks, other scripts, full-width forms) is refused, not trimmed.',
  ),
  'ID-09': reading(
    'the briefing is silent',
    "A user's 2 custom characters may not look like a DA's ending (X/Y/Z + 1–9): refused on creation, accepted with a warning on import (old IDs were given by HKEX). So 36² − 27 = 1,269 users' endings are free, and 27 DAs', per Participant ID (HKCC/SEOCH: per Participant ID and digit 1–4).",
  ),
  'ID-10': reading(
    'the briefing is silent',
    "HKCC and SEOCH IDs have the same shape; the clearing house can't be read off the ID. Parsing answers both; a caller who needs one must say which.",
  ),
  'ID-11': stated(
    'Implementation Approach; Users Migration',
    "DA IDs are assigned by HKEX; existing users' IDs were assigned by HKEX, new users' IDs are assigned by their DA from launch on.",
  ),
  'ID-12': reading(
    'Users Migration (screen)',
    '"Generate User ID" proposes the lowest free ending; the DA may choose another. Exhaustion is a refusal. An ID once used, a deleted account\'s included, is not given again. Two DAs who create at the same moment never get the same ID.',
  ),
  'PW-01': stated('Set up password', 'At least 16 characters.'),
  'PW-02': stated('Set up password', 'At least one number, one lower-case letter, one capital letter.'),
  'PW-03': stated('Set up password', 'At least one special character from `!@#%&*()`.'),
  'PW-04': stated('Set up password', 'A new password is entered twice; both must agree.'),
  'PW-05': reading(
    'the briefing is silent',
    'Every unmet rule is reported at once, not the first alone. Characters outside the classes are allowed and satisfy no class. Numbers and letters of the classes are ASCII. Length counts the code points of the form that is hashed. Nothing is trimmed or folded; Unicode is normalised (NFC) first, so that a password is the same typed composed or in parts.',
  ),
  'PW-06': tunable(
    'the briefing is silent',
    'At most 128 characters (tunable, never under 64): a longer one is refused before any hashing.',
  ),
  'PW-07': tunable(
    'the briefing is silent',
    'The list of special characters looks like a keyboard row that lost `$` and `^`. The eight as printed hold; tunable.',
  ),
  'PW-08': tunable(
    'the briefing is silent',
    'History (last N may not come back), minimum age and a blocklist of known passwords: the briefing has none of them. Tunable, off by default. The blocklist is asked through a port.',
  ),
  'PW-09': stated('Account Maintenance', 'A password is changed at least every 90 days.'),
  'PW-10': reading(
    'the briefing is silent',
    "It is expired from the instant at which 90 × 24 h have passed since it was set. The host's time zone never matters (Hong Kong has no daylight saving).",
  ),
  'PW-11': stated(
    'Account Maintenance',
    'A holder whose password has expired must change it after giving User ID and the expired password at the sign-in page.',
  ),
  'PW-12': reading(
    'the briefing is silent',
    '…the right expired password leads to the change and nothing else; after it the holder signs in again with the OTP. A wrong one is a failed sign-in. Counters are not reset by the change.',
  ),
  'PW-13': stated(
    'Appendix 1 (a)',
    'Change Password: self-served after sign-in; the new password serves from the next sign-in on.',
  ),
  'PW-14': reading(
    'the briefing is silent',
    '…and the current password is asked for (the screen has the field). A wrong current password counts as a failed sign-in.',
  ),
  'PW-15': reading(
    'the briefing is silent',
    'The hash is made and checked through a port; a hash made with weaker settings is replaced at the next sign-in. No event, error, log line or answer ever holds a password, a code or a secret.',
  ),
  'PW-16': reading(
    'own reading of PW-05',
    'A password that is not well-formed Unicode (a lone surrogate) is refused: encoded as UTF-8, different ones would become the same.',
  ),
  'PW-17': reading(
    'own reading of PW-09 and PW-11',
    'A password is changed only if the new one differs from the present one: Change Password, a reset and the change of an expired password refuse the present password, with or without a history.',
  ),
  'OTP-01': stated(
    'Overview; On-going login',
    'The second factor is an OTP from a mobile authenticator app or by email, as the user set it up.',
  ),
  'OTP-02': stated('Set up OTP Channel', 'The mobile app is the suggested channel.'),
  'OTP-03': reading(
    'the briefing is silent',
    'Exactly one channel at a time; changed only by a new enrolment.',
  ),
  'OTP-04': tunable(
    `the briefing is silent; concluded from the defaults of the named app's vendor: ${vendor}`,
    'Mobile app: TOTP, RFC 6238, SHA-1, 6 digits, 30 s, one step either side (tunable), enrolled by an `otpauth://` URI, complete only when a first right code has been given.',
  ),
  'OTP-05': reading(
    'the briefing is silent',
    "A code is good once: a time step at or before the last accepted one is refused, the enrolment's step included, and under parallel attempts too.",
  ),
  'OTP-06': tunable(
    'the briefing is silent',
    'Email: 6 digits, 5 minutes, single use, the newest alone is good (tunable); stored only as a keyed hash, bound to its account and purpose.',
  ),
  'OTP-07': tunable(
    'the briefing is silent',
    'Asking for another code is limited (tunable), is no failed attempt, and resets nothing. A failed delivery is a clear answer, costs the user no attempt, and can be tried again.',
  ),
  'OTP-08': stated(
    'Appendix 1 (d)',
    'Change of mobile device: self-served after sign-in, in Authentication Settings; at the next sign-in the OTP channel (only) is set up again.',
  ),
  'OTP-09': reading(
    'the briefing is silent',
    '…it is for mobile-app users. The old device is good until then and no longer. A holder who lost the device goes through MNT-03/04.',
  ),
  'OTP-10': tunable(
    'own reading of OTP-08 and OTP-09',
    "A device change (OTP-08) is proved by the old device: the next sign-in gives the password and the old device's code, then sets up the new channel. The password alone is not enough to enrol a device. Tunable: the password alone may do.",
  ),
  'OTP-11': tunable(
    'own reading of LOCK-09',
    'Between password and code a sign-in is an open challenge: several may be open at once, each lives 10 minutes, the oldest gives way beyond 16 (tunable). Its handle is a secret of the caller; the record holds its digest.',
  ),
  'OTP-12': reading(
    'own reading of OTP-04',
    'An enrolment keeps the algorithm, digits and period with which it was made, and its codes are verified by them: a later change of the policy holds for later enrolments.',
  ),
  'OTP-13': reading(
    'own reading of OTP-05',
    'A confirmed enrolment of a mobile app answers when the first code begins that can be accepted at a sign-in: the enrolment has used up its own. Only the caller who gave the right code gets it; a used-up code is refused to all like a wrong one.',
  ),
  'LOCK-01': stated(
    'Appendix 1',
    'An account is locked after 5 consecutive unsuccessful sign-ins; DAs and users alike.',
  ),
  'LOCK-02': stated('Appendix 1', '3 consecutive wrong OTPs count as 1 unsuccessful sign-in.'),
  'LOCK-03': reading(
    `the briefing is silent; concluded from the defaults of the named app's vendor: ${vendor}`,
    'Only a complete sign-in (both factors) or an unlock clears the counters. A right password alone clears nothing, or the OTP rule could never reach 5.',
  ),
  'LOCK-04': reading(
    `the briefing is silent; concluded from the defaults of the named app's vendor: ${vendor}`,
    'OTP misses outlive the sign-in in which they fell, or two guesses a sign-in could go on for ever. A wrong password between does not break the run. So with p wrong passwords and o wrong OTPs since the last clearing: *locked exactly when p + ⌊o/3⌋ ≥ 5*; at most 15 wrong OTPs.',
  ),
  'LOCK-05': reading(
    'the briefing is silent',
    'The third miss ends the challenge: back to the sign-in page.',
  ),
  'LOCK-06': reading(
    'the briefing is silent',
    'A wrong, replayed or outdated code is a miss. What is not a code at all (wrong length, not digits), a resend and a cancel are none.',
  ),
  'LOCK-07': reading(
    'the briefing is silent',
    'A lock has no end of its own. While it holds, nothing is verified, counted or revealed.',
  ),
  'LOCK-08': reading(
    'the briefing is silent',
    'One count per User ID, whichever system (CCASS/CCMS, DMS) it comes through. It does not age.',
  ),
  'LOCK-09': reading(
    'the briefing is silent',
    'Under any number of parallel attempts, on any storage, no more outcomes are revealed than the budget allows; an honest parallel attempt is never counted twice nor refused for being parallel.',
  ),
  'LOCK-10': tunable(
    'the briefing is silent',
    'Codes of a set-up or reset have a budget of their own (tunable): they never feed the sign-in count, or anyone could lock anyone out.',
  ),
  'LOCK-11': reading(
    'the briefing is silent',
    'The caller sees one uniform refusal for unknown user, wrong password, disabled and locked; the reason stands in the audit trail. An unknown user costs the same work as a known one. The holder is told by email when the account locks.',
  ),
  'LOCK-12': tunable(
    'the briefing is silent',
    'A lock closes every way in, the smartcard included ("access will be locked"); tunable to 2FA alone. A smartcard sign-in neither counts nor clears.',
  ),
  'LOCK-13': reading(
    'own reading of LOCK-01',
    'A password given for an account that has none is refused like any other, and not counted: there is nothing to guess, and an account that has not begun cannot be locked by others.',
  ),
  'LOCK-14': reading(
    'the briefing is silent; own reading of LOCK-01',
    'Where the host gives a rateLimiter, unauthenticated attempts from one source are limited. The rateLimiter is asked before anything is loaded, hashed, counted or recorded: an attempt that it refuses is none, and locks no one. If it cannot tell, the attempt is refused. It never stands in for the count of the account.',
  ),
  'LOCK-15': tunable(
    'own reading of LOCK-10',
    'An emailed code that sets a password or a channel has 8 digits and is void after 3 wrong entries. 100 wrong set-up codes within an hour, over all accounts of a process, raise an alarm with the host (all tunable). When the budget of LOCK-10 is spent, the holder is told by email and the registry shows it; an unlock restores it.',
  ),
  'LOCK-16': reading(
    'own reading of LOCK-11 and ACC-16',
    'No work for an unauthenticated caller depends on what the caller has not proved: for every kind of account, challenge and code the answer, the ports called, the number of hashes and of trail entries are the same. A challenge serves only the operations of its own kind.',
  ),
  'LOCK-17': reading(
    'own reading of LOCK-09',
    'With a cache of records a decision may be made on what the process remembers. The answer counts only if its commit proves every record it was based on; otherwise the records are loaded and it is decided again. A read whose answer is not committed never uses the cache.',
  ),
  'ACC-01': stated(
    'Set up password; Set up OTP Channel; Appendix 2',
    'First sign-in: set up the password (proved by an OTP sent to the registered email), go back to the sign-in page, sign in with it, set up the OTP channel; from then on password + OTP.',
  ),
  'ACC-02': stated('Appendix 2', 'Without a registered email an account cannot initialise 2FA.'),
  'ACC-03': reading('the briefing is silent', '2FA is initialised when password and channel are complete.'),
  'ACC-04': stated(
    'Users Migration',
    "Once initialised, the profile shows Locked and OTP Enabled, and no longer the smartcard's SRN and certificate expiry; before, the other way round.",
  ),
  'ACC-05': stated(
    'Users Migration (screen)',
    'Status is ENABLED or DISABLED; a profile may have Enable From and Disable After dates.',
  ),
  'ACC-06': reading(
    'the briefing is silent',
    'Dates are Hong Kong days, both inclusive. Status, dates and lock are independent; a sign-in needs all three. Enabling does not unlock.',
  ),
  'ACC-07': stated(
    'Appendix 1 (c)',
    'After an unlock, the next sign-in sets up password and OTP channel as if for the first time.',
  ),
  'ACC-08': reading(
    'the briefing is silent',
    '…so the old password and device are void from the moment of the unlock, and every open challenge and code with them.',
  ),
  'ACC-09': stated('Password Reset', 'Forgot/Reset Password is self-served for mobile-app users.'),
  'ACC-10': reading(
    'the briefing is silent',
    "…it needs the emailed code, keeps the device, signs no one in; the next sign-in asks for the new password and the app's OTP. Not open to a locked account.",
  ),
  'ACC-11': stated(
    'sign-in page',
    'Pressing LOG IN also confirms consent to the processing of personal data: the sign-in records it.',
  ),
  'ACC-12': stated('On-going login', 'Users enter by CCASS/CCMS; DAs by DMS.'),
  'ACC-13': reading(
    `the briefing is silent; operational staff should not be DAs: FAQ of HKEX, Q25, ${faq}`,
    'A DA enters CCASS/CCMS only after decommissioning, with a business user group; a user never enters DMS.',
  ),
  'ACC-14': reading(
    'the briefing is silent',
    'Email may be shared by accounts; a change of it voids open codes.',
  ),
  'ACC-15': tunable(
    'own reading of ACC-01',
    'A completed sign-in alone yields a session. It lapses after 8 hours (tunable), and at once when the account is unlocked, reset, locked, disabled or deleted.',
  ),
  'ACC-16': reading(
    'own reading of LOCK-11',
    'A request for a code to set a password gets the same answer, whether the account is unknown, not eligible, out of codes or served; the reason stands in the trail. A challenge that never was refuses like a wrong code.',
  ),
  'ACC-17': tunable(
    'own reading of LOCK-11',
    'The holder is told by email when a credential changes: password set, changed or reset; OTP channel set up or changed; account unlocked or reset by others; registered email replaced or removed. If the email changes, the former address is told too. Tunable: off.',
  ),
  'ACC-18': tunable(
    'own reading of ACC-01 and ACC-02',
    'A password without an OTP channel is unfinished: it lapses after 7 days (tunable), and is void as soon as another email is registered. The first sign-in then begins again.',
  ),
  'ACC-19': tunable(
    'own reading of ACC-15; that HKEX has an inactivity timeout, whose minutes are not available: CCMS Terminal User Guide, docplayer.net/12178411',
    'Open sessions stand in the account: the holder may sign out, list them and end one or all; at most 16 are open, the oldest gives way; an idle limit can be set (tunable). A session that the store does not list is void, wherever it comes from.',
  ),
  'ACC-20': tunable(
    'own reading of ACC-15',
    'Sessions end when a credential changes: password, OTP channel, registered email. Of the holder’s own Change Password the acting session goes on; tunable: the others too. A session is checked against the same access table as the sign-in.',
  ),
  'MNT-01': stated('Appendix 1', 'Password change: the holder.'),
  'MNT-02': stated('Password Reset', 'Password reset, mobile app: the holder (Forgot/Reset).'),
  'MNT-03': stated(
    'Password Reset',
    'Password reset, email OTP: a DA\'s by HKEX on DA 3; a user\'s by a DA ("Unlock/Reset OTP Device Registration").',
  ),
  'MNT-04': stated(
    'Password Reset',
    'Unlock: a DA\'s by HKEX on DA 3 ("Unlock DA Account"); a user\'s by a DA.',
  ),
  'MNT-05': stated(
    'Password Reset',
    "Forgotten smartcard password: a DA's by HKEX on SCard 1; a user's by a DA.",
  ),
  'MNT-06': stated(
    'DAs',
    'DA creation and maintenance: by HKEX, on SCard 1 before launch, on DA 3 from launch. From launch SCard 1 serves smartcard password resets only.',
  ),
  'MNT-07': stated(
    'Users',
    'User creation: by HKEX before launch, by a DA from launch, if accounts are available. User maintenance: by a DA, always.',
  ),
  'MNT-08': reading(
    `the briefing is silent; operational staff should not be DAs: FAQ of HKEX, Q25, ${faq}`,
    'A DA acts only on users of its own participant, never on a DA (itself included).',
  ),
  'MNT-09': reading(
    'the briefing is silent',
    "Unlock/Reset may be used on an account that is not locked (it is also the email user's password reset).",
  ),
  'MNT-10': stated(
    'Users Migration; DAs',
    'Business user groups: a DA assigns them to users; DAs themselves can have them only upon decommissioning.',
  ),
  'MNT-11': reading(
    'the briefing is silent',
    'The answer to "who can help this account holder with this need, and how" is a table that anyone can ask: need × role × channel × phase → route.',
  ),
  'MNT-12': tunable(
    'own reading of ID-10 and MNT-08',
    'HKCC and SEOCH share the participant key. A DA acts within its own clearing house where that is known: the clearing house options of a profile that name one of HKCC and SEOCH decide; otherwise the group digit does, 1 for HKCC and 2 for SEOCH as in the examples of ID-04 and ID-06 (tunable). Where it is not known for both, MNT-08 alone holds.',
  ),
  'DMS-01': stated(
    'Appendix 1 (c); Appendix 2',
    'A change to a user profile is entered by a DA maker, and takes effect when a DA checker confirms it, on the same page, with Checker ID and Authorisation Code.',
  ),
  'DMS-02': published(
    `FAQ of HKEX, Q24, Q26, Q27: ${faq}`,
    'Maker and checker are two different DAs of the participant, both able to sign in at that moment, with two different mailboxes. Tunable for a participant that HKEX allows to have one person do both.',
    true,
  ),
  'DMS-03': reading('the briefing is silent', 'Create and Delete go the same way as Change.'),
  'DMS-04': published(
    `CCASS Terminal User Guide for Designated Banks, 7.10 (Get Authorisation Code): ${bankGuide}`,
    'The checker draws the Authorisation Code after their own sign-in. Stricter than what is published: the code is for one request, for single use, and valid for 5 minutes (tunable).',
    true,
  ),
  'DMS-05': tunable(
    'the briefing is silent',
    'The approval is bound to exactly what the maker entered and to the profile as the maker saw it: if either changed, it is refused as stale. What the account holder does alone (a new password, a sign-in, a lock) does not make an entry stale; an unlock is stale once the account has another OTP channel or none. Each amendment has its number, and an approval is of one number: amending back does not revive it. Pending requests expire (tunable).',
  ),
  'DMS-06': stated(
    'Enquire User Profile',
    'Profiles are found by User ID or by name; a DA shows the remark "Delegated Administrator".',
  ),
  'DMS-07': stated(
    'screens',
    'Profile: organisation, internal/external, User ID, status, surname, other names, email, enable from, disable after, clearing house options, access channel, (locked, OTP enabled) or (SRN, certificate expiry), user groups, transaction limits.',
  ),
  'DMS-08': reading(
    'own reading of DMS-04 and DMS-05',
    'An Authorisation Code is drawn for one request as the checker read it, entry and profile, out of a sign-in that still holds. Every refused operation in DMS is recorded in the trail of the DA who tried it, a User ID that is not found or malformed included.',
  ),
  'DMS-09': tunable(
    'own reading of DMS-04; the questions Q32 to Q34 of www.hkex.com.hk/eng/market/clr/secclr/ccass3/ccass_faq_question.htm',
    'Wrong confirmations are counted for each pending request, whether the Checker ID or the code was wrong. The third (tunable) revokes every code drawn for that request. A wrong entry does not count against a code that was drawn for another request.',
  ),
  'DMS-10': tunable(
    'the briefing is silent',
    'A maker has at most 100 pending requests at a time (tunable).',
  ),
  'DMS-11': published(
    `FAQ of HKEX, Q26, Q27: ${faq}`,
    'A DA can be limited to the part of maker or of checker (tunable, off by default).',
    true,
  ),
  'DMS-12': published(
    `CCASS Terminal User Guide for Designated Banks, 7.3 to 7.10: ${bankGuide}`,
    'DMS lists disabled users, smartcard serial numbers and user groups, and reports the maintenance of user profiles: what was requested, by which maker, and decided by which checker, in a period.',
  ),
  'DMS-13': reading(
    'own reading of DMS-01 and DMS-02',
    'A checker lists the pending requests that they may check; a maker lists their own. Listing is not a refused operation for lack of requests, and shows no entry: the contents are shown in a review.',
  ),
  'DMS-14': reading(
    'own reading of DMS-05',
    'A review can travel as sealed text, from the page that shows it to the one that takes the decision. It stands for the request exactly as it was read, and for the checker who read it; altered, or in the hands of another DA, it is refused.',
  ),
  'ESV-01': stated(
    'Appendix 2',
    'A Client Connect maker with the right `EU_UserMaintenance` fills in DA 3; a checker claims and confirms it.',
  ),
  'ESV-02': stated(
    'Appendix 2',
    'Draft → (submit) Ready to Send to HKEX, reference number given → (claim, confirm) Sent to HKEX → (HKEX processes) Completed.',
  ),
  'ESV-03': stated('Appendix 2', 'Reference: `DA3_` + 8 digits, e.g. `DA3_00013361`.'),
  'ESV-04': stated(
    'DAs; Appendix 2',
    'DA 3 types: Add, Change, Unlock/Enable/Disable, Delete; several may be chosen; before launch only Change (of email).',
  ),
  'ESV-05': stated('Appendix 2', 'At most 4 DA profiles in one eService.'),
  'ESV-06': reading(
    'the briefing is silent',
    '…lines of all types together; one participant per form (the form names one of HKSCC, HKCC, SEOCH).',
  ),
  'ESV-07': stated(
    'Appendix 2',
    'The declaration must be ticked; contact person, email, telephone are given.',
  ),
  'ESV-08': stated(
    'Appendix 2',
    'Email to the checker on submission ("for action"), to both on completion ("for reference"), each with the reference.',
  ),
  'ESV-09': stated('Appendix 1 (c)', 'An Unlock/Enable/Disable line names User ID and the registered email.'),
  'ESV-10': reading(
    'the briefing is silent',
    '…which must match, or the line is refused with its reason; the others go on. HKEX rejects a form by refusing all of its lines.',
  ),
  'ESV-11': reading(
    'buttons',
    'Reclaim takes a submitted form back to Draft before it is claimed; Release un-claims; Revert hands it back to the maker with a remark; Refer passes it to another checker; Clone starts a new Draft; Discard ends a Draft.',
  ),
  'ESV-12': reading('the briefing is silent', 'Maker ≠ checker. Every step is stamped with who and when.'),
  'ESV-13': stated('Appendix 2', 'HKEX processes in batches.'),
  'ESV-14': stated(
    'Users Migration',
    'DA 4 buys user accounts, HKD 250 each, once; smartcards (HKD 250) and readers (HKD 300) can no longer be bought from launch.',
  ),
  'ESV-15': reading(
    'own reading of ESV-01 and ESV-12',
    'The checker has the right EU_UserMaintenance too. User names and mailboxes are of visible ASCII characters; the same user name or the same mailbox, ignoring case, is one person.',
  ),
  'ESV-16': reading(
    'own reading of ESV-02 and ESV-11',
    'A form keeps its reference through Reclaim and Revert; a clone has none until it is submitted, and its declaration is to be ticked again. The checker who sent a form to HKEX can reclaim it while no line is processed: it is then with that checker again, and a batch refuses it.',
  ),
  'ESV-17': reading(
    'own reading of ESV-11 and ESV-12',
    'A claimed form can be taken over by another checker who may check it, so that a claimant who has left does not block it. Both persons are recorded.',
  ),
  'ESV-18': reading(
    'own reading of ESV-01',
    'A form is shown to Client Connect users of its participant who have the right EU_UserMaintenance and are maker or checker; so is the list of its forms. A refused request to see a form is recorded in the trail of the form.',
  ),
  'QTA-01': stated(
    'Users Migration',
    'A participant has a maximum number of users; the User Profile Listing shows maximum, total, DAs, and users without DAs (20 / 16 / 6 / 10 in the example).',
  ),
  'QTA-02': reading(
    'the briefing is silent',
    "DAs count, disabled accounts count, deleted ones don't. Available = maximum − total.",
  ),
  'QTA-03': reading('the briefing is silent', 'Creation beyond it is refused, under parallel creation too.'),
  'QTA-04': reading(
    'own reading of QTA-01',
    'The maximum holds for accounts that are created, not for those that were there before and are imported. Where none was set, nothing can be created in DMS or on a form.',
  ),
  'MIG-01': stated(
    'Timeline; Appendix 2',
    'Before launch: emails are registered (users by their DAs since December 2022, DAs by DA 3), by 28 April 2023.',
  ),
  'MIG-02': reading(
    'the briefing is silent',
    '…that day included, Hong Kong time. The launch instant must be configured; the decommissioning instant may be, later. Launch before deadline or decommissioning before launch is refused.',
  ),
  'MIG-03': stated(
    'Timeline',
    'From launch, 2FA and smartcard run in parallel until the smartcard is decommissioned.',
  ),
  'MIG-04': stated('DAs; Users', 'Accounts created upon launch can use 2FA only.'),
  'MIG-05': stated(
    'Users Migration',
    'All existing accounts with a smartcard are migrated, with or without email.',
  ),
  'MIG-06': reading(
    'the briefing is silent',
    '…one without email is migrated but blocked from initialising, and reported so.',
  ),
  'MIG-07': stated('Implementation Approach', 'Users and DAs should initialise 2FA at once upon launch.'),
  'MIG-08': reading(
    'the briefing is silent',
    'Initialising 2FA does not end the smartcard: it is good until decommissioning.',
  ),
  'MIG-09': stated('Important Information', 'At the Backup Centre, from launch, 2FA only.'),
  'MIG-10': stated(
    'Overview',
    'Access through the Participant Gateway is not touched: smartcard, before and after.',
  ),
  'MIG-11': stated(
    'Overview',
    'DMS and ONRD are in scope with terminal access; what the terminal does is not changed.',
  ),
  'MIG-12': stated('On-going login', 'After decommissioning: OTP only.'),
  'MIG-13': stated(
    'Checklist',
    "A participant's checklist: (1) emails of all users and DAs registered, (2) terminal bookmark checked, (3) connectivity to the new servers verified, (4) all users and DAs informed, (5) information package and user guides studied, (6) first-sign-in procedure understood, (7) who already uses Client Connect or VaR Online keeps the same authenticator app.",
  ),
  'MIG-14': stated(
    'Important Information',
    'Cards and readers are kept until decommissioning; PG users keep them for good.',
  ),
  'MIG-15': reading(
    'the briefing is silent',
    'Which ways in are open is a table that anyone can ask, with the reason: phase × created before/from launch × initialised × access (terminal, DMS, ONRD, PG) × site (primary, backup) × locked/enabled → methods.',
  ),
  'MIG-16': reading(
    'the briefing is silent',
    'A migration is planned (dry run: every account ready, blocked or refused, with reasons), applied (again and again without harm, from where it broke off), and reconciled (plan against outcome). Participants may move one by one.',
  ),
  'MIG-17': reading('own reading of MIG-03', 'A smartcard whose certificate has expired opens nothing.'),
  'MIG-18': tunable(
    'own reading of MIG-09, MIG-10 and MIG-14; the form SCard 2 on the briefing’s screen of Client Connect',
    'The Participant Gateway takes smartcards at either site, before and after decommissioning: that the Backup Centre takes 2FA only is said of terminals. Accounts created from launch on have no card, and no way in there (tunable, because HKEX can issue cards for the Gateway on SCard 2).',
  ),
  'MIG-19': reading(
    'own reading of MIG-03',
    'A smartcard sign-in in the parallel run is reported by the host, once the existing flow has admitted the card; it gives a session where the access table is open, and must be by the card of the profile. It proves neither password nor OTP: Change Password and Authentication Settings are not open to it.',
  ),
  'MIG-20': reading(
    'own reading of MIG-12',
    'From decommissioning on no profile shows a smartcard; its data leaves the record, with an event, at the next act on the account or in a sweep, whichever is first. From launch on none is entered any more.',
  ),
  'MIG-21': reading(
    'own reading of MIG-16',
    'What a listing brings in changes no account that is there already, regardless of who changed it since; a deleted one does not come back. The differences are reported.',
  ),
  'MIG-22': tunable(
    'own reading of ID-09 and MIG-16',
    "A listing's line without the remark, under a User ID that looks like a Delegated Administrator's, is refused until someone has looked; an account whose smartcard's certificate has expired is blocked (tunable, both).",
  ),
  'MIG-23': {
    ...published(
      'gcc-compliance.com/2023/03/01/change-of-authentication-for-ccass-terminal…',
      "Delegated Administrators' emails are registered from Monday 20 March 2023, users' since December 2022; both until 28 April 2023 (defaults, tunable in the timeline).",
    ),
    tunable: true,
  },
  'MIG-24': reading(
    'own reading of MIG-16',
    'A listing is read as spreadsheets write it, where that is unambiguous, with a warning: any usual separator, a title above the header, rows that end early, dates in other forms with the day first. What is ambiguous or lost is refused with its line and column: a date that reads in both orders in a listing where another one reads with the month first alone, a serial number in scientific notation, an error in place of a value.',
  ),
  'AUD-01': reading(
    'the briefing is silent',
    'Every change of state is an event: who, when, what, by which rule; written in the same commit as the state. State is the fold of its events.',
  ),
  'AUD-02': reading(
    'the briefing is silent',
    'The trail is hash-chained, and its head is kept apart, so that a changed, missing or cut-off entry is found.',
  ),
  'AUD-03': reading(
    'the briefing is silent',
    'Refusals are recorded too, with the reason the caller does not see.',
  ),
  'AUD-04': reading(
    'the briefing is silent',
    'Where a policy departs from the defaults, a call lists the departures.',
  ),
  'AUD-05': reading(
    'the briefing is silent',
    'Every rule above is found from its number to the code that enforces it and the test that proves it, and back.',
  ),
  'AUD-06': reading(
    'own reading of PW-15',
    'What proves a secret (password hash, sealed TOTP secret, keyed code hash) is kept beside state and trail, never in them; what no state refers to any more is dropped in the same commit.',
  ),
  'AUD-07': reading(
    'own reading of AUD-01',
    'Every entry of a trail names the schema version of its event. An event stored under an older name or schema is turned into the current one when it is read; what is stored, and its hash, stay as they are.',
  ),
  'AUD-08': reading(
    'own reading of AUD-03 and LOCK-09',
    'What is refused to an unauthenticated caller and changes nothing stands in a trail of its own beside the account’s: it leaves the account’s version as it is, so that an outsider cannot keep others from acting.',
  ),
  'PRI-01': reading(
    'own reading of AUD-01; PDPO (Cap. 486), Schedule 1, principles 1 and 4',
    'With every call the host may say where it comes from: source address, user agent and request id. They are validated, given to the rate limiter and the observer, and recorded with every trail entry that the call writes.',
  ),
  'PRI-02': reading(
    'own reading of AUD-02; PDPO (Cap. 486), section 26; GDPR, article 17',
    'Personal data in a trail (names, email addresses, telephone numbers, request contexts) can be erased without breaking the hash chain: events and states hold a salted digest of each value, and value and salt are kept beside them. Verification reports what was erased as erased, and a value that was changed, removed or brought back without a recorded erasure as a finding.',
  ),
  'PRI-03': tunable(
    'own reading of PRI-02; PDPO (Cap. 486), Schedule 1, principle 2',
    'Each kind of personal data has a retention period (tunable): request contexts 365 days; names and contact details 2,555 days (seven years) after they were written. What an account, a pending request or an open form still needs is kept. An operator applies the periods.',
  ),
  'PRI-04': reading(
    'own reading of PRI-02; PDPO (Cap. 486), section 26; GDPR, article 17',
    'An operator erases the personal data of one record on request, regardless of their age: what its state still needs is kept. Each erasure is an event in the trail of the record: by whom, why, which kinds, up to which entry.',
  ),
  'OBS-01': reading(
    'the briefing is silent',
    'The host may give an observer, which is told of every call that has ended (operation, outcome, rule, duration) and of every committed entry. It sees no secret, its errors change no answer, and without one nothing is measured.',
  ),
  'FLD-01': reading(
    'the briefing is silent; RFC 5321, RFC 5322, RFC 6531, RFC 6532',
    'An email address is one rule at every entrance: a dot-atom of at most 64 octets, an @, a domain name of at least two labels, in any script, at most 254 octets in all. An address whose local part is not ASCII is sent only over a server that supports SMTPUTF8. Two addresses are one mailbox if they differ only in letter case, normalisation or the way an international domain is written.',
  ),
  'FLD-02': reading(
    'own reading of DMS-01',
    'A name (surname, other names, the name of a person) has 1 to 128 characters on one line, is not blank, and has no control, invisible, private-use or unassigned character, at every entrance.',
  ),
  'FLD-03': reading(
    'own reading of MIG-16',
    'The serial number of a smartcard has 1 to 32 ASCII letters and digits at every entrance. A listing with another one is not ready.',
  ),
  'FLD-04': reading(
    'own reading of ACC-06',
    'Enable From is not after Disable After, at every entrance and after every change.',
  ),
  'FLD-05': reading(
    'own reading of API-01',
    'Every text field has one schema wherever it is entered. No field takes control or invisible characters or unpaired surrogates; remarks may have line breaks.',
  ),
  'FLD-06': published(
    `user groups are predefined by HKEX: CCASS Terminal User Guide for Designated Banks, ${bankGuide}`,
    'User groups can be limited to a list that the host gives (tunable; without one every well-formed code is accepted). A profile has at most 256 transaction limits.',
    true,
  ),
  'API-01': reading(
    'own reading',
    'What has not the documented shape is refused by field, before anything is loaded, hashed or recorded.',
  ),
  'API-02': reading(
    'own reading',
    'A port that fails gives a clear refusal; nothing is half done. Whether a commit whose answer was lost took effect is looked up, not guessed.',
  ),
  'API-03': reading(
    'own reading of OTP-05 and ACC-15',
    'An instant from the future, beyond 5 seconds, comes from a clock that was wrong and is not trusted: right codes are refused without being counted, sessions, challenges and codes are void, rate windows begin again; the host is told.',
  ),
  'API-04': reading(
    'own reading',
    'Each operation lists exactly the refusals that it can return, by code; it returns no other.',
  ),
}

/**
 * The rulebook as data: every rule once, in the order of the book.
 *
 * @rule AUD-05
 * @category Policy
 */
export const rulebook: readonly Rule[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ (Object.entries(entries) as [RuleId, Entry][]).map(([id, entry]) =>
    Object.freeze({ id, ...entry }),
  ),
)

/**
 * One rule by its number.
 *
 * @rule AUD-05
 * @category Policy
 */
export const ruleOf = (id: RuleId): Rule => ({ id, ...entries[id] })
