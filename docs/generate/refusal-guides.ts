/** The suggestions of docs/errors.md for each code: the status and English text from `ccass-2fa/messages`. */

import { english } from '../../src/adapters/messages/english.ts'
import { httpStatuses } from '../../src/adapters/messages/http-status.ts'
import { refusalText } from '../../src/adapters/messages/text.ts'
import type { MessageFormatters } from '../../src/adapters/messages/wording.ts'
import type { Refusal, RefusalCode } from '../../src/refusals.ts'

/** Status and text of a code. */
export interface RefusalGuide {
  /** 400–503. */
  readonly status: number
  readonly show: string
}

/** Shows the names of facts instead of their values. */
const names: MessageFormatters = {
  time: () => '(`retryAt`)',
  duration: () => '(`retryAfterSeconds`)',
  passwordRule: () => '(the list in `unmet`)',
  formReason: () => '(a text for each `reason`)',
}

const samples: { readonly [Code in RefusalCode]?: readonly Refusal[] } = {
  'password-refused': [
    { code: 'password-refused', rule: 'PW-05', unmet: [{ code: 'too-short', rule: 'PW-01' }] },
  ],
  'rate-limited': [{ code: 'rate-limited', rule: 'LOCK-14', retryAfterSeconds: 1 }],
  'too-many-codes': [{ code: 'too-many-codes', rule: 'OTP-07', retryAt: 0 }],
  'too-many-attempts': [{ code: 'too-many-attempts', rule: 'LOCK-10', retryAt: 0 }],
  'delivery-failed': [
    { code: 'delivery-failed', rule: 'OTP-07', retry: true },
    { code: 'delivery-failed', rule: 'OTP-07', retry: false },
  ],
  'listing-interrupted': [{ code: 'listing-interrupted', rule: 'MIG-16', line: 0 }],
  'request-not-open': (['unknown', 'closed', 'expired', 'stale', 'amended'] as const).map((reason) => ({
    code: 'request-not-open',
    rule: 'DMS-05',
    reason,
  })),
  'form-refused': [{ code: 'form-refused', rule: 'ESV-02', reason: 'wrong-status' }],
}

const shown = (code: RefusalCode): string => {
  const text = english.refusals[code]
  if (typeof text === 'string') return text
  const texts = (samples[code] ?? []).map((sample) => refusalText(sample, {}, names))
  if (texts.length === 0) throw new Error(`no sample of the refusal ${code}`)
  return texts.map((each) => each.replace('line 0', 'line (`line`)')).join(' / ')
}

/** The guide of every code. */
export const refusalGuides = Object.fromEntries(
  Object.entries(httpStatuses).map(([code, status]) => [code, { status, show: shown(code as RefusalCode) }]),
) as Readonly<Record<RefusalCode, RefusalGuide>>
