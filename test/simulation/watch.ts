/**
 * Watches a run: checks at every commit and every result whether the pure deciders allow it.
 *
 * The storage shows the order in which commits take effect, which is the candidate for the sequential
 * history: an operation that changes a record is placed at its commit, one that changes none at any instant
 * between call and result. If the model gives the same events, states and results in this order, the results
 * are linearisable.
 */

import type { Account } from '../../src/account/state.ts'
import { isExistingAccount } from '../../src/account/state.ts'
import { aggregates } from '../../src/aggregates.ts'
import { accountOf, type Expected } from '../../src/conformance/model/model-state.ts'
import { requestAggregate } from '../../src/dms/model/aggregates.ts'
import { foldStored } from '../../src/integrity/replay.ts'
import { canonicalJson } from '../../src/kernel/canonical-json.ts'
import { accountTotals } from '../../src/participant/state.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { Commit, Json, RecordWrite, StoredRecord } from '../../src/ports/storage.ts'
import { accountAggregate } from '../../src/records/model/account-aggregate.ts'
import { stateOf } from '../../src/records/model/aggregate.ts'
import { type History, noHistory, remembered } from '../model/account/history.ts'
import { accountInvariants } from '../model/account/invariants.ts'
import {
  emptySimulationModel,
  expectedOf,
  type OpenedSession,
  type Performed,
  projectionOf,
  type SimulationModel,
} from './model.ts'
import type { Watched } from './ports.ts'

/** A result, reduced to what is compared. */
export type Answer =
  | { readonly kind: 'accepted'; readonly next?: string }
  | { readonly kind: 'refused'; readonly code: string }
  /** The caller cannot know whether it took effect. */
  | { readonly kind: 'unknown'; readonly code: string }

/** An operation in progress. */
export interface UnderWay extends Watched {
  readonly operation: Performed
  /** The number of versions of the model when it was called. */
  readonly since: number
  /** The model's result for its commit. */
  committed?: Expected
  /** One of its mails was not delivered, which voids its code in a second commit. */
  answered?: true
}

const apart: readonly string[] = ['refusals', 'inbox', 'reference-counter', 'pending-requests']
const refusals: readonly string[] = ['CommandRefused', 'AdministrationRefused']

const keyText = ({ key }: Pick<RecordWrite, 'key'>) => canonicalJson({ ...key })

const isMaterial = ({ key, entries }: RecordWrite) =>
  !apart.includes(key.kind) && entries.some(({ event }) => !refusals.includes(event.type))

/** Whether two models have identical records. */
const isUnchanged = (one: SimulationModel, other: SimulationModel): boolean =>
  one.participant === other.participant &&
  (['accounts', 'requests', 'issued', 'forms'] as const).every((kind) => {
    const [a, b]: Readonly<Record<string, unknown>>[] = [one[kind], other[kind]]
    return a === b || Object.keys({ ...a, ...b }).every((id) => a?.[id] === b?.[id])
  })

/** Operations that commit several parts separately. */
const many: readonly Performed['op'][] = ['import', 'process']

/** A draft has no name before its first commit. */
const named = (operation: Performed, writes: readonly RecordWrite[]): Performed => {
  const form = writes.find(({ key }) => key.kind === 'eservice')?.key.id
  return operation.op === 'form' && operation.form === '' && form !== undefined
    ? { ...operation, form }
    : operation
}

/** The violations, by the name of the property. */
export type Report = (name: string, detail: string) => void

/** Checks commits and results against the model. */
export class Watch {
  readonly versions: SimulationModel[]
  /** Distinct states of accounts, without instants. */
  readonly states = new Set<string>()
  /** The notices that the model requires, by kind and User ID. */
  readonly called = new Map<string, number>()
  readonly #report: Report
  readonly #policy: Policy
  readonly #records = new Map<string, StoredRecord>()
  readonly #histories = new Map<string, { history: History; at: number }>()
  readonly #names = new Map<string, string>()
  readonly #digests = new Map<string, string>()

  constructor(now: number, policy: Policy, report: Report) {
    this.versions = [emptySimulationModel(now, policy)]
    this.#policy = policy
    this.#report = report
  }

  /** The model after the last commit. */
  get model(): SimulationModel {
    return this.versions.at(-1) as SimulationModel
  }

  /** The model's digest of an entry that was reviewed under the store's. */
  digestOf(digest: string): string {
    return this.#digests.get(digest) ?? digest
  }

