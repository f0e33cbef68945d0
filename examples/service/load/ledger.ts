import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/**
 * What a client saw of one act, a line of the ledger. No secret is in it: it may be kept, and be read by
 * anyone who verifies.
 */
export interface Seen {
  /** What was asked for, e.g. `sign-in/otp`. */
  readonly operation: string
  readonly userId: string
  /** `ok`, the code of a refusal, or `none`: no answer came, and it may have taken effect or not. */
  readonly answer: string
  /** What a completed sign-in said of itself, epoch milliseconds. */
  readonly signedInAt?: number
  /** Which process was asked. */
  readonly via?: string
}

/** A notice that was sent, as the process says that sent it. */
export interface SentNotice {
  readonly operation: 'notice'
  readonly id: string
}

/** One line of a ledger. */
export type LedgerLine = Seen | SentNotice

/** A ledger in a file; lines are whole, no matter who else appends. */
export const ledgerIn = (file: string) => ({
  add: (line: LedgerLine): void => appendFileSync(file, `${JSON.stringify(line)}\n`),
})

/** The lines of some ledgers. */
export const readLedgers = (files: readonly string[]): readonly LedgerLine[] =>
  files
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line): LedgerLine => JSON.parse(line))
