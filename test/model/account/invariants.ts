/** The invariants of every step of an account, by name and rule. */
import type { AccountCommand } from '../../../src/account/commands.ts'
import type { AccountEvent, AccountEventOf, AccountEventType } from '../../../src/account/events.ts'
import { type Account, credentialsOf, isExistingAccount } from '../../../src/account/state.ts'
import type { Instant } from '../../../src/kernel/instant.ts'
import type { RuleId } from '../../../src/kernel/rule-id.ts'
import type { CodePurpose } from '../../../src/otp/email-code.ts'
import { timeStepAt } from '../../../src/otp/totp.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import { type History, isEnabled, isPasswordExpired } from './history.ts'

/** One command, its effect, and the history before it. */
export interface AccountStep {
  readonly before: Account
  readonly command: AccountCommand
  /** Its events; empty if it was accepted and changed nothing. */
  readonly events: readonly AccountEvent[]
  readonly after: Account
  readonly history: History
  /** The history after the step. */
  readonly then: History
  readonly policy: Policy
  /** The instant of the step. */
  readonly now: Instant
}

/** An invariant of every step. */
export interface Invariant {
  readonly rule: RuleId
  readonly name: string
  readonly holds: (step: AccountStep) => boolean
}

const eventOf = <T extends AccountEventType>({ events }: AccountStep, type: T) =>
  events.find((event) => event.type === type) as AccountEventOf<T> | undefined

const isOfHolder = ({ type }: AccountCommand) =>
  ![
    'Register',
    'ChangeProfile',
    'Unlock',
    'Delete',
    'EndSessions',
    'DecommissionSmartcard',
    'ReportUndelivered',
    'ReplacePasswordHash',
  ].includes(type)

const openSessions = (account: Account) =>
  isExistingAccount(account) ? account.sessions.map(({ id }) => id) : []

const failedSignIns = ({ wrong }: History, { lockout }: Policy) =>
  wrong.passwords + Math.floor(wrong.codes / lockout.otpFailuresPerFailedSignIn)

const isLiveCode = ({ history, now }: AccountStep, purpose: CodePurpose, command: { fact?: unknown }) => {
  const fact = command.fact as { kind?: string; matches?: boolean } | undefined
  const code = history.codes[purpose]
  return fact?.kind === 'Email' && fact.matches === true && code !== undefined && now < code.until
}

const isFreshStep = ({ history, policy, now }: AccountStep, command: { fact?: unknown }) => {
  const fact = command.fact as { kind?: string; step?: number } | undefined
  const present = timeStepAt(now, policy)
  return (
    fact?.kind === 'MobileApp' &&
    fact.step !== undefined &&
    fact.step > (history.usedStep ?? -1) &&
    Math.abs(fact.step - present) <= policy.totp.windowSteps
  )
}

const proofOf = ({ history, command }: AccountStep) =>
  'challenge' in command ? history.proofs[command.challenge] : undefined

const openOfKind = (account: Account, awaits: string, now: Instant) =>
  isExistingAccount(account)
    ? account.challenges.filter((challenge) => challenge.awaits === awaits && challenge.expiresAt > now)
        .length
    : 0

const kinds = ['sign-in-code', 'enrolment', 'expired-password-change', 'password-code', 'new-password']

const withPasswordCommand = ({ command }: AccountStep) => command.type === 'EnterPassword'

