import { setTimeout as pause } from 'node:timers/promises'
import { TOTP, URI } from 'otpauth'

/** An authenticator app that knows only the contents of the QR code. */
export interface LoadPhone {
  /**
   * A code that was not shown before, of the current, next or previous time step. If none of them is left, it
   * waits for the next step, as a user who looks at the screen would.
   */
  fresh(): Promise<string>
  /** The code that was shown last. */
  shown(): string
  /** Codes that are certainly wrong in all neighbouring time steps. */
  wrong(count: number): readonly string[]
}

/** Codes of an app that are wrong in every time step near one, the three before and after it. */
export const wrongCodes = (
  codeOf: (step: number) => string,
  { step, count, digits }: { readonly step: number; readonly count: number; readonly digits: number },
): readonly string[] => {
  const validCodes = new Set([-3, -2, -1, 0, 1, 2, 3].map((offset) => codeOf(step + offset)))
  return Array.from({ length: count + validCodes.size }, (_, i) => String(i).padStart(digits, '0'))
    .filter((code) => !validCodes.has(code))
    .slice(0, count)
}

/** Scans a QR code. */
export const scanned = (uri: string): LoadPhone => {
  const app = URI.parse(uri)
  if (!(app instanceof TOTP)) throw new Error('the URI is not for time-based codes')
  const period = app.period * 1_000
  const codeOf = (step: number) => app.generate({ timestamp: step * period })
  const present = () => Math.floor(Date.now() / period)
  let last = present() - 2
  return {
    fresh: async () => {
      // The library accepts one step either side of the current one. The margins of both are avoided.
      const next = Math.max(last + 1, Math.floor((Date.now() - period + 3_000) / period))
      while (next > Math.floor((Date.now() + period - 1_000) / period)) await pause(250)
      last = next
      return codeOf(next)
    },
    shown: () => codeOf(last),
    wrong: (count) => wrongCodes(codeOf, { step: present(), count, digits: app.digits }),
  }
}
