import { findChallenge } from '../account/challenges.ts'
import { isExistingAccount } from '../account/state.ts'
import { timeStepAt } from '../otp/totp.ts'
import { accountTotals } from '../participant/state.ts'
import type { Bench } from './bench.ts'
import type { ConformanceEntry } from './driver.ts'
import type { Opened } from './holdings.ts'
import {
  accountOf,
  type Code,
  type Operation,
  type OperationOf,
  type SessionName,
} from './model/model-state.ts'
import {
  type Age,
  type CodeChoice,
  type ConformanceStep,
  describeStep,
  type Person,
  people,
} from './steps.ts'

/** The mailbox address of a person. */
const emailOf = (userId: string) => `${userId.toLowerCase()}@participant.example`

const roleOf = (person: Person) =>
  person === 'maker' || person === 'checker' ? ('DelegatedAdministrator' as const) : ('User' as const)

const ownSystem = (person: Person) => (roleOf(person) === 'User' ? ('CCASS/CCMS' as const) : ('DMS' as const))
const otherSystem = (person: Person) =>
  roleOf(person) === 'User' ? ('DMS' as const) : ('CCASS/CCMS' as const)

const pick = <T>(list: readonly T[], age: Age): T | undefined => (age === 'newest' ? list.at(-1) : list[0])

/** The account's password in the model, or one that it may have had if it has none. */
const presentPassword = (bench: Bench, userId: string): string => {
  const account = accountOf(bench.model, userId)
  if ('password' in account) return account.password.credential
  return bench.passwords.findLast((each) => each.userId === userId)?.password ?? 'Correct-Horse#Battery0'
}

const formerPassword = (bench: Bench, userId: string): string => {
  const present = presentPassword(bench, userId)
  const others = bench.passwords.filter((each) => each.userId === userId && each.password !== present)
  return others.at(-1)?.password ?? 'Former-Horse#Battery0'
}

const freshPassword = (bench: Bench): string => `Correct-Horse#Battery${bench.passwords.length + 1}`

const challengesOf = (bench: Bench, userId: string, ...by: readonly Operation['op'][]): readonly Opened[] =>
  bench.challenges.filter((each) => each.userId === userId && by.includes(each.by))

const stepsAway: Readonly<Partial<Record<CodeChoice, number>>> = { correct: 0, next: 1, previous: -1, far: 2 }

/** A code of an app, by device and time step. */
const appCode = (bench: Bench, userId: string, choice: CodeChoice, device: string): Code | undefined => {
  if (choice === 'wrong' || choice === 'malformed') return { kind: choice }
  const now = timeStepAt(bench.model.now, bench.model.policy)
  if (choice === 'former') {
    const former = bench.devices.findLast((each) => each.userId === userId && each.id !== device)
    return former === undefined ? undefined : { kind: 'app', device: former.id, step: now }
  }
  const account = accountOf(bench.model, userId)
  const last =
    account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
      ? account.channel.lastAcceptedStep
      : undefined
  if (choice === 'used') return last === undefined ? undefined : { kind: 'app', device, step: last }
  return { kind: 'app', device, step: now + (stepsAway[choice] ?? 0) }
}

/** A code that was mailed. */
const mailedCode = (
  bench: Bench,
  userId: string,
  choice: CodeChoice,
  ...by: readonly Operation['op'][]
): Code | undefined => {
  if (choice === 'wrong' || choice === 'malformed') return { kind: choice }
  const mails = bench.mails.filter(
    (mail) => mail.to === emailOf(userId) && mail.by !== undefined && by.includes(mail.by),
  )
  const mail = choice === 'former' ? mails.at(-2) : mails.at(-1)
  return mail === undefined ? undefined : { kind: 'email', issuedBy: mail.issuedBy }
}

const codeFor = (
  bench: Bench,
  step: Extract<ConformanceStep, { do: 'code' | 'reset code' | 'channel code' }>,
  userId: string,
  challenge: string,
): Code | undefined => {
  const account = accountOf(bench.model, userId)
  if (step.do === 'reset code') return mailedCode(bench, userId, step.code, 'requestPasswordCode')
  if (step.do === 'code')
    return account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
      ? appCode(bench, userId, step.code, account.channel.credential)
      : mailedCode(bench, userId, step.code, 'beginSignIn', 'resendCode')
  const chosen = isExistingAccount(account)
    ? findChallenge(account, challenge, 'enrolment')?.chosen
    : undefined
  return chosen?.kind === 'MobileApp'
    ? appCode(bench, userId, step.code, chosen.credential)
    : mailedCode(bench, userId, step.code, 'chooseChannel')
}

const sessionsOf = (bench: Bench, userId: string): readonly SessionName[] =>
  bench.sessions.map(({ name }) => name).filter((name) => name.userId === userId)

const entryFor = (kind: ConformanceEntry['kind'], about: Person): ConformanceEntry => {
  const userId = people[about]
  return kind === 'create' ? { kind, userId, email: emailOf(userId) } : { kind, userId }
}

