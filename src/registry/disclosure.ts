import type { AccountDenialReason } from '../account/refusal-reason.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { ParticipantRefusalReason } from '../participant/decide.ts'
import { always, type Disclosure } from '../records/disclosure.ts'
import { type RecordsRefusal, unknownAccount } from '../records/refusals.ts'

type Refused<Code extends RecordsRefusal['code']> = WithCode<RecordsRefusal, Code>

/** The registry may disclose whether an account exists. */
export const registryDisclosure: Disclosure<Refused<'unknown-account'>> = {
  otherwise: unknownAccount,
  disclosed: {},
}

/** Discloses refusals of changing a profile. */
export const changeDisclosure: Disclosure<Refused<'unknown-account' | 'dates-reversed'>> = {
  otherwise: unknownAccount,
  disclosed: { 'dates-reversed': always({ code: 'dates-reversed', rule: 'FLD-04' }) },
}

/** Discloses refusals of registering an account. */
export const registrationRefusal = (
  reason: AccountDenialReason | ParticipantRefusalReason,
): Refused<'user-id-taken' | 'quota-exceeded' | 'dates-reversed'> => {
  switch (reason) {
    case 'quota-exceeded':
      return { code: 'quota-exceeded', rule: 'QTA-03' }
    case 'dates-reversed':
      return { code: 'dates-reversed', rule: 'FLD-04' }
    default:
      return { code: 'user-id-taken', rule: 'ID-12' }
  }
}
