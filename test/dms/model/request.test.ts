/** A request between maker and checker: each row, the table, and any sequence of commands. */
import { createHash } from 'node:crypto'
import {
  decideAndEvolveRequest,
  policy,
  profileEntry,
  profileRequestHistory,
  type RequestHistory,
  requestSteps,
  runRequestHistory,
} from 'ccass-2fa/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountDecider } from '../../../src/account/decide.ts'
import { unknownAccount } from '../../../src/account/state.ts'
import {
  entryDigest,
  type ProfileEntry,
  profileDigest,
  supportNeedsOf,
} from '../../../src/dms/model/entry.ts'
import {
  type ProfileRequest,
  type RequestCommand,
  type RequestEvent,
  unknownRequest,
} from '../../../src/dms/model/request.ts'
import {
  nextRequestFact,
  type RequestRules,
  type RequestTypes,
  requestDecider,
  requestTransitions,
} from '../../../src/dms/model/request-decider.ts'
import type { UserId } from '../../../src/identity/user-id.ts'
import { foldEvents } from '../../../src/kernel/decider.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'
import { decideByAsking } from '../../support/asked-facts.ts'
import { branches } from '../../support/branches.ts'
import { expectReachedAndTrue, expectTotal, illTyped, rowIn } from '../../support/dms-tables.ts'

const [maker, checker, other] = ['B01234X1', 'B01234X2', 'B01234Y1'] as [UserId, UserId, UserId]
const subject = 'B0123401' as UserId
const at = Date.UTC(2023, 5, 5, 1)
const day = 86_400_000
const rules: RequestRules = { dms: defaultPolicy.dms, participant: 'B01234' }
const alone: RequestRules = {
  dms: { ...defaultPolicy.dms, onePersonParticipants: ['B01234'] },
  participant: 'B01234',
}

const entry: ProfileEntry = { kind: 'delete', userId: subject }
const entered = { entry, entryDigest: 'digest', profileDigest: 'seen' }
const closedStages = ['Confirmed', 'Rejected', 'Withdrawn', 'Expired', 'Stale'] as const
const accountStages = ['Unknown', 'Pending', ...closedStages] as const

const enter = { type: 'Enter', at, maker, ...entered } as const
const amend = { type: 'Amend', at: at + 1, maker, ...entered, entryDigest: 'another' } as const
const confirm = {
  type: 'Confirm',
  at: at + 1,
  maker,
  checker,
  approved: 'digest',
  profileDigest: 'seen',
} as const
const reject = { type: 'Reject', at: at + 1, checker, entryDigest: 'digest' } as const
const withdraw = { type: 'Withdraw', at: at + 1, maker } as const
const rejectConfirmation = { type: 'RejectConfirmation', at: at + 1, maker } as const
const commands = [enter, amend, confirm, reject, withdraw, rejectConfirmation] as const

const pending: ProfileRequest = {
  ...{ stage: 'Pending', ...entered, maker, enteredAt: at, expiresAt: at + day },
  ...{ revision: 1, failedConfirmations: 0, codeRound: 0 },
}
const closed = (stage: (typeof closedStages)[number]): ProfileRequest => ({
  ...{ stage, entry, maker, enteredAt: at, closedAt: at + 1 },
})
const stateAt = (stage: (typeof accountStages)[number]): ProfileRequest =>
  stage === 'Unknown' ? unknownRequest : stage === 'Pending' ? pending : closed(stage)

/** Given a request and a command, the expected result. */
const expectEvents = (
  given: ProfileRequest,
  when: RequestCommand,
  events: readonly RequestEvent[],
  after: ProfileRequest,
  by = rules,
) => {
  expect(requestDecider.decide(given, when, by)._unsafeUnwrap()).toEqual(events)
  expect(foldEvents(requestDecider.evolve, given, events)).toEqual(after)
}
const expectRefused = (
  given: ProfileRequest,
  when: RequestCommand,
  reason: string,
  rule: string,
  by = rules,
) => expect(requestDecider.decide(given, when, by)._unsafeUnwrapErr()).toEqual({ reason, rule })

