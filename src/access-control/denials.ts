import type { AccessReason } from './access-table.ts'

/**
 * The reasons why the sign-in page of a system denies an account, regardless of its password.
 *
 * @rule MIG-15
 * @rule ACC-13
 * @category Access
 */
export const signInDenials = [
  'before-launch',
  'users-do-not-enter-dms',
  'administrators-enter-dms-only',
  'administrator-without-business-group',
] as const satisfies readonly AccessReason[]

/**
 * A reason from {@link signInDenials}.
 *
 * @category Access
 */
export type SignInDenial = (typeof signInDenials)[number]

/** Whether the access table's reason is one of {@link signInDenials}. */
export const isSignInDenial = (reason: string): reason is SignInDenial =>
  signInDenials.some((denial) => denial === reason)

/**
 * The reasons why the access table denies a smartcard that the host's existing flow has admitted.
 *
 * @rule MIG-15
 * @rule MIG-19
 * @category Access
 */
export const smartcardDenials = [
  'users-do-not-enter-dms',
  'administrators-enter-dms-only',
  'administrator-without-business-group',
  'decommissioned',
  'created-from-launch',
  'backup-centre',
  'no-smartcard',
  'certificate-expired',
] as const satisfies readonly AccessReason[]

/**
 * A reason from {@link smartcardDenials}.
 *
 * @category Access
 */
export type SmartcardDenial = (typeof smartcardDenials)[number]

/** Whether the access table's reason is one of {@link smartcardDenials}. */
export const isSmartcardDenial = (reason: string): reason is SmartcardDenial =>
  smartcardDenials.some((denial) => denial === reason)
