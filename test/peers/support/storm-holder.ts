/** The operations of an account holder in a storm, each logged before and after. */
import { Secret, TOTP } from 'otpauth'
import type { Authentication, OtpChannel, Refusal, Result, ResultAsync } from '../../../src/index.ts'
import type { StormService } from './storm-service.ts'

/** An operation as its process logs it: first the call, then the result. */
export type Noted =
  | { readonly n: number; readonly operation: string; readonly userId: string }
  | { readonly n: number; readonly answer: string; readonly signedInAt?: number }

/** An account holder; for app users, with the secret in their phone. */
export interface StormHolder {
  readonly userId: string
  readonly secret?: string
}

export const password = 'Correct-Horse#Battery9'
const system = 'CCASS/CCMS'

/** The code that an app shows. */
export const appCode = (secret: string, timestamp: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp })

/** A code that is neither correct nor near. */
export const wrongCode = (secret: string, now: number): string => {
  const near = [-2, -1, 0, 1, 2].map((step) => appCode(secret, now + step * 30_000))
  return (
    ['000000', '000001', '000002', '000003', '000004', '000005'].find((each) => !near.includes(each)) ?? ''
  )
}

/** A service whose operations are logged, by the names that the example's ledgers use. */
export const noting = ({ auth, codeFor, clock }: StormService, note: (noted: Noted) => void) => {
  let last = 0
  const ask = async <T>(
    operation: string,
    userId: string,
    work: (service: Authentication) => ResultAsync<T, Refusal>,
  ): Promise<Result<T, Refusal>> => {
    const n = ++last
    note({ n, operation, userId })
    const answer = await work(auth)
    const { session } = (answer.isOk() ? (answer.value ?? {}) : {}) as {
      session?: { signedInAt: number }
    }
    note({
      ...{ n, answer: answer.isOk() ? 'ok' : answer.error.code },
      ...(session === undefined ? {} : { signedInAt: session.signedInAt }),
    })
    return answer
  }

  const register = (userId: string) =>
    ask('internal/accounts', userId, ({ registry }) =>
      registry.register({
        ...{ userId, role: 'User', origin: 'created', by: 'storm' },
        email: `${userId.toLowerCase()}@participant.example`,
      }),
    )
  const begin = (userId: string, given = password) =>
    ask('sign-in', userId, ({ signIn }) => signIn.begin({ userId, password: given, system }))
  const confirm = (userId: string, challenge: string, code: string) =>
    ask('sign-in/otp', userId, ({ signIn }) => signIn.confirmOtp({ challenge, code }))

  /** Takes an account from any state to password and channel; failures on the way are ignored. */
  const setUp = async (userId: string, channel: OtpChannel): Promise<StormHolder | undefined> => {
    const asked = await ask('password', userId, ({ passwordSetUp }) => passwordSetUp.begin({ userId }))
    if (asked.isErr()) return undefined
    const { challenge } = asked.value
    const code = codeFor(userId)
    await ask('password/code', userId, ({ passwordSetUp }) => passwordSetUp.confirmCode({ challenge, code }))
    await ask('password/complete', userId, ({ passwordSetUp }) =>
      passwordSetUp.complete({ challenge, password, confirmation: password }),
    )
    const begun = await begin(userId)
    if (begun.isErr() || begun.value.next !== 'enrolOtp') return undefined
    const { challenge: first } = begun.value
    const chosen = await ask('enrolment', userId, ({ enrolment }) =>
      enrolment.chooseChannel({ challenge: first, channel }),
    )
    if (chosen.isErr()) return undefined
    const secret = 'secret' in chosen.value ? chosen.value.secret : undefined
    const given = secret === undefined ? codeFor(userId) : appCode(secret, clock.now() - 30_000)
    const set = await ask('enrolment/confirm', userId, ({ enrolment }) =>
      enrolment.confirm({ challenge: chosen.value.challenge, code: given }),
    )
    return set.isOk() ? { userId, ...(secret === undefined ? {} : { secret }) } : undefined
  }
  return { ask, register, begin, confirm, setUp }
}

export type Noting = ReturnType<typeof noting>
