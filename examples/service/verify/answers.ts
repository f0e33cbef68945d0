import type { AccountEvent } from 'ccass-2fa'
import type { Seen } from '../load/ledger.ts'
import type { Story } from './stories.ts'

/** An answer, and the events of which each such answer needs one of its own. */
interface Backing {
  readonly act: string
  readonly answer: string
  readonly by: (event: AccountEvent) => boolean
  /** Whether nothing else brings such events about: then there are no more of them than were asked for. */
  readonly alone?: boolean
}

const refusedAct = (act: string) => (event: AccountEvent) => event.type === 'ActRefused' && event.act === act

const backings: readonly Backing[] = [
  { act: 'internal/accounts', answer: 'ok', by: ({ type }) => type === 'Registered' },
  { act: 'password/code', answer: 'ok', by: ({ type }) => type === 'PasswordCodeAccepted', alone: true },
  {
    ...{ act: 'password/complete', answer: 'ok', alone: true },
    by: (event) => event.type === 'PasswordSet' && event.because !== 'own-wish',
  },
  {
    ...{ act: 'me/password', answer: 'ok', alone: true },
    by: (event) => event.type === 'PasswordSet' && event.because === 'own-wish',
  },
  { act: 'channel/confirm', answer: 'ok', by: ({ type }) => type === 'ChannelSet', alone: true },
  { act: 'sign-in', answer: 'ok', by: ({ type }) => type === 'PasswordAccepted', alone: true },
  {
    ...{ act: 'sign-in', answer: 'sign-in-refused' },
    by: (event) => event.type === 'PasswordRejected' || refusedAct('EnterPassword')(event),
  },
  { act: 'sign-in/otp', answer: 'ok', by: ({ type }) => type === 'LoginCompleted', alone: true },
  { act: 'sign-in/otp', answer: 'code-refused', by: ({ type }) => type === 'LoginCodeRejected' },
  {
    ...{ act: 'sign-in/otp', answer: 'challenge-ended' },
    by: (event) => event.type === 'LoginCodeRejected' || refusedAct('EnterLoginCode')(event),
  },
]

/** What no client can tell: an answer never came, or the service did not know, or its mail did not go. */
const openAnswers = new Set(['none', 'port-failed', 'internal-fault', 'delivery-failed'])
const isOpen = ({ answer }: Seen) => openAnswers.has(answer)

/** An answered login stands in the trail, at the instant that the answer named. */
const missingLogins = ({ entries }: Story, seen: readonly Seen[]): readonly string[] => {
  const at = new Map<number, number>()
  for (const { event } of entries)
    if (event.type === 'LoginCompleted') at.set(event.at, (at.get(event.at) ?? 0) + 1)
  return seen.flatMap(({ loggedInAt }) => {
    if (loggedInAt === undefined) return []
    const left = at.get(loggedInAt) ?? 0
    at.set(loggedInAt, left - 1)
    return left > 0 ? [] : [`the login answered at ${loggedInAt} is not in the trail`]
  })
}

/**
 * Holds what clients saw of one account against its trail: nothing that was answered is missing, and nothing
 * is there that nobody asked for.
 *
 * @param seen - everything that was asked of this account; what was asked besides looks like forged.
 */
export const answersOf = (story: Story, seen: readonly Seen[]): readonly string[] => {
  const problems = [...missingLogins(story, seen)]
  for (const { act, answer, by, alone = false } of backings) {
    const asked = seen.filter((each) => each.act === act)
    const answered = asked.filter((each) => each.answer === answer).length
    const there = story.entries.filter(({ event }) => by(event)).length
    if (there < answered)
      problems.push(`${act}: answered "${answer}" ${answered} times, ${there} in the trail`)
    const open = asked.filter(isOpen).length
    if (alone && there > answered + open)
      problems.push(`${act}: ${there} in the trail, and at most ${answered + open} can be`)
  }
  return problems
}