describe('given no request', () => {
  test('DMS-01 · the entry of a maker is pending for a day', () => {
    const expiresAt = at + day
    const event = { type: 'RequestEntered', at, rule: 'DMS-01', maker, ...entered, expiresAt } as const
    expectEvents(unknownRequest, enter, [event], pending)
  })

  test.each([amend, confirm, reject, withdraw, rejectConfirmation])(
    'DMS-01 · $type is refused because the request does not exist',
    (when) => expectRefused(unknownRequest, when, 'no-such-request', 'DMS-01'),
  )
})

describe('given a pending request', () => {
  test('DMS-01 · it cannot be entered again', () => expectRefused(pending, enter, 'request-exists', 'DMS-01'))

  test('DMS-05 · its maker can amend it, and the new entry is pending for another day', () => {
    const { entry: after, entryDigest, profileDigest } = amend
    const expiresAt = at + 1 + day
    const event = {
      type: 'RequestAmended',
      at: at + 1,
      rule: 'DMS-05',
      entry: after,
      entryDigest,
      profileDigest,
      expiresAt,
    }
    expectEvents(pending, amend, [event as RequestEvent], {
      ...pending,
      entryDigest: 'another',
      revision: 2,
      expiresAt,
    } as ProfileRequest)
  })

  test('DMS-01, DMS-02 · a checker can confirm what the maker entered', () => {
    const event = { type: 'RequestConfirmed', at: at + 1, rule: 'DMS-01', checker } as const
    expectEvents(pending, confirm, [event], { ...closed('Confirmed'), checker } as ProfileRequest)
  })

  test.each([
    ['DMS-02 · the maker confirms', confirm, { checker: maker }, 'maker-as-checker', 'DMS-02'],
    ['DMS-02 · the maker rejects', reject, { checker: maker }, 'maker-as-checker', 'DMS-02'],
    ['DMS-01 · it is confirmed on another’s page', confirm, { maker: other }, 'not-the-maker', 'DMS-01'],
    ['DMS-01 · another amends', amend, { maker: other }, 'not-the-maker', 'DMS-01'],
    ['DMS-01 · another withdraws', withdraw, { maker: checker }, 'not-the-maker', 'DMS-01'],
    ['DMS-05 · another entry was approved', confirm, { approved: 'former' }, 'entry-changed', 'DMS-05'],
    ['DMS-05 · another entry was read', reject, { entryDigest: 'former' }, 'entry-changed', 'DMS-05'],
  ] as const)('%s: refused', (_, when, but, reason, rule) => {
    expectRefused(pending, { ...when, ...but } as RequestCommand, reason, rule)
  })

  test('DMS-02 · where one person may do both, the maker may confirm and reject, and no other person’s session is accepted', () => {
    expectEvents(
      pending,
      { ...confirm, checker: maker },
      [{ type: 'RequestConfirmed', at: at + 1, rule: 'DMS-01', checker: maker }],
      { ...closed('Confirmed'), checker: maker } as ProfileRequest,
      alone,
    )
    expect(requestDecider.decide(pending, { ...reject, checker: maker }, alone).isOk()).toBe(true)
    expectRefused(pending, { ...confirm, maker: other }, 'not-the-maker', 'DMS-01', alone)
    const elsewhere = { ...alone, participant: 'B01235' }
    expectRefused(pending, { ...confirm, checker: maker }, 'maker-as-checker', 'DMS-02', elsewhere)
  })

  test('DMS-05 · it is stale once the profile has changed since the maker read it', () => {
    const event = { type: 'RequestStale', at: at + 1, rule: 'DMS-05' } as const
    expectEvents(pending, { ...confirm, profileDigest: 'another' }, [event], closed('Stale'))
  })

  test.each([
    [undefined, {}],
    ['not hers', { remark: 'not hers' }],
  ])('DMS-01 · a checker can reject it with remark %s', (_, remark) => {
    const event = { type: 'RequestRejected', at: at + 1, rule: 'DMS-01', checker, ...remark } as const
    const after = { ...closed('Rejected'), checker, ...remark } as ProfileRequest
    expectEvents(pending, { ...reject, ...remark }, [event], after)
  })

  test('DMS-01 · its maker can withdraw it', () => {
    const event = { type: 'RequestWithdrawn', at: at + 1, rule: 'DMS-01' } as const
    expectEvents(pending, withdraw, [event], closed('Withdrawn'))
  })

  test.each([amend, confirm, reject, withdraw, rejectConfirmation])(
    'DMS-05 · $type finds it expired after a day for every actor, and not a millisecond earlier',
    (when) => {
      const last = requestDecider.decide(pending, { ...when, at: at + day - 1 }, rules)._unsafeUnwrap()
      expect(last.map(({ type }) => type)).not.toContain('RequestExpired')
      const late = { ...when, at: at + day }
      const gone = { ...closed('Expired'), closedAt: at + day } as ProfileRequest
      const event = { type: 'RequestExpired', at: at + day, rule: 'DMS-05' } as const
      expectEvents(pending, late, [event], gone)
      const stranger = {
        ...late,
        maker: other,
        checker: maker,
        entryDigest: 'x',
      } as unknown as RequestCommand
      expectEvents(pending, stranger, [event], gone)
    },
  )

  test('DMS-09 · its wrong confirmations are counted; the third revokes its codes, and counting starts again', () => {
    const one = { ...pending, failedConfirmations: 1 } as ProfileRequest
    const two = { ...pending, failedConfirmations: 2 } as ProfileRequest
    const rejected = { type: 'ConfirmationRejected', at: at + 1, rule: 'DMS-09' } as const
    const revoked = { type: 'RequestCodesRevoked', at: at + 1, rule: 'DMS-09' } as const
    expectEvents(pending, rejectConfirmation, [rejected], one)
    expectEvents(one, rejectConfirmation, [rejected], two)
    expectEvents(two, rejectConfirmation, [rejected, revoked], {
      ...pending,
      failedConfirmations: 0,
      codeRound: 1,
    } as ProfileRequest)
    const strict = {
      ...rules,
      dms: { ...rules.dms, authorisationCode: { ...rules.dms.authorisationCode, failedAttempts: 1 } },
    }
    expect(requestDecider.decide(pending, rejectConfirmation, strict)._unsafeUnwrap()).toHaveLength(2)
    expectRefused(pending, { ...rejectConfirmation, maker: other }, 'not-the-maker', 'DMS-01')
  })

  test('DMS-05 · the policy sets how long it stays pending', () => {
    const short = { ...rules, dms: { ...rules.dms, requestValidSeconds: 60 } }
    const [event] = requestDecider.decide(unknownRequest, enter, short)._unsafeUnwrap()
    expect(event).toMatchObject({ expiresAt: at + 60_000 })
  })
})

