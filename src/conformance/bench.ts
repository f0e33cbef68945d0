import { Secret } from 'otpauth'
import { isExistingAccount } from '../account/state.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import { totpCode } from '../otp/totp.ts'
import type { Policy } from '../policy/policy.ts'
import { callDriver } from './call-driver.ts'
import type { ConformanceDriver, DriverFunction } from './driver.ts'
import type { Holdings, IssuedCode, MailedCode, Opened } from './holdings.ts'
import { type Difference, linearise, type Mailed, type Path, type Performed } from './linearise.ts'
import {
  accountOf,
  type Code,
  emptyModel,
  type ModelState,
  type Operation,
  type SessionName,
} from './model/model-state.ts'

/** Thrown when the system differs from the model. It ends the history. */
export class Divergence extends Error {
  readonly difference: Difference

  constructor(difference: Difference) {
    super(`${difference.rule}: expected ${difference.expected}, observed ${difference.observed}`)
    this.difference = difference
  }
}

/** What the kit knows about the system under test and its model during one history. */
export class Bench implements Holdings {
  readonly driver: ConformanceDriver
  /** The states in which the model may be. Only parallel operations give more than one. */
  states: readonly ModelState[]
  readonly challenges: Opened[] = []
  readonly sessions: { readonly name: SessionName; readonly token: string }[] = []
  readonly devices: { readonly id: string; readonly userId: string; readonly secret: string }[] = []
  readonly requests: { readonly id: string; readonly token: string }[] = []
  readonly issued: IssuedCode[] = []
  readonly mails: MailedCode[] = []
  readonly passwords: { readonly userId: string; readonly password: string }[] = []
  readonly exercised = new Map<RuleId, number>()
  /** Rules that may explain later answers. */
  readonly relevantRules: RuleId[] = []
  readonly lines: string[] = []
  operations = 0
  #names = 0
  readonly #read = new Map<string, number>()
  readonly #wording = new Map<string, string>()

  constructor(driver: ConformanceDriver, start: number, policy: Policy) {
    this.driver = driver
    this.states = [emptyModel(start, policy)]
  }

  /** The state of the model, or one of several. */
  get model(): ModelState {
    const [first] = this.states
    if (first === undefined) throw new Error('the model has no possible state')
    return first
  }

  has(name: DriverFunction): boolean {
    return this.driver[name] !== undefined
  }

  newName(): string {
    this.#names += 1
    return `n${this.#names}`
  }

  /** The text of a code, as the holder enters it. */
  textOf(code: Code, digits: number): string | undefined {
    switch (code.kind) {
      case 'app': {
        const device = this.devices.find(({ id }) => id === code.device)
        if (device === undefined) return undefined
        const secret = new Uint8Array(Secret.fromBase32(device.secret).buffer)
        return totpCode(secret, code.step * this.model.policy.totp.periodSeconds * 1_000, this.model.policy)
      }
      case 'email':
        return this.mails.findLast(({ issuedBy }) => issuedBy === code.issuedBy)?.code
      case 'wrong':
        return this.#wrongCode(digits)
      case 'malformed':
        return '12345'
    }
  }

