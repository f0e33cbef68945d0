/** Properties of an account after any history, under any policy. */
import {
  accountHistory,
  attempts,
  decideAndEvolve,
  type History,
  type HistoryStep,
  historySteps,
  type PlausibleStep,
  policy,
  runHistory,
  wildCommand,
} from 'ccass-2fa/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AccountCommand, accountCommandTypes } from '../../src/account/commands.ts'
import { accountDecider } from '../../src/account/decide.ts'
import type { AccountEvent } from '../../src/account/events.ts'
import {
  type Account,
  accountStages,
  credentialsOf,
  isExistingAccount,
  unknownAccount,
} from '../../src/account/state.ts'
import type { UserId } from '../../src/identity/user-id.ts'
import { foldEvents } from '../../src/kernel/decider.ts'
import { SECOND } from '../../src/kernel/instant.ts'
import { noFailedAttempts, reachesLockout } from '../../src/lockout/attempts.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { type Branches, branches } from '../support/branches.ts'

const step = (operation: PlausibleStep['operation'], right: boolean, times = 1): HistoryStep => ({
  ...{ operation, right, times },
  ...{ wait: SECOND, pick: 0 },
})

/** Commands that a deleted account refuses without a trace. */
const silent = ['ReportUndelivered', 'ReplacePasswordHash'] as const

