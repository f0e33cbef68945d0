import type { Clock } from 'ccass-2fa'
import { SECOND } from 'ccass-2fa/rules'
import { Secret, TOTP, URI } from 'otpauth'

/** A phone with an authenticator app that knows only the contents of the QR code. */
export interface Phone {
  /** The code on its screen. */
  code(): string
  /** A code that is certainly wrong, now and one time step either side. */
  wrongCode(): string
}

/** Scans a QR code, which contains an `otpauth://` URI. */
export const scan = (uri: string, clock: Clock): Phone => {
  const app = URI.parse(uri)
  if (!(app instanceof TOTP)) throw new Error('the URI is not for time-based codes')
  const codeAt = (timestamp: number) => app.generate({ timestamp })
  return {
    code: () => codeAt(clock.now()),
    wrongCode: () => {
      const now = clock.now()
      const right = [-1, 0, 1].map((step) => codeAt(now + step * app.period * SECOND))
      const wrong = ['000000', '000001', '000002', '000003'].find((code) => !right.includes(code))
      return wrong ?? '000004'
    },
  }
}

/** The secret in a URI, to check that it is stored nowhere in plain text. */
export const secretIn = (uri: string): string => {
  const { secret } = URI.parse(uri)
  return secret instanceof Secret ? secret.base32 : secret
}
