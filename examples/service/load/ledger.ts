import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/**
 * What a client saw of one operation, as a line of the ledger. It contains no secret, so anyone who verifies
 * may read it.
 */
export interface Seen {
  /** The name of the request, such as `sign-in/otp`. */
  readonly operation: string
  readonly userId: string
  /** `ok`, the code of a refusal, or `none` if there was no answer and the effect is unknown. */
  readonly answer: string
  /** The instant that a completed sign-in reported, in epoch milliseconds. */
  readonly signedInAt?: number
  /** The process that was called. */
  readonly via?: string
}

/** A notice, as reported by the process that sent it. */
export interface SentNotice {
  readonly operation: 'notice'
  readonly id: string
}

/** One line of a ledger. */
export type LedgerLine = Seen | SentNotice

/** A ledger in a file. Lines are written whole, even if several processes append. */
export const ledgerIn = (file: string) => ({
  add: (line: LedgerLine): void => appendFileSync(file, `${JSON.stringify(line)}\n`),
})

/** Reads the lines of several ledgers. */
export const readLedgers = (files: readonly string[]): readonly LedgerLine[] =>
  files
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line): LedgerLine => JSON.parse(line))
