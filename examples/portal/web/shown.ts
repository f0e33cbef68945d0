import { type AccountStatus, isAccountStatus } from 'ccass-2fa/account'
import type { MaintenanceLine, ProfileView } from 'ccass-2fa/dms'
import type { EserviceStatus } from 'ccass-2fa/eservices'
import { hongKongTime } from 'ccass-2fa/messages'
import { html } from 'hono/html'
import type { Req } from './portal.ts'
import type { Word } from './words.ts'

/** An instant in Hong Kong time, in a machine-readable element. */
export const shownTime = (c: Req, at: number) =>
  html`<time datetime="${new Date(at).toISOString()}">${hongKongTime(at, c.var.locale)}</time>`

/** The name of each status of an eService form. */
export const formStatusWords = {
  Draft: 'formDraft',
  'Ready to Send to HKEX': 'formReadyToSend',
  'Sent to HKEX': 'formSent',
  Completed: 'formCompleted',
  Discarded: 'formDiscarded',
} as const satisfies Record<EserviceStatus, Word>

/** The name of each outcome of a request in DMS. */
export const outcomeWords = {
  Confirmed: 'requestConfirmed',
  Rejected: 'requestRejected',
  Withdrawn: 'requestWithdrawn',
  Expired: 'requestExpired',
  Stale: 'requestStale',
} as const satisfies Record<MaintenanceLine['outcome'], Word>

/** The name of each status of a user. */
export const userStatusWords = {
  ENABLED: 'userEnabled',
  DISABLED: 'userDisabled',
} as const satisfies Record<AccountStatus, Word>

/** The fields of a profile that a page of DMS shows and edits. */
export const textFields = [
  'surname',
  'otherNames',
  'email',
  'enableFrom',
  'disableAfter',
  'clearingHouseOptions',
  'accessChannel',
] as const satisfies readonly Word[]

/** A value of a profile as text. */
export const shownValue = (c: Req, value: unknown): string => {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'boolean') return c.var.say(value ? 'yes' : 'no')
  if (Array.isArray(value)) return value.join(', ') || '–'
  return typeof value === 'object'
    ? Object.entries(value)
        .map(([name, each]) => `${name}: ${each}`)
        .join(', ')
    : String(value)
}

/** The value of a profile's field as text. */
export const shownField = (c: Req, name: string, value: unknown): string =>
  name === 'status' && isAccountStatus(value) ? c.var.say(userStatusWords[value]) : shownValue(c, value)

/** The remark of a profile as text: the remark of a Delegated Administrator, or nothing. */
export const shownRemark = (c: Req, { remark }: ProfileView): string =>
  remark === undefined ? '' : c.var.say('delegatedAdministrator')
