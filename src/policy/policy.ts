import { err, ok, type Result } from 'neverthrow'
import { z } from 'zod'
import type { RefusalOf } from '../kernel/refusal.ts'

/** At most so many in any period: the period starts with the first use after the last one ended. */
const allowance = (most: number, perSeconds: number) =>
  z.strictObject({
    most: z.int().min(1).max(100).default(most),
    perSeconds: z.int().min(60).max(604_800).default(perSeconds),
  })

const userId = z.strictObject({
  seochAdministratorOrder: z.enum(['as-example', 'as-written']).default('as-example'),
})

const password = z.strictObject({
  minimumLength: z.int().min(16).max(64).default(16),
  maximumLength: z.int().min(64).max(1_024).default(128),
  specialCharacters: z
    .string()
    .regex(/^[!-/:-@[-`{-~]+$/, 'must be ASCII punctuation')
    .refine((all) => new Set(all).size === all.length, 'must not repeat a character')
    .default('!@#%&*()'),
  maximumAgeDays: z.int().min(1).max(90).default(90),
  minimumAgeHours: z.int().min(0).max(168).default(0),
  history: z.int().min(0).max(24).default(0),
  blocklist: z.boolean().default(false),
})

const totp = z.strictObject({
  issuer: z
    .string()
    .regex(/^[^:\p{C}]{1,64}$/u, 'must be 1 to 64 characters without a colon')
    .default('CCASS/CCMS'),
  algorithm: z.enum(['SHA1', 'SHA256', 'SHA512']).default('SHA1'),
  digits: z.int().min(6).max(8).default(6),
  periodSeconds: z.int().min(15).max(120).default(30),
  windowSteps: z.int().min(0).max(2).default(1),
})

const emailCode = z.strictObject({
  digits: z.int().min(6).max(8).default(6),
  validSeconds: z.int().min(60).max(900).default(300),
  issues: allowance(5, 900).prefault({}),
})

const lockout = z.strictObject({
  failedLogins: z.int().min(1).max(5).default(5),
  missesPerFailedLogin: z.int().min(1).max(3).default(3),
  closesSmartcard: z.boolean().default(true),
})

const setUp = z.strictObject({ misses: allowance(10, 86_400).prefault({}) })

const challenge = z.strictObject({
  validSeconds: z.int().min(60).max(3_600).default(600),
  mostOpen: z.int().min(1).max(64).default(16),
})

const deviceChange = z.strictObject({
  provedBy: z.enum(['old-device', 'password']).default('old-device'),
})

const dms = z.strictObject({
  onePersonParticipants: z.array(z.string().regex(/^[A-Z0-9]{5,6}$/, 'must be a participant')).default([]),
  requestValidSeconds: z.int().min(60).max(2_592_000).default(86_400),
  authorisationCode: z
    .strictObject({
      digits: z.int().min(6).max(10).default(8),
      validSeconds: z.int().min(30).max(900).default(300),
      misses: z.int().min(1).max(5).default(3),
    })
    .prefault({}),
})

const eservice = z.strictObject({ mostAdministratorProfiles: z.int().min(1).max(4).default(4) })

const principal = z.strictObject({ validSeconds: z.int().min(60).max(86_400).default(28_800) })

const schema = z.strictObject({
  userId: userId.prefault({}),
  password: password.prefault({}),
  totp: totp.prefault({}),
  emailCode: emailCode.prefault({}),
  lockout: lockout.prefault({}),
  setUp: setUp.prefault({}),
  challenge: challenge.prefault({}),
  deviceChange: deviceChange.prefault({}),
  principal: principal.prefault({}),
  dms: dms.prefault({}),
  eservice: eservice.prefault({}),
})

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly Item[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T

/** Parts of a policy; what is left out is the default. Shapes and bounds: see {@link Policy}. */
export type PolicyInput = DeepReadonly<z.input<typeof schema>>

/**
 * Every number of the library that can be set, each once, deeply frozen. {@link definePolicy} makes one.
 *
 * | field | unit and bounds | default | rule |
 * |---|---|---|---|
 * | `userId.seochAdministratorOrder` | `as-example`, `as-written` | `as-example` | ID-06 |
 * | `password.minimumLength` | characters, 16–64 | 16 | PW-01 |
 * | `password.maximumLength` | characters, 64–1,024 | 128 | PW-06 |
 * | `password.specialCharacters` | ASCII punctuation, none twice | `!@#%&*()` | PW-07 |
 * | `password.maximumAgeDays` | times 24 h, 1–90 | 90 | PW-09 |
 * | `password.minimumAgeHours` | hours, 0–168; 0 is off | 0 | PW-08 |
 * | `password.history` | passwords before the present one that may not come back, 0–24; with any, the present one may not either | 0 | PW-08 |
 * | `password.blocklist` | whether the port is asked | `false` | PW-08 |
 * | `totp.issuer` | text, 1–64 characters, no colon | `CCASS/CCMS` | OTP-04 |
 * | `totp.algorithm` | `SHA1`, `SHA256`, `SHA512` | `SHA1` | OTP-04 |
 * | `totp.digits` | digits, 6–8 | 6 | OTP-04 |
 * | `totp.periodSeconds` | seconds, 15–120 | 30 | OTP-04 |
 * | `totp.windowSteps` | steps either side, 0–2 | 1 | OTP-04 |
 * | `emailCode.digits` | digits, 6–8 | 6 | OTP-06 |
 * | `emailCode.validSeconds` | seconds, 60–900 | 300 | OTP-06 |
 * | `emailCode.issues` | codes per purpose and period: 1–100 in 60–604,800 s | 5 in 900 s | OTP-07 |
 * | `lockout.failedLogins` | failed logins that lock, 1–5 | 5 | LOCK-01 |
 * | `lockout.missesPerFailedLogin` | wrong OTPs that make a failed login, 1–3 | 3 | LOCK-02 |
 * | `lockout.closesSmartcard` | whether a lock closes the smartcard too | `true` | LOCK-12 |
 * | `setUp.misses` | wrong set-up codes per purpose and period: 1–100 in 60–604,800 s | 10 in 86,400 s | LOCK-10 |
 * | `challenge.validSeconds` | seconds, 60–3,600 | 600 | OTP-11 |
 * | `challenge.mostOpen` | open challenges of an account, of each kind, 1–64 | 16 | OTP-11 |
 * | `deviceChange.provedBy` | `old-device`, `password` | `old-device` | OTP-10 |
 * | `principal.validSeconds` | seconds, 60–86,400 | 28,800 | ACC-15 |
 * | `dms.onePersonParticipants` | participants, by key, where one person may be maker and checker | none | DMS-02 |
 * | `dms.requestValidSeconds` | seconds, 60–2,592,000 | 86,400 | DMS-05 |
 * | `dms.authorisationCode.digits` | digits, 6–10 | 8 | DMS-04 |
 * | `dms.authorisationCode.validSeconds` | seconds, 30–900 | 300 | DMS-04 |
 * | `dms.authorisationCode.misses` | wrong entries that void it, 1–5 | 3 | DMS-04 |
 * | `eservice.mostAdministratorProfiles` | DA profiles in one eService, 1–4 | 4 | ESV-05 |
 *
 * Where the briefing states a number, the bounds let a policy be stricter than it, never laxer.
 *
 * @rule AUD-04
 */
export type Policy = DeepReadonly<z.output<typeof schema>>

/** So many uses in any period; see {@link Policy}. */
export type AllowancePolicy = Policy['setUp']['misses']

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze)
    Object.freeze(value)
  }
  return value
}

/**
 * A whole policy from the parts that differ from the defaults.
 *
 * @returns the policy, frozen; or `policy-invalid` with every field that is unknown, of the wrong type or
 * out of bounds.
 * @rule AUD-04
 */
export const definePolicy = (parts: PolicyInput = {}): Result<Policy, RefusalOf<'policy-invalid'>> => {
  const parsed = schema.safeParse(parts)
  if (parsed.success) return ok(freeze(parsed.data))
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.'),
    problem: message,
  }))
  return err({ code: 'policy-invalid', rule: 'AUD-04', problems })
}

/** The rulebook's own policy: every field at its default. */
export const defaultPolicy: Policy = /* @__PURE__ */ freeze(/* @__PURE__ */ schema.parse({}))
