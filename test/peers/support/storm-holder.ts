/**
 * What a holder does in a storm of several processes: each operation is noted before it starts and after its answer, and
 * may fail on the way. Ledger, wrong codes and verification are those of the example's load (`examples/service`), which users
 * copy and which sends HTTP requests. Storms in one process share `src/testing/service-contract/storm.ts`.
 */
import { Secret, TOTP } from 'otpauth'
import { wrongCodes } from '../../../examples/service/load/phone.ts'
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

/** Milliseconds of a time step. */
const period = 30_000

/** The code that an app shows. */
export const appCode = (secret: string, timestamp: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp })

/** A code that is wrong now and in the time steps near. */
export const wrongCode = (secret: string, now: number): string =>
  wrongCodes((step) => appCode(secret, step * period), {
    step: Math.floor(now / period),
    count: 1,
    digits: 6,
  })[0] ?? ''

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