/** Sequences that random steps seldom form: an account that is set up, and one limit after the other. */
const limits = fc
  .array(
    fc.constantFrom(
      [step('EnterPassword', false, 3)],
      [step('EnterPassword', false, 8)],
      Array.from({ length: 6 }, () => [
        step('EnterPassword', true),
        step('EnterSignInCode', false, 3),
      ]).flat(),
      [step('EnterPassword', true, 70)],
      [step('next', true, 3)],
      [step('Delete', true), ...silent.map((operation) => step(operation, true)), step('Register', true)],
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((runs) => [step('next', true, 7), ...runs.flat()])

const anyHistory = fc.oneof(
  { weight: 3, arbitrary: accountHistory(policy()) },
  { weight: 2, arbitrary: fc.tuple(limits, policy()).map((given) => runHistory(...given)) },
)

/** Checks any history, and that each named branch of the check has run. */
const afterEveryTurn = <const Name extends string>(
  names: readonly Name[],
  check: (history: History, seen: Branches<Name>) => void,
) => {
  const seen = branches(...names)
  fc.assert(fc.property(anyHistory, (history) => check(history, seen)))
  seen.expectAll()
}

/** Deeply frozen: changing it in place throws. */
const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}

describe('the trail', () => {
  test('AUD-01 · the state is the replay of its events, all at once or step by step', () => {
    afterEveryTurn([], ({ events, account, decisions }) => {
      expect(foldEvents(accountDecider.evolve, unknownAccount, events)).toEqual(account)
      for (const { before, events: own, after } of decisions)
        expect(foldEvents(accountDecider.evolve, before, own)).toEqual(after)
    })
  })

  test('AUD-01 · events and state survive a JSON round trip, so a storage returns what was decided', () => {
    afterEveryTurn([], ({ events, account }) => {
      expect(JSON.parse(JSON.stringify(account))).toEqual(account)
      expect(foldEvents(accountDecider.evolve, unknownAccount, JSON.parse(JSON.stringify(events)))).toEqual(
        account,
      )
    })
  })

  test('AUD-01 · no state exists without an event, and each event has its command’s instant', () => {
    afterEveryTurn(['no event', 'events'], ({ decisions }, seen) => {
      for (const { before, command, events, after } of decisions) {
        if (seen.either('no event', 'events', events.length === 0)) expect(after).toBe(before)
        expect(events.every(({ at }) => at === command.at)).toBe(true)
      }
    })
  })

  test('AUD-01 · deciding and evolving change nothing in place, and give the same result each time', () => {
    afterEveryTurn([], ({ decisions, policy: under }) => {
      for (const turn of decisions) {
        const again = decideAndEvolve(frozen(turn.before), frozen(turn.command), under)
        expect(frozen(again)).toEqual(turn)
      }
    })
  })
})

describe('attempts', () => {
  test('LOCK-04 · an account is locked exactly when p + ⌊o/m⌋ ≥ n, after every attempt', () => {
    afterEveryTurn(['locked', 'not locked'], ({ decisions, policy: under }, seen) => {
      const { failedSignIns, otpFailuresPerFailedSignIn } = under.lockout
      for (const { after } of decisions) {
        if (!isExistingAccount(after)) continue
        const { passwords, otps } = after.failedAttempts
        const over = passwords + Math.floor(otps / otpFailuresPerFailedSignIn) >= failedSignIns
        expect(after.stage === 'Locked').toBe(seen.either('locked', 'not locked', over))
        expect(passwords).toBeLessThanOrEqual(failedSignIns)
        expect(otps).toBeLessThanOrEqual(failedSignIns * otpFailuresPerFailedSignIn)
      }
    })
  })

  test('LOCK-03, LOCK-04 · the counters are the failed attempts since the last complete sign-in or unlock', () => {
    const names = ['wrong passwords', 'wrong codes', 'after a sign-in or an unlock', 'neither yet'] as const
    afterEveryTurn(names, ({ events, account }, seen) => {
      const cleared = events.findLastIndex(({ type }) => type === 'SignInCompleted' || type === 'Unlocked')
      const since = events.slice(cleared + 1)
      const count = (type: AccountEvent['type']) => since.filter((event) => event.type === type).length
      if (!isExistingAccount(account)) return
      const [passwords, otps] = [count('PasswordRejected'), count('SignInCodeRejected')]
      seen.hitIf('wrong passwords', passwords > 0)
      seen.hitIf('wrong codes', otps > 0)
      seen.either('after a sign-in or an unlock', 'neither yet', cleared >= 0)
      expect(account.failedAttempts).toEqual({ passwords, otps })
    })
  })

  test('LOCK-04 · no attempt is verified after the lock: at most n wrong passwords and n·m wrong codes are counted', () => {
    const names = [
      'cleared',
      'a wrong password',
      'a wrong code',
      'the most passwords',
      'the most codes',
    ] as const
    afterEveryTurn(names, ({ events, policy: under }, seen) => {
      const { failedSignIns, otpFailuresPerFailedSignIn } = under.lockout
      let [passwords, otps] = [0, 0]
      for (const { type } of events) {
        const clears = type === 'SignInCompleted' || type === 'Unlocked'
        if (seen.hitIf('cleared', clears && passwords + otps > 0)) [passwords, otps] = [0, 0]
        if (seen.hitIf('a wrong password', type === 'PasswordRejected')) passwords++
        if (seen.hitIf('a wrong code', type === 'SignInCodeRejected')) otps++
        seen.hitIf('the most passwords', passwords === failedSignIns)
        seen.hitIf('the most codes', otps === failedSignIns * otpFailuresPerFailedSignIn)
        expect(passwords).toBeLessThanOrEqual(failedSignIns)
        expect(otps).toBeLessThanOrEqual(failedSignIns * otpFailuresPerFailedSignIn)
      }
    })
  })

  test('LOCK-07 · only an unlock or a deletion ends a lock, and nothing is counted before it', () => {
    afterEveryTurn(['goes on', 'ends'], ({ decisions }, seen) => {
      for (const { before, command, events, after } of decisions) {
        if (before.stage !== 'Locked') continue
        seen.either('goes on', 'ends', after.stage === 'Locked')
        if (after.stage === 'Locked') expect(after.failedAttempts).toEqual(before.failedAttempts)
        else expect(['Unlock', 'Delete']).toContain(command.type)
        for (const { type } of events)
          expect(['CommandRefused', 'ProfileChanged', 'Unlocked', 'Deleted']).toContain(type)
      }
    })
  })

  test('LOCK-10 · wrong enrolment codes never lock an account', () => {
    afterEveryTurn(['a wrong set-up code'], ({ decisions }, seen) => {
      for (const { before, events, after } of decisions)
        if (
          events.some(({ type }) => type === 'EnrolmentCodeRejected') &&
          isExistingAccount(before) &&
          isExistingAccount(after)
        ) {
          seen.hit('a wrong set-up code')
          expect(after.failedAttempts).toEqual(before.failedAttempts)
          expect(after.stage).toBe(before.stage)
        }
    })
  })
})

describe('the state', () => {
  test('AUD-06 · credentialsOf names every credential that the state refers to, and no other', () => {
    afterEveryTurn(['no credential', 'credentials'], ({ decisions }, seen) => {
      for (const { after } of decisions) {
        const referred = JSON.stringify(after).match(/credential-\d+\./g) ?? []
        seen.either('no credential', 'credentials', referred.length === 0)
        expect(new Set(credentialsOf(after))).toEqual(new Set(referred))
      }
    })
  })

  test('ACC-15 · the sessionEpoch never goes down', () => {
    afterEveryTurn(['the same', 'higher'], ({ decisions }, seen) => {
      for (const { before, after } of decisions)
        if (isExistingAccount(before) && isExistingAccount(after)) {
          seen.either('the same', 'higher', after.sessionEpoch === before.sessionEpoch)
          expect(after.sessionEpoch).toBeGreaterThanOrEqual(before.sessionEpoch)
        }
    })
  })

  test('ACC-08 · an unlock voids password, device, challenges, codes and sign-ins', () => {
    afterEveryTurn(['an unlock', 'with a password', 'with a channel'], ({ decisions }, seen) => {
      for (const { before, events, after } of decisions)
        if (events.some(({ type }) => type === 'Unlocked') && isExistingAccount(before)) {
          seen.hit('an unlock')
          seen.hitIf('with a password', 'password' in before)
          seen.hitIf('with a channel', 'channel' in before)
          expect(after).toMatchObject({
            stage: 'Registered',
            challenges: [],
            codes: {},
            failedAttempts: noFailedAttempts,
          })
          expect(after).not.toHaveProperty('password')
          expect(after).not.toHaveProperty('channel')
          expect((after as typeof before).sessionEpoch).toBeGreaterThan(before.sessionEpoch)
        }
    })
  })

  test('OTP-03, ACC-03 · an initialised account has a password and exactly one channel, and no other account has a channel', () => {
    const names = [
      'initialised by app',
      'initialised by email',
      'locked with a channel',
      'no channel',
    ] as const
    afterEveryTurn(names, ({ decisions }, seen) => {
      for (const { after } of decisions) {
        const kinds =
          JSON.stringify('channel' in after ? after.channel : null).match(/MobileApp|Email/g) ?? []
        const isSetUp = after.stage === 'Initialised'
        seen.hitIf('initialised by app', isSetUp && after.channel.kind === 'MobileApp')
        seen.hitIf('initialised by email', isSetUp && after.channel.kind === 'Email')
        seen.hitIf('locked with a channel', after.stage === 'Locked' && 'channel' in after)
        seen.hitIf('no channel', !('channel' in after))
        expect(kinds).toHaveLength(isSetUp || 'channel' in after ? 1 : 0)
        if (isSetUp) expect(after).toHaveProperty('password')
        else expect(after.stage === 'Locked' || !('channel' in after)).toBe(true)
      }
    })
  })

  test('OTP-05 · on one device the accepted time steps only go up', () => {
    afterEveryTurn(['the same step', 'a later step'], ({ decisions }, seen) => {
      for (const { before, after } of decisions) {
        if (before.stage !== 'Initialised' || after.stage !== 'Initialised') continue
        const [old, now] = [before.channel, after.channel]
        if (old.kind !== 'MobileApp' || now.kind !== 'MobileApp' || old.credential !== now.credential)
          continue
        seen.either('the same step', 'a later step', now.lastAcceptedStep === old.lastAcceptedStep)
        expect(now.lastAcceptedStep).toBeGreaterThanOrEqual(old.lastAcceptedStep)
      }
    })
  })

  test('OTP-05 · a sign-in by mobile app accepts only a time step above every step accepted since the enrolment', () => {
    const names = ['an app enrolled', 'email enrolled', 'a step accepted', 'a later step accepted'] as const
    afterEveryTurn(names, ({ events }, seen) => {
      let last = Number.NEGATIVE_INFINITY
      let isFirst = true
      for (const event of events) {
        if (event.type === 'ChannelEnrolled') {
          const { channel } = event
          seen.either('an app enrolled', 'email enrolled', channel.kind === 'MobileApp')
          last = channel.kind === 'MobileApp' ? channel.lastAcceptedStep : Number.NEGATIVE_INFINITY
          isFirst = true
        }
        const step =
          event.type === 'SignInCompleted' || event.type === 'DeviceChangeVerified' ? event.step : undefined
        if (step === undefined) continue
        seen.hit(isFirst ? 'a step accepted' : 'a later step accepted')
        isFirst = false
        expect(step).toBeGreaterThan(last)
        last = step
      }
    })
  })

  test('OTP-11 · no two open challenges have the same name, and none outlives its expiry', () => {
    afterEveryTurn(['opened', 'left open', 'none'], ({ decisions, policy: under }, seen) => {
      const longest = under.challenge.validSeconds * SECOND
      for (const { before, command, after } of decisions) {
        if (!isExistingAccount(after)) continue
        const names = after.challenges.map(({ id }) => id)
        expect(new Set(names).size).toBe(names.length)
        const old = isExistingAccount(before)
          ? before.challenges.map(({ id, expiresAt }) => `${id} ${expiresAt}`)
          : []
        seen.hitIf('none', after.challenges.length === 0)
        for (const { id, expiresAt } of after.challenges)
          if (!seen.either('left open', 'opened', old.includes(`${id} ${expiresAt}`)))
            expect(expiresAt - command.at).toBe(longest)
      }
    })
  })

  test('OTP-11 · the number of open challenges of each kind never exceeds the limit of the policy', () => {
    const names = ['none open', 'open', 'as many open as allowed'] as const
    afterEveryTurn(names, ({ decisions, policy: under }, seen) => {
      for (const { after, command } of decisions) {
        if (!isExistingAccount(after) || command.type !== 'EnterPassword') continue
        for (const awaits of ['sign-in-code', 'enrolment', 'expired-password-change']) {
          const open = after.challenges.filter(
            // A challenge that expires later than possible was opened by a clock that was ahead, and is void
            // (API-03).
            ({ awaits: kind, expiresAt }) =>
              kind === awaits &&
              expiresAt > command.at &&
              expiresAt <= command.at + under.challenge.validSeconds * 1_000 + 5_000,
          )
          seen.either('none open', 'open', open.length === 0)
          seen.hitIf('as many open as allowed', open.length === under.challenge.maxOpen)
          expect(open.length).toBeLessThanOrEqual(under.challenge.maxOpen)
        }
      }
    })
  })

  test('ID-12 · a deletion is final: every later command is refused', () => {
    afterEveryTurn(['recorded', 'not recorded'], ({ decisions }, seen) => {
      for (const { before, command, events, after } of decisions)
        if (before.stage === 'Deleted') {
          expect(after).toBe(before)
          const isSilent = (silent as readonly string[]).includes(command.type)
          seen.either('not recorded', 'recorded', isSilent)
          expect(events.map(({ type }) => type)).toEqual(isSilent ? [] : ['CommandRefused'])
        }
    })
  })
})

describe('hostile commands', () => {
  test('AUD-01 · well-typed commands in any order and with any numbers never throw, and a lock holds', () => {
    const wild = fc.array(wildCommand(), { maxLength: 120, size: 'max' })
    const seen = branches('locked', 'not locked')
    fc.assert(
      fc.property(
        fc.oneof(historySteps({ maxLength: 8 }), limits),
        wild,
        policy(),
        (steps, commands, under) => {
          let { account } = runHistory(steps, under)
          for (const command of commands) {
            account = decideAndEvolve(account, command, under).after
            if (isExistingAccount(account)) {
              const isLocked = seen.either(
                'locked',
                'not locked',
                reachesLockout(account.failedAttempts, under),
              )
              expect(account.stage === 'Locked').toBe(isLocked)
            }
          }
        },
      ),
    )
    seen.expectAll()
  })

  const names = Array.from({ length: 10 }, (_, i) => `challenge-${i * 2}`)
  const json = fc.jsonValue()
  const fact = fc.record({ kind: fc.constantFrom('MobileApp', 'Email'), step: json, matches: json })

  /**
   * Every field of every command with any JSON value; the instant with any number, including NaN; and the
   * changes of a profile with any object. Other values, such as null-prototype objects, can throw: the types
   * forbid them, and the service refuses them.
   */
  const nonsense = fc
    .record(
      {
        userId: json,
        role: json,
        origin: json,
        email: json,
        status: json,
        enableFrom: json,
        disableAfter: json,
        smartcard: json,
        userGroups: json,
        correct: json,
        system: json,
        challenge: fc.oneof(json, fc.constantFrom(...names)),
        code: json,
        rehashed: json,
        fact: fc.oneof(json, fact),
        // It is used as a key: an object whose JSON has its own `toString` can't be one.
        purpose: json.map((value) => (typeof value === 'object' ? JSON.stringify(value) : value)),
        credential: json,
        reused: json,
        channel: json,
        sessionEpoch: fc.oneof(json, fc.nat({ max: 3 })),
      },
      { requiredKeys: [] },
    )
    .chain((fields) =>
      fc.record({
        type: fc.constantFrom(...accountCommandTypes),
        at: fc.oneof(fc.double(), fc.constant(Date.UTC(2023, 3, 28, 1))),
        changes: fc.constant(fields),
        fields: fc.constant(fields),
      }),
    )
    .map(({ fields, ...command }) => ({ ...fields, ...command }) as unknown as AccountCommand)

  test('AUD-01 · commands with any JSON in their fields and any number as instant never throw', () => {
    const beginnings = historySteps({ maxLength: 8 })
    fc.assert(
      fc.property(beginnings, fc.array(nonsense, { maxLength: 20 }), policy(), (steps, commands, under) => {
        let { account } = runHistory(steps, under)
        for (const command of commands) account = decideAndEvolve(account, command, under).after
        expect(accountStages).toContain(account.stage)
      }),
    )
  })
})

describe('LOCK-04, against a model', () => {
  const at0 = Date.UTC(2023, 3, 28, 1)
  const userId = 'B0123401' as UserId

  /** An account with password and channel, set up by the shortest path. */
  const initialised = (kind: 'MobileApp' | 'Email', under: Policy): Account => {
    const rights = { kind, ...(kind === 'Email' ? { matches: true } : { step: 1 }) } as const
    const at = at0
    const way = [
      { type: 'Register', at, userId, role: 'User', email: 'holder@participant.example' },
      { type: 'RequestPasswordCode', at, challenge: 'a', code: 'code-a' },
      { type: 'EnterPasswordCode', at, challenge: 'a', fact: { kind: 'Email', matches: true } },
      { type: 'SetPassword', at, challenge: 'a', credential: 'password', reused: false },
      {
        type: 'EnterPassword',
        at,
        passwordMatches: true,
        system: 'CCASS/CCMS',
        challenge: 'b',
        code: 'code-b',
      },
      { type: 'ChooseChannel', at, challenge: 'b', channel: kind, credential: 'device' },
      { type: 'EnterEnrolmentCode', at, challenge: 'b', fact: rights as never },
    ] as const satisfies readonly AccountCommand[]
    return way.reduce<Account>(
      (account, command) => decideAndEvolve(account, command, under).after,
      unknownAccount,
    )
  }

  const cases = fc.record({
    kind: fc.constantFrom('MobileApp' as const, 'Email' as const),
    /** First some sign-ins with right codes, which are rare among any attempts. */
    run: fc
      .tuple(
        fc.array(fc.constantFrom('right-password' as const, 'complete-sign-in' as const), { maxLength: 8 }),
        attempts(),
      )
      .map((runs) => runs.flat()),
    /** The open sign-in to which each attempt belongs. */
    places: fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 20 }),
    waits: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 * SECOND }) },
        { weight: 1, arbitrary: fc.integer({ min: 60 * SECOND, max: 400 * SECOND }) },
      ),
      { minLength: 1, maxLength: 20 },
    ),
    under: policy(),
  })

  test('LOCK-03, LOCK-04 · with attempts spread over any number of sign-ins, an independent counter agrees after each', () => {
    const seen = branches(
      ...(['an unlock', 'before the lock', 'after the lock', 'a wrong password', 'a wrong code'] as const),
      ...(['no sign-in for the code', 'a sign-in completed', 'a code that is too old'] as const),
    )
    fc.assert(
      fc.property(cases, ({ kind, run, places, waits, under }) => {
        const { failedSignIns, otpFailuresPerFailedSignIn } = under.lockout
        let account = initialised(kind, under)
        let at = at0
        let step = 1
        let model = { passwords: 0, otps: 0, locked: false }
        for (const [i, attempt] of run.entries()) {
          at += waits[i % waits.length] ?? 0
          const open = isExistingAccount(account)
            ? account.challenges.filter(
                ({ awaits, expiresAt }) => awaits === 'sign-in-code' && at < expiresAt,
              )
            : []
          const challenge = open[(places[i % places.length] ?? 0) % Math.max(1, open.length)]?.id ?? 'none'
          const entered = {
            type: 'EnterPassword',
            at,
            system: 'CCASS/CCMS',
            challenge: `login-${i}`,
            code: `code-${i}`,
          } as const
          const wrongFact = kind === 'Email' ? { kind, matches: false } : { kind, step: undefined }
          const rightFact = kind === 'Email' ? { kind, matches: true } : { kind, step: ++step }
          const commands: Record<typeof attempt, AccountCommand> = {
            'wrong-password': { ...entered, passwordMatches: false },
            'right-password': { ...entered, passwordMatches: true },
            'wrong-otp': { type: 'EnterSignInCode', at, challenge, fact: wrongFact },
            'complete-sign-in': { type: 'EnterSignInCode', at, challenge, fact: rightFact },
            cancel: { type: 'CancelChallenge', at, challenge },
            resend: { type: 'ResendSignInCode', at, challenge, code: `resent-${i}` },
            unlock: { type: 'Unlock', at },
          }
          const wasInitialised = account.stage === 'Initialised'
          const codeGood =
            kind === 'MobileApp' ||
            (isExistingAccount(account) && at < (account.codes['sign-in']?.expiresAt ?? 0))
          account = decideAndEvolve(account, commands[attempt], under).after

          // The model has no challenges, stages or events: only p, o, and what resets them.
          const isCode = attempt === 'wrong-otp' || attempt === 'complete-sign-in'
          if (seen.hitIf('an unlock', attempt === 'unlock')) model = { passwords: 0, otps: 0, locked: false }
          else if (seen.either('before the lock', 'after the lock', wasInitialised && !model.locked)) {
            seen.hitIf('no sign-in for the code', isCode && open.length === 0)
            if (seen.hitIf('a wrong password', attempt === 'wrong-password')) model.passwords++
            if (seen.hitIf('a wrong code', attempt === 'wrong-otp' && open.length > 0)) model.otps++
            if (attempt === 'complete-sign-in' && open.length > 0)
              if (seen.either('a sign-in completed', 'a code that is too old', codeGood))
                model = { passwords: 0, otps: 0, locked: false }
              else model.otps++
            model.locked =
              model.passwords + Math.floor(model.otps / otpFailuresPerFailedSignIn) >= failedSignIns
          }
          expect(account.stage === 'Locked').toBe(model.locked)
          expect(isExistingAccount(account) && account.failedAttempts).toEqual({
            passwords: model.passwords,
            otps: model.otps,
          })
          if (attempt === 'unlock') account = initialised(kind, under)
          step = attempt === 'unlock' ? 1 : step
        }
      }),
    )
    seen.expectAll()
  })
})
