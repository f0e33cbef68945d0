/** The people in a history: two users, two Delegated Administrators, and a User ID without an account. */
export const people = {
  user: 'B0123401',
  'another user': 'B0123402',
  maker: 'B01234X1',
  checker: 'B01234X2',
  'no one': 'B0123499',
} as const

/** The name of one of the {@link people}. */
export type Person = keyof typeof people

/** Which of a person's codes is entered. */
export type CodeChoice =
  /** The app's current code, or the code of the newest mail. */
  | 'correct'
  /** The app's next or previous code, within the window. */
  | 'next'
  | 'previous'
  /** Two time steps away, outside the window. */
  | 'far'
  /** The last code that was accepted. */
  | 'used'
  /** A code of the previous device or the previous mail. */
  | 'former'
  | 'wrong'
  /** Five digits. */
  | 'malformed'

/** Which of several, by age. */
export type Age = 'newest' | 'oldest'

/** A duration, or a limit that the model knows. `early`: one millisecond before the limit. */
export type Wait =
  | { readonly milliseconds: number }
  | {
      readonly until:
        | 'the password expires'
        | 'the code expires'
        | 'the challenge expires'
        | 'the session expires'
      readonly of: Person
      readonly early: boolean
    }

/**
 * One step of a history: who does what. The values that it needs are chosen when it runs.
 *
 * @category Conformance
 */
export type ConformanceStep =
  | {
      readonly do: 'create' | 'forgot' | 'resend' | 'cancel' | 'unlock' | 'disable' | 'enable' | 'delete'
      readonly who: Person
    }
  | { readonly do: 'sign in' | 'check sessions' | 'change device' | 'propose'; readonly who: Person }
  | { readonly do: 'set up'; readonly who: Person; readonly channel: 'MobileApp' | 'Email' }
  | {
      readonly do: 'enter password'
      readonly who: Person
      readonly password: 'correct' | 'wrong' | 'former'
      readonly system: 'own' | 'other'
      readonly times: number
    }
  | {
      readonly do: 'code' | 'reset code' | 'channel code'
      readonly who: Person
      readonly code: CodeChoice
      readonly challenge: Age
      readonly times: number
    }
  | { readonly do: 'miss codes'; readonly who: Person; readonly times: number }
  | { readonly do: 'new password'; readonly who: Person; readonly password: 'fresh' | 'same' }
  | { readonly do: 'choose'; readonly who: Person; readonly channel: 'MobileApp' | 'Email' }
  | {
      readonly do: 'change password'
      readonly who: Person
      readonly current: 'correct' | 'wrong'
      readonly password: 'fresh' | 'same'
      readonly session: Age
    }
  | { readonly do: 'maximum'; readonly room: number }
  | {
      readonly do: 'enter' | 'amend'
      readonly who: Person
      readonly entry: 'create' | 'disable' | 'enable' | 'unlock' | 'delete'
      readonly about: Person
      readonly request: Age
    }
  | { readonly do: 'withdraw' | 'get code'; readonly who: Person; readonly request: Age }
  | {
      readonly do: 'confirm'
      readonly who: Person
      readonly request: Age
      readonly checker: Person
      readonly spelling: 'exact' | 'lower case'
      readonly code: 'newest' | 'oldest' | 'wrong'
      readonly times: number
    }
  | { readonly do: 'wait'; readonly wait: Wait }
  | { readonly do: 'together'; readonly steps: readonly ConformanceStep[] }

const repeated = (times: number) => (times === 1 ? '' : ` (${times} times)`)

const period = (milliseconds: number): string => {
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1_000, 'second'],
  ] as const
  for (const [size, name] of units)
    if (milliseconds >= size && milliseconds % size === 0) {
      const count = milliseconds / size
      return `${count} ${name}${count === 1 ? '' : 's'}`
    }
  return `${milliseconds} ms`
}

const channelName = { MobileApp: 'the mobile app', Email: 'email' } as const
const codeKind = {
  code: 'one-time code',
  'reset code': 'password code',
  'channel code': 'channel code',
} as const

/**
 * Describes a step in words.
 *
 * @category Conformance
 */
export const describeStep = (step: ConformanceStep): string => {
  switch (step.do) {
    case 'create':
      return `an administrator creates ${people[step.who]}`
    case 'forgot':
      return `${people[step.who]} requests a password code`
    case 'resend':
      return `${people[step.who]} requests another code`
    case 'cancel':
      return `${people[step.who]} cancels the sign-in`
    case 'unlock':
    case 'disable':
    case 'enable':
    case 'delete':
      return `an administrator ${step.do}s ${people[step.who]}`
    case 'sign in':
      return `${people[step.who]} signs in with password and code`
    case 'check sessions':
      return `the sessions of ${people[step.who]} are checked`
    case 'change device':
      return `${people[step.who]} requests a change of device`
    case 'propose':
      return `${people[step.who]} requests a proposed User ID`
    case 'set up':
      return `${people[step.who]} sets up a password and ${channelName[step.channel]}`
    case 'enter password': {
      const system = step.system === 'own' ? '' : ', at the other system'
      return `${people[step.who]} enters the ${step.password} password${system}${repeated(step.times)}`
    }
    case 'code':
    case 'reset code':
    case 'channel code': {
      const challenge = step.challenge === 'newest' ? '' : ', in the oldest challenge'
      return `${people[step.who]} enters a ${codeKind[step.do]}: ${step.code}${challenge}${repeated(step.times)}`
    }
    case 'miss codes':
      return `${people[step.who]} enters the correct password, then ${step.times} wrong one-time code${step.times === 1 ? '' : 's'}`
    case 'new password':
      return `${people[step.who]} sets a new password (${step.password})`
    case 'choose':
      return `${people[step.who]} chooses ${channelName[step.channel]}`
    case 'change password':
      return `${people[step.who]} changes the password: current ${step.current}, new ${step.password}`
    case 'maximum':
      return `the maximum is set to allow ${step.room} more accounts`
    case 'enter':
    case 'amend':
      return `${people[step.who]} ${step.do}s a request to ${step.entry} ${people[step.about]}`
    case 'withdraw':
      return `${people[step.who]} withdraws the ${step.request} request`
    case 'get code':
      return `${people[step.who]} gets an Authorisation Code for the ${step.request} request`
    case 'confirm': {
      const checker = step.spelling === 'exact' ? people[step.checker] : people[step.checker].toLowerCase()
      return `${people[step.who]} confirms the ${step.request} request: Checker ID ${checker}, ${step.code} code${repeated(step.times)}`
    }
    case 'wait':
      return 'milliseconds' in step.wait
        ? `${period(step.wait.milliseconds)} elapse`
        : `time passes until ${step.wait.early ? '1 ms before ' : ''}${step.wait.until} (${people[step.wait.of]})`
    case 'together':
      return `in parallel: ${step.steps.map(describeStep).join('; ')}`
  }
}
