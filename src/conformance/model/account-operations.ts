import { evaluateAccess } from '../../access-control/access-table.ts'
import { isSignInDenial, type SignInDenial } from '../../access-control/denials.ts'
import { findChallenge, openChallenge } from '../../account/challenges.ts'
import type { AccountCommand, CodeFact } from '../../account/commands.ts'
import { type AccountRefusal, decideAccount } from '../../account/decide.ts'
import type { AccountEvent } from '../../account/events.ts'
import { evolveAccount } from '../../account/evolve.ts'
import { type Account, isExistingAccount } from '../../account/state.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { enrolledTotp, timeStepAt } from '../../otp/totp.ts'
import {
  accountOf,
  type Code,
  type Expected,
  type ModelState,
  type OperationOf,
  type SessionName,
} from './model-state.ts'

/** The result of a command to an account. */
export interface Decision {
  readonly command: AccountCommand
  readonly before: Account
  readonly after: ModelState
  readonly events: readonly AccountEvent[]
  readonly refused?: AccountRefusal
}

/** Applies a command to an account of the model. */
export const decideIn = (model: ModelState, userId: string, command: AccountCommand): Decision => {
  const before = accountOf(model, userId)
  return decideAccount(before, command, model.policy).match<Decision>(
    (events) => {
      const account = events.reduce(evolveAccount, before)
      return {
        command,
        before,
        events,
        after: { ...model, accounts: { ...model.accounts, [userId]: account } },
      }
    },
    (refused) => ({ command, before, events: [], after: model, refused }),
  )
}

/** Why a system would not open its sign-in page for an account. */
export const denialAt = (account: Account, system: 'CCASS/CCMS' | 'DMS'): SignInDenial | undefined => {
  if (!isExistingAccount(account)) return undefined
  const access = evaluateAccess({
    phase: 'parallel-run',
    createdFromLaunch: true,
    role: account.role,
    hasBusinessGroup: (account.userGroups ?? []).length > 0,
    initialised: account.stage === 'Initialised',
    hasEmail: account.email !== undefined,
    hasSmartcard: false,
    certificateExpired: false,
    resource: system === 'DMS' ? 'DMS' : 'terminal',
    site: 'primary',
    locked: false,
    enabled: true,
    smartcardWhenLocked: 'closed',
  })
  const decision = account.stage === 'Initialised' ? access['2fa'] : access['2fa-set-up']
  return decision.decision === 'deny' && isSignInDenial(decision.reason) ? decision.reason : undefined
}

/** The facts about a code, for the current account. */
const factOf = (
  model: ModelState,
  account: Account,
  code: Code,
  device: string | undefined,
  issued: string | undefined,
): CodeFact => {
  if (code.kind === 'email')
    return { kind: 'Email', matches: issued !== undefined && code.issuedBy === issued }
  if (code.kind !== 'app' || device === undefined || code.device !== device) {
    const byApp =
      account.stage === 'Initialised' ? account.channel.kind === 'MobileApp' : device !== undefined
    return byApp ? { kind: 'MobileApp', step: undefined } : { kind: 'Email', matches: false }
  }
  const totp =
    account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
      ? enrolledTotp(account.channel.totp, model.policy)
      : model.policy
  const distance = Math.abs(code.step - timeStepAt(model.now, totp))
  return { kind: 'MobileApp', step: distance <= model.policy.totp.windowSteps ? code.step : undefined }
}

/** The most relevant rule of a decision: that of its last event, or of the refusal. */
const ruleOf = ({ events, refused }: Decision, otherwise: RuleId): RuleId =>
  refused?.rule ?? events.at(-1)?.rule ?? otherwise

const hasCounted = (account: Account): boolean =>
  isExistingAccount(account) && account.failedAttempts.passwords + account.failedAttempts.otps > 0

/** Converts a decision to an {@link Expected}. */
const expected = (
  decision: Decision,
  accepted: boolean,
  otherwise: RuleId,
  more: Partial<Expected> = {},
): Expected => ({
  after: decision.after,
  accepted,
  rule: ruleOf(decision, otherwise),
  exercised: [
    ...decision.events.map(({ rule }) => rule),
    ruleOf(decision, otherwise),
    ...(more.bearing ?? []),
  ],
  bearing: [],
  events: decision.events,
  command: decision.command,
  ...(decision.refused === undefined ? {} : { reason: decision.refused.reason }),
  ...more,
})

