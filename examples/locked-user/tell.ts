import { defaultPolicy, type Policy } from 'ccass-2fa'
import { importParticipant } from '../locked-administrator/people.ts'
import { printTrail } from '../quickstart/audit-trail.ts'
import { count } from '../quickstart/count.ts'
import { type Host, openHost } from '../quickstart/host.ts'
import { tellStory } from '../support/story.ts'
import { askWhoCanHelp, mistypeUntilLocked } from './lockout.ts'
import { checker, maker, passwords, setUpAndLogIn, user, userAfterUnlock } from './people.ts'
import { checkUnlock, enterUnlock } from './unlock.ts'

/** After the unlock: the old credentials no longer work, and everything is set up as for the first time. */
const setUpAgain = async (host: Host): Promise<void> => {
  const { auth, trace } = host
  trace.heading(`${user.userId} sets up password and email again`)
  await trace.refused(
    'ACC-08 LOCK-13',
    'the old password is void and not counted',
    auth.signIn.begin(user),
    'sign-in-refused',
    () => count(host, user.userId, 0, 0),
  )
  await setUpAndLogIn(host, userAfterUnlock)
}

const showTrails = async (host: Host, code: string): Promise<void> => {
  const { trace } = host
  trace.heading(
    `The audit trail of ${user.userId}`,
    'Times are in Hong Kong time. A claimant is a caller who is not signed in yet.',
  )
  const ofUser = await printTrail(host, user.userId)
  const by = ofUser.find(({ event }) => event.type === 'Unlocked')?.actor
  trace.fact('AUD-01', 'unlocked by maker', `${by}`, maker.userId)

  trace.heading(
    `The audit trail of ${maker.userId}`,
    'It records each operation that was refused to the maker, with the reason.',
  )
  const ofMaker = await printTrail(host, maker.userId)
  const reasons = ofMaker.flatMap(({ event }) =>
    event.type === 'AdministrationRefused' && 'reason' in event ? [`${event.reason} (${event.rule})`] : [],
  )
  trace.fact('AUD-03', 'refused: first', `${reasons[0]}`, 'subject-is-an-administrator (MNT-08)')
  trace.fact(
    'AUD-03',
    'refused: second and third',
    reasons.slice(1, 3).join(),
    'maker-as-checker (DMS-02),maker-as-checker (DMS-02)',
  )
  trace.fact('AUD-03', 'refused: fourth', `${reasons[3]}`, 'wrong-code (DMS-04)')
  trace.fact('AUD-03', 'refused: fifth', `${reasons[4]}`, 'request-closed (DMS-05)')
  const text = JSON.stringify([ofUser, ofMaker])
  const found = [...passwords, code].filter((secret) => text.includes(secret)).length
  trace.fact('PW-15', 'passwords and codes found in them', String(found), '0')
}

const story = async (host: Host): Promise<void> => {
  const { trace } = host
  await importParticipant(host)
  trace.heading(`${maker.userId}, a Delegated Administrator, sets up password and email`)
  const making = await setUpAndLogIn(host, maker)
  trace.heading(`${checker.userId}, another Delegated Administrator, sets up password and email`)
  const sessions = { making, checking: await setUpAndLogIn(host, checker) }
  trace.heading(`${user.userId}, a user, sets up password and email`)
  await setUpAndLogIn(host, user)

  await mistypeUntilLocked(host)
  await askWhoCanHelp(host)
  const code = await checkUnlock(host, sessions, await enterUnlock(host, sessions))
  await setUpAgain(host)
  await showTrails(host, code)
}

/**
 * Runs the whole story in a fresh directory, which is removed at the end.
 *
 * @param policy - Default: the policy of the rulebook.
 * @returns an exit code: 0 if every step followed the rulebook, otherwise 1.
 */
export const tell = (policy: Policy = defaultPolicy): Promise<0 | 1> =>
  tellStory(
    openHost(policy),
    [
      'ccass-2fa: a locked user',
      'Each line with a ✓ is a step: its rules, the operation, and the library’s answer. Each answer is',
      'compared with the rulebook (docs/rulebook.md). All data is fictitious.',
    ],
    story,
  )
