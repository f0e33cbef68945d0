/** The reasons of the access table that end a sign-in: those that no attempt can change. */
import { expect, test } from 'vitest'
import { accessRules } from '../../src/access-control/access-table.ts'
import {
  isSignInDenial,
  isSmartcardDenial,
  signInDenials,
  smartcardDenials,
} from '../../src/access-control/denials.ts'

const reasons = [...new Set(accessRules.map(({ reason }) => reason)), 'malformed-request', '']

test('MIG-15 · a sign-in by 2FA is denied before launch, and to a role that never enters the resource', () => {
  expect(reasons.filter(isSignInDenial).sort()).toEqual([
    'administrator-without-business-group',
    'administrators-enter-dms-only',
    'before-launch',
    'users-do-not-enter-dms',
  ])
  expect(signInDenials.every(isSignInDenial)).toBe(true)
})

test('MIG-15 · a sign-in by smartcard is denied by role, phase, site and card', () => {
  expect(reasons.filter(isSmartcardDenial).sort()).toEqual([
    'administrator-without-business-group',
    'administrators-enter-dms-only',
    'backup-centre',
    'certificate-expired',
    'created-from-launch',
    'decommissioned',
    'no-smartcard',
    'users-do-not-enter-dms',
  ])
  expect(smartcardDenials.every(isSmartcardDenial)).toBe(true)
})
