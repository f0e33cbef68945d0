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

/** An outside fact that was found, and the new secrets for the vault that it refers to. */
export interface FoundFact<T> {
  readonly value: T
  readonly vault?: StoredRecord['vault']
}

/** The functions that find the outside facts of a command; each is called at most once per attempt. */
export type FactFinders<Type extends AccountCommandType, E> = {
  readonly [Fact in OutsideFactOf<Type>]: (
    loaded: LoadedAccount,
  ) => Promise<Result<FoundFact<Extract<AccountCommandOf<Type>, Record<Fact, unknown>>[Fact]>, E>>
}

/** A command without its outside facts, and the functions that find them. */
export type CommandWithFacts<Type extends AccountCommandType, E> = {
  readonly command: (loaded: LoadedAccount) => GivenCommandOf<Type> & Typed
  /**
   * Facts that are found even if the table does not request them: until the caller has proved a credential,
   * the work must not depend on the account (LOCK-11, LOCK-16).
   */
  readonly always?: readonly OutsideFactOf<Type>[]
} & ([OutsideFactOf<Type>] extends [never]
  ? { readonly facts?: undefined }
  : { readonly facts: FactFinders<Type, E> })

/** A command with the facts that its decision needs, and the new secrets for the vault that it refers to. */
export interface CompletedCommand {
  readonly command: AccountCommand
  readonly vault: StoredRecord['vault']
}

/**
 * Completes a command with the outside facts that the account's transition table requests. A fact that no row
 * reads is omitted.
 *
 * @rule LOCK-09
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
    if (find === undefined) throw new Error(`the table requests ${fact}, but this operation cannot find it`)
    const found = await find(loaded)
    if (found.isErr()) return err(found.error)
    known.add(fact)
    completed = { ...completed, [fact]: found.value.value }
    vault = { ...vault, ...found.value.vault }
  }
  // The deciding row does not read the omitted facts, so the command is complete for it.
  return ok({ command: completed as AccountCommand, vault })
}