/**
 * The operation of a step, or nothing if the step is not a single operation or lacks something that it needs.
 */
const operationOf = (bench: Bench, step: ConformanceStep): Operation | undefined => {
  const id = bench.newName()
  const userId = 'who' in step ? people[step.who] : ''
  const signInChallenge = (age: Age) => pick(challengesOf(bench, userId, 'beginSignIn'), age)?.id
  switch (step.do) {
    case 'create':
      return { op: 'createAccount', id, userId, role: roleOf(step.who), email: emailOf(userId) }
    case 'forgot':
      return { op: 'requestPasswordCode', id, userId }
    case 'unlock':
      return { op: 'unlock', id, userId }
    case 'delete':
      return { op: 'deleteAccount', id, userId }
    case 'disable':
    case 'enable':
      return { op: 'setStatus', id, userId, status: step.do === 'disable' ? 'DISABLED' : 'ENABLED' }
    case 'resend':
    case 'cancel': {
      const challenge = signInChallenge('newest')
      const op = step.do === 'resend' ? 'resendCode' : 'cancelSignIn'
      return challenge === undefined ? undefined : { op, id, userId, challenge }
    }
    case 'enter password': {
      const password = {
        correct: presentPassword(bench, userId),
        wrong: 'Wrong-Horse#Battery000',
        former: formerPassword(bench, userId),
      }[step.password]
      const system = step.system === 'own' ? ownSystem(step.who) : otherSystem(step.who)
      return { op: 'beginSignIn', id, userId, password, system }
    }
    case 'code':
    case 'reset code':
    case 'channel code': {
      const by = step.do === 'reset code' ? 'requestPasswordCode' : 'beginSignIn'
      const op = (
        { code: 'confirmOtp', 'reset code': 'confirmPasswordCode', 'channel code': 'confirmChannel' } as const
      )[step.do]
      const challenge = pick(challengesOf(bench, userId, by), step.challenge)?.id
      const code = challenge === undefined ? undefined : codeFor(bench, step, userId, challenge)
      return challenge === undefined || code === undefined ? undefined : { op, id, userId, challenge, code }
    }
    case 'new password': {
      const challenge = challengesOf(bench, userId, 'requestPasswordCode', 'beginSignIn').at(-1)?.id
      const password = step.password === 'fresh' ? freshPassword(bench) : presentPassword(bench, userId)
      return challenge === undefined ? undefined : { op: 'setPassword', id, userId, challenge, password }
    }
    case 'choose': {
      const challenge = signInChallenge('newest')
      return challenge === undefined
        ? undefined
        : { op: 'chooseChannel', id, userId, challenge, channel: step.channel }
    }
    case 'change device':
    case 'propose': {
      const session = sessionsOf(bench, userId).at(-1)
      const op = step.do === 'propose' ? 'proposeUserId' : 'changeDevice'
      return session === undefined ? undefined : { op, id, session }
    }
    case 'change password': {
      const session = pick(sessionsOf(bench, userId), step.session)
      const present = presentPassword(bench, userId)
      const current = step.current === 'correct' ? present : 'Wrong-Horse#Battery000'
      const password = step.password === 'fresh' ? freshPassword(bench) : present
      return session === undefined ? undefined : { op: 'changePassword', id, session, current, password }
    }
    case 'maximum': {
      const maximum = accountTotals(bench.model.participant).total + step.room
      return { op: 'setMaximum', id, maximum }
    }
    case 'enter': {
      const session = sessionsOf(bench, userId).at(-1)
      return session === undefined
        ? undefined
        : { op: 'enterRequest', id, session, entry: entryFor(step.entry, step.about) }
    }
    case 'amend': {
      const session = sessionsOf(bench, userId).at(-1)
      const request = pick(bench.requests, step.request)?.id
      const entry = entryFor(step.entry, step.about)
      return session === undefined || request === undefined
        ? undefined
        : { op: 'amendRequest', id, session, request, entry }
    }
    case 'withdraw':
    case 'get code': {
      const session = sessionsOf(bench, userId).at(-1)
      const request = pick(bench.requests, step.request)?.id
      const op = step.do === 'get code' ? 'getAuthorisationCode' : 'withdrawRequest'
      return session === undefined || request === undefined ? undefined : { op, id, session, request }
    }
    case 'confirm': {
      const session = sessionsOf(bench, userId).at(-1)
      const request = pick(bench.requests, step.request)?.id
      if (session === undefined || request === undefined) return undefined
      const checker = people[step.checker]
      const issued = bench.issued.filter((each) => each.checker === checker)
      const issuedBy = step.code === 'wrong' ? undefined : pick(issued, step.code)?.id
      const checkerId = step.spelling === 'exact' ? checker : checker.toLowerCase()
      return { op: 'confirmRequest', id, session, request, checkerId, issuedBy }
    }
    default:
      return undefined
  }
}

