/** The actors of a run: people whose tasks depend on the service's own results. */
import { Secret } from 'otpauth'
import type { ConformanceEntry } from '../../src/conformance/index.ts'
import { accountOf, type Code } from '../../src/conformance/model/model-state.ts'
import type { Review } from '../../src/dms/review.ts'
import type { ClientConnectUser } from '../../src/eservices/model/client-connect.ts'
import type { EserviceContents } from '../../src/eservices/model/contents.ts'
import { readListingRow } from '../../src/migration/model/listing.ts'
import { timeStepAt, totpCode } from '../../src/otp/totp.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { lineOf } from '../migration/model/lines.ts'
import type { OpenedSession, Performed } from './model.ts'
import type { Holdings } from './operations.ts'
import type { Task } from './plan.ts'
import type { Sent } from './ports.ts'
import { type Scheduler, seeded } from './scheduler.ts'
import type { Service } from './service.ts'
import type { UnderWay, Watch } from './watch.ts'

export const participant = 'B01234'
export const holders = ['B0123401', 'B0123402', 'B0123403'] as const
export const administrators = ['B01234X1', 'B01234X2'] as const
const imported = ['B0123420', 'B0123421', 'B0123422', 'B0123423', 'B0123424', 'B0123425']
const listing = imported.map((userId, n) => ({
  line: n + 2,
  read: readListingRow(
    lineOf(userId, {
      Email: `${userId.toLowerCase()}@participant.example`,
      SRN: '',
      'Certificate Expiry Date': '',
    }),
  ),
}))

const user = (id: string, roles: ClientConnectUser['roles']): ClientConnectUser => ({
  ...{ id, name: id.toUpperCase(), email: `${id}@bank.example`, participant, roles },
  rights: ['EU_UserMaintenance'],
})
const formMaker = user('f.maker', ['Maker'])
const formChecker = user('f.checker', ['Checker'])
const emailOf = (userId: string) => `${userId.toLowerCase()}@participant.example`

const contents = (action: 'unlock' | 'enable'): EserviceContents => ({
  clearingHouse: 'HKSCC',
  lines: administrators.map((userId) => ({ type: 'status', userId, email: emailOf(userId), action })),
  contact: { name: 'AAA', email: 'aaa@bank.example', telephone: '29797111' },
  declared: true,
})

type WithoutName<P> = P extends Performed ? Omit<P, 'id'> : never

/** What the actors use. */
interface Crew {
  readonly sim: Scheduler
  readonly service: Service
  readonly watch: Watch
  readonly held: Holdings
  readonly sent: readonly Sent[]
}

/** All actors of a run. */
export class Actors {
  readonly #crew: Crew
  #names = 0
  readonly #forms: { form: string; reference?: string }[] = []
  #passwords = 0

  constructor(crew: Crew) {
    this.#crew = crew
  }

