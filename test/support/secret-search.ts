/** Searches what was shown or stored for secrets, in every form in which one could be written down. */
import { expect } from 'vitest'

/** Bytes as hexadecimal text. */
export const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** The encodings in which a secret could appear. */
const formsOf = (secret: string | Uint8Array): readonly string[] => {
  const bytes = Buffer.from(secret)
  const [hex, base64, url] = [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]
  const raw = typeof secret === 'string' ? [secret, JSON.stringify(secret).slice(1, -1)] : []
  const numbers = typeof secret === 'string' ? [] : [bytes.join(',')]
  return [...raw, ...numbers, hex, hex.toUpperCase(), base64.replaceAll('=', ''), url].filter((x) => x !== '')
}

/**
 * A six-digit code can occur in a hash or a time by chance, so the test searches for it as a separate value.
 */
const holdsCode = (text: string, code: string) =>
  new RegExp(`(?<![0-9a-zA-Z+/_-])${code}(?![0-9a-zA-Z+/_-])`).test(text)

/** Fails if a secret is in some data, in any form. */
export const expectNone = (what: unknown, secrets: Iterable<string | Uint8Array>) => {
  const text = JSON.stringify(what, (_, value: unknown) =>
    value instanceof Error ? [value.name, value.message, value.stack, value.cause] : value,
  )
  for (const secret of secrets)
    if (typeof secret === 'string' && /^\d{6,8}$/.test(secret)) expect(holdsCode(text, secret)).toBe(false)
    else for (const form of formsOf(secret)) expect(text).not.toContain(form)
}
