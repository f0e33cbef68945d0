/** The outside facts that the account's transition table requests: only those that the decision reads. */
import { expect, test } from 'vitest'
import { type AccountCommand, accountCommandTypes, outsideFacts } from '../../src/account/commands.ts'
import { decideAccount, nextAccountFact } from '../../src/account/decide.ts'
import { type Account, unknownAccount } from '../../src/account/state.ts'
import type { AccountTypes } from '../../src/account/table.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { decideByAsking } from '../support/asked-facts.ts'
import { anyAccount, anyCommand, anyInstant, seededRandom } from '../support/explorer.ts'
import { accountAfter, challenge, happened, history, t0 } from '../support/random-histories.ts'

const table = { decide: decideAccount, nextFact: nextAccountFact }
const factsOf: Readonly<Record<string, readonly string[]>> = outsideFacts

const asked = (account: Account, command: AccountCommand) =>
  decideByAsking<AccountTypes>(table, account, command, defaultPolicy, factsOf[command.type] ?? []).asked

test('AUD-01 · a decision reads no outside fact that the table did not ask for, and is the same with all of them', () => {
  const random = seededRandom(9)
  const seen = new Set<string>()
  for (let i = 0; i < 3_000; i++) {
    const account = anyAccount(random)
    const at = anyInstant(random)
    for (const type of accountCommandTypes) {
      const command = anyCommand(type, account, at, random)
      const by = decideByAsking<AccountTypes>(table, account, command, defaultPolicy, factsOf[type] ?? [])
      expect(by.decided).toEqual(decideAccount(account, command, defaultPolicy))
      for (const fact of by.asked) seen.add(`${type}.${fact}`)
    }
  }
  // Every listed fact is requested somewhere.
  const listed = Object.entries(outsideFacts).flatMap(([type, facts]) =>
    facts.map((fact) => `${type}.${fact}`),
  )
  expect([...seen].sort()).toEqual(listed.sort())
})

const withApp = accountAfter(history.app)
const setPassword = {
  type: 'SetPassword',
  at: t0 + 1_000,
  challenge: 'c3',
  credential: 'new',
  reused: false,
} as const

test('LOCK-16 · no new password is hashed before its challenge has been verified', () => {
  for (const account of [unknownAccount, accountAfter(history.registered), withApp])
    expect(asked(account, setPassword)).toEqual([])
  const proved = accountAfter([...history.app, happened.proved(challenge.newPassword('c3'))])
  expect(asked(proved, setPassword)).toEqual(['reused', 'credential'])
  // A password that was used before is not hashed for storage.
  expect(asked(proved, { ...setPassword, reused: true })).toEqual(['reused'])
})

test('LOCK-16 · a sign-in code is verified only for an open challenge', () => {
  const enter = { type: 'EnterSignInCode', at: t0 + 1_000, challenge: 'c1', fact: undefined } as const
  expect(asked(withApp, enter)).toEqual([])
  const begun = accountAfter([...history.app, happened.opened(challenge.login('c1'))])
  expect(asked(begun, enter)).toEqual(['fact'])
  expect(asked(begun, { ...enter, challenge: 'c2' })).toEqual([])
})

test('PW-14 · the current password is verified only in a valid session, and the new one only after that', () => {
  const account = accountAfter([...history.app, happened.signedIn('s1')])
  const change = {
    type: 'ChangePassword',
    ...{ at: t0 + 3 * 86_400_000, sessionEpoch: 0, session: 's1' },
    ...{ passwordMatches: true, reused: false, credential: 'new' },
  } as const
  const epoch = 'sessionEpoch' in account ? account.sessionEpoch : 0
  expect(asked(account, { ...change, sessionEpoch: epoch })).toEqual([
    'passwordMatches',
    'reused',
    'credential',
  ])
  expect(asked(account, { ...change, passwordMatches: false })).toEqual(['passwordMatches'])
  expect(asked(account, { ...change, session: 'another' })).toEqual([])
  expect(asked(account, { ...change, bySmartcard: true })).toEqual([])
})
