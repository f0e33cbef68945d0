/**
 * Why an operation on a form was refused, as the audit trail records it, together with the rule's number.
 *
 * @rule AUD-03
 * @category eServices
 */
export type EserviceDenialReason =
  | 'no-such-form'
  /** Every reference number of the form is issued. */
  | 'numbers-exhausted'
  | 'form-exists'
  /** Not at this status of the form. */
  | 'wrong-status'
  | 'already-claimed'
  /** A user name or mailbox that is not of visible ASCII characters. */
  | 'unreadable-actor'
  | 'other-participant'
  | 'no-right'
  | 'not-a-maker'
  | 'not-a-checker'
  /** Another maker's form. */
  | 'not-its-maker'
  | 'maker-as-checker'
  | 'not-the-claimant'
  /** Another checker sent the form to HKEX. */
  | 'not-its-checker'
  /** HKEX has processed a line of the form. */
  | 'already-processed'
  /** Neither a maker nor a checker. */
  | 'no-role'
  /** Who is referred to is no checker of the participant with the right. */
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
  /** A user group that is not on the host's list. */
  | 'unknown-user-group'
  | 'nothing-to-change'
  | 'malformed-user-id'
  | 'line-of-other-participant'
  | 'not-an-administrator'
  | 'duplicate-user-id'
  | 'count-out-of-bounds'
  | 'dates-reversed'

/**
 * Why HKEX refuses one line of a form; the others go on.
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
