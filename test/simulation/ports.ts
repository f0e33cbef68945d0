/** Simulated ports of one process: storage, mailer, clock, randomness and secrets, under the scheduler. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { AuthenticationOptions } from '../../src/authentication.ts'
import type { Mail } from '../../src/ports/mailer.ts'
import type { Commit, StoragePort } from '../../src/ports/storage.ts'
import { stubHasher } from '../support/stub-hasher.ts'
import { type Scheduler, seeded } from './scheduler.ts'

/** The probability of each kind of fault. */
export interface Weather {
  readonly lostAnswer: number
  readonly storageDown: number
  readonly mailDown: number
  readonly mailSlow: number
  readonly crash: number
}

/** An operation as the ports see it: every port call belongs to one operation. */
export interface Watched {
  readonly process: string
  /** Every instant that its process read from its clock. */
  readonly reads: Set<number>
}

/** The operation to which the current call belongs. */
export const currentOperation = new AsyncLocalStorage<Watched>()

/** A mail as the mailer received it, with the name of its notice. */
export interface Sent {
  readonly mail: Mail
  readonly id: string | undefined
  readonly by: Watched | undefined
}

/** What all processes share, and the watcher. */
export interface Shared {
  readonly storage: StoragePort
  readonly sent: Sent[]
  readonly weather: () => Weather
  /** Called immediately after a commit took effect. */
  readonly committed: (commit: Commit, by: Watched | undefined) => void
  /** Called before a mail is sent, and when it is unknown whether it will be sent again. */
  readonly sending: (id: string, process: string) => void
  readonly excused: (id: string) => void
}

const digest = (text: string) => bytesToHex(sha256(utf8ToBytes(text)))

/** The ports of a process, and its clock, which can be set. */
export const portsOf = (
  sim: Scheduler,
  process: string,
  seed: number,
  { storage, sent, weather, committed, sending, excused }: Shared,
): { readonly ports: AuthenticationOptions; readonly jump: (milliseconds: number) => void } => {
  const random = seeded(seed)
  let offset = Math.floor((random() - 0.5) * 4_000)
  const randomBytes = (count: number) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256))
  const net = (label: string) => sim.step(process, label, Math.floor(sim.random() * 20))
  /**
   * The request, the work, and the response: between any two the process can die, and the response can be
   * lost.
   */
  const ask = async <T>(label: string, work: () => Promise<T>, onError = () => {}): Promise<T> => {
    await net(label)
    if (sim.strikes('storage down', weather().storageDown)) {
      onError()
      throw new Error('unreachable')
    }
    const answer = await work()
    if (sim.strikes('answer lost', weather().lostAnswer)) {
      onError()
      throw new Error('the answer was lost')
    }
    await net(`${label} answered`)
    return answer
  }
  const ports: AuthenticationOptions = {
    storage: {
      load: (keys) => ask('load', () => storage.load(keys)),
      commit: (commit) =>
        ask('commit', async () => {
          const outcome = await storage.commit(commit)
          if (outcome === 'committed') committed(commit, currentOperation.getStore())
          return outcome
        }),
      list: (participant, kind, page) => ask('list', () => storage.list(participant, kind, page)),
      trail: (key, page) => ask('trail', () => storage.trail(key, page)),
      journal: (page) => ask('journal', () => storage.journal(page)),
      participants: (page) => ask('participants', () => storage.participants(page)),
      claimNotices: (claim) => ask('claim', () => storage.claimNotices(claim)),
      settleNotice: (notice) =>
        ask(
          'settle',
          () => storage.settleNotice(notice),
          () => excused(notice.id),
        ),
    },
    clock: {
      now: () => {
        const now = sim.now + offset
        currentOperation.getStore()?.reads.add(now)
        return now
      },
      sleep: (milliseconds) => sim.step(process, 'sleep', Math.ceil(milliseconds)),
    },
    mailer: {
      send: async (mail, id) => {
        if (id !== undefined) sending(id, process)
        const slow = sim.strikes('mail slow', weather().mailSlow)
        if (slow && id !== undefined) excused(id)
        await sim.step(process, 'send', slow ? 90_000 : Math.floor(sim.random() * 200))
        if (sim.strikes('mail down', weather().mailDown)) {
          if (id !== undefined) excused(id)
          return 'try-again'
        }
        sent.push({ mail, id, by: currentOperation.getStore() })
        await net('sent')
        return 'delivered'
      },
    },
    passwordHasher: stubHasher(() => bytesToHex(randomBytes(4))),
    random: { bytes: randomBytes },
    secretBox: {
      seal: async (secret, context) => `${digest(context)}.${bytesToHex(secret)}`,
      open: async (sealed, context) => {
        const [of, hex = ''] = sealed.split('.')
        if (of !== digest(context)) throw new Error('sealed for something else')
        return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
      },
      mac: async (message) => digest(`mac:${message}`),
      verifyMac: async (mac, message) => mac === digest(`mac:${message}`),
    },
  }
  return {
    ports,
    jump: (milliseconds) => {
      offset += milliseconds
    },
  }
}
