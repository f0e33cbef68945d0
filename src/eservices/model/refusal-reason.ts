/**
 * Why an operation on a form was refused, as the audit trail records it, together with the rule's number.
 *
 * @rule AUD-03
 * @category eServices
 */
export type EserviceDenialReason =
  | 'no-such-form'
  /** Every reference number of the form has been issued. */
  | 'numbers-exhausted'
  | 'form-exists'
  /** The operation is not allowed at the form's status. */
  | 'wrong-status'
  | 'already-claimed'
  /** The user name or mailbox contains characters other than visible ASCII characters. */
  | 'unreadable-actor'
  | 'other-participant'
  | 'no-right'
  | 'not-a-maker'
  | 'not-a-checker'
  /** The form belongs to another maker. */
  | 'not-its-maker'
  | 'maker-as-checker'
  | 'not-the-claimant'
  /** Another checker sent the form to HKEX. */
  | 'not-its-checker'
  /** HKEX has already processed a line of the form. */
  | 'already-processed'
  /** The user is neither a maker nor a checker. */
  | 'no-role'
  /** The user to whom the form is referred is not a checker of the participant with the right. */
  | 'unfit-checker'
  | 'referred-to-oneself'
  | 'no-remark'
  | 'malformed-reference'
  | InvalidFormReason
  | 'no-such-line'
  | 'no-user-id-assigned'
  | 'lines-outstanding'

/**
 * Why a form cannot be submitted.
 *
 * @rule ESV-04
 * @rule ESV-05
 * @rule ESV-06
 * @rule ESV-07
 * @category eServices
 */
export type InvalidFormReason =
  | 'declaration-not-ticked'
  | 'contact-incomplete'
  | 'other-clearing-house'
  | 'no-lines'
  | 'too-many-lines'
  | 'line-not-on-form'
  | 'field-not-on-form'
  /** The user group is not on the host's list. */
  | 'unknown-user-group'
  | 'nothing-to-change'
  | 'malformed-user-id'
  | 'line-of-other-participant'
  | 'not-an-administrator'
  | 'duplicate-user-id'
  | 'count-out-of-bounds'
  | 'dates-reversed'

/**
 * Why HKEX refuses one line of a form. The other lines continue.
 *
 * @rule ESV-10
 * @category eServices
 */
export type LineRefusalReason =
  | 'unknown-account'
  | 'not-an-administrator'
  | 'no-registered-email'
  | 'email-differs'
  | 'no-accounts-available'
  | 'user-ids-exhausted'
  | 'no-smartcard'
  | 'dates-reversed'
