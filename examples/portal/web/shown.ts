import { hongKongTime } from 'ccass-2fa/messages'
import { html } from 'hono/html'
import type { Req } from './portal.ts'
import type { Word } from './words.ts'

/** An instant in Hong Kong time, in a machine-readable element. */
export const shownTime = (c: Req, at: number) =>
  html`<time datetime="${new Date(at).toISOString()}">${hongKongTime(at, c.var.locale)}</time>`

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