  /** Runs a task of a plan. */
  async take({ actor, what, seed }: Task): Promise<void> {
    const random = seeded(seed)
    await this.#crew.sim.step(actor, what, Math.floor(random() * 20_000))
    const holder = holders[Number(actor.split(' ')[1])] ?? (holders[Math.floor(random() * 3)] as string)
    switch (what) {
      case 'set up':
        return void (await this.setUp(holder, random))
      case 'sign in':
        return void (await this.signIn(holder, random))
      case 'forgot password':
        return void (await this.#newPassword(holder, random))
      case 'wrong password':
        return void (await this.#begin(holder, 'Wrong-Horse#Battery1', random))
      case 'wrong code':
      case 'old code':
        return this.#wrongCodes(holder, what === 'old code', random)
      case 'cancel': {
        const id = await this.#begin(holder, this.#passwordOf(holder), random)
        if (id !== undefined) await this.#do({ op: 'cancelSignIn', userId: holder, challenge: id }, random)
        return
      }
      case 'check session':
      case 'change device':
      case 'change password':
        return this.#inSession(holder, what, random)
      case 'guess':
        await Promise.all([1, 2, 3].map(() => this.#begin(holder, 'Wrong-Horse#Battery1', random)))
        return
      case 'ask for codes':
        await Promise.all([1, 2].map(() => this.#do({ op: 'requestPasswordCode', userId: holder }, random)))
        return
      case 'deliver':
        await this.deliver(random)
        return
      case 'apply the listing':
      case 'reconcile the listing':
        return this.#migrate(what === 'apply the listing', random)
      case 'a clock jumps': {
        const size = Math.floor(10 ** (3 + random() * 4))
        this.#crew.service.jump(Math.floor(random() * 3), random() < 0.5 ? size : -size)
        return
      }
      case 'a process restarts':
        this.#crew.service.restart(Math.floor(random() * 3))
        return
      default:
        return this.#work(what, holder, random)
    }
  }

  /** Sets up password and app, for a new or unlocked account. */
  async setUp(userId: string, random: () => number): Promise<boolean> {
    const password = await this.#newPassword(userId, random)
    if (password === undefined) return false
    const system = userId.includes('X') ? 'DMS' : 'CCASS/CCMS'
    const begun = await this.#do({ op: 'beginSignIn', userId, password, system }, random)
    if (begun.answer.kind !== 'accepted' || begun.answer.next !== 'enrolOtp') return false
    const challenge = begun.id
    const chosen = await this.#do({ op: 'chooseChannel', userId, challenge, channel: 'MobileApp' }, random)
    if (chosen.answer.kind !== 'accepted') return false
    const code: Code = { kind: 'app', device: chosen.id, step: this.#step() }
    const done = await this.#do({ op: 'confirmChannel', userId, challenge, code }, random)
    return done.answer.kind === 'accepted'
  }

  /** Signs in with password and code; the code is entered in two windows at once. */
  async signIn(userId: string, random: () => number): Promise<boolean> {
    await this.#crew.sim.step(userId, 'next code', 31_000)
    const challenge = await this.#begin(userId, this.#passwordOf(userId), random, 'otp')
    if (challenge === undefined) return false
    const code: Code = { kind: 'app', device: this.#deviceOf(userId), step: this.#step() }
    const both = await Promise.all(
      [1, 2].map(() => this.#do({ op: 'confirmOtp', userId, challenge, code }, random)),
    )
    return both.some(({ answer }) => answer.kind === 'accepted')
  }

  /** Sends the pending notices. */
  deliver(random: () => number) {
    const id = this.#name()
    return this.#crew.service.perform({ op: 'read', id, what: 'deliver' }, random, (auth) =>
      auth.outbox.deliver(),
    )
  }

  /** Runs one operation; its name identifies what it opens. */
  async #do(operation: WithoutName<Performed>, random: () => number) {
    const id = this.#name()
    const answer = await this.#crew.service.perform({ ...operation, id } as Performed, random)
    return { id, answer }
  }

  /** Runs an operation of an administrator. */
  register(userId: string, random: () => number) {
    const role = userId.includes('X') ? ('DelegatedAdministrator' as const) : ('User' as const)
    return this.#do({ op: 'createAccount', userId, role, email: emailOf(userId) }, random)
  }

  /** Unlock/Reset OTP Device Registration. */
  unlock(userId: string, random: () => number) {
    return this.#do({ op: 'unlock', userId }, random)
  }

  /** Sets how many accounts there may be. */
  setMaximum(maximum: number, random: () => number) {
    return this.#do({ op: 'setMaximum', maximum }, random)
  }

  /** Enables an account. */
  enable(userId: string, random: () => number) {
    return this.#do({ op: 'setStatus', userId, status: 'ENABLED' }, random)
  }

  #name(): string {
    this.#names += 1
    return `o${this.#names}`
  }

  #step(): number {
    return timeStepAt(this.#crew.sim.now, defaultPolicy)
  }

  #passwordOf(userId: string): string {
    const account = accountOf(this.#crew.watch.model, userId)
    return 'password' in account ? account.password.credential : 'Unknown-Horse#Battery1'
  }

  #deviceOf(userId: string): string {
    const account = accountOf(this.#crew.watch.model, userId)
    return account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
      ? account.channel.credential
      : ''
  }

  /** The newest emailed code, by the operation that sent it. */
  #mailed(userId: string): Code {
    const found = this.#crew.sent.findLast(({ mail }) => mail.type === 'code' && mail.userId === userId)
    return { kind: 'email', issuedBy: (found?.by as UnderWay | undefined)?.operation.id ?? '' }
  }

  async #begin(userId: string, password: string, random: () => number, next?: string) {
    const system = userId.includes('X') ? 'DMS' : 'CCASS/CCMS'
    const { id, answer } = await this.#do({ op: 'beginSignIn', userId, password, system }, random)
    return answer.kind === 'accepted' && (next === undefined || answer.next === next) ? id : undefined
  }

  async #newPassword(userId: string, random: () => number): Promise<string | undefined> {
    const asked = await this.#do({ op: 'requestPasswordCode', userId }, random)
    if (asked.answer.kind !== 'accepted') return undefined
    const challenge = asked.id
    const code = this.#mailed(userId)
    const confirmed = await this.#do({ op: 'confirmPasswordCode', userId, challenge, code }, random)
    if (confirmed.answer.kind !== 'accepted') return undefined
    this.#passwords += 1
    const password = `Correct-Horse#Battery${this.#passwords}`
    const set = await this.#do({ op: 'setPassword', userId, challenge, password }, random)
    return set.answer.kind === 'accepted' ? password : undefined
  }

  async #wrongCodes(userId: string, old: boolean, random: () => number): Promise<void> {
    const challenge = await this.#begin(userId, this.#passwordOf(userId), random, 'otp')
    if (challenge === undefined) return
    const code: Code = old
      ? { kind: 'app', device: this.#deviceOf(userId), step: this.#step() - 3 }
      : { kind: 'wrong' }
    await Promise.all([1, 2, 3].map(() => this.#do({ op: 'confirmOtp', userId, challenge, code }, random)))
  }

  /** The newest session of an account that a caller holds. */
  #sessionOf(userId: string): OpenedSession | undefined {
    for (const [id, session] of [...this.#crew.held.sessions].reverse()) {
      const { signedInAt, expiresAt, system } = session
      if (session.userId === userId)
        return { id, userId, system: system as OpenedSession['system'], signedInAt, expiresAt }
    }
    return undefined
  }

  async #inSession(
    userId: string,
    what: 'check session' | 'change device' | 'change password',
    random: () => number,
  ): Promise<void> {
    const session = this.#sessionOf(userId)
    if (session === undefined) return
    if (what === 'check session') await this.#do({ op: 'checkSession', session }, random)
    if (what === 'change device') await this.#do({ op: 'changeDevice', session }, random)
    if (what !== 'change password') return
    const current = random() < 0.3 ? 'Wrong-Horse#Battery1' : this.#passwordOf(userId)
    this.#passwords += 1
    const password = `Another-Horse#Battery${this.#passwords}`
    await this.#do({ op: 'changePassword', session, current, password }, random)
  }

  async #migrate(applies: boolean, random: () => number): Promise<void> {
    const id = this.#name()
    const { service } = this.#crew
    if (!applies) {
      await service.perform({ op: 'read', id, what: 'reconcile' }, random, (auth) =>
        auth.migration.reconcile({ lines: listing }),
      )
      return
    }
    // Stopped after some lines, and continued by another call.
    const stop = new AbortController()
    const upTo = Math.floor(random() * listing.length)
    const lines = function* () {
      for (const [n, line] of listing.entries()) {
        if (n === upTo) stop.abort()
        yield line
      }
    }
    await service.perform({ op: 'import', id, userIds: imported.slice(0, upTo) }, random, (auth) =>
      auth.migration.apply({ lines: lines(), by: 'migration', signal: stop.signal }),
    )
    const again = this.#name()
    await service.perform({ op: 'import', id: again, userIds: imported }, random, (auth) =>
      auth.migration.apply({ lines: listing, by: 'migration' }),
    )
  }

  async #work(what: Task['what'], holder: string, random: () => number): Promise<void> {
    const chosen = `B01234${40 + Math.floor(random() * 4)}`
    const subject = random() < 0.5 ? holder : chosen
    switch (what) {
      case 'create':
        await Promise.all(
          [0, 1].map((n) => this.register(`B01234${40 + ((Number(chosen.slice(6)) + n) % 4)}`, random)),
        )
        return
      case 'unlock':
        return void (await this.unlock(random() < 0.8 ? holder : administrators[0], random))
      case 'disable':
        return void (await this.#do({ op: 'setStatus', userId: subject, status: 'DISABLED' }, random))
      case 'enable':
        return void (await this.enable(subject, random))
      case 'delete':
        return void (await this.#do({ op: 'deleteAccount', userId: chosen }, random))
      case 'enter create':
        return this.#enter({ kind: 'create', userId: chosen, email: emailOf(chosen) }, random)
      case 'enter disable':
      case 'enter enable':
      case 'enter unlock':
        return this.#enter({ kind: what.slice(6) as 'unlock', userId: subject }, random)
      case 'amend':
      case 'withdraw': {
        const session = this.#sessionOf(administrators[0])
        const request = [...this.#crew.held.requests.keys()].at(-1)
        if (session === undefined || request === undefined) return
        const entry: ConformanceEntry = { kind: 'disable', userId: holder }
        await this.#do(
          (what === 'amend'
            ? { op: 'amendRequest', session, request, entry }
            : { op: 'withdrawRequest', session, request }) as never,
          random,
        )
        return
      }
      case 'approve':
      case 'approve late':
      case 'reject':
        return this.#check(what, random)
      default:
        return this.#onForms(what, random)
    }
  }

  async #enter(entry: ConformanceEntry, random: () => number): Promise<void> {
    const session = this.#sessionOf(administrators[0])
    if (session !== undefined) await this.#do({ op: 'enterRequest', session, entry }, random)
  }

  /** A checker reviews a request; it is approved on the maker's page, in two windows at once, or rejected. */
  async #check(what: 'approve' | 'approve late' | 'reject', random: () => number): Promise<void> {
    const { held, service, watch, sim } = this.#crew
    const [maker, checker] = administrators.map((userId) => this.#sessionOf(userId))
    const request = [...held.requests.keys()].at(-1)
    if (maker === undefined || checker === undefined || request === undefined) return
    const review = this.#name()
    const read = await service.perform<Review>({ op: 'read', id: review, what: 'review' }, random, (auth) =>
      auth.dms.review({
        session: held.sessions.get(checker.id) as never,
        request: held.requests.get(request) ?? '',
      }),
    )
    if (read.kind !== 'accepted' || read.value === undefined) return
    held.reviews.set(review, read.value)
    const digest = watch.digestOf(read.value.contents?.digest ?? '')
    const about = { session: checker, request, review, read: digest }
    await sim.step('checker', 'reads', Math.floor(random() * 5_000))
    if (what === 'reject') return void (await this.#do({ op: 'reject', ...about }, random))
    const drawn = await this.#do({ op: 'getAuthorisationCode', ...about }, random)
    if (drawn.answer.kind !== 'accepted') return
    await sim.step('maker', 'types', what === 'approve late' ? 20_000 : 500)
    const confirm = {
      op: 'confirmRequest' as const,
      session: maker,
      request,
      checkerId: administrators[1],
      issuedBy: drawn.id,
    }
    await Promise.all([1, 2].map(() => this.#do(confirm, random)))
  }

  async #onForms(what: Task['what'], random: () => number): Promise<void> {
    const { service } = this.#crew
    const step = (
      form: string,
      actor: ClientConnectUser,
      type: 'Submit' | 'Reclaim' | 'Claim' | 'Release' | 'Confirm',
    ) => this.#do({ op: 'form', form, actor, command: { type, at: 0, actor, phase: 'parallel-run' } }, random)
    const last = this.#forms.at(-1)
    switch (what) {
      case 'submit a form': {
        const drafted = await service.perform<{ readonly id: string }>(
          {
            op: 'form',
            id: this.#name(),
            form: '',
            actor: formMaker,
            command: { type: 'Draft', at: 0, actor: formMaker, form: 'DA 3', contents: contents('enable') },
          },
          random,
          (auth) => auth.eservices.draft({ actor: formMaker, form: 'DA 3', contents: contents('enable') }),
        )
        if (drafted.kind !== 'accepted' || drafted.value === undefined) return
        const form = drafted.value.id
        this.#forms.push({ form })
        await step(form, formMaker, 'Submit')
        return
      }
      case 'reclaim as maker':
        return void (last && (await step(last.form, formMaker, 'Reclaim')))
      case 'reclaim as checker':
        return void (last && (await step(last.form, formChecker, 'Reclaim')))
      case 'release a form':
        if (last === undefined) return
        await step(last.form, formChecker, 'Claim')
        await step(last.form, formChecker, 'Release')
        return
      case 'confirm a form':
        if (last === undefined) return
        await step(last.form, formChecker, 'Claim')
        await step(last.form, formChecker, 'Confirm')
        return
      default: {
        const sent = await service.perform(
          { op: 'read', id: this.#name(), what: 'sent forms' },
          random,
          (auth) => auth.eservices.sent({}),
        )
        if (sent.kind !== 'accepted') return
        // Run twice at once: each line is processed once.
        for (const form of sent.value?.forms ?? [])
          await Promise.all(
            [1, 2].map(() =>
              service.perform({ op: 'process', id: this.#name(), form: form.id }, random, (auth) =>
                auth.eservices.process({ form: { ...form, participant } as never, by: 'HKEX' }),
              ),
            ),
          )
      }
    }
  }
}

/** The text of a code, from the secrets that callers hold. */
export const textsOver = (secrets: Map<string, string>, sent: readonly Sent[]): Holdings['textOf'] => {
  const wrong = (digits: number) => '0'.repeat(digits)
  return (code, digits) => {
    if (code.kind === 'app') {
      const secret = secrets.get(code.device)
      if (secret === undefined) return wrong(6)
      return totpCode(new Uint8Array(Secret.fromBase32(secret).buffer), code.step * 30_000)
    }
    if (code.kind === 'email') {
      const found = sent.findLast(
        ({ mail, by }) =>
          mail.type === 'code' && (by as UnderWay | undefined)?.operation.id === code.issuedBy,
      )
      if (found?.mail.type === 'code') return found.mail.code
    }
    return wrong(digits)
  }
}
