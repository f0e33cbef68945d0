import { createPortal } from './app.ts'
import { openHost, type RuntimePorts } from './host.ts'
import { seed, seededPassword } from './seed.ts'
import type { Portal } from './web/portal.ts'

/** What each runtime provides: its ports, and the values that the pages need. */
export type Opening = RuntimePorts & Omit<Portal, 'auth' | 'box' | 'mailer'>

/** Opens the portal, with its seeded accounts, on any runtime. */
export const openPortal = async ({ storage, passwordHasher, rateLimiter, ...settings }: Opening) => {
  const host = openHost({ storage, passwordHasher, rateLimiter })
  await seed(host)
  return createPortal({ ...host, ...settings })
}

/** The text that is printed at the start: the address, and the accounts to try. */
export const greeting = (url: string): string => `The portal is at ${url}

  CCASS/CCMS  B0123401  not set up yet: begin with Forgot/Reset
              B0123402  codes by email, password ${seededPassword}
              B0123404  the same, with a password that has expired
  DMS         B01234X1, B01234X2, B01234X3  codes by email, the same password

Every email, codes included, is at ${url}/mailbox. For development alone.`
