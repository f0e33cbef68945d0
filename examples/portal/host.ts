import { createAuthentication, defineTimeline, type StoragePort } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { rateLimiter } from 'ccass-2fa/rate-limiter'
import { systemClock } from 'ccass-2fa/system-clock'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'

/** The ports of the portal: a capturing mailer, and keys that are made at each start. For development alone. */
export const openHost = (storage: StoragePort) => {
  const timeline = defineTimeline({
    launch: Date.parse('2023-06-05T07:00:00+08:00'),
    decommissioning: Date.parse('2099-01-01T07:00:00+08:00'),
  })
  if (timeline.isErr()) throw new Error(JSON.stringify(timeline.error.problems))
  const mailer = captureMailer()
  const random = webCryptoRandom()
  const box = webCryptoSecretBox([{ id: 'portal', key: random.bytes(32) }])
  const auth = createAuthentication({
    storage,
    clock: systemClock(),
    mailer,
    passwordHasher: argon2Hasher(),
    random,
    secretBox: box,
    rateLimiter: rateLimiter({ attempts: 600, seconds: 60 }),
    timeline: timeline.value,
    onError: ({ port, error }) => {
      // A cookie that was altered, or sealed before the last start, does not open: that is no news.
      if (port !== 'secretBox') console.error(`${port} failed:`, error)
    },
  })
  return { auth, mailer, box }
}

/** What {@link openHost} opens. */
export type Host = ReturnType<typeof openHost>
