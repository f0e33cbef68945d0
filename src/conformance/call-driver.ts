import type { Holdings } from './holdings.ts'
import { isRefused, type Observed, type Performed } from './linearise.ts'
import { participant } from './model/maker-and-checker.ts'
import type { Operation } from './model/model-state.ts'

/** The answer to an operation, and a function that records what the operation opened. */
export interface Call {
  readonly performed: Performed
  readonly bind: () => void
}

const nothing = () => undefined

/** The system's token for something that the model knows under this name. */
const tokenOf = (list: readonly { readonly id: string; readonly token: string }[], id: string) =>
  list.findLast((each) => each.id === id)?.token ?? ''

/** Calls the driver. An error that it throws counts as the answer of a faulty system. */
export const callDriver = async (bench: Holdings, operation: Operation): Promise<Call> => {
  try {
    return await call(bench, operation)
  } catch (error) {
    const fault = `the driver's ${operation.op} threw: ${textOf(error)}`
    return { performed: { operation, observed: { fault } }, bind: nothing }
  }
}

/** The message of an error and of its causes: `fetch` says in the cause what failed. */
const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message} (${textOf(error.cause)})`
}

const call = async (bench: Holdings, operation: Operation): Promise<Call> => {
  const { driver, model } = bench
  const answer = (observed: Observed, bind: () => void = nothing): Call => ({
    performed: { operation, observed },
    bind,
  })
  /** An answer of which only the acceptance is compared. */
  const plain = (got: object | undefined, bind: () => void = nothing): Call =>
    got !== undefined && isRefused(got) ? answer({ refused: got.refused }) : answer({}, bind)
  const challenge = 'challenge' in operation ? tokenOf(bench.challenges, operation.challenge) : ''
  const session =
    'session' in operation
      ? (bench.sessions.find(({ name }) => name.id === operation.session.id)?.token ?? '')
      : ''
  const request = 'request' in operation ? tokenOf(bench.requests, operation.request) : ''
  const digits = operation.op === 'confirmOtp' ? model.policy.totp.digits : model.policy.enrolment.codeDigits
  const open = (token: string) => () => {
    if ('userId' in operation)
      bench.challenges.push({ id: operation.id, userId: operation.userId, by: operation.op, token })
  }
  switch (operation.op) {
    case 'createAccount': {
      const { userId, role, email } = operation
      return plain(await driver.createAccount?.({ userId, role, email }))
    }
    case 'setStatus': {
      const { userId, status } = operation
      return plain(await driver.setStatus?.({ userId, status }))
    }
    case 'unlock':
    case 'deleteAccount':
      return plain(await driver[operation.op]?.({ userId: operation.userId }))
    case 'setMaximum':
      return plain(await driver.setMaximum?.({ participant, maximum: operation.maximum }))
    case 'requestPasswordCode': {
      const got = await driver.requestPasswordCode?.({ userId: operation.userId })
      return plain(got, got === undefined || isRefused(got) ? nothing : open(got.challenge))
    }
    case 'confirmPasswordCode':
    case 'confirmChannel': {
      const code = bench.textOf(operation.code, channelDigits(bench, operation) ?? digits) ?? ''
      return plain(await driver[operation.op]?.({ challenge, code }))
    }
    case 'setPassword': {
      const { password } = operation
      const got = await driver.setPassword?.({ challenge, password })
      if (got !== undefined && !isRefused(got) && got.session !== undefined) return answer({ signedIn: true })
      return plain(got, () => bench.passwords.push({ userId: operation.userId, password }))
    }
    case 'beginSignIn': {
      const { userId, password, system } = operation
      const got = await driver.beginSignIn?.({ userId, password, system })
      return got === undefined || isRefused(got)
        ? plain(got)
        : answer({ next: got.next }, open(got.challenge))
    }
    case 'confirmOtp': {
      const got = await driver.confirmOtp?.({ challenge, code: bench.textOf(operation.code, digits) ?? '' })
      if (got === undefined || isRefused(got)) return plain(got)
      if (got.next !== 'done') return answer({ next: got.next })
      return answer({ next: 'done' }, () => {
        const { id } = { id: operation.challenge }
        const { userId } = operation
        const system = userId.startsWith('B01234X') ? 'DMS' : 'CCASS/CCMS'
        const expiresAt = model.now + model.policy.session.validSeconds * 1_000
        bench.sessions.push({ name: { id, userId, system, expiresAt }, token: got.session })
      })
    }
    case 'resendCode':
      return plain(await driver.resendCode?.({ challenge }))
    case 'cancelSignIn':
      return plain(await driver.cancelSignIn?.({ challenge }))
    case 'chooseChannel': {
      const { userId, id, channel } = operation
      const got = await driver.chooseChannel?.({ challenge, channel })
      return plain(got, () => {
        if (got !== undefined && !isRefused(got) && got.secret !== undefined)
          bench.devices.push({ id, userId, secret: got.secret })
      })
    }
    case 'checkSession':
    case 'changeDevice':
      return plain(await driver[operation.op]?.({ session }))
    case 'changePassword': {
      const { current, password } = operation
      return plain(await driver.changePassword?.({ session, current, password }), () =>
        bench.passwords.push({ userId: operation.session.userId, password }),
      )
    }
    case 'proposeUserId': {
      const got = await driver.proposeUserId?.({ session })
      return got === undefined || isRefused(got) ? plain(got) : answer({ next: got.userId })
    }
    case 'enterRequest': {
      const got = await driver.enterRequest?.({ session, entry: operation.entry })
      return plain(got, () => {
        if (got !== undefined && !isRefused(got))
          bench.requests.push({ id: operation.id, token: got.request })
      })
    }
    case 'amendRequest':
      return plain(await driver.amendRequest?.({ session, request, entry: operation.entry }))
    case 'withdrawRequest':
      return plain(await driver.withdrawRequest?.({ session, request }))
    case 'getAuthorisationCode': {
      const got = await driver.getAuthorisationCode?.({ session, request })
      return plain(got, () => {
        if (got === undefined || isRefused(got)) return
        const { id, request: of, session: by } = operation
        bench.issued.push({ id, checker: by.userId, request: of, code: got.code })
      })
    }
    case 'confirmRequest': {
      const { checkerId, issuedBy } = operation
      const issued = bench.issued.find(({ id }) => id === issuedBy)
      const digitsOf = model.policy.dms.authorisationCode.digits
      const code = issued?.code ?? bench.textOf({ kind: 'wrong' }, digitsOf) ?? ''
      return plain(await driver.confirmRequest?.({ session, request, checkerId, code }))
    }
  }
}

/** The number of digits of a wrong code, for the channel that is being set up. */
const channelDigits = (bench: Holdings, operation: Operation): number | undefined => {
  if (operation.op !== 'confirmChannel') return undefined
  const account = bench.model.accounts[operation.userId]
  const challenge =
    account !== undefined && 'challenges' in account
      ? account.challenges.find(({ id }) => id === operation.challenge)
      : undefined
  const byApp = challenge?.awaits === 'enrolment' && challenge.chosen?.kind === 'MobileApp'
  return byApp ? bench.model.policy.totp.digits : undefined
}
