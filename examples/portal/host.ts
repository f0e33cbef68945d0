import {
  type Clock,
  createAuthentication,
  defineTimeline,
  type PasswordHasher,
  type RateLimiter,
  type StoragePort,
} from 'ccass-2fa'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { DAY } from 'ccass-2fa/rules'
import { systemClock } from 'ccass-2fa/system-clock'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'

/** The ports that differ between runtimes. */
export interface RuntimePorts {
  readonly storage: StoragePort
  readonly passwordHasher: PasswordHasher
  readonly rateLimiter: RateLimiter
}

/**
 * The other ports of the portal: a capturing mailer, and keys that are generated at each start. For
 * development only.
 */
export const openHost = (ports: RuntimePorts) => {
  const timeline = defineTimeline({
    launch: Date.parse('2023-06-05T07:00:00+08:00'),
    decommissioning: Date.parse('2099-01-01T07:00:00+08:00'),
  })
  if (timeline.isErr()) throw new Error(JSON.stringify(timeline.error.problems))
  const mailer = captureMailer()
  const random = webCryptoRandom()
  const box = webCryptoSecretBox([{ id: 'portal', key: random.bytes(32) }])
  const present = systemClock()
  const authenticationAt = (clock: Clock) =>
    createAuthentication({
      ...ports,
      clock,
      mailer,
      random,
      secretBox: box,
      timeline: timeline.value,
      onError: ({ port, error }) => {
        // A cookie that was altered, or sealed before the last start, cannot be opened. This is expected and
        // not logged.
        if (port !== 'secretBox') console.error(`${port} failed:`, error)
      },
    })
  return {
    auth: authenticationAt(present),
    mailer,
    box,
    /** The same service, this many days ago. It seeds an account whose password has expired since. */
    daysAgo: (days: number) => authenticationAt({ now: () => present.now() - days * DAY }),
  }
}

/** The result of {@link openHost}. */
export type Host = ReturnType<typeof openHost>
