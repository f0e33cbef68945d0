/** A service in several processes, its accounts, and what the rulebook says of each session that was opened. */
import { expect } from 'vitest'
import type { Authentication, PolicyInput, Ports, Session, StoragePort, System } from '../../../src/index.ts'
import { DAY, hongKongDay, SECOND } from '../../../src/kernel/instant.ts'
import { codeOf, good, type TestService, testService } from '../../support/test-service.ts'
import {
  another,
  channelSet,
  mailed,
  type Phone,
  pageOf,
  passwordSet,
  registered,
} from '../../support/user-journeys.ts'
import { attributed } from './watched-storage.ts'

export const by = 'HKEX'
export const srn = '0101101200012AB2'
export const launch = Date.UTC(2023, 4, 1)
export const decommissioning = Date.UTC(2024, 3, 1)

/** One account, as the test knows it. */
export interface Holder {
  readonly userId: string
  stage: 'set up' | 'by smartcard' | 'registered' | 'locked' | 'disabled' | 'without email' | 'deleted'
  password: string
  channel: 'MobileApp' | 'Email'
  phone: Phone | undefined
  /** The serial number of the card in the profile. */
  card: string | undefined
  groups: boolean
  disableAfter: string | undefined
}

/** One session that was opened, and a copy of its token from then. */
export interface Tracked {
  readonly holder: Holder
  readonly session: Session
  readonly sealed: string
  readonly system: System
  readonly card: string | undefined
  readonly lastUsedAt: number
  /** Of one opened while sessions were ended: either may have come first. */
  unknown?: true
  /** By what it ended; for ever. */
  endedBy?: string
}

/** How a run is made. */
export interface Setting {
  readonly storage: StoragePort
  readonly recordCache: boolean
  readonly policy: PolicyInput
  /** Puts something between the library and its ports. */
  readonly between?: (ports: Ports) => Ports
  /** Puts something between the test and each service. */
  readonly wrap?: (auth: Authentication) => Authentication
}

/** A number below a bound, drawn for the run. */
export type Draw = (below: number) => number

export class Stage {
  readonly service: TestService
  readonly processes: readonly TestService[]
  readonly holders: readonly Holder[]
  readonly tracked: Tracked[] = []
  readonly draw: Draw
  #passwords = 0

  constructor({ storage, recordCache, policy, between = (x) => x, wrap = attributed }: Setting, draw: Draw) {
    this.service = testService({
      storage,
      recordCache,
      policy,
      between,
      timeline: { launch, decommissioning },
    })
    this.processes = [this.service.auth, this.service.another()].map((auth) => ({
      ...this.service,
      auth: wrap(auth),
    }))
    this.draw = draw
    this.holders = ['B0123401', 'B0123402', 'B0123403', 'B01234X1', 'B01234X2'].map((userId) => ({
      ...{ userId, stage: 'registered', password: '', phone: undefined, card: undefined, groups: false },
      ...{ channel: userId === 'B0123402' ? 'Email' : 'MobileApp', disableAfter: undefined },
    }))
  }

  /** One of the processes. */
  get p(): TestService {
    return this.processes[this.draw(this.processes.length)] as TestService
  }

  get auth(): Authentication {
    return this.p.auth
  }

  get limits() {
    return this.service.auth.policy.session
  }