test.each(closedStages)('DMS-05 · once it is %s, no command changes it', (stage) => {
  for (const when of [amend, confirm, reject, withdraw, rejectConfirmation])
    expectRefused(closed(stage), when, 'request-closed', 'DMS-05')
  expectRefused(closed(stage), enter, 'request-exists', 'DMS-01')
})

describe('the entry', () => {
  const changes = { surname: 'CHAN' }
  const of = (given: Partial<Extract<ProfileEntry, { kind: 'change' }>>): ProfileEntry => ({
    ...{ kind: 'change', userId: subject, changes: {}, unlock: false },
    ...given,
  })

  test('MNT-11 · names the support needs that it covers', () => {
    expect(supportNeedsOf({ kind: 'create', userId: subject, profile: changes })).toEqual(['create-account'])
    expect(supportNeedsOf(entry)).toEqual(['delete-account'])
    expect(supportNeedsOf(of({}))).toEqual([])
    expect(supportNeedsOf(of({ unlock: true }))).toEqual(['unlock'])
    expect(supportNeedsOf(of({ changes: { email: null } }))).toEqual(['register-email'])
    expect(supportNeedsOf(of({ changes: { userGroups: [] } }))).toEqual(['assign-business-groups'])
    for (const field of ['status', 'enableFrom', 'disableAfter', 'transactionLimits', 'internal'])
      expect(supportNeedsOf(of({ changes: { [field]: null } }))).toEqual(['change-profile'])
    const all = { ...changes, email: 'a@example.com', userGroups: ['AA'] }
    expect(supportNeedsOf(of({ unlock: true, changes: all }))).toEqual([
      ...['unlock', 'register-email', 'assign-business-groups', 'change-profile'],
    ])
  })

  test('DMS-05 · has the same digest as another exactly if both mean the same, in any order', () => {
    const counted = branches('the same', 'different')
    // Half of the time the same entry twice: two random ones seldom are.
    const twoEntries = fc.tuple(profileEntry(), fc.option(profileEntry(), { freq: 2 }))
    fc.assert(
      fc.property(twoEntries, fc.string(), ([one, other], seen) => {
        const two = other ?? structuredClone(one)
        const text = (given: ProfileEntry) =>
          JSON.stringify(given, Object.keys(JSON.parse(flat(given))).sort())
        const same = counted.either('the same', 'different', text(one) === text(two))
        expect(entryDigest('r', one, seen, 1) === entryDigest('r', two, seen, 1)).toBe(same)
        const reversed = Object.fromEntries(Object.entries(one).reverse()) as unknown as ProfileEntry
        expect(entryDigest('r', reversed, seen, 1)).toBe(entryDigest('r', one, seen, 1))
        expect(entryDigest('r', one, seen, 2)).not.toBe(entryDigest('r', one, seen, 1))
        expect(entryDigest('s', one, seen, 1)).not.toBe(entryDigest('r', one, seen, 1))
        expect(entryDigest('r', one, `${seen}.`, 1)).not.toBe(entryDigest('r', one, seen, 1))
      }),
    )
    counted.expectAll()
  })

  test('DMS-05 · depends on the profile, and for an unlock on the OTP channel; what the holder does alone changes neither', () => {
    const run = (...given: Parameters<typeof accountDecider.decide>[1][]) =>
      given.reduce(
        (account, command) =>
          foldEvents(
            accountDecider.evolve,
            account,
            accountDecider.decide(account, command, defaultPolicy)._unsafeUnwrap(),
          ),
        unknownAccount as Parameters<typeof accountDecider.decide>[0],
      )
    const register = { type: 'Register', at, userId: subject, role: 'User', email: 'a@example.com' } as const
    const asked = { type: 'RequestPasswordCode', at, challenge: 'c', code: 'd' } as const
    const change = { type: 'ChangeProfile', at, changes: { surname: 'CHAN' } } as const
    const disable = of({ changes: { status: 'DISABLED' } })
    const unlock = of({ unlock: true })
    const digests = (of: ProfileEntry) =>
      [run(), run(register), run(register, change)].map((account) => profileDigest(account, of))
    for (const each of [disable, unlock, entry]) {
      expect(new Set(digests(each)).size).toBe(3)
      expect(profileDigest(run(register, asked), each)).toBe(profileDigest(run(register), each))
      expect(profileDigest(run(register, { type: 'Delete', at }), each)).toBe(profileDigest(run(), each))
      // The holder locks the account, or another unlock ends the sessions: the holder can undo neither.
      const locked = { ...run(register), stage: 'Locked' } as ReturnType<typeof run>
      expect(profileDigest(locked, each)).toBe(profileDigest(run(register), each))
    }
    const withApp = { ...run(register), stage: 'Locked', channel: 'MobileApp' } as ReturnType<typeof run>
    expect(profileDigest(withApp, disable)).toBe(profileDigest(run(register), disable))
    expect(profileDigest(withApp, unlock)).not.toBe(profileDigest(run(register), unlock))
  })
})

