/** LOCK-09: the outside facts of a command are found when the table asks for them, each at most once. */
import { err, ok } from 'neverthrow'
import { describe, expect, test } from 'vitest'
import type { Account } from '../../src/account/state.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { always, disclose } from '../../src/records/disclosure.ts'
import { completeCommand } from '../../src/records/find-facts.ts'
import { openedState, recordOf, testService } from '../support/test-service.ts'
import { initialised, user } from '../support/user-journeys.ts'

const unknown: Account = { stage: 'Unknown' }

/** An account with a password, whose table asks whether the password matches. */
const withPassword = async (): Promise<Account> => {
  const service = testService()
  await initialised(service, user)
  return openedState(await recordOf(service, user)) as unknown as Account
}

const attempt = { type: 'EnterPassword', at: Date.UTC(2023, 4, 2, 2), system: 'CCASS/CCMS', challenge: 'a' }
const commandOn = (
  account: Account,
  {
    eager = false,
    finds = async () => ok({ value: true, vault: { proof: 'one' } }),
  }: { eager?: boolean; finds?: () => Promise<unknown> } = {},
) => {
  const asked: unknown[] = []
  const operation = {
    command: () => attempt,
    facts: {
      passwordMatches: (loaded: unknown) => {
        asked.push(loaded)
        return finds()
      },
    },
    ...(eager ? { always: ['passwordMatches'] } : {}),
  }
  const loaded = { account, vault: {}, now: attempt.at }
  const done = completeCommand(operation as never, loaded, defaultPolicy)
  return { asked, loaded, done }
}

describe('LOCK-09 · a fact', () => {
  test('is found once, with what was loaded, and its new secrets are kept for the vault', async () => {
    for (const eager of [false, true]) {
      const { asked, loaded, done } = commandOn(await withPassword(), { eager })
      expect((await done)._unsafeUnwrap()).toEqual({
        command: { ...attempt, passwordMatches: true },
        vault: { proof: 'one' },
      })
      expect(asked).toEqual([loaded])
    }
  })

  test('that no row reads is left out, unless the work may not depend on the account (LOCK-11)', async () => {
    const lazy = commandOn(unknown)
    expect((await lazy.done)._unsafeUnwrap()).toEqual({ command: attempt, vault: {} })
    expect(lazy.asked).toEqual([])
    const eager = commandOn(unknown, { eager: true })
    expect((await eager.done)._unsafeUnwrap().command).toEqual({ ...attempt, passwordMatches: true })
    expect(eager.asked).toHaveLength(1)
  })

  test('that cannot be found refuses the command for that reason, and no other is looked for', async () => {
    const { asked, done } = commandOn(await withPassword(), { finds: async () => err('down') })
    expect((await done)._unsafeUnwrapErr()).toBe('down')
    expect(asked).toHaveLength(1)
  })

  test('that the operation does not provide for is a fault of the library, named with the fact', async () => {
    const loaded = { account: await withPassword(), vault: {}, now: attempt.at }
    const done = completeCommand({ command: () => attempt } as never, loaded, defaultPolicy)
    await expect(done).rejects.toThrow(
      'the table requests passwordMatches, but this operation cannot find it',
    )
  })
})

test('LOCK-11 · a reason is disclosed only where it is named; all others have one answer', () => {
  const disclosure = {
    otherwise: 'refused',
    disclosed: { 'password-used-before': always('used'), locked: ({ stage }: Account) => `locked ${stage}` },
  }
  expect(disclose(disclosure, 'password-used-before', unknown, defaultPolicy)).toBe('used')
  expect(disclose(disclosure, 'locked', unknown, defaultPolicy)).toBe('locked Unknown')
  expect(disclose(disclosure, 'disabled', unknown, defaultPolicy)).toBe('refused')
})
