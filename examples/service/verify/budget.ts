import type { Story } from './stories.ts'

/** The problems with an account's attempts, in words, and the counts. */
export interface FailedAttempts {
  readonly problems: readonly string[]
  readonly logins: number
  /** Wrong passwords and wrong codes that were counted. */
  readonly misses: number
  readonly locks: number
}

/**
 * Checks that an account never revealed more than the limit allows: with p wrong passwords and o wrong codes
 * since the last complete sign-in or unlock, it is locked exactly when p + ⌊o/3⌋ ≥ 5, and nothing is counted
 * while it is locked. Also checks that no time step of an app was accepted twice. It counts from the trail
 * alone, without the library.
 */
export const attemptsOf = ({ entries }: Story): FailedAttempts => {
  const problems: string[] = []
  let [passwords, codes, locked, step] = [0, 0, false, -1]
  let [logins, misses, locks] = [0, 0, 0]
  const clear = () => {
    passwords = 0
    codes = 0
  }
  const miss = (seq: number) => {
    misses++
    if (locked) problems.push(`entry ${seq}: a failed attempt was counted after the lock`)
    const failed = passwords + Math.floor(codes / 3)
    if (failed > 5)
      problems.push(`entry ${seq}: ${passwords} wrong passwords and ${codes} wrong codes were verified`)
  }
  for (const { seq, event } of entries)
    switch (event.type) {
      case 'PasswordRejected':
        passwords++
        miss(seq)
        break
      case 'SignInCodeRejected':
        codes++
        miss(seq)
        break
      case 'SignInCompleted':
        logins++
        if (locked) problems.push(`entry ${seq}: a sign-in completed after the lock`)
        if (event.step !== undefined && event.step <= step)
          problems.push(`entry ${seq}: a code was accepted twice`)
        step = event.step ?? step
        clear()
        break
      case 'Locked':
        locks++
        if (passwords + Math.floor(codes / 3) !== 5) problems.push(`entry ${seq}: locked at a wrong count`)
        locked = true
        break
      case 'Unlocked':
        locked = false
        clear()
        break
      case 'ChannelEnrolled':
        step = -1
        break
      default:
    }
  if (!locked && passwords + Math.floor(codes / 3) >= 5)
    problems.push('the account must be locked and is not')
  return { problems, logins, misses, locks }
}
