import fc from 'fast-check'
import { definePolicy, type PolicyInput } from '../../policy/define.ts'
import type { Policy } from '../../policy/policy.ts'

type RateLimitInput = NonNullable<NonNullable<PolicyInput['enrolment']>['failedAttempts']>

const punctuation = [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~']

/** Any subset of these fields, including the empty one. An absent field has its default. */
const some = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { requiredKeys: [] })
const whole = (min: number, max: number) => fc.integer({ min, max })

const rateLimit = (): fc.Arbitrary<RateLimitInput> =>
  some({ max: whole(1, 100), perSeconds: whole(60, 604_800) })

const administratorId = fc.stringMatching(/^[A-Z0-9]{8}$/)

const dms = () =>
  some({
    makersOnly: fc.array(administratorId, { maxLength: 3 }),
    checkersOnly: fc.array(administratorId, { maxLength: 3 }),
    hkccGroups: fc.subarray(['1', '2', '3', '4'] as const),
    seochGroups: fc.subarray(['1', '2', '3', '4'] as const),
    maxPendingRequests: whole(1, 1_000),
    onePersonParticipants: fc.array(fc.stringMatching(/^(?:[A-Z][0-9]{5}|BNK[0-9]{3}|HK[A-Z0-9]{3})$/), {
      maxLength: 3,
    }),
    requestValidSeconds: whole(60, 2_592_000),
    authorisationCode: some({
      digits: whole(6, 10),
      validSeconds: whole(30, 900),
      failedAttempts: whole(1, 5),
    }),
  })

const specialCharacters = () =>
  fc.shuffledSubarray(punctuation, { minLength: 1 }).map((characters) => characters.join(''))

const password = () =>
  some({
    minimumLength: whole(16, 64),
    maximumLength: whole(64, 1_024),
    specialCharacters: specialCharacters(),
    maximumAgeDays: whole(1, 90),
    minimumAgeHours: whole(0, 168),
    history: whole(0, 24),
    blocklist: fc.boolean(),
  })

const totp = () =>
  some({
    issuer: fc.stringMatching(/^[A-Za-z0-9 /.&-]{1,64}$/),
    algorithm: fc.constantFrom('SHA1' as const, 'SHA256' as const, 'SHA512' as const),
    digits: whole(6, 8),
    periodSeconds: whole(15, 120),
    windowSteps: whole(0, 2),
  })

/**
 * Valid policies: every field has its default or any value within its bounds. They are made by
 * `definePolicy`. Units and bounds are those of {@link Policy}.
 *
 * @rule AUD-04
 * @category Testing kit
 */
export const policy = (): fc.Arbitrary<Policy> =>
  some({
    userId: some({ seochAdministratorOrder: fc.constantFrom('as-example' as const, 'as-written' as const) }),
    password: password(),
    totp: totp(),
    emailCode: some({ digits: whole(6, 8), validSeconds: whole(60, 900), rateLimit: rateLimit() }),
    lockout: some({
      failedSignIns: whole(1, 5),
      otpFailuresPerFailedSignIn: whole(1, 3),
      blocksSmartcard: fc.boolean(),
    }),
    enrolment: some({
      failedAttempts: rateLimit(),
      codeDigits: whole(6, 8),
      attemptsPerCode: whole(1, 5),
      alarm: some({ max: whole(1, 1_000_000), perSeconds: whole(60, 604_800) }),
      passwordLapsesAfterDays: whole(1, 90),
    }),
    challenge: some({ validSeconds: whole(60, 3_600), maxOpen: whole(1, 64) }),
    deviceChange: some({ verifiedBy: fc.constantFrom('old-device' as const, 'password' as const) }),
    notices: some({ credentialChanges: fc.boolean() }),
    dms: dms(),
    migration: some({
      administratorLookalikes: fc.constantFrom('refuse' as const, 'admit' as const),
      expiredCertificates: fc.constantFrom('block' as const, 'warn' as const),
    }),
    profile: some({ userGroups: fc.array(fc.stringMatching(/^[A-Z0-9]{1,2}$/), { maxLength: 3 }) }),
    smartcard: some({ gatewayAdmitsNewAccounts: fc.boolean() }),
    personalData: some({
      contextDays: whole(1, 36_500),
      identityDays: whole(1, 36_500),
      contactDays: whole(1, 36_500),
    }),
    eservice: some({ maxAdministratorProfiles: whole(1, 4) }),
    session: some({
      validSeconds: whole(60, 86_400),
      idleSeconds: fc.oneof(fc.constant(0), whole(60, 86_400)),
      maxOpen: whole(1, 64),
      endOnOwnChange: fc.boolean(),
    }),
  }).map((parts) =>
    definePolicy(parts).match(
      (defined) => defined,
      ({ problems }) => {
        throw new Error(`not a policy: ${JSON.stringify(problems)}`)
      },
    ),
  )
