// #region decider
import { defaultPolicy } from 'ccass-2fa'
import { accountDecider } from 'ccass-2fa/account'
import { parseUserId } from 'ccass-2fa/rules'
import { deciderSpecification } from 'ccass-2fa/testing'
import { test } from 'vitest'

const at = Date.UTC(2023, 5, 5)
const { userId } = parseUserId('B0123401')._unsafeUnwrap()
const { given } = deciderSpecification(accountDecider, defaultPolicy)

test('a user without a password cannot sign in', () => {
  given({ type: 'Registered', at, rule: 'ACC-01', userId, role: 'User', origin: 'created' })
    .when({
      type: 'EnterPassword',
      at,
      passwordMatches: true,
      system: 'CCASS/CCMS',
      challenge: 'c',
      code: '',
    })
    .thenRefused('no-password-set', 'LOCK-13')
})
// #endregion
