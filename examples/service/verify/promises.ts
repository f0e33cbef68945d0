import type { OutboxNotice, StoragePort } from 'ccass-2fa'
import type { LedgerLine } from '../load/ledger.ts'
import type { Story } from './stories.ts'

/** What holders must be told of: every lock, and every change of credentials (LOCK-11, ACC-17). */
const toldOf = new Set<string>(['Locked', 'PasswordSet', 'ChannelEnrolled', 'Unlocked'])

/** How many notices an account's trail promises; all its life it had one address. */
export const promisedBy = ({ entries }: Story): number => {
  let address = false
  let promised = 0
  for (const { event } of entries) {
    if (event.type === 'Registered') address = event.email !== undefined && event.email !== null
    if (toldOf.has(event.type) && address) promised++
  }
  return promised
}

/** Notices that wait. With `atRest` those too that someone has claimed: only where no one sends any more. */
export const waitingIn = (storage: StoragePort, atRest: boolean): Promise<readonly OutboxNotice[]> => {
  const now = atRest ? Number.MAX_SAFE_INTEGER : Date.now()
  // Claimed until now is not claimed at all: nothing is taken away from who sends.
  return storage.claimNotices({ now, until: atRest ? 0 : now, limit: 100_000 })
}

/** What became of the promises. */
export interface Kept {
  readonly sent: number
  readonly waiting: number
  /** Sent more than once: by a process that died before it could say so, and by the next. */
  readonly twice: number
  /** Neither sent nor waiting. */
  readonly lost: number
}

/** Holds the notices that were sent, by the ledgers, and those that wait against what was promised. */
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
