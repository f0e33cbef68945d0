import type { SecretBox, System } from 'ccass-2fa'
import { getCookie, setCookie } from 'hono/cookie'
import type { Req } from './portal.ts'

/**
 * The cookie is sent only to this host, only over TLS (or to localhost), not available to scripts, and not
 * sent with cross-site requests except top-level navigation.
 */
const options = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const

const set = (c: Req, name: string, value: string, maxAge?: number) =>
  setCookie(c, `__Host-${name}`, value, { ...options, ...(maxAge === undefined ? {} : { maxAge }) })

/** A cookie of the portal. */
export const cookie = (c: Req, name: string) => getCookie(c, `__Host-${name}`)

/** Deletes a cookie. */
export const dropCookie = (c: Req, name: string) => set(c, name, '', 0)

/** Stores a text in a cookie until the browser is closed. */
export const keepCookie = (c: Req, name: string, value: string) => set(c, name, value)

const sessionNames = { 'CCASS/CCMS': 'terminal', DMS: 'dms' } as const

/** The cookie of a system's session. */
export const sessionCookie = (system: System) => sessionNames[system]

/**
 * The current step of a flow over several pages. It contains a challenge, which is a secret, so the cookie is
 * sealed.
 */
export interface Step {
  readonly at: 'otp' | 'channel' | 'enrol' | 'enrolled' | 'reset' | 'new-password'
  readonly system: System
  readonly challenge: string
  readonly channel?: 'MobileApp' | 'Email'
  /** Only during an enrolment. */
  readonly uri?: string
  readonly secret?: string
  readonly nextCodeAt?: number
  readonly expired?: boolean
}

const context = 'portal-cookie'

/** Seals a value into a cookie. */
export const sealCookie = async (c: Req, name: string, value: unknown, maxAge: number) => {
  const { box } = c.var.portal
  set(c, name, await box.seal(new TextEncoder().encode(JSON.stringify(value)), `${context}:${name}`), maxAge)
}

const opened = async (box: SecretBox, name: string, text: string): Promise<unknown> => {
  try {
    return JSON.parse(new TextDecoder().decode(await box.open(text, `${context}:${name}`)))
  } catch {
    return undefined // Altered, or sealed with a key that is gone: as if it were not there.
  }
}

/** Opens a sealed cookie. Only the portal can seal cookies, so the type of the value is known. */
export const openCookie = async <T>(c: Req, name: string): Promise<T | undefined> => {
  const text = cookie(c, name)
  return text === undefined ? undefined : ((await opened(c.var.portal.box, name, text)) as T | undefined)
}

/** The current step, if it belongs to this system and is one of the given ones. */
export const stepOf = async (c: Req, system: System, ...at: readonly Step['at'][]) => {
  const step = await openCookie<Step>(c, 'step')
  return step?.system === system && at.includes(step.at) ? step : undefined
}

/** Goes to another step, for at most ten minutes. */
export const goOn = (c: Req, step: Step) => sealCookie(c, 'step', step, 600)