const has = ({ events }: Decision, ...types: readonly AccountEvent['type'][]) =>
  events.some(({ type }) => types.includes(type))

const when = (condition: boolean, ...rules: readonly RuleId[]): readonly RuleId[] => (condition ? rules : [])

/** The rules that define which counter a failed attempt increments. */
const countingRules = (before: Account, challenge?: string): readonly RuleId[] => {
  if (!isExistingAccount(before)) return []
  const { passwords, otps } = before.failedAttempts
  if (challenge === undefined) return when(otps > 0, 'LOCK-04')
  const inThis = findChallenge(before, challenge, 'sign-in-code')?.failedAttempts ?? 0
  return when(passwords > 0 || otps > inThis, 'LOCK-04')
}

/** LOG IN with User ID and password. */
export const beginSignIn = (model: ModelState, input: OperationOf<'beginSignIn'>): Expected => {
  const account = accountOf(model, input.userId)
  const decision = decideIn(model, input.userId, {
    type: 'EnterPassword',
    at: model.now,
    passwordMatches: 'password' in account && account.password.credential === input.password,
    system: input.system,
    denial: denialAt(account, input.system),
    challenge: input.id,
    code: input.id,
  })
  const opened = decision.events.find((event) => event.type === 'PasswordAccepted')
  if (opened === undefined) {
    const disclosed = ['no-registered-email', 'too-many-codes'].includes(decision.refused?.reason ?? '')
    return expected(decision, false, 'LOCK-11', {
      ...(disclosed ? {} : { uniform: 'LOCK-11' }),
      bearing: when(has(decision, 'PasswordRejected'), ...countingRules(account)),
    })
  }
  const next = {
    'sign-in-code': 'otp',
    enrolment: 'enrolOtp',
    'expired-password-change': 'changePassword',
  } as const
  const { awaits } = opened.challenge
  return expected(decision, true, 'OTP-01', {
    next: awaits === 'password-code' || awaits === 'new-password' ? awaits : next[awaits],
    rule: opened.rule,
    bearing: when(hasCounted(account), 'LOCK-03'),
  })
}

const malformed = (model: ModelState): Expected => ({
  ...{
    after: model,
    accepted: false,
    rule: 'LOCK-06',
    exercised: ['LOCK-06'],
    bearing: ['LOCK-06'],
    events: [],
  },
  reason: 'malformed-code',
})

/** The rule under which a code is wrong here although it was valid elsewhere or at another time. */
const wrongBy = (code: Code, device: string | undefined): RuleId => {
  if (code.kind === 'app') return code.device === device ? 'OTP-04' : 'OTP-09'
  return code.kind === 'email' ? 'OTP-06' : 'LOCK-02'
}

/** The rule under which a code is good. */
const goodBy = (byApp: boolean): RuleId => (byApp ? 'OTP-04' : 'OTP-06')

/** Enters the one-time code of a sign-in. */
export const confirmOtp = (model: ModelState, input: OperationOf<'confirmOtp'>): Expected => {
  if (input.code.kind === 'malformed') return malformed(model)
  const account = accountOf(model, input.userId)
  const open = openChallenge(account, input.challenge, model.now, model.policy, 'sign-in-code')
  const channel = account.stage === 'Initialised' ? account.channel : undefined
  const device = channel?.kind === 'MobileApp' ? channel.credential : undefined
  const issued = isExistingAccount(account) ? account.codes['sign-in']?.credential : undefined
  const decision = decideIn(model, input.userId, {
    type: 'EnterSignInCode',
    at: model.now,
    challenge: input.challenge,
    fact: open === undefined ? undefined : factOf(model, account, input.code, device, issued),
  })
  const rejected = decision.events.find((event) => event.type === 'SignInCodeRejected')
  if (rejected !== undefined)
    return expected(decision, false, 'LOCK-02', {
      rule: rejected.reason === 'wrong' ? wrongBy(input.code, device) : rejected.rule,
      reason: rejected.reason,
      bearing: [
        ...countingRules(account, input.challenge),
        ...when(has(decision, 'ChallengeEnded'), 'LOCK-05'),
      ],
    })
  if (decision.refused !== undefined) return expected(decision, false, 'LOCK-05')
  return expected(decision, true, 'LOCK-03', {
    rule: goodBy(channel?.kind === 'MobileApp'),
    next: has(decision, 'DeviceChangeVerified') ? 'enrolOtp' : 'done',
    bearing: [...when(hasCounted(account), 'LOCK-03'), ...when(channel?.kind === 'MobileApp', 'OTP-05')],
  })
}

