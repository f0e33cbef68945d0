/** Everything that ends sessions, in any order, in several processes: what has ended is refused everywhere, the rest holds. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStorage } from '../../src/stores/memory.ts'
import { branches } from '../support/branches.ts'
import { sqlite, yielding } from '../support/storages.ts'
import { codeOf, type TestService } from '../support/test-service.ts'
import { type ActionName, actions, restored } from './endings/actions.ts'
import { endingEvents, endingOperations } from './endings/declared.ts'
import { type Holder, Stage, type Tracked } from './endings/stage.ts'
import { watchedStorage } from './endings/watched-storage.ts'

const names = Object.keys(actions) as ActionName[]

/** Actions after which some or all sessions of the account go on. */
const keeping = [
  ...(['sign out', 'end one', 'end others', 'change password', 'one sign-in too many'] as const),
  ...([
    'first set-up of a smartcard user',
    'one sign-in by smartcard too many',
    'another smartcard',
  ] as const),
  ...(['no smartcard', 'decommissioning, and user groups withdrawn', 'nothing that ends sessions'] as const),
] satisfies readonly ActionName[]

/** Actions that end no session. */
const harmless: readonly ActionName[] = ['nothing that ends sessions', 'first set-up of a smartcard user']

const seen = branches(
  ...endingEvents,
  ...endingOperations,
  ...names.filter((name) => !harmless.includes(name)).map((name) => `refused after: ${name}` as const),
  ...keeping.map((name) => `held after: ${name}` as const),
  'a session of another account held',
  'a session opened meanwhile held',
  'a session opened meanwhile ended',
)

/** Checks and sign-ins that go on while an action runs. */
const meanwhile = async (
  stage: Stage,
  holder: Holder,
  challenge: string | undefined,
): Promise<Tracked | undefined> => {
  const checks = Array.from({ length: 4 }, async () => {
    const one = stage.tracked[stage.draw(Math.max(1, stage.tracked.length))]
    if (one === undefined) return 'ok'
    const { session, sealed } = one
    const { sessions } = stage.auth
    return stage.draw(2) === 0 ? codeOf(sessions.check({ session })) : codeOf(sessions.open({ sealed }))
  })
  const joining =
    challenge === undefined
      ? undefined
      : stage.auth.signIn.confirmOtp({ challenge, code: stage.codeOf(holder) })
  for (const answer of await Promise.all(checks)) expect(['ok', 'session-ended']).toContain(answer)
  const done = await joining
  if (done?.isOk() && done.value.next === 'done') {
    const one = await stage.track(holder, done.value.session)
    one.unknown = true
    return one
  }
  return undefined
}

/** Draws from a seed: a run is repeated by it. */
const drawing = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
}

/** Whether a sign-in may complete while an action runs: not where its clock moves or it signs in itself. */
const isJoinable = (name: ActionName) =>
  !/forgotten|expired|device|many|limit|last day|card|decommissioning|nothing/.test(name)

const step = fc.record({ name: fc.constantFrom(...names), holder: fc.nat(4), joins: fc.boolean() })
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** One action, while checks and perhaps a sign-in go on; then every process is asked for every session. */
const take = async (stage: Stage, { name, holder: index, joins }: Step): Promise<void> => {
  const chosen = stage.holders[index] as Holder
  await restored(stage, chosen)
  const ready = await actions[name](stage, chosen)
  if (ready === undefined) return
  const { holder } = ready
  const before = stage.tracked.filter((one) => stage.holds(one))
  const listed = stage.listed(holder)
  const isJoined =
    joins && isJoinable(name) && listed.length < stage.limits.maxOpen && holder.stage === 'set up'
  const begun = isJoined ? await stage.begin(holder) : undefined
  const challenge = begun?.next === 'otp' ? begun.challenge : undefined
  const [ends, joined] = await Promise.all([ready.run(), meanwhile(stage, holder, challenge)])
  stage.end(listed.filter(ends), name)
  await stage.verify(name)
  if (joined !== undefined) seen.hit(`a session opened meanwhile ${stage.holds(joined) ? 'held' : 'ended'}`)
  for (const one of before) {
    const branch = `${stage.holds(one) ? 'held' : 'refused'} after: ${name}`
    if (one.holder === holder && branch in seen.counts) seen.hit(branch as keyof typeof seen.counts)
    seen.hitIf('a session of another account held', stage.holds(one) && one.holder !== holder)
  }
  stage.service.clock.pass(30_000)
}

const storages = { memory: () => memoryStorage(), SQLite: sqlite }

type Run = [
  Step[],
  keyof typeof storages,
  boolean,
  boolean,
  { maxOpen: number; idleSeconds: number; endOnOwnChange: boolean },
  number,
]

/** Every action once, on an account that it fits; beside them, what chance brings. */
const examples = (): Run[] => {
  const holderFor = (name: ActionName) => (/smartcard/.test(name) ? 2 : /^HKEX/.test(name) ? 3 : 0)
  const steps = names
    .filter((name) => !/delete/.test(name))
    .map((name, i): Step => ({ name, holder: holderFor(name), joins: i % 2 === 0 }))
  const runs = [
    ...Array.from({ length: 4 }, (_, i) => steps.filter((_, n) => n % 4 === i)),
    ...([['delete'], ['DMS: delete']] as const).map(([name]) => [{ name, holder: 0, joins: true }]),
    [true, true, true, true].map((joins): Step => ({ name: 'sign out', holder: 1, joins })),
  ]
  return runs.map((run, i) => [
    run,
    i % 2 === 0 ? 'memory' : 'SQLite',
    i % 2 === 0,
    i % 3 === 0,
    { maxOpen: 5, idleSeconds: 3_600, endOnOwnChange: true },
    i,
  ])
}

test('ACC-15, ACC-19, ACC-20, ACC-21 · every process refuses an ended session, regardless of what ended it, and accepts all others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 8 }),
      fc.constantFrom('memory', 'SQLite'),
      fc.boolean(),
      fc.boolean(),
      fc.record({
        maxOpen: fc.constantFrom(3, 5),
        idleSeconds: fc.constantFrom(0, 3_600),
        endOnOwnChange: fc.boolean(),
      }),
      fc.nat(),
      async (steps, storage, isSlow, recordCache, session, seed) => {
        const watched = watchedStorage(storages[storage](), seen)
        const policy = {
          session,
          emailCode: { rateLimit: { max: 100, perSeconds: 60 } },
          challenge: { maxOpen: 64 },
        }
        const setting = { storage: isSlow ? yielding(watched) : watched, recordCache, policy }
        const stage = new Stage(setting, drawing(seed))
        await stage.open()
        for (const each of steps) await take(stage, each)
        for (const holder of stage.holders) await restored(stage, holder)
        await stage.refuseEverywhere()
        // A process that starts now knows what has ended, too.
        const late: TestService = { ...stage.service, auth: stage.service.another() }
        await stage.verify('everything', [...stage.processes, late])
      },
    ),
    { numRuns: 30, examples: examples(), endOnFailure: true },
  )
  seen.expectAll()
}, 120_000)