/** Performs a single operation. */
const one = async (bench: Bench, operation: Operation | undefined): Promise<boolean> => {
  if (operation === undefined) return false
  const [performed] = await bench.perform([operation])
  return performed !== undefined && performed.observed.refused === undefined
}

const takeOne = (bench: Bench, step: ConformanceStep) => one(bench, operationOf(bench, step))

/** Sets up password and channel, from a new account or after an unlock. Stops at the first refusal. */
const setUp = async (bench: Bench, who: Person, channel: 'MobileApp' | 'Email'): Promise<boolean> => {
  const newest = { challenge: 'newest', times: 1, code: 'correct' } as const
  const parts: readonly ConformanceStep[] = [
    { do: 'forgot', who },
    { do: 'reset code', who, ...newest },
    { do: 'new password', who, password: 'fresh' },
    { do: 'enter password', who, password: 'correct', system: 'own', times: 1 },
    { do: 'choose', who, channel },
    { do: 'channel code', who, ...newest },
  ]
  if (accountOf(bench.model, people[who]).stage === 'Unknown') await takeOne(bench, { do: 'create', who })
  for (const part of parts) if (!(await takeOne(bench, part))) return false
  return true
}

/** Signs in with the password and an unused code. Waits for the next time step if necessary. */
const signIn = async (bench: Bench, who: Person): Promise<boolean> => {
  const account = accountOf(bench.model, people[who])
  const byApp = account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
  const period = bench.model.policy.totp.periodSeconds * 1_000
  if (byApp && account.channel.kind === 'MobileApp') {
    const now = timeStepAt(bench.model.now, bench.model.policy)
    if (now <= account.channel.lastAcceptedStep)
      await bench.wait(period * (account.channel.lastAcceptedStep - now + 1))
  }
  if (!(await takeOne(bench, { do: 'enter password', who, password: 'correct', system: 'own', times: 1 })))
    return false
  return takeOne(bench, { do: 'code', who, code: 'correct', challenge: 'newest', times: 1 })
}

/** The time until a limit that the model knows. */
const until = (
  bench: Bench,
  {
    until: what,
    of,
    early,
  }: Exclude<Extract<ConformanceStep, { do: 'wait' }>['wait'], { milliseconds: number }>,
): number => {
  const { now, policy } = bench.model
  const account = accountOf(bench.model, people[of])
  if (!isExistingAccount(account)) return 0
  const limits = {
    'the password expires':
      'password' in account ? account.password.changedAt + policy.password.maximumAgeDays * 86_400_000 : now,
    'the code expires': Math.max(now, ...Object.values(account.codes).map(({ expiresAt }) => expiresAt)),
    'the challenge expires': account.challenges.at(-1)?.expiresAt ?? now,
    'the session expires': account.sessions.at(-1)?.expiresAt ?? now,
  }
  return limits[what] - now - (early ? 1 : 0)
}

const issuing: readonly string[] = ['beginSignIn', 'resendCode', 'requestPasswordCode', 'chooseChannel']

/**
 * Of parallel operations, only one per account may send a code. Otherwise mails could not be attributed to
 * operations.
 */
const distinguishable = (bench: Bench, operations: readonly Operation[]): readonly Operation[] => {
  const seen = new Set<string>()
  return operations.filter((operation) => {
    if (!issuing.includes(operation.op) || !('userId' in operation)) return true
    const account = accountOf(bench.model, operation.userId)
    const silent =
      operation.op === 'beginSignIn' && !(account.stage === 'Initialised' && account.channel.kind === 'Email')
    if (silent || !seen.has(operation.userId)) {
      if (!silent) seen.add(operation.userId)
      return true
    }
    return false
  })
}

/** Takes a step. A step that lacks something it needs does nothing. */
export const takeStep = async (bench: Bench, step: ConformanceStep): Promise<void> => {
  bench.lines.push(describeStep(step))
  switch (step.do) {
    case 'set up':
      await setUp(bench, step.who, step.channel)
      return
    case 'sign in':
      await signIn(bench, step.who)
      return
    case 'miss codes': {
      const { who } = step
      if (
        !(await takeOne(bench, { do: 'enter password', who, password: 'correct', system: 'own', times: 1 }))
      )
        return
      for (let time = 0; time < step.times; time++)
        await takeOne(bench, { do: 'code', who, code: 'wrong', challenge: 'newest', times: 1 })
      return
    }
    case 'check sessions':
      for (const session of sessionsOf(bench, people[step.who])) {
        const operation: OperationOf<'checkSession'> = { op: 'checkSession', id: bench.newName(), session }
        await one(bench, operation)
      }
      return
    case 'wait':
      await bench.wait('milliseconds' in step.wait ? step.wait.milliseconds : until(bench, step.wait))
      return
    case 'together': {
      const operations = step.steps.flatMap((each) => operationOf(bench, each) ?? [])
      await bench.perform(distinguishable(bench, operations))
      return
    }
    default: {
      const times = 'times' in step ? step.times : 1
      for (let time = 0; time < times; time++) await takeOne(bench, step)
    }
  }
}