/** Requests another code by email, or cancels the sign-in. */
export const onChallenge = (
  model: ModelState,
  input: OperationOf<'resendCode' | 'cancelSignIn'>,
): Expected => {
  const { userId, challenge, id } = input
  const account = accountOf(model, userId)
  const at: Instant = model.now
  const resend = input.op === 'resendCode'
  const decision = decideIn(
    model,
    userId,
    resend
      ? { type: 'ResendSignInCode', at, challenge, code: id }
      : { type: 'CancelChallenge', at, challenge },
  )
  return expected(decision, decision.refused === undefined, resend ? 'OTP-07' : 'LOCK-06', {
    bearing: when(hasCounted(account), resend ? 'OTP-07' : 'LOCK-06'),
  })
}

/** Forgot/Reset Password. The answer is the same for every account (ACC-16). */
export const requestPasswordCode = (
  model: ModelState,
  input: OperationOf<'requestPasswordCode'>,
): Expected => {
  const account = accountOf(model, input.userId)
  const system =
    isExistingAccount(account) && account.role === 'DelegatedAdministrator' ? 'DMS' : 'CCASS/CCMS'
  const decision = decideIn(model, input.userId, {
    ...{ type: 'RequestPasswordCode', at: model.now, challenge: input.id, code: input.id },
    denial: denialAt(account, system),
  })
  return expected(decision, true, 'ACC-16', { bearing: when(hasCounted(account), 'LOCK-10') })
}

/** Enters the emailed code of a reset. */
export const confirmPasswordCode = (
  model: ModelState,
  input: OperationOf<'confirmPasswordCode'>,
): Expected => {
  if (input.code.kind === 'malformed') return malformed(model)
  const account = accountOf(model, input.userId)
  const issued = isExistingAccount(account) ? account.codes.password?.credential : undefined
  const matches = input.code.kind === 'email' && input.code.issuedBy === issued
  const decision = decideIn(model, input.userId, {
    ...{ type: 'EnterPasswordCode', at: model.now, challenge: input.challenge },
    fact: { kind: 'Email', matches },
  })
  const accepted = has(decision, 'PasswordCodeAccepted')
  // Digits that were never mailed must not open a set-up; a code that was mailed is good or not by its own rule.
  const wrong = account.stage === 'Initialised' ? 'ACC-10' : 'ACC-01'
  const decided = accepted || input.code.kind === 'email' ? goodBy(false) : wrong
  return expected(decision, accepted, 'ACC-16', {
    ...(accepted ? {} : { uniform: 'ACC-16' }),
    ...(accepted || has(decision, 'EnrolmentCodeRejected') ? { rule: decided } : {}),
    bearing: when(has(decision, 'EnrolmentCodeRejected'), 'LOCK-10'),
  })
}

/** Sets the new password, after a code or an expired password. */
export const setPassword = (model: ModelState, input: OperationOf<'setPassword'>): Expected => {
  const account = accountOf(model, input.userId)
  const decision = decideIn(model, input.userId, {
    ...{ type: 'SetPassword', at: model.now, challenge: input.challenge, credential: input.password },
    reused: 'password' in account && account.password.credential === input.password,
  })
  const done = decision.events.find((event) => event.type === 'PasswordSet')
  const after = {
    expired: 'PW-12',
    forgotten: 'ACC-10',
    voluntary: 'PW-13',
    'first-sign-in': 'ACC-01',
  } as const
  return expected(decision, done !== undefined, 'ACC-10', {
    bearing: done === undefined ? [] : [after[done.reason], ...when(done.ends !== 'none', 'ACC-20')],
  })
}

