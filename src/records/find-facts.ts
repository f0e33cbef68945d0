import { err, ok, type Result } from 'neverthrow'
import type {
  AccountCommand,
  AccountCommandOf,
  AccountCommandType,
  GivenCommandOf,
  OutsideFactOf,
} from '../account/commands.ts'
import { nextAccountFact } from '../account/decide.ts'
import type { Account } from '../account/state.ts'
import type { Typed } from '../kernel/decider.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Policy } from '../policy/policy.ts'
import type { StoredRecord } from '../ports/storage.ts'

/** An account as it was loaded. */
export interface LoadedAccount {
  readonly account: Account
  readonly vault: StoredRecord['vault']
  readonly now: Instant
}

/** An outside fact that was found, and the new secrets that it refers to, for the vault. */
export interface FoundFact<T> {
  readonly value: T
  readonly vault?: StoredRecord['vault']
}

/** How the outside facts of a command are found; each is asked for at most once in an attempt. */
export type FactFinders<Type extends AccountCommandType, E> = {
  readonly [Fact in OutsideFactOf<Type>]: (
    loaded: LoadedAccount,
  ) => Promise<Result<FoundFact<Extract<AccountCommandOf<Type>, Record<Fact, unknown>>[Fact]>, E>>
}

/** A command without its outside facts, and how these are found. */
export type CommandWithFacts<Type extends AccountCommandType, E> = {
  readonly command: (loaded: LoadedAccount) => GivenCommandOf<Type> & Typed
  /**
   * Facts that are found regardless of what the table asks for: before the caller has proved anything, the work must not
   * depend on the account (LOCK-11, LOCK-16).
   */
  readonly always?: readonly OutsideFactOf<Type>[]
} & ([OutsideFactOf<Type>] extends [never]
  ? { readonly facts?: undefined }
  : { readonly facts: FactFinders<Type, E> })

/** A command with the facts on which its decision depends, and the new secrets that it refers to. */
export interface CompletedCommand {
  readonly command: AccountCommand
  readonly vault: StoredRecord['vault']
}

/**
 * Completes a command with the outside facts that the account's transition table asks for, and no others: a fact
 * that no row reads is left out.
 */
export const completeCommand = async <Type extends AccountCommandType, E>(
  { command, facts, always = [] }: CommandWithFacts<Type, E>,
  loaded: LoadedAccount,
  policy: Policy,
): Promise<Result<CompletedCommand, E>> => {
  const finders: Readonly<Record<string, (loaded: LoadedAccount) => Promise<Result<FoundFact<unknown>, E>>>> =
    facts ?? {}
  const known = new Set<string>()
  let completed: Typed = command(loaded)
  let vault: StoredRecord['vault'] = {}
  const next = () =>
    always.find((fact) => !known.has(fact)) ?? nextAccountFact(loaded.account, completed, known, policy)
  for (let fact = next(); fact !== undefined; fact = next()) {
    const find = finders[fact]
    if (find === undefined) throw new Error(`the table asks for ${fact}, which this operation does not find`)
    const found = await find(loaded)
    if (found.isErr()) return err(found.error)
    known.add(fact)
    completed = { ...completed, [fact]: found.value.value }
    vault = { ...vault, ...found.value.vault }
  }
  // Whole as far as the decision goes: what is left out, the row that decides does not read.
  return ok({ command: completed as AccountCommand, vault })
}
