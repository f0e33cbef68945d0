import { defaultPolicy, type Policy } from 'ccass-2fa'
import { type Host, openHost } from '../quickstart/host.ts'
import { tellStory } from '../support/story.ts'
import { check, fillIn } from './form.ts'
import { processForms, showWhatStands } from './hkex.ts'
import { importParticipant, locked, passwords } from './people.ts'
import { beginAnew, mistypeUntilLocked, setUpAndLogIn } from './set-up.ts'

const story = async (host: Host): Promise<void> => {
  await importParticipant(host)
  host.trace.heading(`${locked.userId}, a Delegated Administrator, sets up password and app`)
  const phone = await setUpAndLogIn(host, passwords.first)
  await mistypeUntilLocked(host)
  const form = await fillIn(host)
  await check(host, form)
  await processForms(host)
  await beginAnew(host, phone)
  await showWhatStands(host, form)
}

/**
 * Tells the story from the beginning, in a fresh directory that is removed at the end.
 *
 * @param policy - the default one goes by the rulebook.
 * @returns 0 if every step went as the rulebook says, 1 if one did not: an exit code.
 */
export const tell = (policy: Policy = defaultPolicy): Promise<0 | 1> =>
  tellStory(
    openHost(policy),
    [
      'ccass-2fa: a locked Delegated Administrator',
      'Every line with a ✓ is a step: its rules, what is done, what the library answers. Each answer is',
      'compared with what the rulebook says (docs/rulebook.md). All data are made up.',
    ],
    story,
  )