export const accountInvariants: readonly Invariant[] = [
  {
    rule: 'OTP-01',
    name: 'a sign-in is completed only in a challenge in which the correct password was entered',
    holds: (step) => eventOf(step, 'SignInCompleted') === undefined || proofOf(step) === 'password',
  },
  {
    rule: 'OTP-01',
    name: 'a sign-in is completed only by a right code of the enrolled channel',
    holds: (step) => {
      if (eventOf(step, 'SignInCompleted') === undefined) return true
      const { before, command } = step
      if (before.stage !== 'Initialised' || command.type !== 'EnterSignInCode') return false
      return before.channel.kind === 'Email'
        ? isLiveCode(step, 'sign-in', command)
        : isFreshStep(step, command)
    },
  },
  {
    rule: 'PW-11',
    name: 'no challenge for a sign-in code is opened with an expired password',
    holds: (step) =>
      eventOf(step, 'PasswordAccepted')?.challenge.awaits !== 'sign-in-code' ||
      !isPasswordExpired(step.before, step.policy, step.now),
  },
  {
    rule: 'OTP-10',
    name: 'no sign-in is completed while a change of device is pending',
    holds: (step) =>
      eventOf(step, 'SignInCompleted') === undefined ||
      (step.before.stage === 'Initialised' && !step.before.deviceChangePending),
  },
  {
    rule: 'OTP-05',
    name: 'a time step is accepted once, also across a change of device being verified',
    holds: (step) =>
      (eventOf(step, 'SignInCompleted')?.step === undefined &&
        eventOf(step, 'DeviceChangeVerified') === undefined) ||
      ('fact' in step.command && isFreshStep(step, step.command)),
  },
  {
    rule: 'OTP-06',
    name: 'a password code is accepted once, while it is the newest and in its time',
    holds: (step) =>
      eventOf(step, 'PasswordCodeAccepted') === undefined ||
      ('fact' in step.command && isLiveCode(step, 'password', step.command)),
  },
  {
    rule: 'ACC-03',
    name: 'a channel is enrolled only by a right code of the channel that was chosen in that challenge',
    holds: (step) => {
      const enrolled = eventOf(step, 'ChannelEnrolled')
      if (enrolled === undefined) return true
      const { before, command } = step
      if (command.type !== 'EnterEnrolmentCode' || !isExistingAccount(before)) return false
      const challenge = before.challenges.find(({ id }) => id === command.challenge)
      if (challenge?.awaits !== 'enrolment' || challenge.chosen?.kind !== enrolled.channel.kind) return false
      return enrolled.channel.kind === 'Email'
        ? isLiveCode(step, 'enrolment', command)
        : command.fact?.kind === 'MobileApp' && command.fact.step !== undefined
    },
  },
  {
    rule: 'OTP-10',
    name: 'a channel is enrolled only after the password, and for another device only after the old one if the policy requires it',
    holds: (step) => {
      if (eventOf(step, 'ChannelEnrolled') === undefined) return true
      const proof = proofOf(step)
      const byPassword = step.policy.deviceChange.verifiedBy === 'password'
      return step.before.stage === 'Initialised'
        ? proof === 'password and device' || (byPassword && proof === 'password')
        : proof === 'password'
    },
  },
  {
    rule: 'OTP-08',
    name: 'another device is enrolled only after its change was requested in a session',
    holds: (step) =>
      eventOf(step, 'ChannelEnrolled') === undefined ||
      step.before.stage !== 'Initialised' ||
      step.before.deviceChangePending,
  },
  {
    rule: 'ACC-10',
    name: 'a password is set only by an emailed code, an expired password or the present one in a session',
    holds: (step) => {
      if (eventOf(step, 'PasswordSet') === undefined) return true
      const { command, history } = step
      if (command.type === 'ChangePassword')
        return (
          command.passwordMatches &&
          (command.session === undefined || history.sessions.includes(command.session))
        )
      const proof = proofOf(step)
      return command.type === 'SetPassword' && (proof === 'emailed code' || proof === 'expired password')
    },
  },
  {
    rule: 'MIG-19',
    name: 'no password is set in a session by smartcard',
    holds: (step) =>
      eventOf(step, 'PasswordSet') === undefined ||
      step.command.type !== 'ChangePassword' ||
      step.command.bySmartcard !== true,
  },
  {
    rule: 'PW-17',
    name: 'a password that was used before is not set',
    holds: (step) =>
      eventOf(step, 'PasswordSet') === undefined || !('reused' in step.command && step.command.reused),
  },
  {
    rule: 'LOCK-01',
    name: 'an account is locked exactly when its failed sign-ins reach the limit',
    holds: ({ after, then, policy }) =>
      !isExistingAccount(after) ||
      (after.stage === 'Locked') === failedSignIns(then, policy) >= policy.lockout.failedSignIns,
  },
  {
    rule: 'LOCK-03',
    name: 'the count of failed sign-ins is cleared by a completed sign-in and an unlock, and by nothing else',
    holds: ({ after, then }) =>
      !isExistingAccount(after) ||
      (after.failedAttempts.passwords === then.wrong.passwords &&
        after.failedAttempts.otps === then.wrong.codes),
  },
  {
    rule: 'LOCK-05',
    name: 'a challenge accepts no more wrong codes than make a failed sign-in',
    holds: ({ after, policy }) =>
      !isExistingAccount(after) ||
      after.challenges.every(
        (challenge) =>
          challenge.awaits !== 'sign-in-code' ||
          challenge.failedAttempts < policy.lockout.otpFailuresPerFailedSignIn,
      ),
  },
  {
    rule: 'LOCK-07',
    name: 'only an unlock or a deletion ends a lock',
    holds: ({ before, command, after }) =>
      before.stage !== 'Locked' ||
      after.stage === 'Locked' ||
      command.type === 'Unlock' ||
      command.type === 'Delete',
  },
  {
    rule: 'ACC-08',
    name: 'a locked or unlocked account has no password, no device, no challenge, no code and no earlier session',
    holds: (step) => {
      const { after } = step
      if (eventOf(step, 'Locked') === undefined && eventOf(step, 'Unlocked') === undefined) return true
      if (after.stage !== 'Locked' && after.stage !== 'Registered') return false
      return (
        after.challenges.length === 0 &&
        Object.keys(after.codes).length === 0 &&
        after.sessions.length === 0 &&
        credentialsOf(after).every((name) => after.passwordHistory.includes(name))
      )
    },
  },
  {
    rule: 'ACC-07',
    name: 'an unlock clears the count and both limits',
    holds: (step) =>
      eventOf(step, 'Unlocked') === undefined ||
      (isExistingAccount(step.after) &&
        step.after.failedAttempts.passwords + step.after.failedAttempts.otps === 0 &&
        Object.keys(step.after.codesIssued).length === 0 &&
        Object.keys(step.after.failedEnrolmentAttempts).length === 0),
  },
  {
    rule: 'ACC-15',
    name: 'the open sessions are exactly those that were opened and not ended',
    holds: ({ after, then }) => {
      const open = openSessions(after)
      return open.every((id) => then.sessions.includes(id))
    },
  },
  {
    rule: 'ACC-15',
    name: 'a session is confirmed only if it was opened and not ended',
    holds: ({ command, history }) =>
      (command.type !== 'CheckSession' && command.type !== 'CheckSmartcardSession') ||
      command.session === undefined ||
      history.sessions.includes(command.session),
  },
  {
    rule: 'ACC-10',
    name: 'only a completed sign-in and an admitted smartcard open a session',
    holds: (step) =>
      eventOf(step, 'SignInCompleted') !== undefined ||
      eventOf(step, 'SmartcardSignInCompleted') !== undefined ||
      openSessions(step.after).every((id) => openSessions(step.before).includes(id)),
  },
  {
    rule: 'ACC-19',
    name: 'no more sessions are open than the policy allows',
    holds: ({ after, policy, now }) =>
      !isExistingAccount(after) ||
      after.sessions.filter(({ expiresAt }) => now < expiresAt).length <= policy.session.maxOpen,
  },
  {
    rule: 'OTP-11',
    name: 'no more challenges of a kind are open than the policy allows',
    holds: ({ after, policy, now }) =>
      kinds.every((kind) => openOfKind(after, kind, now) <= policy.challenge.maxOpen),
  },
  {
    rule: 'ACC-05',
    name: 'nothing that the holder does succeeds while the account is disabled or out of its dates',
    holds: ({ before, command }) => !isOfHolder(command) || !isExistingAccount(before) || isEnabled(before),
  },
  {
    rule: 'LOCK-07',
    name: 'nothing that the holder does succeeds while the account is locked, except by smartcard if the policy says so',
    holds: ({ before, command, policy }) =>
      !isOfHolder(command) ||
      before.stage !== 'Locked' ||
      (!policy.lockout.blocksSmartcard &&
        (command.type === 'SignInWithSmartcard' || command.type === 'CheckSmartcardSession')),
  },
  {
    rule: 'ACC-13',
    name: 'nothing is accepted where the access table denies it',
    holds: ({ command }) =>
      !('denial' in command) ||
      command.denial === undefined ||
      // Forgot/Reset depends only on launch: it opens no system's page.
      (command.type === 'RequestPasswordCode' && command.denial !== 'before-launch'),
  },
  {
    rule: 'ACC-02',
    name: 'no code is sent where no email is registered',
    holds: (step) =>
      eventOf(step, 'CodeIssued') === undefined ||
      (isExistingAccount(step.before) && step.before.email !== undefined),
  },
  {
    rule: 'ACC-09',
    name: 'an email user cannot reset the password by email',
    holds: ({ before, command }) =>
      command.type !== 'RequestPasswordCode' ||
      before.stage !== 'Initialised' ||
      before.channel.kind === 'MobileApp',
  },
  {
    rule: 'OTP-07',
    name: 'no more codes are sent in a period than the policy allows',
    holds: (step) => {
      const issued = eventOf(step, 'CodeIssued')
      return (
        issued === undefined ||
        step.history.clockWentBack ||
        (step.then.sent[issued.purpose]?.used ?? 0) <= step.policy.emailCode.rateLimit.max
      )
    },
  },
  {
    rule: 'LOCK-10',
    name: 'no more wrong set-up codes are accepted in a period than the policy allows',
    holds: (step) => {
      const rejected = eventOf(step, 'EnrolmentCodeRejected')
      return (
        rejected === undefined ||
        step.history.clockWentBack ||
        (step.then.failedEnrolments[rejected.purpose]?.used ?? 0) <= step.policy.enrolment.failedAttempts.max
      )
    },
  },
  {
    rule: 'LOCK-15',
    name: 'a set-up code is void after as many wrong entries as the policy allows',
    holds: ({ after, then, now }) =>
      !isExistingAccount(after) ||
      // A code that had expired is valid again by the clock, and is refused as one from the future (API-03).
      then.clockWentBack ||
      (['password', 'enrolment'] as const).every(
        (purpose) =>
          after.codes[purpose] === undefined ||
          after.codes[purpose].expiresAt <= now ||
          then.codes[purpose] !== undefined,
      ),
  },
  {
    rule: 'LOCK-10',
    name: 'wrong set-up codes lock nothing',
    holds: (step) =>
      eventOf(step, 'EnrolmentCodeRejected') === undefined || eventOf(step, 'Locked') === undefined,
  },
  {
    rule: 'LOCK-12',
    name: 'a smartcard neither counts nor clears',
    holds: ({ before, command, after }) =>
      command.type !== 'SignInWithSmartcard' ||
      !isExistingAccount(before) ||
      !isExistingAccount(after) ||
      (before.failedAttempts.passwords === after.failedAttempts.passwords &&
        before.failedAttempts.otps === after.failedAttempts.otps),
  },
  {
    rule: 'MIG-19',
    name: 'a smartcard other than the profile’s is refused',
    holds: (step) => {
      const { before, command } = step
      if (eventOf(step, 'SmartcardSignInCompleted') === undefined || command.type !== 'SignInWithSmartcard')
        return true
      const known = isExistingAccount(before) ? before.smartcard?.srn : undefined
      return known === undefined || command.srn === undefined || command.srn === known
    },
  },
  {
    rule: 'ID-12',
    name: 'a deleted account stays deleted, and its User ID is not registered again',
    holds: ({ before, events, after }) =>
      before.stage !== 'Deleted' || (after.stage === 'Deleted' && events.length === 0),
  },
  {
    rule: 'AUD-06',
    name: 'the state refers only to its former credentials and the one of the command',
    holds: ({ before, command, after }) => {
      const known = new Set<string>(credentialsOf(before))
      if ('credential' in command) known.add(command.credential)
      if ('code' in command) known.add(command.code)
      return credentialsOf(after).every((name) => known.has(name))
    },
  },
  {
    rule: 'OTP-11',
    name: 'no code, challenge or session is valid longer than the policy allows',
    holds: ({ after, policy, history, now }) => {
      if (!isExistingAccount(after) || history.clockWentBack) return true
      const within = (seconds: number) => (item: { readonly expiresAt: number }) =>
        item.expiresAt <= now + seconds * 1_000
      return (
        after.challenges.every(within(policy.challenge.validSeconds)) &&
        after.sessions.every(within(policy.session.validSeconds)) &&
        Object.values(after.codes).every(within(policy.emailCode.validSeconds))
      )
    },
  },
  {
    rule: 'ACC-14',
    name: 'a change of email voids every earlier code and reset',
    holds: (step) =>
      eventOf(step, 'ProfileChanged')?.changes.email === undefined ||
      (isExistingAccount(step.after) &&
        Object.keys(step.after.codes).length === 0 &&
        step.after.challenges.every(({ awaits }) => awaits !== 'password-code' && awaits !== 'new-password')),
  },
  {
    rule: 'ACC-18',
    name: 'before 2FA is initialised, another email voids the password that the former one verified',
    holds: (step) => {
      const email = eventOf(step, 'ProfileChanged')?.changes.email
      return (
        step.before.stage !== 'PasswordSet' ||
        typeof email !== 'string' ||
        (step.after.stage === 'Registered' && step.after.challenges.length === 0)
      )
    },
  },
  {
    rule: 'API-03',
    name: 'a correct code that is refused only for an instant in the future is not counted',
    holds: (step) => {
      const { history, policy, command, events, now } = step
      if (command.type !== 'EnterSignInCode' || !events.some(({ type }) => type === 'SignInCodeRejected'))
        return true
      return !(
        command.fact?.kind === 'MobileApp' &&
        command.fact.step !== undefined &&
        (history.usedStep ?? 0) > timeStepAt(now, policy) + policy.totp.windowSteps
      )
    },
  },
  {
    rule: 'LOCK-02',
    name: 'every wrong password and every wrong code that is answered as wrong is counted once',
    holds: (step) => {
      const { command, events, history, then } = step
      if (!isExistingAccount(step.after)) return true
      const counted = then.wrong.passwords + then.wrong.codes - history.wrong.passwords - history.wrong.codes
      const wrong = events.filter(
        ({ type }) => type === 'PasswordRejected' || type === 'SignInCodeRejected',
      ).length
      const mustCount = withPasswordCommand(step) && 'passwordMatches' in command && !command.passwordMatches
      return counted < 0 || (counted === wrong && (!mustCount || wrong === 1))
    },
  },
]
