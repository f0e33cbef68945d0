import type { AccountCommand, CodeFact } from '../../src/account/commands.ts'
import { isExistingAccount } from '../../src/account/state.ts'
import type { System } from '../../src/identity/system.ts'
import { DAY, SECOND } from '../../src/kernel/instant.ts'
import { countFailedSignIns, reachesLockout } from '../../src/lockout/attempts.ts'
import { consumeRateLimit, emptyRateWindow, isWithinRateLimit } from '../../src/lockout/rate-window.ts'
import { checkCodeFormat } from '../../src/otp/code.ts'
import { enrolledStep, initialisedAccount } from './account-driver.ts'
import { policyWith, runVectors } from './vector-files.ts'

runVectors('lockout-count', ({ wrongPasswords, wrongCodes, policy = {} }) => {
  const attempts = { passwords: wrongPasswords, otps: wrongCodes }
  const lockout = policyWith({ lockout: policy })
  return { failedSignIns: countFailedSignIns(attempts, lockout), locked: reachesLockout(attempts, lockout) }
})

runVectors('rate-window', ({ max, perSeconds, at }) => {
  const limit = { max, perSeconds }
  let window = emptyRateWindow
  const allowed = at.map((now: number) => {
    const isNow = isWithinRateLimit(window, now, limit)
    if (isNow) window = consumeRateLimit(window, now, limit)
    return isNow
  })
  return { allowed }
})

type Performed = ReturnType<ReturnType<typeof initialisedAccount>['perform']>

/** What the account holder observes, in the words of the vectors. */
const outcomeOf = (performed: Performed): string => {
  if ('refused' in performed) return performed.refused === 'no-such-challenge' ? 'no-challenge' : 'refused'
  if (performed.includes('Locked')) return 'locked'
  if (performed.includes('SignInCompleted')) return 'signed-in'
  if (performed.includes('PasswordAccepted')) return 'code-asked'
  if (performed.includes('PasswordRejected')) return 'refused'
  if (performed.includes('SignInCodeRejected'))
    return performed.includes('ChallengeEnded') ? 'challenge-ended' : 'wrong'
  if (performed.includes('ChallengeEnded')) return 'cancelled'
  if (performed.includes('Unlocked')) return 'unlocked'
  return performed.includes('CodeIssued') ? 'sent' : performed.join()
}

/** The commands of a sign-in, as the service would issue them. */
const signIns = (role: 'User' | 'DelegatedAdministrator', channel: 'app' | 'email') => {
  let at = 1_686_000_000_000
  let opened = 0
  let step = enrolledStep
  const { perform, account } = initialisedAccount(at, role, channel === 'app' ? 'MobileApp' : 'Email')

  const factOf = (code: string): CodeFact => {
    if (channel === 'email') return { kind: 'Email', matches: code !== 'wrong-code' }
    if (code === 'right-code') step++
    return { kind: 'MobileApp', step: code === 'wrong-code' ? undefined : step }
  }
  const enterCode = (what: string): string => {
    if (what === 'malformed-code') return checkCodeFormat('12345', 6).isErr() ? 'malformed' : 'a code'
    // An emailed code is outdated after five minutes; the challenge is valid for ten.
    const late = what === 'outdated-code' ? 300 * SECOND : 0
    return outcomeOf(
      perform({ type: 'EnterSignInCode', at: at + late, challenge: `${opened}`, fact: factOf(what) }),
    )
  }
  const commandOf = (what: string, system: System): AccountCommand | undefined => {
    const challenge = `${opened}`
    switch (what) {
      case 'wrong-password':
      case 'right-password':
        return {
          type: 'EnterPassword',
          at,
          passwordMatches: what === 'right-password',
          system,
          challenge,
          code: `code-${opened}`,
        }
      case 'resend':
        return { type: 'ResendSignInCode', at, challenge, code: `resent-${at}` }
      case 'cancel':
        return { type: 'CancelChallenge', at, challenge }
      case 'unlock':
        return { type: 'Unlock', at }
      default:
        return undefined
    }
  }
  const take = (what: string, system: System): string => {
    at += SECOND
    if (what === 'wait-80-days') {
      at += 80 * DAY
      return 'waited'
    }
    if (what.endsWith('-code')) return enterCode(what)
    if (what === 'right-password') opened++
    const command = commandOf(what, system)
    return command === undefined ? `unknown step: ${what}` : outcomeOf(perform(command))
  }
  return { take, account }
}

runVectors('lockout-sequence', ({ role, channel, steps }) => {
  const { take, account } = signIns(role, channel)
  const outcomes = steps.map((step: { readonly do: string; readonly system: System }) => {
    const outcome = take(step.do, step.system)
    const now = account()
    const { passwords, otps } = isExistingAccount(now) ? now.failedAttempts : { passwords: -1, otps: -1 }
    return { outcome, wrongPasswords: passwords, wrongCodes: otps }
  })
  return { outcomes }
})

runVectors('email-code', ({ sentAt, steps }) => {
  const { perform } = initialisedAccount(sentAt - DAY, 'User', 'MobileApp')
  let sent = 0
  const outcomes = steps.map((step: { do: 'request' | 'enter'; after: number; code: number }) => {
    const at = sentAt + step.after
    if (step.do === 'request') {
      const asked = perform({
        type: 'RequestPasswordCode',
        at,
        challenge: `password-${sent + 1}`,
        code: `code-${sent + 1}`,
      })
      if ('refused' in asked) return 'refused'
      sent++
      return 'sent'
    }
    const fact = { kind: 'Email', matches: step.code === sent } as const
    const entered = perform({ type: 'EnterPasswordCode', at, challenge: `password-${sent}`, fact })
    if ('refused' in entered) return 'no-challenge'
    return entered.includes('PasswordCodeAccepted') ? 'accepted' : 'rejected'
  })
  return { outcomes }
})