  /** Called when a commit took effect. */
  committed(commit: Commit, by: UnderWay | undefined): void {
    const before = new Map(commit.writes.map((write) => [keyText(write), this.#records.get(keyText(write))]))
    for (const write of commit.writes) this.#fold(write)
    const writes = commit.writes.filter(isMaterial)
    const [first] = writes
    if (first === undefined) return
    if (by === undefined) {
      this.#report('every commit belongs to an operation', keyText(first))
      return
    }
    const operation = named(by.operation, writes)
    this.#bind(operation, writes)
    const at = first.entries[0]?.event.at ?? 0
    const voided = writes
      .flatMap(({ entries }) => entries)
      .find(({ event }) => event.type === 'CodeUndelivered')
    if (voided !== undefined) {
      this.#voidCode(
        first,
        before.get(keyText(first)),
        voided.event as unknown as { at: number; purpose: 'sign-in' },
      )
      return
    }
    if (by.answered) this.#report('an answer comes after its commit', operation.op)
    if (by.committed !== undefined && !many.includes(operation.op))
      this.#report('an operation takes effect once', operation.op)
    const expected = this.#decide({ ...by, operation }, at, commit)
    by.committed = expected
    this.#compareEvents(operation, writes, expected)
    const from = this.model
    this.versions.push({ ...(expected.after as SimulationModel), now: at })
    this.#noteSteps(from, expected, operation, at)
    this.#compareStates(writes)
  }

  /** Called with an operation's result. */
  answered(by: UnderWay, answer: Answer): void {
    by.answered = true
    const { operation } = by
    if (answer.kind === 'unknown') return
    if (answer.kind === 'refused' && answer.code === 'busy') {
      this.#report('no honest caller is refused for being parallel', operation.op)
      return
    }
    if (operation.op === 'read' || many.includes(operation.op)) return
    const isDelivery = answer.kind === 'refused' && answer.code === 'delivery-failed'
    const fits = (expected: Expected) =>
      (isDelivery || expected.accepted === (answer.kind === 'accepted')) &&
      (answer.kind !== 'accepted' || answer.next === undefined || answer.next === expected.next)
    if (by.committed !== undefined) {
      if (!fits(by.committed))
        this.#report(
          'answers are linearisable',
          `${operation.op} ${JSON.stringify([answer, by.committed.reason])}`,
        )
      return
    }
    let reason: string | undefined
    for (let version = by.since - 1; version < this.versions.length; version++)
      for (const now of by.reads) {
        const model = { ...(this.versions[version] as SimulationModel), now }
        const expected = expectedOf(model, operation, undefined)
        // An accepted operation that would change a record must have changed it.
        const changes = !isUnchanged(model, expected.after as SimulationModel)
        if (fits(expected) && !(changes && answer.kind === 'accepted')) return
        reason = expected.reason ?? (changes ? 'nothing was committed' : 'accepted by the model')
      }
    if (by.reads.size > 0)
      this.#report('answers are linearisable', `${operation.op} ${JSON.stringify([answer, reason])}`)
  }

  /**
   * The model's result for a commit at its place in the order; the caller's session may have been checked
   * earlier.
   */
  #decide(by: UnderWay, now: number, commit: Commit): Expected {
    const { operation, since } = by
    const model = { ...this.model, now }
    const expected = expectedOf(model, operation, commit)
    if (expected.accepted || expected.events.length > 0 || !('session' in operation)) return expected
    const { userId } = operation.session as OpenedSession
    for (const version of this.versions.slice(since - 1)) {
      const accounts = { ...model.accounts, [userId]: accountOf(version, userId) }
      const earlier = expectedOf({ ...model, accounts }, operation, commit)
      if (earlier.accepted) return earlier
    }
    return expected
  }

