import type { LedgerLine } from '../load/ledger.ts'
import type { Verified } from './verify-store.ts'

/** How often each operation got each answer, one per line. */
export const tallied = (lines: readonly LedgerLine[]): readonly string[] => {
  const found = new Map<string, number>()
  for (const line of lines) {
    if (!('answer' in line)) continue
    // Requests and accounts are not distinguished here.
    const operation = line.operation.replace(/[0-9a-f]{24}/, '…').replace(/[A-Z][0-9]{5}\w\w$/, '…')
    const what = `${operation}: ${line.answer}`
    found.set(what, (found.get(what) ?? 0) + 1)
  }
  return [...found].sort().map(([what, times]) => `  ${String(times).padStart(6)}  ${what}`)
}

/** A verification in words. */
export const summaryOf = ({ notices, problems, ...of }: Verified): readonly string[] => [
  `${of.records} records, ${of.entries} entries: chains verified, states replayed`,
  `${of.accounts} accounts, ${of.logins} complete sign-ins, ${of.misses} failed attempts counted, ${of.locks} locks`,
  `${of.answers} answers compared with the trails; ${of.unanswered} requests without an answer`,
  `${notices.promised} notices expected: ${notices.sent} sent, ${notices.waiting} waiting, ${notices.twice} sent twice`,
  ...(problems.length === 0 ? ['nothing is missing, nothing is forged'] : problems.slice(0, 50)),
]
