import type { OutboxNotice, StoragePort } from 'ccass-2fa'
import type { LedgerLine } from '../load/ledger.ts'
import type { Story } from './stories.ts'

/**
 * The events that holders must be notified of: every lock and every change of credentials (LOCK-11, ACC-17).
 */
const noticedEvents = new Set<string>(['Locked', 'PasswordSet', 'ChannelEnrolled', 'Unlocked'])

/** How many notices an account's trail requires. Each account keeps one address all the time. */
export const expectedNotices = ({ entries }: Story): number => {
  let address = false
  let expected = 0
  for (const { event } of entries) {
    if (event.type === 'Registered') address = event.email !== undefined && event.email !== null
    if (noticedEvents.has(event.type) && address) expected++
  }
  return expected
}

/** The waiting notices. `atRest` includes claimed ones, and is only for a store without running processes. */
export const waitingIn = (storage: StoragePort, atRest: boolean): Promise<readonly OutboxNotice[]> => {
  const now = atRest ? Number.MAX_SAFE_INTEGER : Date.now()
  // A claim until now expires at once, so that it takes nothing away from a running process.
  return storage.claimNotices({ now, until: atRest ? 0 : now, limit: 100_000 })
}

/** The state of the required notices. */
export interface Kept {
  readonly sent: number
  readonly waiting: number
  /** Sent more than once, by a process that died before it could record that, and by the next one. */
  readonly twice: number
  /** Neither sent nor waiting. */
  readonly lost: number
}

/**
 * Compares the notices that were sent, according to the ledgers, and those waiting, with those that the
 * trails require.
 */
export const keptOf = (
  promised: number,
  lines: readonly LedgerLine[],
  waiting: readonly OutboxNotice[],
): Kept => {
  const sent = lines.flatMap((line) => (line.operation === 'notice' && 'id' in line ? [line.id] : []))
  const distinct = new Set(sent)
  const known = new Set([...distinct, ...waiting.map(({ id }) => id)])
  return {
    sent: distinct.size,
    waiting: waiting.length,
    twice: sent.length - distinct.size,
    lost: Math.max(0, promised - known.size),
  }
}
