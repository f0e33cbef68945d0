import { defaultPolicy, type Policy } from 'ccass-2fa'
import { type Host, openHost } from '../quickstart/host.ts'
import { tellStory } from '../support/story.ts'
import { check, fillIn } from './form.ts'
import { processForms, showResults } from './hkex.ts'
import { importParticipant, locked, passwords } from './people.ts'
import { mistypeUntilLocked, setUpAgain, setUpAndLogIn } from './set-up.ts'

const story = async (host: Host): Promise<void> => {
  await importParticipant(host)
  host.trace.heading(`${locked.userId}, a Delegated Administrator, sets up password and app`)
  const phone = await setUpAndLogIn(host, passwords.first)
  await mistypeUntilLocked(host)
  const form = await fillIn(host)
  await check(host, form)
  await processForms(host)
  await setUpAgain(host, phone)
  await showResults(host, form)
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
      'ccass-2fa: a locked Delegated Administrator',
      'Each line with a ✓ is a step: its rules, the operation, and the library’s answer. Each answer is',
      'compared with the rulebook (docs/rulebook.md). All data is fictitious.',
    ],
    story,
  )
