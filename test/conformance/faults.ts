import type { RuleId } from '../../src/kernel/rule-id.ts'

/**
 * The faults of the second system, where each shows, and the rules that an engineer who knew the fault would
 * name. The kit must name one of them in its first finding, the one with the shortest history.
 */
export const faults = {
  'a correct password clears the counter': { rules: ['LOCK-03'], theme: 'lockout' },
  'wrong codes are counted in each sign-in alone': { rules: ['LOCK-04'], theme: 'lockout' },
  'locks at the sixth wrong password': { rules: ['LOCK-01'], theme: 'lockout' },
  'locks at the fourth wrong password': { rules: ['LOCK-01'], theme: 'lockout' },
  'a wrong code is a failed sign-in by itself': { rules: ['LOCK-02'], theme: 'lockout' },
  'the third wrong code does not end the sign-in': { rules: ['LOCK-05'], theme: 'lockout' },
  'a lock ends after 30 minutes': { rules: ['LOCK-07'], theme: 'lockout' },
  'counters are cleared after a day': { rules: ['LOCK-08'], theme: 'lockout' },
  'a malformed code is counted': { rules: ['LOCK-06'], theme: 'lockout' },
  'cancelling clears the counter': { rules: ['LOCK-03'], theme: 'lockout' },
  'another code by email clears the counter': { rules: ['OTP-07'], theme: 'lockout' },
  'wrong set-up codes count as failed sign-ins': { rules: ['LOCK-10'], theme: 'lockout' },
  'parallel failures overwrite each other': { rules: ['LOCK-09'], theme: 'parallel guesses' },
  'the answer reveals that a user is unknown': { rules: ['LOCK-11'], theme: 'access and administration' },
  'the answer reveals that an account is locked': { rules: ['LOCK-11'], theme: 'lockout' },
  'the holder is not notified of a lock': { rules: ['LOCK-11'], theme: 'lockout' },
  'a used code is accepted again': { rules: ['OTP-05'], theme: 'codes of the app' },
  'the code of the enrolment is accepted again': { rules: ['OTP-05'], theme: 'codes of the app' },
  'a code is accepted twice in parallel': { rules: ['OTP-05', 'OTP-06'], theme: 'parallel guesses' },
  'a change of device forgets the last code': { rules: ['OTP-05'], theme: 'codes of the app' },
  'codes two steps away are accepted': { rules: ['OTP-04'], theme: 'codes of the app' },
  'only the code of the current step is accepted': { rules: ['OTP-04'], theme: 'codes of the app' },
  'emailed codes are valid for ten minutes': { rules: ['OTP-06'], theme: 'codes by email' },
  'an older emailed code is still accepted': { rules: ['OTP-06'], theme: 'codes by email' },
  'a challenge never expires': { rules: ['OTP-11'], theme: 'codes of the app' },
  'the old device is accepted after a change': { rules: ['OTP-09'], theme: 'codes of the app' },
  'a change of device requires only the password': { rules: ['OTP-10'], theme: 'codes of the app' },
  'email users can change a device': { rules: ['OTP-09'], theme: 'codes by email' },
  'passwords expire by calendar days': { rules: ['PW-10'], theme: 'passwords' },
  "passwords expire by the host's days": { rules: ['PW-10'], theme: 'passwords' },
  'passwords expire a day late': { rules: ['PW-11'], theme: 'passwords' },
  'an expired password signs in': { rules: ['PW-11'], theme: 'passwords' },
  'the same password is accepted again': { rules: ['PW-17'], theme: 'passwords' },
  'a wrong current password is not counted': { rules: ['PW-14'], theme: 'lockout' },
  'changing an expired password clears the counter': { rules: ['PW-12'], theme: 'lockout' },
  'a reset signs in': { rules: ['ACC-10'], theme: 'passwords' },
  'a reset clears the counter': { rules: ['LOCK-03'], theme: 'lockout' },
  'a locked account can reset its password': { rules: ['ACC-10'], theme: 'lockout' },
  'email users can reset their password': { rules: ['ACC-09'], theme: 'codes by email' },
  'a reset reveals whether an account exists': { rules: ['ACC-16'], theme: 'access and administration' },
  'the old device is accepted after an unlock': { rules: ['ACC-08'], theme: 'access and administration' },
  'the old password is accepted after an unlock': { rules: ['ACC-08'], theme: 'set-up' },
  'sessions outlive an unlock': { rules: ['ACC-15'], theme: 'access and administration' },
  'sessions outlive disabling': { rules: ['ACC-15'], theme: 'access and administration' },
  'other sessions outlive a new password': { rules: ['ACC-20'], theme: 'passwords' },
  'sessions never end': { rules: ['ACC-15'], theme: 'access and administration' },
  'disabled accounts sign in': { rules: ['ACC-05'], theme: 'access and administration' },
  'users sign in to DMS': { rules: ['ACC-13'], theme: 'access and administration' },
  'the maker is a checker': { rules: ['DMS-02'], theme: 'maker and checker' },
  'the maker is a checker with another spelling': { rules: ['DMS-02'], theme: 'maker and checker' },
  'a code is accepted for another request': { rules: ['DMS-04'], theme: 'maker and checker' },
  'a request is confirmed twice': { rules: ['DMS-05'], theme: 'maker and checker' },
  'Authorisation Codes are good for ever': { rules: ['DMS-04'], theme: 'maker and checker' },
  'wrong confirmations are not counted': { rules: ['DMS-09'], theme: 'maker and checker' },
  'an amended request is confirmed by the former approval': { rules: ['DMS-05'], theme: 'maker and checker' },
  'a stale profile is confirmed': { rules: ['DMS-05'], theme: 'maker and checker' },
  'requests never expire': { rules: ['DMS-05'], theme: 'maker and checker' },
  'a disabled checker confirms': { rules: ['DMS-02'], theme: 'maker and checker' },
  'the quota is read, then written': { rules: ['QTA-03'], theme: 'parallel creations' },
  'the quota is not checked': { rules: ['QTA-03'], theme: 'quota and User IDs' },
  'deleted accounts use quota': { rules: ['QTA-02'], theme: 'quota and User IDs' },
  'a User ID is allocated twice in parallel': { rules: ['ID-12'], theme: 'parallel creations' },
  "a deleted account's User ID is given again": { rules: ['ID-12'], theme: 'quota and User IDs' },
} as const satisfies Readonly<Record<string, { readonly rules: readonly RuleId[]; readonly theme: string }>>

