/** Simulated ports: storage, mailer, clock, randomness and secrets of one process, under the scheduler. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { AuthenticationOptions } from '../../src/authentication.ts'
import type { Mail } from '../../src/ports/mailer.ts'
import type { StoragePort } from '../../src/ports/storage.ts'
import type { Scheduler } from './scheduler.ts'

/** How often each kind of trouble strikes. */
export interface Weather {
  readonly lostAnswer: number
  readonly storageDown: number
  readonly mailDown: number
  readonly crash: number
  readonly skew: number
}

/** A mail as it was handed over, with the name that a notice has. */
export interface Sent {
  readonly mail: Mail
  readonly id: string | undefined
}

const digest = (text: string) => bytesToHex(sha256(utf8ToBytes(text)))

/** The ports of one process. `storage` and `sent` are shared by all. */
export const portsOf = (
  sim: Scheduler,
  process: string,
  shared: { readonly storage: StoragePort; readonly sent: Sent[]; readonly weather: () => Weather },
): AuthenticationOptions => {
  const { storage, sent, weather } = shared
  const skew = Math.floor((sim.random() - 0.5) * 2 * weather().skew)
  const net = (label: string) => sim.step(process, label, Math.floor(sim.random() * 20))
  /** There, the work, and back: between any two the process may die, and the answer be lost. */
  const ask = async <T>(label: string, work: () => Promise<T>): Promise<T> => {
    await net(label)
    if (sim.strikes('storage down', weather().storageDown)) throw new Error('unreachable')
    const answer = await work()
    if (sim.strikes('answer lost', weather().lostAnswer)) throw new Error('the answer was lost')
    await net(`${label} answered`)
    return answer
  }
  return {
    storage: {
      load: (keys) => ask('load', () => storage.load(keys)),
      commit: (commit) => ask('commit', () => storage.commit(commit)),
      list: (participant, kind, page) => ask('list', () => storage.list(participant, kind, page)),
      trail: (key, page) => ask('trail', () => storage.trail(key, page)),
      participants: (page) => ask('participants', () => storage.participants(page)),
      claimNotices: (claim) => ask('claim', () => storage.claimNotices(claim)),
      settleNotice: (notice) => ask('settle', () => storage.settleNotice(notice)),
    },
    clock: {
      now: () => sim.now + skew,
      sleep: (milliseconds) => sim.step(process, 'sleep', Math.ceil(milliseconds)),
    },
    mailer: {
      send: async (mail, id) => {
        await sim.step(process, 'send', Math.floor(sim.random() * 200))
        if (sim.strikes('mail down', weather().mailDown)) return 'try-again'
        sent.push({ mail, id })
        await net('sent')
        return 'delivered'
      },
    },
    passwordHasher: {
      hash: async (password) => `${digest(`hash:${password}`)}:${bytesToHex(randomBytes(sim, 4))}`,
      verify: async (hash, password) => hash.startsWith(`${digest(`hash:${password}`)}:`),
      needsRehash: () => false,
    },
    random: { bytes: (count) => randomBytes(sim, count) },
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
}

const randomBytes = (sim: Scheduler, count: number) =>
  Uint8Array.from({ length: count }, () => Math.floor(sim.random() * 256))