/** The names of all keys, at any depth, as the keys of one object. */
const flat = (value: unknown): string => {
  const names: Record<string, 0> = {}
  JSON.stringify(value, (key, inner: unknown) => {
    names[key] = 0
    return inner
  })
  return JSON.stringify(names)
}

describe('the table', () => {
  test('DMS-01 · decides every command at every stage', () => {
    expectTotal(
      requestTransitions,
      commands.map(({ type }) => type),
      accountStages,
    )
  })

  test('DMS-01 · has rows that are all reached and emit what they declare', () => {
    const histories = fc.sample(profileRequestHistory(), { numRuns: 600, seed: 5 })
    const decisions = [
      ...histories.flatMap((each) => each.decisions.map((turn) => ({ ...turn, rules: each.rules }))),
      ...accountStages.flatMap((stage) =>
        commands.map((command) => ({ ...decideAndEvolveRequest(stateAt(stage), command, rules), rules })),
      ),
    ]
    expectReachedAndTrue(requestTransitions, decisions, (turn) => rowIn(requestTransitions, turn, turn.rules))
  })
})

describe('histories', () => {
  const always = (check: (history: RequestHistory) => void) =>
    fc.assert(fc.property(profileRequestHistory(policy()), check))

  test('AUD-01 · replay to the state, also through JSON', () => {
    always(({ events, request }) => {
      expect(foldEvents(requestDecider.evolve, unknownRequest, events)).toEqual(request)
      const stored = JSON.parse(JSON.stringify(events)) as RequestEvent[]
      expect(foldEvents(requestDecider.evolve, unknownRequest, stored)).toEqual(
        JSON.parse(JSON.stringify(request)),
      )
    })
  })

  test('DMS-05 · never reopen a closed request or change how it was closed', () => {
    const seen = branches('not closed', 'closed', 'a command after that')
    always(({ decisions }) => {
      const end = decisions.findIndex(({ after }) => after.stage !== 'Unknown' && after.stage !== 'Pending')
      if (!seen.either('closed', 'not closed', end >= 0)) return
      for (const { after, events } of decisions.slice(end + 1)) {
        seen.hit('a command after that')
        expect(after).toEqual(decisions[end]?.after)
        expect(events).toEqual([])
      }
    })
    seen.expectAll()
  })

  test('DMS-01, DMS-02, DMS-05 · confirm a request only if its maker entered it, another DA approved exactly it, and the profile is current', () => {
    const seen = branches('confirmed by one person', 'confirmed by two', 'where one person may')
    const check = ({ decisions, rules: { dms } }: RequestHistory) => {
      for (const { before, command, after } of decisions) {
        if (after.stage !== 'Confirmed' || before.stage !== 'Pending') continue
        if (command.type !== 'Confirm') throw new Error(command.type)
        expect(command.approved).toBe(before.entryDigest)
        const mayBeOne = seen.hitIf('where one person may', dms.onePersonParticipants.includes('B01234'))
        seen.either('confirmed by one person', 'confirmed by two', command.checker === command.maker)
        expect(command.profileDigest).toBe(before.profileDigest)
        expect(command.maker).toBe(before.maker)
        expect(command.at).toBeLessThan(before.expiresAt)
        expect(after.entry).toEqual(before.entry)
        if (!mayBeOne) expect(after.checker).not.toBe(after.maker)
      }
    }
    always(check)
    // Also a fixed sample, so that every branch of the property runs at any seed and number of runs.
    for (const each of fc.sample(profileRequestHistory(), { numRuns: 200, seed: 5 })) check(each)
    seen.expectAll()
  })

  test('DMS-01 · never change the maker of a request', () => {
    const seen = branches('entered', 'never entered')
    always(({ decisions }) => {
      const makers = decisions.flatMap(({ after }) => ('maker' in after ? [after.maker] : []))
      seen.either('entered', 'never entered', makers.length > 0)
      expect(new Set(makers).size).toBeLessThanOrEqual(1)
    })
    seen.expectAll()
  })

  test('AUD-01 · decide any command with fields of any type without throwing, and no event reopens a request', () => {
    const anything = fc.oneof(illTyped(), fc.anything())
    const wild = fc.record({
      type: fc.constantFrom(...commands.map(({ type }) => type)),
      at: illTyped(),
      maker: anything,
      checker: anything,
      entry: anything,
      entryDigest: anything,
      approved: anything,
      profileDigest: anything,
      remark: anything,
    })
    fc.assert(
      fc.property(wild, requestSteps(), (command, steps) => {
        const { request, events } = runRequestHistory(steps, rules)
        for (const state of [request, ...accountStages.map(stateAt)])
          decideAndEvolveRequest(state, command as unknown as RequestCommand, rules)
        for (const stage of closedStages)
          for (const event of events)
            expect(requestDecider.evolve(stateAt(stage), event)).toEqual(stateAt(stage))
      }),
    )
  })
})

