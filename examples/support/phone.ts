import type { Clock } from 'ccass-2fa'
import { SECOND } from 'ccass-2fa/rules'
import { Secret, TOTP, URI } from 'otpauth'

/** Someone's phone with an authenticator app, which knows of the library no more than the QR code told it. */
export interface Phone {
  /** The code on its screen. */
  code(): string
  /** A code that is surely not right, now or one step either side. */
  wrongCode(): string
}

/** Scans a QR code: what it holds is an `otpauth://` URI. */
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

/** The secret in a URI, to look for where it must not be. */
export const secretIn = (uri: string): string => {
  const { secret } = URI.parse(uri)
  return secret instanceof Secret ? secret.base32 : secret
}