  /** Digits that are no valid code of any holder. */
  #wrongCode(digits: number): string {
    const step = Math.floor(this.model.now / (this.model.policy.totp.periodSeconds * 1_000))
    const good = new Set(this.mails.map(({ code }) => code))
    for (const { id } of this.devices)
      for (const near of [-3, -2, -1, 0, 1, 2, 3])
        good.add(this.textOf({ kind: 'app', device: id, step: step + near }, digits) ?? '')
    for (let n = 0; ; n++) {
      const text = String((n * 111_111 + 7) % 10 ** digits).padStart(digits, '0')
      if (!good.has(text)) return text
    }
  }

  /** Advances the clocks of the system and of the model. */
  async wait(milliseconds: number): Promise<void> {
    if (milliseconds <= 0 || !this.has('advance')) return
    await this.driver.advance?.({ milliseconds })
    for (const account of Object.values(this.model.accounts)) {
      if (!isExistingAccount(account)) continue
      if (account.stage === 'Locked') this.relevantRules.push('LOCK-07')
      else if (account.failedAttempts.passwords + account.failedAttempts.otps > 0)
        this.relevantRules.push('LOCK-08')
    }
    this.states = this.states.map((model) => ({ ...model, now: model.now + milliseconds }))
  }

  /**
   * Performs operations, possibly several in parallel, on the system and on the model.
   *
   * @throws {@link Divergence} if the model cannot give these answers in any order.
   */
  async perform(operations: readonly Operation[]): Promise<readonly Performed[]> {
    const possible = operations.filter(({ op }) => this.has(op))
    if (possible.length === 0) return []
    this.operations += possible.length
    const calls = await Promise.all(possible.map((operation) => callDriver(this, operation)))
    const performed = calls.map(({ performed: done }) => done)
    const result = linearise(this.states, performed)
    if (!('paths' in result)) {
      const { performed: done, expected } = result
      throw new Divergence(differenceOf(done, expected))
    }
    for (const call of calls) call.bind()
    for (const expected of result.paths[0]?.expected ?? []) {
      for (const rule of new Set(expected.exercised)) this.count(rule)
      this.relevantRules.push(...expected.bearing)
    }
    if (performed.length > 1) {
      this.count('LOCK-09')
      this.relevantRules.push('LOCK-09')
    }
    this.#compareWording(performed, result.paths[0])
    const paths = await this.#compareMails(performed, await this.#compareLocks(performed, result.paths))
    this.states = paths.map(({ model }) => model)
    return performed
  }

  count(rule: RuleId): void {
    this.exercised.set(rule, (this.exercised.get(rule) ?? 0) + 1)
  }

  /** Checks that refusals that must look the same do (LOCK-11, ACC-16). */
  #compareWording(performed: readonly Performed[], path: Path | undefined): void {
    const uniform = new Set((path?.expected ?? []).map((expected) => expected.uniform))
    for (const { operation, observed } of performed) {
      if (observed.refused === undefined) continue
      const rule = operation.op === 'beginSignIn' ? 'LOCK-11' : 'ACC-16'
      if (!uniform.has(rule) || !['beginSignIn', 'confirmPasswordCode'].includes(operation.op)) continue
      if (operation.op === 'confirmPasswordCode' && operation.code.kind === 'malformed') continue
      const former = this.#wording.get(operation.op) ?? observed.refused
      this.#wording.set(operation.op, former)
      this.count(rule)
      if (former !== observed.refused)
        throw new Divergence({
          ...{ kind: 'wording', operation, rule },
          expected: `the same refusal as before: ${former}`,
          observed: observed.refused,
        })
    }
  }

  /** Checks that codes are mailed exactly where the model expects them, and a lock notice at least once. */
  async #compareMails(performed: readonly Performed[], paths: readonly Path[]): Promise<readonly Path[]> {
    const [first] = paths
    const [{ operation } = { operation: undefined }] = performed
    if (!this.has('mailbox') || first === undefined || operation === undefined) return paths
    const arrived: Record<string, { codes: number; locked: number }> = {}
    for (const email of this.#addresses(performed, paths)) {
      const all = (await this.driver.mailbox?.({ email })) ?? []
      const fresh = all.slice(this.#read.get(email) ?? 0)
      this.#read.set(email, all.length)
      const codes = fresh.flatMap((message) => (message.kind === 'code' ? [message.code] : []))
      arrived[email] = { codes: codes.length, locked: fresh.filter(({ kind }) => kind === 'locked').length }
      const issuer = issuerOf(performed, email)
      for (const code of codes)
        this.mails.push({ to: email, issuedBy: issuer?.id ?? '', by: issuer?.op, code })
    }
    const agree = ({ mailed }: Path) =>
      Object.entries(arrived).every(([email, { codes, locked }]) => {
        const expected = mailed[email] ?? { codes: 0, locked: 0 }
        return expected.codes === codes && locked >= expected.locked
      })
    const fitting = paths.filter(agree)
    if (fitting.length > 0) return fitting
    const wanted = countMails(first.mailed)
    const got = countMails(arrived)
    const decisive = first.expected.find(({ reason }) => reason !== undefined) ?? first.expected.at(-1)
    const notice = wanted.locked > got.locked
    throw new Divergence({
      ...{ kind: 'mail', operation, rule: notice ? 'LOCK-11' : (decisive?.rule ?? 'OTP-06') },
      reason: decisive?.reason,
      expected: notice ? 'an email notice of the lock' : `emailed codes: ${wanted.codes}`,
      observed: notice ? 'no notice' : `emailed codes: ${got.codes}`,
    })
  }

  #addresses(performed: readonly Performed[], paths: readonly Path[]): readonly string[] {
    const subjects = performed.flatMap(({ operation }) =>
      'userId' in operation ? [operation.userId] : 'session' in operation ? [operation.session.userId] : [],
    )
    const known = subjects.flatMap((userId) => {
      const account = accountOf(paths[0]?.model ?? this.model, userId)
      return isExistingAccount(account) && account.email !== undefined ? [account.email] : []
    })
    return [...new Set([...known, ...paths.flatMap(({ mailed }) => Object.keys(mailed))])]
  }

  /** Checks that exactly those accounts are locked that the model has locked. */
  async #compareLocks(performed: readonly Performed[], paths: readonly Path[]): Promise<readonly Path[]> {
    const [{ operation } = { operation: undefined }] = performed
    if (!this.has('isLocked') || operation === undefined) return paths
    let left = paths
    for (const [userId, account] of Object.entries(paths[0]?.model.accounts ?? {})) {
      if (!isExistingAccount(account)) continue
      const locked = (await this.driver.isLocked?.({ userId })) ?? false
      const fitting = left.filter(({ model }) => (accountOf(model, userId).stage === 'Locked') === locked)
      if (fitting.length === 0) {
        const counted = account.stage === 'Locked' ? 'locked' : 'not locked'
        throw new Divergence({
          ...{ kind: 'lock', operation, rule: left[0]?.expected.at(-1)?.rule ?? 'LOCK-01' },
          expected: `${userId} is ${counted}`,
          observed: locked ? 'the account is locked' : 'the account is not locked',
        })
      }
      left = fitting
    }
    return left
  }
}