/** Chooses the OTP channel. */
export const chooseChannel = (model: ModelState, input: OperationOf<'chooseChannel'>): Expected => {
  const { userId, challenge, channel, id: credential } = input
  const decision = decideIn(model, userId, {
    ...{ type: 'ChooseChannel', at: model.now, challenge, channel, credential },
  })
  return expected(decision, decision.refused === undefined, 'OTP-01')
}

/** Enters the first code of the OTP channel. */
export const confirmChannel = (model: ModelState, input: OperationOf<'confirmChannel'>): Expected => {
  if (input.code.kind === 'malformed') return malformed(model)
  const account = accountOf(model, input.userId)
  const open = openChallenge(account, input.challenge, model.now, model.policy, 'enrolment')
  const chosen = open?.chosen
  const device = chosen?.kind === 'MobileApp' ? chosen.credential : undefined
  const issued = isExistingAccount(account) ? account.codes.enrolment?.credential : undefined
  const fact = chosen === undefined ? undefined : factOf(model, account, input.code, device, issued)
  const decision = decideIn(model, input.userId, {
    ...{ type: 'EnterEnrolmentCode', at: model.now, challenge: input.challenge, fact },
  })
  const enrolled = decision.events.find((event) => event.type === 'ChannelEnrolled')
  const rejected = has(decision, 'EnrolmentCodeRejected')
  const formerDevice = input.code.kind === 'app' && input.code.device !== device
  const byApp = chosen?.kind === 'MobileApp'
  return expected(decision, enrolled !== undefined, 'ACC-03', {
    ...(enrolled !== undefined || rejected ? { rule: formerDevice ? 'OTP-09' : goodBy(byApp) } : {}),
    bearing: [...when(rejected, 'LOCK-10'), ...when(enrolled?.endsSessions === true, 'ACC-20')],
  })
}

/** Whether a session is valid. Returns the refusal if it is not. */
export const sessionDecision = (model: ModelState, session: SessionName): Decision | undefined => {
  if (model.now >= session.expiresAt) return undefined
  const account = accountOf(model, session.userId)
  return decideIn(model, session.userId, {
    ...{ type: 'CheckSession', at: model.now, session: session.id },
    sessionEpoch: isExistingAccount(account) ? account.sessionEpoch : -1,
    denial: denialAt(account, session.system),
  })
}

/** The expected answer for an invalid session. */
export const sessionOver = (model: ModelState, decision: Decision | undefined): Expected => ({
  ...{ after: model, accepted: false, rule: 'ACC-15', exercised: ['ACC-15'], bearing: [], events: [] },
  reason: decision?.refused?.reason ?? 'session-expired',
})

/** Operations of a signed-in holder. */
export const inSession = (
  model: ModelState,
  input: OperationOf<'checkSession' | 'changeDevice' | 'changePassword'>,
): Expected => {
  const { session } = input
  const check = sessionDecision(model, session)
  if (check === undefined || check.refused !== undefined) return sessionOver(model, check)
  if (input.op === 'checkSession') return expected(check, true, 'ACC-15')
  const account = accountOf(model, session.userId)
  const common = {
    at: model.now,
    session: session.id,
    sessionEpoch: isExistingAccount(account) ? account.sessionEpoch : -1,
    denial: denialAt(account, session.system),
  }
  if (input.op === 'changeDevice') {
    const decision = decideIn(model, session.userId, { type: 'RequestDeviceChange', ...common })
    return expected(decision, decision.refused === undefined, 'OTP-08', {
      bearing: when(decision.refused === undefined, 'OTP-10'),
    })
  }
  const present = 'password' in account ? account.password.credential : ''
  const decision = decideIn(model, session.userId, {
    type: 'ChangePassword',
    ...common,
    passwordMatches: present === input.current,
    credential: input.password,
    reused: present === input.password,
  })
  const done = decision.events.find((event) => event.type === 'PasswordSet')
  return expected(decision, done !== undefined, 'PW-14', {
    bearing: [
      ...when(has(decision, 'PasswordRejected'), 'PW-14', ...countingRules(account)),
      ...when(done !== undefined && done.ends !== 'none', 'ACC-20'),
    ],
  })
}
