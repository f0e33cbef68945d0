/** One run of the whole service in several processes, and what must hold in it. */
import type { ResultAsync } from 'neverthrow'
import { Secret } from 'otpauth'
import {
  type Authentication,
  type AuthenticationOptions,
  createAuthentication,
} from '../../src/authentication.ts'
import { failedSignIns } from '../../src/lockout/attempts.ts'
import { totpCode } from '../../src/otp/totp.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import type { StoragePort, TrailEntry } from '../../src/ports/storage.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { portsOf, type Sent, type Weather } from './ports.ts'
import { Scheduler } from './scheduler.ts'

/** A way to break the code on purpose: what a process gets instead of its ports. */
export type Sabotage = (ports: AuthenticationOptions) => AuthenticationOptions

/** What a run has shown. */
export interface Outcome {
  readonly seed: number
  readonly operations: number
  readonly steps: number
  readonly faults: ReadonlyMap<string, number>
  /** Invariants that did not hold, by name. */
  readonly broken: readonly string[]
  readonly trace: readonly string[]
}

const storm: Weather = { lostAnswer: 0.02, storageDown: 0.02, mailDown: 0.1, crash: 0.02, skew: 2_000 }
const calm: Weather = { lostAnswer: 0, storageDown: 0, mailDown: 0, crash: 0, skew: 0 }
const participant = 'B01234'
const users = ['B0123401', 'B0123402', 'B0123403']
const maximum = 5
const password = 'Correct-Horse#Battery1'
const crashed = Symbol('crashed')

