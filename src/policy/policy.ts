/**
 * A maximum number of uses per period. A period begins with the first use after the previous one has ended.
 *
 * @rule OTP-07
 * @rule LOCK-10
 * @category Policy
 */
export interface RateLimitPolicy {
  /** The maximum number of uses, 1–100. */
  readonly max: number
  /** The length of a period in seconds, 60–604,800. */
  readonly perSeconds: number
}

/**
 * Every setting of the library. `definePolicy` creates a policy that differs from {@link defaultPolicy},
 * within the bounds given here. A number that the briefing states can be made stricter, never laxer.
 *
 * @rule AUD-04
 * @category Policy
 */
export interface Policy {
  readonly userId: {
    /**
     * The position of the group digit in SEOCH's DA IDs: after HKABC as in the example, or after the letter
     * as in the text (ID-06).
     */
    readonly seochAdministratorOrder: 'as-example' | 'as-written'
  }
  readonly password: {
    /** Minimum length in characters, 16–64 (PW-01). */
    readonly minimumLength: number
    /** Maximum length in characters, 64–1,024 (PW-06). */
    readonly maximumLength: number
    /** ASCII punctuation, no character twice (PW-03, PW-07). */
    readonly specialCharacters: string
    /** Days of 24 hours until a password expires, 1–90 (PW-09). */
    readonly maximumAgeDays: number
    /** Hours before a password can be changed again, 0–168; 0 is off (PW-08). */
    readonly minimumAgeHours: number
    /** Former passwords that cannot be reused, 0–24 (PW-08); the present one never can (PW-17). */
    readonly history: number
    /** Whether passwords are checked against the blocklist port (PW-08). */
    readonly blocklist: boolean
  }
  readonly totp: {
    /** The issuer that the app shows beside the account: 1–64 characters, no colon (OTP-04). */
    readonly issuer: string
    /** The hash function of the HMAC (OTP-04). */
    readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512'
    /** Digits, 6–8 (OTP-04). */
    readonly digits: number
    /** Seconds per step, 15–120 (OTP-04). */
    readonly periodSeconds: number
    /** Steps accepted before and after the present one, 0–2 (OTP-04). */
    readonly windowSteps: number
  }
  readonly emailCode: {
    /** Digits, 6–8 (OTP-06). */
    readonly digits: number
    /** Seconds for which a code is valid, 60–900 (OTP-06). */
    readonly validSeconds: number
    /** Codes sent, per purpose (OTP-07). */
    readonly rateLimit: RateLimitPolicy
  }
  readonly lockout: {
    /** Failed sign-ins that lock an account, 1–5 (LOCK-01). */
    readonly failedSignIns: number
    /** Wrong OTPs that count as one failed sign-in, 1–3 (LOCK-02). */
    readonly otpFailuresPerFailedSignIn: number
    /** Whether a lock also denies the smartcard (LOCK-12). */
    readonly blocksSmartcard: boolean
  }
  readonly enrolment: {
    /** Wrong codes of a set-up or reset, per purpose (LOCK-10). */
    readonly failedAttempts: RateLimitPolicy
    /** Digits of an emailed code that sets a password or a channel, 6–8 (LOCK-15). */
    readonly codeDigits: number
    /** Wrong entries that void an emailed set-up code, 1–5 (LOCK-15). */
    readonly attemptsPerCode: number
    /** Wrong set-up codes over all accounts, in one process, that are reported to the host (LOCK-15). */
    readonly alarm: RateLimitPolicy
    /** Days of 24 hours for which a password without an OTP channel is valid, 1–90 (ACC-18). */
    readonly passwordLapsesAfterDays: number
  }
  readonly challenge: {
    /** Seconds for which a challenge is valid, 60–3,600 (OTP-11). */
    readonly validSeconds: number
    /** Open challenges per account and kind, 1–64 (OTP-11). */
    readonly maxOpen: number
  }
  readonly deviceChange: {
    /** What proves a change of device at the next sign-in, in addition to the password (OTP-10). */
    readonly verifiedBy: 'old-device' | 'password'
  }
  readonly session: {
    /** Seconds for which a session is valid, 60–86,400 (ACC-15). */
    readonly validSeconds: number
    /** Seconds without use after which a session ends, 60–86,400; 0 is off (ACC-19). */
    readonly idleSeconds: number
    /** Open sessions per account, 1–64; beyond that, the oldest ends (ACC-19). */
    readonly maxOpen: number
    /** Whether the holder's change of password or device ends their other sessions (ACC-20). */
    readonly endOnOwnChange: boolean
  }
  readonly notices: {
    /** Whether holders are notified by mail of changes to their credentials (ACC-17). */
    readonly credentialChanges: boolean
  }
  readonly dms: {
    /** Participants, by key, where one person can be both maker and checker (DMS-02). */
    readonly onePersonParticipants: readonly string[]
    /** User IDs of the DAs who can be makers but not checkers (DMS-11). */
    readonly makersOnly: readonly string[]
    /** User IDs of the DAs who can be checkers but not makers (DMS-11). */
    readonly checkersOnly: readonly string[]
    /** Group digits of User IDs that belong to HKCC; a digit in both lists is ignored (MNT-12). */
    readonly hkccGroups: readonly string[]
    /** Group digits of User IDs that belong to SEOCH (MNT-12). */
    readonly seochGroups: readonly string[]
    /** Pending requests per maker at a time, 1–1,000 (DMS-10). */
    readonly maxPendingRequests: number
    /** Seconds that a request waits for its checker, 60–2,592,000 (DMS-05). */
    readonly requestValidSeconds: number
    readonly authorisationCode: {
      /** Digits, 6–10 (DMS-04). */
      readonly digits: number
      /** Seconds for which a code is valid, 30–900 (DMS-04). */
      readonly validSeconds: number
      /** Wrong confirmations of a request that revoke the codes issued for it, 1–5 (DMS-09). */
      readonly failedAttempts: number
    }
  }
  readonly profile: {
    /** The codes of the existing user groups; if empty, every well-formed code is accepted (FLD-06). */
    readonly userGroups: readonly string[]
  }
  readonly smartcard: {
    /** Whether the Participant Gateway admits smartcards of accounts created from launch on (MIG-18). */
    readonly gatewayAdmitsNewAccounts: boolean
  }
  readonly migration: {
    /**
     * How to treat a listed user's ID that looks like a Delegated Administrator's without the remark, which
     * is either an old user's or has lost its remark: refuse the line until someone decides, or admit it as a
     * user's with a warning (MIG-22).
     */
    readonly administratorLookalikes: 'refuse' | 'admit'
    /**
     * Whether an expired certificate blocks an account until someone has checked it, or only warns (MIG-22).
     */
    readonly expiredCertificates: 'block' | 'warn'
  }
  readonly personalData: {
    /** Days after which request contexts can be erased, 1–36,500 (PRI-03). */
    readonly contextDays: number
    /** Days after which names, Client Connect user names and remarks can be erased, 1–36,500 (PRI-03). */
    readonly identityDays: number
    /** Days after which email addresses and telephone numbers can be erased, 1–36,500 (PRI-03). */
    readonly contactDays: number
  }
  readonly eservice: {
    /** DA profiles on one eService form, 1–4 (ESV-05). */
    readonly maxAdministratorProfiles: number
  }
}

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze)
    Object.freeze(value)
  }
  return value
}

