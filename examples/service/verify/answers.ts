import type { AccountEvent } from 'ccass-2fa/account'
import type { Seen } from '../load/ledger.ts'
import type { Story } from './stories.ts'

/** An answer, and the events that each such answer requires. */
interface Evidence {
  readonly operation: string
  readonly answer: string
  readonly by: (event: AccountEvent) => boolean
  /** Whether nothing else causes these events, so that there must not be more of them than requests. */
  readonly alone?: boolean
}

const isRefusalOf = (operation: string) => (event: AccountEvent) =>
  event.type === 'CommandRefused' && event.operation === operation

const evidence: readonly Evidence[] = [
  { operation: 'internal/accounts', answer: 'ok', by: ({ type }) => type === 'Registered' },
  {
    operation: 'password/code',
    answer: 'ok',
    by: ({ type }) => type === 'PasswordCodeAccepted',
    alone: true,
  },
  {
    ...{ operation: 'password/complete', answer: 'ok', alone: true },
    by: (event) => event.type === 'PasswordSet' && event.reason !== 'voluntary',
  },
  {
    ...{ operation: 'me/password', answer: 'ok', alone: true },
    by: (event) => event.type === 'PasswordSet' && event.reason === 'voluntary',
  },
  { operation: 'enrolment/confirm', answer: 'ok', by: ({ type }) => type === 'ChannelEnrolled', alone: true },
  { operation: 'sign-in', answer: 'ok', by: ({ type }) => type === 'PasswordAccepted', alone: true },
  {
    ...{ operation: 'sign-in', answer: 'sign-in-refused' },
    by: (event) => event.type === 'PasswordRejected' || isRefusalOf('EnterPassword')(event),
  },
  { operation: 'sign-in/otp', answer: 'ok', by: ({ type }) => type === 'SignInCompleted', alone: true },
  { operation: 'sign-in/otp', answer: 'code-refused', by: ({ type }) => type === 'SignInCodeRejected' },
  {
    ...{ operation: 'sign-in/otp', answer: 'challenge-ended' },
    by: (event) => event.type === 'SignInCodeRejected' || isRefusalOf('EnterSignInCode')(event),
  },
]

/**
 * Answers that leave the effect unknown: no answer, a failure of the service, or a mail that was not sent.
 */
const openAnswers = new Set(['none', 'port-failed', 'internal-error', 'delivery-failed'])
const isOpen = ({ answer }: Seen) => openAnswers.has(answer)

/** Answered sign-ins that are missing from the trail, at the instant that the answer named. */
const missingLogins = ({ entries }: Story, seen: readonly Seen[]): readonly string[] => {
  const at = new Map<number, number>()
  for (const { event } of entries)
    if (event.type === 'SignInCompleted') at.set(event.at, (at.get(event.at) ?? 0) + 1)
  return seen.flatMap(({ signedInAt }) => {
    if (signedInAt === undefined) return []
    const left = at.get(signedInAt) ?? 0
    at.set(signedInAt, left - 1)
    return left > 0 ? [] : [`the sign-in confirmed at ${signedInAt} is missing from the trail`]
  })
}

/**
 * Compares what clients saw of one account with its trail: no answered operation is missing, and nothing is
 * there that was not requested.
 *
 * @param seen - all requests for this account. Any other request would look forged.
 */
export const answersOf = (story: Story, seen: readonly Seen[]): readonly string[] => {
  const problems = [...missingLogins(story, seen)]
  for (const { operation, answer, by, alone = false } of evidence) {
    const ofOperation = seen.filter((each) => each.operation === operation)
    const answered = ofOperation.filter((each) => each.answer === answer).length
    const there = story.entries.filter(({ event }) => event.type !== 'PersonalDataErased' && by(event)).length
    if (there < answered)
      problems.push(`${operation}: answered "${answer}" ${answered} times, recorded ${there} times`)
    const open = ofOperation.filter(isOpen).length
    if (alone && there > answered + open)
      problems.push(`${operation}: recorded ${there} times, at most ${answered + open} are possible`)
  }
  return problems
}
