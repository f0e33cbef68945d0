/** Uses the rules as pure functions, without any port. The README shows the region unchanged. */
import assert from 'node:assert/strict'
// #region rules
import {
  checkPassword,
  DAY,
  definePolicy,
  parseUserId,
  passwordExpiry,
  policyOverrides,
  reachesLockout,
} from 'ccass-2fa/rules'

const changedAt = Date.UTC(2023, 5, 5)
const id = parseUserId('HKABC2X1') // ok: role DelegatedAdministrator, participantId ABC, types [HKCC, SEOCH]
const weak = checkPassword('short') // err: every unmet rule, each with its code and number
const expiry = passwordExpiry({ changedAt, now: changedAt + 87.5 * DAY }) // valid, daysLeft 3, expiresAt …
const locked = reachesLockout({ passwords: 2, otps: 9 }) // true: 2 + ⌊9/3⌋ ≥ 5
const stricter = definePolicy({ password: { history: 5 } }).map(policyOverrides) // [{ path: 'password.history', rule: 'PW-08', … }]
// #endregion

console.log(id, weak, expiry, locked, stricter)
assert.deepEqual(id.isOk() && id.value.types, ['HKCC', 'SEOCH'])
assert.equal(weak.isErr() && weak.error.unmet.length, 4)
assert.equal(expiry.status === 'valid' && expiry.daysLeft, 3)
assert.equal(locked, true)
assert.equal(stricter.isOk() && stricter.value[0]?.rule, 'PW-08')
