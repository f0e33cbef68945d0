import type { RuleId } from '../kernel/rule-id.ts'
import type { DriverRefusal } from './driver.ts'
import { applyOperation } from './model/apply.ts'
import type { Expected, ModelState, Operation } from './model/model-state.ts'

/** The part of a system's answer that is compared. */
export interface Observed {
  readonly refused?: string | undefined
  readonly next?: string | undefined
  /** A session that a password reset opened. */
  readonly signedIn?: boolean
  /** The error that a driver threw. */
  readonly fault?: string
}

/** An operation with its answer. */
export interface Performed {
  readonly operation: Operation
  readonly observed: Observed
}

/** The expected mails by address: codes and lock notices. */
export type Mailed = Readonly<Record<string, { readonly codes: number; readonly locked: number }>>

/** An order of the operations in which the model gives the same answers. */
export interface Path {
  readonly model: ModelState
  readonly mailed: Mailed
  readonly expected: readonly Expected[]
}

/**
 * If every order of the operations contradicts the model: the longest partial order, and the answer that does
 * not fit.
 */
export interface Contradiction {
  readonly performed: Performed
  readonly expected: Expected
  readonly before: ModelState
}

/** Whether an operation was refused. */
export const isRefused = (answer: object): answer is DriverRefusal => 'refused' in answer

const compared: readonly string[] = ['beginSignIn', 'confirmOtp', 'proposeUserId']

const matches = ({ operation, observed }: Performed, expected: Expected): boolean => {
  if (observed.fault !== undefined || observed.signedIn === true) return false
  if ((observed.refused === undefined) !== expected.accepted) return false
  return !expected.accepted || !compared.includes(operation.op) || observed.next === expected.next
}

const emailOf = (model: ModelState, userId: string): string | undefined => {
  const account = model.accounts[userId]
  return account !== undefined && 'email' in account ? account.email : undefined
}

const subjectOf = (operation: Operation): string => ('userId' in operation ? operation.userId : '')

const withMails = (mailed: Mailed, { after, events }: Expected, operation: Operation): Mailed => {
  const to = emailOf(after, 'session' in operation ? operation.session.userId : subjectOf(operation))
  const codes = events.filter(({ type }) => type === 'CodeIssued').length
  const locked = events.filter(({ type }) => type === 'Locked').length
  if (to === undefined || codes + locked === 0) return mailed
  const before = mailed[to] ?? { codes: 0, locked: 0 }
  return { ...mailed, [to]: { codes: before.codes + codes, locked: before.locked + locked } }
}

const byAge = <T extends { readonly expiresAt: number; readonly id: string }>(list: readonly T[]) =>
  [...list].sort((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1))

/** A model without the order of things that were opened at the same moment. */
const normalised = (model: ModelState): ModelState => ({
  ...model,
  accounts: Object.fromEntries(
    Object.entries(model.accounts).map(([userId, account]) => [
      userId,
      'challenges' in account
        ? { ...account, challenges: byAge(account.challenges), sessions: byAge(account.sessions) }
        : account,
    ]),
  ),
})

/**
 * Searches for orders in which the model, starting from one of its possible states, gives the observed
 * answers. Parallel operations are linearisable if there is one.
 *
 * @returns every state that such an order leads to, or where the longest attempt fails.
 */
export const linearise = (
  states: readonly ModelState[],
  performed: readonly Performed[],
): { readonly paths: readonly Path[] } | Contradiction => {
  const paths = new Map<string, Path>()
  const tried = new Set<string>()
  let deepest = -1
  let contradiction: Contradiction | undefined
  const visit = (
    model: ModelState,
    mailed: Mailed,
    left: readonly number[],
    expected: readonly Expected[],
  ): void => {
    const key = performed.length > 1 ? JSON.stringify([left, model, mailed]) : ''
    if (performed.length > 1) {
      if (tried.has(key)) return
      tried.add(key)
    }
    if (left.length === 0) {
      paths.set(key || JSON.stringify(model), { model, mailed, expected })
      return
    }
    const seen = new Set<string>()
    for (const n of left) {
      const done = performed[n]
      if (done === undefined) continue
      const { id: _, ...unnamed } = done.operation
      const signature = JSON.stringify([unnamed, done.observed])
      // Two operations that differ only in name are interchangeable.
      if (seen.has(signature)) continue
      seen.add(signature)
      const answer = applyOperation(model, done.operation)
      if (!matches(done, answer)) {
        const depth = performed.length - left.length
        if (depth > deepest) {
          deepest = depth
          contradiction = { performed: done, expected: answer, before: model }
        }
        continue
      }
      const after = performed.length > 1 ? normalised(answer.after) : answer.after
      const rest = left.filter((each) => each !== n)
      visit(after, withMails(mailed, answer, done.operation), rest, [...expected, answer])
    }
  }
  for (const state of states) visit(state, {}, [...performed.keys()], [])
  if (paths.size === 0 && contradiction !== undefined) return contradiction
  return { paths: [...paths.values()] }
}

/**
 * A difference between the system and the model.
 *
 * @category Conformance
 */
export interface Difference {
  readonly kind: 'answer' | 'wording' | 'mail' | 'lock' | 'fault' | 'signed-in'
  readonly operation: Operation
  readonly expected: string
  readonly observed: string
  /** The rule under which the model decided, and the reason of its refusal. */
  readonly rule: RuleId
  readonly reason?: string | undefined
}
