import { type Authentication, createAuthentication } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { rateLimiter } from 'ccass-2fa/rate-limiter'
import { systemClock } from 'ccass-2fa/system-clock'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import type { FastifyBaseLogger } from 'fastify'
import { type InsecureMailbox, insecureMailbox } from '../development/mailbox.ts'
import { insecureStubHasher } from '../development/stub-hasher.ts'
import { loggedFault } from './faults.ts'
import { mailBySmtp } from './mail.ts'
import type { Settings } from './settings.ts'
import { openStorage } from './storage.ts'

/** The library with its ports, one per process. */
export interface Host {
  readonly auth: Authentication
  /** Whether the storage answers. */
  ready(): Promise<boolean>
  /** In development without SMTP: the mailbox with the codes. */
  readonly mailbox?: InsecureMailbox
  /** Completes the work in progress, sends waiting notices, and closes everything. */
  close(): Promise<void>
}

/**
 * The interval of the search for notices that other processes left behind. Each process adds up to a tenth,
 * so that they do not run in step.
 */
const deliveryInterval = 60_000

/** Opens the ports and creates the service. */
export const openHost = async (settings: Settings, log: FastifyBaseLogger): Promise<Host> => {
  const open = await openStorage(settings)
  const random = webCryptoRandom()
  const [first = { id: 'development', key: random.bytes(32) }, ...others] = settings.keys
  if (settings.keys.length === 0)
    log.warn('random keys in use: data sealed now cannot be opened after a restart')
  if (settings.stubHasher) log.warn('passwords are hashed by a stub and not protected')

  const smtp = settings.smtp && mailBySmtp(settings.smtp, (failure) => log.warn({ failure }, 'mail'))
  const mailbox = smtp === undefined ? insecureMailbox(settings.noticeFile) : undefined
  const mailer = smtp ?? mailbox
  if (mailer === undefined) throw new Error('no mailer is configured')
  if (mailbox !== undefined) log.warn('emails are kept in memory and not sent; any caller can read the codes')

  const auth = createAuthentication({
    storage: open.storage,
    clock: systemClock(),
    mailer,
    passwordHasher: settings.stubHasher ? insecureStubHasher() : argon2Hasher(),
    random,
    // This limiter counts per process: with n processes, a source has n times the limit. A limiter on Redis
    // or PostgreSQL counts for all.
    rateLimiter: rateLimiter({ attempts: settings.attemptsPerMinute, seconds: 60 }),
    secretBox: webCryptoSecretBox([first, ...others]),
    onError: (fault) => log.error({ fault: loggedFault(fault) }, 'a port failed'),
  })
  const deliver = async () => {
    const report = await auth.outbox.deliver()
    if (report.isErr()) log.warn({ refusal: report.error.code }, 'notices')
  }
  // Each operation sends its own notices. The timer is for notices of a process that died before it could.
  const timer = setInterval(() => void deliver(), deliveryInterval * (1 + Math.random() / 10))
  timer.unref()
  log.info({ storage: open.kind, hasher: settings.stubHasher ? 'stub' : 'argon2id' }, 'open')

  return {
    auth,
    ...(mailbox === undefined ? {} : { mailbox }),
    ready: async () => {
      try {
        await open.storage.participants({ after: '', limit: 1 })
        return true
      } catch (error) {
        log.error({ fault: loggedFault({ port: 'storage', error }) }, 'not ready')
        return false
      }
    },
    close: async () => {
      clearInterval(timer)
      // This waits for a delivery that is already running.
      await deliver()
      await smtp?.close()
      await open.close()
    },
  }
}