const countMails = (mailed: Mailed) => {
  const all = Object.values(mailed)
  return {
    codes: all.reduce((sum, { codes }) => sum + codes, 0),
    locked: all.reduce((sum, { locked }) => sum + locked, 0),
  }
}

/**
 * The operation that caused a mail to an address. Operations that would mail to the same address never run in
 * parallel.
 */
const issuerOf = (performed: readonly Performed[], email: string): Operation | undefined =>
  performed.find(
    ({ operation, observed }) =>
      observed.refused === undefined &&
      ['beginSignIn', 'resendCode', 'requestPasswordCode', 'chooseChannel'].includes(operation.op) &&
      'userId' in operation &&
      email.startsWith(operation.userId.toLowerCase()),
  )?.operation

const differenceOf = (
  { operation, observed }: Performed,
  expected: { accepted: boolean; next?: string; rule: RuleId; reason?: string },
): Difference => {
  const common = { operation, rule: expected.rule, reason: expected.reason }
  const wanted = expected.accepted
    ? `accepted${expected.next === undefined ? '' : `: ${expected.next}`}`
    : `refused: ${expected.reason ?? 'with the uniform refusal'}`
  if (observed.fault !== undefined)
    return { ...common, kind: 'fault', expected: wanted, observed: observed.fault }
  if (observed.signedIn === true)
    return { ...common, kind: 'signed-in', expected: 'no session', observed: 'a session' }
  const got =
    observed.refused === undefined
      ? `accepted${observed.next === undefined ? '' : `: ${observed.next}`}`
      : `refused: ${observed.refused}`
  return { ...common, kind: 'answer', expected: wanted, observed: got }
}