/** Freezes a policy deeply, so that no code can change a rule for others. */
export const frozen = (policy: Policy): Policy => freeze(policy)

/**
 * The default policy, as the rulebook states it, deeply frozen.
 *
 * @rule AUD-04
 * @category Policy
 */
export const defaultPolicy: Policy = /* @__PURE__ */ frozen({
  userId: { seochAdministratorOrder: 'as-example' },
  password: {
    minimumLength: 16,
    maximumLength: 128,
    specialCharacters: '!@#%&*()',
    maximumAgeDays: 90,
    minimumAgeHours: 0,
    history: 0,
    blocklist: false,
  },
  totp: { issuer: 'CCASS/CCMS', algorithm: 'SHA1', digits: 6, periodSeconds: 30, windowSteps: 1 },
  emailCode: { digits: 6, validSeconds: 300, rateLimit: { max: 5, perSeconds: 900 } },
  lockout: { failedSignIns: 5, otpFailuresPerFailedSignIn: 3, blocksSmartcard: true },
  enrolment: {
    failedAttempts: { max: 10, perSeconds: 86_400 },
    codeDigits: 8,
    attemptsPerCode: 3,
    alarm: { max: 100, perSeconds: 3_600 },
    passwordLapsesAfterDays: 7,
  },
  challenge: { validSeconds: 600, maxOpen: 16 },
  deviceChange: { verifiedBy: 'old-device' },
  session: { validSeconds: 28_800, idleSeconds: 0, maxOpen: 16, endOnOwnChange: true },
  notices: { credentialChanges: true },
  dms: {
    onePersonParticipants: [],
    makersOnly: [],
    checkersOnly: [],
    hkccGroups: ['1'],
    seochGroups: ['2'],
    maxPendingRequests: 100,
    requestValidSeconds: 86_400,
    authorisationCode: { digits: 8, validSeconds: 300, failedAttempts: 3 },
  },
  profile: { userGroups: [] },
  smartcard: { gatewayAdmitsNewAccounts: false },
  migration: { administratorLookalikes: 'refuse', expiredCertificates: 'block' },
  personalData: { contextDays: 365, identityDays: 2_555, contactDays: 2_555 },
  eservice: { maxAdministratorProfiles: 4 },
})
