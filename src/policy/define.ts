import { err, ok, type Result } from 'neverthrow'
import * as z from 'zod'
import { participantKey } from '../fields/identifiers.ts'
import { defaultPolicy, frozen, type Policy } from './policy.ts'
import type { PolicyRefusal } from './refusals.ts'

/**
 * Parts of a policy; omitted fields have their defaults.
 *
 * @category Policy
 */
export type PolicyInput = DeepPartial<Policy>

/**
 * A type with every field optional, at every depth.
 *
 * @category Policy
 */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T

const whole = (minimum: number, maximum: number) => {
  const error = ({ input }: { readonly input: unknown }) =>
    `must be a whole number from ${minimum} to ${maximum}, got ${typeof input === 'number' ? input : typeof input}`
  return z.int({ error }).min(minimum).max(maximum)
}
const allowance = { max: whole(1, 100), perSeconds: whole(60, 604_800) }

/** The bounds of each field, as {@link Policy} documents them. */
const bounds = {
  userId: { seochAdministratorOrder: z.enum(['as-example', 'as-written']) },
  password: {
    minimumLength: whole(16, 64),
    maximumLength: whole(64, 1_024),
    specialCharacters: z
      .string()
      .regex(/^[!-/:-@[-`{-~]+$/, 'must be ASCII punctuation')
      .refine((all) => new Set(all).size === all.length, 'must not repeat a character'),
    maximumAgeDays: whole(1, 90),
    minimumAgeHours: whole(0, 168),
    history: whole(0, 24),
    blocklist: z.boolean(),
  },
  totp: {
    issuer: z.string().regex(/^[^:\p{C}]{1,64}$/u, 'must be 1 to 64 characters without a colon'),
    algorithm: z.enum(['SHA1', 'SHA256', 'SHA512']),
    digits: whole(6, 8),
    periodSeconds: whole(15, 120),
    windowSteps: whole(0, 2),
  },
  emailCode: { digits: whole(6, 8), validSeconds: whole(60, 900), rateLimit: allowance },
  lockout: {
    failedSignIns: whole(1, 5),
    otpFailuresPerFailedSignIn: whole(1, 3),
    blocksSmartcard: z.boolean(),
  },
  enrolment: {
    failedAttempts: allowance,
    codeDigits: whole(6, 8),
    attemptsPerCode: whole(1, 5),
    alarm: { max: whole(1, 1_000_000), perSeconds: whole(60, 604_800) },
    passwordLapsesAfterDays: whole(1, 90),
  },
  challenge: { validSeconds: whole(60, 3_600), maxOpen: whole(1, 64) },
  deviceChange: { verifiedBy: z.enum(['old-device', 'password']) },
  session: {
    validSeconds: whole(60, 86_400),
    idleSeconds: z.union([z.literal(0), whole(60, 86_400)]),
    maxOpen: whole(1, 64),
    endOnOwnChange: z.boolean(),
  },
  notices: { credentialChanges: z.boolean() },
  dms: {
    onePersonParticipants: z.array(participantKey),
    makersOnly: z.array(z.string().regex(/^[A-Z0-9]{8}$/, 'must be a User ID')),
    checkersOnly: z.array(z.string().regex(/^[A-Z0-9]{8}$/, 'must be a User ID')),
    hkccGroups: z.array(z.enum(['1', '2', '3', '4'])),
    seochGroups: z.array(z.enum(['1', '2', '3', '4'])),
    maxPendingRequests: whole(1, 1_000),
    requestValidSeconds: whole(60, 2_592_000),
    authorisationCode: { digits: whole(6, 10), validSeconds: whole(30, 900), failedAttempts: whole(1, 5) },
  },
  profile: {
    userGroups: z.array(z.string().regex(/^[A-Z0-9]{1,2}$/, 'must be a user group, e.g. AA')).max(1_296),
  },
  smartcard: { gatewayAdmitsNewAccounts: z.boolean() },
  migration: {
    administratorLookalikes: z.enum(['refuse', 'admit']),
    expiredCertificates: z.enum(['block', 'warn']),
  },
  personalData: {
    contextDays: whole(1, 36_500),
    identityDays: whole(1, 36_500),
    contactDays: whole(1, 36_500),
  },
  eservice: { maxAdministratorProfiles: whole(1, 4) },
} satisfies Bounds<Policy>

type Bounds<T> = {
  readonly [K in keyof T]: T[K] extends readonly unknown[] | string | number | boolean
    ? z.ZodType
    : Bounds<T[K]>
}

type Tree = { readonly [key: string]: z.ZodType | Tree }

// The casts: bounds and defaults are trees of the same form as the policy (`satisfies Bounds<Policy>`), and the schema
// that is built of them accepts policies alone. No type says so of an object that is built key by key.
/** A strict object schema from the bounds; each field has its default. */
const withDefaults = (tree: Tree, defaults: Readonly<Record<string, unknown>>): z.ZodType =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(tree).map(([key, bound]) => [
        key,
        bound instanceof z.ZodType
          ? bound.default(defaults[key])
          : withDefaults(bound as Tree, defaults[key] as Readonly<Record<string, unknown>>).prefault({}),
      ]),
    ),
  )

// The casts: as above.
const schema = /* @__PURE__ */ withDefaults(
  bounds,
  defaultPolicy as unknown as Readonly<Record<string, unknown>>,
) as z.ZodType<Policy>

/**
 * Creates a whole policy from the parts that differ from the defaults.
 *
 * @returns the policy, deeply frozen; or `policy-invalid` with every field that is unknown, of the wrong type
 * or out of bounds.
 * @rule AUD-04
 * @category Policy
 */
export const definePolicy = (parts: PolicyInput = {}): Result<Policy, PolicyRefusal> => {
  const parsed = schema.safeParse(parts)
  if (parsed.success) return ok(frozen(parsed.data))
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.'),
    problem: message,
  }))
  return err({ code: 'policy-invalid', rule: 'AUD-04', problems })
}