test('DMS-04 · ask for the approved digest only if the request can still be confirmed', () => {
  const table = { decide: requestDecider.decide, nextFact: nextRequestFact }
  const asked = (state: ProfileRequest, changed: Partial<typeof confirm> = {}) =>
    decideByAsking<RequestTypes>(table, state, { ...confirm, ...changed } as RequestCommand, rules, [
      'approved',
    ]).asked
  const pending = foldEvents(
    requestDecider.evolve,
    unknownRequest,
    requestDecider.decide(unknownRequest, enter, rules)._unsafeUnwrap(),
  )
  expect(asked(pending)).toEqual(['approved'])
  expect(asked(unknownRequest)).toEqual([])
  expect(asked(pending, { at: at + 30 * day })).toEqual([])
  expect(asked(pending, { maker: other })).toEqual([])
  expect(asked(pending, { checker: maker })).toEqual([])
  expect(asked(pending, { profileDigest: 'another' } as never)).toEqual([])
})

test('DMS-01 · a rejection without a remark has no member for one', () => {
  const events = requestDecider.decide(pending, reject, rules)._unsafeUnwrap()
  expect(events).toStrictEqual([{ type: 'RequestRejected', at: at + 1, rule: 'DMS-01', checker }])
  expect(foldEvents(requestDecider.evolve, pending, events)).toStrictEqual({
    ...{ stage: 'Rejected', entry, maker, enteredAt: at, closedAt: at + 1, checker },
  })
})

