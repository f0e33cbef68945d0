/** One lockout step: a wrong one-time code, decided and folded into the account. */
import { assign, initialTransition, setup, transition } from 'xstate'
import { type Account, type AccountCommand, accountDecider } from '../../dist/account.js'
import { defaultPolicy } from '../../dist/index.js'
import {
  type FailedAttempts,
  foldEvents,
  parseUserId,
  reachesLockout,
  withWrongOtp,
} from '../../dist/rules.js'
import { type BenchLine, compare, inTurn, keep } from './harness.ts'

const at = Date.UTC(2023, 4, 1)

const after = (account: Account, ...commands: readonly AccountCommand[]): Account =>
  commands.reduce((state, command) => {
    const decided = accountDecider.decide(state, command, defaultPolicy)
    if (decided.isErr()) throw new Error(`${command.type}: ${decided.error.reason}`)
    return foldEvents(accountDecider.evolve, state, decided.value)
  }, account)

const challenge = 'f'.repeat(32)
const wrongCode: AccountCommand = {
  type: 'EnterSignInCode',
  at,
  challenge,
  fact: { kind: 'MobileApp', step: undefined },
}

/** An account during a sign-in, as loaded from storage: set up with an app, after the correct password. */
const inLogin = (id: string): Account => {
  const parsed = parseUserId(id)
  if (parsed.isErr()) throw new Error(parsed.error.code)
  const { userId } = parsed.value
  const account = after(
    accountDecider.initial,
    { type: 'Register', at, userId, role: 'User', email: 'holder@example.com' },
    { type: 'RequestPasswordCode', at, challenge, code: 'c1' },
    { type: 'EnterPasswordCode', at, challenge, fact: { kind: 'Email', matches: true } },
    { type: 'SetPassword', at, challenge, credential: 'p1', reused: false },
    { type: 'EnterPassword', at, passwordMatches: true, system: 'CCASS/CCMS', challenge, code: 'c2' },
    { type: 'ChooseChannel', at, challenge, channel: 'MobileApp', credential: 'd1' },
    { type: 'EnterEnrolmentCode', at, challenge, fact: { kind: 'MobileApp', step: 1 } },
    { type: 'EnterPassword', at, passwordMatches: true, system: 'CCASS/CCMS', challenge, code: 'c3' },
  )
  return JSON.parse(JSON.stringify(account)) as Account
}

/** The same step in XState: counters in the context, guards for the lock and the third wrong code. */
const machine = setup({
  types: {
    context: {} as FailedAttempts & { readonly misses: number },
    events: {} as { readonly type: 'WRONG_CODE' },
  },
  guards: {
    lastCode: ({ context }) => reachesLockout(withWrongOtp(context)),
    thirdMiss: ({ context }) => context.misses + 1 >= 3,
  },
  actions: {
    count: assign({
      otps: ({ context }) => context.otps + 1,
      misses: ({ context }) => context.misses + 1,
    }),
  },
}).createMachine({
  context: { passwords: 0, otps: 0, misses: 0 },
  initial: 'awaitingCode',
  states: {
    awaitingCode: {
      on: {
        WRONG_CODE: [
          { guard: 'lastCode', target: 'locked', actions: 'count' },
          { guard: 'thirdMiss', target: 'loginPage', actions: 'count' },
          { target: 'awaitingCode', actions: 'count' },
        ],
      },
    },
    loginPage: {},
    locked: { type: 'final' },
  },
})

/** The rows of the table: the whole step, and only the arithmetic of the lockout. */
export const lockoutLines = async (): Promise<readonly BenchLine[]> => {
  const accounts = [
    inLogin('B0123401'),
    inLogin('B0123402'),
    inLogin('BNK99901'),
    inLogin('HKABC101'),
  ] as const
  const [ours, spread] = [inTurn(...accounts), inTurn(...accounts)]
  const counters: readonly [FailedAttempts, ...FailedAttempts[]] = [0, 1, 3, 4].map((otps) => ({
    passwords: 1,
    otps,
  })) as [FailedAttempts]
  const attempts = inTurn(...counters)
  const one: FailedAttempts = { passwords: 0, otps: 1 }
  const [snapshot] = initialTransition(machine)
  const took = await compare({
    step: () => {
      const account = ours()
      const decided = accountDecider.decide(account, wrongCode, defaultPolicy)
      keep(decided.isOk() && foldEvents(accountDecider.evolve, account, decided.value))
    },
    arithmetic: () => {
      const more = withWrongOtp(attempts())
      keep(more)
      keep(reachesLockout(more))
    },
    xstate: () => keep(transition(machine, snapshot, { type: 'WRONG_CODE' })),
    spread: () => keep({ ...spread(), attempts: one }),
  })
  const peers = {
    xstate: { name: 'xstate transition', time: took.xstate },
    spread: { name: 'bare spread', time: took.spread },
  }
  return [
    { what: 'decide + evolve', ours: took.step, peer: peers.xstate, aim: 'lockout-peer' },
    { what: 'decide + evolve', ours: took.step, peer: peers.spread, aim: 'lockout-spread' },
    { what: 'withWrongOtp + locks', ours: took.arithmetic, peer: peers.xstate, aim: 'attempts-peer' },
    { what: 'withWrongOtp + locks', ours: took.arithmetic, peer: peers.spread, aim: 'attempts-spread' },
  ]
}