  /** Checks that a record is the fold of its trail, without gaps. */
  #fold(write: RecordWrite): void {
    const name = keyText(write)
    const { key, record, entries, expectedVersion } = write
    const before = this.#records.get(name)
    const aggregate = aggregates[key.kind]
    const events = entries.map(({ event }) => event)
    const state = foldStored(aggregate, before?.state ?? aggregate.decider.initial, events)
    const isWhole =
      expectedVersion === (before?.version ?? 0) &&
      record.version === expectedVersion + entries.length &&
      canonicalJson(state as unknown as Json) === canonicalJson(record.state)
    if (!isWhole) this.#report('a record is the fold of its trail', name)
    this.#records.set(name, record)
  }

  #bind({ id }: Performed, writes: readonly RecordWrite[]): void {
    for (const { key } of writes)
      if (key.kind === 'request' && !this.#names.has(key.id)) this.#names.set(key.id, id)
  }

  #voidCode(
    write: RecordWrite,
    before: StoredRecord | undefined,
    event: { at: number; purpose: 'sign-in' },
  ): void {
    const { model } = this
    const userId = write.key.id
    const account = accountOf(model, userId)
    if (!isExistingAccount(account) || before === undefined) return
    const code = account.codes[event.purpose]?.credential ?? ''
    const command = { type: 'ReportUndelivered', at: event.at, purpose: event.purpose, code } as const
    const events = accountAggregate.decider.decide(account, command, this.#policy).unwrapOr([])
    const after = events.reduce(accountAggregate.decider.evolve, account)
    this.versions.push({ ...model, now: event.at, accounts: { ...model.accounts, [userId]: after } })
    this.#step(userId, account, after, { command, events, at: event.at })
    this.#compareStates([write])
  }

  #compareEvents(operation: Performed, writes: readonly RecordWrite[], expected: Expected): void {
    if (!expected.accepted && expected.events.length === 0 && operation.op !== 'confirmRequest')
      this.#report(
        'what is committed is what the decider decides on the state before',
        `${operation.op}: ${expected.reason ?? 'refused'}`,
      )
    if (expected.command === undefined) return
    const committed = writes
      .filter(({ key }) => key.kind === 'account')
      .flatMap(({ entries }) => entries.map(({ event }) => event.type))
      .filter((type) => !refusals.includes(type))
    const decided = expected.events.map(({ type }) => type)
    if (canonicalJson(committed) !== canonicalJson(decided))
      this.#report(
        'what is committed is what the decider decides on the state before',
        `${operation.op}: ${committed} where ${decided} is decided`,
      )
  }

  /** Checks the invariants of the exploration on every step of every account. */
  #noteSteps(from: SimulationModel, expected: Expected, operation: Performed, at: number): void {
    for (const [userId, after] of Object.entries(this.model.accounts)) {
      const before = accountOf(from, userId)
      if (before === after) continue
      const { command, events } = expected
      if (command !== undefined) this.#step(userId, before, after, { command, events, at })
      else if (operation.op === 'import') this.#histories.set(userId, { history: noHistory, at })
    }
    const totals = [from, this.model].map(({ participant }) => accountTotals(participant).total)
    const [former = 0, total = 0] = totals
    const maximum = this.model.participant.stage === 'Known' ? this.model.participant.maximum : undefined
    // Imported accounts already existed, so they can exceed the maximum.
    if (operation.op !== 'import' && total > former && maximum !== undefined && total > maximum)
      this.#report('QTA-03 no account is created beyond the maximum', `${total} of ${maximum}`)
  }

  #step(
    userId: string,
    before: Account,
    after: Account,
    { command, events, at }: Required<Pick<Expected, 'command' | 'events'>> & { readonly at: number },
  ): void {
    const policy = this.#policy
    const known = this.#histories.get(userId) ?? { history: noHistory, at: 0 }
    const history = { ...known.history, clockWentBack: known.history.clockWentBack || at < known.at }
    const then = remembered(history, before, command, events, policy, at)
    const step = { before, command, events, after, history, then, policy, now: at }
    for (const { rule, name, holds } of accountInvariants)
      if (!holds(step)) this.#report(`${rule} ${name}`, `${userId} ${command.type}`)
    this.#histories.set(userId, { history: then, at: Math.max(at, known.at) })
    for (const { type } of accountAggregate.noticesOf?.(after, events, before) ?? []) {
      const name = `${type} ${userId}`
      this.called.set(name, (this.called.get(name) ?? 0) + 1)
    }
    this.#see(after)
  }

  #see(account: Account): void {
    if (!isExistingAccount(account)) return
    const { stage, status, role, failedAttempts, challenges, sessions, codes } = account
    const channel = account.stage === 'Initialised' ? [account.channel.kind, account.deviceChangePending] : []
    const open = challenges.map(({ awaits }) => awaits).sort()
    this.states.add(
      JSON.stringify([
        stage,
        status,
        role,
        failedAttempts,
        open,
        sessions.length,
        Object.keys(codes),
        channel,
      ]),
    )
  }

  /** Checks that records have the states of the model. */
  #compareStates(writes: readonly RecordWrite[]): void {
    const { model } = this
    const differ = (name: string, stored: unknown, modelled: unknown) => {
      const [a, b] = [stored, modelled].map((each) => canonicalJson(JSON.parse(JSON.stringify(each))))
      if (a !== b) this.#report('records are in the state of the model', `${name}: ${a} / ${b}`)
    }
    for (const { key, record } of writes) {
      const state = record.state as unknown as { readonly stage: string }
      if (key.kind === 'account')
        differ(key.id, projectionOf(state as unknown as Account), projectionOf(accountOf(model, key.id)))
      if (key.kind === 'participant') differ(key.id, state, model.participant)
      if (key.kind === 'request') {
        const modelled = model.requests[this.#names.get(key.id) ?? '']
        differ(key.id, state.stage, modelled?.stage)
        const request = stateOf(requestAggregate, record)
        if (request.stage === 'Pending' && modelled?.stage === 'Pending')
          this.#digests.set(request.entryDigest, modelled.entryDigest)
      }
      if (key.kind === 'authorisation') differ(key.id, state.stage, model.issued[key.id]?.stage ?? 'None')
      if (key.kind === 'eservice') differ(key.id, state.stage, model.forms[key.id]?.stage)
    }
  }
}