test('API-03 · a request from the future is neither confirmed nor rejected, and the reason says so', () => {
  const future = { ...pending, enteredAt: at + 2 * day, expiresAt: at + 3 * day } as ProfileRequest
  const outcome = (command: RequestCommand) =>
    requestDecider.decide(future, command, rules).match(
      () => 'accepted',
      ({ reason, rule }) => `${reason} ${rule}`,
    )
  expect(outcome({ ...confirm, at })).toBe('instant-from-the-future API-03')
  expect(outcome({ ...reject, at })).toBe('instant-from-the-future API-03')
})

test('AUD-01 · a request is entered once, and begins with its entry', () => {
  const again = { type: 'RequestEntered', at: at + 1, rule: 'DMS-01', maker: checker, ...entered } as never
  expect(requestDecider.evolve(pending, again)).toBe(pending)
  for (const type of ['RequestAmended', 'RequestConfirmed', 'RequestExpired', 'RequestStale'])
    expect(requestDecider.evolve(unknownRequest, { type, at, rule: 'DMS-05' } as RequestEvent)).toBe(
      unknownRequest,
    )
})

test('DMS-05 · an account that does not exist has a digest of its own', () => {
  const expected = createHash('sha256').update('{"none":true}').digest('hex')
  expect(profileDigest(unknownAccount, entry)).toBe(expected)
})