/** Runs everything for a seed. */
export const simulate = async (seed: number, sabotage: Sabotage = (ports) => ports): Promise<Outcome> => {
  const sim = new Scheduler(seed, Date.UTC(2023, 5, 5, 2))
  const storage: StoragePort = memoryStorage()
  const sent: Sent[] = []
  let weather = storm
  let operations = 0
  let born = 0
  const completed: string[] = []
  const secrets = new Map<string, Uint8Array>()
  interface Process {
    readonly name: string
    readonly auth: Authentication
    readonly dead: Promise<typeof crashed>
    readonly die: () => void
  }
  const start = (): Process => {
    const name = `p${++born}`
    let die = () => {}
    const dead = new Promise<typeof crashed>((resolve) => {
      die = () => {
        sim.kill(name)
        resolve(crashed)
      }
    })
    const ports = portsOf(sim, name, { storage, sent, weather: () => weather })
    return { name, auth: createAuthentication(sabotage(ports)), dead, die }
  }
  const processes = [start(), start(), start()]

  /** Asks one of the processes; `undefined` if it dies or refuses for technical reasons. */
  const ask = async <T>(operation: (auth: Authentication) => ResultAsync<T, { readonly code: string }>) => {
    const place = Math.floor(sim.random() * processes.length)
    const process = processes[place] as Process
    operations += 1
    if (sim.strikes('crash', weather.crash)) {
      void sim.step('world', 'crash', Math.floor(sim.random() * 60)).then(() => {
        process.die()
        processes[place] = start()
      })
    }
    const result = await Promise.race([operation(process.auth), process.dead])
    if (result === crashed) return { code: 'crashed' } as const
    return result.match<{ readonly value: T } | { readonly code: string }>(
      (value) => ({ value }),
      ({ code }) => ({ code }),
    )
  }
  const codeFor = (userId: string) => {
    const found = sent.findLast(({ mail }) => mail.type === 'code' && mail.userId === userId)
    return found?.mail.type === 'code' ? found.mail.code : ''
  }
  const appCode = (userId: string) => totpCode(secrets.get(userId) ?? new Uint8Array(20), sim.now)

  const setUp = async (userId: string): Promise<boolean> => {
    const asked = await ask((auth) => auth.passwordSetUp.begin({ userId }))
    if (!('value' in asked)) return false
    const { challenge } = asked.value
    await ask((auth) => auth.passwordSetUp.confirmCode({ challenge, code: codeFor(userId) || '00000000' }))
    await ask((auth) => auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
    const begun = await ask((auth) => auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' }))
    if (!('value' in begun) || begun.value.next !== 'enrolOtp') return false
    const enrol = begun.value.challenge
    const chosen = await ask((auth) =>
      auth.enrolment.chooseChannel({ challenge: enrol, channel: 'MobileApp' }),
    )
    if (!('value' in chosen)) return false
    const secret = new Uint8Array(Secret.fromBase32(chosen.value.secret).buffer)
    const code = totpCode(secret, sim.now)
    const done = await ask((auth) => auth.enrolment.confirm({ challenge: enrol, code }))
    // Where the answer is lost, the device may be enrolled all the same: the holder keeps it.
    if ('value' in done || done.code === 'crashed' || done.code === 'port-failed') secrets.set(userId, secret)
    return 'value' in done
  }
  const signIn = async (userId: string): Promise<boolean> => {
    await sim.step('holder', 'next code', 31_000)
    const begun = await ask((auth) => auth.signIn.begin({ userId, password, system: 'CCASS/CCMS' }))
    if (!('value' in begun) || begun.value.next !== 'otp') return false
    const { challenge } = begun.value
    const code = appCode(userId)
    // Entered twice at once, as by two windows: one of them at most signs in.
    const both = await Promise.all(
      [1, 2].map(() => ask((auth) => auth.signIn.confirmOtp({ challenge, code }))),
    )
    for (const done of both)
      if ('value' in done && done.value.next === 'done') completed.push(done.value.session.id)
    return both.some((done) => 'value' in done)
  }
  const holder = async (userId: string) => {
    for (let round = 0; round < 3; round++) {
      await setUp(userId)
      await signIn(userId)
    }
  }
  const outsider = async () => {
    for (let round = 0; round < 6; round++) {
      await sim.step('outsider', 'guess', Math.floor(sim.random() * 20_000))
      const userId = users[Math.floor(sim.random() * users.length)] as string
      const wrong = { userId, password: 'Wrong-Horse#Battery1', system: 'CCASS/CCMS' as const }
      await Promise.all([1, 2, 3].map(() => ask((auth) => auth.signIn.begin(wrong))))
    }
  }
  const administrator = async () => {
    for (let round = 0; round < 6; round++) {
      await sim.step('administrator', 'work', Math.floor(sim.random() * 30_000))
      const userId = users[Math.floor(sim.random() * users.length)] as string
      if (sim.random() < 0.5) await ask((auth) => auth.registry.unlock({ userId, by: 'administrator' }))
      await Promise.all(
        [1, 2].map((n) =>
          ask((auth) =>
            auth.registry.register({
              ...{
                userId: `B01234${40 + ((round + n) % 5)}`,
                role: 'User',
                origin: 'created',
                by: 'administrator',
              },
            }),
          ),
        ),
      )
    }
  }
  const postman = async () => {
    for (let round = 0; round < 4; round++) {
      await sim.step('postman', 'round', 61_000)
      await ask((auth) => auth.outbox.deliver())
    }
  }

  const broken: string[] = []
  const must = (name: string, holds: boolean) => {
    if (!holds) broken.push(name)
  }
  const trailOf = (userId: string) =>
    storage.trail({ participant, kind: 'account', id: userId }, { after: 0, limit: 100_000 })

  await sim.run(
    (async () => {
      weather = calm
      await ask((auth) => auth.registry.setMaximum({ participant, maximum, by: 'administrator' }))
      for (const userId of users)
        await ask((auth) =>
          auth.registry.register({
            ...{ userId, role: 'User', origin: 'created', by: 'administrator' },
            email: `${userId.toLowerCase()}@participant.example`,
          }),
        )
      weather = storm
      await Promise.all([...users.map(holder), outsider(), outsider(), administrator(), postman()])
    })(),
  )
  // The weather clears: what waits is delivered, and every holder can be helped back in.
  weather = calm
  await sim.run(
    (async () => {
      processes.splice(0, processes.length, start(), start(), start())
      await sim.step('world', 'a day passes', 86_400_000)
      await ask((auth) => auth.outbox.deliver())
      for (const userId of users) {
        await ask((auth) => auth.registry.unlock({ userId, by: 'administrator' }))
        must('every holder gets back in', (await setUp(userId)) && (await signIn(userId)))
      }
      const verified = await ask((auth) => auth.audit.verify({ participant, limit: 500 }))
      must(
        'records are the fold of their trails',
        'value' in verified && verified.value.findings.length === 0,
      )
      const totals = await ask((auth) => auth.registry.totals({ participant }))
      must('the quota holds', 'value' in totals && totals.value.total <= maximum)
    })(),
  )
  for (const userId of users) {
    const entries: readonly TrailEntry[] = await trailOf(userId)
    const steps: number[] = []
    const counts = { passwords: 0, otps: 0 }
    for (const { event } of entries) {
      const { type, at, step } = event as { type: string; at: number; step?: number }
      if (type === 'PasswordRejected') counts.passwords += 1
      if (type === 'SignInCodeRejected') counts.otps += 1
      if (type === 'SignInCompleted' || type === 'Unlocked') Object.assign(counts, { passwords: 0, otps: 0 })
      if (type === 'ChannelEnrolled') steps.length = 0
      if (type === 'SignInCompleted' && step !== undefined) {
        must('a code is good once', !steps.includes(step))
        steps.push(step)
      }
      must('no more failures than the budget', failedSignIns(counts, defaultPolicy) <= 5)
      if (type === 'Locked')
        must(
          'a lock is told to its holder',
          sent.some(({ mail }) => mail.type === 'account-locked' && mail.userId === userId && mail.at === at),
        )
    }
  }
  const everywhere = (await Promise.all(users.map(trailOf))).flat()
  const committed = new Set(
    everywhere.flatMap(({ event }) =>
      event.type === 'SignInCompleted' ? [(event as unknown as { challenge: string }).challenge] : [],
    ),
  )
  must(
    'what is answered is committed',
    completed.every((id) => committed.has(id)),
  )
  must('one sign-in is answered once', new Set(completed).size === completed.length)
  return {
    seed,
    operations,
    steps: sim.steps,
    faults: sim.faults,
    broken: [...new Set(broken)],
    trace: sim.trace,
  }
}