/**
 * Held-out faults: chosen, with the rules that an engineer would name, by someone who had not read the kit or
 * the faults above. `before` is the rule that the kit named in its first finding when it first met the fault,
 * and `undefined` if it did not find it. The kit was then mended where it had missed or misnamed one, so only
 * `before` is an unbiased measure.
 */
export const heldOut = {
  'an emailed code is accepted at the moment that it expires': {
    rules: ['OTP-06'],
    theme: 'set-up',
    before: 'LOCK-10',
  },
  'a code older than the last one is accepted': {
    rules: ['OTP-05'],
    theme: 'codes of the app',
    before: 'OTP-05',
  },
  'the holder is not notified of a lock by wrong codes': {
    rules: ['LOCK-11'],
    theme: 'lockout',
    before: 'LOCK-11',
  },
  'open sign-ins survive an unlock': { rules: ['ACC-08'], theme: 'lockout', before: 'ACC-08' },
  'a new password keeps the age of the first': {
    rules: ['PW-09', 'PW-10'],
    theme: 'passwords',
    before: 'ACC-20',
  },
  'a reset code is accepted twice in parallel': {
    rules: ['OTP-06', 'LOCK-09'],
    theme: 'parallel set-ups',
    before: undefined,
  },
} as const satisfies Readonly<
  Record<
    string,
    { readonly rules: readonly RuleId[]; readonly theme: string; readonly before: RuleId | undefined }
  >
>

/** All faults. */
export const allFaults = { ...faults, ...heldOut }

/** The name of a fault. */
export type Fault = keyof typeof allFaults