  freshPassword(): string {
    return another(++this.#passwords)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.draw(list.length)] as T
  }

  /** Registers all, and sets them up; one has a smartcard. */
  async open(): Promise<void> {
    await good(this.service.auth.registry.setMaximum({ participant: 'B01234', maximum: 50, by }))
    for (const holder of this.holders) {
      const isCard = holder.userId === 'B0123403'
      if (isCard) {
        const smartcard = { srn, certificateExpiry: decommissioning + 400 * DAY }
        const email = 'b0123403@example.com'
        const given = {
          userId: holder.userId,
          role: 'User',
          origin: 'imported',
          by,
          email,
          smartcard,
        } as const
        await good(this.auth.registry.register(given))
        holder.card = srn
        holder.stage = 'by smartcard'
      } else {
        await registered(this.p, holder.userId)
        await this.setUp(holder)
      }
    }
  }

  /** From an account with an email alone to one with 2FA. */
  async setUp(holder: Holder, channel = holder.channel): Promise<void> {
    holder.password = await passwordSet(this.p, holder.userId, this.freshPassword())
    holder.stage = 'set up'
    const step = await this.begin(holder)
    if (step.next !== 'enrolOtp') throw new Error(step.next)
    await this.enrol(holder, step.challenge, channel)
  }

  async enrol(holder: Holder, challenge: string, channel: 'MobileApp' | 'Email'): Promise<void> {
    holder.phone = await channelSet(this.p, challenge, holder.userId, channel)
    holder.channel = channel
  }

  begin({ userId, password }: Holder, system = pageOf(userId)) {
    return good(this.auth.signIn.begin({ userId, password, system }))
  }

  codeOf({ channel, phone, userId }: Holder): string {
    return channel === 'MobileApp' ? (phone?.code() ?? '') : mailed(this.service, userId)
  }

  /** Remembers a session, with its token. */
  async track(holder: Holder, session: Session, card?: string): Promise<Tracked> {
    const { system, signedInAt: lastUsedAt } = session
    const sealed = await this.auth.sessions.seal({ session })
    const one: Tracked = { ...{ holder, session, system, card, lastUsedAt }, sealed: sealed.unwrapOr('') }
    this.tracked.push(one)
    return one
  }

  /** Sessions of an account that count towards the maximum: they have neither ended nor expired. */
  listed(holder: Holder): readonly Tracked[] {
    const now = this.service.clock.now()
    return this.tracked.filter(
      (one) => one.holder === holder && one.endedBy === undefined && now < one.session.expiresAt,
    )
  }

  /** Sessions of an account that hold now. */
  live(holder: Holder): readonly Tracked[] {
    return this.listed(holder).filter((one) => this.holds(one))
  }

  /** What a sign-in does to the oldest sessions. */
  makeRoom(holder: Holder): void {
    const open = this.listed(holder)
    this.end(open.slice(0, Math.max(0, open.length + 1 - this.limits.maxOpen)), 'maximum')
  }

  /** Notes that sessions have ended. */
  end(sessions: readonly Tracked[], endedBy: string): void {
    for (const one of sessions) one.endedBy ??= endedBy
  }

  /** A whole sign-in; an expired password is replaced, a device that is to be changed is set up. */
  async signIn(holder: Holder, system: System = pageOf(holder.userId)): Promise<Tracked> {
    for (let i = 0; i < 4; i++) {
      const step = await this.begin(holder, system)
      if (step.next === 'changePassword') await this.replaceExpired(holder, step.challenge)
      else if (step.next === 'enrolOtp') await this.enrol(holder, step.challenge, holder.channel)
      else {
        const code = this.codeOf(holder)
        const done = await good(this.auth.signIn.confirmOtp({ challenge: step.challenge, code }))
        this.service.clock.pass(30 * SECOND)
        if (done.next === 'done') {
          this.makeRoom(holder)
          return this.track(holder, done.session)
        }
        const channel = this.pick(['MobileApp', 'Email'] as const)
        await this.enrol(holder, done.challenge, channel)
        if (this.limits.endOnOwnChange) this.end(this.listed(holder), `channel ${channel}`)
      }
    }
    throw new Error('not signed in')
  }

  async replaceExpired(holder: Holder, challenge: string): Promise<void> {
    const password = this.freshPassword()
    await good(this.auth.passwordSetUp.complete({ challenge, password, confirmation: password }))
    holder.password = password
    if (this.limits.endOnOwnChange) this.end(this.listed(holder), 'expired password')
  }

  /** A sign-in by smartcard alone. */
  async byCard(holder: Holder): Promise<Tracked> {
    const given = { userId: holder.userId, system: 'CCASS/CCMS', srn: holder.card ?? srn } as const
    const session = await good(this.auth.smartcards.signIn(given))
    this.makeRoom(holder)
    return this.track(holder, session, holder.card)
  }

  /** Whether the rulebook says that a session holds now. */
  holds(one: Tracked): boolean {
    const { holder, session, system, card, lastUsedAt, endedBy } = one
    const now = this.service.clock.now()
    const idle = this.limits.idleSeconds
    if (endedBy !== undefined || now >= session.expiresAt) return false
    if (idle > 0 && now >= lastUsedAt + idle * SECOND) return false
    if (holder.disableAfter !== undefined && hongKongDay(now) > holder.disableAfter) return false
    if (card !== undefined && (now >= decommissioning || holder.card !== card)) return false
    return !(holder.userId.includes('X') && system === 'CCASS/CCMS' && !holder.groups)
  }

  /** Every process is asked for every session, by the session or its token, and answers as the rulebook says. */
  async verify(after: string, processes: readonly TestService[] = this.processes): Promise<void> {
    for (const one of this.tracked) {
      if (one.unknown) {
        delete one.unknown
        const answer = await codeOf(this.service.auth.sessions.check({ session: one.session }))
        if (answer !== 'ok') one.endedBy = `${after}, in parallel`
      }
      const expected = this.holds(one) ? 'ok' : 'session-ended'
      const what = `${one.holder.userId} ${one.session.id}, ended by ${one.endedBy}, after ${after}`
      for (const { auth } of processes) {
        const { session, sealed } = one
        const answers = await Promise.all([
          codeOf(auth.sessions.check({ session })),
          ...(sealed === '' ? [] : [codeOf(auth.sessions.open({ sealed }))]),
        ])
        expect(answers, what).toEqual(answers.map(() => expected))
      }
    }
  }

  /** Every operation that takes a session refuses those that have ended; it would end or change more otherwise. */
  async refuseEverywhere(): Promise<void> {
    const fresh = { current: 'Correct-Horse-1!', password: another(0), confirmation: another(0) }
    for (const { session, system, card, endedBy } of this.tracked.filter((one) => !this.holds(one)))
      for (const { auth } of this.processes) {
        const { sessions, selfService, dms } = auth
        const answers = await Promise.all(
          [
            ...[sessions.seal({ session }), sessions.list({ session }), sessions.signOut({ session })],
            ...[sessions.end({ session, id: session.id }), sessions.endOthers({ session })],
            sessions.endAll({ session }),
            // Self-service tells a session by smartcard first that it is not for it (MIG-19).
            ...(card === undefined
              ? [selfService.changeDevice({ session }), selfService.changePassword({ session, ...fresh })]
              : []),
            ...(system === 'DMS'
              ? [dms.listing({ session }), dms.find({ session, userId: 'B0123401' })]
              : []),
          ].map((answer) => codeOf(answer as never)),
        )
        expect(answers, `${session.userId} ${session.method}, ended by ${endedBy}`).toEqual(
          answers.map(() => 'session-ended'),
        )
      }
  }
}
